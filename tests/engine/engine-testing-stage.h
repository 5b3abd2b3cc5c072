/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source-private.h"
#include "engine-testing-caller.h"
#include "engine-video-mixer.h"

G_BEGIN_DECLS

/* What callers show. */
#define ENGINE_TESTING_GREEN 0x20c040
#define ENGINE_TESTING_RED   0xd02020
#define ENGINE_TESTING_BLUE  0x2020d0

/* A program that shows one remote source, and those who call it. A fixture. */
typedef struct {
  EngineClock *clock;
  EngineVideoMixer *video;
  EngineAudioMixer *audio;
  EngineSource *source;
  EngineTestingCaller caller;
  EngineTestingCaller other;
  guint32 colour; /* that is waited for */
  EngineSourceState state;
  gboolean has_picture;
  gint64 usual_ms;

  GMutex lock;     /* guards all below */
  GArray *times;   /* of gint64: of the program's frames */
  GArray *samples; /* of float: its sound, left */
  guint wanted;
} EngineTestingStage;

/* @data: not NULL for a source that may stand still. */
void engine_testing_stage_set_up (EngineTestingStage *self, gconstpointer data);

/* Whatever happened: every frame of the program came, each a frame after the one before. */
void engine_testing_stage_tear_down (EngineTestingStage *self, gconstpointer data);

void engine_testing_stage_wait_for_state (EngineTestingStage *self, EngineSourceState state);
void engine_testing_stage_wait_for_has_picture (EngineTestingStage *self, gboolean has_picture);

/* How far the middle of the program is from a colour; below 12 it is that one. */
double engine_testing_stage_get_distance (EngineTestingStage *self, guint32 colour);
void engine_testing_stage_wait_for_colour (EngineTestingStage *self, guint32 colour);
void engine_testing_stage_wait_for_card (EngineTestingStage *self);

/* The level of a tone in the program's next quarter of a second. */
double engine_testing_stage_hear (EngineTestingStage *self, double hz);

/* It is a caller's. */
void engine_testing_stage_assert_hears (EngineTestingStage *self, double hz);

G_END_DECLS
