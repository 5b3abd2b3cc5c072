/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EngineSegmenter:
 *
 * Cuts a fragmented MP4, as it comes out of the muxer, into an init segment and media segments
 * that each begin with a keyframe, as HLS wants them. One thread.
 */
typedef struct _EngineSegmenter EngineSegmenter;

/* @init: the init segment, once, before all others; or @segment: one of @duration_us. */
typedef void (*EngineSegmenterFunc) (GBytes *init, GBytes *segment, gint64 duration_us,
                                     gpointer user_data);

EngineSegmenter *engine_segmenter_new (EngineSegmenterFunc func, gpointer user_data);
void engine_segmenter_free (EngineSegmenter *self);
void engine_segmenter_push (EngineSegmenter *self, const guint8 *data, gsize size);
void engine_segmenter_finish (EngineSegmenter *self);
char *engine_segmenter_describe_codecs (GBytes *init);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineSegmenter, engine_segmenter_free)

G_END_DECLS
