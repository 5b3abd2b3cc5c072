/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* By how much the program is made louder or softer at the most. */
#define ENGINE_MATCH_MAX_DB 12.0

/**
 * EngineMatch:
 *
 * Brings the program to −16 LUFS, as a calm hand at the fader would: by the mean loudness of the last
 * ten seconds of speech, by half a decibel a second up and one down. Pauses do not move it. One
 * thread.
 */
typedef struct {
  gpointer state; /* ebur128_state of what comes in; nullable while off */
  guint n_frames;
  guint n_means;  /* how many tenths of a second the mean is of */
  double mean;    /* power */
  guint n_soft;   /* tenths of a second in a row that were far below the mean */
  double gain_db; /* where it is */
  float gain;     /* the same, at the end of the last piece */
} EngineMatch;

void engine_match_init (EngineMatch *self);
void engine_match_clear (EngineMatch *self);
void engine_match_process (EngineMatch *self, gboolean on, float *samples, guint n_frames);

G_END_DECLS
