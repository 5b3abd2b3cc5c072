/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-eye.h"

#define N_POINTS (ENGINE_EYE_ROWS * ENGINE_EYE_COLUMNS)

/* Black is 16; the noise of a camera whose lid is on stays below this. */
#define DARK_LUMA 32

/* Of the points, one in two hundred may be brighter: a lamp that somebody forgot. A line of white
 * letters covers three times as many. */
#define DARK_SHARE 200

/* A frozen picture that was encoded again comes back a little different each time: by one step of
 * luma here and there, at the edges by some more. A camera's noise is two steps and more everywhere,
 * and what moves moves by tens. In hundredths of a step: */
#define STILL_MEAN_CENTI 60
#define MOVED_STEP       10
#define MAX_MOVED        2 /* so many points that moved are noise */

void
engine_eye_init (EngineEye *self)
{
  *self = (EngineEye){ .looked_ms = -1, .black_since_ms = -1, .moved_ms = -1 };
}

/**
 * engine_eye_wants:
 * @self: an eye
 * @time_ms: the time of a picture
 *
 * Returns: whether it is time to look again
 */
gboolean
engine_eye_wants (const EngineEye *self, gint64 time_ms)
{
  return self->looked_ms < 0 || time_ms >= self->looked_ms + ENGINE_EYE_INTERVAL_MS;
}

static gboolean
is_in_corner (guint row, guint column)
{
  const gboolean at_side = column < ENGINE_EYE_COLUMNS / 4 || column >= ENGINE_EYE_COLUMNS * 3 / 4;
  const gboolean at_end = row < ENGINE_EYE_ROWS / 4 || row >= ENGINE_EYE_ROWS * 3 / 4;

  return at_side && at_end;
}

/* Takes the luma of each point; those in the corners are always black. */
static void
take_points (const GstVideoFrame *frame, guint8 *points)
{
  const guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);
  const gsize stride = (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  const guint width = (guint) GST_VIDEO_FRAME_WIDTH (frame);
  const guint height = (guint) GST_VIDEO_FRAME_HEIGHT (frame);

  for (guint row = 0; row < ENGINE_EYE_ROWS; row++) {
    const guint8 *line = luma + stride * ((2 * row + 1) * height / (2 * ENGINE_EYE_ROWS));

    for (guint column = 0; column < ENGINE_EYE_COLUMNS; column++)
      points[row * ENGINE_EYE_COLUMNS + column] =
        is_in_corner (row, column) ? 16 : line[(2 * column + 1) * width / (2 * ENGINE_EYE_COLUMNS)];
  }
}

static gboolean
is_black (EngineEye *self, const guint8 *points)
{
  guint sum = 0, n_bright = 0;

  for (guint i = 0; i < N_POINTS; i++) {
    sum += points[i];
    n_bright += points[i] > DARK_LUMA;
  }
  self->sight.brightness = (guint8) (sum / N_POINTS);
  return n_bright <= N_POINTS / DARK_SHARE;
}

/* Compared with what was seen when something last moved, so that slow movements add up. */
static gboolean
has_moved (const EngineEye *self, const guint8 *points)
{
  guint sum = 0, n_moved = 0;

  for (guint i = 0; i < N_POINTS; i++) {
    const guint difference = (guint) ABS ((int) points[i] - (int) self->seen[i]);

    sum += difference;
    n_moved += difference >= MOVED_STEP;
  }
  return sum * 100 > STILL_MEAN_CENTI * N_POINTS || n_moved > MAX_MOVED;
}

/**
 * engine_eye_look:
 * @self: an eye that wants to look
 * @frame: a picture whose first plane is luma
 * @time_ms: its time
 */
void
engine_eye_look (EngineEye *self, const GstVideoFrame *frame, gint64 time_ms)
{
  guint8 points[N_POINTS];

  take_points (frame, points);
  if (!is_black (self, points))
    self->black_since_ms = -1;
  else if (self->black_since_ms < 0)
    self->black_since_ms = time_ms;
  if (self->moved_ms < 0 || has_moved (self, points)) {
    memcpy (self->seen, points, sizeof self->seen);
    self->moved_ms = time_ms;
  }
  self->looked_ms = time_ms;
  self->sight.any = TRUE;
  self->sight.black_ms = self->black_since_ms < 0 ? 0 : (guint) (time_ms - self->black_since_ms);
  self->sight.still_ms = (guint) (time_ms - self->moved_ms);
}
