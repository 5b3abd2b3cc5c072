/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-governor.h"

#define CHOSEN 4500000

/* A link of so many bits a second behind a queue: what it takes out of what it is given. */
typedef struct {
  double link_bps;
  double queue_bits;
} Link;

static EngineUplink
send_for_a_second (Link *link, int bps)
{
  const double wanted = link->queue_bits + bps;
  const double sent = MIN (wanted, link->link_bps);
  EngineUplink uplink = { .rtt_ms = -1, .lost_share = -1, .sent_bps = sent };

  /* What is too much for the queue is left out. */
  link->queue_bits = MIN (wanted - sent, 8.0 * bps);
  uplink.queue_ms = 1000 * link->queue_bits / bps;
  uplink.congested = uplink.queue_ms > 800;
  return uplink;
}

/* Runs so many seconds; returns the rate at the end. */
static int
run (ShowGovernor *governor, Link *link, guint seconds, gint64 *now_ms)
{
  int bps = governor->bps;

  for (guint i = 0; i < seconds; i++) {
    const EngineUplink uplink = send_for_a_second (link, bps);

    *now_ms += 1000;
    bps = show_governor_step (governor, &uplink, 1, *now_ms);
    g_assert_cmpint (bps, >=, governor->floor_bps);
    g_assert_cmpint (bps, <=, governor->chosen_bps);
  }
  return bps;
}

static void
test_stays (void)
{
  ShowGovernor governor;
  Link link = { 6000000, 0 };
  gint64 now_ms = 0;

  show_governor_init (&governor, CHOSEN);
  for (guint i = 0; i < 600; i++)
    g_assert_cmpint (run (&governor, &link, 1, &now_ms), ==, CHOSEN);
  /* Nobody connected says nothing. */
  g_assert_cmpint (show_governor_step (&governor, NULL, 0, now_ms + 1000), ==, CHOSEN);
}

/* Down to what goes within five seconds, and the queue with it. */
static void
test_goes_down (void)
{
  ShowGovernor governor;
  Link link = { 2000000, 0 };
  gint64 now_ms = 0;

  show_governor_init (&governor, CHOSEN);
  g_assert_cmpint (run (&governor, &link, 5, &now_ms), <, 2000000);
  run (&governor, &link, 15, &now_ms);
  g_assert_cmpfloat (link.queue_bits, <, 400000);
  g_assert_cmpint (governor.bps, >=, 1000000);
}

/* A link that stays as slow is not tried in vain again and again. */
static void
test_remembers (void)
{
  ShowGovernor governor;
  Link link = { 2000000, 0 };
  gint64 now_ms = 0;
  guint n_slow_s = 0;

  show_governor_init (&governor, CHOSEN);
  run (&governor, &link, 60, &now_ms);
  for (guint i = 0; i < 1800; i++) {
    run (&governor, &link, 1, &now_ms);
    n_slow_s += 1000 * link.queue_bits / governor.bps > 800 ? 1 : 0;
  }
  g_test_message ("slow for %u s", n_slow_s);
  g_assert_cmpuint (n_slow_s, <, 30);
  g_assert_cmpint (governor.bps, >=, 1200000);
}

/* Once the link is good again the picture comes back, in steps, to what was chosen. */
static void
test_comes_back (void)
{
  ShowGovernor governor;
  Link link = { 2000000, 0 };
  gint64 now_ms = 0;
  int before = 0;

  show_governor_init (&governor, CHOSEN);
  before = run (&governor, &link, 30, &now_ms);
  link.link_bps = 20000000;
  run (&governor, &link, 13, &now_ms);
  g_assert_cmpint (governor.bps, >, before);
  for (guint i = 0; i < 600; i++) {
    before = governor.bps;
    run (&governor, &link, 1, &now_ms);
    g_assert_cmpint (governor.bps, >=, before);
    g_assert_cmpint (governor.bps, <=, before * 6 / 5);
  }
  g_assert_cmpint (governor.bps, ==, CHOSEN);
}

static void
test_floor (void)
{
  ShowGovernor governor;
  Link link = { 50000, 0 };
  gint64 now_ms = 0;

  show_governor_init (&governor, CHOSEN);
  g_assert_cmpint (run (&governor, &link, 60, &now_ms), ==, CHOSEN / 4);
  show_governor_init (&governor, 1000000);
  g_assert_cmpint (run (&governor, &link, 60, &now_ms), ==, 600000);
  /* Who chose less has less. */
  show_governor_init (&governor, 400000);
  g_assert_cmpint (run (&governor, &link, 60, &now_ms), ==, 400000);
}

/* The slowest of several counts; losses count as a queue does. */
static void
test_several (void)
{
  ShowGovernor governor;
  const EngineUplink uplinks[] = {
    { .queue_ms = 20, .rtt_ms = 10, .sent_bps = 4600000, .lost_share = 0 },
    { .queue_ms = 2500, .rtt_ms = 300, .sent_bps = 1500000, .lost_share = -1, .congested = TRUE },
  };
  const EngineUplink lossy = { .queue_ms = 30, .sent_bps = 4500000, .lost_share = 0.2 };

  show_governor_init (&governor, CHOSEN);
  g_assert_cmpint (show_governor_step (&governor, uplinks, 1, 1000), ==, CHOSEN);
  g_assert_cmpint (show_governor_step (&governor, uplinks, 2, 2000), ==, 1200000);
  show_governor_init (&governor, CHOSEN);
  g_assert_cmpint (show_governor_step (&governor, &lossy, 1, 1000), ==, CHOSEN * 3 / 4);
  show_governor_set_chosen (&governor, 1000000);
  g_assert_cmpint (governor.bps, ==, 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/governor/leaves-alone-what-goes", test_stays);
  g_test_add_func ("/show/governor/goes-down-within-seconds", test_goes_down);
  g_test_add_func ("/show/governor/remembers-what-was-too-much", test_remembers);
  g_test_add_func ("/show/governor/comes-back-gently", test_comes_back);
  g_test_add_func ("/show/governor/has-a-floor", test_floor);
  g_test_add_func ("/show/governor/minds-the-slowest", test_several);
  return g_test_run ();
}
