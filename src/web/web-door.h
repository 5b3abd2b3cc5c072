/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-stream.h"

G_BEGIN_DECLS

#define WEB_DOOR_MAX_STREAMS 128

#define WEB_TYPE_DOOR        (web_door_get_type ())
G_DECLARE_FINAL_TYPE (WebDoor, web_door, WEB, DOOR, GObject)

/* Main thread only. */
WebDoor *web_door_new (SoupServer *soup);
gboolean web_door_listen (WebDoor *self, GInetAddress *address, guint port, GError **error);
void web_door_set_certificate (WebDoor *self, GTlsCertificate *certificate);
guint web_door_get_port (WebDoor *self);
guint web_door_get_n_streams (WebDoor *self);
WebStream *web_door_find (WebDoor *self, SoupServerMessage *message);
void web_door_close (WebDoor *self);
void web_door_shut (WebDoor *self);
gboolean web_door_get_open (WebDoor *self);

G_END_DECLS
