/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-overlay.h"

#include <math.h>
#include <string.h>

#define WIDTH  64
#define HEIGHT 48
#define GREY_Y 100
#define GREY_U 120
#define GREY_V 140

typedef struct {
  GstBuffer *buffer;
  GstVideoInfo info;
  GstVideoFrame frame;
} Canvas;

static void
canvas_init (Canvas *self)
{
  const int greys[] = { GREY_Y, GREY_U, GREY_V };

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  self->buffer = gst_buffer_new_allocate (NULL, self->info.size, NULL);
  g_assert_true (gst_video_frame_map (&self->frame, &self->info, self->buffer, GST_MAP_READWRITE));
  for (guint i = 0; i < 3; i++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (&self->frame, i), greys[i],
            (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&self->frame, i) *
              (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (&self->frame, i));
}

static void
canvas_clear (Canvas *self)
{
  gst_video_frame_unmap (&self->frame);
  gst_buffer_unref (self->buffer);
}

static int
get (const Canvas *self, guint plane, int x, int y)
{
  const guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (&self->frame, plane);

  return data[y * GST_VIDEO_FRAME_PLANE_STRIDE (&self->frame, plane) + x];
}

static cairo_surface_t *
make_surface (int width, int height, double r, double g, double b, double a)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgba (cr, r, g, b, a);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

/* BT.709, limited range. */
static void
to_yuv (double r, double g, double b, double *yuv)
{
  const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;

  yuv[0] = 16 + 219 * y;
  yuv[1] = 128 + 224 * (b - y) / 1.8556;
  yuv[2] = 128 + 224 * (r - y) / 1.5748;
}

static void
check_colour (double r, double g, double b, double a, double opacity)
{
  cairo_surface_t *surface = make_surface (20, 10, r, g, b, a);
  g_autoptr (EngineOverlay) overlay = engine_overlay_new (surface, 8, 6);
  const double greys[] = { GREY_Y, GREY_U, GREY_V };
  double yuv[3];
  Canvas canvas;

  to_yuv (r, g, b, yuv);
  canvas_init (&canvas);
  engine_overlay_blend (overlay, &canvas.frame, opacity);
  for (guint plane = 0; plane < 3; plane++) {
    const int x = plane == 0 ? 15 : 7, y = plane == 0 ? 10 : 5;
    const double weight = a * opacity;

    g_assert_cmpfloat_with_epsilon (get (&canvas, plane, x, y),
                                    yuv[plane] * weight + greys[plane] * (1 - weight), 2);
  }
  canvas_clear (&canvas);
  cairo_surface_destroy (surface);
}

static void
test_colours (void)
{
  static const double steps[] = { 0, 0.2, 0.5, 0.8, 1 };
  const guint n = G_N_ELEMENTS (steps);

  for (guint i = 0; i < n * n * n; i++) {
    const double r = steps[i % n], g = steps[i / n % n], b = steps[i / n / n];

    check_colour (r, g, b, 1, 1);
    check_colour (r, g, b, 0.5, 1);
    check_colour (r, g, b, 0.1, 1);
    check_colour (r, g, b, 1, 0.5);
    check_colour (r, g, b, 0.7, 0.3);
  }
}

static void
check_outside (const Canvas *canvas, EngineRect place)
{
  const int greys[] = { GREY_Y, GREY_U, GREY_V };

  for (guint plane = 0; plane < 3; plane++) {
    const int by = plane == 0 ? 1 : 2;

    for (int y = 0; y < HEIGHT / by; y++) {
      for (int x = 0; x < WIDTH / by; x++) {
        const gboolean inside = x >= place.x / by && x < (place.x + place.width) / by &&
                                y >= place.y / by && y < (place.y + place.height) / by;
        if (!inside)
          g_assert_cmpint (get (canvas, plane, x, y), ==, greys[plane]);
      }
    }
  }
}

/* Odd places and sizes, and what hangs over the edge. */
static void
test_outside (void)
{
  static const EngineRect asked[] = {
    { 0, 0, 10, 10 },    { 3, 5, 7, 9 },   { 1, 1, 1, 1 },      { 60, 44, 20, 20 },
    { 63, 47, 1, 1 },    { 0, 0, 64, 48 }, { 0, 0, 100, 100 },  { 64, 48, 10, 10 },
    { 200, 10, 10, 10 }, { -6, -6, 4, 4 }, { 10, 200, 10, 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++) {
    cairo_surface_t *surface = make_surface (asked[i].width, asked[i].height, 1, 0, 0, 1);
    g_autoptr (EngineOverlay) overlay = engine_overlay_new (surface, asked[i].x, asked[i].y);
    Canvas canvas;

    g_assert_cmpint (
      (overlay->place.x | overlay->place.y | overlay->place.width | overlay->place.height) & 1, ==,
      0);
    canvas_init (&canvas);
    engine_overlay_blend (overlay, &canvas.frame, 1);
    check_outside (&canvas, overlay->place);
    canvas_clear (&canvas);
    cairo_surface_destroy (surface);
  }
}

static void
test_transparent (void)
{
  cairo_surface_t *clear = make_surface (WIDTH, HEIGHT, 1, 1, 1, 0);
  cairo_surface_t *white = make_surface (WIDTH, HEIGHT, 1, 1, 1, 1);
  g_autoptr (EngineOverlay) nothing = engine_overlay_new (clear, 0, 0);
  g_autoptr (EngineOverlay) hidden = engine_overlay_new (white, 0, 0);
  Canvas canvas;

  canvas_init (&canvas);
  engine_overlay_blend (nothing, &canvas.frame, 1);
  engine_overlay_blend (hidden, &canvas.frame, 0);
  check_outside (&canvas, (EngineRect){ 0 });
  canvas_clear (&canvas);
  cairo_surface_destroy (clear);
  cairo_surface_destroy (white);
}

/* Where the opaque part ends between two chroma pixels, no colour comes in from nowhere. */
static void
test_edge (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 20, 20);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (EngineOverlay) overlay = NULL;
  Canvas canvas;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, 3, 3, 11, 11);
  cairo_fill (cr);
  cairo_destroy (cr);
  overlay = engine_overlay_new (surface, 0, 0);
  canvas_init (&canvas);
  engine_overlay_blend (overlay, &canvas.frame, 1);
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      const gboolean white = x >= 3 && x < 14 && y >= 3 && y < 14;

      g_assert_cmpint (ABS (get (&canvas, 0, x, y) - (white ? 235 : GREY_Y)), <=, 1);
      g_assert_cmpint (get (&canvas, 1, x / 2, y / 2), >=, GREY_U - 1);
      g_assert_cmpint (get (&canvas, 1, x / 2, y / 2), <=, 129);
      g_assert_cmpint (get (&canvas, 2, x / 2, y / 2), >=, 127);
      g_assert_cmpint (get (&canvas, 2, x / 2, y / 2), <=, GREY_V + 1);
    }
  }
  canvas_clear (&canvas);
  cairo_surface_destroy (surface);
}

static void
test_to_i420 (void)
{
  cairo_surface_t *surface = make_surface (50, 30, 0.2, 0.6, 0.9, 1);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = engine_overlay_surface_to_i420 (surface, &info);
  GstVideoFrame frame;
  double yuv[3];

  to_yuv (0.2, 0.6, 0.9, yuv);
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&info), ==, 50);
  g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&info), ==, 30);
  g_assert_cmpint (info.colorimetry.matrix, ==, GST_VIDEO_COLOR_MATRIX_BT709);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  for (guint plane = 0; plane < 3; plane++) {
    const guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (&frame, plane);
    const int last = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) *
                       (GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane) - 1) +
                     GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane) - 1;

    g_assert_cmpfloat_with_epsilon (data[0], yuv[plane], 2);
    g_assert_cmpfloat_with_epsilon (data[last], yuv[plane], 2);
  }
  gst_video_frame_unmap (&frame);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/overlay/gives-the-right-colour", test_colours);
  g_test_add_func ("/engine/overlay/touches-nothing-outside", test_outside);
  g_test_add_func ("/engine/overlay/transparent-changes-nothing", test_transparent);
  g_test_add_func ("/engine/overlay/edges-are-clean", test_edge);
  g_test_add_func ("/engine/overlay/surface-to-i420", test_to_i420);
  return g_test_run ();
}
