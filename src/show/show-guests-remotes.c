/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-whep.h"
#include "guest-whip.h"
#include "show-guests-private.h"
#include "show-session-private.h"

/* Who comes without our page: sources that are pushed here by WHIP, and those that are pulled from a
 * relay by WHEP. */

/* As with every source that is lost: soon at first, then patiently, for ever. */
#define FIRST_RETRY_S 1
#define LAST_RETRY_S  30

/* A source that is pulled. */
typedef struct {
  ShowGuests *guests; /* borrowed: it owns us */
  char *id;
  char *uri;
  EngineSource *source;
  GuestWhep *whep;
  gboolean connected;
  GError *error; /* nullable */
  guint wait_s;  /* before the next try */
  guint retry_id;
  gint64 retry_us;
} Pull;

/* Of the table of them. */
void
_show_guests_free_pull (gpointer pull)
{
  Pull *self = pull;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->whep, self);
  guest_whep_stop (self->whep);
  g_object_unref (self->whep);
  g_object_unref (self->source);
  g_clear_error (&self->error);
  g_free (self->uri);
  g_free (self->id);
  g_free (self);
}

static void
pull_start (Pull *self)
{
  g_autoptr (GuestIce) ice = _show_guests_make_ice (self->guests, self->id);
  const char *token = g_hash_table_lookup (self->guests->tokens, self->id);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  guest_whep_start (self->whep, self->uri, token != NULL && *token != '\0' ? token : NULL, ice);
}

static gboolean
retry_cb (gpointer data)
{
  Pull *self = data;

  self->retry_id = 0;
  pull_start (self);
  return G_SOURCE_REMOVE;
}

static void
connected_cb (GuestWhep *whep, Pull *self)
{
  self->connected = TRUE;
  self->wait_s = FIRST_RETRY_S;
  g_clear_error (&self->error);
}

static void
failed_cb (GuestWhep *whep, const GError *error, Pull *self)
{
  self->connected = FALSE;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  guest_whep_stop (self->whep);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_us = g_get_monotonic_time () + self->wait_s * G_USEC_PER_SEC;
  self->retry_id = g_timeout_add_seconds (self->wait_s, retry_cb, self);
  self->wait_s = MIN (self->wait_s * 2, LAST_RETRY_S);
}

static Pull *
pull_new (ShowGuests *guests, const EventSource *record, EngineSource *source)
{
  Pull *self = g_new0 (Pull, 1);

  self->guests = guests;
  self->id = g_strdup (record->id);
  self->uri = g_strdup (record->uri);
  self->source = g_object_ref (source);
  self->wait_s = FIRST_RETRY_S;
  self->whep = guest_whep_new (show_session_get_program (guests->session), source);
  g_signal_connect (self->whep, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (self->whep, "failed", G_CALLBACK (failed_cb), self);
  return self;
}

typedef struct {
  ShowGuests *guests; /* owned */
  char *id;
} Question;

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (ShowGuests) self = question->guests;
  g_autofree char *id = question->id;
  g_autoptr (GError) error = NULL;
  char *token = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  if (self->store == NULL) { /* it has ended meanwhile */
    g_free (token);
    return;
  }
  /* Many relays want none. */
  if (!g_hash_table_contains (self->tokens, id))
    g_hash_table_insert (self->tokens, g_strdup (id), token != NULL ? token : g_strdup (""));
  else
    g_free (token);
  _show_guests_sync_remotes (self);
}

/* Returns: whether it is known which token there is, or that there is none */
static gboolean
know_token (ShowGuests *self, const EventSource *record)
{
  g_autofree char *secret_id = g_strdup_printf ("whep:%s", record->id);
  Question *question = NULL;

  if (g_hash_table_contains (self->tokens, record->id))
    return TRUE;
  if (!g_hash_table_add (self->asked, g_strdup (secret_id)))
    return FALSE;
  question = g_new0 (Question, 1);
  question->guests = g_object_ref (self);
  question->id = g_strdup (record->id);
  show_secrets_look_up_async (self->store, secret_id, record->uri, self->cancellable, looked_up_cb,
                              question);
  return FALSE;
}

/* A token goes to no other address than the one that it was stored for. */
static void
forget_token (ShowGuests *self, const char *id)
{
  g_autofree char *secret_id = g_strdup_printf ("whep:%s", id);

  g_hash_table_remove (self->tokens, id);
  g_hash_table_remove (self->asked, secret_id);
}

static void
sync_pull (ShowGuests *self, const EventSource *record, EngineSource *source)
{
  Pull *pull = g_hash_table_lookup (self->pulls, record->id);

  if (pull != NULL && (pull->source != source || !g_str_equal (pull->uri, record->uri))) {
    g_hash_table_remove (self->pulls, record->id);
    forget_token (self, record->id);
    pull = NULL;
  }
  if (pull != NULL || !know_token (self, record))
    return;
  pull = pull_new (self, record, source);
  g_hash_table_insert (self->pulls, g_strdup (record->id), pull);
  pull_start (pull);
}

static void
sync_push (ShowGuests *self, const EventSource *record, EngineSource *source)
{
  GuestWhip *whip = g_hash_table_lookup (self->pushes, record->id);
  g_autofree char *link_id = show_guests_make_link_id (record);
  const char *token = NULL;

  show_links_want (self->links, link_id, record->title);
  if (show_links_get_state (self->links, link_id) == SHOW_LINK_LOOKING)
    return;
  token = show_links_get_token (self->links, link_id);
  if (whip == NULL)
    g_hash_table_insert (self->pushes, g_strdup (record->id),
                         guest_room_add_whip (self->room, record->id, token, source));
  else
    guest_room_renew_whip (self->room, whip, token);
}

static void
forget_push (ShowGuests *self, const char *id)
{
  g_autofree char *link_id = g_strdup_printf ("whip:%s", id);

  show_links_forget (self->links, link_id);
  guest_room_remove_whip (self->room, g_hash_table_lookup (self->pushes, id));
}

/* Of one kind, those whose source is no more, or something else now. */
static void
drop_others (ShowGuests *self, GHashTable *table, EventSourceKind kind, GPtrArray *staying)
{
  g_autofree const char **ids = (const char **) g_hash_table_get_keys_as_array (table, NULL);

  for (guint i = 0; ids[i] != NULL; i++) {
    const EventSource *record = _show_guests_find_record (self, ids[i]);
    EngineSource *source = _show_session_find_source (self->session, ids[i], NULL);

    if (record != NULL && record->kind == kind &&
        (staying == NULL || g_ptr_array_find (staying, source, NULL)))
      continue;
    if (kind == EVENT_SOURCE_WHIP)
      forget_push (self, ids[i]);
    else
      forget_token (self, ids[i]);
    g_hash_table_remove (table, ids[i]);
  }
}

/**
 * _show_guests_drop_remotes:
 * @self: guests
 * @staying: (element-type EngineSource) (nullable): the sources that stay; `NULL`: as the event says
 */
void
_show_guests_drop_remotes (ShowGuests *self, GPtrArray *staying)
{
  drop_others (self, self->pulls, EVENT_SOURCE_WHEP, staying);
  drop_others (self, self->pushes, EVENT_SOURCE_WHIP, staying);
}

/**
 * _show_guests_sync_remotes:
 * @self: guests, started
 *
 * Makes the sources of these kinds what the event says.
 */
void
_show_guests_sync_remotes (ShowGuests *self)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  _show_guests_drop_remotes (self, NULL);
  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];
    EngineSource *source = _show_session_find_source (self->session, record->id, NULL);

    if (source == NULL)
      continue;
    if (record->kind == EVENT_SOURCE_WHEP)
      sync_pull (self, record, source);
    else if (record->kind == EVENT_SOURCE_WHIP)
      sync_push (self, record, source);
  }
}

/**
 * _show_guests_stop_remotes:
 * @self: guests
 */
void
_show_guests_stop_remotes (ShowGuests *self)
{
  g_hash_table_remove_all (self->pulls);
}

/**
 * show_guests_learn_whep:
 * @self: guests
 * @id: a source of kind `whep`
 * @token: what its relay wants to see, which was entered just now
 */
void
show_guests_learn_whep (ShowGuests *self, const char *id, const char *token)
{
  Pull *pull = NULL;

  g_return_if_fail (SHOW_IS_GUESTS (self));

  g_hash_table_insert (self->tokens, g_strdup (id), g_strdup (token));
  pull = g_hash_table_lookup (self->pulls, id);
  if (pull == NULL || pull->connected)
    return;
  guest_whep_stop (pull->whep);
  pull->wait_s = FIRST_RETRY_S;
  pull_start (pull);
}

/**
 * show_guests_look_at:
 * @self: guests
 * @id: a source
 * @remote: (out): what is known of it
 *
 * Returns: whether it is a source of kind `whip` or `whep`
 */
gboolean
show_guests_look_at (ShowGuests *self, const char *id, ShowRemote *remote)
{
  Pull *pull = NULL;
  GuestWhip *whip = NULL;

  g_return_val_if_fail (SHOW_IS_GUESTS (self), FALSE);

  *remote = (ShowRemote){ .health = GUEST_HEALTH_NONE, .retry_s = -1 };
  pull = g_hash_table_lookup (self->pulls, id);
  whip = g_hash_table_lookup (self->pushes, id);
  if (pull != NULL) {
    remote->pulled = TRUE;
    remote->connected = pull->connected;
    remote->error = pull->error;
    if (pull->connected)
      guest_whep_get_health (pull->whep, &remote->health);
    if (pull->retry_id != 0)
      remote->retry_s =
        (int) (MAX (pull->retry_us - g_get_monotonic_time (), 0) / G_USEC_PER_SEC) + 1;
  } else if (whip != NULL) {
    remote->connected = guest_whip_get_connected (whip);
    remote->error = guest_whip_get_error (whip);
    if (remote->connected)
      guest_whip_get_health (whip, &remote->health);
  }
  return pull != NULL || whip != NULL;
}

/**
 * show_guests_make_whip_address:
 * @self: guests
 * @id: a source of kind `whip`
 *
 * Returns: (transfer full) (nullable): where it is pushed to; `NULL` while the room is closed, or when
 *   the address is void
 */
char *
show_guests_make_whip_address (ShowGuests *self, const char *id)
{
  GuestWhip *whip = NULL;

  g_return_val_if_fail (SHOW_IS_GUESTS (self), NULL);

  whip = g_hash_table_lookup (self->pushes, id);
  return whip != NULL ? guest_room_make_whip_address (self->room, whip) : NULL;
}
