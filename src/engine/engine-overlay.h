/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <cairo.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * EngineOverlay:
 *
 * A drawn graphic, made ready for blending into I420 frames: planes multiplied by their alpha.
 * Immutable and reference counted; any thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  EngineRect place; /* even */
  guint8 *luma;     /* width × height */
  guint8 *luma_alpha;
  guint8 *chroma_u; /* a quarter of that each */
  guint8 *chroma_v;
  guint8 *chroma_alpha;
  cairo_surface_t *surface; /* what it was made of, for previews; read only */
} EngineOverlay;

EngineOverlay *engine_overlay_new (cairo_surface_t *surface, int x, int y);
EngineOverlay *engine_overlay_ref (EngineOverlay *self);
void engine_overlay_unref (EngineOverlay *self);
void engine_overlay_blend (const EngineOverlay *self, GstVideoFrame *frame, double opacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineOverlay, engine_overlay_unref)

GstBuffer *engine_overlay_surface_to_i420 (cairo_surface_t *surface, GstVideoInfo *info);

G_END_DECLS
