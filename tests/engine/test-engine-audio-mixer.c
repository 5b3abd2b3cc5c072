/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-audio-mixer.h"
#include "engine-limiter.h"
#include "engine-testing.h"

#include <math.h>
#include <string.h>

#define BLOCK ENGINE_AUDIO_BLOCK_FRAMES
#define RATE  ENGINE_SAMPLE_RATE_HZ

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSlot *slots[2];

  GMutex lock;     /* guards all below */
  GArray *samples; /* of float: all that came, left channel */
  GArray *right;
  GArray *times; /* of gint64 */
  guint n_levels;
  guint wanted;
} Fixture;

static void
block_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Fixture *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < BLOCK; i++) {
    g_array_append_val (self->samples, samples[i * 2]);
    g_array_append_val (self->right, samples[i * 2 + 1]);
  }
  g_array_append_val (self->times, time_ns);
  g_mutex_unlock (&self->lock);
}

static void
levels_cb (gpointer user_data)
{
  Fixture *self = user_data;

  g_mutex_lock (&self->lock);
  self->n_levels++;
  g_mutex_unlock (&self->lock);
}

/* Ten seconds from show time 0, of one value. */
static void
fill (EngineSlot *slot, float left, float right)
{
  g_autofree float *samples = g_new (float, RATE * 2);

  for (guint i = 0; i < RATE; i++) {
    samples[i * 2] = left;
    samples[i * 2 + 1] = right;
  }
  for (gint64 s = 0; s < 9; s++)
    engine_slot_push_sound (slot, samples, RATE, s * (gint64) GST_SECOND);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_mutex_init (&self->lock);
  self->samples = g_array_new (FALSE, FALSE, sizeof (float));
  self->right = g_array_new (FALSE, FALSE, sizeof (float));
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
  for (guint i = 0; i < G_N_ELEMENTS (self->slots); i++) {
    self->slots[i] = engine_slot_new (30);
    engine_audio_mixer_add_slot (self->mixer, self->slots[i]);
  }
  engine_audio_mixer_set_consumer (self->mixer, block_cb, levels_cb, self);
  engine_audio_mixer_start (self->mixer);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_audio_mixer_stop (self->mixer);
  engine_audio_mixer_stop (self->mixer);
  engine_testing_assert_finalizes (self->mixer);
  for (guint i = 0; i < G_N_ELEMENTS (self->slots); i++)
    engine_testing_assert_finalizes (self->slots[i]);
  engine_testing_assert_finalizes (self->clock);
  g_array_unref (self->samples);
  g_array_unref (self->right);
  g_array_unref (self->times);
  g_mutex_clear (&self->lock);
}

static gboolean
has_blocks (gpointer data)
{
  Fixture *self = data;

  g_mutex_lock (&self->lock);
  const gboolean enough = self->times->len >= self->wanted;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* Waits for so many blocks more; returns the number of the first sample of them. */
static guint
wait_for (Fixture *self, guint n_blocks)
{
  g_mutex_lock (&self->lock);
  const guint first = self->times->len;
  self->wanted = first + n_blocks;
  g_mutex_unlock (&self->lock);
  g_assert_true (engine_testing_wait (has_blocks, self, 10000));
  return first * BLOCK;
}

static float
nth (Fixture *self, guint n)
{
  g_mutex_lock (&self->lock);
  const float value = g_array_index (self->samples, float, n);
  g_mutex_unlock (&self->lock);
  return value;
}

static void
check_value (Fixture *self, float value)
{
  const guint first = wait_for (self, 8);

  /* What was on its way: a block, its ramp, and the limiter's delay. */
  for (guint i = first + 3 * BLOCK + ENGINE_LIMITER_DELAY_FRAMES; i < first + 8 * BLOCK; i++)
    g_assert_cmpfloat_with_epsilon (nth (self, i), value, 1e-4);
}

static void
test_times (Fixture *self, gconstpointer data)
{
  wait_for (self, 60);
  engine_audio_mixer_stop (self->mixer);
  for (guint i = 1; i < self->times->len; i++)
    g_assert_cmpint (g_array_index (self->times, gint64, i) -
                       g_array_index (self->times, gint64, i - 1),
                     ==, 10 * GST_MSECOND);
  g_assert_cmpuint (engine_audio_mixer_get_n_blocks (self->mixer), >=, self->times->len);
  g_assert_cmpuint (engine_audio_mixer_get_n_blocks (self->mixer), <=, self->times->len + 1);
  g_assert_cmpuint (self->n_levels, >=, self->times->len / 5 - 1);
}

static void
test_sum (Fixture *self, gconstpointer data)
{
  fill (self->slots[0], 0.25f, 0.1f);
  check_value (self, 0.25f);
  fill (self->slots[1], 0.375f, -0.3f);
  check_value (self, 0.625f);
  g_mutex_lock (&self->lock);
  g_assert_cmpfloat_with_epsilon (g_array_index (self->right, float, self->right->len - 1), -0.2,
                                  1e-4);
  g_mutex_unlock (&self->lock);
}

/* The sample that is heard is the one that was due then. */
static void
test_position (Fixture *self, gconstpointer data)
{
  g_autofree float *samples = g_new (float, RATE * 2);

  for (gint64 s = 0; s < 9; s++) {
    for (guint i = 0; i < RATE; i++)
      samples[i * 2] = samples[i * 2 + 1] = (float) (s * RATE + i) / (10 * RATE) * 0.5f;
    engine_slot_push_sound (self->slots[0], samples, RATE, s * (gint64) GST_SECOND);
  }
  wait_for (self, 4);
  const guint first = wait_for (self, 4) / BLOCK;
  for (guint block = first; block < first + 4; block++) {
    const gint64 time_ns = g_array_index (self->times, gint64, block);

    for (guint i = 0; i < BLOCK; i++) {
      const double position = (double) time_ns * RATE / 1e9 + i;

      g_assert_cmpfloat_with_epsilon (nth (self, block * BLOCK + i), position / (10 * RATE) * 0.5,
                                      2e-6);
    }
  }
}

static void
check_no_click (Fixture *self, guint first)
{
  for (guint i = MAX (first, 1); i < self->samples->len; i++)
    g_assert_cmpfloat (fabsf (nth (self, i) - nth (self, i - 1)), <=, 0.5f / BLOCK * 1.1f);
}

static void
test_gain (Fixture *self, gconstpointer data)
{
  guint begin = 0;

  fill (self->slots[0], 0.5f, 0.5f);
  check_value (self, 0.5f);
  begin = wait_for (self, 1);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 0);
  check_value (self, 0);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 0.5);
  check_value (self, 0.25f);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 1);
  check_value (self, 0.5f);
  engine_audio_mixer_stop (self->mixer);
  check_no_click (self, begin);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  check_value (self, 0);
  fill (self->slots[0], 0.5f, 0.5f);
  check_value (self, 0.5f);
  engine_slot_clear (self->slots[0]);
  check_value (self, 0);
}

static EngineLevels
get_levels (Fixture *self, EngineSlot *slot)
{
  EngineLevels levels;

  engine_audio_mixer_get_levels (self->mixer, slot, &levels);
  return levels;
}

static void
test_levels (Fixture *self, gconstpointer data)
{
  EngineLevels levels = get_levels (self, self->slots[0]);

  g_assert_cmpfloat (levels.peak_db[0], ==, -120);
  g_assert_cmpfloat (levels.held_db[0], ==, -120);
  fill (self->slots[0], 0.5f, -0.1f);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 0.5);
  wait_for (self, 16);
  levels = get_levels (self, self->slots[0]);
  g_assert_cmpfloat_with_epsilon (levels.peak_db[0], -12.04, 0.01);
  g_assert_cmpfloat_with_epsilon (levels.peak_db[1], -26.02, 0.01);
  g_assert_cmpfloat_with_epsilon (levels.input_db[0], -6.02, 0.01);
  g_assert_cmpfloat_with_epsilon (levels.input_db[1], -20, 0.01);
  levels = get_levels (self, self->slots[1]);
  g_assert_cmpfloat (levels.peak_db[0], ==, -120);
  levels = get_levels (self, NULL);
  g_assert_cmpfloat_with_epsilon (levels.peak_db[0], -12.04, 0.01);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 0);
  wait_for (self, 16);
  levels = get_levels (self, self->slots[0]);
  g_assert_cmpfloat (levels.peak_db[0], ==, -120);
  g_assert_cmpfloat_with_epsilon (levels.input_db[0], -6.02, 0.01);
  /* The mark is still there. */
  g_assert_cmpfloat_with_epsilon (levels.held_db[1], -26.02, 6.03);
  g_assert_cmpfloat (levels.held_db[0], >, -13);
}

/* What broken decoders give does not stay in the mix. */
static void
test_not_a_number (Fixture *self, gconstpointer data)
{
  fill (self->slots[0], NAN, INFINITY);
  fill (self->slots[1], 0.25f, 0.25f);
  check_value (self, 0.25f);
  fill (self->slots[0], 1e30f, -1e30f);
  wait_for (self, 8);
  for (guint i = 0; i < self->samples->len; i++)
    g_assert_cmpfloat (fabsf (nth (self, i)), <=, 0.8911f);
  engine_slot_clear (self->slots[0]);
  wait_for (self, 150);
  check_value (self, 0.25f);
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  fill (self->slots[0], 0.5f, 0.5f);
  check_value (self, 0.5f);
  engine_audio_mixer_remove_slot (self->mixer, self->slots[0]);
  check_value (self, 0);
  g_assert_cmpfloat (get_levels (self, self->slots[0]).peak_db[0], ==, -120);
  engine_audio_mixer_set_gain (self->mixer, self->slots[0], 1);
  engine_audio_mixer_remove_slot (self->mixer, self->slots[0]);
  engine_audio_mixer_add_slot (self->mixer, self->slots[0]);
  check_value (self, 0.5f);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/audio-mixer/times-follow-on", test_times);
  ADD ("/engine/audio-mixer/sources-are-summed", test_sum);
  ADD ("/engine/audio-mixer/each-sample-at-its-time", test_position);
  ADD ("/engine/audio-mixer/gain-moves-without-a-click", test_gain);
  ADD ("/engine/audio-mixer/missing-sound-is-silence", test_missing);
  ADD ("/engine/audio-mixer/levels", test_levels);
  ADD ("/engine/audio-mixer/not-a-number-is-left-out", test_not_a_number);
  ADD ("/engine/audio-mixer/slots-come-and-go", test_remove);
  return g_test_run ();
}
