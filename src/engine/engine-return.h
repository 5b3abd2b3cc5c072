/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source.h"

G_BEGIN_DECLS

/**
 * EngineReturnFunc:
 * @frame: a picture in VP8; its PTS is show time, rising; without %GST_BUFFER_FLAG_DELTA_UNIT it is a
 *   keyframe, as is the first one, and the first one of another size
 *
 * Called in an encoder's thread; must not block.
 */
typedef void (*EngineReturnFunc) (GstBuffer *frame, gpointer user_data);

/**
 * EngineReturnViewer:
 *
 * One who watches the return picture. From engine_return_add_viewer () to engine_return_remove_viewer ().
 */
typedef struct _EngineReturnViewer EngineReturnViewer;

#define ENGINE_TYPE_RETURN (engine_return_get_type ())
G_DECLARE_FINAL_TYPE (EngineReturn, engine_return, ENGINE, RETURN, GObject)

/* See engine_program_get_return (). Main thread, but for what says “any thread”. */
EngineReturnViewer *engine_return_add_viewer (EngineReturn *self, EngineReturnFunc func,
                                              gpointer user_data);
void engine_return_remove_viewer (EngineReturn *self, EngineReturnViewer *viewer);
void engine_return_viewer_set_bps (EngineReturnViewer *viewer, int bps);
void engine_return_viewer_set_source (EngineReturnViewer *viewer, EngineSource *source);
void engine_return_viewer_request_keyframe (EngineReturnViewer *viewer);
void engine_return_viewer_get_size (EngineReturnViewer *viewer, EngineSize *size);
guint engine_return_get_n_encodes (EngineReturn *self);

G_END_DECLS
