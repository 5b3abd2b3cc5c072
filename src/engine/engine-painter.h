/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-graphic.h"
#include "engine-scene.h"

G_BEGIN_DECLS

/**
 * EnginePaintPlan:
 * @scene: (owned) (nullable): what is on air; `NULL` is black
 * @from: (owned) (nullable): what was on air before, while a transition lasts
 * @transition: which
 * @begins: this is its first frame
 * @anew: and another move was going on until now
 * @progress: how much of its time has passed, 0 to 1
 * @layers: (array length=n_layers): the graphics over it
 * @n_layers: how many
 *
 * What one frame of the program is made of.
 */
typedef struct {
  EngineScene *scene;
  EngineScene *from;
  EngineTransition transition;
  gboolean begins;
  gboolean anew;
  double progress;
  EngineGraphicLayer layers[ENGINE_GRAPHIC_MAX_LAYERS * ENGINE_N_GRAPHICS];
  guint n_layers;
} EnginePaintPlan;

void engine_paint_plan_clear (EnginePaintPlan *plan);

/**
 * EnginePainter:
 *
 * Paints the frames of the program, as planned. Belongs to one thread.
 */
typedef struct _EnginePainter EnginePainter;

EnginePainter *engine_painter_new (const GstVideoInfo *info);
void engine_painter_free (EnginePainter *self);
GstBuffer *engine_painter_paint (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns);
GstBuffer *engine_painter_paint_both (EnginePainter *self, const EnginePaintPlan *plan,
                                      gint64 time_ns, GstBuffer **clean);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EnginePainter, engine_painter_free)

G_END_DECLS
