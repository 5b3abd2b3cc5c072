/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* Sound is judged in windows of 200 ms: whole periods of 50 and of 60 Hz. */
#define ENGINE_EAR_WINDOW_MS 200

/* For hum, of which only what is below 200 Hz is of interest, two thousand samples a second do. */
#define ENGINE_EAR_COARSE_HZ     2000
#define ENGINE_EAR_COARSE_VALUES (ENGINE_EAR_COARSE_HZ * ENGINE_EAR_WINDOW_MS / 1000)

/* 50, 100, 150 and 60, 120, 180 Hz. */
#define ENGINE_EAR_N_LINES 6

/* How long hum must have been there to be called so: five seconds. */
#define ENGINE_EAR_N_WINDOWS 25

typedef enum {
  ENGINE_CHANNEL_NONE,
  ENGINE_CHANNEL_LEFT,
  ENGINE_CHANNEL_RIGHT,
} EngineChannel;

/**
 * EngineHearing:
 *
 * What an ear has heard lately. Levels in dBFS, −120 for silence; times in milliseconds.
 */
typedef struct {
  gboolean any;          /* sound arrives at all; when not, all below says nothing */
  double rms_db;         /* of the newest window, the louder channel */
  double peak_db;        /* of the newest window */
  guint quiet_ms;        /* for how long nothing was louder than −50 dBFS RMS */
  guint zero_ms;         /* for how long every sample was exactly zero */
  gboolean sounded;      /* not every sample was zero since it arrives */
  EngineChannel missing; /* the channel that is not there while the other one is */
  guint missing_ms;      /* and for how long, pauses in the other one not counted */
  guint clipped_ms;      /* how much of the last two seconds is flat at full scale */
  guint hum_hz;          /* 50 or 60 when the mains are heard, else 0 */
  double hum_db;         /* how loud they are, RMS */
} EngineHearing;

/**
 * EngineEar:
 *
 * Listens to a source or to the program, for what a tired operator does not hear: digital silence, a
 * channel that is missing, clipping and hum.
 *
 * Plain data without a lock: it belongs to who feeds it.
 */
typedef struct {
  /* The window that is being heard. */
  guint n_frames;
  double square[ENGINE_N_CHANNELS];
  double mid_square;
  float peak[ENGINE_N_CHANNELS];
  guint n_flat[ENGINE_N_CHANNELS]; /* samples at full scale in a row */
  gboolean all_zero;
  guint n_clipped_blocks;
  float coarse[ENGINE_EAR_COARSE_VALUES];

  /* The windows before it. */
  float lines[ENGINE_EAR_N_LINES][ENGINE_EAR_N_WINDOWS]; /* power of each */
  float powers[ENGINE_EAR_N_WINDOWS];                    /* of all there is */
  guint8 clipped[ENGINE_EAR_N_WINDOWS];                  /* blocks of 10 ms */
  guint n_windows;

  EngineHearing hearing;
} EngineEar;

void engine_ear_listen (EngineEar *self, const float *samples, guint n_frames);
void engine_ear_forget (EngineEar *self);

G_END_DECLS
