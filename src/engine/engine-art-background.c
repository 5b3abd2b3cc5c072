/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

/**
 * engine_art_draw_background:
 * @path: a PNG, JPEG or SVG file
 * @program_width_px: 320 to 3840
 * @program_height_px: 180 to 2160
 * @error: return location
 *
 * Draws what is behind and between the pictures of a shot: the file's picture, as large as the whole
 * program; what hangs over is cut off on both sides, what can be seen through is black. Fails with an
 * `ENGINE_ERROR` when the file is not there or no picture.
 *
 * Returns: (transfer full): the background; `NULL` on error
 */
EngineArt *
engine_art_draw_background (const char *path, int program_width_px, int program_height_px,
                            GError **error)
{
  g_autoptr (EngineArt) art = NULL;
  cairo_surface_t *picture = NULL;
  cairo_t *cr = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (!_engine_art_check_size (program_width_px, program_height_px, error))
    return NULL;
  picture = _engine_art_load_picture (path, program_width_px, program_height_px, TRUE, error);
  if (picture == NULL)
    return NULL;
  art = _engine_art_new (0, 0, program_width_px, program_height_px, error);
  if (art != NULL) {
    cr = cairo_create (art->surface);
    cairo_set_source_rgb (cr, 0, 0, 0);
    cairo_paint (cr);
    cairo_set_source_surface (cr, picture,
                              (program_width_px - cairo_image_surface_get_width (picture)) / 2.0,
                              (program_height_px - cairo_image_surface_get_height (picture)) / 2.0);
    cairo_paint (cr);
    cairo_destroy (cr);
  }
  cairo_surface_destroy (picture);
  return g_steal_pointer (&art);
}
