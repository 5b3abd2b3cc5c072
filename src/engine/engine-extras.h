/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-recording.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_EXTRAS (engine_extras_get_type ())
G_DECLARE_FINAL_TYPE (EngineExtras, engine_extras, ENGINE, EXTRAS, GObject)

EngineExtras *engine_extras_new (EngineClock *clock, EngineRecording *recording,
                                 GPtrArray *program_sources);
void engine_extras_start (EngineExtras *self, gboolean sources, gboolean tracks);
void engine_extras_stop (EngineExtras *self);
void engine_extras_list (EngineExtras *self, EngineExtraFunc func, gpointer user_data);

G_END_DECLS
