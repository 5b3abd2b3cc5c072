/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "show-exports-private.h"

/* Recordings that nobody finished: of a power cut, or of a Régie that was ended before it was done. */

#define SUFFIX ".regie.json"

/* Talks of the day can be trimmed after a restart; those of last year are not listed for ever. */
#define LISTED_US (36 * G_TIME_SPAN_HOUR)

/* More are in no folder of recordings. */
#define MAX_LOGS 2000

typedef struct {
  EngineRecordingLog *log;
  int lock;
  gboolean unfinished;
} Found;

typedef struct {
  GStrv folders;
  char *left_alone; /* nullable: a file of the recording that may be gone on with */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_strfreev (search->folders);
  g_free (search->left_alone);
  g_free (search);
}

static void
found_free (gpointer data)
{
  Found *found = data;

  show_export_job_unlock (found->lock);
  g_object_unref (found->log);
  g_free (found);
}

static gboolean
has_part (EngineRecordingLog *log, const char *path)
{
  GPtrArray *parts = engine_recording_log_get_parts (log);

  for (guint i = 0; i < parts->len; i++) {
    if (g_strcmp0 (((EngineRecordingPart *) parts->pdata[i])->path, path) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What cannot be read at all cannot be made any better. */
static gboolean
is_done_with (const char *path)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (EngineMovie) movie = engine_movie_open (paths, NULL, NULL, NULL);

  return movie == NULL || engine_movie_get_ordinary (movie);
}

static gboolean
is_whole (EngineRecordingLog *log)
{
  GPtrArray *parts = engine_recording_log_get_parts (log);

  for (guint i = 0; i < parts->len; i++) {
    if (!is_done_with (((EngineRecordingPart *) parts->pdata[i])->path))
      return FALSE;
  }
  return TRUE;
}

/* A talk that was to have a file of its own and has none. */
static gboolean
lacks_talk (EngineRecordingLog *log)
{
  JsonArray *talks = engine_recording_log_get_talks (log);

  for (guint i = 0; talks != NULL && i < json_array_get_length (talks); i++) {
    JsonNode *node = json_array_get_element (talks, i);
    JsonObject *talk = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (talk != NULL && json_object_get_boolean_member_with_default (talk, "wanted", FALSE) &&
        !json_object_has_member (talk, "file"))
      return TRUE;
  }
  return FALSE;
}

/* A recording in two folders is in both of them, and is found once. */
static gboolean
was_found (GPtrArray *all, EngineRecordingLog *log)
{
  GPtrArray *parts = engine_recording_log_get_parts (log);

  for (guint i = 0; i < all->len; i++) {
    const Found *found = all->pdata[i];

    if (parts->len > 0 && has_part (found->log, ((EngineRecordingPart *) parts->pdata[0])->path))
      return TRUE;
  }
  return FALSE;
}

static void
look_at (const char *path, const Search *search, GPtrArray *all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineRecordingLog) log = engine_recording_log_load (path, &error);
  GPtrArray *parts = NULL;
  const EngineRecordingPart *first = NULL;
  gboolean unfinished = FALSE;
  gint64 age_us = 0;
  Found *found = NULL;
  int lock = -1;

  if (log == NULL) {
    g_message ("%s", error->message);
    return;
  }
  parts = engine_recording_log_get_parts (log);
  if (parts->len == 0 || has_part (log, search->left_alone) || was_found (all, log))
    return;
  first = parts->pdata[0];
  lock = show_export_job_lock (first->path);
  if (lock < 0)
    return; /* another Régie has it */
  unfinished = !engine_recording_log_get_finished (log) || !is_whole (log) || lacks_talk (log);
  age_us = g_get_real_time () - engine_recording_log_get_started_us (log);
  if (!unfinished && (age_us < 0 || age_us > LISTED_US)) {
    show_export_job_unlock (lock);
    return;
  }
  found = g_new0 (Found, 1);
  found->log = g_object_ref (log);
  found->lock = lock;
  found->unfinished = unfinished;
  g_ptr_array_add (all, found);
}

static void
look_into (const char *folder, const Search *search, GPtrArray *all)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL); /* not there: nothing is in it */
  const char *name = NULL;

  while (directory != NULL && all->len < MAX_LOGS && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_suffix (name, SUFFIX))
      look_at (path, search, all);
  }
}

static void
search_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Search *search = task_data;
  GPtrArray *all = g_ptr_array_new_with_free_func (found_free);

  for (guint i = 0; search->folders[i] != NULL; i++)
    look_into (search->folders[i], search, all);
  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *one = *(Found *const *) a, *other = *(Found *const *) b;
  const gint64 one_us = engine_recording_log_get_started_us (one->log);
  const gint64 other_us = engine_recording_log_get_started_us (other->log);

  return one_us < other_us ? -1 : one_us > other_us;
}

/* The talk that was given when it all broke off ends with the recording. */
static void
add_found (ShowExports *self, Found *found)
{
  ShowExportsRecording *recording = NULL;

  _show_exports_load_talks (self, found->log);
  if (!found->unfinished)
    return;
  recording = _show_exports_take_recording (self, found->log, found->lock);
  recording->over = TRUE;
  recording->orphaned = !engine_recording_log_get_finished (found->log);
  found->lock = -1;
  _show_exports_queue_recording (self, found->log);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ShowExports *self = SHOW_EXPORTS (object);
  g_autoptr (GPtrArray) all = g_task_propagate_pointer (G_TASK (result), NULL);

  self->n_looking--;
  if (all == NULL)
    return; /* it was stopped meanwhile */
  g_ptr_array_sort (all, compare_found);
  for (guint i = 0; i < all->len; i++)
    add_found (self, all->pdata[i]);
}

/**
 * show_exports_look_for_orphans:
 * @self: exports
 * @folders: (array zero-terminated=1): where recordings go
 * @left_alone: (nullable): a file of a recording that may still be gone on with
 *
 * Recordings that were not finished are, in the background; talks of today are listed.
 */
void
show_exports_look_for_orphans (ShowExports *self, const char *const *folders,
                               const char *left_alone)
{
  g_autoptr (GTask) task = NULL;
  Search *search = NULL;

  g_return_if_fail (SHOW_IS_EXPORTS (self));

  search = g_new0 (Search, 1);
  search->folders = g_strdupv ((char **) folders);
  search->left_alone = g_strdup (left_alone);
  self->n_looking++;
  task = g_task_new (self, self->cancellable, found_cb, NULL);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_thread);
}
