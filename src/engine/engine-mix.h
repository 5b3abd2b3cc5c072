/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bus.h"
#include "engine-listening.h"
#include "engine-loudness.h"
#include "engine-match.h"

G_BEGIN_DECLS

/**
 * EngineMixFunc:
 * @samples: %ENGINE_AUDIO_BLOCK_FRAMES × 2 interleaved samples
 * @time_ns: the show time of the first
 *
 * Called in the mixer's thread for each block; must not block.
 */
typedef void (*EngineMixFunc) (const float *samples, gint64 time_ns, gpointer user_data);

/**
 * EngineMixWish:
 * @inputs: of EngineInput; replaced, never changed
 * @buses: of EngineBus; the same
 * @match: whether to bring the program to its loudness
 * @n_air: how often it went on air
 * @func: (nullable): gets the program
 * @listener: (nullable): gets what the headphones are to play
 *
 * What is wanted of the mix as a whole.
 */
typedef struct {
  GPtrArray *inputs;
  GPtrArray *buses;
  gboolean match;
  guint n_air;
  EngineMixFunc func;
  gpointer func_data;
  EngineMixFunc listener;
  gpointer listener_data;
} EngineMixWish;

/**
 * EngineMix:
 *
 * The work of the mixer: makes one block after the other, as wanted. One thread.
 */
typedef struct {
  EngineMixWish now;
  EngineMatch match;
  EngineGauge gauge;
  EngineEar ear;
  EngineLimiter limiter;
  EngineLoudnessMeter meter;
  EngineListening listening;
} EngineMix;

void engine_mix_init (EngineMix *self);
void engine_mix_clear (EngineMix *self);
void engine_mix_run (EngineMix *self, gint64 position);

G_END_DECLS
