/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-until.h"

/* A time of the day that passed less than this ago is meant still: the countdown is over, and the
 * break lasts longer than was planned. */
#define OVERDUE_S (3 * 60 * 60)

static gboolean
parse_time_of_day (const char *text, int *hour, int *minute)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^([01]?[0-9]|2[0-3]):([0-5][0-9])$", G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *hours = NULL;
  g_autofree char *minutes = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return FALSE;
  hours = g_match_info_fetch (match, 1);
  minutes = g_match_info_fetch (match, 2);
  *hour = (int) g_ascii_strtoll (hours, NULL, 10);
  *minute = (int) g_ascii_strtoll (minutes, NULL, 10);
  return TRUE;
}

/**
 * show_until_get_now:
 * @talks: (element-type EventTalk): the schedule of an event
 *
 * Returns: (transfer full): the present moment, in the time zone that the event's times are read
 *   in: that of its first talk with a time that is not in UTC, or that of this machine
 */
GDateTime *
show_until_get_now (GPtrArray *talks)
{
  for (guint i = 0; i < talks->len; i++) {
    const EventTalk *talk = talks->pdata[i];

    /* Times in UTC are those of a program that wrote them, not of a place. */
    if (talk->start != NULL && g_date_time_get_utc_offset (talk->start) != 0)
      return g_date_time_new_now (g_date_time_get_timezone (talk->start));
  }
  return g_date_time_new_now_local ();
}

/**
 * show_until_parse:
 * @text: a time of the day such as `14:00`, or a date, time and time zone such as
 *   `2026-11-22T14:00:00+01:00`
 * @now: the present moment, in the time zone that a time of the day is meant in
 * @until_s: (out): the moment that is meant, in seconds since 1970
 *
 * A time of the day is the first one that is later than three hours ago, on the other side of
 * midnight if need be.
 *
 * Returns: whether @text is a time
 */
gboolean
show_until_parse (const char *text, GDateTime *now, gint64 *until_s)
{
  g_autoptr (GDateTime) exact = NULL;
  int hour = 0, minute = 0;

  g_return_val_if_fail (text != NULL && now != NULL && until_s != NULL, FALSE);

  if (!parse_time_of_day (text, &hour, &minute)) {
    exact = g_date_time_new_from_iso8601 (text, NULL);
    if (exact != NULL)
      *until_s = g_date_time_to_unix (exact);
    return exact != NULL;
  }
  for (int day = -1; day <= 1; day++) {
    g_autoptr (GDateTime) then = g_date_time_add_days (now, day);
    g_autoptr (GDateTime) moment =
      g_date_time_new (g_date_time_get_timezone (then), g_date_time_get_year (then),
                       g_date_time_get_month (then), g_date_time_get_day_of_month (then), hour,
                       minute, 0);

    *until_s = g_date_time_to_unix (moment);
    if (*until_s > g_date_time_to_unix (now) - OVERDUE_S)
      break;
  }
  return TRUE;
}
