/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SHOTS_WINDOW (console_shots_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleShotsWindow, console_shots_window, CONSOLE, SHOTS_WINDOW, AdwWindow)

GtkWindow *console_shots_window_new (GtkWindow *parent, ShowSession *session);
void console_shots_window_edit (ConsoleShotsWindow *self, const char *id);
void console_shots_window_add (ConsoleShotsWindow *self);

G_END_DECLS
