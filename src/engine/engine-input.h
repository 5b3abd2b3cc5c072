/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-ear.h"
#include "engine-gauge.h"
#include "engine-slot.h"
#include "engine-strip.h"

G_BEGIN_DECLS

/* How much sound is mixed at a time: 10 ms. */
#define ENGINE_AUDIO_BLOCK_FRAMES (ENGINE_SAMPLE_RATE_HZ / 100)

/**
 * EngineInputWish:
 * @settings: what comes before the fader
 * @gain: the fader, as a factor; 0 when muted
 * @solo: it is to be heard in the headphones
 * @seen: it is in the shot on air
 * @ramp_frames: how long it takes to come or go with the shot; at least a block
 *
 * What is wanted of a source in the mix.
 */
typedef struct {
  EngineSoundSettings settings;
  float gain;
  gboolean solo;
  gboolean seen;
  guint ramp_frames;
} EngineInputWish;

/**
 * EngineInput:
 *
 * A source in the mix. @wish, @levels and @hearing are guarded by whoever holds it, all else belongs to the
 * mixer's thread. Reference counted.
 */
typedef struct {
  gatomicrefcount ref_count;
  EngineSlot *slot;

  EngineInputWish wish;
  EngineLevels levels;
  EngineHearing hearing;

  EngineInputWish now; /* the wish that is being carried out */
  EngineStrip strip;
  EngineGauge gauge;
  EngineEar ear; /* hears it as it came */
  gint64 delay_frames;
  float gain;         /* of the fader, where its ramp is */
  float follow;       /* 0 while it is not to be heard with this shot, 1 while it is */
  float follow_from;  /* the same at the beginning of the newest block */
  float solo;         /* 0: not in the headphones by itself, 1: it is */
  gboolean has_sound; /* the last block had some */
  float before_fader[ENGINE_AUDIO_BLOCK_FRAMES * ENGINE_N_CHANNELS];
  float after_fader[ENGINE_AUDIO_BLOCK_FRAMES * ENGINE_N_CHANNELS];
} EngineInput;

EngineInput *engine_input_new (EngineSlot *slot);
EngineInput *engine_input_ref (EngineInput *self);
void engine_input_unref (EngineInput *self);
gboolean engine_input_run (EngineInput *self, gint64 position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineInput, engine_input_unref)

G_END_DECLS
