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

/* A key on its way to the keyring. */
typedef struct {
  char *id;
  char *url;
  char *key;
} Key;

static void
key_free (Key *key)
{
  explicit_bzero (key->key, strlen (key->key));
  g_free (key->key);
  g_free (key->url);
  g_free (key->id);
  g_free (key);
}

/* A key that could not be kept is good for this show all the same. */
static void
key_stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ShowSession *self = g_task_get_source_object (task);
  const Key *key = g_task_get_task_data (task);
  EngineOutput *output = show_session_get_destination (self, key->id);
  GError *error = NULL;
  const gboolean kept = show_secrets_store_finish (SHOW_SECRETS (object), result, &error);

  if (!kept)
    show_secrets_hold (SHOW_SECRETS (object), key->id, key->url, key->key);
  if (output != NULL && self->air != NULL)
    show_air_renew_key (self->air, output);
  if (kept)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * show_session_store_key_async:
 * @self: a session
 * @id: a destination of its event, perhaps one that is switched off
 * @key: its stream key; kept in the keyring only, or, where that takes none, held until this ends
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
  Key *asked = NULL;

  g_return_if_fail (SHOW_IS_SESSION (self));

  destination = event_file_find_destination (self->event, id);
  g_return_if_fail (destination != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, show_session_store_key_async);
  asked = g_new0 (Key, 1);
  asked->id = g_strdup (id);
  asked->url = g_strdup (destination->url);
  asked->key = g_strdup (key);
  g_task_set_task_data (task, asked, (GDestroyNotify) key_free);
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
