/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ring.h"

#include <math.h>

#define RATE      ENGINE_SAMPLE_RATE_HZ
#define BLOCK     480u
#define AMPLITUDE 0.5

/* A source whose clock runs by @ppm millionths faster than the show's, and how far its times are off
 * at random. */
typedef struct {
  double ppm;
  int jitter_us;
  double hz;
  guint seconds;
  guint window; /* how much of it is looked at in one piece */
} Clock;

/* What is left of sound when its sine is taken away, in dB of the sine. */
static double
measure_rest (const float *samples, guint n, double hz)
{
  double sines = 0, cosines = 0, rest = 0;

  for (guint i = 0; i < n; i++) {
    sines += samples[i] * sin (2 * G_PI * hz * i / RATE) * 2 / n;
    cosines += samples[i] * cos (2 * G_PI * hz * i / RATE) * 2 / n;
  }
  for (guint i = 0; i < n; i++) {
    const double angle = 2 * G_PI * hz * i / RATE;

    rest += pow (samples[i] - sines * sin (angle) - cosines * cos (angle), 2);
  }
  return 10 * log10 (rest / n / ((sines * sines + cosines * cosines) / 2));
}

/* Left a tone, right a slow wave of 20 s by which one sees where one is. */
static void
make_block (gint64 first, double hz, float *samples)
{
  for (guint i = 0; i < BLOCK; i++) {
    const double t = (double) (first + i) / RATE;

    samples[i * 2] = (float) (AMPLITUDE * sin (2 * G_PI * hz * t));
    samples[i * 2 + 1] = (float) sin (2 * G_PI * t / 20);
  }
}

static void
run_clock (const Clock *clock, double *rest_db, double *worst_ms, double *worst_step)
{
  g_autoptr (EngineRing) ring = engine_ring_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autofree float *second = g_new0 (float, RATE);
  const double faster = 1 + clock->ppm / 1e6;
  float samples[BLOCK * 2], out[BLOCK * 2], last = 0;

  *rest_db = -200;
  *worst_ms = *worst_step = 0;
  for (guint block = 0; block < clock->seconds * 100; block++) {
    const gint64 pushed = (gint64) block * BLOCK;
    const double due = RATE + (double) pushed / faster;
    const int jitter_us =
      clock->jitter_us > 0 ? g_rand_int_range (rand, -clock->jitter_us, clock->jitter_us) : 0;
    const gint64 read_at = (gint64) due - 3 * (gint64) BLOCK;

    make_block (pushed, clock->hz, samples);
    engine_ring_push (ring, samples, BLOCK, (gint64) (due / RATE * 1e9) + jitter_us * 1000);
    if (block < 5)
      continue;
    g_assert_true (engine_ring_read (ring, read_at, BLOCK, out));
    for (guint i = 0; i < BLOCK; i++) {
      const double t = (double) (read_at + i - RATE) * faster / RATE;
      const double slope = 2 * G_PI / 20 * cos (2 * G_PI * t / 20);

      /* Where the slow wave is steep, a difference in height is one in time. */
      if (fabs (slope) > 0.2)
        *worst_ms =
          MAX (*worst_ms, fabs ((out[i * 2 + 1] - sin (2 * G_PI * t / 20)) / slope) * 1000);
      /* Blocks that are read overlap or leave something out, as the two clocks differ. */
      if (i > 0)
        *worst_step = MAX (*worst_step, fabs ((double) (out[i * 2] - last)));
      last = out[i * 2];
    }
    if (block < 6000 || block % 500 != 0 || read_at < 2 * RATE)
      continue;
    /* A second in one piece. */
    g_autofree float *pair = g_new (float, RATE * 2);
    g_assert_true (engine_ring_read (ring, read_at - RATE, RATE, pair));
    for (guint i = 0; i < RATE; i++)
      second[i] = pair[i * 2];
    for (guint at = 0; at < RATE; at += clock->window)
      *rest_db = MAX (*rest_db, measure_rest (second + at, clock->window, clock->hz * faster));
  }
}

/* No jump and no click, and a tone stays one. */
static void
check_clock (double ppm, double hz, int jitter_us, guint window, double limit_db)
{
  const Clock clock = { ppm, jitter_us, hz, 90, window };
  const double step = AMPLITUDE * 2 * sin (G_PI * hz * (1 + ABS (ppm) / 1e6) / RATE);
  double rest_db = 0, worst_ms = 0, worst_step = 0;

  run_clock (&clock, &rest_db, &worst_ms, &worst_step);
  g_test_message ("%+g ppm, %g Hz, ±%d µs: rest %.1f dB, off by %.2f ms, step %.4f of %.4f", ppm,
                  hz, jitter_us, rest_db, worst_ms, worst_step, step);
  g_assert_cmpfloat (worst_ms, <, 5);
  g_assert_cmpfloat (worst_step, <, step * 1.01);
  g_assert_cmpfloat (rest_db, <, limit_db);
}

static void
test_drift (void)
{
  check_clock (500, 1000, 0, RATE, -70);
  check_clock (-500, 1000, 0, RATE, -70);
  check_clock (80, 997, 0, RATE, -70);
  check_clock (200, 10000, 0, RATE, -70);
}

/* Times that are those of arrival: it wanders about the pitch by some millionths, which takes longer
 * than what is looked at here, and is a hundredth of what is heard. */
static void
test_jitter (void)
{
  check_clock (500, 1000, 2000, RATE / 100, -55);
  check_clock (-50, 1000, 2000, RATE / 100, -55);
}

/* A clock that is right is not touched: every sample comes out as it went in. */
static void
test_exact (void)
{
  g_autoptr (EngineRing) ring = engine_ring_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  float samples[BLOCK * 2], out[BLOCK * 2];

  for (guint block = 0; block < 6000; block++) {
    const gint64 first = RATE + (gint64) block * BLOCK;
    const gint64 jitter_ns = block > 0 ? g_rand_int_range (rand, -2000000, 2000000) : 0;

    make_block (first, 1000, samples);
    engine_ring_push (ring, samples, BLOCK, first * (gint64) 1000000000 / RATE + 1000 + jitter_ns);
    g_assert_true (engine_ring_read (ring, first, BLOCK, out));
    g_assert_cmpmem (out, sizeof out, samples, sizeof samples);
  }
}

/* A source that was followed and begins again elsewhere is where it says at once. */
static void
test_jump (void)
{
  g_autoptr (EngineRing) ring = engine_ring_new ();
  float samples[BLOCK * 2], out[BLOCK * 2];

  for (guint block = 0; block < 1000; block++) {
    const double due = RATE + (double) block * BLOCK / 1.001;

    make_block ((gint64) block * BLOCK, 1000, samples);
    engine_ring_push (ring, samples, BLOCK, (gint64) (due / RATE * 1e9));
  }
  make_block (0, 440, samples);
  engine_ring_push (ring, samples, BLOCK, (gint64) 30 * 1000000000);
  g_assert_true (engine_ring_read (ring, 30 * RATE, BLOCK, out));
  g_assert_cmpmem (out, sizeof out, samples, sizeof samples);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/ring/follows-a-drifting-clock-without-a-click", test_drift);
  g_test_add_func ("/engine/ring/follows-it-by-uncertain-times", test_jitter);
  g_test_add_func ("/engine/ring/leaves-a-right-clock-alone", test_exact);
  g_test_add_func ("/engine/ring/jumps-where-it-is-told", test_jump);
  return g_test_run ();
}
