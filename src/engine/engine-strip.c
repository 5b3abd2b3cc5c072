/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-strip.h"

#define STEP ENGINE_STRIP_STEP_FRAMES

/* A Butterworth high-pass of the second order at 90 Hz and 48 kHz: below the voices of men, above
 * what comes through the stand of a microphone. */
#define LOW_CUT_B0 0.991704196
#define LOW_CUT_A1 (-1.983339570)
#define LOW_CUT_A2 0.983477213

/* What a speaker's voice needs who turns away from the microphone and comes back: it begins softly
 * and far down, and gives back in the mean what it takes from a voice that peaks at −12 dBFS. */
#define THRESHOLD_DB (-20.0)
#define KNEE_DB      12.0
#define RATIO        3.0
#define MAKE_UP_DB   5.0
#define ATTACK_MS    8.0
#define RELEASE_MS   180.0

/* Switches move from off to on in 20 ms. */
#define SWITCH_STEP (1.0f / (0.02f * ENGINE_SAMPLE_RATE_HZ))

/* How much of the left and of the right channel comes from the right one, the rest from the left. */
static const float right_shares[][ENGINE_N_CHANNELS] = {
  [ENGINE_CHANNELS_STEREO] = { 0, 1 },
  [ENGINE_CHANNELS_LEFT] = { 0, 0 },
  [ENGINE_CHANNELS_RIGHT] = { 1, 1 },
  [ENGINE_CHANNELS_BOTH] = { 0.5f, 0.5f },
};

/**
 * engine_strip_pan:
 * @pan: −1 (left) to 1 (right)
 * @gains: (out): factors for left and right
 *
 * A balance: what is in the middle stays as loud as it came. The side turned away from falls as the
 * cosine of the angle (−5.3 dB half way), the other is left alone, so nothing gets louder. Any
 * thread.
 */
void
engine_strip_pan (double pan, float gains[ENGINE_N_CHANNELS])
{
  const double angle = (CLAMP (pan, -1, 1) + 1) * G_PI / 4;

  gains[0] = pan >= 1 ? 0 : (float) MIN (1, G_SQRT2 * cos (angle));
  gains[1] = pan <= -1 ? 0 : (float) MIN (1, G_SQRT2 * sin (angle));
}

/**
 * engine_strip_compress:
 * @level_db: a peak level, in dBFS
 *
 * Any thread.
 *
 * Returns: by how much the compressor turns down what stays at that level, in dB from 0 up; it adds
 *   5 dB to all afterwards
 */
double
engine_strip_compress (double level_db)
{
  const double over_db = level_db - THRESHOLD_DB;
  const double slope = 1 - 1 / RATIO;

  if (over_db <= -KNEE_DB / 2)
    return 0;
  if (over_db >= KNEE_DB / 2)
    return slope * over_db;
  return slope * (over_db + KNEE_DB / 2) * (over_db + KNEE_DB / 2) / (2 * KNEE_DB);
}

/**
 * engine_strip_init:
 * @self: (out): a strip
 * @settings: what it begins with
 */
void
engine_strip_init (EngineStrip *self, const EngineSoundSettings *settings)
{
  *self = (EngineStrip){
    .low_cut = settings->low_cut ? 1 : 0,
    .compressor = settings->compressor ? 1 : 0,
    .compressor_gain = settings->compressor ? (float) pow (10, MAKE_UP_DB / 20) : 1,
  };
  engine_strip_pan (settings->pan, self->pan);
  memcpy (self->right_share, right_shares[settings->channels], sizeof self->right_share);
}

static void
choose_channels (EngineStrip *self, EngineChannels channels, float *samples, guint n_frames)
{
  const float *wanted = right_shares[channels];
  const float left_step = (wanted[0] - self->right_share[0]) / (float) n_frames;
  const float right_step = (wanted[1] - self->right_share[1]) / (float) n_frames;

  if (channels == ENGINE_CHANNELS_STEREO && left_step == 0 && right_step == 0)
    return;
  for (guint i = 0; i < n_frames; i++) {
    float *frame = samples + (gsize) i * ENGINE_N_CHANNELS;
    const float left = frame[0], difference = frame[1] - frame[0];

    frame[0] = left + difference * (self->right_share[0] + left_step * (float) (i + 1));
    frame[1] = left + difference * (self->right_share[1] + right_step * (float) (i + 1));
  }
  memcpy (self->right_share, wanted, sizeof self->right_share);
}

static float
move_switch (float value, gboolean on, guint n_frames)
{
  const float step = SWITCH_STEP * (float) n_frames;

  return on ? MIN (1, value + step) : MAX (0, value - step);
}

static void
cut_low (EngineStrip *self, gboolean on, float *samples, guint n_frames)
{
  const float wet_end = move_switch (self->low_cut, on, n_frames);
  const float wet_step = (wet_end - self->low_cut) / (float) n_frames;

  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    double z1 = self->memory[c][0], z2 = self->memory[c][1];
    float wet = self->low_cut;

    for (guint i = 0; i < n_frames; i++) {
      float *sample = &samples[i * ENGINE_N_CHANNELS + c];
      const double in = (double) *sample;
      const double out = LOW_CUT_B0 * in + z1;

      z1 = -2 * LOW_CUT_B0 * in - LOW_CUT_A1 * out + z2;
      z2 = LOW_CUT_B0 * in - LOW_CUT_A2 * out;
      wet += wet_step;
      *sample += wet * ((float) out - *sample);
    }
    self->memory[c][0] = z1;
    self->memory[c][1] = z2;
  }
  self->low_cut = wet_end;
  if (wet_end <= 0)
    memset (self->memory, 0, sizeof self->memory);
}

static float
find_peak (const float *samples)
{
  float peak = 0;

  for (guint i = 0; i < STEP * ENGINE_N_CHANNELS; i++)
    peak = MAX (peak, fabsf (samples[i]));
  return peak;
}

/* Both channels together, or the picture of the room would wander. */
static void
compress (EngineStrip *self, gboolean on, float *samples, guint n_frames)
{
  static const double step_ms = STEP * 1000.0 / ENGINE_SAMPLE_RATE_HZ;

  for (guint at = 0; at + STEP <= n_frames; at += STEP) {
    float *step = samples + (gsize) at * ENGINE_N_CHANNELS;
    const double wanted_db = engine_strip_compress (20 * log10 ((double) find_peak (step) + 1e-9));
    const double time_ms = wanted_db > self->reduction_db ? ATTACK_MS : RELEASE_MS;
    float gain = self->compressor_gain;

    self->reduction_db += (wanted_db - self->reduction_db) * step_ms / (time_ms + step_ms);
    self->compressor = move_switch (self->compressor, on, STEP);
    self->compressor_gain =
      (float) pow (10, (double) self->compressor * (MAKE_UP_DB - self->reduction_db) / 20);
    const float gain_step = (self->compressor_gain - gain) / STEP;
    for (guint i = 0; i < STEP; i++) {
      gain += gain_step;
      step[i * ENGINE_N_CHANNELS] *= gain;
      step[i * ENGINE_N_CHANNELS + 1] *= gain;
    }
  }
}

static void
turn (EngineStrip *self, double pan, float *samples, guint n_frames)
{
  float wanted[ENGINE_N_CHANNELS];

  engine_strip_pan (pan, wanted);
  for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
    const float step = (wanted[c] - self->pan[c]) / (float) n_frames;

    if (wanted[c] == 1 && self->pan[c] == 1)
      continue;
    for (guint i = 0; i < n_frames; i++)
      samples[i * ENGINE_N_CHANNELS + c] *= self->pan[c] + step * (float) (i + 1);
    self->pan[c] = wanted[c];
  }
}

/**
 * engine_strip_process:
 * @self: a strip
 * @settings: what is wanted now
 * @samples: (inout): @n_frames × 2 interleaved finite samples
 * @n_frames: how many, a multiple of %ENGINE_STRIP_STEP_FRAMES
 */
void
engine_strip_process (EngineStrip *self, const EngineSoundSettings *settings, float *samples,
                      guint n_frames)
{
  choose_channels (self, settings->channels, samples, n_frames);
  if (settings->low_cut || self->low_cut > 0)
    cut_low (self, settings->low_cut, samples, n_frames);
  if (settings->compressor || self->compressor > 0)
    compress (self, settings->compressor, samples, n_frames);
  turn (self, settings->pan, samples, n_frames);
}
