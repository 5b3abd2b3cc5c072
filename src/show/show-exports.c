/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-exports-private.h"
#include "show-session.h"

/* Whoever presses a key twice has not given a talk. */
#define SHORTEST_TALK_MS 2000

/**
 * ShowExports:
 *
 * What becomes of recordings: one ordinary file each, and a file for every talk. A thread of the lowest
 * priority does one after the other, so that a running show does not notice.
 */

enum {
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return SHOW_TYPE_EXPORT;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (SHOW_EXPORTS (model)->items));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (SHOW_EXPORTS (model)->items), position);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ShowExports, show_exports, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
items_changed_cb (ShowExports *self, guint position, guint n_removed, guint n_added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

/* Returns: (nullable): what is known of it while it is used */
ShowExportsRecording *
_show_exports_find_recording (ShowExports *self, EngineRecordingLog *log)
{
  for (guint i = 0; i < self->recordings->len; i++) {
    ShowExportsRecording *recording = self->recordings->pdata[i];

    if (recording->log == log)
      return recording;
  }
  return NULL;
}

static void
recording_free (gpointer data)
{
  ShowExportsRecording *recording = data;

  show_export_job_unlock (recording->lock);
  g_object_unref (recording->log);
  g_free (recording);
}

/* The first file's name is known only once something was written; then nobody else touches it. */
static void
lock_recording (EngineRecordingLog *log, ShowExports *self)
{
  ShowExportsRecording *recording = _show_exports_find_recording (self, log);
  GPtrArray *parts = engine_recording_log_get_parts (log);

  if (recording != NULL && recording->lock < 0 && parts->len > 0)
    recording->lock = show_export_job_lock (((EngineRecordingPart *) parts->pdata[0])->path);
}

ShowExportsRecording *
_show_exports_take_recording (ShowExports *self, EngineRecordingLog *log, int lock)
{
  ShowExportsRecording *recording = _show_exports_find_recording (self, log);

  if (recording != NULL)
    return recording;
  recording = g_new0 (ShowExportsRecording, 1);
  recording->log = g_object_ref (log);
  recording->lock = lock;
  g_ptr_array_add (self->recordings, recording);
  g_signal_connect_object (log, "changed", G_CALLBACK (lock_recording), self, 0);
  lock_recording (log, self);
  return recording;
}

static void
show_current (ShowExports *self)
{
  if (self->talk == NULL || self->log == NULL || self->current != NULL)
    return;
  self->current = _show_export_new (SHOW_EXPORT_TALK, self->log, show_talk_get_title (self->talk));
  self->current->speakers = g_strdup (show_talk_get_speakers (self->talk));
  self->current->affiliation = g_strdup (show_talk_get_affiliation (self->talk));
  self->current->event = g_strdup (self->event);
  self->current->language = g_strdup (self->language);
  self->current->start_ms = self->talk_start_ms;
  self->current->wanted = self->talk_wanted;
  g_list_store_append (self->items, self->current);
  _show_exports_save_talks (self, self->log);
}

/* After a crash the talk that was given goes on. */
static void
take_up_talks (ShowExports *self, EngineRecordingLog *log)
{
  const guint n_before = get_n_items (G_LIST_MODEL (self));
  guint n = 0;

  _show_exports_load_talks (self, log);
  n = get_n_items (G_LIST_MODEL (self));
  if (n == n_before)
    return;
  g_autoptr (ShowExport) last = g_list_model_get_item (G_LIST_MODEL (self->items), n - 1);
  if (last->kind != SHOW_EXPORT_TALK || last->end_ms >= 0)
    return;
  self->taken_up =
    self->talk != NULL && g_strcmp0 (last->title, show_talk_get_title (self->talk)) == 0;
  g_set_object (self->taken_up ? &self->current : &self->cut_off, last);
}

/**
 * show_exports_set_recording:
 * @self: exports
 * @log: (nullable): of what is recorded now
 */
void
show_exports_set_recording (ShowExports *self, EngineRecordingLog *log)
{
  g_return_if_fail (SHOW_IS_EXPORTS (self));

  if (self->log == log)
    return;
  g_set_object (&self->log, log);
  g_clear_object (&self->current);
  if (log == NULL)
    return;
  self->taken_up = FALSE;
  if (_show_exports_find_recording (self, log) == NULL)
    take_up_talks (self, log);
  _show_exports_take_recording (self, log, -1);
  show_current (self);
}

/**
 * show_exports_begin_talk:
 * @self: exports
 * @talk: the talk that is given now
 * @position_ms: where in the recording it begins
 * @wanted: whether it gets a file of its own by itself
 *
 * The one before it ends.
 */
void
show_exports_begin_talk (ShowExports *self, ShowTalk *talk, gint64 position_ms, gboolean wanted)
{
  g_return_if_fail (SHOW_IS_EXPORTS (self));

  show_exports_end_talk (self, position_ms);
  g_set_object (&self->talk, talk);
  self->talk_start_ms = MAX (position_ms, 0);
  self->talk_wanted = wanted && self->talks;
  show_current (self);
}

static void
forget (ShowExports *self, ShowExport *item)
{
  guint position = 0;

  if (g_list_store_find (self->items, item, &position))
    g_list_store_remove (self->items, position);
}

/* It is over at @end_ms, if that was a talk at all. */
static void
close_talk (ShowExports *self, ShowExport *item, gint64 end_ms)
{
  if (end_ms - item->start_ms < SHORTEST_TALK_MS) {
    forget (self, item);
    return;
  }
  _show_export_set_times (item, item->start_ms, end_ms);
  if (item->wanted)
    _show_exports_queue (self, item);
}

/**
 * show_exports_place_talk:
 * @self: exports
 * @position_ms: where in the recording the talk that is given begins, which was not known when it
 *   began
 *
 * One that was given before a crash and goes on keeps its beginning; another one that was given then
 * has ended there.
 */
void
show_exports_place_talk (ShowExports *self, gint64 position_ms)
{
  g_autoptr (ShowExport) cut_off = NULL;

  g_return_if_fail (SHOW_IS_EXPORTS (self));

  cut_off = g_steal_pointer (&self->cut_off);
  if (cut_off != NULL)
    close_talk (self, cut_off, position_ms);
  self->talk_start_ms = position_ms;
  if (self->current != NULL && !self->taken_up)
    _show_export_set_times (self->current, position_ms, -1);
  if (self->log != NULL)
    _show_exports_save_talks (self, self->log);
}

/**
 * show_exports_end_talk:
 * @self: exports
 * @position_ms: where in the recording it ends
 *
 * The talk that is given, if there is one, is over.
 */
void
show_exports_end_talk (ShowExports *self, gint64 position_ms)
{
  g_autoptr (ShowExport) item = NULL;

  g_return_if_fail (SHOW_IS_EXPORTS (self));

  g_clear_object (&self->talk);
  item = g_steal_pointer (&self->current);
  if (item == NULL)
    return;
  self->taken_up = FALSE;
  close_talk (self, item, position_ms);
  _show_exports_save_talks (self, item->log);
}

gboolean
show_exports_get_in_talk (ShowExports *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORTS (self), FALSE);

  return self->talk != NULL;
}

static gboolean
has_export (ShowExports *self, EngineRecordingLog *log)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

    if (item->log == log && item->kind == SHOW_EXPORT_RECORDING)
      return TRUE;
  }
  return FALSE;
}

/* Talks first: somebody waits for them. */
void
_show_exports_queue_recording (ShowExports *self, EngineRecordingLog *log)
{
  g_autoptr (ShowExport) whole = NULL;

  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

    if (item->log == log && item->kind == SHOW_EXPORT_TALK && item->wanted &&
        item->state == SHOW_EXPORT_STATE_OFF)
      _show_exports_queue (self, item);
  }
  if (has_export (self, log))
    return;
  whole = _show_export_new (SHOW_EXPORT_RECORDING, log, engine_recording_log_get_title (log));
  whole->event = g_strdup (engine_recording_log_get_title (log));
  whole->language = g_strdup (self->language);
  g_list_store_append (self->items, whole);
  _show_exports_queue (self, whole);
}

/**
 * show_exports_end_recording:
 * @self: exports
 * @log: of a recording whose last byte is on the disk
 *
 * It becomes an ordinary file.
 */
void
show_exports_end_recording (ShowExports *self, EngineRecordingLog *log)
{
  ShowExportsRecording *recording = NULL;

  g_return_if_fail (SHOW_IS_EXPORTS (self));

  if (self->log == log)
    show_exports_set_recording (self, NULL);
  recording = _show_exports_take_recording (self, log, -1);
  recording->over = TRUE;
  if (self->working != NULL && self->working->log == log)
    g_atomic_int_set (&self->job->growing, FALSE);
  if (engine_recording_log_get_parts (log)->len == 0) {
    engine_recording_log_delete (log);
    g_ptr_array_remove (self->recordings, recording);
    return;
  }
  engine_recording_log_set_finished (log, TRUE);
  _show_exports_queue_recording (self, log);
}

void
_show_exports_tell_finished (ShowExports *self, ShowExport *item)
{
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0, item);
}

static ShowExport *
find_talk (ShowExports *self, guint index, GError **error)
{
  g_autoptr (ShowExport) item = g_list_model_get_item (G_LIST_MODEL (self->items), index);

  if (item == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no file %u", index);
    return NULL;
  }
  if (item == self->current || item->state == SHOW_EXPORT_STATE_WAITING ||
      item->state == SHOW_EXPORT_STATE_WORKING) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 item == self->current ? "this talk is still going on"
                                       : "this file is being made already");
    return NULL;
  }
  return item; /* the list keeps it */
}

/**
 * show_exports_export:
 * @self: exports
 * @index: which of the list
 *
 * Makes its file, once more if there is one: it is replaced when the new one is whole. Fails with
 * %SHOW_ERROR_NOT_FOUND or %SHOW_ERROR_STATE.
 *
 * Returns: whether it will be made
 */
gboolean
show_exports_export (ShowExports *self, guint index, GError **error)
{
  ShowExport *item = NULL;

  g_return_val_if_fail (SHOW_IS_EXPORTS (self), FALSE);

  item = find_talk (self, index, error);
  if (item == NULL)
    return FALSE;
  item->wanted = TRUE;
  _show_exports_queue (self, item);
  return TRUE;
}

/**
 * show_exports_trim:
 * @self: exports
 * @index: which of the list: a talk
 * @start_ms: where it begins, in the recording
 * @end_ms: where it ends
 *
 * As [method@Show.Exports.export], with another begin and end. Both are put on keyframes.
 *
 * Returns: whether it will be made
 */
gboolean
show_exports_trim (ShowExports *self, guint index, gint64 start_ms, gint64 end_ms, GError **error)
{
  ShowExport *item = NULL;

  g_return_val_if_fail (SHOW_IS_EXPORTS (self), FALSE);

  item = find_talk (self, index, error);
  if (item == NULL)
    return FALSE;
  if (item->kind != SHOW_EXPORT_TALK || start_ms < 0 || end_ms <= start_ms) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "a talk begins before it ends, and only talks can be trimmed");
    return FALSE;
  }
  _show_export_set_times (item, start_ms, end_ms);
  item->wanted = TRUE;
  _show_exports_queue (self, item);
  return TRUE;
}

/* Whether anything is being made, looked for or waited for. */
gboolean
show_exports_get_busy (ShowExports *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORTS (self), FALSE);

  return self->working != NULL || !g_queue_is_empty (self->waiting) || self->n_looking > 0;
}

/**
 * show_exports_stop:
 * @self: exports
 *
 * What is not done yet is done when Régie is started again.
 */
void
show_exports_stop (ShowExports *self)
{
  g_return_if_fail (SHOW_IS_EXPORTS (self));

  g_cancellable_cancel (self->cancellable);
  if (self->job != NULL)
    g_cancellable_cancel (self->job->cancellable);
}

static void
show_exports_dispose (GObject *object)
{
  ShowExports *self = SHOW_EXPORTS (object);

  if (self->cancellable != NULL)
    show_exports_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_clear_object (&self->log);
  g_clear_object (&self->talk);
  g_clear_object (&self->current);
  g_clear_object (&self->cut_off);
  g_clear_pointer (&self->recordings, g_ptr_array_unref);
  if (self->waiting != NULL)
    g_queue_free_full (g_steal_pointer (&self->waiting), g_object_unref);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (show_exports_parent_class)->dispose (object);
}

static void
show_exports_finalize (GObject *object)
{
  ShowExports *self = SHOW_EXPORTS (object);

  g_free (self->event);
  g_free (self->language);
  G_OBJECT_CLASS (show_exports_parent_class)->finalize (object);
}

static void
show_exports_class_init (ShowExportsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = show_exports_dispose;
  object_class->finalize = show_exports_finalize;
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", SHOW_TYPE_EXPORTS, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, SHOW_TYPE_EXPORT);
}

static void
show_exports_init (ShowExports *self)
{
  self->items = g_list_store_new (SHOW_TYPE_EXPORT);
  self->recordings = g_ptr_array_new_with_free_func (recording_free);
  self->waiting = g_queue_new ();
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * show_exports_new:
 * @event: the event's title
 * @language: (nullable): the event's language
 * @talks: whether talks get a file of their own by themselves
 *
 * Returns: (transfer full): a list without exports
 */
ShowExports *
show_exports_new (const char *event, const char *language, gboolean talks)
{
  ShowExports *self = g_object_new (SHOW_TYPE_EXPORTS, NULL);

  self->event = g_strdup (event);
  self->language = g_strdup (language);
  self->talks = talks;
  return self;
}
