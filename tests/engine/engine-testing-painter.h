/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "engine-slot.h"

G_BEGIN_DECLS

/* 30 pictures a second. */
#define ENGINE_TESTING_PAINTER_FRAME_NS ((gint64) GST_SECOND / 30)

/* A thread that paints pictures of one grey that gets lighter and darker, with noise or without. */
typedef struct {
  EngineSlot *slot;
  EngineProgram *program;
  int width;
  int height;
  int base; /* the grey at its darkest */
  int noise;
  GThread *thread;
  gint running; /* atomic */
} EngineTestingPainter;

void engine_testing_start_painter (EngineTestingPainter *self, EngineProgram *program,
                                   EngineSource *source, int width, int height, int base,
                                   int noise);
void engine_testing_stop_painter (EngineTestingPainter *self);

G_END_DECLS
