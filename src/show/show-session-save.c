/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* What was edited is kept: in the user's own file by itself, elsewhere when asked to. */

#define SAVE_AFTER_MS 1000

static void start_saving (ShowSession *self, const char *path);

static gboolean
is_worth_saving (ShowSession *self)
{
  return event_file_get_modified (self->event) && event_file_get_savable (self->event);
}

static gboolean
save_cb (gpointer data)
{
  ShowSession *self = data;

  self->save_id = 0;
  if (is_worth_saving (self))
    start_saving (self, NULL);
  return G_SOURCE_REMOVE;
}

/* Not while somebody turns a knob, but soon. */
static void
save_soon (ShowSession *self)
{
  g_clear_handle_id (&self->save_id, g_source_remove);
  if (self->running)
    self->save_id = g_timeout_add (SAVE_AFTER_MS, save_cb, self);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  if (!event_file_save_finish (EVENT_FILE (object), result, &error))
    _show_session_tell_failure (self, error);
  else if (is_worth_saving (self) && self->save_id == 0)
    save_soon (self); /* it was edited meanwhile */
}

/* One at a time: two could overtake each other. */
static void
start_saving (ShowSession *self, const char *path)
{
  if (self->saving) {
    save_soon (self);
    return;
  }
  self->saving = TRUE;
  event_file_save_async (self->event, path, NULL, saved_cb, g_object_ref (self));
}

static void
event_changed_cb (ShowSession *self)
{
  _show_session_sync (self);
  _show_session_sync_destinations (self);
  save_soon (self);
}

static void
tell_modified (ShowSession *self)
{
  g_object_notify (G_OBJECT (self), "modified");
}

static void
tell_savable (ShowSession *self)
{
  g_object_notify (G_OBJECT (self), "savable");
}

/**
 * _show_session_follow_event:
 * @self: a session that is built
 *
 * From now on what is edited takes effect, and is kept.
 */
void
_show_session_follow_event (ShowSession *self)
{
  g_signal_connect_object (self->event, "changed", G_CALLBACK (event_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->event, "notify::modified", G_CALLBACK (tell_modified), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->event, "notify::savable", G_CALLBACK (tell_savable), self,
                           G_CONNECT_SWAPPED);
}

/**
 * _show_session_save:
 * @self: a session
 * @path: (nullable) (type filename): where to, absolute; `NULL` for where the event came from
 *
 * Saves what the event is now. A failure of the disk is told later, by "action-failed".
 *
 * Fails with %SHOW_ERROR_STATE when it cannot be saved there at all, or is being saved.
 *
 * Returns: whether it is being saved
 */
gboolean
_show_session_save (ShowSession *self, const char *path, GError **error)
{
  if (path == NULL && !event_file_get_savable (self->event)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "this event cannot be saved where it is: save it under another name");
    return FALSE;
  }
  if (path != NULL && !g_path_is_absolute (path)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "“%s” is no whole path, expected one that begins with “/”", path);
    return FALSE;
  }
  if (path != NULL && self->saving) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "the event is just being saved, try again in a moment");
    return FALSE;
  }
  g_clear_handle_id (&self->save_id, g_source_remove);
  start_saving (self, path);
  return TRUE;
}

/**
 * _show_session_save_now:
 * @self: a session that ends
 *
 * Waits for the disk.
 */
void
_show_session_save_now (ShowSession *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->save_id, g_source_remove);
  while (self->saving)
    g_main_context_iteration (NULL, TRUE); /* an older one must not come last */
  g_clear_handle_id (&self->save_id, g_source_remove);
  if (is_worth_saving (self) && !event_file_save (self->event, NULL, &error))
    _show_session_tell_failure (self, error);
}

gboolean
show_session_get_modified (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return event_file_get_modified (self->event);
}

gboolean
show_session_get_savable (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return event_file_get_savable (self->event);
}
