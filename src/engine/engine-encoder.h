/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-feed.h"
#include "engine-pipeline.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_ENCODER (engine_encoder_get_type ())
G_DECLARE_FINAL_TYPE (EngineEncoder, engine_encoder, ENGINE, ENCODER, GObject)

/* Signal "failed" (GError), on the main thread: an encoder broke; it is being replaced. */
EngineEncoder *engine_encoder_new (EngineClock *clock, EngineFeed *feed, const EngineFormat *format,
                                   const GstVideoInfo *info);
gboolean engine_encoder_start (EngineEncoder *self, GError **error);
void engine_encoder_begin_at (EngineEncoder *self, gint64 time_ns);
gint64 engine_encoder_get_begin (EngineEncoder *self);
void engine_encoder_request_keyframe (EngineEncoder *self, gint64 time_ns);
void engine_encoder_stop (EngineEncoder *self);
gboolean engine_encoder_push_frame (EngineEncoder *self, GstBuffer *frame);
void engine_encoder_push_sound (EngineEncoder *self, const float *samples, guint n_frames,
                                gint64 time_ns);
const char *engine_encoder_get_name (EngineEncoder *self);

G_END_DECLS
