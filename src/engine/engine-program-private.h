/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-program.h"

G_BEGIN_DECLS

EngineAudioMixer *_engine_program_get_audio (EngineProgram *self);

G_END_DECLS
