/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-cleaner.h"
#include "engine-picture.h"
#include "engine-tap.h"

G_BEGIN_DECLS

/* Where one can listen to a source. */
typedef enum {
  ENGINE_TAP_SOURCE, /* as it comes */
  ENGINE_TAP_TRACK,  /* its sound, as it was treated, before the fader */
  ENGINE_N_TAPS,
} EngineTapKind;

#define ENGINE_TYPE_SLOT (engine_slot_get_type ())
G_DECLARE_FINAL_TYPE (EngineSlot, engine_slot, ENGINE, SLOT, GObject)

EngineSlot *engine_slot_new (int rate_fps);
gint64 engine_slot_get_frame_ns (EngineSlot *self);

void engine_slot_push_picture (EngineSlot *self, GstBuffer *buffer, const GstVideoInfo *info,
                               gint64 time_ns);
void engine_slot_push_sound (EngineSlot *self, const float *samples, guint n_frames,
                             gint64 time_ns);
void engine_slot_move_sound (EngineSlot *self);
void engine_slot_set_sound_lead (EngineSlot *self, int lead_ms);
EngineTap *engine_slot_get_tap (EngineSlot *self, EngineTapKind kind);
EngineCleaner *engine_slot_get_cleaner (EngineSlot *self);
void engine_slot_note_lateness (EngineSlot *self, gint64 late_ns);
int engine_slot_get_lateness_ms (EngineSlot *self);
void engine_slot_set_picture_settings (EngineSlot *self, const EnginePictureSettings *settings);
const EnginePictureSettings *engine_slot_get_picture_settings (EngineSlot *self);
void engine_slot_set_still (EngineSlot *self, gboolean still);
void engine_slot_set_card (EngineSlot *self, EnginePicture *card);
guint64 engine_slot_order_card (EngineSlot *self);
void engine_slot_deliver_card (EngineSlot *self, guint64 order, EnginePicture *card);
void engine_slot_expire_picture (EngineSlot *self);
void engine_slot_clear (EngineSlot *self);
gboolean engine_slot_is_present (EngineSlot *self);

EnginePicture *engine_slot_pull_picture (EngineSlot *self, gint64 time_ns);
EnginePicture *engine_slot_peek_picture (EngineSlot *self, gint64 now_ns);
gboolean engine_slot_read_sound (EngineSlot *self, gint64 position, guint n_frames, float *samples);

G_END_DECLS
