/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LIVEPAGE_STREAM_N_LISTED 6
#define LIVEPAGE_STREAM_N_KEPT   10

typedef struct _LivepageStream LivepageStream;

LivepageStream *livepage_stream_new (void);
void livepage_stream_free (LivepageStream *self);

void livepage_stream_begin (LivepageStream *self, GBytes *init, int width_px, int height_px,
                            const char *codecs, guint bandwidth_bps);
void livepage_stream_add (LivepageStream *self, GBytes *segment, gint64 duration_us);
void livepage_stream_end (LivepageStream *self);

char *livepage_stream_make_master (LivepageStream *self);
char *livepage_stream_make_playlist (LivepageStream *self);
GBytes *livepage_stream_find (LivepageStream *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LivepageStream, livepage_stream_free)

G_END_DECLS
