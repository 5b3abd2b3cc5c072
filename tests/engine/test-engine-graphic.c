/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-graphic.h"

#include <string.h>

#define WIDTH   96
#define HEIGHT  64
#define X       20
#define Y       24
#define SIDE    40
#define GREY    100
#define FRAME   (GST_SECOND / 30)
#define COME_NS ENGINE_GRAPHIC_COME_NS
#define GO_NS   ENGINE_GRAPHIC_GO_NS

static const EngineMotion motions[] = {
  ENGINE_MOTION_FADE,       ENGINE_MOTION_TICK,      ENGINE_MOTION_RISE,
  ENGINE_MOTION_WIPE_RIGHT, ENGINE_MOTION_WIPE_LEFT, ENGINE_MOTION_SLIDE_RIGHT,
  ENGINE_MOTION_SLIDE_LEFT,
};

static EngineOverlay *
make_overlay (EngineMotion motion, double white)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  cairo_t *cr = cairo_create (surface);
  EngineOverlay *overlay = NULL;

  cairo_set_source_rgb (cr, white, white, white);
  cairo_paint (cr);
  cairo_destroy (cr);
  overlay = engine_overlay_new (surface, X, Y);
  overlay->motion = motion;
  cairo_surface_destroy (surface);
  return overlay;
}

/* What a program of plain grey looks like at that time; returns how many pixels are not grey. */
static guint
paint (EngineGraphicPlace *place, gint64 time_ns, guint8 *luma)
{
  EngineGraphicLayer layers[ENGINE_GRAPHIC_MAX_LAYERS];
  const guint n_layers = engine_graphic_place_plan (place, time_ns, layers);
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;
  guint n = 0;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
  for (guint plane = 0; plane < 3; plane++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, plane), plane == 0 ? GREY : 128,
            (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) *
              (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane));
  for (guint i = 0; i < n_layers; i++) {
    engine_overlay_blend_posed (layers[i].overlay, &frame, &layers[i].pose);
    engine_graphic_layer_clear (&layers[i]);
  }
  for (int y = 0; y < HEIGHT; y++) {
    const guint8 *line = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0) +
                         y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);

    memcpy (luma + y * WIDTH, line, WIDTH);
    for (int x = 0; x < WIDTH; x++)
      n += line[x] != GREY;
  }
  gst_video_frame_unmap (&frame);
  return n;
}

static guint8
middle (const guint8 *luma)
{
  return luma[(Y + SIDE / 2) * WIDTH + X + SIDE / 2];
}

/* However it comes and goes: nothing before, all of it then, nothing after, and never a jump. */
static void
test_comes_and_goes (gconstpointer data)
{
  const EngineMotion motion = *(const EngineMotion *) data;
  g_autoptr (EngineOverlay) overlay = make_overlay (motion, 1);
  EngineGraphicPlace place = { 0 };
  guint8 luma[WIDTH * HEIGHT];
  guint64 ink = 0, before = 0;

  engine_graphic_place_set (&place, overlay, GST_SECOND);
  g_assert_cmpuint (paint (&place, GST_SECOND, luma), ==, 0);
  for (gint64 t = GST_SECOND; t < (gint64) GST_SECOND + COME_NS; t += FRAME) {
    paint (&place, t, luma);
    ink = 0;
    for (guint i = 0; i < sizeof luma; i++)
      ink += (guint64) (luma[i] - GREY);
    g_assert_cmpuint (ink, >=, before);
    before = ink;
  }
  g_assert_cmpuint (paint (&place, GST_SECOND + COME_NS, luma), ==, SIDE * SIDE);
  g_assert_cmpint (middle (luma), ==, 235);
  g_assert_cmpint (luma[Y * WIDTH + X], ==, 235);

  engine_graphic_place_set (&place, NULL, 5 * GST_SECOND);
  g_assert_cmpuint (paint (&place, 5 * GST_SECOND, luma), ==, SIDE * SIDE);
  g_assert_cmpuint (paint (&place, 5 * GST_SECOND + GO_NS / 2, luma), >, 0);
  g_assert_cmpuint (paint (&place, 5 * GST_SECOND + GO_NS, luma), ==, 0);
  g_assert_null (place.leaving);
}

/* A pose half way: where is the picture? */
static void
test_ways (void)
{
  const EngineRect at = { X, Y, SIDE, SIDE };

  for (guint i = 0; i < G_N_ELEMENTS (motions); i++) {
    const EngineOverlayPose half = engine_graphic_get_pose (motions[i], at, 0.5);
    const EngineOverlayPose there = engine_graphic_get_pose (motions[i], at, 1);

    g_assert_cmpint (there.move_x | there.move_y | there.part.x | there.part.y, ==, 0);
    g_assert_cmpint (there.part.width, ==, SIDE);
    g_assert_cmpfloat (there.opacity, ==, 1);
    g_assert_cmpint ((half.move_x | half.move_y | half.part.x | half.part.width) & 1, ==, 0);
    g_assert_cmpint (half.part.x + half.part.width, <=, SIDE);
  }
  g_assert_cmpint (engine_graphic_get_pose (ENGINE_MOTION_RISE, at, 0.2).move_y, >, 0);
  g_assert_cmpint (engine_graphic_get_pose (ENGINE_MOTION_WIPE_RIGHT, at, 0.2).part.width, <, SIDE);
  g_assert_cmpint (engine_graphic_get_pose (ENGINE_MOTION_WIPE_LEFT, at, 0.2).part.x, >, 0);
  g_assert_cmpint (engine_graphic_get_pose (ENGINE_MOTION_SLIDE_RIGHT, at, 0.2).move_x, <, 0);
  g_assert_cmpint (engine_graphic_get_pose (ENGINE_MOTION_SLIDE_LEFT, at, 0.2).move_x, >, 0);
}

/* One name after another: the first is gone before the second begins. */
static void
test_one_after_another (void)
{
  g_autoptr (EngineOverlay) bright = make_overlay (ENGINE_MOTION_FADE, 1);
  g_autoptr (EngineOverlay) dark = make_overlay (ENGINE_MOTION_FADE, 0);
  EngineGraphicPlace place = { 0 };
  guint8 luma[WIDTH * HEIGHT];

  engine_graphic_place_set (&place, bright, 0);
  paint (&place, GST_SECOND, luma);
  engine_graphic_place_set (&place, dark, GST_SECOND);
  for (gint64 t = GST_SECOND; t < (gint64) GST_SECOND + GO_NS; t += FRAME) {
    paint (&place, t, luma);
    g_assert_cmpint (middle (luma), >=, GREY);
  }
  g_assert_cmpuint (paint (&place, GST_SECOND + GO_NS, luma), ==, 0);
  paint (&place, GST_SECOND + GO_NS + COME_NS, luma);
  g_assert_cmpint (middle (luma), ==, 16);
  engine_graphic_place_clear (&place);
  g_assert_cmpuint (paint (&place, 3 * GST_SECOND, luma), ==, 0);
}

/* A clock changes from one frame to the next, without a dip. */
static void
test_ticks (void)
{
  g_autoptr (EngineOverlay) one = make_overlay (ENGINE_MOTION_TICK, 1);
  g_autoptr (EngineOverlay) other = make_overlay (ENGINE_MOTION_TICK, 0.75);
  EngineGraphicPlace place = { 0 };
  guint8 luma[WIDTH * HEIGHT];
  int expected = 0, wanted = 16 + 219 * 3 / 4;

  engine_graphic_place_set (&place, one, 0);
  paint (&place, GST_SECOND, luma);
  g_assert_cmpint (middle (luma), ==, 235);
  engine_graphic_place_set (&place, other, GST_SECOND);
  paint (&place, GST_SECOND, luma);
  expected = middle (luma);
  g_assert_cmpint (ABS (expected - wanted), <=, 1);
  g_assert_cmpuint (paint (&place, GST_SECOND + FRAME, luma), ==, SIDE * SIDE);
  g_assert_cmpint (middle (luma), ==, expected);
  engine_graphic_place_clear (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (motions); i++) {
    g_autofree char *path = g_strdup_printf ("/engine/graphic/comes-and-goes/%d", motions[i]);

    g_test_add_data_func (path, &motions[i], test_comes_and_goes);
  }
  g_test_add_func ("/engine/graphic/goes-its-way", test_ways);
  g_test_add_func ("/engine/graphic/one-after-another", test_one_after_another);
  g_test_add_func ("/engine/graphic/ticks", test_ticks);
  return g_test_run ();
}
