/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "guest-line.h"

G_BEGIN_DECLS

/* Lines that are open at once; of them, such as have not said who they are, or wrongly. */
#define GUEST_SERVER_MAX_LINES   64
#define GUEST_SERVER_MAX_UNKNOWN 24

#define GUEST_TYPE_SERVER        (guest_server_get_type ())
G_DECLARE_FINAL_TYPE (GuestServer, guest_server, GUEST, SERVER, GObject)

/* Main thread only. Signals:
 *   "hello" (GuestLine *, char *token, char *language, nullable) → gboolean: is it a guest's? Who says
 *     yes has the line;
 *   "whip" (SoupServerMessage *, char *token, char *session, nullable) → gboolean: a request to send
 *     picture and sound, of at most 64 KiB; who says yes answers it */
GuestServer *guest_server_new (void);
gboolean guest_server_listen (GuestServer *self, const char *address, guint port, GError **error);
gboolean guest_server_listen_lan (GuestServer *self, guint port, GTlsCertificate *certificate,
                                  GError **error);
void guest_server_set_certificate (GuestServer *self, GTlsCertificate *certificate);
void guest_server_set_public_uri (GuestServer *self, const char *public_uri);
guint guest_server_get_port (GuestServer *self);
guint guest_server_get_lan_port (GuestServer *self);
guint guest_server_get_n_lines (GuestServer *self);
guint guest_server_get_n_streams (GuestServer *self);
const char *guest_server_get_probe_token (GuestServer *self);
void guest_server_close (GuestServer *self);

G_END_DECLS
