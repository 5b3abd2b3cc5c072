/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* What goes in comes out this much later: 5 ms. */
#define ENGINE_LIMITER_DELAY_FRAMES (ENGINE_SAMPLE_RATE_HZ / 200)

/* What lies between two samples is reckoned from so many of them. */
#define ENGINE_LIMITER_TAPS 24

/**
 * EngineLimiter:
 *
 * Keeps the true peak of a sound, between its samples as well, below −1 dBTP. One thread.
 */
typedef struct {
  float delayed[ENGINE_LIMITER_DELAY_FRAMES * ENGINE_N_CHANNELS];
  float newest[ENGINE_N_CHANNELS][ENGINE_LIMITER_TAPS - 1]; /* of what came before */
  guint at;
  float gain;
  float target;
  float step;
  guint hold;
} EngineLimiter;

void engine_limiter_init (EngineLimiter *self);
void engine_limiter_process (EngineLimiter *self, float *samples, guint n_frames);

G_END_DECLS
