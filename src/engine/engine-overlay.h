/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art.h"

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
  EngineRect place;    /* even */
  EngineMotion motion; /* set by whoever made it, before others see it */
  guint8 *luma;        /* width × height */
  guint8 *luma_alpha;
  guint8 *chroma_u; /* a quarter of that each */
  guint8 *chroma_v;
  guint8 *chroma_alpha;
  cairo_surface_t *surface; /* what it was made of, for previews; read only */
} EngineOverlay;

/**
 * EngineOverlayPose:
 * @opacity: 0 to 1
 * @move_x: how far it stands from its place, in pixels, even
 * @move_y: the same downwards
 * @part: what of it is seen, from its own top left, even
 */
typedef struct {
  double opacity;
  int move_x;
  int move_y;
  EngineRect part;
} EngineOverlayPose;

EngineOverlay *engine_overlay_new (cairo_surface_t *surface, int x, int y);
EngineOverlay *engine_overlay_ref (EngineOverlay *self);
void engine_overlay_unref (EngineOverlay *self);
void engine_overlay_blend (const EngineOverlay *self, GstVideoFrame *frame, double opacity);
void engine_overlay_blend_posed (const EngineOverlay *self, GstVideoFrame *frame,
                                 const EngineOverlayPose *pose);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineOverlay, engine_overlay_unref)

GstBuffer *engine_overlay_surface_to_i420 (cairo_surface_t *surface, GstVideoInfo *info);

G_END_DECLS
