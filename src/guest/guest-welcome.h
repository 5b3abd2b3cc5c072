/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"
#include "guest-settings.h"
#include "web-words.h"

G_BEGIN_DECLS

/* What a page is told when it comes, and when its ways through the networks are others. */
WebWords *guest_welcome_make (GuestGuest *guest, GuestSettings *settings, gboolean room_view,
                              gboolean live);
WebWords *guest_welcome_make_ice (GuestGuest *guest, GuestSettings *settings);

G_END_DECLS
