/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-picture.h"
#include "engine-testing-stage.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"

#include <math.h>

#define WIDTH  320
#define HEIGHT 180

static const EngineFormat format = { WIDTH, HEIGHT, 30, 500000, 64000 };

static gboolean
frame_cb (GstBuffer *buffer, gpointer user_data)
{
  EngineTestingStage *self = user_data;
  const gint64 time_ns = (gint64) GST_BUFFER_PTS (buffer);

  g_mutex_lock (&self->lock);
  g_array_append_val (self->times, time_ns);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
block_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  EngineTestingStage *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++)
    g_array_append_val (self->samples, samples[i * 2]);
  g_mutex_unlock (&self->lock);
}

static void
make_source (EngineTestingStage *self, gboolean stands_still)
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

void
engine_testing_stage_set_up (EngineTestingStage *self, gconstpointer data)
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
check_program (EngineTestingStage *self)
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

void
engine_testing_stage_tear_down (EngineTestingStage *self, gconstpointer data)
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
  EngineTestingStage *self = data;

  return engine_source_get_state (self->source) == self->state;
}

void
engine_testing_stage_wait_for_state (EngineTestingStage *self, EngineSourceState state)
{
  self->state = state;
  g_assert_true (engine_testing_wait (is_in_state, self, 5000));
}

/* How far the middle of the program is from a colour. */
double
engine_testing_stage_get_distance (EngineTestingStage *self, guint32 colour)
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
  return engine_testing_stage_get_distance (data, ((EngineTestingStage *) data)->colour) < 12;
}

void
engine_testing_stage_wait_for_colour (EngineTestingStage *self, guint32 colour)
{
  self->colour = colour;
  g_assert_true (engine_testing_wait (shows_colour, self, 5000));
}

/* A card is drawn, and is none of the callers' pictures. */
static gboolean
shows_card (gpointer data)
{
  g_autoptr (EnginePicture) picture =
    engine_slot_peek_picture (_engine_source_get_slot (((EngineTestingStage *) data)->source),
                              ((gint64) 1 << 60));

  return picture != NULL && picture->time_ns == 0 &&
         engine_testing_stage_get_distance (data, ENGINE_TESTING_GREEN) > 30 &&
         engine_testing_stage_get_distance (data, ENGINE_TESTING_RED) > 30 &&
         engine_testing_stage_get_distance (data, ENGINE_TESTING_BLUE) > 30;
}

void
engine_testing_stage_wait_for_card (EngineTestingStage *self)
{
  g_assert_true (engine_testing_wait (shows_card, self, 5000));
}

static gboolean
has_enough (gpointer data)
{
  EngineTestingStage *self = data;

  g_mutex_lock (&self->lock);
  const gboolean enough = self->samples->len >= self->wanted;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* The level of a tone in the program's next quarter of a second. */
double
engine_testing_stage_hear (EngineTestingStage *self, double hz)
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

/* On a busy machine the delay has to grow first. */
void
engine_testing_stage_assert_hears (EngineTestingStage *self, double hz)
{
  double level_db = engine_testing_stage_hear (self, hz);

  for (guint i = 0; i < 20 && fabs (level_db + 20) > 0.5; i++)
    level_db = engine_testing_stage_hear (self, hz);
  g_assert_cmpfloat_with_epsilon (level_db, -20, 0.5);
}

static gboolean
has_picture_as_wanted (gpointer data)
{
  EngineTestingStage *self = data;

  return engine_source_get_has_picture (self->source) == self->has_picture;
}

void
engine_testing_stage_wait_for_has_picture (EngineTestingStage *self, gboolean has_picture)
{
  self->has_picture = has_picture;
  g_assert_true (engine_testing_wait (has_picture_as_wanted, self, 5000));
}
