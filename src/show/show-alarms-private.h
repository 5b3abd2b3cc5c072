/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm-private.h"
#include "show-session.h"

G_BEGIN_DECLS

/**
 * ShowAlarmsCorrections:
 *
 * By how much the sound of each source was made to wait for its picture: source's id → milliseconds.
 */
typedef GHashTable ShowAlarmsCorrections;

/* What is known of a session now; @sources gets what @facts points into. */
void _show_alarms_look (ShowSession *session, ShowAlarmsCorrections *corrections, ShowFacts *facts,
                        GArray *sources);

/* Which button an alarm has now, and its value. */
void _show_alarms_choose_help (ShowSession *session, const ShowFacts *facts, ShowAlarm *alarm);

/* Does what the alarm's button says. */
gboolean _show_alarms_do_help (ShowSession *session, ShowAlarmsCorrections *corrections,
                               ShowAlarm *alarm, GError **error);

G_END_DECLS
