/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-line.h"
#include "web-server.h"

G_BEGIN_DECLS

#define GUEST_TYPE_SERVER (guest_server_get_type ())
G_DECLARE_FINAL_TYPE (GuestServer, guest_server, GUEST, SERVER, GObject)

/* Main thread only. Signals:
 *   "hello" (GuestLine *, char *token, char *language, nullable) → gboolean: is it a guest's? Who says
 *     yes has the line;
 *   "whip" (SoupServerMessage *, char *token, char *session, nullable) → gboolean: a request to send
 *     picture and sound, of at most 64 KiB; who says yes answers it */
GuestServer *guest_server_new (void);
WebServer *guest_server_get_web (GuestServer *self);
const char *guest_server_get_probe_token (GuestServer *self);

G_END_DECLS
