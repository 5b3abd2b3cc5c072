/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-overlay.h"

G_BEGIN_DECLS

/* From back to front. */
typedef enum {
  ENGINE_GRAPHIC_POST,
  ENGINE_GRAPHIC_LOWER_THIRD,
  ENGINE_GRAPHIC_CLOCK,
  ENGINE_GRAPHIC_LIVE_MARK,
  ENGINE_GRAPHIC_COUNTDOWN,
  ENGINE_N_GRAPHICS,
} EngineGraphic;

/* How long a graphic takes to come and to go. */
#define ENGINE_GRAPHIC_COME_NS G_GINT64_CONSTANT (440000000)
#define ENGINE_GRAPHIC_GO_NS   G_GINT64_CONSTANT (280000000)

/**
 * EngineGraphicLayer:
 * @overlay: (owned)
 * @pose: how it stands at that time
 *
 * One thing to blend into a frame.
 */
typedef struct {
  EngineOverlay *overlay;
  EngineOverlayPose pose;
} EngineGraphicLayer;

/**
 * EngineGraphicPlace:
 *
 * What is shown at one place of the program, and what is just leaving it. Plain data; whoever owns
 * it guards it. Zeroed, it is empty.
 */
typedef struct {
  EngineOverlay *overlay; /* nullable */
  gint64 shown_ns;        /* when it begins to come */
  EngineOverlay *leaving; /* nullable */
  gint64 left_ns;
} EngineGraphicPlace;

/* There are as many layers as this at most. */
#define ENGINE_GRAPHIC_MAX_LAYERS 2

void engine_graphic_place_set (EngineGraphicPlace *self, EngineOverlay *overlay, gint64 now_ns);
void engine_graphic_place_clear (EngineGraphicPlace *self);
guint engine_graphic_place_plan (EngineGraphicPlace *self, gint64 time_ns,
                                 EngineGraphicLayer *layers);
void engine_graphic_layer_clear (EngineGraphicLayer *layer);

gboolean engine_graphic_stays_in_pause (EngineGraphic graphic);
EngineOverlayPose engine_graphic_get_pose (EngineMotion motion, EngineRect place, double shown);

G_END_DECLS
