/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-layout.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_SLOT (engine_slot_get_type ())
G_DECLARE_FINAL_TYPE (EngineSlot, engine_slot, ENGINE, SLOT, GObject)

/**
 * EnginePicture:
 *
 * A raw picture and how to read it. Immutable and reference counted; any thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  GstBuffer *buffer;
  GstVideoInfo info;
  gint64 time_ns; /* show time at which it is to be seen */
} EnginePicture;

EnginePicture *engine_picture_new (GstBuffer *buffer, const GstVideoInfo *info, gint64 time_ns);
EnginePicture *engine_picture_ref (EnginePicture *self);
void engine_picture_unref (EnginePicture *self);
EngineSize engine_picture_get_display_size (const EnginePicture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EnginePicture, engine_picture_unref)

EngineSlot *engine_slot_new (int rate_fps);
gint64 engine_slot_get_frame_ns (EngineSlot *self);

void engine_slot_push_picture (EngineSlot *self, GstBuffer *buffer, const GstVideoInfo *info,
                               gint64 time_ns);
void engine_slot_push_sound (EngineSlot *self, const float *samples, guint n_frames,
                             gint64 time_ns);
void engine_slot_move_sound (EngineSlot *self);
void engine_slot_note_lateness (EngineSlot *self, gint64 late_ns);
int engine_slot_get_lateness_ms (EngineSlot *self);
void engine_slot_set_still (EngineSlot *self, gboolean still);
void engine_slot_set_card (EngineSlot *self, EnginePicture *card);
void engine_slot_clear (EngineSlot *self);

EnginePicture *engine_slot_pull_picture (EngineSlot *self, gint64 time_ns);
EnginePicture *engine_slot_peek_picture (EngineSlot *self, gint64 now_ns);
gboolean engine_slot_read_sound (EngineSlot *self, gint64 position, guint n_frames, float *samples);

G_END_DECLS
