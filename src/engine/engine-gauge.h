/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* What a meter shows for silence. */
#define ENGINE_SILENCE_DB (-120.0)

/**
 * EngineLevels:
 * @peak_db: the highest sample of the last 50 ms, in dBFS; −120 for silence
 * @held_db: the highest of the last one and a half seconds, then falling by 20 dB a second
 * @input_db: of a source: the highest sample of the last 50 ms as it came, before low cut,
 *   compressor, pan, fader and mute; of the program: before the limiter
 * @clipped: a source came in at full scale, or its fader drives it above; the program's limiter had
 *   to hold it back. Stays until it is cleared.
 *
 * What meters show, left and right.
 */
typedef struct {
  double peak_db[ENGINE_N_CHANNELS];
  double held_db[ENGINE_N_CHANNELS];
  double input_db[ENGINE_N_CHANNELS];
  gboolean clipped;
} EngineLevels;

#define ENGINE_LEVELS_SILENCE                                \
  ((EngineLevels){ { ENGINE_SILENCE_DB, ENGINE_SILENCE_DB }, \
                   { ENGINE_SILENCE_DB, ENGINE_SILENCE_DB }, \
                   { ENGINE_SILENCE_DB, ENGINE_SILENCE_DB }, \
                   FALSE })

/**
 * EngineGauge:
 *
 * Notes the levels of a stream of sound, in the thread that makes it.
 */
typedef struct {
  float peak[ENGINE_N_CHANNELS];   /* since the levels were last read */
  float input[ENGINE_N_CHANNELS];  /* the same */
  guint n_full[ENGINE_N_CHANNELS]; /* samples in a row at full scale, as it came */
  double held_db[ENGINE_N_CHANNELS];
  guint held_frames[ENGINE_N_CHANNELS]; /* how long ago that was the peak */
  guint n_frames;                       /* since the levels were last read */
  gboolean clipped;                     /* since the levels were last read */
} EngineGauge;

void engine_gauge_init (EngineGauge *self);
void engine_gauge_note_input (EngineGauge *self, const float *samples, guint n_frames);
void engine_gauge_note_output (EngineGauge *self, const float *samples, guint n_frames);
void engine_gauge_read (EngineGauge *self, EngineLevels *levels);

G_END_DECLS
