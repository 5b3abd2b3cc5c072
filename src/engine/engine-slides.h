/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_SLIDES (engine_slides_get_type ())
G_DECLARE_FINAL_TYPE (EngineSlides, engine_slides, ENGINE, SLIDES, GObject)

EngineFeeder *engine_slides_new (const EngineSourceConfig *config, EngineClock *clock,
                                 EngineSlot *slot, const EngineFormat *format);

G_END_DECLS
