/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-ear.h"

#define WINDOW_FRAMES (ENGINE_SAMPLE_RATE_HZ / 1000 * ENGINE_EAR_WINDOW_MS)
#define COARSE_FRAMES (ENGINE_SAMPLE_RATE_HZ / ENGINE_EAR_COARSE_HZ)

#define SILENCE_DB    (-120.0)

/* A quiet room is at −60 dBFS, soft speech into a microphone that is set too low at −45. */
#define QUIET_DB (-50.0)

/* One channel is there and the other is not: what a cable that is plugged in halfway leaves behind. */
#define THERE_DB   (-45.0)
#define MISSING_DB (-75.0)

/* Three samples in a row this near to full scale are no sound but a flat top. */
#define FLAT_LEVEL 0.9985f
#define N_FLAT     3

/* Clipping is counted over the newest ten windows, two seconds. */
#define CLIP_WINDOWS 10

/* Hum is what stays when all else pauses: of each line the softest window of the last five seconds
 * counts, so that a voice or a bass note on the same frequency, which comes and goes, does not. It
 * has to be heard, and to be a good part of what is there in the quietest window. */
#define HUM_DB    (-55.0)
#define HUM_SHARE 0.3

static const double line_hz[ENGINE_EAR_N_LINES] = { 50, 100, 150, 60, 120, 180 };

static double
to_db (double power)
{
  return power > 0 ? MAX (10 * log10 (power), SILENCE_DB) : SILENCE_DB;
}

/* The mean square of a sine in the window, which a Hann window has been put over: that one lets
 * nothing of 50 Hz into 60 Hz, and half of the amplitude through. */
static double
measure_line (const float *values, double hz)
{
  const double factor = 2 * cos (2 * G_PI * hz / ENGINE_EAR_COARSE_HZ);
  double s1 = 0, s2 = 0;

  for (guint i = 0; i < ENGINE_EAR_COARSE_VALUES; i++) {
    const double s0 = (double) values[i] + factor * s1 - s2;

    s2 = s1;
    s1 = s0;
  }

  const double power = MAX (s1 * s1 + s2 * s2 - factor * s1 * s2, 0);
  const double amplitude = 4 * sqrt (power) / ENGINE_EAR_COARSE_VALUES;
  return amplitude * amplitude / 2;
}

static double
find_softest (const float *powers)
{
  float softest = powers[0];

  for (guint i = 1; i < ENGINE_EAR_N_WINDOWS; i++)
    softest = MIN (softest, powers[i]);
  return (double) softest;
}

static void
judge_hum (EngineEar *self)
{
  const double all = find_softest (self->powers);
  double hum[2] = { 0 };

  self->hearing.hum_hz = 0;
  self->hearing.hum_db = SILENCE_DB;
  if (self->n_windows < ENGINE_EAR_N_WINDOWS)
    return;
  for (guint i = 0; i < ENGINE_EAR_N_LINES; i++)
    hum[i / 3] += find_softest (self->lines[i]);

  const guint mains = hum[1] > hum[0] ? 1 : 0;
  self->hearing.hum_db = to_db (hum[mains]);
  if (self->hearing.hum_db > HUM_DB && hum[mains] > HUM_SHARE * all)
    self->hearing.hum_hz = mains == 0 ? 50 : 60;
}

static void
judge_channels (EngineEar *self, double left_db, double right_db)
{
  const double there_db = MAX (left_db, right_db);
  const double missing_db = MIN (left_db, right_db);
  const EngineChannel missing = left_db < right_db ? ENGINE_CHANNEL_LEFT : ENGINE_CHANNEL_RIGHT;

  if (there_db < THERE_DB && missing_db < MISSING_DB)
    return; /* a pause: says nothing */
  if (missing_db >= MISSING_DB || missing != self->hearing.missing) {
    self->hearing.missing = missing_db < MISSING_DB ? missing : ENGINE_CHANNEL_NONE;
    self->hearing.missing_ms = 0;
  }
  if (self->hearing.missing != ENGINE_CHANNEL_NONE)
    self->hearing.missing_ms += ENGINE_EAR_WINDOW_MS;
}

static void
judge_clipping (EngineEar *self)
{
  guint n_blocks = 0;

  for (guint i = 0; i < MIN (self->n_windows, CLIP_WINDOWS); i++)
    n_blocks += self->clipped[(self->n_windows - 1 - i) % ENGINE_EAR_N_WINDOWS];
  self->hearing.clipped_ms = n_blocks * 10;
}

static void
end_window (EngineEar *self)
{
  const guint at = self->n_windows % ENGINE_EAR_N_WINDOWS;
  const double left_db = to_db (self->square[0] / WINDOW_FRAMES);
  const double right_db = to_db (self->square[1] / WINDOW_FRAMES);
  const double peak = (double) MAX (self->peak[0], self->peak[1]);
  EngineHearing *hearing = &self->hearing;

  for (guint i = 0; i < ENGINE_EAR_N_LINES; i++)
    self->lines[i][at] = (float) measure_line (self->coarse, line_hz[i]);
  self->powers[at] = (float) (self->mid_square / WINDOW_FRAMES);
  self->clipped[at] = (guint8) MIN (self->n_clipped_blocks, G_MAXUINT8);
  /* Kept small, so that it never wraps, and in step with the place in the ring. */
  if (++self->n_windows == 3 * ENGINE_EAR_N_WINDOWS)
    self->n_windows -= ENGINE_EAR_N_WINDOWS;

  hearing->any = TRUE;
  hearing->rms_db = MAX (left_db, right_db);
  hearing->peak_db = to_db (peak * peak);
  hearing->quiet_ms =
    hearing->rms_db < QUIET_DB ? MIN (hearing->quiet_ms, G_MAXUINT / 2) + ENGINE_EAR_WINDOW_MS : 0;
  hearing->zero_ms =
    self->all_zero ? MIN (hearing->zero_ms, G_MAXUINT / 2) + ENGINE_EAR_WINDOW_MS : 0;
  hearing->sounded |= !self->all_zero;
  judge_channels (self, left_db, right_db);
  judge_clipping (self);
  judge_hum (self);

  self->n_frames = 0;
  self->mid_square = 0;
  self->n_clipped_blocks = 0;
  memset (self->square, 0, sizeof self->square);
  memset (self->peak, 0, sizeof self->peak);
  memset (self->coarse, 0, sizeof self->coarse);
}

/* Returns whether the channel was flat at full scale somewhere in the block. */
static gboolean
hear_channel (EngineEar *self, guint channel, const float *samples, guint n_frames)
{
  float peak = self->peak[channel];
  double square = 0;
  guint n_flat = self->n_flat[channel];
  gboolean flat = FALSE;

  for (guint i = 0; i < n_frames; i++) {
    const float level = fabsf (samples[i * ENGINE_N_CHANNELS + channel]);

    peak = MAX (peak, level);
    square += (double) (level * level);
    n_flat = level >= FLAT_LEVEL ? n_flat + 1 : 0;
    flat |= n_flat >= N_FLAT;
  }
  self->peak[channel] = peak;
  self->square[channel] += square;
  self->n_flat[channel] = MIN (n_flat, N_FLAT);
  self->all_zero = self->all_zero && peak == 0;
  return flat;
}

static void
hear_mid (EngineEar *self, const float *samples, guint n_frames)
{
  double square = 0;

  for (guint i = 0; i < n_frames; i++) {
    const float mid = (samples[i * ENGINE_N_CHANNELS] + samples[i * ENGINE_N_CHANNELS + 1]) * 0.5f;

    self->coarse[(self->n_frames + i) / COARSE_FRAMES] += mid / COARSE_FRAMES;
    square += (double) (mid * mid);
  }
  self->mid_square += square;
}

/* A Hann window, when a coarse window is whole. */
static void
shape (float *values)
{
  for (guint i = 0; i < ENGINE_EAR_COARSE_VALUES; i++)
    values[i] *= (float) (0.5 - 0.5 * cos (2 * G_PI * i / ENGINE_EAR_COARSE_VALUES));
}

/**
 * engine_ear_listen:
 * @self: an ear; all zero is a new one
 * @samples: @n_frames × 2 interleaved samples at 48 kHz
 * @n_frames: how many: a part of 200 ms, the same each time
 *
 * Costs about as much as adding the block to the mix.
 */
void
engine_ear_listen (EngineEar *self, const float *samples, guint n_frames)
{
  gboolean flat = FALSE;

  g_return_if_fail (n_frames > 0 && WINDOW_FRAMES % n_frames == 0);

  if (self->n_frames == 0)
    self->all_zero = TRUE;
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
    flat |= hear_channel (self, c, samples, n_frames);
  hear_mid (self, samples, n_frames);
  if (flat)
    self->n_clipped_blocks++;
  self->n_frames += n_frames;
  if (self->n_frames < WINDOW_FRAMES)
    return;
  shape (self->coarse);
  end_window (self);
}

/**
 * engine_ear_forget:
 * @self: an ear
 *
 * Nothing arrives: what was heard before says nothing any more.
 */
void
engine_ear_forget (EngineEar *self)
{
  if (self->hearing.any || self->n_frames > 0)
    memset (self, 0, sizeof *self);
}
