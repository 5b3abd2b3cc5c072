/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-source-private.h"
#include "engine-testing-painter.h"

/* What is to be seen at a time. */
static int
get_grey (int base, gint64 time_ns)
{
  const gint64 n =
    (time_ns + ENGINE_TESTING_PAINTER_FRAME_NS / 2) / ENGINE_TESTING_PAINTER_FRAME_NS % 120;

  return base + (int) (n < 60 ? n : 120 - n);
}

static GstBuffer *
paint (EngineTestingPainter *self, const GstVideoInfo *info, gint64 time_ns, GRand *rand)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  const int grey = get_grey (self->base, time_ns);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  memset (map.data, 128, map.size);
  memset (map.data, grey, (gsize) self->width * (gsize) self->height);
  for (int y = 0; self->noise > 0 && y < self->height; y += 8) {
    for (int x = 0; x < self->width; x += 8) {
      const guint8 value = (guint8) (grey + g_rand_int_range (rand, -self->noise, self->noise + 1));

      for (int row = y; row < MIN (y + 8, self->height); row++)
        memset (map.data + (gsize) row * (gsize) self->width + x, value,
                (gsize) MIN (8, self->width - x));
    }
  }
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

static gpointer
paint_thread (gpointer data)
{
  EngineTestingPainter *self = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) self->width,
                             (guint) self->height);
  gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  for (gint64 n = 0; g_atomic_int_get (&self->running); n++) {
    const gint64 now_ns = (gint64) engine_program_get_running_ms (self->program) * GST_MSECOND;
    const gint64 time_ns = n * ENGINE_TESTING_PAINTER_FRAME_NS;
    g_autoptr (GstBuffer) buffer = NULL;

    if (time_ns > now_ns + 150 * GST_MSECOND)
      g_usleep ((gulong) ((time_ns - now_ns - 150 * GST_MSECOND) / 1000));
    if (time_ns < now_ns)
      continue;
    buffer = paint (self, &info, time_ns, rand);
    engine_slot_push_picture (self->slot, buffer, &info, time_ns);
  }
  return NULL;
}

/* It paints into @source, a little ahead of the program, until it is stopped. */
void
engine_testing_start_painter (EngineTestingPainter *self, EngineProgram *program,
                              EngineSource *source, int width, int height, int base, int noise)
{
  *self = (EngineTestingPainter){ .slot = _engine_source_get_slot (source),
                                  .program = program,
                                  .width = width,
                                  .height = height,
                                  .base = base,
                                  .noise = noise,
                                  .running = TRUE };
  self->thread = g_thread_new ("painter", paint_thread, self);
}

/* May be called for one that was never started. */
void
engine_testing_stop_painter (EngineTestingPainter *self)
{
  if (self->thread == NULL)
    return;
  g_atomic_int_set (&self->running, FALSE);
  g_thread_join (g_steal_pointer (&self->thread));
}
