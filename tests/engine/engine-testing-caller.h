/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-source.h"

G_BEGIN_DECLS

/* Somebody who calls: a pipeline that leads a picture of one colour and a tone into a remote source. */
typedef struct {
  EnginePipeline *pipeline;
  EngineBridge *bridge;
  GstElement *origin;        /* nullable; a videotestsrc */
  GstElement *picture_valve; /* nullable; "drop" */
  GstElement *sound_valve;   /* nullable */
  GstElement *size;          /* nullable; a capsfilter */
} EngineTestingCaller;

/* @width 0: no picture; @hz 0: no sound. The tone is at −20 dB. */
void engine_testing_call (EngineTestingCaller *self, EngineClock *clock, EngineSource *source,
                          int width, int height, guint32 colour, double hz);
void engine_testing_resize (EngineTestingCaller *self, int width, int height);

/* Ends its pipeline, without a word to the source. */
void engine_testing_hang_up (EngineTestingCaller *self);

G_END_DECLS
