/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "show-guests-private.h"
#include "show-session-private.h"

/* The room as the event wants it: its port, its address far away, its STUN and TURN servers. */

/* A keyring that waits for its owner keeps nobody out who needs no TURN server. */
#define PATIENCE_MS 3000

/* When what kept the room closed may be over: another program had the port. */
#define RETRY_S 5

static const EventGuests *
get_section (ShowGuests *self)
{
  return event_file_get_guests (show_session_get_event (self->session));
}

static char *
resolve (ShowGuests *self, const char *path)
{
  return path != NULL ? event_file_resolve (show_session_get_event (self->session), path) : NULL;
}

/* Servers whose secret is known. */
static GArray *
list_turns (ShowGuests *self)
{
  GPtrArray *records = get_section (self)->turn;
  GArray *turns = g_array_new (FALSE, TRUE, sizeof (GuestTurn));

  for (guint i = 0; i < records->len; i++) {
    const EventTurn *record = records->pdata[i];
    const GuestTurn turn = {
      .address = record->address,
      .user = record->user,
      .secret = g_hash_table_lookup (self->secrets, record->address),
      .shared_secret = record->shared_secret,
    };

    if (turn.secret != NULL)
      g_array_append_val (turns, turn);
  }
  return turns;
}

static void
add_words (GString *text, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    g_string_append_printf (text, "\n%s", words[i]);
  g_string_append (text, "\n;");
}

/* All that the room has to know of it. */
static char *
describe (ShowGuests *self, const GArray *turns)
{
  const EventGuests *section = get_section (self);
  EventFile *event = show_session_get_event (self->session);
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%s\n%s\n", event_file_get_title (event),
                   event_file_get_language (event) != NULL ? event_file_get_language (event) : "");
  g_string_append_printf (text, "%d %d %d %d %s\n%s\n%s\n%s", section->port, section->lan,
                          section->most, section->relay_only, section->address,
                          section->certificate != NULL ? section->certificate : "",
                          section->certificate_key != NULL ? section->certificate_key : "",
                          section->public_address != NULL ? section->public_address : "");
  add_words (text, (const char *const *) section->tunnel);
  add_words (text, (const char *const *) section->stun);
  for (guint i = 0; i < turns->len; i++) {
    const GuestTurn *turn = &g_array_index (turns, GuestTurn, i);
    g_autofree char *secret = g_compute_checksum_for_string (G_CHECKSUM_SHA256, turn->secret, -1);

    g_string_append_printf (text, "\n%s %s %d %s", turn->address, turn->user, turn->shared_secret,
                            secret);
  }
  return g_string_free (text, FALSE);
}

static GuestIceConfig
make_ice_config (const EventGuests *section, const GArray *turns)
{
  return (GuestIceConfig){
    .stun = (const char *const *) section->stun,
    .turns = (const GuestTurn *) (gpointer) turns->data,
    .n_turns = turns->len,
    .relay_only = section->relay_only,
  };
}

static gboolean
retry_cb (gpointer data)
{
  ShowGuests *self = data;

  self->retry_id = 0;
  _show_guests_configure (self);
  _show_guests_open (self);
  return G_SOURCE_REMOVE;
}

/* What keeps it from being as it should is said once, and tried again. */
static void
tell_failure (ShowGuests *self, const GError *error)
{
  if (!self->failed)
    _show_session_tell_failure (self->session, error);
  self->failed = TRUE;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add_seconds (RETRY_S, retry_cb, self);
}

static void
apply (ShowGuests *self, const GuestRoomConfig *config)
{
  g_autoptr (GError) error = NULL;

  if (self->room == NULL)
    self->room = guest_room_new (show_session_get_program (self->session), config);
  else if (guest_room_configure (self->room, config, &error))
    self->failed = FALSE;
  else {
    g_clear_pointer (&self->door, g_free);
    tell_failure (self, error);
  }
}

/**
 * _show_guests_configure:
 * @self: guests
 *
 * Makes the room, or changes it if how guests reach it is another way now.
 */
void
_show_guests_configure (ShowGuests *self)
{
  EventFile *event = show_session_get_event (self->session);
  const EventGuests *section = get_section (self);
  g_autoptr (GArray) turns = list_turns (self);
  g_autofree char *door = describe (self, turns);
  g_autofree char *certificate = resolve (self, section->certificate);
  g_autofree char *key = resolve (self, section->certificate_key);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "regie", NULL);
  const GuestRoomConfig config = {
    .event = event_file_get_title (event),
    .language = event_file_get_language (event),
    .address = section->address,
    .port = section->port > 0 ? (guint) section->port : self->former_port,
    .lan = section->lan,
    .certificate_path = certificate,
    .key_path = key,
    .folder = folder,
    .public_uri = section->public_address,
    .tunnel = (const char *const *) section->tunnel,
    .ice = make_ice_config (section, turns),
    .most = (guint) section->most,
    /* The operator may have chosen something else meanwhile. */
    .green_room_hears =
      self->room != NULL ? guest_room_get_green_room_hears (self->room) : section->green_room_hears,
  };

  if (common_set_string (&self->door, door))
    apply (self, &config);
}

/**
 * _show_guests_make_ice:
 * @self: guests
 * @who: for whom credentials are made
 *
 * Returns: (transfer full): how a connection that we begin may find its way
 */
GuestIce *
_show_guests_make_ice (ShowGuests *self, const char *who)
{
  const EventGuests *section = get_section (self);
  g_autoptr (GArray) turns = list_turns (self);
  const GuestIceConfig config = make_ice_config (section, turns);

  return guest_ice_new (&config, who, g_get_real_time () / G_USEC_PER_SEC);
}

/**
 * _show_guests_apply_hearing:
 * @self: guests
 *
 * The event says whether who waits hears the others who wait; the operator may say something else.
 */
void
_show_guests_apply_hearing (ShowGuests *self)
{
  const gboolean hears = get_section (self)->green_room_hears;

  if (self->green_room_hears == hears)
    return;
  self->green_room_hears = hears;
  guest_room_set_green_room_hears (self->room, hears);
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (
                               G_ACTION_MAP (self->session->actions), "green-room-hears")),
                             g_variant_new_boolean (hears));
}

static gboolean
is_needed (ShowGuests *self)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (record->kind == EVENT_SOURCE_GUEST || record->kind == EVENT_SOURCE_WHIP)
      return TRUE;
  }
  return FALSE;
}

/**
 * _show_guests_open:
 * @self: guests, started
 *
 * Opens the room, or closes it: nobody listens at a port where nobody is expected. What keeps it closed
 * is said once, and it is tried again.
 */
void
_show_guests_open (ShowGuests *self)
{
  g_autoptr (GError) error = NULL;

  if (!is_needed (self)) {
    g_clear_handle_id (&self->retry_id, g_source_remove);
    guest_room_close (self->room);
    return;
  }
  if (guest_room_get_open (self->room) || self->n_asked > 0 || self->retry_id != 0)
    return;
  if (guest_room_open (self->room, &error)) {
    self->failed = FALSE;
    return;
  }
  tell_failure (self, error);
}

/* All secrets are there, or it is not waited for them any more. */
static void
go_on (ShowGuests *self)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  self->n_asked = 0;
  _show_guests_configure (self);
  _show_guests_open (self);
}

static gboolean
patience_cb (gpointer data)
{
  ShowGuests *self = data;

  self->patience_id = 0;
  go_on (self);
  return G_SOURCE_REMOVE;
}

typedef struct {
  ShowGuests *guests; /* owned */
  char *address;
} Question;

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (ShowGuests) self = question->guests;
  g_autofree char *address = question->address;
  g_autoptr (GError) error = NULL;
  char *secret = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  if (self->session == NULL) { /* it has ended meanwhile */
    g_free (secret);
    return;
  }
  if (secret != NULL)
    g_hash_table_insert (self->secrets, g_strdup (address), secret);
  else
    show_session_note (self->session, "guests", error->message);
  if (self->n_asked > 0)
    self->n_asked--;
  if (self->n_asked == 0)
    go_on (self);
}

/**
 * _show_guests_look_up_turn:
 * @self: guests
 *
 * Asks for the secrets of the event's TURN servers that were not asked for yet.
 */
void
_show_guests_look_up_turn (ShowGuests *self)
{
  GPtrArray *records = get_section (self)->turn;

  for (guint i = 0; i < records->len; i++) {
    const EventTurn *record = records->pdata[i];
    Question *question = NULL;

    if (!g_hash_table_add (self->asked, g_strdup (record->address)))
      continue;
    question = g_new0 (Question, 1);
    question->guests = g_object_ref (self);
    question->address = g_strdup (record->address);
    self->n_asked++;
    show_secrets_look_up_async (self->store, record->address, record->address, self->cancellable,
                                looked_up_cb, question);
  }
  if (self->n_asked > 0 && self->patience_id == 0)
    self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
}

/**
 * show_guests_learn_turn:
 * @self: guests
 * @address: of a TURN server, as the event has it
 * @secret: its password or shared secret, which was entered just now
 */
void
show_guests_learn_turn (ShowGuests *self, const char *address, const char *secret)
{
  g_return_if_fail (SHOW_IS_GUESTS (self));

  g_hash_table_add (self->asked, g_strdup (address));
  g_hash_table_insert (self->secrets, g_strdup (address), g_strdup (secret));
  if (self->room != NULL && self->n_asked == 0)
    _show_guests_configure (self);
}
