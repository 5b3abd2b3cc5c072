/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SOURCES_WINDOW (console_sources_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleSourcesWindow, console_sources_window, CONSOLE, SOURCES_WINDOW,
                      AdwWindow)

GtkWindow *console_sources_window_new (GtkWindow *parent, ShowSession *session);
void console_sources_window_edit (ConsoleSourcesWindow *self, const char *id);
void console_sources_window_add (ConsoleSourcesWindow *self);

G_END_DECLS
