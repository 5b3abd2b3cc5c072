/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-segmenter.h"

G_BEGIN_DECLS

/**
 * EngineHlsTs:
 *
 * Cuts an MPEG transport stream, as it comes out of the muxer, into segments that each begin with the
 * tables and a keyframe. One thread.
 */
typedef struct _EngineHlsTs EngineHlsTs;

EngineHlsTs *engine_hls_ts_new (EngineSegmenterFunc func, gpointer user_data);
void engine_hls_ts_free (EngineHlsTs *self);
void engine_hls_ts_push (EngineHlsTs *self, const guint8 *data, gsize size);
void engine_hls_ts_finish (EngineHlsTs *self, gint64 frame_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineHlsTs, engine_hls_ts_free)

G_END_DECLS
