/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TALKBACK (console_talkback_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTalkback, console_talkback, CONSOLE, TALKBACK, AdwBin)

/* Properties: "session" ShowSession, nullable · "guest" GuestGuest, nullable: to whom; `NULL`: to all ·
 * "short" boolean, construct-only: there is little room for its words · "has-key" boolean,
 * construct-only: T talks, too, wherever the keys are in its window ·
 * "name" string, nullable, read-only: whose · "talking" boolean, read-only: they hear the operator now · "n-there" uint, read-only: how many would */
GtkWidget *console_talkback_new (ShowSession *session, GuestGuest *guest);

G_END_DECLS
