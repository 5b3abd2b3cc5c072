/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bus.h"
#include "engine-limiter.h"

G_BEGIN_DECLS

/**
 * EngineListening:
 *
 * What the headphones get: the program, or those sources that are on solo, before their faders.
 * Goes from one to the other without a click. The mixer's thread only.
 */
typedef struct {
  EngineLimiter limiter;
  float share; /* 0: the program, 1: solo */
  float solo[ENGINE_AUDIO_BLOCK_FRAMES * ENGINE_N_CHANNELS];
  guint n_solo; /* inputs in this block */
} EngineListening;

void engine_listening_init (EngineListening *self);
void engine_listening_begin (EngineListening *self);
void engine_listening_add (EngineListening *self, EngineInput *input);
void engine_listening_mix (EngineListening *self, const float *program, float *samples);

G_END_DECLS
