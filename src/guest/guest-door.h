/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "guest-stream.h"

G_BEGIN_DECLS

#define GUEST_DOOR_MAX_STREAMS 128

#define GUEST_TYPE_DOOR        (guest_door_get_type ())
G_DECLARE_FINAL_TYPE (GuestDoor, guest_door, GUEST, DOOR, GObject)

/* Main thread only. */
GuestDoor *guest_door_new (SoupServer *soup);
gboolean guest_door_listen (GuestDoor *self, GInetAddress *address, guint port, GError **error);
void guest_door_set_certificate (GuestDoor *self, GTlsCertificate *certificate);
guint guest_door_get_port (GuestDoor *self);
guint guest_door_get_n_streams (GuestDoor *self);
GuestStream *guest_door_find (GuestDoor *self, SoupServerMessage *message);
void guest_door_close (GuestDoor *self);

G_END_DECLS
