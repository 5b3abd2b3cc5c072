/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_MODERATION_WINDOW (console_moderation_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleModerationWindow, console_moderation_window, CONSOLE,
                      MODERATION_WINDOW, AdwWindow)

GtkWindow *console_moderation_window_new (GtkWindow *parent, ShowSession *session);

G_END_DECLS
