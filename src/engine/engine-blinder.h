/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-encoder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_BLINDER (engine_blinder_get_type ())
G_DECLARE_FINAL_TYPE (EngineBlinder, engine_blinder, ENGINE, BLINDER, GObject)

EngineBlinder *engine_blinder_new (EngineClock *clock, EngineEncoder *program_encoder,
                                   EngineFeed *program, EngineFeed *air, const EngineFormat *format,
                                   const GstVideoInfo *info);
void engine_blinder_set_music (EngineBlinder *self, const char *uri);
void engine_blinder_set_card (EngineBlinder *self, GstBuffer *card);
gboolean engine_blinder_start (EngineBlinder *self, GError **error);
void engine_blinder_stop (EngineBlinder *self);
void engine_blinder_request_keyframe (EngineBlinder *self, gint64 time_ns);
void engine_blinder_push_frame (EngineBlinder *self, GstBuffer *frame);
void engine_blinder_push_sound (EngineBlinder *self, guint n_frames, gint64 time_ns);

G_END_DECLS
