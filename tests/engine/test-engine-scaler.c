/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-scaler.h"
#include "engine-testing-picture.h"

#include <string.h>

#define WIDTH     320
#define HEIGHT    180
#define GROUND    0x000000
#define COLOUR    0x30a040
#define TOLERANCE 10.0 /* of the converter, in its quick paths and in its slow ones */

/* All that the bridge lets in. */
static const GstVideoFormat formats[] = {
  GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_YV12, GST_VIDEO_FORMAT_NV21,
  GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_UYVY, GST_VIDEO_FORMAT_Y42B, GST_VIDEO_FORMAT_Y444,
  GST_VIDEO_FORMAT_BGRx, GST_VIDEO_FORMAT_BGRA, GST_VIDEO_FORMAT_RGBx, GST_VIDEO_FORMAT_RGB,
  GST_VIDEO_FORMAT_BGR,
};

/* Of HD, of old cameras, of JPEG. */
static const char *const colorimetries[] = { "bt709", "bt601", "1:4:0:1" };

static EnginePicture *
make_picture (GstVideoFormat format, const char *colorimetry, int width, int height)
{
  const guint32 colours[] = { COLOUR, COLOUR, COLOUR, COLOUR };
  GstVideoInfo drawn_info, info;
  GstVideoFrame from, to;
  GstVideoConverter *converter = NULL;
  g_autoptr (GstBuffer) drawn =
    engine_testing_make_quarters (format, width, height, colours, &drawn_info);
  g_autoptr (GstBuffer) buffer = NULL;

  if (!GST_VIDEO_INFO_IS_YUV (&drawn_info))
    return engine_picture_new (drawn, &drawn_info, 0);
  info = drawn_info;
  gst_video_colorimetry_from_string (&info.colorimetry, colorimetry);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  converter = gst_video_converter_new (&drawn_info, &info, NULL);
  g_assert_true (gst_video_frame_map (&from, &drawn_info, drawn, GST_MAP_READ));
  g_assert_true (gst_video_frame_map (&to, &info, buffer, GST_MAP_WRITE));
  gst_video_converter_frame (converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_video_converter_free (converter);
  return engine_picture_new (buffer, &info, 0);
}

static void
check_frame (const GstVideoFrame *frame, EngineRect rect)
{
  const EngineTestingYuv ground = { 16, 128, 128 }, colour = engine_testing_to_yuv (COLOUR);

  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      const gboolean inside =
        x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
      const EngineTestingYuv seen = engine_testing_get_yuv (frame, x, y);

      /* Beside its place nothing changes at all. */
      g_assert_cmpfloat (engine_testing_compare_yuv (seen, inside ? colour : ground), <=,
                         inside ? TOLERANCE : 0);
    }
  }
}

/* A picture of any format, colours and size is painted into its place and nowhere else. */
static void
test_keeps_to_its_place (void)
{
  static const EngineSize sizes[] = { { 64, 48 }, { 65, 49 }, { 640, 360 } };
  g_autoptr (EngineScaler) scaler = engine_scaler_new ();
  g_autoptr (EnginePicture) to = engine_testing_make_picture (WIDTH, HEIGHT, GROUND);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  GstVideoFrame frame;

  g_assert_true (gst_video_frame_map (&frame, &to->info, to->buffer, GST_MAP_READWRITE));
  for (guint i = 0; i < G_N_ELEMENTS (formats) * G_N_ELEMENTS (colorimetries); i++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      g_autoptr (EnginePicture) picture =
        make_picture (formats[i / G_N_ELEMENTS (colorimetries)],
                      colorimetries[i % G_N_ELEMENTS (colorimetries)], sizes[s].width_px,
                      sizes[s].height_px);

      for (guint n = 0; n < 6; n++) {
        const int x = 2 * g_rand_int_range (rand, 0, WIDTH / 2 - 1);
        const int y = 2 * g_rand_int_range (rand, 0, HEIGHT / 2 - 1);
        const EngineRect rect = { x, y, 2 * g_rand_int_range (rand, 1, (WIDTH - x) / 2 + 1),
                                  2 * g_rand_int_range (rand, 1, (HEIGHT - y) / 2 + 1) };

        memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), 16,
                (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) * HEIGHT);
        for (guint plane = 1; plane < 3; plane++)
          memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, plane), 128,
                  (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) * HEIGHT / 2);
        engine_scaler_paint (scaler, picture, rect, &frame);
        check_frame (&frame, rect);
      }
    }
  }
  gst_video_frame_unmap (&frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/scaler/keeps-to-its-place", test_keeps_to_its_place);
  return g_test_run ();
}
