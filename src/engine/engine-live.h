/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_LIVE (engine_live_get_type ())
G_DECLARE_FINAL_TYPE (EngineLive, engine_live, ENGINE, LIVE, GObject)

EngineFeeder *engine_live_new (const EngineSourceConfig *config, EngineClock *clock,
                               EngineSlot *slot, const EngineFormat *format);

G_END_DECLS
