/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-message.h"
#include "web-line.h"

G_BEGIN_DECLS

#define GUEST_TYPE_LINE (guest_line_get_type ())
G_DECLARE_FINAL_TYPE (GuestLine, guest_line, GUEST, LINE, GObject)

/* Main thread only. Signals: "message" (const GuestMessage *): a checked one, but for ping and echo,
 * which it answers itself; the first is a hello, and no other. "closed" (): once, for whatever
 * reason; nothing comes after it. */
GuestLine *guest_line_new (WebLine *line);
WebLine *guest_line_get_web (GuestLine *self);
void guest_line_send (GuestLine *self, char *text);
void guest_line_bye (GuestLine *self, const char *reason);

G_END_DECLS
