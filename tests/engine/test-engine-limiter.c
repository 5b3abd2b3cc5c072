/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-limiter.h"

#include <ebur128.h>
#include <math.h>

/* −1 dBTP: what meters may show. */
#define CEILING 0.89125f

/* What the limiter itself aims at. */
#define AIM   0.881

#define BLOCK 480u

typedef float (*Wave) (guint64 frame, float level);

static float
sine_of (guint64 frame, float level, double hz)
{
  return level * (float) sin (2 * G_PI * hz * (double) frame / ENGINE_SAMPLE_RATE_HZ);
}

static float
low_sine (guint64 frame, float level)
{
  return sine_of (frame, level, 50);
}

static float
sine (guint64 frame, float level)
{
  return sine_of (frame, level, 1000);
}

static float
high_sine (guint64 frame, float level)
{
  return sine_of (frame, level, 15000);
}

static float
square (guint64 frame, float level)
{
  return frame / 109 % 2 == 0 ? level : -level;
}

static float
impulses (guint64 frame, float level)
{
  return frame % 1733 == 0 ? level : 0;
}

/* One sample, in the midst of soft sound, louder each time. */
static float
rising_impulses (guint64 frame, float level)
{
  if (frame % 100 != 0)
    return 0.1f;
  return level * (float) (frame % 48000) / 48000;
}

static float
noise (guint64 frame, float level)
{
  const guint32 value = ((guint32) frame * 2654435761u) ^ ((guint32) frame << 7);

  return level * ((float) (value >> 8) / (float) (1u << 23) - 1);
}

/* The case of EBU Tech 3341: a quarter of the sampling rate, sampled beside its peaks: they are 3 dB
 * higher than any sample. */
static float
between_samples (guint64 frame, float level)
{
  return level * (float) sin (2 * G_PI * ((double) frame / 4 + 0.125));
}

/* The same for a sixth, which ends and begins again. */
static float
bursts (guint64 frame, float level)
{
  if (frame % 4800 >= 2400)
    return 0;
  return level * (float) sin (2 * G_PI * ((double) frame / 6 + 60.0 / 360));
}

/* Speech is like this: soft, then suddenly not, with all frequencies at once. */
static float
clapping (guint64 frame, float level)
{
  const guint64 since = frame % 9600;

  return noise (frame, level) * (float) exp (-(double) since / 700);
}

static const Wave waves[] = { low_sine,        sine,  high_sine,       square, impulses,
                              rising_impulses, noise, between_samples, bursts, clapping };

static void
fill (Wave wave, float level, guint64 first, float *samples)
{
  for (guint i = 0; i < BLOCK; i++) {
    samples[i * 2] = wave (first + i, level);
    samples[i * 2 + 1] = wave (first + i, -level / 2);
  }
}

static double
measure_true_peak (ebur128_state *meter)
{
  double left = 0, right = 0;

  g_assert_cmpint (ebur128_true_peak (meter, 0, &left), ==, EBUR128_SUCCESS);
  g_assert_cmpint (ebur128_true_peak (meter, 1, &right), ==, EBUR128_SUCCESS);
  return MAX (left, right);
}

/* As libebur128 measures it, between the samples as well. */
static void
test_ceiling (void)
{
  static const float levels_db[] = { -6, 0, 3, 12, 18 };

  for (guint w = 0; w < G_N_ELEMENTS (waves); w++) {
    for (guint l = 0; l < G_N_ELEMENTS (levels_db); l++) {
      ebur128_state *meter = ebur128_init (2, ENGINE_SAMPLE_RATE_HZ, EBUR128_MODE_TRUE_PEAK);
      EngineLimiter limiter;
      float samples[BLOCK * 2];

      engine_limiter_init (&limiter);
      for (guint block = 0; block < 200; block++) {
        fill (waves[w], powf (10, levels_db[l] / 20), block * BLOCK, samples);
        engine_limiter_process (&limiter, samples, BLOCK);
        g_assert_cmpint (ebur128_add_frames_float (meter, samples, BLOCK), ==, EBUR128_SUCCESS);
      }
      g_test_message ("wave %u at %g dB: %.3f dBTP", w, (double) levels_db[l],
                      20 * log10 (measure_true_peak (meter)));
      g_assert_cmpfloat (measure_true_peak (meter), <=, CEILING);
      ebur128_destroy (&meter);
    }
  }
}

/* A limiter that only clips would keep the ceiling too: a sine must still be one. */
static void
test_no_clipping (void)
{
  EngineLimiter limiter;
  double error = 0, power = 0;

  engine_limiter_init (&limiter);
  for (guint block = 0; block < 200; block++) {
    float samples[BLOCK * 2];

    fill (sine, 4, block * BLOCK, samples);
    engine_limiter_process (&limiter, samples, BLOCK);
    for (guint i = 0; block >= 100 && i < BLOCK; i++) {
      const guint64 in_frame = block * BLOCK + i - ENGINE_LIMITER_DELAY_FRAMES;
      const double wanted = AIM * sin (2 * G_PI * 1000 * (double) in_frame / 48000);

      error += pow (samples[i * 2] - wanted, 2);
      power += wanted * wanted;
    }
  }
  /* Less than one part in a hundred is distortion. */
  g_assert_cmpfloat (sqrt (error / power), <, 0.01);
}

static void
test_transparent (void)
{
  for (guint w = 0; w < G_N_ELEMENTS (waves); w++) {
    EngineLimiter limiter;

    engine_limiter_init (&limiter);
    for (guint block = 0; block < 50; block++) {
      float samples[BLOCK * 2], before[BLOCK * 2];

      fill (waves[w], 0.4f, block * BLOCK, samples);
      engine_limiter_process (&limiter, samples, BLOCK);
      if (block == 0) {
        for (guint i = 0; i < ENGINE_LIMITER_DELAY_FRAMES * 2; i++)
          g_assert_cmpfloat (samples[i], ==, 0);
        continue;
      }
      fill (waves[w], 0.4f, block * BLOCK - ENGINE_LIMITER_DELAY_FRAMES, before);
      for (guint i = 0; i < BLOCK * 2; i++)
        g_assert_cmpfloat_with_epsilon (samples[i], before[i], 1e-6);
    }
  }
}

/* After a shout, a whisper is as loud as before within a second. */
static void
test_recovers (void)
{
  EngineLimiter limiter;
  float samples[BLOCK * 2], before[BLOCK * 2];

  engine_limiter_init (&limiter);
  for (guint block = 0; block < 100; block++) {
    fill (sine, 4, block * BLOCK, samples);
    engine_limiter_process (&limiter, samples, BLOCK);
  }
  for (guint block = 100; block < 220; block++) {
    fill (sine, 0.1f, block * BLOCK, samples);
    engine_limiter_process (&limiter, samples, BLOCK);
  }
  fill (sine, 0.1f, 219 * BLOCK - ENGINE_LIMITER_DELAY_FRAMES, before);
  for (guint i = 0; i < BLOCK * 2; i++)
    g_assert_cmpfloat_with_epsilon (samples[i], before[i], 0.001);
}

static void
test_any_block_size (void)
{
  EngineLimiter whole, pieces;
  float a[BLOCK * 2], b[BLOCK * 2];

  engine_limiter_init (&whole);
  engine_limiter_init (&pieces);
  for (guint block = 0; block < 30; block++) {
    fill (noise, 2, block * BLOCK, a);
    fill (noise, 2, block * BLOCK, b);
    engine_limiter_process (&whole, a, BLOCK);
    for (guint i = 0; i < BLOCK; i += 7)
      engine_limiter_process (&pieces, b + (gsize) i * 2, MIN (7, BLOCK - i));
    for (guint i = 0; i < BLOCK * 2; i++)
      g_assert_cmpfloat (a[i], ==, b[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/limiter/never-above-the-ceiling", test_ceiling);
  g_test_add_func ("/engine/limiter/turns-down-instead-of-clipping", test_no_clipping);
  g_test_add_func ("/engine/limiter/leaves-soft-sound-alone", test_transparent);
  g_test_add_func ("/engine/limiter/recovers", test_recovers);
  g_test_add_func ("/engine/limiter/same-whatever-the-block-size", test_any_block_size);
  return g_test_run ();
}
