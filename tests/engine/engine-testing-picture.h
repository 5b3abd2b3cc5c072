/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

G_BEGIN_DECLS

/* Pictures of four flat quarters: top left, top right, bottom left, bottom right, as 0xrrggbb. */
#define ENGINE_TESTING_N_QUARTERS 4

typedef struct {
  double y, u, v;
} EngineTestingYuv;

GstBuffer *engine_testing_make_quarters (GstVideoFormat format, int width, int height,
                                         const guint32 *colours, GstVideoInfo *info);
EnginePicture *engine_testing_make_picture (int width, int height, guint32 colour);
EngineSlot *engine_testing_make_slot (int rate_fps, int width, int height, guint32 colour);
EngineTestingYuv engine_testing_to_yuv (guint32 colour);
EngineTestingYuv engine_testing_get_yuv (const GstVideoFrame *frame, int x, int y);
double engine_testing_compare_yuv (EngineTestingYuv a, EngineTestingYuv b);

G_END_DECLS
