/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-codecs.h"
#include "engine-feed.h"
#include "engine-pipeline.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_ENCODER (engine_encoder_get_type ())
G_DECLARE_FINAL_TYPE (EngineEncoder, engine_encoder, ENGINE, ENCODER, GObject)

/* Signals, on the main thread: "failed" (GError, char *factory): that element broke and is being
 * replaced; "choice-changed" (): the picture is encoded in another way now. */
EngineEncoder *engine_encoder_new (EngineClock *clock, EngineFeed *feed, const EngineFormat *format,
                                   const GstVideoInfo *info);
void engine_encoder_set_choice (EngineEncoder *self, const EngineChoice *choice);
const EngineChoice *engine_encoder_get_choice (EngineEncoder *self);
void engine_encoder_set_rates (EngineEncoder *self, int video_bps, int audio_bps);
void engine_encoder_follow (EngineEncoder *self, EngineEncoder *other);
gboolean engine_encoder_start (EngineEncoder *self, GError **error);
gboolean engine_encoder_get_running (EngineEncoder *self);
void engine_encoder_begin_at (EngineEncoder *self, gint64 time_ns, guint max_frames);
gint64 engine_encoder_get_begin (EngineEncoder *self);
void engine_encoder_request_keyframe (EngineEncoder *self, gint64 time_ns);
void engine_encoder_stop (EngineEncoder *self);
gboolean engine_encoder_push_frame (EngineEncoder *self, GstBuffer *frame);
void engine_encoder_push_sound (EngineEncoder *self, const float *samples, guint n_frames,
                                gint64 time_ns);

G_END_DECLS
