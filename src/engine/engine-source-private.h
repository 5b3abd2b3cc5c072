/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-capture.h"
#include "engine-sound.h"
#include "engine-source.h"

G_BEGIN_DECLS

EngineSource *_engine_source_new (const EngineSourceConfig *config, EngineClock *clock,
                                  const EngineFormat *format, EngineAudioMixer *mixer);
void _engine_source_start (EngineSource *self);
void _engine_source_stop (EngineSource *self);
void _engine_source_remove (EngineSource *self);
const EngineSourceConfig *_engine_source_get_config (EngineSource *self);
EngineSlot *_engine_source_get_slot (EngineSource *self);
EngineSound *_engine_source_get_sound (EngineSource *self);
void _engine_source_tell_levels (EngineSource *self);

G_END_DECLS
