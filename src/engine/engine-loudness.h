/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* What the platforms and this house ask for. */
#define ENGINE_LOUDNESS_TARGET_LUFS (-16.0)

/**
 * EngineLoudnessMeter:
 *
 * Measures the loudness of the program, in the thread that makes it. Its memory does not grow with
 * the show; where there is none to be had, it shows silence.
 */
typedef struct {
  gpointer now; /* ebur128_state: momentary and short-term */
  gpointer air; /* ebur128_state: integrated and true peak, since it went on air */
  guint n_air;  /* which time on air that is */
  guint n_frames;
  EngineLoudness loudness;
} EngineLoudnessMeter;

void engine_loudness_meter_init (EngineLoudnessMeter *self);
void engine_loudness_meter_clear (EngineLoudnessMeter *self);
void engine_loudness_meter_add (EngineLoudnessMeter *self, const float *samples, guint n_frames,
                                guint n_air);

G_END_DECLS
