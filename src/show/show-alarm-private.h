/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm.h"

G_BEGIN_DECLS

ShowAlarm *_show_alarm_new (ShowAlarmKind kind, EngineSource *source, guint64 since_ms,
                            gboolean returned);
void _show_alarm_set_help (ShowAlarm *self, ShowHelp help, ShowShot *shot);
void _show_alarm_set_source (ShowAlarm *self, EngineSource *source);
void _show_alarm_set_output (ShowAlarm *self, EngineOutput *output);
void _show_alarm_set_value (ShowAlarm *self, int value);
char *_show_alarm_make_id (ShowAlarmKind kind, const char *source_id);

G_END_DECLS
