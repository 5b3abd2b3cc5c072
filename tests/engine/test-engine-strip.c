/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-strip.h"
#include "engine-testing-tone.h"

#include <math.h>

#define RATE  ENGINE_SAMPLE_RATE_HZ
#define BLOCK 480u

/* Two seconds of a sine through a strip, settings changing in between. */
typedef struct {
  double hz;
  double level_db;
  EngineSoundSettings first; /* for one second */
  EngineSoundSettings then;
} Case;

static float *
run_strip (const Case *wanted)
{
  float *left = g_new (float, RATE * 2);
  EngineStrip strip;

  engine_strip_init (&strip, &wanted->first);
  for (guint at = 0; at < RATE * 2; at += BLOCK) {
    const EngineSoundSettings *settings = at < RATE ? &wanted->first : &wanted->then;
    float samples[BLOCK * 2];

    for (guint i = 0; i < BLOCK; i++)
      samples[i * 2] = samples[i * 2 + 1] =
        (float) (pow (10, wanted->level_db / 20) * sin (2 * G_PI * wanted->hz * (at + i) / RATE));
    engine_strip_process (&strip, settings, samples, BLOCK);
    for (guint i = 0; i < BLOCK; i++)
      left[at + i] = samples[i * 2];
  }
  return left;
}

static double
measure (double hz, double level_db, EngineSoundSettings settings)
{
  const Case wanted = { hz, level_db, settings, settings };
  g_autofree float *left = run_strip (&wanted);

  return engine_testing_tone_db (left + RATE, RATE, hz) - level_db;
}

static void
test_low_cut (void)
{
  const EngineSoundSettings on = { .low_cut = TRUE };

  g_assert_cmpfloat_with_epsilon (measure (90, -20, on), -3.01, 0.1);
  /* Twelve decibels an octave. */
  g_assert_cmpfloat_with_epsilon (measure (45, -20, on), -12.3, 0.2);
  g_assert_cmpfloat_with_epsilon (measure (22, -20, on), -24.5, 0.3);
  g_assert_cmpfloat_with_epsilon (measure (200, -20, on), -0.17, 0.1);
  g_assert_cmpfloat_with_epsilon (measure (1000, -20, on), 0, 0.02);
  g_assert_cmpfloat_with_epsilon (measure (15000, -20, on), 0, 0.02);
  g_assert_cmpfloat_with_epsilon (measure (45, -20, (EngineSoundSettings){ 0 }), 0, 0.001);
}

static void
test_compressor_curve (void)
{
  const EngineSoundSettings on = { .compressor = TRUE };
  static const double levels_db[] = { -60, -40, -26, -20, -14, -12, -6, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (levels_db); i++) {
    const double wanted = 5 - engine_strip_compress (levels_db[i]);

    /* Three to one above −20 dB, nothing below, and a knee of 12 dB between. */
    if (levels_db[i] <= -26)
      g_assert_cmpfloat (wanted, ==, 5);
    if (levels_db[i] >= -14)
      g_assert_cmpfloat_with_epsilon (wanted, 5 - (levels_db[i] + 20) * 2 / 3, 1e-9);
    g_assert_cmpfloat_with_epsilon (measure (1000, levels_db[i], on), wanted, 0.3);
  }
  g_assert_cmpfloat_with_epsilon (engine_strip_compress (-20), 1, 1e-9);
}

/* It leaves a tone a tone: what its own harmonics are is far below it. */
static void
test_compressor_distortion (void)
{
  const EngineSoundSettings on = { .compressor = TRUE };
  const Case wanted = { 200, -6, on, on };
  g_autofree float *left = run_strip (&wanted);
  const double tone = engine_testing_tone_db (left + RATE, RATE, 200);

  for (guint k = 2; k < 8; k++)
    g_assert_cmpfloat (engine_testing_tone_db (left + RATE, RATE, 200 * k), <, tone - 45);
}

static double
biggest_step (const float *samples, guint n)
{
  double step = 0;

  for (guint i = 1; i < n; i++)
    step = MAX (step, fabs ((double) (samples[i] - samples[i - 1])));
  return step;
}

/* Whatever is switched while a tone is there, it moves no faster than the tone itself would. */
static void
test_switches (void)
{
  const EngineSoundSettings off = { 0 }, low_cut = { .low_cut = TRUE },
                            compressor = { .compressor = TRUE }, left = { .pan = -1 },
                            right = { .pan = 1 };
  const Case cases[] = {
    { 60, -6, off, low_cut },      { 60, -6, low_cut, off },     { 300, -30, off, compressor },
    { 300, -30, compressor, off }, { 300, -6, off, compressor }, { 300, -6, off, right },
    { 300, -6, right, left },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree float *samples = run_strip (&cases[i]);
    const double loudest = pow (10, (cases[i].level_db + (i == 2 || i == 3 ? 5 : 0)) / 20);
    const double allowed = loudest * (2 * G_PI * cases[i].hz / RATE + 1.1 / BLOCK);

    g_test_message ("case %u: %.5f of %.5f", i, biggest_step (samples, RATE * 2), allowed);
    g_assert_cmpfloat (biggest_step (samples, RATE * 2), <, allowed);
  }
}

static void
test_neutral (void)
{
  const EngineSoundSettings off = { 0 };
  EngineStrip strip;
  float samples[BLOCK * 2], before[BLOCK * 2];

  engine_strip_init (&strip, &off);
  for (guint i = 0; i < BLOCK * 2; i++)
    samples[i] = before[i] = (float) sin (i * 0.37) * 0.9f;
  engine_strip_process (&strip, &off, samples, BLOCK);
  g_assert_cmpmem (samples, sizeof samples, before, sizeof before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/strip/low-cut", test_low_cut);
  g_test_add_func ("/engine/strip/compressor-has-its-curve", test_compressor_curve);
  g_test_add_func ("/engine/strip/compressor-leaves-tones-alone", test_compressor_distortion);
  g_test_add_func ("/engine/strip/switches-do-not-click", test_switches);
  g_test_add_func ("/engine/strip/does-nothing-when-nothing-is-wanted", test_neutral);
  return g_test_run ();
}
