/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

#define ENGINE_STRETCH_TAPS 32

/* How many frames go in at a time, and come out of them, at the most. */
#define ENGINE_STRETCH_MAX_IN  480
#define ENGINE_STRETCH_MAX_OUT 500

/**
 * EngineStretch:
 *
 * Makes sound longer or shorter by less than a hundredth of its length, by reckoning what lies
 * between its samples: a clock that runs too fast or slow is followed without a click. Until it is
 * begun, it only remembers. One thread.
 */
typedef struct {
  float before[ENGINE_N_CHANNELS][ENGINE_STRETCH_TAPS]; /* the newest that went in */
  gboolean begun;
  double at; /* where the next frame comes from, counted from the first of those */
} EngineStretch;

void engine_stretch_reset (EngineStretch *self);
void engine_stretch_begin (EngineStretch *self);
void engine_stretch_remember (EngineStretch *self, const float *samples, guint n_frames);
double engine_stretch_get_waiting (const EngineStretch *self);
guint engine_stretch_process (EngineStretch *self, double step, const float *samples,
                              guint n_frames, float *out);

G_END_DECLS
