/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-desk.h"

G_BEGIN_DECLS

typedef enum {
  LIVEPAGE_ERROR_LISTEN, /* the address or port cannot be had */
} LivepageError;

#define LIVEPAGE_ERROR (livepage_error_quark ())
GQuark livepage_error_quark (void);

#define LIVEPAGE_TYPE_SERVER (livepage_server_get_type ())
G_DECLARE_FINAL_TYPE (LivepageServer, livepage_server, LIVEPAGE, SERVER, GObject)

/* Main thread only. Segments are kept in memory: the newest ten or so. */
LivepageServer *livepage_server_new (const char *title, const char *language, PostsDesk *desk);
gboolean livepage_server_listen (LivepageServer *self, const char *address, guint port,
                                 GError **error);
void livepage_server_stop (LivepageServer *self);
const char *livepage_server_get_uri (LivepageServer *self); /* nullable until it listens */
guint livepage_server_get_n_viewers (LivepageServer *self); /* property "n-viewers" */

void livepage_server_set_live (LivepageServer *self, gboolean live);
void livepage_server_set_talk (LivepageServer *self, const char *title, const char *speakers);
void livepage_server_begin_stream (LivepageServer *self, GBytes *init_segment, int width_px,
                                   int height_px, const char *codecs, guint bandwidth_bps);
void livepage_server_add_segment (LivepageServer *self, GBytes *segment, gint64 duration_us);
void livepage_server_end_stream (LivepageServer *self);

G_END_DECLS
