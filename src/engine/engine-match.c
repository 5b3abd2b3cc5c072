/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ebur128.h>
#include <math.h>

#include "engine-loudness.h"
#include "engine-match.h"

#define LOOK_FRAMES (ENGINE_SAMPLE_RATE_HZ / 10)

/* Softer than this is a pause; and so is what is far below the mean, unless it goes on: then it is
 * a speaker who speaks softly. */
#define PAUSE_LUFS (-45.0)
#define FAR_BELOW  0.1 /* 10 LU */
#define MAX_SOFT   100 /* 10 s */

#define MAX_MEANS  100 /* 10 s */

/* In a tenth of a second; and the nearer, the slower. */
#define SHARE       0.05
#define MAX_UP_DB   0.05
#define MAX_DOWN_DB 0.1
#define MAX_BACK_DB 0.3

void
engine_match_init (EngineMatch *self)
{
  *self = (EngineMatch){ .gain = 1 };
}

void
engine_match_clear (EngineMatch *self)
{
  ebur128_state *state = g_steal_pointer (&self->state);

  if (state != NULL)
    ebur128_destroy (&state);
}

static double
to_power (double lufs)
{
  return pow (10, lufs / 10);
}

/* Whether this is speech, to go by. */
static gboolean
take_in (EngineMatch *self, double lufs)
{
  const double power = to_power (lufs);

  if (!isfinite (lufs) || lufs < PAUSE_LUFS)
    return FALSE;
  if (self->n_means > 0 && power < self->mean * FAR_BELOW && ++self->n_soft < MAX_SOFT)
    return FALSE;
  if (power >= self->mean * FAR_BELOW)
    self->n_soft = 0;
  self->n_means = MIN (self->n_means + 1, MAX_MEANS);
  self->mean += (power - self->mean) / self->n_means;
  return TRUE;
}

static void
look (EngineMatch *self)
{
  double lufs = 0;

  if (ebur128_loudness_momentary (self->state, &lufs) != EBUR128_SUCCESS || !take_in (self, lufs))
    return;

  const double wanted_db = CLAMP (ENGINE_LOUDNESS_TARGET_LUFS - 10 * log10 (self->mean),
                                  -ENGINE_MATCH_MAX_DB, ENGINE_MATCH_MAX_DB);
  self->gain_db += CLAMP ((wanted_db - self->gain_db) * SHARE, -MAX_DOWN_DB, MAX_UP_DB);
}

static void
listen (EngineMatch *self, const float *samples, guint n_frames)
{
  if (self->state == NULL) {
    self->state = ebur128_init (ENGINE_N_CHANNELS, ENGINE_SAMPLE_RATE_HZ, EBUR128_MODE_M);
    self->n_means = self->n_soft = self->n_frames = 0;
    self->mean = 0;
  }
  if (self->state == NULL ||
      ebur128_add_frames_float (self->state, samples, n_frames) != EBUR128_SUCCESS)
    return;
  self->n_frames += n_frames;
  if (self->n_frames < LOOK_FRAMES)
    return;
  self->n_frames = 0;
  look (self);
}

/* Switched off, it goes back to where the faders are, as calmly. */
static void
go_back (EngineMatch *self, guint n_frames)
{
  const double step_db = MAX_BACK_DB * n_frames / LOOK_FRAMES;

  engine_match_clear (self);
  self->gain_db = CLAMP (0, self->gain_db - step_db, self->gain_db + step_db);
}

/**
 * engine_match_process:
 * @self: a match
 * @on: whether it is wanted
 * @samples: (inout): @n_frames × 2 interleaved finite samples
 * @n_frames: how many
 */
void
engine_match_process (EngineMatch *self, gboolean on, float *samples, guint n_frames)
{
  float gain = self->gain;

  if (!on && self->gain == 1 && self->gain_db == 0 && self->state == NULL)
    return;
  if (on)
    listen (self, samples, n_frames);
  else
    go_back (self, n_frames);
  self->gain = (float) pow (10, self->gain_db / 20);

  const float step = (self->gain - gain) / (float) n_frames;
  for (guint i = 0; i < n_frames; i++) {
    gain += step;
    samples[i * ENGINE_N_CHANNELS] *= gain;
    samples[i * ENGINE_N_CHANNELS + 1] *= gain;
  }
}
