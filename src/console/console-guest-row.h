/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_GUEST_ROW (console_guest_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleGuestRow, console_guest_row, CONSOLE, GUEST_ROW, AdwBin)

/* Property "guest" GuestGuest, construct-only. */
GtkWidget *console_guest_row_new (GuestGuest *guest);

G_END_DECLS
