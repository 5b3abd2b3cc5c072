/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-types.h"

#include <gst/app/app.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_PIPELINE (engine_pipeline_get_type ())
G_DECLARE_FINAL_TYPE (EnginePipeline, engine_pipeline, ENGINE, PIPELINE, GObject)

/* Signals, on the main thread: "failed" (GError), "eos" (), "segment-done" (),
 * "playing" (gboolean live), "ready" (): it holds its first picture. */
EnginePipeline *engine_pipeline_new (EngineClock *clock, const char *name);
GstElement *engine_pipeline_get_bin (EnginePipeline *self);
void engine_pipeline_start (EnginePipeline *self, gboolean loop);
void engine_pipeline_hold (EnginePipeline *self, gboolean loop);
void engine_pipeline_release (EnginePipeline *self);
gint64 engine_pipeline_get_duration (EnginePipeline *self);
const char *engine_pipeline_get_detail (EnginePipeline *self);
void engine_pipeline_stop (EnginePipeline *self);
void engine_pipeline_set_linger (EnginePipeline *self, guint linger_ms);
void engine_pipeline_set_patience (EnginePipeline *self, guint patience_ms);
void engine_pipeline_finish (EnginePipeline *self);

GstElement *engine_make (GstElement *bin, const char *factory, const char *name, GError **error);
gboolean engine_link (GstElement *from, GstElement *to, GError **error);
void engine_pipeline_wait_for_stopped (gint64 timeout_us);

G_END_DECLS
