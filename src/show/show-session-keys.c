/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* Stream keys, of which the window learns only whether they are there. */

gboolean
show_session_needs_key (ShowSession *self, EngineOutput *output)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return show_air_needs_key (self->air, output);
}

static void
key_stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (show_air_store_key_finish (SHOW_AIR (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * show_session_store_key_async:
 * @self: a session
 * @id: a destination of its event
 * @key: its stream key; kept in the keyring only
 * @cancellable: (nullable): cancels it
 * @callback: called on the main thread
 * @user_data: for @callback
 */
void
show_session_store_key_async (ShowSession *self, const char *id, const char *key,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_store_key_async);
  show_air_store_key_async (self->air, id, key, cancellable, key_stored_cb, task);
}

/**
 * show_session_store_key_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_KEYRING.
 *
 * Returns: whether the key was stored
 */
gboolean
show_session_store_key_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (show_air_look_for_key_finish (SHOW_AIR (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * show_session_look_for_key_async:
 * @self: a session
 * @id: a destination of its event
 * @cancellable: (nullable): cancels it
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Whether its key is in the keyring, for its address.
 */
void
show_session_look_for_key_async (ShowSession *self, const char *id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_look_for_key_async);
  show_air_look_for_key_async (self->air, id, cancellable, key_found_cb, task);
}

/**
 * show_session_look_for_key_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_NO_KEY, %SHOW_ERROR_NOT_FOUND or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether it is there
 */
gboolean
show_session_look_for_key_finish (ShowSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
