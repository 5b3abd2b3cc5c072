/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-encoder.h"

/* Frames that may wait for the encoder: what it takes to set itself up, a third of a second on a slow
 * machine. More would only add delay, and the mixer counts what it could not get rid of. */
#define MAX_FRAMES 12

/* One that is to begin at a given time takes what comes while it sets itself up. */
#define MAX_FRAMES_BEFORE 60

/* How far ahead of what is mixed now the beginning is put: the sound of the first picture must not
 * have gone by already when a busy machine mixes that picture late. */
#define BEGIN_FRAMES 6

/* Sound that may wait: never less than what a held-up machine piles up. */
#define MAX_SOUND_NS (5 * GST_SECOND)

#define RESTART_MS   200

/* A closed GOP of two seconds satisfies every platform's ingest. */
#define GOP_SECONDS 2

/* What an encoder puts before the first sample it was given; its times do not say so. An AAC
 * frame is 1024 samples: ffmpeg's encoder is one frame late. Measured with a flash and a beep. */
#define AVENC_AAC_DELAY_FRAMES 1024

typedef struct {
  EngineEncoder *encoder; /* borrowed: it holds us */
  EngineMedia media;
  EnginePipeline *pipeline;    /* nullable */
  GstAppSrc *source;           /* nullable; guarded by the encoder's lock */
  GstElement *encoder_element; /* nullable; the same */
  gint64 delay_ns;             /* taken off the times that come out */
  gboolean ready;              /* it has started; guarded by the encoder's lock */
  guint restart_id;
} Branch;

/**
 * EngineEncoder:
 *
 * Encodes the program once: H.264 and AAC, each in a pipeline of its own, so that one can break
 * and be replaced while the other goes on.
 *
 * Main thread, but for the two push functions, which belong to any one thread each.
 */
struct _EngineEncoder {
  GObject parent_instance;

  EngineClock *clock;
  EngineFeed *feed;
  EngineFormat format;
  GstVideoInfo info;
  gboolean running;
  guint codec; /* which of the table below is in use */

  GMutex lock;
  Branch branches[ENGINE_N_MEDIA];
  /* Picture and sound begin at the very same time: packets of sound are then aligned to the first
   * keyframe, which formats that begin each track at 0 depend on. Guarded by the lock; −1 before. */
  gint64 begin_ns;
  gboolean fixed; /* that time was given; guarded by the lock */
};

G_DEFINE_FINAL_TYPE (EngineEncoder, engine_encoder, G_TYPE_OBJECT)

static guint failed_signal;

static void
set_up_x264 (GstElement *element, const EngineFormat *format)
{
  /* Frame threads cost the least; the delay of two frames that they add is within the budget. */
  gst_util_set_object_arg (G_OBJECT (element), "speed-preset", "superfast");
  g_object_set (element, "bitrate", (guint) format->video_bps / 1000, "vbv-buf-capacity", 1000u,
                "key-int-max", (guint) (format->rate_fps * GOP_SECONDS), "bframes", 0u,
                "rc-lookahead", 0, "sync-lookahead", 0, "mb-tree", FALSE, "sliced-threads", FALSE,
                "threads", 2u, NULL);
  /* The element puts a default of its own over the preset's: a quarter of all its time. */
  g_object_set (element, "trellis", FALSE, "option-string",
                "scenecut=0:open-gop=0:nal-hrd=cbr:force-cfr=1", NULL);
}

static void
set_up_openh264 (GstElement *element, const EngineFormat *format)
{
  gst_util_set_object_arg (G_OBJECT (element), "complexity", "low");
  gst_util_set_object_arg (G_OBJECT (element), "rate-control", "bitrate");
  g_object_set (element, "bitrate", (guint) format->video_bps, "gop-size",
                (guint) (format->rate_fps * GOP_SECONDS), "scene-change-detection", FALSE,
                "multi-thread", 2u, NULL);
}

/* In the order of preference. */
static const struct {
  const char *factory;
  const char *profile;
  const char *parser; /* where the encoder cannot give what muxers want by itself */
  void (*set_up) (GstElement *element, const EngineFormat *format);
} codecs[] = {
  { "x264enc", "high", "identity", set_up_x264 },
  { "openh264enc", "high", "h264parse", set_up_openh264 },
};

/* Encoder's thread. */
static GstFlowReturn
encoded_cb (GstAppSink *sink, gpointer user_data)
{
  Branch *branch = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  const GstSegment *segment = NULL;
  GstBuffer *buffer = NULL;
  guint64 running_ns = 0;

  if (sample == NULL)
    return GST_FLOW_OK;
  segment = gst_sample_get_segment (sample);
  buffer = gst_sample_get_buffer (sample);
  /* Encoders move their times so that none is negative, and say so in the segment. */
  if (gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer),
                                        &running_ns) <= 0 ||
      (gint64) running_ns < branch->delay_ns)
    return GST_FLOW_OK;

  g_autoptr (GstBuffer) copy = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (copy) = running_ns - (guint64) branch->delay_ns;
  GST_BUFFER_DTS (copy) = GST_BUFFER_PTS (copy); /* there are no B-frames */
  engine_feed_push (branch->encoder->feed, branch->media, copy, gst_sample_get_caps (sample));
  return GST_FLOW_OK;
}

static GstElement *
make_source (GstElement *bin, GstCaps *caps, GError **error)
{
  GstElement *source = engine_make (bin, "appsrc", NULL, error);

  if (source != NULL)
    g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                  G_GUINT64_CONSTANT (0), "max-time", MAX_SOUND_NS, NULL);
  return source;
}

static void
unref_encoder (gpointer data)
{
  Branch *branch = data;

  g_object_unref (branch->encoder);
}

static GstElement *
make_sink (GstElement *bin, GstCaps *caps, Branch *branch, GError **error)
{
  GstAppSinkCallbacks callbacks = { .new_sample = encoded_cb };
  GstElement *sink = engine_make (bin, "appsink", NULL, error);

  if (sink == NULL)
    return NULL;
  g_object_set (sink, "caps", caps, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE,
                NULL);
  /* The pipeline ends in a thread of its own: the encoder must outlive it. */
  g_object_ref (branch->encoder);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, branch, unref_encoder);
  return sink;
}

static GstElement *
build_video (EngineEncoder *self, Branch *branch, GstElement *bin, GError **error)
{
  g_autoptr (GstCaps) raw = gst_video_info_to_caps (&self->info);
  g_autoptr (GstCaps) coded = gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING,
                                                   "avc", "alignment", G_TYPE_STRING, "au", NULL);
  g_autoptr (GstCaps) profile = gst_caps_new_simple ("video/x-h264", "profile", G_TYPE_STRING,
                                                     codecs[self->codec].profile, NULL);
  GstElement *source = make_source (bin, raw, error);
  GstElement *encoder = source ? engine_make (bin, codecs[self->codec].factory, NULL, error) : NULL;
  GstElement *filter = encoder ? engine_make (bin, "capsfilter", NULL, error) : NULL;
  GstElement *parser = filter ? engine_make (bin, codecs[self->codec].parser, NULL, error) : NULL;
  GstElement *sink = parser ? make_sink (bin, coded, branch, error) : NULL;

  if (sink == NULL)
    return NULL;
  codecs[self->codec].set_up (encoder, &self->format);
  g_object_set (filter, "caps", profile, NULL);
  if (!engine_link (source, encoder, error) || !engine_link (encoder, filter, error) ||
      !engine_link (filter, parser, error) || !engine_link (parser, sink, error))
    return NULL;
  branch->delay_ns = 0;
  g_mutex_lock (&self->lock);
  branch->encoder_element = gst_object_ref (encoder);
  g_mutex_unlock (&self->lock);
  return source;
}

static GstElement *
build_audio (EngineEncoder *self, Branch *branch, GstElement *bin, GError **error)
{
  g_autoptr (GstCaps) raw = gst_caps_from_string (
    "audio/x-raw,format=" GST_AUDIO_NE (F32) ",rate=48000,channels=2,layout=interleaved");
  g_autoptr (GstCaps) coded = gst_caps_from_string ("audio/mpeg,mpegversion=4,stream-format=raw");
  GstElement *source = make_source (bin, raw, error);
  GstElement *converter = source ? engine_make (bin, "audioconvert", NULL, error) : NULL;
  GstElement *encoder = converter ? engine_make (bin, "avenc_aac", NULL, error) : NULL;
  GstElement *sink = encoder ? make_sink (bin, coded, branch, error) : NULL;

  if (sink == NULL)
    return NULL;
  g_object_set (encoder, "bitrate", self->format.audio_bps, NULL);
  if (!engine_link (source, converter, error) || !engine_link (converter, encoder, error) ||
      !engine_link (encoder, sink, error))
    return NULL;
  branch->delay_ns = AVENC_AAC_DELAY_FRAMES * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ;
  return source;
}

static gboolean restart_cb (gpointer data);

static void
playing_cb (EnginePipeline *pipeline, gboolean live, gpointer user_data)
{
  Branch *branch = user_data;

  g_mutex_lock (&branch->encoder->lock);
  branch->ready = TRUE;
  g_mutex_unlock (&branch->encoder->lock);
}

static void
branch_stop (Branch *branch)
{
  g_clear_handle_id (&branch->restart_id, g_source_remove);
  g_mutex_lock (&branch->encoder->lock);
  gst_clear_object (&branch->source);
  gst_clear_object (&branch->encoder_element);
  branch->ready = FALSE;
  g_mutex_unlock (&branch->encoder->lock);
  if (branch->pipeline != NULL) {
    g_signal_handlers_disconnect_by_data (branch->pipeline, branch);
    engine_pipeline_stop (branch->pipeline);
    g_clear_object (&branch->pipeline);
  }
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, gpointer user_data)
{
  Branch *branch = user_data;
  EngineEncoder *self = branch->encoder;

  branch_stop (branch);
  /* The next in the list may do where this one does not. */
  if (branch->media == ENGINE_MEDIA_VIDEO && self->codec + 1 < G_N_ELEMENTS (codecs))
    self->codec++;
  branch->restart_id = g_timeout_add (RESTART_MS, restart_cb, branch);
  g_signal_emit (self, failed_signal, 0, error);
}

static gboolean
branch_start (Branch *branch, GError **error)
{
  EngineEncoder *self = branch->encoder;
  g_autoptr (EnginePipeline) pipeline =
    engine_pipeline_new (self->clock,
                         branch->media == ENGINE_MEDIA_VIDEO ? "video-encoder" : "audio-encoder");
  GstElement *bin = engine_pipeline_get_bin (pipeline);
  GstElement *source = branch->media == ENGINE_MEDIA_VIDEO ? build_video (self, branch, bin, error)
                                                           : build_audio (self, branch, bin, error);

  if (source == NULL)
    return FALSE;
  /* The show's base time, so that show time goes in and comes out. */
  gst_element_set_start_time (bin, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (bin, engine_clock_get_base_time (self->clock));
  g_signal_connect (pipeline, "failed", G_CALLBACK (failed_cb), branch);
  g_signal_connect (pipeline, "playing", G_CALLBACK (playing_cb), branch);
  engine_pipeline_start (pipeline, FALSE);
  branch->pipeline = g_steal_pointer (&pipeline);
  g_mutex_lock (&self->lock);
  branch->source = gst_object_ref (GST_APP_SRC (source));
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
restart_cb (gpointer data)
{
  Branch *branch = data;
  g_autoptr (GError) error = NULL;

  branch->restart_id = 0;
  if (!branch_start (branch, &error))
    g_signal_emit (branch->encoder, failed_signal, 0, error);
  return G_SOURCE_REMOVE;
}

static void
engine_encoder_dispose (GObject *object)
{
  EngineEncoder *self = ENGINE_ENCODER (object);

  engine_encoder_stop (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_encoder_parent_class)->dispose (object);
}

static void
engine_encoder_finalize (GObject *object)
{
  g_mutex_clear (&ENGINE_ENCODER (object)->lock);
  G_OBJECT_CLASS (engine_encoder_parent_class)->finalize (object);
}

static void
engine_encoder_class_init (EngineEncoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_encoder_dispose;
  object_class->finalize = engine_encoder_finalize;
  failed_signal = g_signal_new ("failed", ENGINE_TYPE_ENCODER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
engine_encoder_init (EngineEncoder *self)
{
  g_mutex_init (&self->lock);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    self->branches[i].encoder = self;
    self->branches[i].media = (EngineMedia) i;
  }
}

/**
 * engine_encoder_new:
 * @clock: the show's clock
 * @feed: where what is encoded goes
 * @format: rates of the program
 * @info: the program's picture
 *
 * Returns: (transfer full): an encoder that is not running
 */
EngineEncoder *
engine_encoder_new (EngineClock *clock, EngineFeed *feed, const EngineFormat *format,
                    const GstVideoInfo *info)
{
  EngineEncoder *self = g_object_new (ENGINE_TYPE_ENCODER, NULL);

  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->format = *format;
  self->info = *info;
  return self;
}

/**
 * engine_encoder_start:
 * @self: an encoder
 *
 * Takes the first encoder that is installed. Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: whether it runs
 */
gboolean
engine_encoder_start (EngineEncoder *self, GError **error)
{
  g_return_val_if_fail (ENGINE_IS_ENCODER (self), FALSE);

  if (self->running)
    return TRUE;
  for (self->codec = 0; self->codec < G_N_ELEMENTS (codecs); self->codec++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (codecs[self->codec].factory);

    if (factory != NULL)
      break;
  }
  if (self->codec == G_N_ELEMENTS (codecs)) {
    self->codec = 0;
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                 "no H.264 encoder is installed: neither “x264enc” nor “openh264enc”");
    return FALSE;
  }
  /* First: as soon as there is a branch, the mixers may push. */
  g_mutex_lock (&self->lock);
  self->begin_ns = -1;
  self->fixed = FALSE;
  g_mutex_unlock (&self->lock);
  if (!branch_start (&self->branches[ENGINE_MEDIA_VIDEO], error) ||
      !branch_start (&self->branches[ENGINE_MEDIA_AUDIO], error)) {
    engine_encoder_stop (self);
    return FALSE;
  }
  self->running = TRUE;
  return TRUE;
}

void
engine_encoder_stop (EngineEncoder *self)
{
  g_return_if_fail (ENGINE_IS_ENCODER (self));

  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    branch_stop (&self->branches[i]);
  g_mutex_lock (&self->lock);
  self->begin_ns = -1;
  g_mutex_unlock (&self->lock);
  self->running = FALSE;
}

/**
 * engine_encoder_begin_at:
 * @self: an encoder that was started just now, before anything is pushed
 * @time_ns: the show time of the first picture, and the earliest of the first sound
 *
 * What is pushed waits while the encoder sets itself up, instead of being forgotten: for pictures
 * that share their memory. Any thread.
 */
void
engine_encoder_begin_at (EngineEncoder *self, gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_ENCODER (self));

  g_mutex_lock (&self->lock);
  self->begin_ns = time_ns;
  self->fixed = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_encoder_get_begin:
 * @self: an encoder
 *
 * Any thread.
 *
 * Returns: the show time of its first picture and sample, in nanoseconds; −1 before it is known
 */
gint64
engine_encoder_get_begin (EngineEncoder *self)
{
  gint64 begin_ns = 0;

  g_return_val_if_fail (ENGINE_IS_ENCODER (self), -1);

  g_mutex_lock (&self->lock);
  begin_ns = self->begin_ns;
  g_mutex_unlock (&self->lock);
  return begin_ns;
}

/**
 * engine_encoder_request_keyframe:
 * @self: an encoder
 * @time_ns: a show time to come
 *
 * The first picture from that time on will be one that can be understood without those before it.
 * Main thread; does nothing while the encoder is not running.
 */
void
engine_encoder_request_keyframe (EngineEncoder *self, gint64 time_ns)
{
  g_autoptr (GstElement) element = NULL;

  g_return_if_fail (ENGINE_IS_ENCODER (self));

  g_mutex_lock (&self->lock);
  if (self->branches[ENGINE_MEDIA_VIDEO].encoder_element != NULL)
    element = gst_object_ref (self->branches[ENGINE_MEDIA_VIDEO].encoder_element);
  g_mutex_unlock (&self->lock);
  if (element != NULL)
    gst_element_send_event (
      element, gst_video_event_new_upstream_force_key_unit ((GstClockTime) time_ns, TRUE, 0));
}

static GstAppSrc *
ref_source (EngineEncoder *self, EngineMedia media)
{
  GstAppSrc *source = NULL;

  g_mutex_lock (&self->lock);
  if (self->branches[media].source != NULL)
    source = gst_object_ref (self->branches[media].source);
  g_mutex_unlock (&self->lock);
  return source;
}

/**
 * engine_encoder_push_frame:
 * @self: an encoder
 * @frame: a frame of the program, its PTS in show time
 *
 * Never blocks.
 *
 * Returns: whether the frame was taken; not while the encoder is too slow. One that is not running
 *   takes everything, and forgets it
 */
gboolean
engine_encoder_push_frame (EngineEncoder *self, GstBuffer *frame)
{
  g_autoptr (GstAppSrc) source = ref_source (self, ENGINE_MEDIA_VIDEO);
  gboolean begun = FALSE;

  if (source == NULL)
    return TRUE;
  g_mutex_lock (&self->lock);
  if (gst_app_src_get_current_level_buffers (source) >=
      (self->fixed ? MAX_FRAMES_BEFORE : MAX_FRAMES)) {
    g_mutex_unlock (&self->lock);
    return FALSE;
  }
  /* Setting up takes its time; what is mixed meanwhile is before the beginning. */
  if (self->begin_ns < 0 && self->branches[ENGINE_MEDIA_VIDEO].ready &&
      self->branches[ENGINE_MEDIA_AUDIO].ready)
    self->begin_ns = (gint64) (GST_BUFFER_PTS (frame) + BEGIN_FRAMES * GST_BUFFER_DURATION (frame));
  begun = self->begin_ns >= 0 && (gint64) GST_BUFFER_PTS (frame) >= self->begin_ns;
  g_mutex_unlock (&self->lock);
  if (!begun)
    return TRUE;
  gst_app_src_push_buffer (source, gst_buffer_ref (frame));
  return TRUE;
}

/**
 * engine_encoder_push_sound:
 * @self: an encoder
 * @samples: @n_frames × 2 interleaved samples
 * @n_frames: how many
 * @time_ns: the show time of the first
 *
 * Never blocks.
 */
void
engine_encoder_push_sound (EngineEncoder *self, const float *samples, guint n_frames,
                           gint64 time_ns)
{
  g_autoptr (GstAppSrc) source = ref_source (self, ENGINE_MEDIA_AUDIO);
  GstBuffer *buffer = NULL;
  gint64 begin_ns = 0, skip = 0;

  if (source == NULL || gst_app_src_get_current_level_time (source) > MAX_SOUND_NS)
    return;
  g_mutex_lock (&self->lock);
  begin_ns = self->begin_ns;
  g_mutex_unlock (&self->lock);
  skip = (begin_ns - time_ns) * ENGINE_SAMPLE_RATE_HZ / (gint64) GST_SECOND;
  if (begin_ns < 0 || skip >= (gint64) n_frames)
    return;
  if (skip > 0) {
    samples += skip * ENGINE_N_CHANNELS;
    n_frames -= (guint) skip;
    time_ns = begin_ns;
  }
  buffer = gst_buffer_new_memdup (samples, n_frames * ENGINE_N_CHANNELS * sizeof (float));
  GST_BUFFER_PTS (buffer) = (GstClockTime) time_ns;
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (n_frames, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  gst_app_src_push_buffer (source, buffer);
}

/**
 * engine_encoder_get_name:
 * @self: an encoder
 *
 * Returns: the picture encoder in use, such as `x264enc`
 */
const char *
engine_encoder_get_name (EngineEncoder *self)
{
  g_return_val_if_fail (ENGINE_IS_ENCODER (self), NULL);

  return codecs[self->codec].factory;
}
