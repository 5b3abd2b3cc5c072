/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "show-session-private.h"

/* Stream keys, of which the window learns only whether they are there. */

gboolean
show_session_needs_key (ShowSession *self, EngineOutput *output)
{
  const EventDestination *destination = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  destination = event_file_find_destination (self->event, engine_output_get_id (output));
  return destination != NULL && destination->has_key;
}

static void
key_stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ShowSession *self = g_task_get_source_object (task);
  EngineOutput *output = show_session_get_destination (self, g_task_get_task_data (task));
  GError *error = NULL;

  if (!show_secrets_store_finish (SHOW_SECRETS (object), result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  if (output != NULL && self->air != NULL)
    show_air_renew_key (self->air, output);
  g_task_return_boolean (task, TRUE);
}

/**
 * show_session_store_key_async:
 * @self: a session
 * @id: a destination of its event, perhaps one that is switched off
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
  const EventDestination *destination = NULL;
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));

  destination = event_file_find_destination (self->event, id);
  g_return_if_fail (destination != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_store_key_async);
  g_task_set_task_data (task, g_strdup (id), g_free);
  show_secrets_store_async (show_air_get_secrets (self->air), destination->id, destination->url,
                            destination->title, key, cancellable, key_stored_cb, task);
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
  char *key = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  if (key == NULL) {
    g_task_return_error (task, error);
    return;
  }
  explicit_bzero (key, strlen (key));
  g_free (key);
  g_task_return_boolean (task, TRUE);
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
  const EventDestination *destination = NULL;
  GTask *task = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));

  destination = event_file_find_destination (self->event, id);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_look_for_key_async);
  if (destination == NULL) {
    g_task_return_new_error (task, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no destination “%s”",
                             id);
    g_object_unref (task);
    return;
  }
  show_secrets_look_up_async (show_air_get_secrets (self->air), destination->id, destination->url,
                              cancellable, key_found_cb, task);
}

/**
 * show_session_look_for_key_finish:
 * @self: a session
 * @result: what the callback got
 *
 * Fails with %SHOW_ERROR_NO_KEY, %SHOW_ERROR_NO_KEYRING, %SHOW_ERROR_NOT_FOUND or `G_IO_ERROR_CANCELLED`.
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
