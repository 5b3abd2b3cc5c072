/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

G_BEGIN_DECLS

/**
 * EnginePlace:
 * @slot: (nullable): whose picture is painted there; borrowed
 * @card: (nullable): the picture itself, where there is no slot; borrowed
 * @size: of that picture, in pixels
 * @rect: where, in the program's pixels
 * @opacity: 0 to 1
 *
 * One picture of the program at one moment. Plain data.
 */
typedef struct {
  EngineSlot *slot;
  EnginePicture *card;
  EngineSize size;
  EngineRect rect;
  double opacity;
} EnginePlace;

/* Those of an arrangement, and as many that are leaving. */
#define ENGINE_GLIDE_MAX_PLACES (2 * ENGINE_LAYOUT_MAX_PLACES)

double engine_glide_ease (double progress);
gboolean engine_glide_is_same (const EnginePlace *a, guint n_a, const EnginePlace *b, guint n_b);
guint engine_glide_mix (const EnginePlace *from, guint n_from, const EnginePlace *to, guint n_to,
                        double share, EnginePlace *places);

G_END_DECLS
