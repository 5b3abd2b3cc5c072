/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

G_BEGIN_DECLS

/**
 * EngineScene:
 *
 * What a shot is made of: a layout and the slots that fill its places, or a card that fills the
 * picture. Immutable and reference counted; any thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  EngineLayout layout;
  EngineCorner corner;
  guint n_slots;
  EngineSlot *slots[ENGINE_LAYOUT_MAX_PLACES];
  EnginePicture *card; /* nullable; shown by the pause layout */
} EngineScene;

EngineScene *engine_scene_new (EngineLayout layout, EngineCorner corner, EngineSlot **slots,
                               guint n_slots, EnginePicture *card);
EngineScene *engine_scene_ref (EngineScene *self);
void engine_scene_unref (EngineScene *self);
gboolean engine_scene_shows (const EngineScene *self, const EngineSlot *slot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineScene, engine_scene_unref)

/**
 * EngineComposer:
 *
 * Paints scenes. It keeps the scalers it has set up, so one belongs to one thread.
 */
typedef struct _EngineComposer EngineComposer;

EngineComposer *engine_composer_new (void);
void engine_composer_free (EngineComposer *self);
void engine_composer_paint (EngineComposer *self, const EngineScene *scene, gint64 time_ns,
                            GstVideoFrame *frame);
GstBuffer *engine_composer_make_frame (const EngineScene *scene, const GstVideoInfo *info);
GstBuffer *engine_composer_find_passthrough (const EngineScene *scene, gint64 time_ns,
                                             const GstVideoInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineComposer, engine_composer_free)

G_END_DECLS
