/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-veil.h"

struct _EngineVeil {
  EngineOverlay *overlays[ENGINE_VEIL_MAX_OVERLAYS]; /* what it was made of */
  guint n_overlays;
  int width_px;
  int height_px;
  cairo_surface_t *surface; /* nullable */
};

EngineVeil *
engine_veil_new (void)
{
  return g_new0 (EngineVeil, 1);
}

static void
clear (EngineVeil *self)
{
  for (guint i = 0; i < self->n_overlays; i++)
    engine_overlay_unref (self->overlays[i]);
  self->n_overlays = 0;
  g_clear_pointer (&self->surface, cairo_surface_destroy);
}

void
engine_veil_free (EngineVeil *self)
{
  clear (self);
  g_free (self);
}

static gboolean
is_made_of (EngineVeil *self, EngineOverlay *const *overlays, guint n_overlays, int width_px,
            int height_px)
{
  if (self->surface == NULL || self->n_overlays != n_overlays || self->width_px != width_px ||
      self->height_px != height_px)
    return FALSE;
  for (guint i = 0; i < n_overlays; i++) {
    if (self->overlays[i] != overlays[i])
      return FALSE;
  }
  return TRUE;
}

static void
make (EngineVeil *self, EngineOverlay *const *overlays, guint n_overlays, double scale,
      int width_px, int height_px)
{
  cairo_t *cr = NULL;

  clear (self);
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width_px, height_px);
  self->width_px = width_px;
  self->height_px = height_px;
  cr = cairo_create (self->surface);
  cairo_scale (cr, scale, scale);
  for (guint i = 0; i < n_overlays; i++) {
    const EngineOverlay *overlay = overlays[i];

    self->overlays[self->n_overlays++] = engine_overlay_ref (overlays[i]);
    cairo_set_source_surface (cr, overlay->surface, overlay->place.x, overlay->place.y);
    cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
    cairo_paint (cr);
  }
  cairo_destroy (cr);
}

/**
 * engine_veil_paint:
 * @self: a veil
 * @overlays: (array length=n_overlays): graphics, from back to front
 * @n_overlays: how many, at most %ENGINE_VEIL_MAX_OVERLAYS
 * @program_width_px: of the program that they were drawn for
 * @pixels: (inout): @width_px × @height_px pixels of 32 bits, blue first, without padding
 * @width_px: of the preview
 * @height_px: the same
 *
 * Lays the graphics over a preview, as small as that is.
 */
void
engine_veil_paint (EngineVeil *self, EngineOverlay *const *overlays, guint n_overlays,
                   int program_width_px, guint8 *pixels, int width_px, int height_px)
{
  cairo_surface_t *to = NULL;
  cairo_t *cr = NULL;

  if (n_overlays == 0)
    return;
  if (!is_made_of (self, overlays, n_overlays, width_px, height_px))
    make (self, overlays, n_overlays, (double) width_px / program_width_px, width_px, height_px);
  to = cairo_image_surface_create_for_data (pixels, CAIRO_FORMAT_RGB24, width_px, height_px,
                                            width_px * 4);
  cr = cairo_create (to);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (to);
}
