/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-blinder.h"
#include "engine-pipeline.h"
#include "engine-testing.h"
#include "engine-video-mixer.h"

#include <math.h>

#define WIDTH  320
#define HEIGHT 180
#define RATE   30

/* An AAC packet, and how far a time may be off: two samples, since times are rounded to samples. */
#define PACKET_NS (1024 * GST_SECOND / ENGINE_SAMPLE_RATE_HZ)
#define SAME_NS   ((gint64) (42 * GST_USECOND))

static const EngineFormat format = { WIDTH, HEIGHT, RATE, 500000, 64000 };

/* What one feed brought. Filled by encoders' threads, under the feed's lock; read when all have
 * stopped, but for n_pictures. */
typedef struct {
  GPtrArray *buffers[ENGINE_N_MEDIA];
  GstCaps *caps[ENGINE_N_MEDIA];
  gint n_pictures; /* atomic */
} Tape;

typedef struct {
  EngineClock *clock;
  EngineFeed *program;
  EngineFeed *air;
  EngineEncoder *encoder;
  EngineBlinder *blinder;
  EngineVideoMixer *video;
  EngineAudioMixer *audio;
  EngineSlot *slot;
  Tape program_tape;
  Tape air_tape;
  guint listener_ids[2];
  gint wanted; /* pictures of the program */
} Fixture;

static GstBuffer *
make_frame (guint8 luma)
{
  GstVideoInfo info;
  GstBuffer *buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, luma, WIDTH * HEIGHT);
  gst_buffer_memset (buffer, WIDTH * HEIGHT, 128, info.size);
  return buffer;
}

static void
tape_init (Tape *self)
{
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    self->buffers[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
}

static void
tape_clear (Tape *self)
{
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    g_ptr_array_unref (self->buffers[i]);
    gst_clear_caps (&self->caps[i]);
  }
}

static void
tape_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  Tape *self = user_data;

  g_ptr_array_add (self->buffers[media], gst_buffer_ref (buffer));
  gst_caps_replace (&self->caps[media], caps);
  if (media == ENGINE_MEDIA_VIDEO)
    g_atomic_int_inc (&self->n_pictures);
}

static gboolean
frame_cb (GstBuffer *frame, gpointer user_data)
{
  Fixture *self = user_data;

  engine_blinder_push_frame (self->blinder, frame);
  return engine_encoder_push_frame (self->encoder, frame);
}

static void
sound_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Fixture *self = user_data;
  float tone[ENGINE_AUDIO_BLOCK_FRAMES * ENGINE_N_CHANNELS];
  const gint64 first = time_ns * ENGINE_SAMPLE_RATE_HZ / (gint64) GST_SECOND;

  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++)
    tone[2 * i] = tone[2 * i + 1] =
      (float) (0.5 * sin (2 * G_PI * 1000 * (double) (first + i) / ENGINE_SAMPLE_RATE_HZ));
  engine_blinder_push_sound (self->blinder, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
  engine_encoder_push_sound (self->encoder, tone, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) white = make_frame (235);
  g_autoptr (EngineScene) scene = NULL;

  self->clock = engine_clock_new ();
  self->program = engine_feed_new ();
  self->air = engine_feed_new ();
  self->video = engine_video_mixer_new (self->clock, &format);
  self->audio = engine_audio_mixer_new (self->clock);
  self->encoder = engine_encoder_new (self->clock, self->program, &format,
                                      engine_video_mixer_get_info (self->video));
  self->blinder = engine_blinder_new (self->clock, self->encoder, self->program, self->air, &format,
                                      engine_video_mixer_get_info (self->video));
  tape_init (&self->program_tape);
  tape_init (&self->air_tape);
  self->listener_ids[0] = engine_feed_add_listener (self->program, tape_cb, &self->program_tape);
  self->listener_ids[1] = engine_feed_add_listener (self->air, tape_cb, &self->air_tape);

  self->slot = engine_slot_new (RATE);
  engine_slot_set_still (self->slot, TRUE);
  engine_slot_push_picture (self->slot, white, engine_video_mixer_get_info (self->video), 0);
  scene = engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &self->slot, 1, NULL);
  engine_video_mixer_add_slot (self->video, self->slot);
  engine_video_mixer_take (self->video, scene, ENGINE_TRANSITION_CUT, 0);
  engine_video_mixer_set_consumer (self->video, frame_cb, self);
  engine_audio_mixer_set_consumer (self->audio, sound_cb, NULL, self);
  engine_video_mixer_start (self->video);
  engine_audio_mixer_start (self->audio);
}

/* Main loop and encoders end; what is on the tapes can be read. */
static void
stop (Fixture *self)
{
  engine_video_mixer_stop (self->video);
  engine_audio_mixer_stop (self->audio);
  engine_encoder_stop (self->encoder);
  engine_blinder_stop (self->blinder);
  engine_pipeline_wait_for_stopped (15 * G_USEC_PER_SEC);
  engine_feed_remove_listener (self->program, self->listener_ids[0]);
  engine_feed_remove_listener (self->air, self->listener_ids[1]);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_testing_assert_finalizes (self->blinder);
  engine_testing_assert_finalizes (self->encoder);
  engine_testing_assert_finalizes (self->video);
  engine_testing_assert_finalizes (self->audio);
  engine_testing_assert_finalizes (self->program);
  engine_testing_assert_finalizes (self->air);
  engine_testing_assert_finalizes (self->slot);
  engine_testing_assert_finalizes (self->clock);
  tape_clear (&self->program_tape);
  tape_clear (&self->air_tape);
}

static gboolean
has_pictures (gpointer data)
{
  Fixture *self = data;

  return g_atomic_int_get (&self->program_tape.n_pictures) >= self->wanted;
}

/* Until the program has brought so many more pictures. */
static void
wait_for_pictures (Fixture *self, int n)
{
  self->wanted = g_atomic_int_get (&self->program_tape.n_pictures) + n;
  g_assert_true (engine_testing_wait (has_pictures, self, 20000));
}

static void
start (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  engine_blinder_start (self->blinder, &error);
  g_assert_no_error (error);
  engine_encoder_start (self->encoder, &error);
  g_assert_no_error (error);
  wait_for_pictures (self, 1);
}

/* Each follows on the one before it. */
static void
assert_gapless (const GPtrArray *buffers, GstClockTime step)
{
  g_assert_cmpuint (buffers->len, >, 10);
  for (guint i = 1; i < buffers->len; i++) {
    const gint64 distance = (gint64) (GST_BUFFER_PTS ((GstBuffer *) buffers->pdata[i]) -
                                      GST_BUFFER_PTS ((GstBuffer *) buffers->pdata[i - 1]));

    g_assert_cmpint (ABS (distance - (gint64) step), <, SAME_NS);
  }
}

/* Decodes a tape; calls @look with each buffer that comes out. */
static void
play (const Tape *tape, EngineMedia media, const char *decoder,
      void (*look) (const guint8 *data, gsize size, GstClockTime pts, gpointer user_data),
      gpointer user_data)
{
  g_autofree char *text =
    g_strdup_printf ("appsrc name=source format=time ! %s ! appsink name=sink sync=false", decoder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstSample *sample = NULL;

  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (source, "caps", tape->caps[media], "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < tape->buffers[media]->len; i++)
    gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_ref (tape->buffers[media]->pdata[i]));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL) {
    GstMapInfo map;

    g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
    look (map.data, map.size, GST_BUFFER_PTS (gst_sample_get_buffer (sample)), user_data);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

typedef struct {
  guint n_bright;
  guint n_dark;
  guint n_changes;
  gboolean bright;
} Seen;

static void
look_at_picture (const guint8 *data, gsize size, GstClockTime pts, gpointer user_data)
{
  Seen *seen = user_data;
  /* The middle of the picture: white, or the black card; nothing between. */
  const guint8 luma = data[WIDTH * (HEIGHT / 2) + WIDTH / 2];
  const gboolean bright = luma > 128;

  g_assert_true (luma > 220 || luma < 32);
  if (seen->n_bright + seen->n_dark > 0 && bright != seen->bright)
    seen->n_changes++;
  seen->bright = bright;
  *(bright ? &seen->n_bright : &seen->n_dark) += 1;
}

static Seen
look_at (const Tape *tape)
{
  Seen seen = { 0 };

  play (tape, ENGINE_MEDIA_VIDEO, "avdec_h264", look_at_picture, &seen);
  g_assert_cmpuint (seen.n_bright + seen.n_dark, ==, tape->buffers[ENGINE_MEDIA_VIDEO]->len);
  return seen;
}

typedef struct {
  guint n_loud;
  guint n_silent;
} Heard;

static void
listen_to_packet (const guint8 *data, gsize size, GstClockTime pts, gpointer user_data)
{
  Heard *heard = user_data;
  const float *samples = (const float *) data;
  float peak = 0;

  for (gsize i = 0; i < size / sizeof (float); i++)
    peak = fmaxf (peak, fabsf (samples[i]));
  *(peak > 0.25f ? &heard->n_loud : &heard->n_silent) += 1;
}

static Heard
listen_to (const Tape *tape)
{
  Heard heard = { 0 };

  play (tape, ENGINE_MEDIA_AUDIO,
        "avdec_aac ! audioconvert ! audio/x-raw,format=F32LE,layout=interleaved", listen_to_packet,
        &heard);
  return heard;
}

static void
assert_tapes_gapless (Fixture *self)
{
  assert_gapless (self->program_tape.buffers[ENGINE_MEDIA_VIDEO], GST_SECOND / RATE);
  assert_gapless (self->program_tape.buffers[ENGINE_MEDIA_AUDIO], PACKET_NS);
  assert_gapless (self->air_tape.buffers[ENGINE_MEDIA_VIDEO], GST_SECOND / RATE);
  assert_gapless (self->air_tape.buffers[ENGINE_MEDIA_AUDIO], PACKET_NS);
}

/* Two pauses: the audience sees the card and hears nothing, the recording knows nothing of them,
 * and neither has a gap. */
static void
test_pauses (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) card = make_frame (16);
  Seen seen = { 0 };
  Heard heard = { 0 };

  start (self);
  wait_for_pictures (self, 20);
  engine_blinder_set_card (self->blinder, card);
  wait_for_pictures (self, 40);
  engine_blinder_set_card (self->blinder, NULL);
  wait_for_pictures (self, 30);
  engine_blinder_set_card (self->blinder, card);
  wait_for_pictures (self, 30);
  engine_blinder_set_card (self->blinder, NULL);
  wait_for_pictures (self, 30);
  stop (self);

  assert_tapes_gapless (self);
  seen = look_at (&self->program_tape);
  g_assert_cmpuint (seen.n_dark, ==, 0);
  seen = look_at (&self->air_tape);
  g_assert_cmpuint (seen.n_changes, ==, 4);
  g_assert_cmpuint (seen.n_dark, >=, 50);
  g_assert_cmpuint (seen.n_bright, >=, 50);
  heard = listen_to (&self->program_tape);
  g_assert_cmpuint (heard.n_silent, <=, 3); /* an encoder's beginning and end */
  heard = listen_to (&self->air_tape);
  g_assert_cmpuint (heard.n_silent, >=, 70);
  g_assert_cmpuint (heard.n_loud, >=, 70);
}

/* Whoever changes his mind faster than an encoder can start gets what he wanted last. */
static void
test_changes_of_mind (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) card = make_frame (16);
  Seen seen = { 0 };

  start (self);
  for (guint i = 0; i < 7; i++)
    engine_blinder_set_card (self->blinder, i % 2 == 0 ? card : NULL);
  wait_for_pictures (self, 45);
  stop (self);

  assert_tapes_gapless (self);
  seen = look_at (&self->air_tape);
  g_assert_false (seen.bright);
  g_assert_cmpuint (seen.n_dark, >=, 20);
}

/* A show that goes live while it pauses shows nothing of what is behind, from the first picture on. */
static void
test_begins_paused (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) card = make_frame (16);
  Seen seen = { 0 };

  engine_blinder_set_card (self->blinder, card);
  start (self);
  wait_for_pictures (self, 40);
  engine_blinder_set_card (self->blinder, NULL);
  wait_for_pictures (self, 40);
  stop (self);

  assert_tapes_gapless (self);
  seen = look_at (&self->air_tape);
  g_assert_cmpuint (seen.n_changes, ==, 1);
  g_assert_true (seen.bright);
  g_assert_cmpuint (seen.n_dark, >=, 20);
}

/* Music is heard by the audience only. */
static void
test_music (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) card = make_frame (16);
  g_autoptr (GError) error = NULL;
  char *folder = engine_testing_make_folder ();
  g_autofree char *path = g_build_filename (folder, "music.wav", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *text =
    g_strdup_printf ("audiotestsrc num-buffers=100 volume=0.5 ! wavenc ! filesink location=\"%s\"",
                     path);
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  Heard heard = { 0 };

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_message_unref (gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);

  engine_blinder_set_music (self->blinder, uri);
  start (self);
  engine_blinder_set_card (self->blinder, card);
  wait_for_pictures (self, 90);
  stop (self);
  heard = listen_to (&self->air_tape);
  g_assert_cmpuint (heard.n_loud, >=, 50);
  g_assert_cmpuint (heard.n_silent, >=, 10);
  engine_testing_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/blinder/hides-from-the-audience-only", Fixture, NULL, set_up, test_pauses,
              tear_down);
  g_test_add ("/engine/blinder/follows-changes-of-mind", Fixture, NULL, set_up,
              test_changes_of_mind, tear_down);
  g_test_add ("/engine/blinder/begins-paused", Fixture, NULL, set_up, test_begins_paused,
              tear_down);
  g_test_add ("/engine/blinder/plays-music", Fixture, NULL, set_up, test_music, tear_down);
  return g_test_run ();
}
