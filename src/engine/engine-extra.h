/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-tap.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_EXTRA (engine_extra_get_type ())
G_DECLARE_FINAL_TYPE (EngineExtra, engine_extra, ENGINE, EXTRA, GObject)

EngineExtra *engine_extra_new (EngineClock *clock, const char *name, const char *ending,
                               gint64 base_ns);
void engine_extra_push (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gint64 time_ns,
                        gpointer self);
void engine_extra_look (EngineExtra *self, const char *folder);
void engine_extra_finish (EngineExtra *self);
const char *engine_extra_get_path (EngineExtra *self);
const GError *engine_extra_get_error (EngineExtra *self);

G_END_DECLS
