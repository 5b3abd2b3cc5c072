/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

typedef enum {
  ENGINE_LAYOUT_FULL,
  ENGINE_LAYOUT_SIDE_BY_SIDE,
  ENGINE_LAYOUT_PICTURE_IN_PICTURE,
  ENGINE_LAYOUT_SLIDES_AND_SPEAKER,
  ENGINE_LAYOUT_SLIDES_AND_TWO,
  ENGINE_LAYOUT_EVERYONE, /* a grid of those that are there, four at most */
  ENGINE_LAYOUT_PAUSE,
} EngineLayout;

#define ENGINE_LAYOUT_MAX_PLACES 4

typedef struct {
  int width_px;
  int height_px;
} EngineSize;

guint engine_layout_get_n_places (EngineLayout layout);
guint engine_layout_arrange (EngineLayout layout, EngineCorner corner, const EngineSize *sizes,
                             guint n_sizes, EngineSize program, EngineRect *rects);
EngineRect engine_layout_fit (EngineSize size, EngineRect box);

G_END_DECLS
