/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "show-session-private.h"

/* What a window or a status line learns of a session's guests. */

/**
 * show_session_get_guests:
 * @self: a session
 *
 * Returns: (transfer none): of GuestGuest, in the order of their sources; those whose link is still
 *   looked up are not there yet
 */
GListModel *
show_session_get_guests (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_guests_get_list (self->guests);
}

/**
 * show_session_find_guest:
 * @self: a session
 * @source_id: (nullable): a source's id
 *
 * Returns: (transfer none) (nullable): the guest whom that source shows; `NULL` for his screen, too
 */
GuestGuest *
show_session_find_guest (ShowSession *self, const char *source_id)
{
  GuestRoom *room = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  room = show_session_get_guest_room (self);
  return room != NULL && source_id != NULL ? guest_room_find (room, source_id) : NULL;
}

/**
 * show_session_get_guest_room:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): where guests come in; closed while the event has none; `NULL`
 *   before the session is started
 */
GuestRoom *
show_session_get_guest_room (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->guests != NULL ? show_guests_get_room (self->guests) : NULL;
}

/**
 * show_session_get_remote:
 * @self: a session
 * @source_id: a source's id
 * @remote: (out): what is known of it now
 *
 * Returns: whether it is a source of kind `whip` or `whep`
 */
gboolean
show_session_get_remote (ShowSession *self, const char *source_id, ShowRemote *remote)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return show_guests_look_at (self->guests, source_id, remote);
}

/**
 * show_session_get_whip_address:
 * @self: a session
 * @source_id: a source of kind `whip`
 *
 * Returns: (transfer full) (nullable): where it is pushed to, with its token; `NULL` while the room is
 *   closed or the address is void
 */
char *
show_session_get_whip_address (ShowSession *self, const char *source_id)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_guests_make_whip_address (self->guests, source_id);
}

/**
 * show_session_get_link_state:
 * @self: a session
 * @source_id: the source of a guest, or one of kind `whip`
 *
 * Returns: what is known of the link
 */
ShowLinkState
show_session_get_link_state (ShowSession *self, const char *source_id)
{
  const EventSource *record = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), SHOW_LINK_LOOKING);

  record = _show_session_find_source_record (self, source_id);
  id = record != NULL ? show_guests_make_link_id (record) : NULL;
  return id != NULL ? show_links_get_state (show_guests_get_links (self->guests), id)
                    : SHOW_LINK_LOOKING;
}

/**
 * show_session_get_link_kept:
 * @self: a session
 * @source_id: the source of a guest, or one of kind `whip`
 *
 * Returns: whether his link holds after a restart as well
 */
gboolean
show_session_get_link_kept (ShowSession *self, const char *source_id)
{
  const ShowLinkState state = show_session_get_link_state (self, source_id);

  return state == SHOW_LINK_KEPT || state == SHOW_LINK_REVOKED;
}

/* Returns: the port of the guests' page, 0 if there is none */
guint
_show_session_get_guests_port (ShowSession *self)
{
  GuestRoom *room = show_session_get_guest_room (self);
  const char *address = room != NULL ? guest_room_get_address (room) : NULL;
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL && g_uri_get_port (uri) > 0 ? (guint) g_uri_get_port (uri) : 0;
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (show_secrets_store_finish (SHOW_SECRETS (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *secret = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  if (secret == NULL) {
    g_task_return_error (task, error);
    return;
  }
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
  g_task_return_boolean (task, TRUE);
}

/**
 * show_session_store_turn_secret_async:
 * @self: a session
 * @address: a TURN server, as the event has it
 * @secret: its password, or the shared secret
 * @cancellable: (nullable): cancels the storing
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * The secret is in use at once, for this run also if it cannot be kept.
 */
void
show_session_store_turn_secret_async (ShowSession *self, const char *address, const char *secret,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));
  g_return_if_fail (address != NULL && secret != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_store_turn_secret_async);
  show_guests_learn_turn (self->guests, address, secret);
  show_secrets_store_async (show_air_get_secrets (self->air), address, address, address, secret,
                            cancellable, stored_cb, task);
}

/**
 * show_session_store_turn_secret_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_KEYRING.
 *
 * Returns: whether it is kept
 */
gboolean
show_session_store_turn_secret_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * show_session_look_for_turn_secret_async:
 * @self: a session
 * @address: a TURN server, as the event has it
 * @cancellable: (nullable): cancels the look-up
 * @callback: called on the main thread
 * @user_data: for @callback
 */
void
show_session_look_for_turn_secret_async (ShowSession *self, const char *address,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_look_for_turn_secret_async);
  show_secrets_look_up_async (show_air_get_secrets (self->air), address, address, cancellable,
                              found_cb, task);
}

/**
 * show_session_look_for_turn_secret_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_NO_KEY, %SHOW_ERROR_NO_KEYRING or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether there is one
 */
gboolean
show_session_look_for_turn_secret_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Returns: (nullable): the source of kind `whep` with that id; else @task fails */
static const EventSource *
find_whep (ShowSession *self, const char *source_id, GTask *task)
{
  const EventSource *record = _show_session_find_source_record (self, source_id);

  if (record != NULL && record->kind == EVENT_SOURCE_WHEP)
    return record;
  g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_NOT_FOUND,
                           "there is no source “%s” of kind whep", source_id);
  return NULL;
}

/**
 * show_session_store_whep_token_async:
 * @self: a session
 * @source_id: a source of kind `whep`
 * @token: what its relay wants to see
 * @cancellable: (nullable): cancels the storing
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * It is kept for the source and its address, and in use at once.
 */
void
show_session_store_whep_token_async (ShowSession *self, const char *source_id, const char *token,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const EventSource *record = NULL;
  g_autofree char *id = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));
  g_return_if_fail (source_id != NULL && token != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_store_whep_token_async);
  record = find_whep (self, source_id, task);
  if (record == NULL)
    return;
  id = g_strdup_printf ("whep:%s", source_id);
  show_guests_learn_whep (self->guests, source_id, token);
  show_secrets_store_async (show_air_get_secrets (self->air), id, record->uri, record->title, token,
                            cancellable, stored_cb, g_steal_pointer (&task));
}

/**
 * show_session_store_whep_token_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_KEYRING or %SHOW_ERROR_NOT_FOUND.
 *
 * Returns: whether it is kept
 */
gboolean
show_session_store_whep_token_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * show_session_look_for_whep_token_async:
 * @self: a session
 * @source_id: a source of kind `whep`
 * @cancellable: (nullable): cancels the look-up
 * @callback: called on the main thread
 * @user_data: for @callback
 */
void
show_session_look_for_whep_token_async (ShowSession *self, const char *source_id,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const EventSource *record = NULL;
  g_autofree char *id = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));
  g_return_if_fail (source_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_look_for_whep_token_async);
  record = find_whep (self, source_id, task);
  if (record == NULL)
    return;
  id = g_strdup_printf ("whep:%s", source_id);
  show_secrets_look_up_async (show_air_get_secrets (self->air), id, record->uri, cancellable,
                              found_cb, g_steal_pointer (&task));
}

/**
 * show_session_look_for_whep_token_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_NO_KEY, %SHOW_ERROR_NO_KEYRING, %SHOW_ERROR_NOT_FOUND or
 * `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether there is one
 */
gboolean
show_session_look_for_whep_token_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
