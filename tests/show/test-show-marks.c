/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-marks.h"
#include "show-texts.h"
#include "show-until.h"

static void
test_time (void)
{
  g_autoptr (GDateTime) early =
    g_date_time_new_from_iso8601 ("2026-11-22T07:05:59.250+01:00", NULL);
  g_autoptr (GDateTime) late = g_date_time_add_minutes (early, 9 * 60);
  g_autofree char *morning = show_marks_describe_time (early);
  g_autofree char *afternoon = show_marks_describe_time (late);

  g_assert_cmpstr (morning, ==, "07:05");
  g_assert_cmpstr (afternoon, ==, "16:05");
  /* The next minute is three quarters of a second away, and so is the next second. */
  g_assert_cmpuint (show_marks_get_wait_ms (early, FALSE), ==, 751);
  g_assert_cmpuint (show_marks_get_wait_ms (early, TRUE), ==, 751);
}

/* Each wake finds another minute, whenever the first one was: a clock neither stands nor skips. */
static void
test_ticks (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-22T23:57:12.999999Z", NULL);
  g_autofree char *shown = show_marks_describe_time (now);

  for (int i = 0; i < 5; i++) {
    const guint wait_ms = show_marks_get_wait_ms (now, FALSE);
    g_autoptr (GDateTime) before = g_date_time_add (now, (gint64) (wait_ms - 2) * 1000);
    g_autoptr (GDateTime) after = g_date_time_add (now, (gint64) wait_ms * 1000);
    g_autofree char *still = show_marks_describe_time (before);
    g_autofree char *next = show_marks_describe_time (after);

    g_assert_cmpstr (still, ==, shown);
    g_assert_cmpstr (next, !=, shown);
    g_free (shown);
    shown = g_steal_pointer (&next);
    g_clear_pointer (&now, g_date_time_unref);
    now = g_steal_pointer (&after);
  }
  g_assert_cmpstr (shown, ==, "00:02");
}

static void
test_left (void)
{
  static const struct {
    gint64 left_s;
    const char *text;
  } cases[] = {
    { 0, "00:00" },    { -5, "00:00" },     { 9, "00:09" },        { 60, "01:00" },
    { 3599, "59:59" }, { 3600, "1:00:00" }, { 86399, "23:59:59" }, { G_MAXINT64, "99:30:07" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = show_marks_describe_left (cases[i].left_s);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_live_words (void)
{
  g_assert_cmpstr (show_texts_get ("fr", SHOW_TEXT_LIVE), ==, "EN DIRECT");
  g_assert_cmpstr (show_texts_get ("fr-BE", SHOW_TEXT_LIVE), ==, "EN DIRECT");
  g_assert_cmpstr (show_texts_get ("ar", SHOW_TEXT_LIVE), ==, "مباشر");
  g_assert_cmpstr (show_texts_get ("frr", SHOW_TEXT_LIVE), ==, "LIVE");
  g_assert_cmpstr (show_texts_get (NULL, SHOW_TEXT_LIVE), ==, "LIVE");
  g_assert_cmpstr (show_texts_get ("ar", SHOW_TEXT_LOST), !=, "");
}

static void
test_zone (void)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 ("2026-11-22T09:00:00Z", NULL);
  g_autoptr (GDateTime) start = g_date_time_new_from_iso8601 ("2026-11-22T09:00:00+05:45", NULL);
  EventTalk unplanned = { 0 }, exported = { .start = utc }, planned = { .start = start };
  g_autoptr (GPtrArray) talks = g_ptr_array_new ();
  g_autoptr (GDateTime) now = NULL;

  g_ptr_array_add (talks, &unplanned);
  g_ptr_array_add (talks, &exported);
  g_ptr_array_add (talks, &planned);
  now = show_until_get_now (talks);
  g_assert_cmpint (g_date_time_get_utc_offset (now), ==, (5 * 60 + 45) * G_TIME_SPAN_MINUTE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/marks/time", test_time);
  g_test_add_func ("/show/marks/ticks", test_ticks);
  g_test_add_func ("/show/marks/left", test_left);
  g_test_add_func ("/show/marks/live-words", test_live_words);
  g_test_add_func ("/show/marks/zone", test_zone);
  return g_test_run ();
}
