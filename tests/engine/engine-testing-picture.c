/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-testing-picture.h"

static void
fill_quarters (GstVideoFrame *frame, const guint32 *colours)
{
  const int width = GST_VIDEO_FRAME_WIDTH (frame), height = GST_VIDEO_FRAME_HEIGHT (frame);

  for (int y = 0; y < height; y++) {
    guint8 *row = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0) +
                  (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);

    for (int x = 0; x < width; x++) {
      const guint32 colour = colours[(y >= height / 2 ? 2 : 0) + (x >= width / 2 ? 1 : 0)];

      row[4 * x] = (guint8) colour;
      row[4 * x + 1] = (guint8) (colour >> 8);
      row[4 * x + 2] = (guint8) (colour >> 16);
      row[4 * x + 3] = 255;
    }
  }
}

/**
 * engine_testing_make_quarters:
 * @format: any raw format
 * @width: at least 2
 * @height: at least 2
 * @colours: (array fixed-size=4): of the quarters
 * @info: (out): how to read it; BT.709
 *
 * Returns: (transfer full): the picture
 */
GstBuffer *
engine_testing_make_quarters (GstVideoFormat format, int width, int height, const guint32 *colours,
                              GstVideoInfo *info)
{
  GstVideoInfo rgb;
  GstVideoFrame from, to;
  GstVideoConverter *converter = NULL;
  g_autoptr (GstBuffer) drawn = NULL;
  GstBuffer *buffer = NULL;

  gst_video_info_set_format (&rgb, GST_VIDEO_FORMAT_BGRx, (guint) width, (guint) height);
  gst_video_info_set_format (info, format, (guint) width, (guint) height);
  if (GST_VIDEO_INFO_IS_YUV (info))
    gst_video_colorimetry_from_string (&info->colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  drawn = gst_buffer_new_allocate (NULL, rgb.size, NULL);
  buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  converter = gst_video_converter_new (&rgb, info, NULL);
  g_assert_nonnull (converter);
  g_assert_true (gst_video_frame_map (&from, &rgb, drawn, GST_MAP_READWRITE));
  g_assert_true (gst_video_frame_map (&to, info, buffer, GST_MAP_WRITE));
  fill_quarters (&from, colours);
  gst_video_converter_frame (converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_video_converter_free (converter);
  return buffer;
}

/**
 * engine_testing_make_picture:
 * @width: in pixels
 * @height: in pixels
 * @colour: of all of it
 *
 * Returns: (transfer full): an I420 picture due at show time 0
 */
EnginePicture *
engine_testing_make_picture (int width, int height, guint32 colour)
{
  const guint32 colours[] = { colour, colour, colour, colour };
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer =
    engine_testing_make_quarters (GST_VIDEO_FORMAT_I420, width, height, colours, &info);

  return engine_picture_new (buffer, &info, 0);
}

/**
 * engine_testing_make_slot:
 * @rate_fps: the program's
 * @width: in pixels
 * @height: in pixels
 * @colour: of all of its picture
 *
 * Returns: (transfer full): a slot with one picture that stays
 */
EngineSlot *
engine_testing_make_slot (int rate_fps, int width, int height, guint32 colour)
{
  EngineSlot *slot = engine_slot_new (rate_fps);
  g_autoptr (EnginePicture) picture = engine_testing_make_picture (width, height, colour);

  engine_slot_set_still (slot, TRUE);
  engine_slot_push_picture (slot, picture->buffer, &picture->info, 0);
  return slot;
}

/* ITU-R BT.709-6, section 3. */
EngineTestingYuv
engine_testing_to_yuv (guint32 colour)
{
  const double r = ((colour >> 16) & 255) / 255.0, g = ((colour >> 8) & 255) / 255.0;
  const double b = (colour & 255) / 255.0;
  const double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;

  return (EngineTestingYuv){ 16 + 219 * luma, 128 + 224 * (b - luma) / 1.8556,
                             128 + 224 * (r - luma) / 1.5748 };
}

EngineTestingYuv
engine_testing_get_yuv (const GstVideoFrame *frame, int x, int y)
{
  double values[3] = { 0 };

  for (guint i = 0; i < 3; i++) {
    const guint8 *data = GST_VIDEO_FRAME_COMP_DATA (frame, i);
    const int shift = i == 0 ? 0 : 1;

    values[i] = data[(gsize) (y >> shift) * GST_VIDEO_FRAME_COMP_STRIDE (frame, i) +
                     (x >> shift) * GST_VIDEO_FRAME_COMP_PSTRIDE (frame, i)];
  }
  return (EngineTestingYuv){ values[0], values[1], values[2] };
}

/* The largest of the three differences. */
double
engine_testing_compare_yuv (EngineTestingYuv a, EngineTestingYuv b)
{
  return fmax (fabs (a.y - b.y), fmax (fabs (a.u - b.u), fabs (a.v - b.v)));
}
