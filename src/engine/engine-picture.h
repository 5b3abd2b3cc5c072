/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-layout.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * EnginePicture:
 *
 * A raw picture and how to read it. Immutable and reference counted; any thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  GstBuffer *buffer;
  GstVideoInfo info;
  EngineRect part; /* what of it is seen, in its own pixels; begins on even ones */
  gint64 time_ns;  /* show time at which it is to be seen */
} EnginePicture;

EnginePicture *engine_picture_new (GstBuffer *buffer, const GstVideoInfo *info, gint64 time_ns);
EnginePicture *engine_picture_new_part (GstBuffer *buffer, const GstVideoInfo *info,
                                        EngineRect part, gint64 time_ns);
EnginePicture *engine_picture_ref (EnginePicture *self);
void engine_picture_unref (EnginePicture *self);
EngineSize engine_picture_get_display_size (const EnginePicture *self);
gboolean engine_picture_is_whole (const EnginePicture *self);
GstBufferPool *engine_picture_make_pool (const GstVideoInfo *info);
char *engine_picture_describe (const GstVideoInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EnginePicture, engine_picture_unref)

G_END_DECLS
