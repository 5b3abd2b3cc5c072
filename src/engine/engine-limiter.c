/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-limiter.h"

/* −1.1 dBTP: what the platforms ask for (EBU R 128 s2) is −1 dBTP, as they measure it, and meters
 * differ by some hundredths. */
#define CEILING 0.881f

/* Back to unity with a time constant of 150 ms: slower is heard as ducking, faster as roughness. */
#define RELEASE 0.000139f

/* Four times as many samples, as ITU-R BS.1770 has it: those that are there and three between. */
#define N_BETWEEN 3
#define TAPS      ENGINE_LIMITER_TAPS
#define HALF      (TAPS / 2)

/* How much is reckoned at a time. */
#define CHUNK 480

/* When a peak is known, so many frames are left before it goes out; and the gain has to stand still
 * where what lies between the samples comes from, or it is not what it was reckoned to be. */
#define ATTACK (ENGINE_LIMITER_DELAY_FRAMES - 2 * HALF - 1)

/* How much of what it has taken away it may have given back before a peak goes out. */
#define GIVEN_BACK (RELEASE * (ENGINE_LIMITER_DELAY_FRAMES + HALF))

typedef struct {
  float taps[N_BETWEEN][TAPS];
  float highest; /* no value between the samples is so many times larger than the largest sample */
} Interpolator;

/* A sinc below a window that falls from 1 in its middle to 0 at its ends. */
static const Interpolator *
get_interpolator (void)
{
  static Interpolator interpolator;
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return &interpolator;
  for (guint p = 0; p < N_BETWEEN; p++) {
    float sum = 0;

    for (guint k = 0; k < TAPS; k++) {
      const double x = (double) k - (HALF - 1) - (p + 1.0) / (N_BETWEEN + 1);
      const double window = 0.5 + 0.5 * cos (G_PI * x / HALF);

      interpolator.taps[p][k] = (float) (window * sin (G_PI * x) / (G_PI * x));
      sum += fabsf (interpolator.taps[p][k]);
    }
    interpolator.highest = MAX (interpolator.highest, sum);
  }
  g_once_init_leave (&done, 1);
  return &interpolator;
}

/**
 * engine_limiter_init:
 * @self: (out): a limiter
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
    self->step = MAX (self->step, (self->gain - needed) / ATTACK);
    self->hold = ENGINE_LIMITER_DELAY_FRAMES;
  } else if (needed < 1 && needed < self->gain + (1 - self->gain) * GIVEN_BACK + 0.01f) {
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

/* Raises @peaks to the peaks of one channel around each frame: that frame itself, half an
 * interpolator ago, and what lies between it and the next. */
static void
find_peaks (float *newest, const float *samples, guint channel, guint n_frames, float *peaks)
{
  const Interpolator *interpolator = get_interpolator ();
  float line[TAPS - 1 + CHUNK];
  float highest = 0;

  memcpy (line, newest, (TAPS - 1) * sizeof (float));
  for (guint i = 0; i < n_frames; i++)
    line[TAPS - 1 + i] = samples[i * ENGINE_N_CHANNELS + channel];
  memcpy (newest, line + n_frames, (TAPS - 1) * sizeof (float));
  for (guint i = 0; i < TAPS - 1 + n_frames; i++)
    highest = MAX (highest, fabsf (line[i]));
  /* Most of the time nothing can be above the ceiling, and all of this is not needed. */
  if (highest * interpolator->highest <= CEILING)
    return;

  for (guint i = 0; i < n_frames; i++)
    peaks[i] = MAX (peaks[i], fabsf (line[i + HALF - 1]));
  for (guint p = 0; p < N_BETWEEN; p++) {
    float between[CHUNK] = { 0 };

    for (guint k = 0; k < TAPS; k++) {
      const float tap = interpolator->taps[p][k];

      for (guint i = 0; i < n_frames; i++)
        between[i] += tap * line[i + k];
    }
    for (guint i = 0; i < n_frames; i++)
      peaks[i] = MAX (peaks[i], fabsf (between[i]));
  }
}

static void
process_chunk (EngineLimiter *self, float *samples, guint n_frames)
{
  float peaks[CHUNK] = { 0 };

  for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
    find_peaks (self->newest[c], samples, c, n_frames, peaks);
  for (guint i = 0; i < n_frames; i++) {
    float *in = samples + (gsize) i * ENGINE_N_CHANNELS;
    float *delayed = self->delayed + (gsize) self->at * ENGINE_N_CHANNELS;
    const float gain = next_gain (self, peaks[i]);

    for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
      const float out = delayed[c] * gain;

      delayed[c] = in[c];
      in[c] = CLAMP (out, -CEILING, CEILING);
    }
    self->at = (self->at + 1) % ENGINE_LIMITER_DELAY_FRAMES;
  }
}

/**
 * engine_limiter_process:
 * @self: a limiter
 * @samples: (inout): @n_frames × 2 interleaved finite samples; what comes out is
 *   %ENGINE_LIMITER_DELAY_FRAMES older than what goes in
 * @n_frames: how many
 *
 * Turns the gain down before a peak comes, so that none is above −1 dBTP.
 */
void
engine_limiter_process (EngineLimiter *self, float *samples, guint n_frames)
{
  while (n_frames > 0) {
    const guint n = MIN (n_frames, CHUNK);

    process_chunk (self, samples, n);
    samples += (gsize) n * ENGINE_N_CHANNELS;
    n_frames -= n;
  }
}
