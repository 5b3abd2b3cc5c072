/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-notice.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_ALARM_ROW (console_alarm_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleAlarmRow, console_alarm_row, CONSOLE, ALARM_ROW, AdwBin)

GtkWidget *console_alarm_row_new (ConsoleNotice *notice);

G_END_DECLS
