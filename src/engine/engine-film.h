/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_FILM (engine_film_get_type ())
G_DECLARE_FINAL_TYPE (EngineFilm, engine_film, ENGINE, FILM, GObject)

EngineFeeder *engine_film_new (const EngineSourceConfig *config, EngineClock *clock,
                               EngineSlot *slot, const EngineFormat *format);

G_END_DECLS
