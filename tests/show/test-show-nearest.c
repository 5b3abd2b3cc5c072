/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-nearest.h"
#include "show-until.h"

/* The demonstration's shots, and some more. */
static const char *const room[] = { "room", NULL };
static const char *const slides[] = { "slides", NULL };
static const char *const guest[] = { "guest", NULL };
static const char *const slides_room[] = { "slides", "room", NULL };
static const char *const room_guest[] = { "room", "guest", NULL };
static const char *const slides_guest[] = { "slides", "guest", NULL };
static const char *const slides_both[] = { "slides", "room", "guest", NULL };
static const char *const everyone[] = { "room", "guest", "slides", NULL };
static const char *const nobody[] = { NULL };

static const ShowArrangement shots[] = {
  { EVENT_LAYOUT_FULL, room },
  { EVENT_LAYOUT_FULL, slides },
  { EVENT_LAYOUT_SLIDES_AND_SPEAKER, slides_room },
  { EVENT_LAYOUT_FULL, guest },
  { EVENT_LAYOUT_PICTURE_IN_PICTURE, room_guest },
  { EVENT_LAYOUT_SIDE_BY_SIDE, room_guest },
  { EVENT_LAYOUT_SLIDES_AND_SPEAKER, slides_guest },
  { EVENT_LAYOUT_SLIDES_AND_TWO, slides_both },
  { EVENT_LAYOUT_EVERYONE, everyone },
  { EVENT_LAYOUT_PAUSE, nobody },
};

enum {
  ROOM,
  SLIDES,
  SLIDES_ROOM,
  GUEST,
  PIP,
  DUO,
  SLIDES_GUEST,
  SLIDES_BOTH,
  EVERYONE,
  PAUSE,
};

static int
find (int current, const char *lost_1, const char *lost_2)
{
  const char *const lost[] = { lost_1, lost_2, NULL };

  return show_nearest_find (shots, G_N_ELEMENTS (shots), &shots[current], lost);
}

static void
test_keeps_most_sources (void)
{
  g_assert_cmpint (find (DUO, "guest", NULL), ==, ROOM);
  g_assert_cmpint (find (DUO, "room", NULL), ==, GUEST);
  g_assert_cmpint (find (SLIDES_ROOM, "slides", NULL), ==, ROOM);
  g_assert_cmpint (find (SLIDES_BOTH, "guest", NULL), ==, SLIDES_ROOM);
  g_assert_cmpint (find (SLIDES_BOTH, "slides", NULL), ==, PIP);
  g_assert_cmpint (find (SLIDES_BOTH, "slides", "guest"), ==, ROOM);
}

static void
test_prefers_the_same_layout (void)
{
  static const ShowArrangement some[] = {
    { EVENT_LAYOUT_SLIDES_AND_SPEAKER, room_guest },
    { EVENT_LAYOUT_EVERYONE, room_guest },
    { EVENT_LAYOUT_SIDE_BY_SIDE, room_guest },
  };
  static const ShowArrangement current = { EVENT_LAYOUT_SIDE_BY_SIDE, slides_room };
  static const ShowArrangement grid = { EVENT_LAYOUT_PICTURE_IN_PICTURE, slides_room };
  const char *const lost[] = { "slides", NULL };

  g_assert_cmpint (show_nearest_find (some, 3, &current, lost), ==, 2);
  g_assert_cmpint (show_nearest_find (some, 3, &grid, lost), ==, 1);
  g_assert_cmpint (show_nearest_find (some, 1, &grid, lost), ==, 0);
}

/* Somebody who was not on air does not come there without need. */
static void
test_brings_nobody_else (void)
{
  static const ShowArrangement some[] = {
    { EVENT_LAYOUT_PICTURE_IN_PICTURE, slides_room },
    { EVENT_LAYOUT_FULL, room },
  };
  const char *const lost[] = { "guest", NULL };

  g_assert_cmpint (show_nearest_find (some, 2, &shots[PIP], lost), ==, 1);
  g_assert_cmpint (find (GUEST, "guest", NULL), ==, ROOM);
  g_assert_cmpint (find (ROOM, "room", NULL), ==, SLIDES);
}

static void
test_pauses_last (void)
{
  const char *const all[] = { "room", "slides", "guest", NULL };

  g_assert_cmpint (show_nearest_find (shots, G_N_ELEMENTS (shots), &shots[ROOM], all), ==, PAUSE);
  g_assert_cmpint (show_nearest_find (shots, PAUSE, &shots[ROOM], all), ==, -1);
  g_assert_cmpint (show_nearest_find (shots, 0, &shots[ROOM], all), ==, -1);
  g_assert_cmpint (find (ROOM, "room", "slides"), ==, GUEST);
}

static void
test_knows_what_is_broken (void)
{
  const char *const lost[] = { "guest", NULL };
  const char *const all[] = { "room", "slides", "guest", NULL };

  g_assert_true (show_nearest_is_broken (&shots[DUO], lost));
  g_assert_false (show_nearest_is_broken (&shots[SLIDES_ROOM], lost));
  g_assert_false (show_nearest_is_broken (&shots[EVERYONE], lost));
  g_assert_true (show_nearest_is_broken (&shots[EVERYONE], all));
  g_assert_false (show_nearest_is_broken (&shots[PAUSE], all));
  g_assert_false (show_nearest_is_broken (&shots[DUO], nobody));
}

static void
assert_until (const char *text, const char *now_text, const char *wanted_text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Paris");
  g_autoptr (GDateTime) now_utc = g_date_time_new_from_iso8601 (now_text, NULL);
  g_autoptr (GDateTime) now = g_date_time_to_timezone (now_utc, zone);
  g_autoptr (GDateTime) wanted = g_date_time_new_from_iso8601 (wanted_text, NULL);
  gint64 until_s = 0;

  g_assert_true (show_until_parse (text, now, &until_s));
  g_assert_cmpint (until_s, ==, g_date_time_to_unix (wanted));
}

static void
test_finds_the_time (void)
{
  assert_until ("14:00", "2026-11-22T12:50:00+01:00", "2026-11-22T14:00:00+01:00");
  assert_until ("14:00", "2026-11-22T14:30:00+01:00", "2026-11-22T14:00:00+01:00");
  assert_until ("14:00", "2026-11-22T17:30:00+01:00", "2026-11-23T14:00:00+01:00");
  assert_until ("0:10", "2026-11-22T23:50:00+01:00", "2026-11-23T00:10:00+01:00");
  assert_until ("23:50", "2026-11-23T00:20:00+01:00", "2026-11-22T23:50:00+01:00");
  assert_until ("22:00", "2026-11-22T08:00:00+01:00", "2026-11-22T22:00:00+01:00");
  /* The night on which the clocks go back has 25 hours. */
  assert_until ("04:00", "2026-10-24T23:00:00+02:00", "2026-10-25T04:00:00+01:00");
  assert_until ("2026-11-22T14:00:00Z", "2027-01-01T00:00:00Z", "2026-11-22T15:00:00+01:00");
}

static void
test_refuses_what_is_no_time (void)
{
  static const char *const bad[] = { "", "14", "24:00", "14:60", "14:00\n", "2026-11-22T14:00:00" };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 until_s = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (show_until_parse (bad[i], now, &until_s));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/nearest/keeps-most-sources", test_keeps_most_sources);
  g_test_add_func ("/show/nearest/prefers-the-same-layout", test_prefers_the_same_layout);
  g_test_add_func ("/show/nearest/brings-nobody-else", test_brings_nobody_else);
  g_test_add_func ("/show/nearest/pauses-last", test_pauses_last);
  g_test_add_func ("/show/nearest/knows-what-is-broken", test_knows_what_is_broken);
  g_test_add_func ("/show/until/finds-the-time", test_finds_the_time);
  g_test_add_func ("/show/until/refuses-what-is-no-time", test_refuses_what_is_no_time);
  return g_test_run ();
}
