/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * EngineDrawingKind:
 * @ENGINE_DRAWING_SPEAKER: a talk in an amphitheatre, as the room camera sees it
 * @ENGINE_DRAWING_SLIDES: the slides of that talk
 * @ENGINE_DRAWING_GUEST: a guest at home, by video call
 */
typedef enum {
  ENGINE_DRAWING_SPEAKER,
  ENGINE_DRAWING_SLIDES,
  ENGINE_DRAWING_GUEST,
} EngineDrawingKind;

typedef struct _EngineDrawing EngineDrawing;

/* One of the demonstration's moving pictures, a pure function of time. Any thread, one at a time;
 * text of the slides uses the font map of the thread that calls. */
EngineDrawing *engine_drawing_new (EngineDrawingKind kind, int width_px, int height_px);
void engine_drawing_free (EngineDrawing *self);
void engine_drawing_paint (EngineDrawing *self, guint64 time_ns, guint8 *pixels, int stride_bytes);
cairo_surface_t *engine_drawing_update (EngineDrawing *self, guint64 time_ns, EngineRect *changed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineDrawing, engine_drawing_free)

G_END_DECLS
