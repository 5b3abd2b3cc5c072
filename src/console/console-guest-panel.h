/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_GUEST_PANEL (console_guest_panel_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleGuestPanel, console_guest_panel, CONSOLE, GUEST_PANEL, AdwBin)

/* Properties: "session" ShowSession, "guest" GuestGuest, both construct-only · "line", "picture",
 * strings, read-only: how the connection goes, each second */
GtkWidget *console_guest_panel_new (ShowSession *session, GuestGuest *guest);
GuestGuest *console_guest_panel_get_guest (ConsoleGuestPanel *self);
void console_guest_panel_start_cue (ConsoleGuestPanel *self);

G_END_DECLS
