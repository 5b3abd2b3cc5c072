/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"

G_BEGIN_DECLS

const char *console_guest_text_mark (GuestState state);
const char *console_guest_text_class (GuestState state);
char *console_guest_text_state (GuestState state);
char *console_guest_text_sentence (GuestState state, const char *name);
char *console_guest_text_line (const GuestHealth *health, GuestWay way);
char *console_guest_text_picture (const GuestHealth *health, gboolean camera_on);

G_END_DECLS
