/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_WINDOW (console_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleWindow, console_window, CONSOLE, WINDOW, AdwApplicationWindow)

GtkWindow *console_window_new (GtkApplication *application, ConsoleOverview *overview);
ShowSession *console_window_get_session (ConsoleWindow *self);
void console_window_show_message (ConsoleWindow *self, const char *message);

G_END_DECLS
