/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-bridge.h"
#include "engine-encoder.h"
#include "engine-feed.h"
#include "engine-video-mixer.h"

#include <locale.h>
#include <stdlib.h>

/* How long a picture takes from its capture to the mix and to the encoder's output, and how many
 * frames a command takes to be seen; beside GStreamer's own compositor and the same encoder.
 *
 * A live test source has the show time of its capture written into each picture as a row of black
 * and white squares, which is read again where the picture comes out. */

#define WIDTH     1920
#define HEIGHT    1080
#define RATE      30
#define SECONDS   10
#define N_TAKES   60
#define SQUARE    16
#define N_BITS    40
#define CAMERA_MS 80 /* engine-capture.c: a camera's delay, room for its jitter */

static const EngineFormat format = { WIDTH, HEIGHT, RATE, 4500000, 128000 };

typedef struct {
  GMutex lock;
  double sum_ms;
  double worst_ms;
  guint n;
} Delay;

static void
delay_add (Delay *self, gint64 delay_ns)
{
  const double ms = (double) delay_ns / GST_MSECOND;

  g_mutex_lock (&self->lock);
  self->sum_ms += ms;
  self->worst_ms = MAX (self->worst_ms, ms);
  self->n++;
  g_mutex_unlock (&self->lock);
}

static double
delay_get_mean (const Delay *self)
{
  return self->n > 0 ? self->sum_ms / self->n : 0;
}

/* The luma plane's first rows carry the time in units of 1/1024 ms, least bit first. */
static void
write_time (guint8 *luma, gsize stride, gint64 time_ns)
{
  const guint64 value = (guint64) time_ns / 1000;

  for (guint bit = 0; bit < N_BITS; bit++) {
    for (guint y = 0; y < SQUARE; y++)
      memset (luma + y * stride + bit * SQUARE, (value >> bit) & 1 ? 235 : 16, SQUARE);
  }
}

static gint64
read_time (const guint8 *luma, gsize stride)
{
  guint64 value = 0;

  for (guint bit = 0; bit < N_BITS; bit++) {
    if (luma[(SQUARE / 2) * stride + bit * SQUARE + SQUARE / 2] > 128)
      value |= G_GUINT64_CONSTANT (1) << bit;
  }
  return (gint64) value * 1000;
}

static GstClockTime
now (GstClock *clock, GstClockTime base)
{
  return gst_clock_get_time (clock) - base;
}

typedef struct {
  GstClock *clock;
  GstClockTime base;
  Delay mix;
  Delay encoded;
  GHashTable *captured; /* of gint64: PTS → when it was captured */
  GMutex lock;
} Way;

static GstPadProbeReturn
stamp_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Way *way = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (gst_pad_probe_info_get_buffer (info));
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    write_time (map.data, WIDTH, (gint64) now (way->clock, way->base));
    gst_buffer_unmap (buffer, &map);
  }
  info->data = buffer;
  return GST_PAD_PROBE_OK;
}

/* A mixed picture: how old it is; remembered until it comes out of the encoder. */
static void
note_mixed (Way *way, GstBuffer *buffer)
{
  GstMapInfo map;
  gint64 captured_ns = 0;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  captured_ns = read_time (map.data, WIDTH);
  gst_buffer_unmap (buffer, &map);
  if (captured_ns == 0)
    return;
  delay_add (&way->mix, (gint64) now (way->clock, way->base) - captured_ns);
  g_mutex_lock (&way->lock);
  g_hash_table_insert (way->captured, GUINT_TO_POINTER (GST_BUFFER_PTS (buffer) / GST_MSECOND + 1),
                       g_memdup2 (&captured_ns, sizeof captured_ns));
  g_mutex_unlock (&way->lock);
}

static void
note_encoded (Way *way, GstClockTime pts)
{
  const gint64 *captured_ns = NULL;

  g_mutex_lock (&way->lock);
  captured_ns = g_hash_table_lookup (way->captured, GUINT_TO_POINTER (pts / GST_MSECOND + 1));
  if (captured_ns != NULL)
    delay_add (&way->encoded, (gint64) now (way->clock, way->base) - *captured_ns);
  g_mutex_unlock (&way->lock);
}

static void
run_for (guint seconds)
{
  const gint64 end_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end_us) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (2000);
  }
}

typedef struct {
  Way way;
  EngineEncoder *encoder;
} Ours;

static gboolean
frame_cb (GstBuffer *frame, gpointer user_data)
{
  Ours *ours = user_data;

  note_mixed (&ours->way, frame);
  return engine_encoder_push_frame (ours->encoder, frame);
}

static void
feed_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  if (media == ENGINE_MEDIA_VIDEO)
    note_encoded (user_data, GST_BUFFER_PTS (buffer));
}

static void
sound_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  engine_encoder_push_sound (((Ours *) user_data)->encoder, samples, ENGINE_AUDIO_BLOCK_FRAMES,
                             time_ns);
}

/* A source as a camera's: live, stamped by the clock, raw. */
static GstElement *
make_live_source (GstElement *bin, Way *way)
{
  GstElement *source = engine_make (bin, "videotestsrc", NULL, NULL);
  GstElement *filter = engine_make (bin, "capsfilter", NULL, NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (filter, "src");
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, WIDTH,
                         "height", G_TYPE_INT, HEIGHT, "framerate", GST_TYPE_FRACTION, RATE, 1,
                         "colorimetry", G_TYPE_STRING, "bt709", NULL);

  gst_util_set_object_arg (G_OBJECT (source), "pattern", "black");
  g_object_set (source, "is-live", TRUE, NULL);
  g_object_set (filter, "caps", caps, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, stamp_cb, way, NULL);
  gst_element_link (source, filter);
  return filter;
}

static void
measure_ours (Ours *ours)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();
  g_autoptr (EngineVideoMixer) video = engine_video_mixer_new (clock, &format);
  g_autoptr (EngineAudioMixer) audio = engine_audio_mixer_new (clock);
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  g_autoptr (EngineSlot) slot = engine_slot_new (RATE);
  g_autoptr (EngineBridge) bridge = engine_bridge_new (clock, slot);
  g_autoptr (EnginePipeline) pipeline = engine_pipeline_new (clock, "camera");
  g_autoptr (EngineScene) scene =
    engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &slot, 1, NULL);
  g_autoptr (GError) error = NULL;
  GstElement *sink = NULL;

  ours->way.clock = engine_clock_get_gst_clock (clock);
  ours->way.base = engine_clock_get_base_time (clock);
  ours->encoder = engine_encoder_new (clock, feed, &format, engine_video_mixer_get_info (video));
  engine_bridge_reset (bridge, ENGINE_TIMING_CLOCKED, CAMERA_MS);
  sink = engine_bridge_make_picture_sink (bridge, engine_pipeline_get_bin (pipeline), &error);
  g_assert_no_error (error);
  gst_element_link (make_live_source (engine_pipeline_get_bin (pipeline), &ours->way), sink);
  engine_video_mixer_add_slot (video, slot);
  engine_video_mixer_take (video, scene, ENGINE_TRANSITION_CUT, 0);
  engine_video_mixer_set_consumer (video, frame_cb, ours);
  engine_audio_mixer_set_consumer (audio, sound_cb, NULL, ours);
  engine_feed_add_listener (feed, feed_cb, &ours->way);
  engine_pipeline_start (pipeline, FALSE);
  engine_video_mixer_start (video);
  engine_audio_mixer_start (audio);
  engine_encoder_start (ours->encoder, &error);
  g_assert_no_error (error);
  run_for (SECONDS);

  engine_video_mixer_stop (video);
  engine_audio_mixer_stop (audio);
  engine_encoder_stop (ours->encoder);
  engine_pipeline_stop (pipeline);
  engine_pipeline_wait_for_stopped (5 * G_USEC_PER_SEC);
  g_clear_object (&ours->encoder);
}

static GstPadProbeReturn
mixed_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  note_mixed (user_data, gst_pad_probe_info_get_buffer (info));
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
encoded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  const GstBuffer *buffer = gst_pad_probe_info_get_buffer (info);
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment = NULL;

  gst_event_parse_segment (event, &segment);
  note_encoded (user_data,
                gst_segment_to_running_time (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer)));
  return GST_PAD_PROBE_OK;
}

/* GStreamer's compositor and the same encoder with the same settings, in one pipeline. */
static void
measure_gstreamer (Way *way)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline =
    gst_parse_launch ("compositor name=mix ! capsfilter "
                      "caps=video/x-raw,format=I420,width=1920,height=1080,framerate=30/1"
                      " name=mixed ! queue ! x264enc name=encoder speed-preset=superfast "
                      "bitrate=4500 key-int-max=60 bframes=0"
                      " rc-lookahead=0 sync-lookahead=0 mb-tree=false sliced-threads=false "
                      "threads=2 ! fakesink sync=false",
                      &error);
  g_autoptr (GstElement) mixed = NULL;
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstElement) mix = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstPad) mixed_pad = NULL;
  g_autoptr (GstPad) encoded_pad = NULL;

  g_assert_no_error (error);
  way->clock = clock;
  way->base = gst_clock_get_time (clock);
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), clock);
  gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (pipeline, way->base);
  mix = gst_bin_get_by_name (GST_BIN (pipeline), "mix");
  mixed = gst_bin_get_by_name (GST_BIN (pipeline), "mixed");
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  gst_element_link (make_live_source (pipeline, way), mix);
  mixed_pad = gst_element_get_static_pad (mixed, "src");
  encoded_pad = gst_element_get_static_pad (encoder, "src");
  gst_pad_add_probe (mixed_pad, GST_PAD_PROBE_TYPE_BUFFER, mixed_cb, way, NULL);
  gst_pad_add_probe (encoded_pad, GST_PAD_PROBE_TYPE_BUFFER, encoded_cb, way, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  run_for (SECONDS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

typedef struct {
  EngineClock *clock;
  GMutex lock;
  gint64 taken_ns; /* −1: seen */
  guint8 wanted;
  guint n;
  guint n_frames;
  guint worst;
} Takes;

static gboolean
take_frame_cb (GstBuffer *frame, gpointer user_data)
{
  Takes *takes = user_data;
  GstMapInfo map;

  if (!gst_buffer_map (frame, &map, GST_MAP_READ))
    return TRUE;
  g_mutex_lock (&takes->lock);
  if (takes->taken_ns >= 0 && map.data[0] == takes->wanted) {
    /* Frames that were due after the command, this one included. */
    const gint64 before = takes->taken_ns * RATE / (gint64) GST_SECOND;
    const guint n =
      (guint) ((gint64) (GST_BUFFER_PTS (frame) + GST_MSECOND) * RATE / (gint64) GST_SECOND -
               before);

    takes->n++;
    takes->n_frames += n;
    takes->worst = MAX (takes->worst, n);
    takes->taken_ns = -1;
  }
  g_mutex_unlock (&takes->lock);
  gst_buffer_unmap (frame, &map);
  return TRUE;
}

static EngineSlot *
make_still (const GstVideoInfo *info, guint8 luma)
{
  EngineSlot *slot = engine_slot_new (RATE);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, info->size, NULL);

  gst_buffer_memset (buffer, 0, luma, info->size);
  engine_slot_set_still (slot, TRUE);
  engine_slot_push_picture (slot, buffer, info, 0);
  return slot;
}

/* Cuts at moments that have nothing to do with the program's frames. */
static void
measure_takes (Takes *takes)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();
  g_autoptr (EngineVideoMixer) video = engine_video_mixer_new (clock, &format);
  const GstVideoInfo *info = engine_video_mixer_get_info (video);
  const guint8 lumas[] = { 60, 180 };
  EngineSlot *slots[] = { make_still (info, lumas[0]), make_still (info, lumas[1]) };
  EngineScene *scenes[G_N_ELEMENTS (slots)];

  takes->clock = clock;
  takes->taken_ns = -1;
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    scenes[i] = engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &slots[i], 1, NULL);
    engine_video_mixer_add_slot (video, slots[i]);
  }
  engine_video_mixer_set_consumer (video, take_frame_cb, takes);
  engine_video_mixer_start (video);
  for (guint i = 0; i < N_TAKES; i++) {
    g_usleep ((gulong) g_random_int_range (90000, 160000));
    g_mutex_lock (&takes->lock);
    takes->wanted = lumas[i % 2];
    takes->taken_ns = engine_clock_get_now (clock);
    engine_video_mixer_take (video, scenes[i % 2], ENGINE_TRANSITION_CUT, 0);
    g_mutex_unlock (&takes->lock);
  }
  g_usleep (200000);
  engine_video_mixer_stop (video);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    engine_scene_unref (scenes[i]);
    g_object_unref (slots[i]);
  }
}

static void
way_init (Way *way)
{
  g_mutex_init (&way->lock);
  g_mutex_init (&way->mix.lock);
  g_mutex_init (&way->encoded.lock);
  way->captured = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

static void
print_way (const char *name, const Way *way)
{
  g_print ("%-10s capture to mix %6.1f ms (worst %6.1f), to encoder output %6.1f ms (worst %6.1f), "
           "%u pictures\n",
           name, delay_get_mean (&way->mix), way->mix.worst_ms, delay_get_mean (&way->encoded),
           way->encoded.worst_ms, way->encoded.n);
}

int
main (int argc, char **argv)
{
  static Ours ours;
  static Way theirs;
  static Takes takes;

  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  way_init (&ours.way);
  way_init (&theirs);
  measure_ours (&ours);
  measure_gstreamer (&theirs);
  measure_takes (&takes);
  print_way ("régie", &ours.way);
  print_way ("gstreamer", &theirs);
  g_print (
    "ratio régie / gstreamer: to mix %.2f, to encoder output %.2f (régie waits %d ms for jitter)\n",
    delay_get_mean (&ours.way.mix) / delay_get_mean (&theirs.mix),
    delay_get_mean (&ours.way.encoded) / delay_get_mean (&theirs.encoded), CAMERA_MS);
  g_print ("a command is seen after %.2f frames (worst %u), %u of %d commands\n",
           takes.n > 0 ? (double) takes.n_frames / takes.n : 0.0, takes.worst, takes.n, N_TAKES);
  return takes.n == N_TAKES ? EXIT_SUCCESS : EXIT_FAILURE;
}
