/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stranger with a socket, who sends whatever he likes. The server answers from the same thread:
 * every wait runs the main loop, and has an end. */
typedef struct {
  GSocket *socket;
  GByteArray *received;
  gboolean ended;
} GuestClient;

GuestClient *guest_client_new (guint port);
void guest_client_free (GuestClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestClient, guest_client_free)

gboolean guest_client_send (GuestClient *self, const void *data, gsize length);
gboolean guest_client_wait_ended (GuestClient *self, guint timeout_ms);
char *guest_client_read_head (GuestClient *self);
char *guest_client_request (guint port, const char *request);
char *guest_client_find_header (const char *answer, const char *name);

GuestClient *guest_client_open_line (guint port);
char *guest_client_shake_hands (GuestClient *self, const char *host, const char *origin);
gboolean guest_client_frame (GuestClient *self, guint8 first, const void *data, gsize length);
gboolean guest_client_say (GuestClient *self, const char *text);
char *guest_client_hear (GuestClient *self, guint timeout_ms);
char *guest_client_hear_type (GuestClient *self, const char *type);

void guest_client_run (guint ms);

G_END_DECLS
