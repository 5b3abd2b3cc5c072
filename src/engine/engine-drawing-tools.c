/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

static double
get_part (guint colour, guint shift)
{
  return (double) (colour >> shift & 0xff) / 255.0;
}

void
_engine_drawing_set_colour (cairo_t *cr, guint colour, double alpha)
{
  cairo_set_source_rgba (cr, get_part (colour, 16), get_part (colour, 8), get_part (colour, 0),
                         alpha);
}

void
_engine_drawing_fill (cairo_t *cr, guint colour)
{
  _engine_drawing_set_colour (cr, colour, 1);
  cairo_fill (cr);
}

void
_engine_drawing_add_ellipse (cairo_t *cr, double x, double y, double radius_x, double radius_y)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, radius_x, radius_y);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
}

void
_engine_drawing_add_rounded (cairo_t *cr, double x, double y, double width, double height,
                             double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

void
_engine_drawing_fill_box (cairo_t *cr, double x, double y, double width, double height,
                          double radius, guint colour)
{
  if (radius > 0)
    _engine_drawing_add_rounded (cr, x, y, width, height, radius);
  else
    cairo_rectangle (cr, x, y, width, height);
  _engine_drawing_fill (cr, colour);
}

void
_engine_drawing_glow (cairo_t *cr, double x, double y, double radius, guint colour, double alpha)
{
  const double red = get_part (colour, 16), green = get_part (colour, 8);
  const double blue = get_part (colour, 0);
  cairo_pattern_t *glow = cairo_pattern_create_radial (x, y, 0, x, y, radius);

  cairo_pattern_add_color_stop_rgba (glow, 0.0, red, green, blue, alpha);
  cairo_pattern_add_color_stop_rgba (glow, 0.4, red, green, blue, alpha * 0.45);
  cairo_pattern_add_color_stop_rgba (glow, 1.0, red, green, blue, 0);
  cairo_set_source (cr, glow);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_pattern_destroy (glow);
}

/* A band from one side of the stage to the other. */
void
_engine_drawing_shade (cairo_t *cr, double y, double height, guint top, guint bottom)
{
  cairo_pattern_t *shade = cairo_pattern_create_linear (0, y, 0, y + height);

  cairo_pattern_add_color_stop_rgb (shade, 0, get_part (top, 16), get_part (top, 8),
                                    get_part (top, 0));
  cairo_pattern_add_color_stop_rgb (shade, 1, get_part (bottom, 16), get_part (bottom, 8),
                                    get_part (bottom, 0));
  cairo_set_source (cr, shade);
  cairo_rectangle (cr, 0, y, ENGINE_DRAWING_STAGE_WIDTH, height);
  cairo_fill (cr);
  cairo_pattern_destroy (shade);
}

double
_engine_drawing_ease (double way)
{
  const double x = CLAMP (way, 0.0, 1.0);

  return x * x * (3 - 2 * x);
}
