/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-stretch.h"

#define TAPS ENGINE_STRETCH_TAPS
#define HALF (TAPS / 2)

/* Between so many places between two samples it is a straight line: what that gets wrong is 100 dB
 * down. */
#define N_PLACES 256

/* A sinc below a Kaiser window, with one place more, for the line from the last to the next sample's
 * first. */
typedef struct {
  float taps[N_PLACES + 1][TAPS];
} Table;

#define KAISER_BETA 9.0

static double
bessel (double x)
{
  double sum = 1, term = 1;

  for (guint n = 1; n < 30; n++) {
    term *= (x / (2 * n)) * (x / (2 * n));
    sum += term;
  }
  return sum;
}

static const Table *
get_table (void)
{
  static Table table;
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return &table;
  for (guint p = 0; p <= N_PLACES; p++) {
    double sum = 0;

    for (guint k = 0; k < TAPS; k++) {
      const double x = (double) k - (HALF - 1) - (double) p / N_PLACES;
      const double edge = MAX (0, 1 - (x / HALF) * (x / HALF));
      const double window = bessel (KAISER_BETA * sqrt (edge)) / bessel (KAISER_BETA);
      const double tap = x == 0 ? 1 : window * sin (G_PI * x) / (G_PI * x);

      table.taps[p][k] = (float) tap;
      sum += tap;
    }
    for (guint k = 0; k < TAPS; k++)
      table.taps[p][k] /= (float) sum;
  }
  g_once_init_leave (&done, 1);
  return &table;
}

/**
 * engine_stretch_reset:
 * @self: (out): a stretch, or memory for one
 *
 * What comes next does not follow on from what came before.
 */
void
engine_stretch_reset (EngineStretch *self)
{
  *self = (EngineStretch){ .at = TAPS };
}

/**
 * engine_stretch_begin:
 * @self: a stretch that remembers what came last
 *
 * From here on everything is to go through engine_stretch_process ().
 */
void
engine_stretch_begin (EngineStretch *self)
{
  get_table ();
  self->begun = TRUE;
  self->at = TAPS;
}

/**
 * engine_stretch_remember:
 * @self: a stretch that is not begun
 * @samples: @n_frames × 2 interleaved samples that went another way
 * @n_frames: how many
 */
void
engine_stretch_remember (EngineStretch *self, const float *samples, guint n_frames)
{
  const guint n = MIN (n_frames, TAPS);
  const float *newest = samples + (gsize) (n_frames - n) * ENGINE_N_CHANNELS;

  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    memmove (self->before[c], self->before[c] + n, (TAPS - n) * sizeof (float));
    for (guint i = 0; i < n; i++)
      self->before[c][TAPS - n + i] = newest[i * ENGINE_N_CHANNELS + c];
  }
}

/**
 * engine_stretch_get_waiting:
 * @self: a stretch
 *
 * Returns: how much went in but did not come out yet, in frames
 */
double
engine_stretch_get_waiting (const EngineStretch *self)
{
  return self->begun ? TAPS - self->at : 0;
}

static float
reckon (const float *line, const float *taps, const float *next_taps, float share)
{
  float value = 0, next = 0;

  for (guint k = 0; k < TAPS; k++) {
    value += taps[k] * line[k];
    next += next_taps[k] * line[k];
  }
  return value + share * (next - value);
}

/**
 * engine_stretch_process:
 * @self: a stretch that is begun
 * @step: from one frame that comes out to the next, in frames that go in: about 1
 * @samples: @n_frames × 2 interleaved samples
 * @n_frames: at most %ENGINE_STRETCH_MAX_IN
 * @out: (out): room for %ENGINE_STRETCH_MAX_OUT frames
 *
 * Returns: how many frames came out
 */
guint
engine_stretch_process (EngineStretch *self, double step, const float *samples, guint n_frames,
                        float *out)
{
  const Table *table = get_table ();
  float line[ENGINE_N_CHANNELS][TAPS + ENGINE_STRETCH_MAX_IN];
  guint n_out = 0;

  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    memcpy (line[c], self->before[c], sizeof self->before[c]);
    for (guint i = 0; i < n_frames; i++)
      line[c][TAPS + i] = samples[i * ENGINE_N_CHANNELS + c];
    memcpy (self->before[c], line[c] + n_frames, sizeof self->before[c]);
  }
  while ((guint) self->at + HALF < TAPS + n_frames && n_out < ENGINE_STRETCH_MAX_OUT) {
    const guint first = (guint) self->at - (HALF - 1);
    const double place = (self->at - floor (self->at)) * N_PLACES;
    const guint p = (guint) place;

    for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
      out[n_out * ENGINE_N_CHANNELS + c] =
        reckon (line[c] + first, table->taps[p], table->taps[p + 1], (float) (place - p));
    n_out++;
    self->at += step;
  }
  self->at -= n_frames;
  return n_out;
}
