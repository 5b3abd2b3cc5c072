/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ebur128.h>
#include <math.h>

#include "engine-gauge.h"
#include "engine-loudness.h"

/* Ten times a second, as EBU Tech 3341 asks of a meter. */
#define UPDATE_FRAMES (ENGINE_SAMPLE_RATE_HZ / 10)

/* Below this nobody speaks: a quiet room through an open microphone. */
#define SILENT_LUFS (-50.0)

/* Speech rises and falls by this much within its sentences, and nothing is wrong with it. */
#define QUIET_LUFS (ENGINE_LOUDNESS_TARGET_LUFS - 5)
#define LOUD_LUFS  (ENGINE_LOUDNESS_TARGET_LUFS + 3)

/* A word that was said stays until loudness is so far on the other side of its bound. */
#define HYSTERESIS_LU 0.5

/* Without the histogram, it would keep every block of the show. */
static ebur128_state *
make_air (void)
{
  return ebur128_init (ENGINE_N_CHANNELS, ENGINE_SAMPLE_RATE_HZ,
                       EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM);
}

void
engine_loudness_meter_init (EngineLoudnessMeter *self)
{
  *self = (EngineLoudnessMeter){
    .now = ebur128_init (ENGINE_N_CHANNELS, ENGINE_SAMPLE_RATE_HZ, EBUR128_MODE_S),
    .air = make_air (),
    .loudness = { ENGINE_SILENCE_DB, ENGINE_SILENCE_DB, ENGINE_SILENCE_DB, ENGINE_SILENCE_DB,
                  ENGINE_LOUDNESS_SILENT },
  };
}

static void
destroy (gpointer *state)
{
  ebur128_state *gone = g_steal_pointer (state);

  if (gone != NULL)
    ebur128_destroy (&gone);
}

void
engine_loudness_meter_clear (EngineLoudnessMeter *self)
{
  destroy (&self->now);
  destroy (&self->air);
}

static double
tame (double value)
{
  return isfinite (value) ? MAX (value, ENGINE_SILENCE_DB) : ENGINE_SILENCE_DB;
}

static EngineLoudnessWord
choose_word (EngineLoudnessWord before, double lufs)
{
  const double quiet = QUIET_LUFS + (before == ENGINE_LOUDNESS_QUIET ? HYSTERESIS_LU : 0);
  const double loud = LOUD_LUFS - (before == ENGINE_LOUDNESS_LOUD ? HYSTERESIS_LU : 0);

  if (lufs < SILENT_LUFS)
    return ENGINE_LOUDNESS_SILENT;
  if (lufs < quiet)
    return ENGINE_LOUDNESS_QUIET;
  return lufs > loud ? ENGINE_LOUDNESS_LOUD : ENGINE_LOUDNESS_GOOD;
}

static void
update (EngineLoudnessMeter *self)
{
  EngineLoudness *loudness = &self->loudness;
  double value = 0, peak = 0;

  if (ebur128_loudness_momentary (self->now, &value) == EBUR128_SUCCESS)
    loudness->momentary_lufs = tame (value);
  if (ebur128_loudness_shortterm (self->now, &value) == EBUR128_SUCCESS)
    loudness->short_lufs = tame (value);
  if (ebur128_loudness_global (self->air, &value) == EBUR128_SUCCESS)
    loudness->integrated_lufs = tame (value);
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    if (ebur128_true_peak (self->air, c, &value) == EBUR128_SUCCESS)
      peak = MAX (peak, value);
  }
  loudness->true_peak_db = tame (20 * log10 (peak));
  loudness->word = choose_word (loudness->word, loudness->short_lufs);
}

/**
 * engine_loudness_meter_add:
 * @self: a meter
 * @samples: @n_frames × 2 interleaved finite samples
 * @n_frames: how many
 * @n_air: another number than before: from here on it is on air
 */
void
engine_loudness_meter_add (EngineLoudnessMeter *self, const float *samples, guint n_frames,
                           guint n_air)
{
  if (n_air != self->n_air) {
    destroy (&self->air);
    self->air = make_air ();
    self->n_air = n_air;
  }
  if (self->now == NULL || self->air == NULL)
    return;
  if (ebur128_add_frames_float (self->now, samples, n_frames) != EBUR128_SUCCESS ||
      ebur128_add_frames_float (self->air, samples, n_frames) != EBUR128_SUCCESS)
    return;
  self->n_frames += n_frames;
  if (self->n_frames < UPDATE_FRAMES)
    return;
  self->n_frames = 0;
  update (self);
}
