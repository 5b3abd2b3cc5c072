/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-source-private.h"
#include "engine-testing-caller.h"
#include "engine-testing-picture.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"
#include "engine-video-mixer.h"

#include <math.h>

#define WIDTH  320
#define HEIGHT 180
#define MS     ((gint64) GST_MSECOND)
#define GREEN  0x20c040
#define RED    0xd02020
#define BLUE   0x2020d0

static const EngineFormat format = { WIDTH, HEIGHT, 30, 500000, 64000 };

typedef struct {
  EngineClock *clock;
  EngineVideoMixer *video;
  EngineAudioMixer *audio;
  EngineSource *source;
  EngineTestingCaller caller;
  EngineTestingCaller other;
  guint32 colour; /* that is waited for */
  EngineSourceState state;
  gboolean has_picture;

  GMutex lock;     /* guards all below */
  GArray *times;   /* of gint64: of the program's frames */
  GArray *samples; /* of float: its sound, left */
  guint wanted;
} Fixture;

static gboolean
frame_cb (GstBuffer *buffer, gpointer user_data)
{
  Fixture *self = user_data;
  const gint64 time_ns = (gint64) GST_BUFFER_PTS (buffer);

  g_mutex_lock (&self->lock);
  g_array_append_val (self->times, time_ns);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
block_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Fixture *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++)
    g_array_append_val (self->samples, samples[i * 2]);
  g_mutex_unlock (&self->lock);
}

static void
make_source (Fixture *self, gboolean stands_still)
{
  const EngineSourceConfig config = { .id = "anna",
                                      .title = "Anna",
                                      .kind = ENGINE_SOURCE_REMOTE,
                                      .colour = "#c01c28",
                                      .stands_still = stands_still,
                                      .delay_ms = -1,
                                      .lost_sentence = "Back in a moment" };
  EngineSlot *slot = NULL;
  g_autoptr (EngineScene) scene = NULL;

  self->source = _engine_source_new (&config, self->clock, &format, self->audio);
  slot = _engine_source_get_slot (self->source);
  engine_video_mixer_add_slot (self->video, slot);
  scene = engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &slot, 1, NULL);
  engine_video_mixer_take (self->video, scene, ENGINE_TRANSITION_CUT, 0);
  _engine_source_start (self->source);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_mutex_init (&self->lock);
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->samples = g_array_new (FALSE, FALSE, sizeof (float));
  self->clock = engine_clock_new ();
  self->video = engine_video_mixer_new (self->clock, &format);
  self->audio = engine_audio_mixer_new (self->clock);
  engine_video_mixer_set_consumer (self->video, frame_cb, self);
  engine_audio_mixer_set_consumer (self->audio, block_cb, NULL, self);
  engine_video_mixer_start (self->video);
  engine_audio_mixer_start (self->audio);
  make_source (self, data != NULL);
}

/* Whatever happened: every frame of the program came, each a frame after the one before. */
static void
check_program (Fixture *self)
{
  g_mutex_lock (&self->lock);
  g_assert_cmpuint (self->times->len, >, 10);
  for (guint i = 1; i < self->times->len; i++) {
    const gint64 step_ns =
      g_array_index (self->times, gint64, i) - g_array_index (self->times, gint64, i - 1);

    g_assert_cmpint (ABS (step_ns - (gint64) GST_SECOND / 30), <=, 1);
  }
  g_mutex_unlock (&self->lock);
  g_assert_cmpuint (engine_video_mixer_get_stats (self->video).n_dropped, ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_testing_hang_up (&self->caller);
  engine_testing_hang_up (&self->other);
  engine_video_mixer_stop (self->video);
  engine_audio_mixer_stop (self->audio);
  check_program (self);
  _engine_source_stop (self->source);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_clear_object (&self->video);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->audio);
  engine_testing_assert_finalizes (self->clock);
  g_array_unref (self->times);
  g_array_unref (self->samples);
  g_mutex_clear (&self->lock);
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_state (self->source) == self->state;
}

static void
wait_for_state (Fixture *self, EngineSourceState state)
{
  self->state = state;
  g_assert_true (engine_testing_wait (is_in_state, self, 5000));
}

/* How far the middle of the program is from a colour. */
static double
get_distance (Fixture *self, guint32 colour)
{
  GstBuffer *buffer = engine_video_mixer_get_last_frame (self->video);
  GstVideoFrame frame;
  double distance = 0;

  if (buffer == NULL)
    return 1000;
  g_assert_true (
    gst_video_frame_map (&frame, engine_video_mixer_get_info (self->video), buffer, GST_MAP_READ));
  distance = engine_testing_compare_yuv (engine_testing_get_yuv (&frame, WIDTH / 2, HEIGHT * 3 / 4),
                                         engine_testing_to_yuv (colour));
  gst_video_frame_unmap (&frame);
  gst_buffer_unref (buffer);
  return distance;
}

static gboolean
shows_colour (gpointer data)
{
  return get_distance (data, ((Fixture *) data)->colour) < 12;
}

static void
wait_for_colour (Fixture *self, guint32 colour)
{
  self->colour = colour;
  g_assert_true (engine_testing_wait (shows_colour, self, 5000));
}

/* A card is drawn, and is none of the callers' pictures. */
static gboolean
shows_card (gpointer data)
{
  g_autoptr (EnginePicture) picture =
    engine_slot_peek_picture (_engine_source_get_slot (((Fixture *) data)->source),
                              ((gint64) 1 << 60));

  return picture != NULL && picture->time_ns == 0 && get_distance (data, GREEN) > 30 &&
         get_distance (data, RED) > 30 && get_distance (data, BLUE) > 30;
}

static void
wait_for_card (Fixture *self)
{
  g_assert_true (engine_testing_wait (shows_card, self, 5000));
}

static gboolean
has_enough (gpointer data)
{
  Fixture *self = data;

  g_mutex_lock (&self->lock);
  const gboolean enough = self->samples->len >= self->wanted;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* The level of a tone in the program's next quarter of a second. */
static double
hear (Fixture *self, double hz)
{
  const guint n = ENGINE_SAMPLE_RATE_HZ / 4;
  double level_db = 0;

  g_mutex_lock (&self->lock);
  const guint first = self->samples->len + ENGINE_SAMPLE_RATE_HZ / 10;
  self->wanted = first + n;
  g_mutex_unlock (&self->lock);
  g_assert_true (engine_testing_wait (has_enough, self, 5000));
  g_mutex_lock (&self->lock);
  level_db = engine_testing_tone_db (&g_array_index (self->samples, float, first), n, hz);
  g_mutex_unlock (&self->lock);
  return level_db;
}

static void
assert_hears (Fixture *self, double hz)
{
  const double level_db = hear (self, hz);

  g_assert_cmpfloat (fabs (level_db + 20), <, 0.5);
}

static gboolean
has_picture_as_wanted (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_has_picture (self->source) == self->has_picture;
}

static void
wait_for_has_picture (Fixture *self, gboolean has_picture)
{
  self->has_picture = has_picture;
  g_assert_true (engine_testing_wait (has_picture_as_wanted, self, 5000));
}

/* Comes, is lost for a reason, comes again, and leaves. */
static void
test_states (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) why = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the way broke");

  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_STARTING);
  g_assert_false (engine_source_get_has_picture (self->source));
  wait_for_card (self);
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, GREEN, 1000);
  wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  wait_for_colour (self, GREEN);
  assert_hears (self, 1000);
  wait_for_has_picture (self, TRUE);
  g_assert_true (engine_source_get_has_sound (self->source));
  g_assert_cmpstr (engine_source_get_description (self->source), ==, "640×360 30 fps");

  engine_source_close_remote (self->source, self->caller.bridge, why);
  engine_testing_hang_up (&self->caller);
  wait_for_state (self, ENGINE_SOURCE_STATE_LOST);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_STREAM);
  wait_for_card (self);

  engine_testing_call (&self->caller, self->clock, self->source, 320, 180, BLUE, 500);
  wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  g_assert_no_error (engine_source_get_error (self->source));
  wait_for_colour (self, BLUE);
  assert_hears (self, 500);

  engine_source_close_remote (self->source, self->caller.bridge, NULL);
  wait_for_state (self, ENGINE_SOURCE_STATE_STARTING);
  wait_for_card (self);
  g_assert_no_error (engine_source_get_error (self->source));
  g_assert_cmpfloat (hear (self, 500), <, -100);
}

/* Nothing comes any more, and nobody says so: a second and a half later it is lost. */
static void
test_stalls (Fixture *self, gconstpointer data)
{
  gint64 since_us = 0;

  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, GREEN, 1000);
  wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  wait_for_colour (self, GREEN);
  g_object_set (self->caller.picture_valve, "drop", TRUE, NULL);
  g_object_set (self->caller.sound_valve, "drop", TRUE, NULL);
  since_us = g_get_monotonic_time ();
  engine_testing_run_for (1000);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  wait_for_state (self, ENGINE_SOURCE_STATE_LOST);
  g_assert_cmpint (g_get_monotonic_time () - since_us, <, 2500000);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_STALLED);
  wait_for_card (self);
  g_object_set (self->caller.picture_valve, "drop", FALSE, NULL);
  wait_for_colour (self, GREEN);
  wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
}

/* With the camera off the card is seen in its place, and the voice goes on. */
static void
test_camera_off (Fixture *self, gconstpointer data)
{
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, GREEN, 1000);
  wait_for_has_picture (self, TRUE);
  wait_for_colour (self, GREEN);
  for (guint i = 0; i < 2; i++) {
    g_object_set (self->caller.picture_valve, "drop", TRUE, NULL);
    wait_for_has_picture (self, FALSE);
    wait_for_card (self);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
    g_assert_no_error (engine_source_get_error (self->source));
    assert_hears (self, 1000);
    g_object_set (self->caller.picture_valve, "drop", FALSE, NULL);
    wait_for_has_picture (self, TRUE);
    wait_for_colour (self, GREEN);
  }
}

#define ADD(path, func) g_test_add ("/engine/remote/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("states", test_states);
  ADD ("stalls", test_stalls);
  ADD ("camera-off", test_camera_off);
  return g_test_run ();
}
