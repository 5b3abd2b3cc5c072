/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-stillness.h"

/* So many places of a picture are looked at: enough for anything that can be seen to move. */
#define ROWS            90
#define COLUMNS         160

#define FROZEN_AFTER_NS (4 * (gint64) GST_SECOND)

/* Pictures over which the share of those that differ is taken: about four seconds. */
#define MEMORY_PICTURES 128.0

/* What moves has at least this share of pictures that differ. */
#define MOVING 0.8

/* Any 64-bit number with mixed bits: that of FNV-1a. */
#define FNV_OFFSET G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define FNV_PRIME  G_GUINT64_CONSTANT (0x100000001b3)

/**
 * engine_stillness_take:
 * @info: how to read it
 * @buffer: a picture
 *
 * Any thread. Takes some ten microseconds, however large the picture.
 *
 * Returns: a number that is another one for another picture; 0 if it cannot be read
 */
guint64
engine_stillness_take (const GstVideoInfo *info, GstBuffer *buffer)
{
  guint64 fingerprint = FNV_OFFSET;
  GstVideoFrame frame;

  if (!gst_video_frame_map (&frame, info, buffer, GST_MAP_READ))
    return 0;

  const guint8 *plane = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
  const int height = GST_VIDEO_FRAME_COMP_HEIGHT (&frame, 0);
  const int width =
    GST_VIDEO_FRAME_COMP_WIDTH (&frame, 0) * GST_VIDEO_FRAME_COMP_PSTRIDE (&frame, 0);

  for (int row = 0; row < ROWS; row++) {
    const guint8 *line = plane + (gsize) (row * height / ROWS) * (gsize) stride;

    for (int column = 0; column < COLUMNS; column++)
      fingerprint = (fingerprint ^ line[column * width / COLUMNS]) * FNV_PRIME;
  }
  gst_video_frame_unmap (&frame);
  return fingerprint;
}

/**
 * engine_stillness_note:
 * @self: what was noticed so far
 * @fingerprint: of a picture that came; 0 is passed over
 * @now_ns: the show time
 */
void
engine_stillness_note (EngineStillness *self, guint64 fingerprint, gint64 now_ns)
{
  const gboolean same = fingerprint == self->fingerprint;

  if (fingerprint == 0)
    return;
  if (!same) {
    self->fingerprint = fingerprint;
    self->same_since_ns = now_ns;
  }
  self->moving += ((same ? 0 : 1) - self->moving) / MEMORY_PICTURES;
  if (!same)
    self->moving_before = self->moving;
}

/**
 * engine_stillness_is_frozen:
 * @self: what was noticed so far
 * @now_ns: the show time
 *
 * Returns: whether the same picture has come for more than four seconds, from what used to move
 */
gboolean
engine_stillness_is_frozen (const EngineStillness *self, gint64 now_ns)
{
  return self->fingerprint != 0 && self->moving_before > MOVING &&
         now_ns - self->same_since_ns > FROZEN_AFTER_NS;
}
