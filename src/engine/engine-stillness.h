/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * EngineStillness:
 *
 * Notices that pictures which used to move stand still: a camera that hangs gives the same picture
 * again and again, while the picture of one that works is never the same twice. What stood still
 * before, as slides from a grabber do, may go on doing so. Zeros make a new one. One thread at a time.
 */
typedef struct {
  guint64 fingerprint; /* of the newest picture; 0: none yet */
  gint64 same_since_ns;
  double moving;        /* share of the pictures that differed, of late */
  double moving_before; /* what that was when they began to be the same */
} EngineStillness;

guint64 engine_stillness_take (const GstVideoInfo *info, GstBuffer *buffer);
void engine_stillness_note (EngineStillness *self, guint64 fingerprint, gint64 now_ns);
gboolean engine_stillness_is_frozen (const EngineStillness *self, gint64 now_ns);

G_END_DECLS
