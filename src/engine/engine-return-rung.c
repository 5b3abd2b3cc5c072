/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>

#include "engine-gentle.h"
#include "engine-lock.h"
#include "engine-pipeline.h"
#include "engine-return-rung.h"
#include "engine-shrinker.h"

/* The program comes first, but a guest who sees nothing for seconds does not know what to say. */
#define NICE 5

/* What waits for the encoder; of more, the oldest is left out. */
#define MAX_WAITING 2

/* Keyframes are large: for who asks, and for who comes. */
#define KEYFRAME_NS      ((gint64) GST_SECOND)
#define SOON_KEYFRAME_NS ((gint64) GST_SECOND / 4)

/* An encoder that broke is replaced soon at first, then calmly, for ever; and so is one that is given
 * pictures and gives nothing back. */
#define FIRST_RETRY_MS 200
#define LAST_RETRY_MS  4000
#define SILENT_NS      (4 * (gint64) GST_SECOND)
#define WATCH_MS       1000

/* To go up, there must be something to spare. */
#define SPARE 1.15

typedef struct {
  int width_px;
  int height_px;
  int rate_fps;
  int least_bps;
  int most_bps;
} Step;

static const Step steps[ENGINE_RETURN_N_STEPS] = {
  [ENGINE_RETURN_LARGE] = { 960, 540, 30, 700000, 1500000 },
  [ENGINE_RETURN_MIDDLE] = { 640, 360, 30, 300000, 700000 },
  [ENGINE_RETURN_SMALL] = { 320, 180, 30, 150000, 260000 },
  [ENGINE_RETURN_LEAST] = { 320, 180, 15, 100000, 150000 },
};

/**
 * EngineReturnRung:
 *
 * The program, or one source, in one size of the return: shrunk and encoded in VP8 once for all who
 * watch it, in a thread of its own that never holds up the mixer: what it is too slow for is left out. An
 * encoder that breaks is replaced.
 *
 * Main thread, but for engine_return_rung_push (), which is the mixer's, and what says “any thread”.
 */
struct _EngineReturnRung {
  GObject parent_instance;

  EngineClock *clock;
  GstVideoInfo program;
  GstVideoInfo info; /* of what is encoded */
  EngineSlot *slot;  /* nullable: the program */
  Step step;
  gint64 skip; /* of so many frames one is encoded */
  int bps;
  EnginePipeline *pipeline; /* nullable: stopped, or waiting for the next try */
  GstElement *encoder;      /* nullable, borrowed from the pipeline */
  guint retry_id;
  guint watch_id;
  guint n_failures; /* in a row */

  gint64 out_ns;       /* atomic by the lock below: when something came out */
  gint wants_keyframe; /* atomic: 1: at the usual distance, 2: soon */

  EngineLock entry_lock; /* guards the next; the mixer's thread takes it */
  GstElement *entry;     /* nullable */

  GMutex lock;      /* guards the next four; held while the function is called */
  GstElement *exit; /* nullable, borrowed: the sink that counts */
  EngineReturnRungFunc func;
  gpointer user_data;
  gboolean begun; /* its first keyframe came */

  /* Only the encoder's thread. */
  EngineShrinker *shrinker;
  GstBufferPool *pool;
  gint64 keyframe_ns; /* when the last was asked for */
};

G_DEFINE_FINAL_TYPE (EngineReturnRung, engine_return_rung, G_TYPE_OBJECT)

/* Of a note: the EnginePicture that is to be encoded. */
static GQuark
picture_quark (void)
{
  static gsize quark;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string ("engine-return-picture"));
  return (GQuark) quark;
}

static void begin (EngineReturnRung *self);

/**
 * engine_return_rung_choose:
 * @bps: what a line can take
 *
 * Returns: the largest step that fits
 */
EngineReturnStep
engine_return_rung_choose (int bps)
{
  EngineReturnStep step = ENGINE_RETURN_LARGE;

  while (step < ENGINE_RETURN_LEAST && bps < steps[step].least_bps)
    step++;
  return step;
}

/**
 * engine_return_rung_choose_again:
 * @now: what is watched
 * @bps: what the line can take
 *
 * Goes down when it must, and up when there is something to spare.
 *
 * Returns: what is to be watched from now on
 */
EngineReturnStep
engine_return_rung_choose_again (EngineReturnStep now, int bps)
{
  const EngineReturnStep best = engine_return_rung_choose (bps);

  return best >= now ? best : MIN (now, engine_return_rung_choose ((int) (bps / SPARE)));
}

static void
set_entry (EngineReturnRung *self, GstElement *entry)
{
  GstElement *before = NULL;

  engine_lock_take (&self->entry_lock);
  before = self->entry;
  self->entry = entry != NULL ? gst_object_ref (entry) : NULL;
  engine_lock_give (&self->entry_lock);
  gst_clear_object (&before);
}

static void
set_exit (EngineReturnRung *self, GstElement *exit)
{
  g_mutex_lock (&self->lock);
  self->exit = exit;
  self->begun = FALSE;
  self->out_ns = engine_clock_get_now (self->clock);
  g_mutex_unlock (&self->lock);
}

static void
let_go (EngineReturnRung *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  set_entry (self, NULL);
  set_exit (self, NULL);
  self->encoder = NULL;
  if (self->pipeline == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->pipeline);
}

static gboolean
retry_cb (gpointer data)
{
  EngineReturnRung *self = data;

  self->retry_id = 0;
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
fail (EngineReturnRung *self, const char *message)
{
  const guint delay_ms = MIN (FIRST_RETRY_MS << MIN (self->n_failures, 8), LAST_RETRY_MS);

  if (self->n_failures == 0)
    g_message ("the return picture's encoder is replaced: %s", message);
  let_go (self);
  self->n_failures++;
  self->retry_id = g_timeout_add (delay_ms, retry_cb, self);
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, gpointer user_data)
{
  fail (user_data, error->message);
}

static gboolean
watch_cb (gpointer data)
{
  EngineReturnRung *self = data;
  gboolean silent = FALSE, begun = FALSE;

  g_mutex_lock (&self->lock);
  begun = self->begun;
  silent = self->exit != NULL && engine_clock_get_now (self->clock) - self->out_ns > SILENT_NS;
  g_mutex_unlock (&self->lock);
  if (begun)
    self->n_failures = 0;
  if (silent && gst_app_src_get_current_level_buffers (GST_APP_SRC (self->entry)) >= MAX_WAITING)
    fail (self, "it gives nothing any more");
  return G_SOURCE_CONTINUE;
}

/* Encoder's thread. */
static GstFlowReturn
encoded_cb (GstAppSink *sink, gpointer user_data)
{
  EngineReturnRung *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;

  if (buffer == NULL)
    return GST_FLOW_OK;
  g_mutex_lock (&self->lock);
  if (GST_ELEMENT (sink) == self->exit && self->func != NULL) {
    self->out_ns = engine_clock_get_now (self->clock);
    self->begun |= !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    if (self->begun)
      self->func (self, buffer, self->user_data);
  }
  g_mutex_unlock (&self->lock);
  return GST_FLOW_OK;
}

/* Encoder's thread: tied to the frame that comes next. */
static void
ask_for_keyframe (EngineReturnRung *self, GstPad *pad)
{
  const gint wanted = g_atomic_int_get (&self->wants_keyframe);
  const gint64 now_ns = engine_clock_get_now (self->clock);
  const gint64 distance_ns = wanted > 1 ? SOON_KEYFRAME_NS : KEYFRAME_NS;
  g_autoptr (GstPad) peer = NULL;

  if (wanted == 0 || now_ns - self->keyframe_ns < distance_ns)
    return;
  g_atomic_int_set (&self->wants_keyframe, 0);
  self->keyframe_ns = now_ns;
  peer = gst_pad_get_peer (pad);
  gst_pad_send_event (
    peer, gst_video_event_new_downstream_force_key_unit (GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE,
                                                         GST_CLOCK_TIME_NONE, TRUE, 0));
}

/* Encoder's thread: what was pushed is only a note of what to encode. */
static GstPadProbeReturn
shrink_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineReturnRung *self = user_data;
  GstBuffer *note = GST_PAD_PROBE_INFO_BUFFER (info);
  const EnginePicture *picture =
    gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (note), picture_quark ());
  GstBuffer *buffer = NULL;
  GstVideoFrame frame;

  if (picture == NULL || gst_buffer_pool_acquire_buffer (self->pool, &buffer, NULL) != GST_FLOW_OK)
    return GST_PAD_PROBE_DROP;
  if (!gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_WRITE)) {
    gst_buffer_unref (buffer);
    return GST_PAD_PROBE_DROP;
  }
  engine_shrinker_paint (self->shrinker, picture, &frame);
  gst_video_frame_unmap (&frame);
  gst_buffer_copy_into (buffer, note, GST_BUFFER_COPY_TIMESTAMPS, 0, 0);
  gst_buffer_unref (note);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  ask_for_keyframe (self, pad);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_entry (EngineReturnRung *self, GstElement *bin, GError **error)
{
  GstElement *entry = engine_make (bin, "appsrc", NULL, error);
  g_autoptr (GstCaps) caps = gst_video_info_to_caps (&self->info);
  g_autoptr (GstPad) pad = NULL;

  if (entry == NULL)
    return NULL;
  g_object_set (entry, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                G_GUINT64_CONSTANT (0), "max-time", G_GUINT64_CONSTANT (0), "max-buffers",
                (guint64) MAX_WAITING, "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  pad = gst_element_get_static_pad (entry, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, shrink_cb, g_object_ref (self),
                     g_object_unref);
  return entry;
}

/* As measured: of the speeds that VP8 has, the last costs less than half of those before it, and is
 * hardly worse at these sizes. More threads only cost more. */
static GstElement *
make_encoder (EngineReturnRung *self, GstElement *bin, GError **error)
{
  GstElement *encoder = engine_make (bin, "vp8enc", NULL, error);

  if (encoder == NULL)
    return NULL;
  g_object_set (encoder, "deadline", G_GINT64_CONSTANT (1), "cpu-used", 16, "threads", 1,
                "target-bitrate", self->bps, "lag-in-frames", 0, "keyframe-max-dist", 3000,
                "undershoot", 95, "overshoot", 15, "buffer-size", 600, "buffer-initial-size", 300,
                "buffer-optimal-size", 500, "min-quantizer", 4, "max-quantizer", 63,
                "static-threshold", 1, NULL);
  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "cbr");
  return encoder;
}

static GstElement *
make_exit (EngineReturnRung *self, GstElement *bin, GError **error)
{
  GstAppSinkCallbacks callbacks = { .new_sample = encoded_cb };
  GstElement *sink = engine_make (bin, "appsink", NULL, error);

  if (sink == NULL)
    return NULL;
  g_object_set (sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE,
                NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_object_ref (self), g_object_unref);
  return sink;
}

static gboolean
build (EngineReturnRung *self, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *entry = make_entry (self, bin, error);
  GstElement *exit = NULL;

  if (entry == NULL || (self->encoder = make_encoder (self, bin, error)) == NULL ||
      (exit = make_exit (self, bin, error)) == NULL || !engine_link (entry, self->encoder, error) ||
      !engine_link (self->encoder, exit, error))
    return FALSE;
  set_exit (self, exit);
  set_entry (self, entry);
  return TRUE;
}

static void
begin (EngineReturnRung *self)
{
  g_autoptr (GError) error = NULL;

  self->pipeline = engine_pipeline_new (self->clock, "return");
  engine_gentle_apply_nice (self->pipeline, NICE);
  if (!build (self, &error)) {
    fail (self, error->message);
    return;
  }
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
}

static void
engine_return_rung_dispose (GObject *object)
{
  EngineReturnRung *self = ENGINE_RETURN_RUNG (object);

  engine_return_rung_stop (self);
  G_OBJECT_CLASS (engine_return_rung_parent_class)->dispose (object);
}

static void
engine_return_rung_finalize (GObject *object)
{
  EngineReturnRung *self = ENGINE_RETURN_RUNG (object);

  engine_shrinker_free (self->shrinker);
  gst_buffer_pool_set_active (self->pool, FALSE);
  gst_object_unref (self->pool);
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  engine_lock_clear (&self->entry_lock);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_return_rung_parent_class)->finalize (object);
}

static void
engine_return_rung_class_init (EngineReturnRungClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_return_rung_dispose;
  object_class->finalize = engine_return_rung_finalize;
}

static void
engine_return_rung_init (EngineReturnRung *self)
{
  g_mutex_init (&self->lock);
  engine_lock_init (&self->entry_lock);
  self->shrinker = engine_shrinker_new ();
  self->keyframe_ns = -(gint64) GST_SECOND;
}

/* As large as the step allows, never larger than the program, and even. */
static void
set_info (EngineReturnRung *self)
{
  const int width = GST_VIDEO_INFO_WIDTH (&self->program);
  const int height = GST_VIDEO_INFO_HEIGHT (&self->program);
  const double scale =
    MIN (1, MIN ((double) self->step.width_px / width, (double) self->step.height_px / height));

  self->skip = MAX (1, self->program.fps_n / (self->program.fps_d * self->step.rate_fps));
  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420,
                             (guint) MAX (16, ((int) (width * scale + 0.5)) & ~1),
                             (guint) MAX (16, ((int) (height * scale + 0.5)) & ~1));
  self->info.colorimetry = self->program.colorimetry;
  self->info.chroma_site = self->program.chroma_site;
  self->info.fps_n = self->program.fps_n;
  self->info.fps_d = self->program.fps_d * (int) self->skip;
}

/**
 * engine_return_rung_new:
 * @clock: the show's clock
 * @program: the program's picture
 * @slot: (nullable): what is seen; `NULL` for the program
 * @step: how large
 *
 * Returns: (transfer full): a rung that does not run, and costs nothing
 */
EngineReturnRung *
engine_return_rung_new (EngineClock *clock, const GstVideoInfo *program, EngineSlot *slot,
                        EngineReturnStep step)
{
  EngineReturnRung *self = g_object_new (ENGINE_TYPE_RETURN_RUNG, NULL);

  self->clock = g_object_ref (clock);
  self->program = *program;
  self->slot = slot != NULL ? g_object_ref (slot) : NULL;
  self->step = steps[step];
  self->bps = steps[step].most_bps;
  set_info (self);
  self->pool = engine_picture_make_pool (&self->info);
  return self;
}

/**
 * engine_return_rung_start:
 * @self: a rung that does not run
 * @func: gets what was encoded
 * @user_data: for @func
 */
void
engine_return_rung_start (EngineReturnRung *self, EngineReturnRungFunc func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_RETURN_RUNG (self));

  if (self->watch_id != 0)
    return;
  g_mutex_lock (&self->lock);
  self->func = func;
  self->user_data = user_data;
  g_mutex_unlock (&self->lock);
  self->n_failures = 0;
  self->watch_id = g_timeout_add (WATCH_MS, watch_cb, self);
  begin (self);
}

/* May run twice. */
void
engine_return_rung_stop (EngineReturnRung *self)
{
  g_return_if_fail (ENGINE_IS_RETURN_RUNG (self));

  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_mutex_lock (&self->lock);
  self->func = NULL;
  g_mutex_unlock (&self->lock);
  let_go (self);
}

gboolean
engine_return_rung_is_running (EngineReturnRung *self)
{
  g_return_val_if_fail (ENGINE_IS_RETURN_RUNG (self), FALSE);

  return self->watch_id != 0;
}

/* Any thread. */
void
engine_return_rung_get_size (EngineReturnRung *self, EngineSize *size)
{
  *size = (EngineSize){ GST_VIDEO_INFO_WIDTH (&self->info), GST_VIDEO_INFO_HEIGHT (&self->info) };
}

/**
 * engine_return_rung_set_bps:
 * @self: a rung
 * @bps: what it is to take, within its limits; from the next frame on
 */
void
engine_return_rung_set_bps (EngineReturnRung *self, int bps)
{
  g_return_if_fail (ENGINE_IS_RETURN_RUNG (self));

  bps = CLAMP (bps, self->step.least_bps, self->step.most_bps);
  if (self->bps == bps)
    return;
  self->bps = bps;
  if (self->encoder != NULL)
    g_object_set (self->encoder, "target-bitrate", bps, NULL);
}

/**
 * engine_return_rung_request_keyframe:
 * @self: a rung
 * @soon: for somebody who has nothing yet; others have one a second at the most
 *
 * Any thread.
 */
void
engine_return_rung_request_keyframe (EngineReturnRung *self, gboolean soon)
{
  if (soon)
    g_atomic_int_set (&self->wants_keyframe, 2);
  else
    g_atomic_int_compare_and_exchange (&self->wants_keyframe, 0, 1);
}

static void
picture_free (gpointer picture)
{
  engine_picture_unref (picture);
}

/**
 * engine_return_rung_push:
 * @self: a rung
 * @frame: the program's newest frame, its PTS in show time
 *
 * The mixer's thread only. Never waits, and copies nothing.
 */
void
engine_return_rung_push (EngineReturnRung *self, GstBuffer *frame)
{
  const gint64 time_ns = (gint64) GST_BUFFER_PTS (frame);
  const guint64 nth = gst_util_uint64_scale_round ((guint64) time_ns, (guint64) self->program.fps_n,
                                                   (guint64) self->program.fps_d * GST_SECOND);
  GstElement *entry = NULL;
  EnginePicture *picture = NULL;

  if (nth % (guint64) self->skip != 0)
    return;
  engine_lock_take (&self->entry_lock);
  entry = self->entry != NULL ? gst_object_ref (self->entry) : NULL;
  engine_lock_give (&self->entry_lock);
  if (entry != NULL)
    picture = self->slot != NULL ? engine_slot_peek_picture (self->slot, time_ns)
                                 : engine_picture_new (frame, &self->program, time_ns);
  if (picture != NULL) {
    GstBuffer *note = gst_buffer_new ();

    GST_BUFFER_PTS (note) = (GstClockTime) time_ns;
    GST_BUFFER_DURATION (note) =
      gst_util_uint64_scale_int (GST_SECOND, self->info.fps_d, self->info.fps_n);
    gst_mini_object_set_qdata (GST_MINI_OBJECT_CAST (note), picture_quark (), picture,
                               picture_free);
    gst_app_src_push_buffer (GST_APP_SRC (entry), note);
  }
  gst_clear_object (&entry);
}
