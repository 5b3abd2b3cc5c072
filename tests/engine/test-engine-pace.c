/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pace.h"

#define RATE     30
#define FRAME_NS (G_GINT64_CONSTANT (1000000000) / RATE)
#define QUICK    (FRAME_NS / 10)
#define LATE     (FRAME_NS * 3 / 2)

/* Makes frames of the program for so long, each as slow; returns the number of the next one. */
static gint64
run (EnginePace *pace, gint64 n, gint64 n_frames, gint64 took_ns)
{
  for (const gint64 end = n + n_frames; n < end; n++) {
    if (!engine_pace_repeats (pace, n))
      engine_pace_note (pace, n, took_ns);
  }
  return n;
}

static void
test_quick (void)
{
  EnginePace pace;

  engine_pace_init (&pace, RATE);
  run (&pace, 1, 100 * RATE, FRAME_NS - 1);
  g_assert_false (pace.halved);
}

/* A late frame now and then, and a short burst of them, are borne. */
static void
test_hiccups (void)
{
  EnginePace pace;
  gint64 n = 1;

  engine_pace_init (&pace, RATE);
  for (guint i = 0; i < 100; i++) {
    n = run (&pace, n, RATE / 2, QUICK);
    n = run (&pace, n, 1, LATE);
  }
  g_assert_false (pace.halved);
  for (guint i = 0; i < 20; i++) {
    n = run (&pace, n, 6 * RATE, QUICK);
    n = run (&pace, n, RATE / 3, LATE);
  }
  g_assert_false (pace.halved);
}

static void
test_halves (void)
{
  EnginePace pace;
  guint n_repeated = 0;
  gint64 n = 0;

  engine_pace_init (&pace, RATE);
  n = run (&pace, 1, 2 * RATE, LATE);
  g_assert_true (pace.halved);
  for (gint64 i = n; i < n + RATE; i++)
    n_repeated += engine_pace_repeats (&pace, i) ? 1 : 0;
  g_assert_cmpuint (n_repeated, ==, RATE / 2);
}

/* What is late again and again, but not always, is late. */
static void
test_halves_when_often_late (void)
{
  EnginePace pace;
  gint64 n = 1;

  engine_pace_init (&pace, RATE);
  for (guint i = 0; i < 10; i++) {
    n = run (&pace, n, 4, QUICK);
    n = run (&pace, n, 1, LATE);
  }
  g_assert_true (pace.halved);
}

/* It goes back after a calm, not before; each relapse makes it more careful, a long peace less. */
static void
test_calm (void)
{
  EnginePace pace;
  gint64 n = 1, last = 0;

  engine_pace_init (&pace, RATE);
  for (guint i = 0; i < 8; i++) {
    gint64 begun = 0;

    n = run (&pace, n, 2 * RATE, LATE);
    g_assert_true (pace.halved);
    begun = n;
    while (pace.halved)
      n = run (&pace, n, 1, QUICK);
    g_assert_cmpint (n - begun, >=, last - 2 * RATE);
    g_assert_cmpint (n - begun, >=, 2 * RATE - 4);
    g_assert_cmpint (n - begun, <=, 33 * RATE);
    last = n - begun;
  }
  g_assert_cmpint (last, >=, 30 * RATE);
  n = run (&pace, n, 60 * RATE, QUICK);
  n = run (&pace, n, 2 * RATE, LATE);
  g_assert_true (pace.halved);
  n = run (&pace, n, 3 * RATE, QUICK);
  g_assert_false (pace.halved);
}

/* Frames that take most of their time would be late at the full rate: that is no calm. */
static void
test_no_calm (void)
{
  EnginePace pace;
  gint64 n = 1;

  engine_pace_init (&pace, RATE);
  n = run (&pace, n, 2 * RATE, LATE);
  n = run (&pace, n, 100 * RATE, FRAME_NS * 9 / 10);
  g_assert_true (pace.halved);
  run (&pace, n, 3 * RATE, QUICK);
  g_assert_false (pace.halved);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/pace/quick-frames-are-all-made", test_quick);
  g_test_add_func ("/engine/pace/hiccups-are-borne", test_hiccups);
  g_test_add_func ("/engine/pace/halves-when-always-late", test_halves);
  g_test_add_func ("/engine/pace/halves-when-often-late", test_halves_when_often_late);
  g_test_add_func ("/engine/pace/goes-back-after-a-calm", test_calm);
  g_test_add_func ("/engine/pace/hardly-in-time-is-no-calm", test_no_calm);
  return g_test_run ();
}
