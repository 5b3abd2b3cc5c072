/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/* The compressor looks and acts in steps of so many frames: a third of a millisecond. */
#define ENGINE_STRIP_STEP_FRAMES 16

/**
 * EngineStrip:
 *
 * What is done to the sound of one source before its fader, in this order: choice of channels, low
 * cut, compressor, pan. All of it can be changed while it runs and moves there without a click. One thread.
 */
typedef struct {
  double memory[ENGINE_N_CHANNELS][2];  /* of the low cut */
  float low_cut;                        /* 0: off, 1: on, between: on its way */
  float compressor;                     /* the same */
  double reduction_db;                  /* what the compressor takes away now */
  float compressor_gain;                /* what came of that at the end of the last step */
  float pan[ENGINE_N_CHANNELS];         /* gains at the end of the last piece */
  float right_share[ENGINE_N_CHANNELS]; /* how much of each comes from the right one, likewise */
} EngineStrip;

void engine_strip_init (EngineStrip *self, const EngineSoundSettings *settings);
void engine_strip_process (EngineStrip *self, const EngineSoundSettings *settings, float *samples,
                           guint n_frames);
double engine_strip_compress (double level_db);
void engine_strip_pan (double pan, float gains[ENGINE_N_CHANNELS]);

G_END_DECLS
