/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_REACH_PAGE (console_reach_page_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleReachPage, console_reach_page, CONSOLE, REACH_PAGE, AdwBin)

/* Properties, all read-only but "session", which is construct-only: "session" ShowSession · "room"
 * GuestRoom, nullable · "entry" ConsoleEntry */
GtkWidget *console_reach_page_new (ShowSession *session);

G_END_DECLS
