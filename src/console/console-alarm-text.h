/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-alarm.h"

G_BEGIN_DECLS

char *console_alarm_describe (ShowAlarm *alarm);
char *console_alarm_button (ShowAlarm *alarm);

G_END_DECLS
