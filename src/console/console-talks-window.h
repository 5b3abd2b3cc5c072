/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TALKS_WINDOW (console_talks_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTalksWindow, console_talks_window, CONSOLE, TALKS_WINDOW, AdwWindow)

GtkWindow *console_talks_window_new (GtkWindow *parent, ShowSession *session);

G_END_DECLS
