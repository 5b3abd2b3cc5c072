/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For gettid (). */
#define _GNU_SOURCE
#include "config.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "show-exports-private.h"

/* The making of what exports have queued: one after the other, in a thread that takes only what nobody
 * else wants. */

#define PROGRESS_MS 250

/* As little as there is, of processor and of disk. */
#define NICE          15
#define IOPRIO_THREAD 1
#define IOPRIO_IDLE   (3 << 13)

static void work_on (ShowExports *self);

static void
add_chapters (ShowExports *self, ShowExportJob *job, EngineRecordingLog *log)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
    EngineMovieChapter *chapter = NULL;

    if (item->log != log || item->kind != SHOW_EXPORT_TALK)
      continue;
    chapter = g_new0 (EngineMovieChapter, 1);
    chapter->start_ms = item->start_ms;
    chapter->title = g_strdup (item->title);
    g_ptr_array_add (job->chapters, chapter);
  }
}

static ShowExportJob *
make_job (ShowExports *self, ShowExport *item)
{
  ShowExportJob *job = show_export_job_new ();
  const ShowExportsRecording *recording = _show_exports_find_recording (self, item->log);

  job->kind = item->kind;
  job->parts = show_export_dup_parts (item, &job->starts_ns);
  job->title = g_strdup (item->title);
  job->speakers = g_strdup (item->speakers);
  job->affiliation = g_strdup (item->affiliation);
  job->event = g_strdup (item->event);
  job->language = g_strdup (item->language);
  job->started_us = engine_recording_log_get_started_us (item->log);
  job->start_ms = item->start_ms;
  job->end_ms = item->end_ms;
  job->chapters = g_ptr_array_new ();
  if (item->kind == SHOW_EXPORT_RECORDING)
    add_chapters (self, job, item->log);
  job->old_path = item->kind == SHOW_EXPORT_TALK ? g_strdup (item->path) : NULL;
  job->log_path = g_strdup (engine_recording_log_get_path (item->log));
  job->growing = recording != NULL && !recording->over;
  return job;
}

static void
work_thread (GTask *task)
{
  ShowExportJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICE);
  syscall (SYS_ioprio_set, IOPRIO_THREAD, 0, IOPRIO_IDLE);
  if (show_export_job_run (job, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gpointer
thread_func (gpointer data)
{
  g_autoptr (GTask) task = data;

  work_thread (task);
  return NULL;
}

/* The recording is one file now, or as many as it was. */
static void
finish_log (ShowExports *self, EngineRecordingLog *log, GStrv left)
{
  GPtrArray *parts = engine_recording_log_get_parts (log);
  JsonArray *talks = engine_recording_log_get_talks (log);
  ShowExportsRecording *recording = _show_exports_find_recording (self, log);

  while (left != NULL && parts->len > g_strv_length (left))
    engine_recording_log_remove_part (log,
                                      ((EngineRecordingPart *) parts->pdata[parts->len - 1])->path);
  /* Its talks can be made again as long as it says where they are. */
  if (parts->len <= 1 && (talks == NULL || json_array_get_length (talks) == 0))
    engine_recording_log_delete (log);
  else
    engine_recording_log_set_finished (log, TRUE);
  if (recording != NULL)
    g_ptr_array_remove (self->recordings, recording);
}

static gboolean
was_orphaned (ShowExports *self, EngineRecordingLog *log)
{
  const ShowExportsRecording *recording = _show_exports_find_recording (self, log);

  return recording != NULL && recording->orphaned;
}

static void
finished_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ShowExports *self = SHOW_EXPORTS (object);
  g_autoptr (ShowExport) item = g_steal_pointer (&self->working);
  g_autoptr (GError) error = NULL;
  ShowExportJob *job = g_steal_pointer (&self->job);
  const gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_handle_id (&self->progress_id, g_source_remove);
  if (job->path != NULL) {
    if (item->kind == SHOW_EXPORT_TALK)
      _show_export_set_times (item, job->from_ms, job->to_ms);
    _show_export_set_path (item, job->path);
    _show_export_set_result (item, job->duration_ms,
                             item->kind == SHOW_EXPORT_RECORDING &&
                               (job->repaired || was_orphaned (self, item->log)));
  }
  _show_export_set_progress (item, done ? 1 : 0);
  _show_export_set_state (item, done ? SHOW_EXPORT_STATE_DONE : SHOW_EXPORT_STATE_FAILED, error);
  if (item->kind == SHOW_EXPORT_TALK)
    _show_exports_save_talks (self, item->log);
  else if (job->path != NULL)
    finish_log (self, item->log, job->left);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _show_exports_tell_finished (self, item);
  show_export_job_free (job);
  work_on (self);
}

static gboolean
progress_cb (gpointer data)
{
  ShowExports *self = data;

  _show_export_set_progress (self->working, g_atomic_int_get (&self->job->permille) / 1000.0);
  return G_SOURCE_CONTINUE;
}

static void
work_on (ShowExports *self)
{
  GTask *task = NULL;

  if (self->working != NULL || g_queue_is_empty (self->waiting) ||
      g_cancellable_is_cancelled (self->cancellable))
    return;
  self->working = g_queue_pop_head (self->waiting);
  self->job = make_job (self, self->working);
  _show_export_set_state (self->working, SHOW_EXPORT_STATE_WORKING, NULL);
  self->progress_id = g_timeout_add (PROGRESS_MS, progress_cb, self);
  task = g_task_new (self, NULL, finished_cb, NULL);
  g_task_set_task_data (task, self->job, NULL);
  g_thread_unref (g_thread_new ("export", thread_func, task));
}

void
_show_exports_queue (ShowExports *self, ShowExport *item)
{
  if (g_queue_find (self->waiting, item) != NULL || self->working == item)
    return;
  g_queue_push_tail (self->waiting, g_object_ref (item));
  _show_export_set_progress (item, 0);
  _show_export_set_state (item, SHOW_EXPORT_STATE_WAITING, NULL);
  work_on (self);
}
