/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GUEST_TYPE_STREAM (guest_stream_get_type ())
G_DECLARE_FINAL_TYPE (GuestStream, guest_stream, GUEST, STREAM, GIOStream)

/* Main thread only. */
GuestStream *guest_stream_new (GIOStream *base, GSocket *socket, GSocketAddress *remote);
GSocketAddress *guest_stream_get_remote (GuestStream *self);
void guest_stream_allow (GuestStream *self, gsize n_bytes);
guint64 guest_stream_get_n_read (GuestStream *self);
guint64 guest_stream_get_n_written (GuestStream *self);
void guest_stream_set_deadline (GuestStream *self, gint64 deadline_us);
gint64 guest_stream_get_deadline (GuestStream *self);
void guest_stream_cut (GuestStream *self);

G_END_DECLS
