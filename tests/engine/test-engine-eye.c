/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-eye.h"

#define WIDTH  640
#define HEIGHT 360

/* Paints the luma of the picture at a time. */
typedef void (*Painter) (guint8 *luma, gsize stride, gint64 time_ms);

static guint random_seed;

/* −@range to @range */
static int
noise (int range)
{
  random_seed = random_seed * 1664525u + 1013904223u;
  return (int) ((random_seed >> 10) % (guint) (2 * range + 1)) - range;
}

/* Shows the eye thirty pictures a second for so long. */
static EngineSight
watch (Painter paint, gint64 duration_ms)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  EngineEye eye;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
  random_seed = 1;
  engine_eye_init (&eye);
  for (gint64 n = 0; n * 1000 / 30 <= duration_ms; n++) {
    const gint64 time_ms = n * 1000 / 30;

    if (!engine_eye_wants (&eye, time_ms))
      continue;
    paint (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
           time_ms);
    engine_eye_look (&eye, &frame, time_ms);
  }
  gst_video_frame_unmap (&frame);
  return eye.sight;
}

static void
fill (guint8 *luma, gsize stride, int x, int y, int width, int height, guint8 value)
{
  for (int line = y; line < y + height; line++)
    memset (luma + (gsize) line * stride + x, value, (gsize) width);
}

static void
add_noise (guint8 *luma, gsize stride, int range)
{
  for (gsize y = 0; y < HEIGHT; y++) {
    for (gsize x = 0; x < WIDTH; x++)
      luma[y * stride + x] = (guint8) CLAMP ((int) luma[y * stride + x] + noise (range), 0, 255);
  }
}

static void
black (guint8 *luma, gsize stride, gint64 time_ms)
{
  fill (luma, stride, 0, 0, WIDTH, HEIGHT, 16);
}

/* A camera whose lid is on, and the event's logo and a clock over it. */
static void
lid_and_logo (guint8 *luma, gsize stride, gint64 time_ms)
{
  black (luma, stride, time_ms);
  add_noise (luma, stride, 8);
  fill (luma, stride, 500, 20, 120, 50, 235);
  fill (luma, stride, 20, 300, 40 + (int) (time_ms / 1000) % 60, 40, 200);
}

/* White letters on black: two words in the middle. */
static void
dark_slide (guint8 *luma, gsize stride, gint64 time_ms)
{
  black (luma, stride, time_ms);
  for (int i = 0; i < 9; i++)
    fill (luma, stride, 200 + 26 * i, 160, 12, 36, 235);
}

/* A person in a dim hall. */
static void
dim_hall (guint8 *luma, gsize stride, gint64 time_ms)
{
  fill (luma, stride, 0, 0, WIDTH, HEIGHT, 24);
  fill (luma, stride, 280, 120, 80, 240, 60);
  add_noise (luma, stride, 3);
}

static void
test_black (void)
{
  EngineSight sight = watch (black, 4000);

  g_assert_true (sight.any);
  g_assert_cmpuint (sight.black_ms, >=, 3800);
  g_assert_cmpuint (sight.brightness, ==, 16);
  sight = watch (lid_and_logo, 4000);
  g_assert_cmpuint (sight.black_ms, >=, 3800);
  g_assert_cmpuint (watch (dark_slide, 4000).black_ms, ==, 0);
  g_assert_cmpuint (watch (dim_hall, 4000).black_ms, ==, 0);
}

static void
stage (guint8 *luma, gsize stride, gint64 time_ms)
{
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++)
      luma[(gsize) y * stride + (gsize) x] = (guint8) (60 + x / 8 + y / 6);
  }
}

/* One picture over and over, but from an encoder, and the clock of the graphics over it. */
static void
encoded_again (guint8 *luma, gsize stride, gint64 time_ms)
{
  stage (luma, stride, time_ms);
  for (gsize i = 0; i < HEIGHT * stride; i++)
    luma[i] = (guint8) (luma[i] + (noise (4) / 4));
  fill (luma, stride, 20, 20, 40 + (int) (time_ms / 1000) % 60, 40, 200);
}

/* Nobody moves, but a sensor is never quite still. */
static void
empty_stage (guint8 *luma, gsize stride, gint64 time_ms)
{
  stage (luma, stride, time_ms);
  add_noise (luma, stride, 3);
}

/* A camera that takes its own noise away, and a person who moves a little. */
static void
clean_speaker (guint8 *luma, gsize stride, gint64 time_ms)
{
  stage (luma, stride, time_ms);
  fill (luma, stride, 300 + (int) (time_ms / 400) % 5 * 4, 140, 40, 60, 220);
}

/* Dusk: a step of luma in a second and a half, everywhere. */
static void
dusk (guint8 *luma, gsize stride, gint64 time_ms)
{
  fill (luma, stride, 0, 0, WIDTH, HEIGHT, (guint8) (120 - time_ms / 1500));
}

static void
test_frozen (void)
{
  g_assert_cmpuint (watch (encoded_again, 12000).still_ms, >=, 11500);
  g_assert_cmpuint (watch (stage, 12000).still_ms, >=, 11500);
  g_assert_cmpuint (watch (empty_stage, 12000).still_ms, <=, 200);
  g_assert_cmpuint (watch (clean_speaker, 12000).still_ms, <=, 600);
  g_assert_cmpuint (watch (dusk, 12000).still_ms, <=, 1800);
}

static void
test_looks_seldom (void)
{
  EngineEye eye;

  engine_eye_init (&eye);
  g_assert_true (engine_eye_wants (&eye, 1000));
  eye.looked_ms = 1000;
  g_assert_false (engine_eye_wants (&eye, 1033));
  g_assert_false (engine_eye_wants (&eye, 1199));
  g_assert_true (engine_eye_wants (&eye, 1200));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/eye/sees-black-behind-a-logo", test_black);
  g_test_add_func ("/engine/eye/sees-frozen-through-noise", test_frozen);
  g_test_add_func ("/engine/eye/looks-five-times-a-second", test_looks_seldom);

  return g_test_run ();
}
