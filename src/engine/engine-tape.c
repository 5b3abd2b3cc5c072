/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-meter.h"
#include "engine-tape.h"
#include "engine-transport.h"

/* Written, and readable, so often: what a crash may cost at the most, with what is in the encoder. */
#define FRAGMENT_MS 400u

/* A slow disk may lag behind this far before pictures are left out. */
#define MAX_QUEUE_MS 60000

/* How long a disk that lags behind may take at the end. */
#define PATIENCE_MS 8000

/**
 * EngineTape:
 *
 * One file of the recording: a fragmented MP4 of what comes through its feed, that can be read up to its
 * last fragment whatever happens. It begins with a keyframe, at time 0.
 */
struct _EngineTape {
  GObject parent_instance;

  EngineClock *clock;
  EngineFeed *feed;
  EngineTapeFile *file; /* nullable once abandoned */
  char *folder;
  EnginePipeline *pipeline; /* nullable */
  EngineWriter *writer;     /* nullable */
  EngineMeter *meter;       /* nullable */
  guint64 n_bytes;          /* when it is over */
  gboolean opened;
  gboolean over; /* failed, finishing or abandoned */
};

G_DEFINE_FINAL_TYPE (EngineTape, engine_tape, G_TYPE_OBJECT)

enum {
  SIGNAL_OPENED,
  SIGNAL_FAILED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
fail (EngineTape *self, const GError *error)
{
  if (self->over)
    return;
  self->over = TRUE;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
file_changed (gpointer owner)
{
  g_autoptr (EngineTape) self = g_object_ref (owner);
  g_autoptr (GError) error = engine_tape_file_dup_error (self->file);
  EngineTapeFileStatus status;

  engine_tape_file_get_status (self->file, &status);
  if (status.open && !self->opened && !self->over) {
    self->opened = TRUE;
    g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  }
  if (error != NULL)
    fail (self, error);
  if (status.ended && self->file != NULL)
    g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* A sink knows that it could not write, and not always why: asking again, elsewhere or later, says. */
static void
failed_cb (EnginePipeline *pipeline, const GError *error, EngineTape *self)
{
  g_autoptr (GError) known = engine_tape_file_dup_error (self->file);
  g_autoptr (GError) told = NULL;

  if (known != NULL)
    told = g_error_copy (known);
  else if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL))
    told = g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_FULL, "the disk of the folder “%s” is full",
                        self->folder);
  else if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STREAM))
    told =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_GONE,
                   "the folder “%s” cannot be written any more: %s", self->folder, error->message);
  else
    told = g_error_copy (error);
  fail (self, told);
}

static void
stop_writing (EngineTape *self, gboolean finish)
{
  if (self->meter != NULL) {
    self->n_bytes = engine_meter_get_bytes (self->meter);
    engine_meter_detach (self->meter);
    g_clear_pointer (&self->meter, engine_meter_unref);
  }
  if (self->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
  if (self->writer != NULL && finish)
    engine_writer_end_of_stream (self->writer);
  else if (self->writer != NULL)
    engine_writer_stop (self->writer);
  if (self->pipeline != NULL && finish)
    engine_pipeline_finish (self->pipeline);
  else if (self->pipeline != NULL)
    engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->writer);
  g_clear_object (&self->pipeline);
}

static void
engine_tape_dispose (GObject *object)
{
  engine_tape_abandon (ENGINE_TAPE (object));
  g_clear_object (&ENGINE_TAPE (object)->feed);
  g_clear_object (&ENGINE_TAPE (object)->clock);
  G_OBJECT_CLASS (engine_tape_parent_class)->dispose (object);
}

static void
engine_tape_finalize (GObject *object)
{
  g_free (ENGINE_TAPE (object)->folder);
  G_OBJECT_CLASS (engine_tape_parent_class)->finalize (object);
}

static void
engine_tape_class_init (EngineTapeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_tape_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_tape_finalize;
  signals[SIGNAL_OPENED] = g_signal_new ("opened", ENGINE_TYPE_TAPE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_TAPE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", ENGINE_TYPE_TAPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
engine_tape_init (EngineTape *self)
{
  self->feed = engine_feed_new ();
}

/**
 * engine_tape_new:
 * @clock: the show's clock
 * @place: where its file goes
 *
 * Returns: (transfer full): a tape whose file is being opened
 */
EngineTape *
engine_tape_new (EngineClock *clock, const EngineTapePlace *place)
{
  EngineTape *self = g_object_new (ENGINE_TYPE_TAPE, NULL);

  self->clock = g_object_ref (clock);
  self->folder = g_strdup (place->folder);
  self->file = engine_tape_file_new (place, file_changed, self);
  return self;
}

/**
 * engine_tape_get_feed:
 * @self: a tape
 *
 * Returns: (transfer none): where what is to be recorded goes, once it was started
 */
EngineFeed *
engine_tape_get_feed (EngineTape *self)
{
  return self->feed;
}

const char *
engine_tape_get_path (EngineTape *self)
{
  return self->file != NULL ? engine_tape_file_get_path (self->file) : NULL;
}

const char *
engine_tape_get_folder (EngineTape *self)
{
  return self->folder;
}

gboolean
engine_tape_is_open (EngineTape *self)
{
  return self->opened && !self->over;
}

static gboolean
build (EngineTape *self, int fd, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *muxer = NULL, *sink = NULL;

  self->writer = engine_writer_new (self->feed, bin, MAX_QUEUE_MS, error);
  muxer = self->writer ? engine_transport_mux ("mp4mux", self->writer, bin, error) : NULL;
  sink = muxer ? engine_make (bin, "fdsink", NULL, error) : NULL;
  if (sink == NULL)
    return FALSE;
  g_object_set (muxer, "fragment-duration", FRAGMENT_MS, NULL);
  g_object_set (sink, "fd", fd, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  engine_tape_file_set_sink (self->file, sink);
  if (!engine_link (muxer, sink, error))
    return FALSE;
  self->meter = engine_meter_new (sink, 0, NULL, NULL);
  return TRUE;
}

/**
 * engine_tape_start:
 * @self: a tape that is open
 *
 * From now on it writes what comes through its feed. Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: whether it does
 */
gboolean
engine_tape_start (EngineTape *self, GError **error)
{
  EngineTapeFileStatus status;

  g_return_val_if_fail (ENGINE_IS_TAPE (self), FALSE);
  g_return_val_if_fail (engine_tape_is_open (self), FALSE);

  engine_tape_file_get_status (self->file, &status);
  self->pipeline = engine_pipeline_new (self->clock, "recording");
  engine_pipeline_set_patience (self->pipeline, PATIENCE_MS);
  if (!build (self, status.fd, error))
    return FALSE;
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
  engine_writer_start (self->writer);
  return TRUE;
}

/**
 * engine_tape_finish:
 * @self: a tape
 *
 * Writes its end, in the background; "ended" says when.
 */
void
engine_tape_finish (EngineTape *self)
{
  GstClockTime zero_ns = 0;

  g_return_if_fail (ENGINE_IS_TAPE (self));

  self->over = TRUE;
  /* A file without a picture is none: it is left empty, and so goes. */
  stop_writing (self, engine_tape_get_zero (self, &zero_ns));
  if (self->file != NULL)
    engine_tape_file_close (self->file);
}

/**
 * engine_tape_abandon:
 * @self: a tape
 *
 * Lets go of it as it is; nothing more is heard of it.
 */
void
engine_tape_abandon (EngineTape *self)
{
  g_return_if_fail (ENGINE_IS_TAPE (self));

  self->over = TRUE;
  stop_writing (self, FALSE);
  g_clear_pointer (&self->file, engine_tape_file_let_go);
}

void
engine_tape_look (EngineTape *self, EngineTapeLook *look)
{
  g_return_if_fail (ENGINE_IS_TAPE (self));

  *look = (EngineTapeLook){ .n_bytes = self->n_bytes };
  if (self->file != NULL)
    engine_tape_file_get_status (self->file, &look->file);
  if (self->meter != NULL)
    look->n_bytes = engine_meter_get_bytes (self->meter);
  if (self->writer == NULL)
    return;
  look->n_missed = engine_writer_get_n_missed (self->writer);
  look->backlog_ns = gst_app_src_get_current_level_time (
    GST_APP_SRC (engine_writer_get_source (self->writer, ENGINE_MEDIA_VIDEO)));
}

/**
 * engine_tape_get_zero:
 * @self: a tape
 * @time_ns: (out): the show time that is its time 0
 *
 * Returns: whether that is known: not before something has come
 */
gboolean
engine_tape_get_zero (EngineTape *self, GstClockTime *time_ns)
{
  g_return_val_if_fail (ENGINE_IS_TAPE (self), FALSE);

  return self->writer != NULL && engine_writer_get_zero (self->writer, time_ns);
}
