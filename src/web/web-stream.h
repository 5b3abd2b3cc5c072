/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WEB_TYPE_STREAM (web_stream_get_type ())
G_DECLARE_FINAL_TYPE (WebStream, web_stream, WEB, STREAM, GIOStream)

/* Main thread only. */
WebStream *web_stream_new (GIOStream *base, GSocket *socket, GSocketAddress *remote);
GSocketAddress *web_stream_get_remote (WebStream *self);
void web_stream_allow (WebStream *self, gsize n_bytes);
guint64 web_stream_get_n_read (WebStream *self);
guint64 web_stream_get_n_written (WebStream *self);
void web_stream_set_deadline (WebStream *self, gint64 deadline_us);
gint64 web_stream_get_deadline (WebStream *self);
void web_stream_cut (WebStream *self);

G_END_DECLS
