/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* What goes in comes out this much later: 5 ms. */
#define ENGINE_LIMITER_DELAY_FRAMES (ENGINE_SAMPLE_RATE_HZ / 200)

typedef struct {
  float delayed[ENGINE_LIMITER_DELAY_FRAMES * ENGINE_N_CHANNELS];
  guint at;
  float gain;
  float target;
  float step;
  guint hold;
} EngineLimiter;

void engine_limiter_init (EngineLimiter *self);
void engine_limiter_process (EngineLimiter *self, float *samples, guint n_frames);

G_END_DECLS
