/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

#include <json-glib/json-glib.h>

/* What an operator does with guests, beyond what is done with any source. */

#define MAX_ID_CHARS  40
#define MIN_HEIGHT_PX 144
#define MAX_HEIGHT_PX 2160

/* Returns: (transfer none) (nullable): the guest, or `NULL` with an error */
static GuestGuest *
find_guest (ShowSession *self, const char *id, GError **error)
{
  GuestGuest *guest = show_session_find_guest (self, id);

  if (guest == NULL)
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no guest “%s”", id);
  return guest;
}

/* Whether an id is free, among sources and shots alike. */
static gboolean
is_free (ShowSession *self, const char *id)
{
  GPtrArray *shots = event_file_get_shots (self->event);

  for (guint i = 0; i < shots->len; i++) {
    if (g_str_equal (((const EventShot *) shots->pdata[i])->id, id))
      return FALSE;
  }
  return _show_session_find_source_record (self, id) == NULL;
}

/* Returns: (transfer full): “Zoé Müller” becomes `zoe-muller` */
static char *
make_id (ShowSession *self, const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  g_autoptr (GString) base = g_string_new (NULL);
  g_autofree char *id = NULL;

  for (const char *at = ascii; *at != '\0' && base->len < MAX_ID_CHARS; at++) {
    if (g_ascii_isalnum (*at))
      g_string_append_c (base, g_ascii_tolower (*at));
    else if (base->len > 0 && base->str[base->len - 1] != '-')
      g_string_append_c (base, '-');
  }
  while (base->len > 0 && base->str[base->len - 1] == '-')
    g_string_truncate (base, base->len - 1);
  if (base->len == 0)
    g_string_append (base, "guest");
  id = g_strdup (base->str);
  for (guint i = 2; !is_free (self, id); i++) {
    g_free (id);
    id = g_strdup_printf ("%s-%u", base->str, i);
  }
  return g_steal_pointer (&id);
}

static char *
to_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static char *
describe_source (const char *id, const char *name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "id", id);
  add_string (builder, "title", name);
  add_string (builder, "kind", "guest");
  json_builder_end_object (builder);
  return to_json (builder);
}

static char *
describe_shot (const char *id, const char *name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "id", id);
  add_string (builder, "title", name);
  add_string (builder, "layout", "full");
  json_builder_set_member_name (builder, "sources");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, id);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return to_json (builder);
}

/* He can be taken at once, too. */
static gboolean
invite (ShowSession *self, const char *text, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (text));
  g_autofree char *id = make_id (self, name);
  g_autofree char *source = describe_source (id, name);
  g_autofree char *shot = describe_shot (id, name);
  g_autoptr (GError) full = NULL;

  if (!event_file_add (self->event, EVENT_ENTRIES_SOURCES, source, error))
    return FALSE;
  show_journal_add (self->journal, "guest", id, "“%s” is invited", name);
  if (!event_file_add (self->event, EVENT_ENTRIES_SHOTS, shot, &full))
    show_journal_add (self->journal, "edit", id, "there is no room for a shot of “%s”: %s", name,
                      full->message);
  return TRUE;
}

static void
invite_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = invite (user_data, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (user_data, done, error);
}

/* Whoever has a link: guests, and what is pushed to an address. */
static gboolean
check_link (ShowSession *self, const char *id, GError **error)
{
  const EventSource *record = _show_session_find_source_record (self, id);
  g_autofree char *link_id = record != NULL ? show_guests_make_link_id (record) : NULL;

  if (link_id != NULL)
    return TRUE;
  g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no guest “%s”", id);
  return FALSE;
}

static void
revoke_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const char *id = g_variant_get_string (parameter, NULL);
  const gboolean done = check_link (self, id, &error);

  if (done)
    show_guests_revoke (self->guests, id);
  _show_actions_finish (self, done, error);
}

static void
renew_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const char *id = g_variant_get_string (parameter, NULL);
  const gboolean done = check_link (self, id, &error);

  if (done)
    show_guests_renew (self->guests, id);
  _show_actions_finish (self, done, error);
}

static void
put_back_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  GuestGuest *guest = find_guest (user_data, g_variant_get_string (parameter, NULL), &error);

  if (guest != NULL)
    guest_guest_put_back (guest);
  _show_actions_finish (user_data, guest != NULL, error);
}

static void
dismiss_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  GuestGuest *guest = find_guest (user_data, g_variant_get_string (parameter, NULL), &error);

  if (guest != NULL)
    guest_guest_dismiss (guest, "dismissed");
  _show_actions_finish (user_data, guest != NULL, error);
}

static void
cue_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL, *text = NULL;
  GuestGuest *guest = NULL;
  gboolean done = FALSE;

  g_variant_get (parameter, "(&s&s)", &id, &text);
  guest = find_guest (user_data, id, &error);
  done = guest != NULL && guest_guest_cue (guest, text, &error);
  _show_actions_finish (user_data, done, error);
}

static void
ask_guest_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL;
  gint32 height_px = 0;
  GuestGuest *guest = NULL;

  g_variant_get (parameter, "(&si)", &id, &height_px);
  guest = find_guest (user_data, id, &error);
  if (guest != NULL)
    guest_guest_ask_smaller (guest,
                             height_px > 0 ? CLAMP (height_px, MIN_HEIGHT_PX, MAX_HEIGHT_PX) : 0);
  _show_actions_finish (user_data, guest != NULL, error);
}

static gboolean
talk_to (ShowSession *self, const char *const *ids, GError **error)
{
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  GuestRoom *room = show_session_get_guest_room (self);

  for (guint i = 0; ids[i] != NULL; i++) {
    GuestGuest *guest = find_guest (self, ids[i], error);

    if (guest == NULL)
      return FALSE;
    g_ptr_array_add (guests, guest);
  }
  if (room != NULL)
    guest_room_talk_to (room, (GuestGuest *const *) guests->pdata, guests->len);
  return TRUE;
}

static void
talkback_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  g_autofree const char **ids = g_variant_get_strv (parameter, NULL);
  const gboolean done = talk_to (user_data, ids, &error);

  if (done)
    g_simple_action_set_state (action, parameter);
  _show_actions_finish (user_data, done, error);
}

/* Which one is this computer's business, not the event's. */
static void
talkback_microphone_changed (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *device = g_variant_get_string (value, NULL);

  engine_talkback_set_device (engine_program_get_talkback (self->program),
                              *device != '\0' ? device : NULL);
  g_simple_action_set_state (action, value);
}

static void
green_room_hears_changed (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  GuestRoom *room = show_session_get_guest_room (user_data);
  GError *error = NULL;

  if (room == NULL) {
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_STATE, "the show has not started yet");
    _show_actions_finish (user_data, FALSE, error);
    return;
  }
  guest_room_set_green_room_hears (room, g_variant_get_boolean (value));
  g_simple_action_set_state (action, value);
}

static void
reached_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reach = guest_room_check_reach_finish (GUEST_ROOM (object), result, &error);

  if (reach == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      self->actions != NULL)
    _show_session_tell_failure (self, error);
}

static void
check_reach_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GuestRoom *room = show_session_get_guest_room (self);
  GError *error = NULL;

  if (room == NULL)
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_STATE, "the show has not started yet");
  else if (guest_room_get_checking_reach (room))
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_STATE, "it is tried already");
  else
    guest_room_check_reach_async (room, NULL, reached_cb, g_object_ref (self));
  _show_actions_finish (self, error == NULL, error);
}

/**
 * _show_actions_add_guests:
 * @self: a session
 *
 * Adds the actions for guests.
 */
void
_show_actions_add_guests (ShowSession *self)
{
  const gboolean hears = event_file_get_guests (self->event)->green_room_hears;
  const GActionEntry entries[] = {
    { "invite-guest", invite_guest_activated, "s", NULL, NULL, { 0 } },
    { "revoke-guest", revoke_guest_activated, "s", NULL, NULL, { 0 } },
    { "renew-guest", renew_guest_activated, "s", NULL, NULL, { 0 } },
    { "put-back-guest", put_back_guest_activated, "s", NULL, NULL, { 0 } },
    { "dismiss-guest", dismiss_guest_activated, "s", NULL, NULL, { 0 } },
    { "cue-guest", cue_guest_activated, "(ss)", NULL, NULL, { 0 } },
    { "ask-guest", ask_guest_activated, "(si)", NULL, NULL, { 0 } },
    { "talkback", talkback_activated, "as", "@as []", NULL, { 0 } },
    { "talkback-microphone", NULL, "s", "'default'", talkback_microphone_changed, { 0 } },
    { "green-room-hears", NULL, NULL, hears ? "true" : "false", green_room_hears_changed, { 0 } },
    { "check-reach", check_reach_activated, NULL, NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  engine_talkback_set_device (engine_program_get_talkback (self->program), "default");
}
