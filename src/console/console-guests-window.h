/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_GUESTS_WINDOW (console_guests_window_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleGuestsWindow, console_guests_window, CONSOLE, GUESTS_WINDOW, AdwWindow)

/* Property "session" ShowSession, construct-only. Actions: guests.invite · guests.copy-link(s) id ·
 * guests.show-invitation((ss)) id, "code" or "mail" */
GtkWindow *console_guests_window_new (GtkWindow *parent, ShowSession *session);
void console_guests_window_show (ConsoleGuestsWindow *self, const char *id);
void console_guests_window_cue (ConsoleGuestsWindow *self, const char *id);
void console_guests_window_invite (ConsoleGuestsWindow *self);

G_END_DECLS
