/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_INVITATION (console_invitation_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleInvitation, console_invitation, CONSOLE, INVITATION, AdwWindow)

/* Properties: "session" ShowSession, construct-only · "guest" GuestGuest, nullable: whom it invites;
 * `NULL` while the name is being asked for */
GtkWindow *console_invitation_new (GtkWindow *parent, ShowSession *session, GuestGuest *guest);
void console_invitation_show_page (ConsoleInvitation *self, const char *page);

G_END_DECLS
