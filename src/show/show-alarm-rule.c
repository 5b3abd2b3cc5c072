/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarm-rule.h"

/* What comes back within this long of its end is the same trouble. */
#define SAME_MS 60000

/* What was done about it has so long to take effect. */
#define PATIENCE_MS 5000

/**
 * show_alarm_rule_end:
 * @self: a rule
 * @time_ms: now
 *
 * Nobody is interested any more, such as when the show goes off air: it is over at once, and what
 * is on its way is forgotten.
 *
 * Returns: %SHOW_ALARM_EDGE_ENDS if it was raised
 */
ShowAlarmEdge
show_alarm_rule_end (ShowAlarmRule *self, gint64 time_ms)
{
  self->turning = FALSE;
  if (!self->raised)
    return SHOW_ALARM_EDGE_NONE;
  self->raised = FALSE;
  self->ended = TRUE;
  self->ended_ms = time_ms;
  return SHOW_ALARM_EDGE_ENDS;
}

/**
 * show_alarm_rule_help:
 * @self: a rule
 * @time_ms: now
 *
 * Something was done about it: it is over, unless it is still there after some seconds.
 *
 * Returns: %SHOW_ALARM_EDGE_ENDS if it was raised
 */
ShowAlarmEdge
show_alarm_rule_help (ShowAlarmRule *self, gint64 time_ms)
{
  self->patient_until_ms = time_ms + PATIENCE_MS;
  return show_alarm_rule_end (self, time_ms);
}

/**
 * show_alarm_rule_feed:
 * @self: a rule
 * @limits: of its kind
 * @bad: whether there is a cause now
 * @time_ms: now
 *
 * Call it a few times a second.
 *
 * Returns: what has changed
 */
ShowAlarmEdge
show_alarm_rule_feed (ShowAlarmRule *self, const ShowAlarmLimits *limits, gboolean bad,
                      gint64 time_ms)
{
  const guint needed_ms = self->raised ? limits->off_ms : limits->on_ms;

  if (!!bad == self->raised || (bad && time_ms < self->patient_until_ms)) {
    self->turning = FALSE;
    return SHOW_ALARM_EDGE_NONE;
  }
  if (!self->turning) {
    self->turning = TRUE;
    self->turning_ms = time_ms;
  }
  if (time_ms - self->turning_ms < (gint64) needed_ms)
    return SHOW_ALARM_EDGE_NONE;
  if (self->raised)
    return show_alarm_rule_end (self, time_ms);
  self->turning = FALSE;
  self->raised = TRUE;
  return self->ended && time_ms - self->ended_ms < SAME_MS ? SHOW_ALARM_EDGE_RETURNS
                                                           : SHOW_ALARM_EDGE_BEGINS;
}
