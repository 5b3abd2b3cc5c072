/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-glide.h"
#include "engine-overlay.h"

G_BEGIN_DECLS

/* Of everyone, those that may be there. */
#define ENGINE_SCENE_MAX_SLOTS 16

/**
 * EngineTransition:
 * @ENGINE_TRANSITION_CUT: from one frame to the next
 * @ENGINE_TRANSITION_FADE: one picture dissolves into the other
 * @ENGINE_TRANSITION_MOVE: pictures that are in both glide to their new places, the others fade
 */
typedef enum {
  ENGINE_TRANSITION_CUT,
  ENGINE_TRANSITION_FADE,
  ENGINE_TRANSITION_MOVE,
} EngineTransition;

/**
 * EngineScene:
 *
 * What a shot is made of: a layout and the slots that fill its places, or a card that fills the
 * picture; what is behind them, and the logo over them. Immutable and reference counted; any
 * thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  EngineLayout layout;
  EngineCorner corner;
  guint n_slots;
  EngineSlot *slots[ENGINE_SCENE_MAX_SLOTS];
  EnginePicture *card;       /* nullable; shown by the pause layout */
  EnginePicture *background; /* nullable: black */
  EngineOverlay *logo;       /* nullable */
} EngineScene;

EngineScene *engine_scene_new (EngineLayout layout, EngineCorner corner, EngineSlot *const *slots,
                               guint n_slots, EnginePicture *card);
EngineScene *engine_scene_new_dressed (EngineLayout layout, EngineCorner corner,
                                       EngineSlot *const *slots, guint n_slots, EnginePicture *card,
                                       EnginePicture *background, EngineOverlay *logo);
EngineScene *engine_scene_ref (EngineScene *self);
void engine_scene_unref (EngineScene *self);
gboolean engine_scene_shows (const EngineScene *self, const EngineSlot *slot);
gboolean engine_scene_has_same_logo (const EngineScene *self, const EngineScene *other);
guint engine_scene_place (const EngineScene *self, gint64 time_ns, EngineSize size,
                          EnginePlace *places);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineScene, engine_scene_unref)

G_END_DECLS
