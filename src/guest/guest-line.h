/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "guest-message.h"
#include "guest-stream.h"

G_BEGIN_DECLS

#define GUEST_LINE_HELLO_S   5
#define GUEST_LINE_SILENCE_S 10

#define GUEST_TYPE_LINE      (guest_line_get_type ())
G_DECLARE_FINAL_TYPE (GuestLine, guest_line, GUEST, LINE, GObject)

/* Main thread only. Signals: "message" (const GuestMessage *): a checked one, but for ping and echo,
 * which it answers itself; the first is a hello, and no other. "closed" (): once, for whatever
 * reason; nothing comes after it. */
GuestLine *guest_line_new (SoupWebsocketConnection *connection, GuestStream *stream,
                           const char *address);
const char *guest_line_get_address (GuestLine *self);
gboolean guest_line_get_open (GuestLine *self);
gboolean guest_line_get_greeted (GuestLine *self);
void guest_line_send (GuestLine *self, char *text);
void guest_line_bye (GuestLine *self, const char *reason);
void guest_line_bye_later (GuestLine *self, const char *reason, guint delay_s);
void guest_line_check (GuestLine *self, gint64 now_us);

G_END_DECLS
