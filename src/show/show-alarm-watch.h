/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm-facts.h"
#include "show-alarm-rule.h"

G_BEGIN_DECLS

/**
 * ShowAlarmWatch:
 *
 * Decides from what is known of a show, moment by moment, which alarms begin and end. It has neither
 * a clock nor a thread: who asks brings the time.
 */
typedef struct _ShowAlarmWatch ShowAlarmWatch;

/**
 * ShowAlarmWatchFunc:
 * @kind: of which alarm
 * @source: (nullable): index of the source in the facts, or −1
 * @id: (nullable): the source's id
 * @edge: what happens; never %SHOW_ALARM_EDGE_NONE
 *
 * Source is −1 with an id when the source is gone.
 */
typedef void (*ShowAlarmWatchFunc) (ShowAlarmKind kind, int source, const char *id,
                                    ShowAlarmEdge edge, gpointer user_data);

ShowAlarmWatch *show_alarm_watch_new (guint silence_ms, guint ignored);
void show_alarm_watch_free (ShowAlarmWatch *self);
void show_alarm_watch_feed (ShowAlarmWatch *self, const ShowFacts *facts, ShowAlarmWatchFunc func,
                            gpointer user_data);
gboolean show_alarm_watch_help (ShowAlarmWatch *self, ShowAlarmKind kind, const char *source_id,
                                gint64 time_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShowAlarmWatch, show_alarm_watch_free)

G_END_DECLS
