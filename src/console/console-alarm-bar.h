/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_ALARM_BAR (console_alarm_bar_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleAlarmBar, console_alarm_bar, CONSOLE, ALARM_BAR, AdwBin)

G_END_DECLS
