/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_PREVIEW (engine_preview_get_type ())
G_DECLARE_FINAL_TYPE (EnginePreview, engine_preview, ENGINE, PREVIEW, GObject)

/* One picture for the window, main thread only. Signal "frame": a newer one is there, get it with
 * engine_preview_get_frame (). Frames that the window is too slow for are never made. */
EngineFrame *engine_preview_get_frame (EnginePreview *self); /* nullable, (transfer none) */
void engine_preview_set_size (EnginePreview *self, int width_px, int height_px);
void engine_preview_set_active (EnginePreview *self, gboolean active); /* inactive costs nothing */

G_END_DECLS
