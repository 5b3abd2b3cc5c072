/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-limiter.h"

/* −1.5 dBFS a sample keeps what is between the samples below the −1 dBTP that the platforms ask
 * for (EBU R 128 s2), and leaves AAC its overshoot. */
#define CEILING 0.841395f

/* Back to unity with a time constant of 150 ms: slower is heard as ducking, faster as roughness. */
#define RELEASE 0.000139f

/**
 * engine_limiter_init:
 * @self: (out): a limiter of the program's sound
 */
void
engine_limiter_init (EngineLimiter *self)
{
  *self = (EngineLimiter){ .gain = 1, .target = 1 };
}

static float
next_gain (EngineLimiter *self, float peak)
{
  const float needed = peak > CEILING ? CEILING / peak : 1;

  if (needed < self->target) {
    self->target = needed;
    self->step = MAX (self->step, (self->gain - needed) / ENGINE_LIMITER_DELAY_FRAMES);
    self->hold = ENGINE_LIMITER_DELAY_FRAMES;
  } else if (needed < 1 && needed < self->gain + 0.01f) {
    self->hold = ENGINE_LIMITER_DELAY_FRAMES;
  }

  if (self->gain > self->target) {
    self->gain = MAX (self->target, self->gain - self->step);
  } else if (self->hold > 0) {
    self->hold--;
  } else {
    self->step = 0;
    self->gain += (1 - self->gain) * RELEASE;
    self->target = self->gain;
  }
  return self->gain;
}

/**
 * engine_limiter_process:
 * @self: a limiter
 * @samples: (inout): @n_frames × 2 interleaved samples; what comes out is
 *   %ENGINE_LIMITER_DELAY_FRAMES older than what goes in
 * @n_frames: how many
 *
 * Turns the gain down before a peak comes, so that no sample is above −1.5 dBFS. One thread.
 */
void
engine_limiter_process (EngineLimiter *self, float *samples, guint n_frames)
{
  for (guint i = 0; i < n_frames; i++) {
    float *in = samples + (gsize) i * ENGINE_N_CHANNELS;
    float *delayed = self->delayed + (gsize) self->at * ENGINE_N_CHANNELS;
    const float gain = next_gain (self, fmaxf (fabsf (in[0]), fabsf (in[1])));

    for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
      const float out = delayed[c] * gain;

      delayed[c] = in[c];
      in[c] = CLAMP (out, -CEILING, CEILING);
    }
    self->at = (self->at + 1) % ENGINE_LIMITER_DELAY_FRAMES;
  }
}
