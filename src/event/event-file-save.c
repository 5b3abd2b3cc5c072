/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include "event-edit.h"
#include "event-file-private.h"
#include "event-json.h"

/* Writing an event: the file is replaced at once or not at all. */

/* What is written; its own. */
typedef struct {
  char *path; /* absolute */
  char *text;
  guint64 n_changes; /* how many of the event's are in it */
  JsonNode *root;    /* nullable: with its paths moved, for another folder */
  EventStamp stamp;  /* of the file that may be replaced; any file if there is none in it */
} Copy;

static void
copy_free (Copy *copy)
{
  g_free (copy->path);
  g_free (copy->text);
  g_clear_pointer (&copy->root, json_node_unref);
  g_free (copy);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_free)

static gboolean
is_in_other_folder (EventFile *self, const char *path)
{
  g_autofree char *folder = NULL;
  g_autofree char *other = g_path_get_dirname (path);

  if (self->path == NULL)
    return FALSE;
  folder = g_path_get_dirname (self->path);
  return !g_str_equal (folder, other);
}

static Copy *
copy_new (EventFile *self, const char *path)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->path = g_canonicalize_filename (path != NULL ? path : self->path, NULL);
  copy->n_changes = self->n_changes;
  if (path == NULL)
    copy->stamp = self->stamp;
  if (is_in_other_folder (self, copy->path)) {
    g_autofree char *folder = g_path_get_dirname (self->path);

    copy->root = event_edit_copy (self->root);
    event_edit_move_paths (copy->root, folder);
  }
  copy->text = event_json_write (copy->root != NULL ? copy->root : self->root);
  return copy;
}

/* Somebody may have changed the file in an editor meanwhile: that work is not to be lost. */
static gboolean
is_another_file (const Copy *copy)
{
  EventStamp present;

  _event_file_get_stamp (copy->path, &present);
  return copy->stamp.modified_ns != 0 && present.modified_ns != 0 &&
         (present.device != copy->stamp.device || present.inode != copy->stamp.inode ||
          present.size != copy->stamp.size || present.modified_ns != copy->stamp.modified_ns);
}

static gboolean
write_text (const Copy *copy, GError **error)
{
  g_autofree char *real_path = realpath (copy->path, NULL);
  GStatBuf status = { 0 };
  int mode = 0644;

  /* What a link points to is replaced, not the link, and keeps who may read it. */
  if (real_path != NULL && g_stat (real_path, &status) == 0)
    mode = status.st_mode & 0777;
  return g_file_set_contents_full (real_path != NULL ? real_path : copy->path, copy->text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   mode, error);
}

/* Any thread. */
static gboolean
write_copy (Copy *copy, GError **error)
{
  g_autofree char *name = g_filename_display_basename (copy->path);
  g_autoptr (GError) reason = NULL;

  if (is_another_file (copy)) {
    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE,
                 "%s: cannot be saved: another program has changed the file; save the event under "
                 "another name",
                 name);
    return FALSE;
  }
  if (!write_text (copy, &reason)) {
    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE, "%s: cannot be saved: %s", name,
                 reason->message);
    return FALSE;
  }
  _event_file_get_stamp (copy->path, &copy->stamp);
  return TRUE;
}

/* The event is where it was saved now, and its paths are as they are there. */
static void
take_over (EventFile *self, const Copy *copy)
{
  if (copy->root != NULL) {
    g_autofree char *folder = g_path_get_dirname (self->path);

    _event_file_move_paths (self, folder);
  }
  self->stamp = copy->stamp;
  _event_file_set_path (self, copy->path);
  _event_file_set_saved (self, copy->n_changes);
}

/**
 * event_file_save:
 * @self: an event
 * @path: (nullable) (type filename): where to; `NULL` for where it came from
 *
 * Replaces the file at once or not at all, and waits for the disk. The event is at @path from then on;
 * in another folder its relative paths become absolute, so that they still lead to the same files.
 *
 * Fails with `EVENT_ERROR_UNWRITABLE`, also when it is to go where it came from and another program
 * has changed that file; then the file at @path is as it was.
 *
 * Returns: whether it is saved
 */
gboolean
event_file_save (EventFile *self, const char *path, GError **error)
{
  g_autoptr (Copy) copy = NULL;

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (path != NULL || self->path != NULL, FALSE);

  copy = copy_new (self, path);
  if (!write_copy (copy, error))
    return FALSE;
  take_over (self, copy);
  return TRUE;
}

static void
save_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_copy (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * event_file_save_async:
 * @self: an event
 * @path: (nullable) (type filename): where to; `NULL` for where it came from
 * @cancellable: (nullable): cancels it while it has not begun
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Saves as [method@Event.File.save] does, what the event is now, in another thread.
 */
void
event_file_save_async (EventFile *self, const char *path, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (EVENT_IS_FILE (self));
  g_return_if_fail (path != NULL || self->path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, event_file_save_async);
  g_task_set_task_data (task, copy_new (self, path), (GDestroyNotify) copy_free);
  g_task_run_in_thread (task, save_thread);
}

/**
 * event_file_save_finish:
 * @self: an event
 * @result: what the callback got
 *
 * Fails as [method@Event.File.save] does.
 *
 * Returns: whether it is saved
 */
gboolean
event_file_save_finish (EventFile *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  take_over (self, g_task_get_task_data (G_TASK (result)));
  return TRUE;
}
