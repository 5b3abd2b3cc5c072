/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-composer.h"
#include "engine-pixels.h"
#include "engine-shrinker.h"

/* From 2160 lines to 135. */
#define MAX_STEPS 4

struct _EngineShrinker {
  EngineComposer *composer;
  GstBuffer *steps[MAX_STEPS]; /* nullable: what is halved more than once */
  GstVideoInfo infos[MAX_STEPS];
  guint8 *line; /* one that is not as high any more, but as wide */
  gsize line_size;
};

EngineShrinker *
engine_shrinker_new (void)
{
  EngineShrinker *self = g_new0 (EngineShrinker, 1);

  self->composer = engine_composer_new ();
  return self;
}

void
engine_shrinker_free (EngineShrinker *self)
{
  for (guint i = 0; i < MAX_STEPS; i++)
    gst_clear_buffer (&self->steps[i]);
  engine_composer_free (self->composer);
  g_free (self->line);
  g_free (self);
}

static const guint8 *
get_line (const GstVideoFrame *frame, guint plane, int y)
{
  return (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, plane) +
         (gssize) y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
}

static void
halve (const GstVideoFrame *from, GstVideoFrame *to)
{
  for (guint plane = 0; plane < 3; plane++) {
    const int width = GST_VIDEO_FRAME_COMP_WIDTH (to, plane);

    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (to, plane); y++)
      engine_pixels_halve ((guint8 *) get_line (to, plane, y), get_line (from, plane, 2 * y),
                           get_line (from, plane, 2 * y + 1), (guint) width);
  }
}

/* Of four lines three, and of four samples in a line too. */
static void
take_quarter_off (EngineShrinker *self, const GstVideoFrame *from, GstVideoFrame *to)
{
  static const guint8 weights[] = { 64, 128, 191 }; /* of the lower line: 1/4, 1/2, 3/4 */
  const gsize size = (gsize) GST_VIDEO_FRAME_WIDTH (from);

  if (self->line_size < size) {
    g_free (self->line);
    self->line = g_malloc (size);
    self->line_size = size;
  }
  for (guint plane = 0; plane < 3; plane++) {
    const guint width = (guint) GST_VIDEO_FRAME_COMP_WIDTH (from, plane);

    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (to, plane); y++) {
      const int above = y / 3 * 4 + y % 3;

      engine_pixels_cross (self->line, get_line (from, plane, above),
                           get_line (from, plane, above + 1), width, weights[y % 3]);
      engine_pixels_quarter_off ((guint8 *) get_line (to, plane, y), self->line, width / 4);
    }
  }
}

static gboolean
is_size (const GstVideoFrame *frame, int width, int height)
{
  return GST_VIDEO_FRAME_WIDTH (frame) == width && GST_VIDEO_FRAME_HEIGHT (frame) == height;
}

/* Nothing but smaller: no other format, no part of it, no other colours. */
static gboolean
is_plain (const EnginePicture *picture, const GstVideoFrame *frame)
{
  return GST_VIDEO_INFO_FORMAT (&picture->info) == GST_VIDEO_FORMAT_I420 &&
         engine_picture_is_whole (picture) &&
         GST_VIDEO_INFO_PAR_N (&picture->info) == GST_VIDEO_INFO_PAR_D (&picture->info) &&
         gst_video_colorimetry_is_equal (&picture->info.colorimetry, &frame->info.colorimetry);
}

static GstBuffer *
get_step (EngineShrinker *self, guint nth, int width, int height, const GstVideoInfo *like)
{
  GstVideoInfo *info = &self->infos[nth];

  if (self->steps[nth] == NULL || GST_VIDEO_INFO_WIDTH (info) != width ||
      GST_VIDEO_INFO_HEIGHT (info) != height) {
    gst_clear_buffer (&self->steps[nth]);
    gst_video_info_set_format (info, GST_VIDEO_FORMAT_I420, (guint) width, (guint) height);
    self->steps[nth] = gst_buffer_new_allocate (NULL, info->size, NULL);
  }
  info->colorimetry = like->colorimetry;
  info->chroma_site = like->chroma_site;
  info->fps_n = like->fps_n;
  info->fps_d = like->fps_d;
  return self->steps[nth];
}

/* Any size. */
static void
paint_any (EngineShrinker *self, const EnginePicture *picture, GstVideoFrame *frame)
{
  g_autoptr (EngineScene) scene = engine_scene_new (ENGINE_LAYOUT_PAUSE, ENGINE_CORNER_TOP_LEFT,
                                                    NULL, 0, (EnginePicture *) picture);

  engine_composer_paint (self->composer, scene, picture->time_ns, frame);
}

/* Halves as often as that is of use; @nth: how often it was done. Returns FALSE when nothing was
 * painted. */
static gboolean
paint_plain (EngineShrinker *self, const EnginePicture *picture, guint nth, GstVideoFrame *frame)
{
  const int width = GST_VIDEO_INFO_WIDTH (&picture->info);
  const int height = GST_VIDEO_INFO_HEIGHT (&picture->info);
  const gboolean halves = nth < MAX_STEPS && width % 4 == 0 && height % 4 == 0 &&
                          width / 2 >= GST_VIDEO_FRAME_WIDTH (frame) &&
                          height / 2 >= GST_VIDEO_FRAME_HEIGHT (frame);
  const gboolean quarter =
    width % 8 == 0 && height % 8 == 0 && is_size (frame, width / 4 * 3, height / 4 * 3);
  GstVideoFrame from, step;
  gboolean painted = FALSE;

  if ((!halves && !quarter) ||
      !gst_video_frame_map (&from, &picture->info, picture->buffer, GST_MAP_READ))
    return FALSE;
  if (quarter || is_size (frame, width / 2, height / 2)) {
    if (quarter)
      take_quarter_off (self, &from, frame);
    else
      halve (&from, frame);
    painted = TRUE;
  } else {
    GstBuffer *buffer = get_step (self, nth, width / 2, height / 2, &picture->info);
    g_autoptr (EnginePicture) smaller = NULL;

    if (gst_video_frame_map (&step, &self->infos[nth], buffer, GST_MAP_WRITE)) {
      halve (&from, &step);
      gst_video_frame_unmap (&step);
      smaller = engine_picture_new (buffer, &self->infos[nth], picture->time_ns);
      if (!paint_plain (self, smaller, nth + 1, frame))
        paint_any (self, smaller, frame);
      painted = TRUE;
    }
  }
  gst_video_frame_unmap (&from);
  return painted;
}

/**
 * engine_shrinker_paint:
 * @self: a shrinker
 * @picture: what to paint
 * @frame: (inout): an I420 frame mapped for writing; all of it is painted
 */
void
engine_shrinker_paint (EngineShrinker *self, const EnginePicture *picture, GstVideoFrame *frame)
{
  if (!is_plain (picture, frame) || !paint_plain (self, picture, 0, frame))
    paint_any (self, picture, frame);
}
