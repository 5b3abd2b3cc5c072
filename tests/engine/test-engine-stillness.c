/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-stillness.h"

#define FRAME_NS (33 * (gint64) GST_MSECOND)

/* @n pictures, from the time @now_ns on; those that move are never the same twice. */
static void
note (EngineStillness *self, guint n, gboolean move, gint64 *now_ns)
{
  for (guint i = 0; i < n; i++) {
    *now_ns += FRAME_NS;
    engine_stillness_note (self, move ? (guint64) *now_ns : 7, *now_ns);
  }
}

static guint64
take (guint8 luma, int x, int y)
{
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 640, 360);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 16, info.size);
  for (int row = y; row < y + 8; row++)
    gst_buffer_memset (buffer, (gsize) (row * 640 + x), luma, 8);
  return engine_stillness_take (&info, buffer);
}

static void
test_fingerprint (void)
{
  g_assert_true (take (200, 100, 100) == take (200, 100, 100));
  g_assert_true (take (200, 100, 100) != take (201, 100, 100));
  g_assert_true (take (200, 100, 100) != take (200, 108, 100));
  g_assert_true (take (200, 100, 100) != take (200, 100, 108));
}

static void
test_tiny (void)
{
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_RGB, 1, 1);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 1, info.size);
  g_assert_true (engine_stillness_take (&info, buffer) != 0);
  info.height = 1000;
  info.size = 4000;
  g_assert_true (engine_stillness_take (&info, buffer) == 0);
}

static void
test_camera_hangs (void)
{
  EngineStillness stillness = { 0 };
  gint64 now_ns = 0;

  g_assert_false (engine_stillness_is_frozen (&stillness, 100 * (gint64) GST_SECOND));
  note (&stillness, 300, TRUE, &now_ns);
  g_assert_false (engine_stillness_is_frozen (&stillness, now_ns));
  note (&stillness, 110, FALSE, &now_ns);
  g_assert_false (engine_stillness_is_frozen (&stillness, now_ns));
  note (&stillness, 20, FALSE, &now_ns);
  g_assert_true (engine_stillness_is_frozen (&stillness, now_ns));
  note (&stillness, 3000, FALSE, &now_ns);
  g_assert_true (engine_stillness_is_frozen (&stillness, now_ns));
  note (&stillness, 1, TRUE, &now_ns);
  g_assert_false (engine_stillness_is_frozen (&stillness, now_ns));
}

/* Slides from a grabber: they change now and then, and nothing is wrong. */
static void
test_slides (void)
{
  EngineStillness stillness = { 0 };
  gint64 now_ns = 0;

  for (guint slide = 0; slide < 10; slide++) {
    note (&stillness, 15, TRUE, &now_ns);
    for (guint i = 0; i < 300; i++) {
      now_ns += FRAME_NS;
      engine_stillness_note (&stillness, slide + 1, now_ns);
      g_assert_false (engine_stillness_is_frozen (&stillness, now_ns));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/stillness/another-picture-another-number", test_fingerprint);
  g_test_add_func ("/engine/stillness/one-pixel-and-one-that-lies", test_tiny);
  g_test_add_func ("/engine/stillness/camera-that-hangs", test_camera_hangs);
  g_test_add_func ("/engine/stillness/slides-may-stand-still", test_slides);
  return g_test_run ();
}
