/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-gauge.h"

#define HOLD_FRAMES      (ENGINE_SAMPLE_RATE_HZ * 3 / 2)
#define FALL_DB_A_SECOND 20.0

/* A converter that is driven too far gives its highest value again and again; a single sample of it
 * is a loud sound. */
#define FULL_SCALE    0.9995f
#define N_FULL_A_CLIP 3

void
engine_gauge_init (EngineGauge *self)
{
  *self = (EngineGauge){ .held_db = { ENGINE_SILENCE_DB, ENGINE_SILENCE_DB } };
}

static float
find_peak (const float *samples, guint n_frames, guint channel)
{
  float peak = 0;

  for (guint i = 0; i < n_frames; i++)
    peak = MAX (peak, fabsf (samples[i * ENGINE_N_CHANNELS + channel]));
  return peak;
}

static void
look_for_full_scale (EngineGauge *self, const float *samples, guint n_frames, guint channel)
{
  guint n_full = self->n_full[channel];

  for (guint i = 0; i < n_frames; i++) {
    n_full = fabsf (samples[i * ENGINE_N_CHANNELS + channel]) >= FULL_SCALE ? n_full + 1 : 0;
    self->clipped |= n_full >= N_FULL_A_CLIP;
  }
  self->n_full[channel] = n_full;
}

/**
 * engine_gauge_note_input:
 * @self: a gauge
 * @samples: @n_frames × 2 interleaved samples, as they came
 * @n_frames: how many
 */
void
engine_gauge_note_input (EngineGauge *self, const float *samples, guint n_frames)
{
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    const float peak = find_peak (samples, n_frames, c);

    self->input[c] = MAX (self->input[c], peak);
    if (peak >= FULL_SCALE)
      look_for_full_scale (self, samples, n_frames, c);
    else
      self->n_full[c] = 0;
  }
}

/**
 * engine_gauge_note_output:
 * @self: a gauge
 * @samples: @n_frames × 2 interleaved samples, as they go on
 * @n_frames: how many
 */
void
engine_gauge_note_output (EngineGauge *self, const float *samples, guint n_frames)
{
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    const float peak = find_peak (samples, n_frames, c);

    self->peak[c] = MAX (self->peak[c], peak);
    self->clipped |= peak > 1;
  }
  self->n_frames += n_frames;
}

static double
to_db (float peak)
{
  return peak > 0 ? CLAMP (20 * log10 (peak), ENGINE_SILENCE_DB, 40) : ENGINE_SILENCE_DB;
}

/* The mark stays where the highest peak was, then falls until it meets a peak again. */
static void
move_held (EngineGauge *self, guint channel, double peak_db)
{
  double *held_db = &self->held_db[channel];

  self->held_frames[channel] += self->n_frames;
  if (self->held_frames[channel] > HOLD_FRAMES)
    *held_db -= FALL_DB_A_SECOND * self->n_frames / ENGINE_SAMPLE_RATE_HZ;
  if (peak_db >= *held_db) {
    *held_db = peak_db;
    self->held_frames[channel] = 0;
  }
}

/**
 * engine_gauge_read:
 * @self: a gauge
 * @levels: (inout): gets the levels since the last time; what was clipped stays so
 */
void
engine_gauge_read (EngineGauge *self, EngineLevels *levels)
{
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    levels->peak_db[c] = to_db (self->peak[c]);
    levels->input_db[c] = to_db (self->input[c]);
    move_held (self, c, levels->peak_db[c]);
    levels->held_db[c] = self->held_db[c];
  }
  levels->clipped |= self->clipped;
  memset (self->peak, 0, sizeof self->peak);
  memset (self->input, 0, sizeof self->input);
  self->n_frames = 0;
  self->clipped = FALSE;
}
