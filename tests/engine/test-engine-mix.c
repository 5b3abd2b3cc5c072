/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-mix.h"
#include "engine-testing-tone.h"

#include <math.h>
#include <string.h>

#define BLOCK     ENGINE_AUDIO_BLOCK_FRAMES
#define RATE      ENGINE_SAMPLE_RATE_HZ
#define N_SOURCES 3u

static const double tones_hz[N_SOURCES] = { 440, 1000, 2500 };

/* All that somebody heard. */
typedef struct {
  GArray *left; /* of float */
  GArray *right;
} Heard;

/* A mix without a thread and a clock: as many blocks as the test wants, as fast as they come. */
typedef struct {
  EngineMix mix;
  EngineSlot *slots[N_SOURCES];
  EngineInput *inputs[N_SOURCES];
  Heard program;
  Heard listener;
  gint64 n_blocks;
} Fixture;

static void
hear_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Heard *heard = user_data;

  for (guint i = 0; i < BLOCK; i++) {
    g_array_append_val (heard->left, samples[i * 2]);
    g_array_append_val (heard->right, samples[i * 2 + 1]);
  }
}

static void
heard_init (Heard *self)
{
  self->left = g_array_new (FALSE, FALSE, sizeof (float));
  self->right = g_array_new (FALSE, FALSE, sizeof (float));
}

static void
heard_clear (Heard *self)
{
  g_array_unref (self->left);
  g_array_unref (self->right);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  engine_mix_init (&self->mix);
  heard_init (&self->program);
  heard_init (&self->listener);
  self->mix.now = (EngineMixWish){
    .inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_input_unref),
    .buses = g_ptr_array_new_with_free_func (g_object_unref),
    .func = hear_cb,
    .func_data = &self->program,
    .listener = hear_cb,
    .listener_data = &self->listener,
  };
  self->n_blocks = 0;
  for (guint i = 0; i < N_SOURCES; i++) {
    self->slots[i] = engine_slot_new (30);
    self->inputs[i] = engine_input_new (self->slots[i]);
    g_ptr_array_add (self->mix.now.inputs, self->inputs[i]);
  }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->mix.now.inputs);
  g_ptr_array_unref (self->mix.now.buses);
  engine_mix_clear (&self->mix);
  for (guint i = 0; i < N_SOURCES; i++)
    g_assert_finalize_object (self->slots[i]);
  heard_clear (&self->program);
  heard_clear (&self->listener);
}

/* Gives a source a second of its tone from where the mix is, and mixes that. */
static void
run_second (Fixture *self, guint n_sources, float amplitude)
{
  g_autofree float *samples = g_new (float, RATE * 2);
  const gint64 first = self->n_blocks * BLOCK;

  for (guint s = 0; s < n_sources; s++) {
    for (guint i = 0; i < RATE; i++) {
      const double t = (double) (first + i) / RATE;

      samples[i * 2] = samples[i * 2 + 1] = amplitude * (float) sin (2 * G_PI * tones_hz[s] * t);
    }
    /* A frame has no whole number of nanoseconds. */
    engine_slot_push_sound (self->slots[s], samples, RATE,
                            first * (gint64) GST_SECOND / RATE + 1000);
  }
  for (guint block = 0; block < 100; block++)
    engine_mix_run (&self->mix, self->n_blocks++ * BLOCK);
}

/* The level of a tone in what was last heard, over half a second, in dB of full scale. */
static double
level_of (GArray *heard, double hz)
{
  const guint n = RATE / 2;

  g_assert_cmpuint (heard->len, >=, n);
  return engine_testing_tone_db ((const float *) heard->data + heard->len - n, n, hz);
}

static double
biggest_step (GArray *heard, guint from)
{
  const float *samples = (const float *) heard->data;
  double step = 0;

  for (guint i = MAX (from, 1); i < heard->len; i++)
    step = MAX (step, fabs ((double) (samples[i] - samples[i - 1])));
  return step;
}

/* A tone that was there from the beginning never moves faster than this, and a little for a ramp. */
static double
allowed_step (double amplitude, double hz)
{
  return amplitude * (2 * sin (G_PI * hz / RATE) + 1.5 / BLOCK);
}

static void
test_mix_minus (Fixture *self, gconstpointer data)
{
  Heard returns[N_SOURCES + 1];

  for (guint b = 0; b <= N_SOURCES; b++) {
    EngineBus *bus = engine_bus_new (b < N_SOURCES ? self->slots[b] : NULL);

    heard_init (&returns[b]);
    engine_bus_set_consumer (bus, hear_cb, &returns[b]);
    g_ptr_array_add (self->mix.now.buses, bus);
  }
  self->inputs[1]->now.gain = 0.5f;
  run_second (self, N_SOURCES, 0.2f);
  run_second (self, N_SOURCES, 0.2f);
  for (guint b = 0; b <= N_SOURCES; b++) {
    for (guint s = 0; s < N_SOURCES; s++) {
      const double in_program = level_of (self->program.left, tones_hz[s]);
      const double in_return = level_of (returns[b].left, tones_hz[s]);

      g_assert_cmpfloat_with_epsilon (in_program, s == 1 ? -20 : -13.98, 0.1);
      if (s == b)
        g_assert_cmpfloat (in_return, <, in_program - 100);
      else
        g_assert_cmpfloat_with_epsilon (in_return, in_program, 0.1);
    }
    heard_clear (&returns[b]);
  }
}

/* One who shouts makes the program's limiter work, but not that of his own return. */
static void
test_own_limiter (Fixture *self, gconstpointer data)
{
  EngineBus *bus = engine_bus_new (self->slots[0]);
  Heard heard;

  heard_init (&heard);
  engine_bus_set_consumer (bus, hear_cb, &heard);
  g_ptr_array_add (self->mix.now.buses, bus);
  self->inputs[0]->now.gain = 8;
  self->inputs[1]->now.gain = 0.25f;
  run_second (self, 2, 0.8f);
  run_second (self, 2, 0.8f);
  g_assert_cmpfloat (level_of (self->program.left, tones_hz[1]), <, -25);
  g_assert_cmpfloat_with_epsilon (level_of (heard.left, tones_hz[1]), -13.98, 0.1);
  /* All three loud: now it has to. */
  self->inputs[1]->now.gain = self->inputs[2]->now.gain = 2;
  run_second (self, 3, 0.8f);
  run_second (self, 3, 0.8f);
  for (guint i = heard.left->len - RATE; i < heard.left->len; i++)
    g_assert_cmpfloat (fabsf (g_array_index (heard.left, float, i)), <=, 0.8913f);
  engine_bus_set_consumer (bus, NULL, NULL);
  const guint n_heard = heard.left->len;
  run_second (self, 3, 0.8f);
  g_assert_cmpuint (heard.left->len, ==, n_heard);
  heard_clear (&heard);
}

static void
test_follow (Fixture *self, gconstpointer data)
{
  EngineInputWish *wish = &self->inputs[1]->now;
  guint from = 0;

  wish->settings.follows = ENGINE_FOLLOW_SEEN;
  wish->ramp_frames = RATE / 2;
  run_second (self, 2, 0.2f);
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat (level_of (self->program.left, tones_hz[1]), <, -100);
  g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[0]), -13.98, 0.1);
  /* In with a fade of half a second: half of it after a quarter. */
  from = self->program.left->len;
  wish->seen = TRUE;
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat_with_epsilon (engine_testing_tone_db ((const float *) self->program.left->data +
                                                            from + 11520,
                                                          960, tones_hz[1]),
                                  -20, 0.7);
  g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[1]), -13.98, 0.1);
  /* Out with a cut, which is a block long. */
  wish->seen = FALSE;
  wish->ramp_frames = 0;
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat (level_of (self->program.left, tones_hz[1]), <, -100);
  wish->settings.follows = ENGINE_FOLLOW_ALWAYS;
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[1]), -13.98, 0.1);
  wish->seen = TRUE;
  wish->settings.follows = ENGINE_FOLLOW_NEVER;
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat (level_of (self->program.left, tones_hz[1]), <, -100);
  g_assert_cmpfloat (biggest_step (self->program.left, RATE / 2), <,
                     allowed_step (0.2, tones_hz[0]) + allowed_step (0.2, tones_hz[1]));
}

static void
test_solo (Fixture *self, gconstpointer data)
{
  self->inputs[0]->now.gain = 0;
  self->inputs[2]->now.settings.follows = ENGINE_FOLLOW_NEVER;
  run_second (self, N_SOURCES, 0.2f);
  run_second (self, N_SOURCES, 0.2f);
  /* Without solo, the program. */
  g_assert_cmpmem (self->listener.left->data, self->listener.left->len * sizeof (float),
                   self->program.left->data, self->program.left->len * sizeof (float));
  /* Muted, and not to be heard: the headphones have both, and nothing else. */
  self->inputs[0]->now.solo = self->inputs[2]->now.solo = TRUE;
  run_second (self, N_SOURCES, 0.2f);
  run_second (self, N_SOURCES, 0.2f);
  g_assert_cmpfloat_with_epsilon (level_of (self->listener.left, tones_hz[0]), -13.98, 0.1);
  g_assert_cmpfloat (level_of (self->listener.left, tones_hz[1]), <, -100);
  g_assert_cmpfloat_with_epsilon (level_of (self->listener.left, tones_hz[2]), -13.98, 0.1);
  g_assert_cmpfloat (level_of (self->program.left, tones_hz[0]), <, -100);
  g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[1]), -13.98, 0.1);
  self->inputs[0]->now.solo = self->inputs[2]->now.solo = FALSE;
  run_second (self, N_SOURCES, 0.2f);
  g_assert_cmpfloat (level_of (self->listener.left, tones_hz[0]), <, -100);
  g_assert_cmpfloat (biggest_step (self->listener.left, RATE / 2), <,
                     allowed_step (0.2, tones_hz[0]) + allowed_step (0.2, tones_hz[1]) +
                       allowed_step (0.2, tones_hz[2]));
}

/* When the beginning of the tone is heard, in milliseconds. */
static double
find_onset_ms (GArray *heard, guint from)
{
  for (guint i = from; i < heard->len; i++) {
    if (fabsf (g_array_index (heard, float, i)) > 0.02f)
      return (double) (i - from) * 1000 / RATE;
  }
  return -1;
}

static void
test_delay (Fixture *self, gconstpointer data)
{
  static const int delays_ms[] = { 0, 20, 333, 1000 };

  for (guint d = 0; d < G_N_ELEMENTS (delays_ms); d++) {
    guint from = 0;

    self->inputs[1]->now.settings.delay_ms = delays_ms[d];
    engine_slot_clear (self->slots[1]);
    /* Silence first: the tone begins with the next second. */
    for (guint second = 0; second < 2; second++)
      run_second (self, 0, 0);
    from = self->program.left->len;
    run_second (self, 2, 0.2f);
    run_second (self, 0, 0);
    engine_slot_clear (self->slots[0]);
    self->inputs[0]->now.gain = 0;
    g_assert_cmpfloat_with_epsilon (find_onset_ms (self->program.left, from),
                                    delays_ms[d] + ENGINE_LIMITER_DELAY_FRAMES * 1000.0 / RATE, 1);
  }
}

/* While a tone is heard, its delay is changed. */
static void
test_delay_moves (Fixture *self, gconstpointer data)
{
  guint from = 0;

  self->inputs[0]->now.gain = 0;
  self->inputs[0]->gain = 0;
  run_second (self, 2, 0.2f);
  from = self->program.left->len - RATE / 2;
  self->inputs[1]->now.settings.delay_ms = 400;
  run_second (self, 2, 0.2f);
  self->inputs[1]->now.settings.delay_ms = 0;
  run_second (self, 2, 0.2f);
  g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[1]), -13.98, 0.1);
  g_assert_cmpfloat (biggest_step (self->program.left, from), <,
                     allowed_step (0.2, tones_hz[1]) + 0.4 / BLOCK);
}

/* Sound that is wanted 200 ms before its picture: the picture comes so much later. */
static void
test_lead (Fixture *self, gconstpointer data)
{
  EngineSlot *slot = self->slots[0];
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (EnginePicture) early = NULL;
  g_autoptr (EnginePicture) due = NULL;
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 16, 16);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  engine_slot_set_sound_lead (slot, 200);
  engine_slot_push_picture (slot, buffer, &info, (gint64) GST_SECOND);
  early = engine_slot_pull_picture (slot, (gint64) GST_SECOND + 150 * (gint64) GST_MSECOND);
  g_assert_null (early);
  due = engine_slot_pull_picture (slot, (gint64) GST_SECOND + 200 * (gint64) GST_MSECOND);
  g_assert_nonnull (due);
  g_assert_cmpint (due->time_ns, ==, (gint64) GST_SECOND + 200 * (gint64) GST_MSECOND);
}

static void
test_pan (Fixture *self, gconstpointer data)
{
  static const double pans[] = { 0, -0.5, 0.5, -1, 1 };
  static const double left_db[] = { 0, 0, -5.33, 0, -200 };

  self->inputs[0]->now.gain = 0;
  self->inputs[0]->gain = 0;
  for (guint p = 0; p < G_N_ELEMENTS (pans); p++) {
    const double right_db = left_db[pans[p] == 0 ? p : (p % 2 == 1 ? p + 1 : p - 1)];

    self->inputs[1]->now.settings.pan = pans[p];
    run_second (self, 2, 0.2f);
    if (left_db[p] > -100)
      g_assert_cmpfloat_with_epsilon (level_of (self->program.left, tones_hz[1]),
                                      -13.98 + left_db[p], 0.1);
    else
      g_assert_cmpfloat (level_of (self->program.left, tones_hz[1]), <, -100);
    if (right_db > -100)
      g_assert_cmpfloat_with_epsilon (level_of (self->program.right, tones_hz[1]),
                                      -13.98 + right_db, 0.1);
    else
      g_assert_cmpfloat (level_of (self->program.right, tones_hz[1]), <, -100);
  }
  g_assert_cmpfloat (biggest_step (self->program.left, RATE / 2), <,
                     allowed_step (0.2, tones_hz[1]));
}

static void
test_held_peak (Fixture *self, gconstpointer data)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;

  run_second (self, 1, 0.5f);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_cmpfloat_with_epsilon (levels.held_db[0], -6.02, 0.1);
  /* Softer: it stays for a second and a half, then falls by 20 dB a second. */
  run_second (self, 1, 0.05f);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_cmpfloat_with_epsilon (levels.held_db[0], -6.02, 0.1);
  for (guint block = 0; block < 60; block += 5) {
    for (guint i = 0; i < 5; i++)
      engine_gauge_note_output (&self->inputs[0]->gauge, (float[BLOCK * 2]){ 0 }, BLOCK);
    engine_gauge_read (&self->inputs[0]->gauge, &levels);
  }
  g_assert_cmpfloat_with_epsilon (levels.held_db[0], -8.02, 1.1);
  g_assert_cmpfloat (levels.peak_db[0], ==, ENGINE_SILENCE_DB);
  g_assert_false (levels.clipped);
}

static void
test_clip_lamp (Fixture *self, gconstpointer data)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;
  g_autofree float *samples = g_new0 (float, RATE * 2);

  /* One sample at full scale is a loud sound; three in a row are not. */
  samples[9600] = 1;
  engine_gauge_note_input (&self->inputs[0]->gauge, samples, RATE);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_false (levels.clipped);
  samples[9602] = samples[9604] = 1;
  engine_gauge_note_input (&self->inputs[0]->gauge, samples, RATE);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_true (levels.clipped);
  /* It stays until somebody clears it. */
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_true (levels.clipped);
  levels.clipped = FALSE;
  self->inputs[0]->now.gain = 4;
  run_second (self, 1, 0.5f);
  engine_gauge_read (&self->inputs[0]->gauge, &levels);
  g_assert_true (levels.clipped);
  levels = ENGINE_LEVELS_SILENCE;
  engine_gauge_read (&self->mix.gauge, &levels);
  g_assert_true (levels.clipped);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/mix/everything-but-one", test_mix_minus);
  ADD ("/engine/mix/a-return-has-a-limiter-of-its-own", test_own_limiter);
  ADD ("/engine/mix/sound-follows-the-shot", test_follow);
  ADD ("/engine/mix/solo-is-for-the-headphones-only", test_solo);
  ADD ("/engine/mix/sound-is-delayed", test_delay);
  ADD ("/engine/mix/delay-moves-without-a-click", test_delay_moves);
  ADD ("/engine/mix/pictures-wait-for-sound-that-is-early", test_lead);
  ADD ("/engine/mix/pan", test_pan);
  ADD ("/engine/mix/peak-is-held-and-falls", test_held_peak);
  ADD ("/engine/mix/clip-lamp-stays", test_clip_lamp);
  return g_test_run ();
}
