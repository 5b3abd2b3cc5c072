/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>

/* Shares of the program. */
#define LOGO_WIDTH  0.16
#define LOGO_HEIGHT 0.12
#define LOGO_MARGIN 0.04

#define MIN_SIZE    0.25
#define MAX_SIZE    3.0
#define MIN_OPACITY 0.1

/**
 * engine_art_draw_logo:
 * @path: a PNG, JPEG or SVG file
 * @corner: where it goes
 * @size: 0.25 to 3: 1 is the usual one
 * @opacity: 0.1 to 1
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws the event's logo, at most 16 % of the program wide and 12 % high, times @size, 4 % from its
 * edges. Fails with `ENGINE_ERROR_NOT_FOUND`, or with `ENGINE_ERROR_UNSUPPORTED` for a file that is not
 * such a picture, larger than 16 MiB or than 8192 pixels a side. Any thread; reads the file, so
 * not the main one.
 *
 * Returns: (transfer full): the logo; `NULL` on error
 */
EngineArt *
engine_art_draw_logo (const char *path, EngineCorner corner, double size, double opacity,
                      int program_width_px, int program_height_px, GError **error)
{
  const double scale = CLAMP (size, MIN_SIZE, MAX_SIZE);
  const int margin_px = (int) lround (program_height_px * LOGO_MARGIN);
  const gboolean left = corner == ENGINE_CORNER_TOP_LEFT || corner == ENGINE_CORNER_BOTTOM_LEFT;
  const gboolean top = corner == ENGINE_CORNER_TOP_LEFT || corner == ENGINE_CORNER_TOP_RIGHT;
  cairo_surface_t *picture = NULL;
  cairo_t *cr = NULL;
  EngineArt *art = NULL;
  int width = 0, height = 0;

  g_return_val_if_fail (path != NULL, NULL);

  if (!_engine_art_check_size (program_width_px, program_height_px, error))
    return NULL;
  picture =
    _engine_art_load_picture (path, (int) (program_width_px * LOGO_WIDTH * scale),
                              (int) (program_height_px * LOGO_HEIGHT * scale), FALSE, error);
  if (picture == NULL)
    return NULL;

  width = cairo_image_surface_get_width (picture);
  height = cairo_image_surface_get_height (picture);
  art = _engine_art_new (left ? margin_px : program_width_px - margin_px - width,
                         top ? margin_px : program_height_px - margin_px - height, width, height,
                         error);
  if (art != NULL) {
    cr = cairo_create (art->surface);
    cairo_set_source_surface (cr, picture, 0, 0);
    cairo_paint_with_alpha (cr, CLAMP (opacity, MIN_OPACITY, 1));
    cairo_destroy (cr);
  }

  cairo_surface_destroy (picture);
  return art;
}
