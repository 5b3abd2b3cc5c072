/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-health.h"
#include "guest-pace.h"

/* A line that takes so much, with a queue of a second before it loses; the picture is sent as it is
 * asked for, and sound with it. Returns what is asked for after @seconds. */
static int
run (GuestPace *pace, double line_bps, double own_loss, guint seconds)
{
  double queue_bits = 0;
  int bps = (int) pace->bps;

  for (guint i = 0; i < seconds * 2; i++) {
    const double sent = bps + 60000;
    const double before = queue_bits;
    double lost = own_loss;

    queue_bits = MAX (0, queue_bits + (sent - line_bps) / 2);
    if (queue_bits > line_bps) {
      lost = MAX (lost, (queue_bits - line_bps) / (sent / 2));
      queue_bits = line_bps;
    }
    const double arrived = MIN (sent * (1 - lost), line_bps);
    const gint64 growth_ns =
      queue_bits > before ? (gint64) ((sent - line_bps) / line_bps * 1200 * 8 / sent * 1e9) : 0;

    bps = guest_pace_take (pace, &(GuestPaceReport){ sent, arrived, lost, growth_ns });
  }
  return bps;
}

static void
test_climbs (void)
{
  GuestPace pace;

  guest_pace_init (&pace);
  g_assert_cmpint (run (&pace, 1e7, 0, 10), ==, GUEST_PACE_MAX_BPS);
}

static void
test_fits (void)
{
  GuestPace pace;
  int bps = 0;

  guest_pace_init (&pace);
  /* A narrow line is found within a few seconds, and kept to. */
  run (&pace, 500000, 0, 5);
  for (guint i = 0; i < 60; i++) {
    bps = run (&pace, 500000, 0, 1);
    g_assert_cmpint (bps, <, 520000);
    g_assert_cmpint (bps, >, 250000);
  }
  /* When it opens up again, so does he, without haste. */
  bps = run (&pace, 5e6, 0, 3);
  g_assert_cmpint (bps, <, 1000000);
  g_assert_cmpint (run (&pace, 5e6, 0, 150), ==, GUEST_PACE_MAX_BPS);
}

/* Each time a line is full, sound is lost as well: what it did not take is not tried again soon. */
static void
test_waits (void)
{
  const GuestPaceReport free_line = { 480000, 480000, 0, 0 };
  GuestPace pace;
  guint n_reports[3] = { 0 };

  guest_pace_init (&pace);
  for (guint i = 0; i < G_N_ELEMENTS (n_reports); i++) {
    for (guint full = 0; full < 4; full++)
      guest_pace_take (&pace, &(GuestPaceReport){ 900000, 500000, 0.4, 0 });
    while (guest_pace_take (&pace, &free_line) < 420000)
      g_assert_cmpuint (++n_reports[i], <, 1000);
    g_assert_cmpint ((int) pace.bps, <, 450000);
  }
  g_assert_cmpuint (n_reports[0], >=, 60);
  g_assert_cmpuint (n_reports[1], >, n_reports[0] * 3 / 2);
  g_assert_cmpuint (n_reports[2], >, n_reports[1] * 3 / 2);
}

/* A radio line that loses by itself is not a full one. */
static void
test_loses (void)
{
  GuestPace pace;

  guest_pace_init (&pace);
  g_assert_cmpint (run (&pace, 1e7, 0.05, 20), <=, GUEST_PACE_START_BPS * 11 / 10);
  g_assert_cmpint ((int) pace.bps, >=, GUEST_PACE_START_BPS);
  g_assert_cmpint (run (&pace, 1e7, 0.01, 20), ==, GUEST_PACE_MAX_BPS);
  g_assert_cmpint (run (&pace, 1e7, 0.3, 20), ==, GUEST_PACE_MIN_BPS);
}

static void
test_odd (void)
{
  static const GuestPaceReport odd[] = {
    { 0, 0, 0, 0 },           { 0, 0, 1, G_MAXINT64 },   { 1e12, 0, 1, G_MININT64 },
    { 4e9, 4e9, 0, 0 },       { 1, 4e9, 0, 0 },          { 100, -5, 0.5, -1 },
    { 1e5, 1e5, 0, 5000000 }, { 1e5, 1e5, 0.05, -1000 },
  };
  GuestPace pace;

  guest_pace_init (&pace);
  for (guint i = 0; i < 1000; i++) {
    const int bps = guest_pace_take (&pace, &odd[i * 7 % G_N_ELEMENTS (odd)]);

    g_assert_cmpint (bps, >=, GUEST_PACE_MIN_BPS);
    g_assert_cmpint (bps, <=, GUEST_PACE_MAX_BPS);
  }
}

/* Judges once a second; returns after how many of @n seconds it first says @weak; 0: never. */
static guint
judge (GuestWeakness *weakness, const GuestHealth *health, gint64 *now_us, gboolean weak, guint n)
{
  for (guint i = 1; i <= n; i++) {
    *now_us += G_USEC_PER_SEC;
    if (guest_weakness_judge (weakness, health, health->rate_fps > 0, *now_us) == weak)
      return i;
  }
  return 0;
}

static void
test_weak (void)
{
  GuestHealth good = GUEST_HEALTH_NONE;
  GuestHealth bad[4];

  good.rate_fps = 15;
  good.lost_in_share = good.lost_out_share = 0.03;
  good.rtt_ms = 300;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    bad[i] = good;
  bad[0].lost_in_share = 0.06;
  bad[1].lost_out_share = 0.06;
  bad[2].rtt_ms = 450;
  bad[3].rate_fps = 9;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    GuestWeakness weakness = { 0 };
    gint64 now_us = 1000;

    g_assert_cmpuint (judge (&weakness, &good, &now_us, TRUE, 20), ==, 0);
    /* A moment's trouble is none. */
    g_assert_cmpuint (judge (&weakness, &bad[i], &now_us, TRUE, 2), ==, 0);
    g_assert_cmpuint (judge (&weakness, &good, &now_us, TRUE, 2), ==, 0);
    g_assert_cmpuint (judge (&weakness, &bad[i], &now_us, TRUE, 10), ==, 4);
    /* Nor is it over at the first good second. */
    g_assert_cmpuint (judge (&weakness, &good, &now_us, FALSE, 3), ==, 0);
    g_assert_cmpuint (judge (&weakness, &bad[i], &now_us, FALSE, 3), ==, 0);
    g_assert_cmpuint (judge (&weakness, &good, &now_us, FALSE, 20), ==, 6);
  }
  /* A line that lets a picture through now and then is no good one in between. */
  GuestWeakness choked = { 0 };
  gint64 now_us = 1000;

  bad[0] = bad[1] = good;
  bad[0].rate_fps = 2;
  bad[1].rate_fps = 0;
  g_assert_cmpuint (judge (&choked, &bad[0], &now_us, TRUE, 1), ==, 0);
  g_assert_cmpuint (judge (&choked, &bad[1], &now_us, TRUE, 2), ==, 0);
  g_assert_cmpuint (judge (&choked, &bad[0], &now_us, TRUE, 1), ==, 1);
  g_assert_cmpuint (judge (&choked, &bad[1], &now_us, FALSE, 20), ==, 6);

  /* What is not known is not bad, nor is a picture that nobody expects. */
  GuestWeakness weakness = { 0 };
  const GuestHealth none = GUEST_HEALTH_NONE;

  for (gint64 s = 1; s < 20; s++)
    g_assert_false (guest_weakness_judge (&weakness, &none, FALSE, s * G_USEC_PER_SEC));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/pace/climbs-while-all-arrives", test_climbs);
  g_test_add_func ("/guest/pace/fits-a-narrow-line", test_fits);
  g_test_add_func ("/guest/pace/seldom-tries-a-full-line-again", test_waits);
  g_test_add_func ("/guest/pace/tells-loss-from-a-full-line", test_loses);
  g_test_add_func ("/guest/pace/stays-in-bounds-whatever-comes", test_odd);
  g_test_add_func ("/guest/health/weak-with-hysteresis", test_weak);
  return g_test_run ();
}
