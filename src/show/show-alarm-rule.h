/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShowAlarmEdge:
 * @SHOW_ALARM_EDGE_NONE: nothing has changed
 * @SHOW_ALARM_EDGE_BEGINS: the operator has to know
 * @SHOW_ALARM_EDGE_RETURNS: it is back within a minute of its end: known already
 * @SHOW_ALARM_EDGE_ENDS: it is really over
 */
typedef enum {
  SHOW_ALARM_EDGE_NONE,
  SHOW_ALARM_EDGE_BEGINS,
  SHOW_ALARM_EDGE_RETURNS,
  SHOW_ALARM_EDGE_ENDS,
} ShowAlarmEdge;

/* How long it must be bad without a break before it is said, and good before it is over. */
typedef struct {
  guint on_ms;
  guint off_ms;
} ShowAlarmLimits;

/**
 * ShowAlarmRule:
 *
 * Decides when one cause becomes an alarm and when that is over, so that what flickers does not
 * blink. Plain data, all zero is a new one; time comes from outside and never goes back.
 */
typedef struct {
  gboolean raised;
  gboolean ended; /* it was raised before, and ended at… */
  gint64 ended_ms;
  gboolean turning; /* what comes in says the contrary of @raised, since… */
  gint64 turning_ms;
  gint64 patient_until_ms; /* somebody helped: not before this */
} ShowAlarmRule;

ShowAlarmEdge show_alarm_rule_feed (ShowAlarmRule *self, const ShowAlarmLimits *limits,
                                    gboolean bad, gint64 time_ms);
ShowAlarmEdge show_alarm_rule_end (ShowAlarmRule *self, gint64 time_ms);
ShowAlarmEdge show_alarm_rule_help (ShowAlarmRule *self, gint64 time_ms);

G_END_DECLS
