/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-guests-private.h"
#include "show-session-private.h"

G_DEFINE_FINAL_TYPE (ShowGuests, show_guests, G_TYPE_OBJECT)

/* Returns: (transfer none) (nullable): what the event says of a source */
const EventSource *
_show_guests_find_record (ShowGuests *self, const char *id)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (g_strcmp0 (record->id, id) == 0)
      return record;
  }
  return NULL;
}

static gboolean
is_guest (const EventSource *record)
{
  return record != NULL && record->kind == EVENT_SOURCE_GUEST && record->screen_of == NULL;
}

/**
 * show_guests_make_link_id:
 * @source: a source of an event
 *
 * Returns: (transfer full) (nullable): under which its token is kept; `NULL` if it has none
 */
char *
show_guests_make_link_id (const EventSource *source)
{
  if (is_guest (source))
    return g_strdup_printf ("guest:%s", source->id);
  if (source->kind == EVENT_SOURCE_WHIP)
    return g_strdup_printf ("whip:%s", source->id);
  return NULL;
}

/* Returns: (transfer none) (nullable): the source for a guest's screen */
static EngineSource *
find_screen (ShowGuests *self, const char *guest_id)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (g_strcmp0 (record->screen_of, guest_id) == 0)
      return _show_session_find_source (self->session, record->id, NULL); /* each has one */
  }
  return NULL;
}

static void
sync_guest (ShowGuests *self, const EventSource *record, GPtrArray *guests)
{
  EngineSource *source = _show_session_find_source (self->session, record->id, NULL);
  EngineSource *screen = find_screen (self, record->id);
  GuestGuest *guest = guest_room_find (self->room, record->id);
  g_autofree char *link_id = show_guests_make_link_id (record);
  const char *token = NULL;

  show_links_want (self->links, link_id, record->title);
  if (source == NULL || show_links_get_state (self->links, link_id) == SHOW_LINK_LOOKING)
    return;
  token = show_links_get_token (self->links, link_id);
  if (guest == NULL) {
    guest = guest_room_add (self->room, record->id, record->title, token, source, screen);
    _show_guests_follow (self, guest);
  } else {
    guest_guest_set_name (guest, record->title);
    guest_room_set_screen (self->room, guest, screen);
    guest_room_renew (self->room, guest, token);
  }
  g_ptr_array_add (guests, g_object_ref (guest));
}

static void
remove_guest (ShowGuests *self, GuestGuest *guest)
{
  g_autofree char *link_id = g_strdup_printf ("guest:%s", guest_guest_get_id (guest));

  show_links_forget (self->links, link_id);
  g_hash_table_remove (self->noted, guest_guest_get_id (guest));
  g_signal_handlers_disconnect_by_data (guest, self);
  guest_room_remove (self->room, guest);
}

/* Those who are guests no longer. */
static void
remove_others (ShowGuests *self, GPtrArray *guests)
{
  GListModel *present = guest_room_get_guests (self->room);

  for (guint i = g_list_model_get_n_items (present); i > 0; i--) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (present, i - 1);

    if (!g_ptr_array_find (guests, guest, NULL))
      remove_guest (self, guest);
  }
}

/**
 * show_guests_leave:
 * @self: guests
 * @sources: (element-type EngineSource): those that stay
 *
 * Before other sources are taken away: their guests are no more.
 */
void
show_guests_leave (ShowGuests *self, GPtrArray *sources)
{
  g_autoptr (GPtrArray) staying = g_ptr_array_new ();
  GListModel *guests = NULL;

  g_return_if_fail (SHOW_IS_GUESTS (self));

  if (self->room == NULL)
    return;
  guests = guest_room_get_guests (self->room);
  for (guint i = 0; i < g_list_model_get_n_items (guests); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (guests, i);

    if (g_ptr_array_find (sources, guest_guest_get_source (guest), NULL))
      g_ptr_array_add (staying, guest); /* the room holds it */
  }
  remove_others (self, staying);
  _show_guests_drop_remotes (self, sources);
}

/* Guests are there once it is known which link they have. */
static void
sync_guests (ShowGuests *self)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < records->len; i++) {
    if (is_guest (records->pdata[i]))
      sync_guest (self, records->pdata[i], guests);
  }
  remove_others (self, guests);
  _show_session_arrange (self->list, guests);
  _show_guests_expect (self);
}

/**
 * show_guests_sync:
 * @self: guests
 *
 * Makes them what the event says.
 */
void
show_guests_sync (ShowGuests *self)
{
  const char *view = NULL;

  g_return_if_fail (SHOW_IS_GUESTS (self));

  if (self->store == NULL)
    return;
  _show_guests_look_up_turn (self);
  _show_guests_configure (self);
  _show_guests_apply_hearing (self);
  view = event_file_get_guests (show_session_get_event (self->session))->view;
  guest_room_set_view_source (self->room, view != NULL
                                            ? _show_session_find_source (self->session, view, NULL)
                                            : NULL);
  sync_guests (self);
  _show_guests_sync_remotes (self);
  _show_guests_open (self);
}

static void
links_changed_cb (ShowGuests *self, const char *id)
{
  if (self->store == NULL)
    return;
  sync_guests (self);
  _show_guests_sync_remotes (self);
  g_signal_emit_by_name (self->session, "links-changed");
}

static void
not_kept_cb (ShowGuests *self, const char *id, const GError *why)
{
  _show_guests_note_link (self, id, why);
}

/**
 * show_guests_start:
 * @self: guests of a session that starts
 * @secrets: where links are kept
 * @former_port: where the room was when the show was interrupted; 0: nowhere
 */
void
show_guests_start (ShowGuests *self, ShowSecrets *secrets, guint former_port)
{
  g_return_if_fail (SHOW_IS_GUESTS (self));

  if (self->store != NULL)
    return;
  self->former_port = former_port;
  self->store = g_object_ref (secrets);
  show_links_set_secrets (self->links, secrets);
  show_guests_sync (self);
  _show_guests_follow_show (self);
}

/**
 * show_guests_stop:
 * @self: guests
 *
 * Says goodbye to all; links stay good for the next time. May run twice.
 */
void
show_guests_stop (ShowGuests *self)
{
  g_return_if_fail (SHOW_IS_GUESTS (self));

  if (self->store == NULL)
    return;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->store);
  _show_guests_stop_remotes (self);
  g_signal_handlers_disconnect_by_data (self->session, self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++) {
    g_autoptr (GuestGuest) guest = g_list_model_get_item (G_LIST_MODEL (self->list), i);

    g_signal_handlers_disconnect_by_data (guest, self);
  }
  guest_room_close (self->room);
}

/* The id of the link of a source. Returns: (transfer full) (nullable): `NULL` if it has none */
static char *
find_link_id (ShowGuests *self, const char *id)
{
  const EventSource *record = _show_guests_find_record (self, id);

  return record != NULL ? show_guests_make_link_id (record) : NULL;
}

/**
 * show_guests_revoke:
 * @self: guests
 * @id: the source of a guest, or one of kind `whip`
 *
 * His link is void at once, and stays so.
 */
void
show_guests_revoke (ShowGuests *self, const char *id)
{
  g_autofree char *link_id = NULL;

  g_return_if_fail (SHOW_IS_GUESTS (self));

  link_id = find_link_id (self, id);
  if (link_id != NULL)
    show_links_revoke (self->links, link_id);
}

/**
 * show_guests_renew:
 * @self: guests
 * @id: the source of a guest, or one of kind `whip`
 *
 * He has another link from now on; the old one is void.
 */
void
show_guests_renew (ShowGuests *self, const char *id)
{
  g_autofree char *link_id = NULL;

  g_return_if_fail (SHOW_IS_GUESTS (self));

  link_id = find_link_id (self, id);
  if (link_id != NULL)
    show_links_renew (self->links, link_id);
}

GListModel *
show_guests_get_list (ShowGuests *self)
{
  g_return_val_if_fail (SHOW_IS_GUESTS (self), NULL);

  return G_LIST_MODEL (self->list);
}

GuestRoom *
show_guests_get_room (ShowGuests *self)
{
  g_return_val_if_fail (SHOW_IS_GUESTS (self), NULL);

  return self->room;
}

ShowLinks *
show_guests_get_links (ShowGuests *self)
{
  g_return_val_if_fail (SHOW_IS_GUESTS (self), NULL);

  return self->links;
}

static void
show_guests_dispose (GObject *object)
{
  ShowGuests *self = SHOW_GUESTS (object);

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    show_guests_stop (self);
  self->session = NULL;
  g_list_store_remove_all (self->list);
  g_hash_table_remove_all (self->pushes);
  g_clear_object (&self->room);
  if (self->links != NULL)
    g_object_run_dispose (G_OBJECT (self->links));
  g_clear_object (&self->links);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (show_guests_parent_class)->dispose (object);
}

static void
show_guests_finalize (GObject *object)
{
  ShowGuests *self = SHOW_GUESTS (object);

  g_object_unref (self->list);
  g_hash_table_unref (self->noted);
  g_hash_table_unref (self->secrets);
  g_hash_table_unref (self->tokens);
  g_hash_table_unref (self->pulls);
  g_hash_table_unref (self->pushes);
  g_hash_table_unref (self->asked);
  g_free (self->door);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (show_guests_parent_class)->finalize (object);
}

static void
show_guests_class_init (ShowGuestsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = show_guests_dispose;
  object_class->finalize = show_guests_finalize;
}

static void
show_guests_init (ShowGuests *self)
{
  self->list = g_list_store_new (GUEST_TYPE_GUEST);
  self->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pulls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, _show_guests_free_pull);
  self->pushes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

/**
 * show_guests_new:
 * @session: a session; owns us
 *
 * Returns: (transfer full): its guests, before it has started
 */
ShowGuests *
show_guests_new (ShowSession *session)
{
  ShowGuests *self = g_object_new (SHOW_TYPE_GUESTS, NULL);

  self->session = session;
  self->links = show_links_new (show_session_get_event (session));
  g_signal_connect_object (self->links, "changed", G_CALLBACK (links_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->links, "not-kept", G_CALLBACK (not_kept_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
