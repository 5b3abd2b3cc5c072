/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "show-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What of a guest cannot be taken back. */
typedef enum {
  CONSOLE_GUEST_DISMISS,
  CONSOLE_GUEST_REVOKE,
} ConsoleGuestQuestion;

void console_guest_asking_ask (GtkWindow *parent, ShowSession *session, GuestGuest *guest,
                               ConsoleGuestQuestion question);

G_END_DECLS
