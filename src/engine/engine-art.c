/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>

/* Shares of the program. */
#define LOGO_WIDTH        0.16
#define LOGO_HEIGHT       0.12
#define LOGO_MARGIN       0.04
#define TITLE_SAFE        0.05
#define LOWER_THIRD_WIDTH 0.62

/* Pixels in a program of 1080 lines. */
#define TITLE_SIZE    50.0
#define SUBTITLE_SIZE 33.0
#define PADDING_X     34.0
#define PADDING_Y     24.0
#define LINE_GAP      6.0
#define BAR_WIDTH     12.0
#define RADIUS        14.0
#define SHADOW        26.0
#define MAX_CHARS     300

/**
 * engine_art_draw_logo:
 * @path: a PNG, JPEG or SVG file
 * @corner: where it goes
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws the event's logo, at most 16 % of the program wide and 12 % high, 4 % from its edges.
 * Fails with `ENGINE_ERROR_NOT_FOUND`, or with `ENGINE_ERROR_UNSUPPORTED` for a file that is not
 * such a picture, larger than 16 MiB or than 8192 pixels a side. Any thread; reads the file, so
 * not the main one.
 *
 * Returns: (transfer full): the logo; `NULL` on error
 */
EngineArt *
engine_art_draw_logo (const char *path, EngineCorner corner, int program_width_px,
                      int program_height_px, GError **error)
{
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
  picture = _engine_art_load_picture (path, (int) (program_width_px * LOGO_WIDTH),
                                      (int) (program_height_px * LOGO_HEIGHT), FALSE, error);
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
    cairo_paint (cr);
    cairo_destroy (cr);
  }

  cairo_surface_destroy (picture);
  return art;
}

typedef struct {
  PangoLayout *title;    /* owned, nullable */
  PangoLayout *subtitle; /* owned, nullable */
  double title_height;
  double text_width;
  double height;
  gboolean rtl;
} LowerThird;

static void
lower_third_clear (LowerThird *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->subtitle);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LowerThird, lower_third_clear)

static void
lower_third_measure (LowerThird *self, cairo_t *cr, const char *title, const char *subtitle,
                     double max_width, double unit)
{
  double title_width = 0, subtitle_width = 0, subtitle_height = 0;

  if (*title != '\0') {
    self->title =
      _engine_art_create_layout (cr, title, TITLE_SIZE * unit, PANGO_WEIGHT_BOLD, max_width, 2);
    _engine_art_measure (self->title, &title_width, &self->title_height);
  }
  if (*subtitle != '\0') {
    self->subtitle = _engine_art_create_layout (cr, subtitle, SUBTITLE_SIZE * unit,
                                                PANGO_WEIGHT_NORMAL, max_width, 2);
    _engine_art_measure (self->subtitle, &subtitle_width, &subtitle_height);
  }

  self->rtl = pango_layout_get_direction (self->title != NULL ? self->title : self->subtitle, 0) ==
              PANGO_DIRECTION_RTL;
  self->text_width = MIN (ceil (MAX (title_width, subtitle_width)) + 1, max_width);
  self->height = self->title_height + subtitle_height;
  if (self->title != NULL && self->subtitle != NULL)
    self->height += LINE_GAP * unit;

  /* Now as narrow as the longer line, so that right-to-left text stands at the plate's edge. */
  if (self->title != NULL)
    pango_layout_set_width (self->title, (int) (self->text_width * PANGO_SCALE));
  if (self->subtitle != NULL)
    pango_layout_set_width (self->subtitle, (int) (self->text_width * PANGO_SCALE));
}

static void
draw_plate (cairo_t *cr, double width, double height, gboolean rtl, EngineArtColour colour,
            double unit)
{
  const EngineArtColour white = { 1, 1, 1 }, night = { 0.035, 0.05, 0.075 };
  const double shadow = SHADOW * unit, bar = BAR_WIDTH * unit;
  const double bar_x = rtl ? shadow + width - bar : shadow;
  cairo_pattern_t *plate = cairo_pattern_create_linear (shadow, 0, shadow + width, 0);
  cairo_pattern_t *light = cairo_pattern_create_linear (0, shadow, 0, shadow + height);
  const EngineArtColour bright = _engine_art_mix (colour, white, 0.18);
  const EngineArtColour tinted = _engine_art_mix (night, colour, 0.06);

  cairo_pattern_add_color_stop_rgba (plate, rtl ? 1 : 0, tinted.red, tinted.green, tinted.blue,
                                     0.93);
  cairo_pattern_add_color_stop_rgba (plate, rtl ? 0 : 1, night.red, night.green, night.blue, 0.80);
  cairo_pattern_add_color_stop_rgb (light, 0, bright.red, bright.green, bright.blue);
  cairo_pattern_add_color_stop_rgb (light, 1, colour.red, colour.green, colour.blue);

  _engine_art_draw_shadow (cr, shadow, shadow, width, height, RADIUS * unit, shadow * 0.8);
  cairo_save (cr);
  _engine_art_add_rounded (cr, shadow, shadow, width, height, RADIUS * unit);
  cairo_clip (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_set_source (cr, plate);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  cairo_rectangle (cr, shadow, shadow, width, MAX (1.5 * unit, 1));
  cairo_set_source_rgba (cr, 1, 1, 1, 0.10);
  cairo_fill (cr);
  cairo_rectangle (cr, bar_x, shadow, bar, height);
  cairo_set_source (cr, light);
  cairo_fill (cr);
  cairo_restore (cr);

  cairo_pattern_destroy (plate);
  cairo_pattern_destroy (light);
}

static void
lower_third_draw (const LowerThird *self, cairo_t *cr, EngineArtColour colour, double unit)
{
  const double width = self->text_width + (2 * PADDING_X + BAR_WIDTH) * unit;
  const double height = self->height + 2 * PADDING_Y * unit;
  const double x = (SHADOW + PADDING_X + (self->rtl ? 0 : BAR_WIDTH)) * unit;
  double y = (SHADOW + PADDING_Y) * unit;

  draw_plate (cr, width, height, self->rtl, colour, unit);
  _engine_art_add_rounded (cr, SHADOW * unit, SHADOW * unit, width, height, RADIUS * unit);
  cairo_clip (cr);
  if (self->title != NULL) {
    cairo_move_to (cr, x, y);
    cairo_set_source_rgb (cr, 1, 1, 1);
    pango_cairo_show_layout (cr, self->title);
    y += self->title_height + LINE_GAP * unit;
  }
  if (self->subtitle != NULL) {
    cairo_move_to (cr, x, y);
    cairo_set_source_rgba (cr, 0.90, 0.93, 0.97, 0.88);
    pango_cairo_show_layout (cr, self->subtitle);
  }
}

/**
 * engine_art_draw_lower_third:
 * @title: first line, bold: the speaker's name
 * @subtitle: (nullable): second line, smaller: the talk
 * @colour: accent colour, “#rrggbb”
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws who is speaking, at the bottom left within the title-safe area. Each of the two texts has
 * two lines at most and ends in “…” when it is longer; any script, right-to-left ones mirrored.
 * Fails with `ENGINE_ERROR_UNSUPPORTED` when there is nothing to write. Any thread.
 *
 * Returns: (transfer full): the lower third; `NULL` on error
 */
EngineArt *
engine_art_draw_lower_third (const char *title, const char *subtitle, const char *colour,
                             int program_width_px, int program_height_px, GError **error)
{
  const double unit = _engine_art_get_unit (program_width_px, program_height_px);
  const double shadow = SHADOW * unit, extra = (2 * PADDING_X + BAR_WIDTH) * unit;
  g_autofree char *first = _engine_art_clean (title, FALSE, MAX_CHARS);
  g_autofree char *second = _engine_art_clean (subtitle, FALSE, MAX_CHARS);
  g_auto (LowerThird) parts = { 0 };
  cairo_t *cr = NULL;
  EngineArt *scratch = NULL, *art = NULL;
  int width = 0, height = 0;

  if (!_engine_art_check_size (program_width_px, program_height_px, error))
    return NULL;
  if (*first == '\0' && *second == '\0') {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "There is no name and no title to show");
    return NULL;
  }

  scratch = _engine_art_new (0, 0, 1, 1, error);
  if (scratch == NULL)
    return NULL;
  cr = cairo_create (scratch->surface);
  lower_third_measure (&parts, cr, first, second, program_width_px * LOWER_THIRD_WIDTH - extra,
                       unit);
  cairo_destroy (cr);
  engine_art_free (scratch);

  width = (int) ceil (parts.text_width + extra + 2 * shadow);
  height = (int) ceil (parts.height + (2 * PADDING_Y) * unit + 2 * shadow);
  art = _engine_art_new ((int) floor (program_width_px * TITLE_SAFE - shadow),
                         (int) floor (program_height_px * (1 - TITLE_SAFE) + shadow) - height,
                         width, height, error);
  if (art == NULL)
    return NULL;
  cr = cairo_create (art->surface);
  lower_third_draw (&parts, cr, _engine_art_parse_colour (colour), unit);
  cairo_destroy (cr);
  return art;
}
