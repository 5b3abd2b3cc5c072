/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_DESTINATIONS_WINDOW (console_destinations_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDestinationsWindow, console_destinations_window, CONSOLE,
                      DESTINATIONS_WINDOW, AdwWindow)

GtkWindow *console_destinations_window_new (GtkWindow *parent, ShowSession *session);
void console_destinations_window_edit (ConsoleDestinationsWindow *self, const char *id);
void console_destinations_window_add (ConsoleDestinationsWindow *self);

G_END_DECLS
