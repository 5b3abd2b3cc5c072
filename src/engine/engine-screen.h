/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_SCREEN (engine_screen_get_type ())
G_DECLARE_FINAL_TYPE (EngineScreen, engine_screen, ENGINE, SCREEN, GObject)

EngineFeeder *engine_screen_new (const EngineSourceConfig *config, EngineClock *clock,
                                 EngineSlot *slot, const EngineFormat *format);

G_END_DECLS
