/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-shrinker.h"
#include "engine-testing-picture.h"

#include <math.h>
#include <string.h>

/* A luma that is a ramp from left to right and from top to bottom: wherever a picture is shrunk to, the
 * ramp is the same, and a line or a column too many or too few is seen at once. */
static double
ramp (double x, double y)
{
  return 20 + 100 * x + 100 * y;
}

static GstBuffer *
make_ramp (int width, int height, GstVideoInfo *info)
{
  GstBuffer *buffer = NULL;
  GstVideoFrame frame;

  gst_video_info_set_format (info, GST_VIDEO_FORMAT_I420, (guint) width, (guint) height);
  gst_video_colorimetry_from_string (&info->colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  g_assert_true (gst_video_frame_map (&frame, info, buffer, GST_MAP_WRITE));
  for (guint plane = 0; plane < 3; plane++) {
    const int plane_width = GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane);
    const int plane_height = GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane);

    for (int y = 0; y < plane_height; y++) {
      guint8 *line = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, plane) +
                     (gsize) y * (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane);

      for (int x = 0; x < plane_width; x++)
        line[x] = (guint8) lrint (ramp ((x + 0.5) / plane_width, (y + 0.5) / plane_height));
    }
  }
  gst_video_frame_unmap (&frame);
  return buffer;
}

static void
check_ramp (const GstVideoFrame *frame)
{
  for (guint plane = 0; plane < 3; plane++) {
    const int width = GST_VIDEO_FRAME_COMP_WIDTH (frame, plane);
    const int height = GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane);

    for (int y = 0; y < height; y++) {
      const guint8 *line = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, plane) +
                           (gsize) y * (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);

      for (int x = 0; x < width; x++)
        g_assert_cmpfloat (fabs (line[x] - ramp ((x + 0.5) / width, (y + 0.5) / height)), <, 2.5);
    }
  }
}

typedef struct {
  int from_width, from_height;
  int to_width, to_height;
} Sizes;

static void
test_sizes (gconstpointer data)
{
  const Sizes *sizes = data;
  g_autoptr (EngineShrinker) shrinker = engine_shrinker_new ();
  GstVideoInfo from_info, to_info;
  g_autoptr (GstBuffer) from = make_ramp (sizes->from_width, sizes->from_height, &from_info);
  g_autoptr (GstBuffer) to = make_ramp (sizes->to_width, sizes->to_height, &to_info);
  g_autoptr (EnginePicture) picture = engine_picture_new (from, &from_info, 0);
  GstVideoFrame frame;

  /* What it has set up is for this size and no other, and is used again. */
  for (guint i = 0; i < 2; i++) {
    gst_buffer_memset (to, 0, 0, gst_buffer_get_size (to));
    g_assert_true (gst_video_frame_map (&frame, &to_info, to, GST_MAP_READWRITE));
    engine_shrinker_paint (shrinker, picture, &frame);
    check_ramp (&frame);
    gst_video_frame_unmap (&frame);
  }
}

/* What is of another kind is painted as well, whole and in its colours. */
static void
test_kinds (void)
{
  static const GstVideoFormat formats[] = { GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_NV12,
                                            GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_BGRx };
  static const EngineSize sizes[] = { { 640, 360 }, { 480, 360 }, { 361, 643 }, { 64, 36 } };
  const guint32 colours[] = { 0x30a040, 0x30a040, 0x30a040, 0x30a040 };
  g_autoptr (EngineShrinker) shrinker = engine_shrinker_new ();
  GstVideoInfo info;
  g_autoptr (GstBuffer) to = make_ramp (320, 180, &info);

  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      GstVideoInfo from_info;
      g_autoptr (GstBuffer) from =
        engine_testing_make_quarters (formats[f], sizes[s].width_px, sizes[s].height_px, colours,
                                      &from_info);
      g_autoptr (EnginePicture) picture = engine_picture_new (from, &from_info, 0);
      GstVideoFrame frame;

      g_assert_true (gst_video_frame_map (&frame, &info, to, GST_MAP_READWRITE));
      engine_shrinker_paint (shrinker, picture, &frame);
      g_assert_cmpfloat (engine_testing_compare_yuv (engine_testing_get_yuv (&frame, 160, 90),
                                                     engine_testing_to_yuv (colours[0])),
                         <, 10);
      gst_video_frame_unmap (&frame);
    }
  }
}

int
main (int argc, char **argv)
{
  static const Sizes sizes[] = {
    { 1920, 1080, 960, 540 }, { 1280, 720, 640, 360 },  { 1280, 720, 960, 540 },
    { 1280, 720, 320, 180 },  { 1920, 1080, 640, 360 }, { 1920, 1080, 320, 180 },
    { 3840, 2160, 640, 360 }, { 640, 360, 640, 360 },   { 854, 480, 640, 360 },
  };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path =
      g_strdup_printf ("/engine/shrinker/%dx%d-to-%dx%d", sizes[i].from_width, sizes[i].from_height,
                       sizes[i].to_width, sizes[i].to_height);

    g_test_add_data_func (path, &sizes[i], test_sizes);
  }
  g_test_add_func ("/engine/shrinker/any-kind", test_kinds);
  return g_test_run ();
}
