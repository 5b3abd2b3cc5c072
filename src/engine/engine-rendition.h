/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-blinder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_RENDITION (engine_rendition_get_type ())
G_DECLARE_FINAL_TYPE (EngineRendition, engine_rendition, ENGINE, RENDITION, GObject)

EngineRendition *engine_rendition_new (EngineClock *clock, const EngineFormat *format,
                                       const GstVideoInfo *info, EngineFeed *out,
                                       gboolean for_audience);
EngineEncoder *engine_rendition_get_encoder (EngineRendition *self);
EngineBlinder *engine_rendition_get_blinder (EngineRendition *self);
gboolean engine_rendition_start (EngineRendition *self, GError **error);
void engine_rendition_stop (EngineRendition *self);
gboolean engine_rendition_push_frame (EngineRendition *self, GstBuffer *frame);
void engine_rendition_push_sound (EngineRendition *self, const float *samples, guint n_frames,
                                  gint64 time_ns);

G_END_DECLS
