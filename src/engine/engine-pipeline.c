/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ending.h"
#include "engine-pipeline.h"

/* How long a pipeline may take to write its end, unless it was given more. */
#define FINISH_TIMEOUT_MS 2500

/* How long after a failed start the element's own words are waited for. */
#define ERROR_WAIT_MS 200

/**
 * EnginePipeline:
 *
 * A pipeline that cannot hold up anybody: it is started and stopped in threads of its own, because
 * opening a device, resolving a name or closing a dead connection may block for seconds. Its errors
 * come as one "failed" signal on the main thread.
 *
 * Main thread only, but for what its elements do by themselves.
 */
struct _EnginePipeline {
  GObject parent_instance;

  GstElement *pipeline; /* nullable once stopped */
  guint bus_watch_id;
  guint finish_timeout_id;
  gboolean failed;
  gboolean finishing;
  guint linger_ms;    /* how long it is left alone at its end */
  guint patience_ms;  /* how long it may take to write its end */
  gint64 duration_ns; /* −1: not known */
  char *detail;       /* nullable; may hold a secret */
};

G_DEFINE_FINAL_TYPE (EnginePipeline, engine_pipeline, G_TYPE_OBJECT)

enum {
  SIGNAL_FAILED,
  SIGNAL_EOS,
  SIGNAL_SEGMENT_DONE,
  SIGNAL_PLAYING,
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Pipelines on their way out: a program that ends waits for them, but not for ever. */
static guint n_finishing; /* main thread only */

/* Set on a GstPipeline that was let go of: starting, in another thread, must not wake it up again. */
#define STOPPED GST_PIPELINE_FLAG_LAST

/* A state change holds this lock for as long as it takes: so either it comes first, and stopping ends
 * what it began, or it does not come about. */
static GstStateChangeReturn
set_state_unless_stopped (GstElement *pipeline, GstState state)
{
  GstStateChangeReturn result = GST_STATE_CHANGE_FAILURE;

  GST_STATE_LOCK (pipeline);
  if (!GST_OBJECT_FLAG_IS_SET (pipeline, STOPPED))
    result = gst_element_set_state (pipeline, state);
  GST_STATE_UNLOCK (pipeline);
  return result;
}

static gpointer
stop_thread (gpointer data)
{
  GstElement *pipeline = data;

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  engine_ending_done ();
  return NULL;
}

static gboolean
wake_up_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * engine_pipeline_wait_for_stopped:
 * @timeout_us: how long at the most, in microseconds
 *
 * Waits, while the main loop goes on, until every pipeline that is finishing has written its end
 * and every one that was stopped has really ended. For the end of the program only.
 */
void
engine_pipeline_wait_for_stopped (gint64 timeout_us)
{
  const gint64 end_us = g_get_monotonic_time () + timeout_us;
  const guint wake_up_id = g_timeout_add (50, wake_up_cb, NULL);

  while (n_finishing > 0 && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake_up_id);
  engine_ending_wait (end_us);
}

static EngineError
code_of (const GError *error)
{
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return ENGINE_ERROR_REFUSED;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND) ||
      g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ))
    return ENGINE_ERROR_NOT_FOUND;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    return ENGINE_ERROR_DISK_FULL;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE))
    return ENGINE_ERROR_UNWRITABLE;
  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) ||
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND))
    return ENGINE_ERROR_MISSING_CODEC;
  if (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND) ||
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE))
    return ENGINE_ERROR_UNSUPPORTED;
  return ENGINE_ERROR_STREAM;
}

static void
fail (EnginePipeline *self, const GError *error)
{
  if (self->failed)
    return;
  self->failed = TRUE;
  GST_DEBUG_BIN_TO_DOT_FILE (GST_BIN (self->pipeline), GST_DEBUG_GRAPH_SHOW_ALL, "failed");
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
error_message (EnginePipeline *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) ours = NULL;
  g_autofree char *debug = NULL;

  gst_message_parse_error (message, &error, &debug);
  /* The debug text may hold an address with its key: it goes no further than a debug log that
   * somebody asked for. */
  g_debug ("%s: %s", GST_OBJECT_NAME (self->pipeline), error->message);
  ours = g_error_new_literal (ENGINE_ERROR, code_of (error), error->message);
  if (self->detail == NULL)
    self->detail = g_steal_pointer (&debug);
  fail (self, ours);
}

static gboolean
finish_timeout_cb (gpointer data)
{
  EnginePipeline *self = data;

  self->finish_timeout_id = 0;
  engine_pipeline_stop (self);
  return G_SOURCE_REMOVE;
}

/* Its end is written. */
static void
finished (EnginePipeline *self)
{
  g_clear_handle_id (&self->finish_timeout_id, g_source_remove);
  self->finish_timeout_id = g_timeout_add (self->linger_ms, finish_timeout_cb, self);
}

static gboolean
bus_message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  g_autoptr (EnginePipeline) self = g_object_ref (user_data);

  if (self->pipeline == NULL)
    return G_SOURCE_REMOVE;

  /* Only what concerns us: GstMessageType has some thirty values. */
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    error_message (self, message);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_SEGMENT_DONE)
    g_signal_emit (self, signals[SIGNAL_SEGMENT_DONE], 0);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS && self->finishing)
    finished (self);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    g_signal_emit (self, signals[SIGNAL_EOS], 0);
  return G_SOURCE_CONTINUE;
}

static void
engine_pipeline_dispose (GObject *object)
{
  engine_pipeline_stop (ENGINE_PIPELINE (object));
  G_OBJECT_CLASS (engine_pipeline_parent_class)->dispose (object);
}

static void
engine_pipeline_finalize (GObject *object)
{
  g_free (ENGINE_PIPELINE (object)->detail);
  G_OBJECT_CLASS (engine_pipeline_parent_class)->finalize (object);
}

static void
engine_pipeline_class_init (EnginePipelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_pipeline_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_pipeline_finalize;

  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_EOS] = g_signal_new ("eos", ENGINE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SEGMENT_DONE] =
    g_signal_new ("segment-done", ENGINE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_PLAYING] = g_signal_new ("playing", ENGINE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_READY] = g_signal_new ("ready", ENGINE_TYPE_PIPELINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_pipeline_init (EnginePipeline *self)
{
  self->duration_ns = -1;
  self->patience_ms = FINISH_TIMEOUT_MS;
}

/**
 * engine_pipeline_new:
 * @clock: the show's clock
 * @name: for logs and graphs
 *
 * Returns: (transfer full): an empty pipeline that is not running
 */
EnginePipeline *
engine_pipeline_new (EngineClock *clock, const char *name)
{
  EnginePipeline *self = g_object_new (ENGINE_TYPE_PIPELINE, NULL);
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (name));
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), engine_clock_get_gst_clock (clock));
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch_id = gst_bus_add_watch (bus, bus_message_cb, self);
  return self;
}

/**
 * engine_pipeline_get_bin:
 * @self: a pipeline
 *
 * Returns: (transfer none) (nullable): the pipeline itself, or `NULL` once stopped
 */
GstElement *
engine_pipeline_get_bin (EnginePipeline *self)
{
  g_return_val_if_fail (ENGINE_IS_PIPELINE (self), NULL);

  return self->pipeline;
}

/**
 * engine_make:
 * @bin: where it goes
 * @factory: what to make
 * @name: (nullable): what to call it
 *
 * Makes an element and puts it in. Any thread. Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: (transfer none) (nullable): the element, or `NULL` on error
 */
GstElement *
engine_make (GstElement *bin, const char *factory, const char *name, GError **error)
{
  g_return_val_if_fail (GST_IS_BIN (bin), NULL);

  GstElement *element = gst_element_factory_make (factory, name);

  if (element == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                 "the GStreamer element “%s” is not installed", factory);
    return NULL;
  }
  gst_bin_add (GST_BIN (bin), element);
  return element;
}

/**
 * engine_link:
 * @from: an element
 * @to: another one
 *
 * Any thread.
 *
 * Returns: whether they fit; fails with %ENGINE_ERROR_STREAM
 */
gboolean
engine_link (GstElement *from, GstElement *to, GError **error)
{
  if (gst_element_link (from, to))
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "%s cannot be linked to %s",
               GST_OBJECT_NAME (from), GST_OBJECT_NAME (to));
  return FALSE;
}

typedef struct {
  EnginePipeline *self;
  GstElement *pipeline;
  gboolean loop;
  gboolean hold;
  gboolean live;
  gint64 duration_ns;
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;

  g_object_unref (start->self);
  gst_object_unref (start->pipeline);
  g_free (start);
}

static gboolean
started_cb (gpointer data)
{
  Start *start = data;

  if (start->self->pipeline != start->pipeline || start->self->failed)
    return G_SOURCE_REMOVE;
  if (start->hold) {
    start->self->duration_ns = start->duration_ns;
    g_signal_emit (start->self, signals[SIGNAL_READY], 0);
  } else {
    g_signal_emit (start->self, signals[SIGNAL_PLAYING], 0, start->live);
  }
  return G_SOURCE_REMOVE;
}

/* Elements that fail without a word would leave us waiting; those that have one may say it a moment
 * after the state change has failed. */
static gboolean
not_started_cb (gpointer data)
{
  Start *start = data;
  g_autoptr (GError) error =
    g_error_new_literal (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the pipeline did not start");

  if (start->self->pipeline == start->pipeline)
    fail (start->self, error);
  return G_SOURCE_REMOVE;
}

/* A file that is to run again and again without a gap is played in segments: at the end of one the
 * decoders are not flushed, and time runs on. */
static void
start_thread (GstElement *pipeline, gpointer data)
{
  Start *start = data;
  GstStateChangeReturn result = set_state_unless_stopped (pipeline, GST_STATE_PAUSED);

  start->live = result == GST_STATE_CHANGE_NO_PREROLL;
  if (result == GST_STATE_CHANGE_ASYNC) {
    /* What a decoder adds goes at once to where its pipeline is going: if that were playing, it
     * would play before there is a clock, as fast as it can. */
    result = gst_element_get_state (pipeline, NULL, NULL, 10 * GST_SECOND);
    if (result == GST_STATE_CHANGE_SUCCESS && start->loop)
      gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
                               GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT, 0);
  }
  if (start->hold && result != GST_STATE_CHANGE_FAILURE) {
    if (!gst_element_query_duration (pipeline, GST_FORMAT_TIME, &start->duration_ns))
      start->duration_ns = -1;
  } else if (result != GST_STATE_CHANGE_FAILURE)
    result = set_state_unless_stopped (pipeline, GST_STATE_PLAYING);
  if (result == GST_STATE_CHANGE_FAILURE && !GST_OBJECT_FLAG_IS_SET (pipeline, STOPPED))
    g_timeout_add_full (G_PRIORITY_DEFAULT, ERROR_WAIT_MS, not_started_cb, start, start_free);
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, started_cb, start, start_free);
}

static void
start_in_thread (EnginePipeline *self, gboolean loop, gboolean hold)
{
  Start *start = g_new0 (Start, 1);

  start->self = g_object_ref (self);
  start->pipeline = gst_object_ref (self->pipeline);
  start->loop = loop;
  start->hold = hold;
  gst_element_call_async (self->pipeline, start_thread, start, NULL);
}

/**
 * engine_pipeline_start:
 * @self: a pipeline
 * @loop: whether it is to be seeked to its beginning when "segment-done" comes
 *
 * Starts it in another thread. "playing" or "failed" follows.
 */
void
engine_pipeline_start (EnginePipeline *self, gboolean loop)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));
  g_return_if_fail (self->pipeline != NULL);

  start_in_thread (self, loop, FALSE);
}

/**
 * engine_pipeline_hold:
 * @self: a pipeline
 * @loop: whether it is to be seeked to its beginning when "segment-done" comes
 *
 * Has it hold its first picture, in another thread. "ready" or "failed" follows.
 */
void
engine_pipeline_hold (EnginePipeline *self, gboolean loop)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));
  g_return_if_fail (self->pipeline != NULL);

  start_in_thread (self, loop, TRUE);
}

/**
 * engine_pipeline_release:
 * @self: a pipeline that is ready
 *
 * Has it play, in another thread. "playing" or "failed" follows.
 */
void
engine_pipeline_release (EnginePipeline *self)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));
  g_return_if_fail (self->pipeline != NULL);

  start_in_thread (self, FALSE, FALSE);
}

/**
 * engine_pipeline_get_duration:
 * @self: a pipeline that is ready
 *
 * Returns: how long it will play, in nanoseconds; −1 if that is not known
 */
gint64
engine_pipeline_get_duration (EnginePipeline *self)
{
  g_return_val_if_fail (ENGINE_IS_PIPELINE (self), -1);

  return self->duration_ns;
}

/**
 * engine_pipeline_get_detail:
 * @self: a pipeline that has failed
 *
 * Returns: (transfer none) (nullable): what its element added to the error. It may hold an address
 *   with its key: look for words in it, and show or log none of it
 */
const char *
engine_pipeline_get_detail (EnginePipeline *self)
{
  g_return_val_if_fail (ENGINE_IS_PIPELINE (self), NULL);

  return self->detail;
}

/**
 * engine_pipeline_stop:
 * @self: a pipeline
 *
 * Lets go of it at once; it ends in another thread. No signal comes any more. May run twice.
 */
void
engine_pipeline_stop (EnginePipeline *self)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));

  if (self->pipeline == NULL)
    return;

  g_clear_handle_id (&self->bus_watch_id, g_source_remove);
  g_clear_handle_id (&self->finish_timeout_id, g_source_remove);
  GST_OBJECT_FLAG_SET (self->pipeline, STOPPED);
  engine_ending_begin ();
  g_thread_unref (g_thread_new ("stop-pipeline", stop_thread, g_steal_pointer (&self->pipeline)));
  if (self->finishing) {
    self->finishing = FALSE;
    n_finishing--;
    g_object_unref (self);
  }
}

/**
 * engine_pipeline_set_linger:
 * @self: a pipeline
 * @linger_ms: how long, below two seconds, it goes on after it has written its end: what a sink has
 *   taken may not have left yet
 */
void
engine_pipeline_set_linger (EnginePipeline *self, guint linger_ms)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));

  self->linger_ms = linger_ms;
}

/**
 * engine_pipeline_set_patience:
 * @self: a pipeline
 * @patience_ms: how long it may take to write its end
 */
void
engine_pipeline_set_patience (EnginePipeline *self, guint patience_ms)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));

  self->patience_ms = patience_ms;
}

/**
 * engine_pipeline_finish:
 * @self: a pipeline whose sources were told that the stream has ended
 *
 * Lets go of it as [method@Engine.Pipeline.stop] does, but gives it up to 2.5 s to write its end, or
 * what engine_pipeline_set_patience () says.
 */
void
engine_pipeline_finish (EnginePipeline *self)
{
  g_return_if_fail (ENGINE_IS_PIPELINE (self));

  if (self->pipeline == NULL || self->finishing)
    return;
  self->finishing = TRUE;
  self->failed = TRUE; /* nobody is to hear of what goes wrong now */
  n_finishing++;
  g_object_ref (self);
  self->finish_timeout_id = g_timeout_add (self->patience_ms, finish_timeout_cb, self);
}
