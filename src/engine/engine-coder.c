/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-coder.h"
#include "engine-gentle.h"

/* One that has this many pictures to do and gives none for so long has hung. */
#define STUCK_FRAMES 10
#define STUCK_S      2

/* One that runs only when others leave it time may have to wait for longer. */
#define STUCK_GENTLY_S 30

/* What an encoder puts before the first sample it was given; its times do not say so. An AAC
 * frame is 1024 samples: ffmpeg's encoder is one frame late. Measured with a flash and a beep. */
#define AVENC_AAC_DELAY_FRAMES 1024

/**
 * EngineCoder:
 *
 * One encoder of one medium, in a pipeline of its own, from its first picture to its end. What
 * follows it when it breaks is another coder.
 *
 * Made, stopped and told on the main thread; the rest says "Any thread".
 */
struct _EngineCoder {
  GObject parent_instance;

  EngineMedia media;
  EngineChoice choice; /* of a picture */
  EngineCoderFunc func;
  GObject *owner;           /* borrowed; the pipeline has a reference */
  EnginePipeline *pipeline; /* nullable */
  GstAppSrc *source;        /* nullable before it is built */
  GstElement *encoder;      /* the same; of a picture */
  gint64 delay_ns;          /* taken off the times that come out */
  gint ready;               /* atomic: it has started */
  gint n_given;             /* atomic: packets that came out */
  gint n_given_before;      /* when last looked */
  guint stuck_s;
  guint watch_id;
};

G_DEFINE_FINAL_TYPE (EngineCoder, engine_coder, G_TYPE_OBJECT)

static guint failed_signal;

/* Encoder's thread. */
static GstFlowReturn
encoded_cb (GstAppSink *sink, gpointer user_data)
{
  EngineCoder *self = user_data;
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
      (gint64) running_ns < self->delay_ns)
    return GST_FLOW_OK;

  g_atomic_int_inc (&self->n_given);

  g_autoptr (GstBuffer) copy = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (copy) = running_ns - (guint64) self->delay_ns;
  GST_BUFFER_DTS (copy) = GST_BUFFER_PTS (copy); /* there are no B-frames */
  self->func (self->owner, self, copy, gst_sample_get_caps (sample));
  return GST_FLOW_OK;
}

static GstElement *
make_source (EngineCoder *self, GstElement *bin, GstCaps *caps, GError **error)
{
  GstElement *source = engine_make (bin, "appsrc", NULL, error);

  if (source == NULL)
    return NULL;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                G_GUINT64_CONSTANT (0), "max-time", ENGINE_CODER_MAX_SOUND_NS, NULL);
  self->source = gst_object_ref (GST_APP_SRC (source));
  return source;
}

static void
unref_self (gpointer data)
{
  EngineCoder *self = data;

  g_object_unref (self->owner);
  g_object_unref (self);
}

/* The pipeline ends in a thread of its own: coder and owner must outlive it. */
static GstElement *
make_sink (EngineCoder *self, GstElement *bin, GstCaps *caps, GError **error)
{
  GstAppSinkCallbacks callbacks = { .new_sample = encoded_cb };
  GstElement *sink = engine_make (bin, "appsink", NULL, error);

  if (sink == NULL)
    return NULL;
  g_object_set (sink, "caps", caps, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE,
                NULL);
  g_object_ref (self->owner);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_object_ref (self), unref_self);
  return sink;
}

static gboolean
build_video (EngineCoder *self, const GstVideoInfo *info, const EngineFormat *format,
             GError **error)
{
  g_autoptr (GstCaps) raw = gst_video_info_to_caps (info);
  g_autoptr (GstCaps) coded = gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING,
                                                   "avc", "alignment", G_TYPE_STRING, "au", NULL);
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *source = make_source (self, bin, raw, error);
  GstElement *encoder = NULL, *last = NULL, *sink = NULL;

  if (source == NULL)
    return FALSE;
  last = engine_codec_build (&self->choice, bin, source, info, format, &encoder, error);
  sink = last != NULL ? make_sink (self, bin, coded, error) : NULL;
  if (sink == NULL || !engine_link (last, sink, error))
    return FALSE;
  self->encoder = gst_object_ref (encoder);
  return TRUE;
}

static gboolean
build_audio (EngineCoder *self, const EngineFormat *format, GError **error)
{
  g_autoptr (GstCaps) raw = gst_caps_from_string (
    "audio/x-raw,format=" GST_AUDIO_NE (F32) ",rate=48000,channels=2,layout=interleaved");
  g_autoptr (GstCaps) coded = gst_caps_from_string ("audio/mpeg,mpegversion=4,stream-format=raw");
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *source = make_source (self, bin, raw, error);
  GstElement *converter = source ? engine_make (bin, "audioconvert", NULL, error) : NULL;
  GstElement *encoder = converter ? engine_make (bin, "avenc_aac", NULL, error) : NULL;
  GstElement *sink = encoder ? make_sink (self, bin, coded, error) : NULL;

  if (sink == NULL)
    return FALSE;
  g_object_set (encoder, "bitrate", format->audio_bps, NULL);
  self->delay_ns = AVENC_AAC_DELAY_FRAMES * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ;
  return engine_link (source, converter, error) && engine_link (converter, encoder, error) &&
         engine_link (encoder, sink, error);
}

static void
playing_cb (EnginePipeline *pipeline, gboolean live, EngineCoder *self)
{
  g_atomic_int_set (&self->ready, TRUE);
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, EngineCoder *self)
{
  g_autoptr (EngineCoder) hold = g_object_ref (self);

  engine_coder_stop (self);
  g_signal_emit (self, failed_signal, 0, error);
}

/* A driver may hang without a word. */
static gboolean
watch_cb (gpointer data)
{
  EngineCoder *self = data;
  const gint n_given = g_atomic_int_get (&self->n_given);
  const gboolean waits =
    self->media == ENGINE_MEDIA_VIDEO && engine_coder_get_n_waiting (self) >= STUCK_FRAMES;
  g_autoptr (GError) error = NULL;

  self->stuck_s = waits && n_given == self->n_given_before ? self->stuck_s + 1 : 0;
  self->n_given_before = n_given;
  if (self->stuck_s < (self->choice.gently ? STUCK_GENTLY_S : STUCK_S))
    return G_SOURCE_CONTINUE;
  self->watch_id = 0;
  g_set_error (&error, ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” gives no picture any more",
               engine_codecs_get (self->choice.codec)->factory);
  failed_cb (self->pipeline, error, self);
  return G_SOURCE_REMOVE;
}

/* The show's base time, so that show time goes in and comes out. */
static void
start (EngineCoder *self, EngineClock *clock)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);

  gst_element_set_start_time (bin, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (bin, engine_clock_get_base_time (clock));
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->pipeline, "playing", G_CALLBACK (playing_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
  self->watch_id = g_timeout_add_seconds (1, watch_cb, self);
}

static void
engine_coder_dispose (GObject *object)
{
  EngineCoder *self = ENGINE_CODER (object);

  engine_coder_stop (self);
  gst_clear_object (&self->source);
  gst_clear_object (&self->encoder);
  G_OBJECT_CLASS (engine_coder_parent_class)->dispose (object);
}

static void
engine_coder_class_init (EngineCoderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_coder_dispose;
  failed_signal = g_signal_new ("failed", ENGINE_TYPE_CODER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
engine_coder_init (EngineCoder *self)
{
}

static EngineCoder *
make (EngineClock *clock, EngineMedia media, EngineCoderFunc func, GObject *owner)
{
  EngineCoder *self = g_object_new (ENGINE_TYPE_CODER, NULL);

  self->media = media;
  self->func = func;
  self->owner = owner;
  self->pipeline =
    engine_pipeline_new (clock, media == ENGINE_MEDIA_VIDEO ? "video-encoder" : "audio-encoder");
  return self;
}

/**
 * engine_coder_new_video:
 * @clock: the show's clock
 * @info: the pictures that will be pushed
 * @format: what is to come of them: size, and rates of picture and bits
 * @choice: how
 * @func: gets what comes out
 * @owner: for @func; lives until the coder has ended
 *
 * Fails with an `ENGINE_ERROR`.
 *
 * Returns: (transfer full) (nullable): a coder, starting
 */
EngineCoder *
engine_coder_new_video (EngineClock *clock, const GstVideoInfo *info, const EngineFormat *format,
                        const EngineChoice *choice, EngineCoderFunc func, GObject *owner,
                        GError **error)
{
  g_autoptr (EngineCoder) self = make (clock, ENGINE_MEDIA_VIDEO, func, owner);

  self->choice = *choice;
  if (choice->gently)
    engine_gentle_apply (self->pipeline);
  if (!build_video (self, info, format, error)) {
    engine_coder_stop (self);
    return NULL;
  }
  start (self, clock);
  return g_steal_pointer (&self);
}

/**
 * engine_coder_new_audio:
 * @clock: the show's clock
 * @format: has the rate of bits
 * @func: gets what comes out
 * @owner: for @func; lives until the coder has ended
 *
 * Fails with an `ENGINE_ERROR`.
 *
 * Returns: (transfer full) (nullable): a coder, starting
 */
EngineCoder *
engine_coder_new_audio (EngineClock *clock, const EngineFormat *format, EngineCoderFunc func,
                        GObject *owner, GError **error)
{
  g_autoptr (EngineCoder) self = make (clock, ENGINE_MEDIA_AUDIO, func, owner);

  if (!build_audio (self, format, error)) {
    engine_coder_stop (self);
    return NULL;
  }
  start (self, clock);
  return g_steal_pointer (&self);
}

/**
 * engine_coder_stop:
 * @self: a coder
 *
 * For good; what is in it may still come out. May run twice.
 */
void
engine_coder_stop (EngineCoder *self)
{
  g_return_if_fail (ENGINE_IS_CODER (self));

  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->pipeline == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->pipeline);
}

EngineMedia
engine_coder_get_media (EngineCoder *self)
{
  return self->media;
}

const EngineChoice *
engine_coder_get_choice (EngineCoder *self)
{
  return &self->choice;
}

/**
 * engine_coder_get_ready:
 * @self: a coder
 *
 * Any thread.
 *
 * Returns: whether it has set itself up
 */
gboolean
engine_coder_get_ready (EngineCoder *self)
{
  return g_atomic_int_get (&self->ready);
}

/* Any thread. */
guint64
engine_coder_get_n_waiting (EngineCoder *self)
{
  return gst_app_src_get_current_level_buffers (self->source);
}

/* Any thread. */
guint64
engine_coder_get_waiting_ns (EngineCoder *self)
{
  return gst_app_src_get_current_level_time (self->source);
}

/**
 * engine_coder_push:
 * @self: a coder
 * @buffer: (transfer full): a picture, or sound; its PTS is show time
 *
 * Any thread; never blocks.
 */
void
engine_coder_push (EngineCoder *self, GstBuffer *buffer)
{
  gst_app_src_push_buffer (self->source, buffer);
}

/**
 * engine_coder_request_keyframe:
 * @self: a coder of pictures
 * @time_ns: a show time to come
 */
void
engine_coder_request_keyframe (EngineCoder *self, gint64 time_ns)
{
  gst_element_send_event (
    self->encoder, gst_video_event_new_upstream_force_key_unit ((GstClockTime) time_ns, TRUE, 0));
}

/**
 * engine_coder_set_bps:
 * @self: a coder of pictures
 * @format: has the rate it is to keep from now on
 */
void
engine_coder_set_bps (EngineCoder *self, const EngineFormat *format)
{
  engine_codec_set_bps (engine_codecs_get (self->choice.codec), self->encoder, format);
}
