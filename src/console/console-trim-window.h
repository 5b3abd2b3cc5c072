/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TRIM_WINDOW (console_trim_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTrimWindow, console_trim_window, CONSOLE, TRIM_WINDOW, AdwWindow)

GtkWindow *console_trim_window_new (GtkWindow *parent, ShowSession *session, ShowExport *item);

G_END_DECLS
