/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_METER (console_meter_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleMeter, console_meter, CONSOLE, METER, GtkWidget)

/* Properties: "source" EngineSource, nullable, or "session" ShowSession, nullable, for the program ·
 * "description" string, what assistive tools call it */
void console_meter_set_levels (ConsoleMeter *self, double left_db, double right_db);

G_END_DECLS
