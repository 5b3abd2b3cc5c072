/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_RECORDING_WINDOW (console_recording_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleRecordingWindow, console_recording_window, CONSOLE, RECORDING_WINDOW,
                      AdwWindow)

GtkWindow *console_recording_window_new (GtkWindow *parent, ShowSession *session);

G_END_DECLS
