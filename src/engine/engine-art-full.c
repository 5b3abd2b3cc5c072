/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>
#include <stdlib.h>

#define TEXT_WIDTH 0.76 /* of the program */
#define SHRINK     0.66 /* what is long is written smaller, down to this */
#define MAX_CHARS  400

/* Pixels in a program of 1080 lines. */
#define LOST_TITLE     64.0
#define LOST_SENTENCE  36.0
#define PAUSE_TITLE    88.0
#define PAUSE_SENTENCE 42.0
#define TEXT_GAP       22.0
#define EMBLEM_GAP     56.0
#define LOST_EMBLEM    150.0
#define PAUSE_EMBLEM   150.0
#define LOGO_WIDTH     560.0
#define LOGO_HEIGHT    200.0

static const EngineArtColour night = { 0.043, 0.059, 0.090 };
static const EngineArtColour dusk = { 0.118, 0.153, 0.212 };
static const EngineArtColour white = { 1, 1, 1 };

typedef struct {
  PangoLayout *title;    /* owned, nullable */
  PangoLayout *sentence; /* owned, nullable */
  double title_height;
  double sentence_height;
  double height;
} Words;

static void
words_clear (Words *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->sentence);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static void
words_measure (Words *self, cairo_t *cr, const char *title, const char *sentence, const char *font,
               double title_size, double sentence_size, const EngineRect *place)
{
  const double unit = _engine_art_get_unit (place->width, place->height);
  g_autofree char *first = _engine_art_clean (title, FALSE, MAX_CHARS);
  g_autofree char *second = _engine_art_clean (sentence, FALSE, MAX_CHARS);

  if (*first != '\0') {
    self->title =
      _engine_art_fit_layout (cr, first, font, title_size * unit, title_size * SHRINK * unit,
                              PANGO_WEIGHT_BOLD, place->width * TEXT_WIDTH, 2);
    pango_layout_set_alignment (self->title, PANGO_ALIGN_CENTER);
    _engine_art_measure (self->title, NULL, &self->title_height);
  }
  if (*second != '\0') {
    self->sentence =
      _engine_art_fit_layout (cr, second, font, sentence_size * unit, sentence_size * SHRINK * unit,
                              PANGO_WEIGHT_NORMAL, place->width * TEXT_WIDTH, 3);
    pango_layout_set_alignment (self->sentence, PANGO_ALIGN_CENTER);
    _engine_art_measure (self->sentence, NULL, &self->sentence_height);
  }
  self->height = self->title_height + self->sentence_height;
  if (self->title != NULL && self->sentence != NULL)
    self->height += TEXT_GAP * unit;
}

static void
words_draw (const Words *self, cairo_t *cr, double y, double sentence_alpha,
            const EngineRect *place)
{
  const double x = place->width * (1 - TEXT_WIDTH) / 2;

  if (self->title != NULL) {
    cairo_move_to (cr, x, y);
    _engine_art_set_colour (cr, white, 0.96);
    pango_cairo_show_layout (cr, self->title);
    y += self->title_height + TEXT_GAP * _engine_art_get_unit (place->width, place->height);
  }
  if (self->sentence != NULL) {
    cairo_move_to (cr, x, y);
    _engine_art_set_colour (cr, white, sentence_alpha);
    pango_cairo_show_layout (cr, self->sentence);
  }
}

static void
paint_gradient (cairo_t *cr, EngineArtColour top_left, EngineArtColour bottom_right,
                const EngineRect *place)
{
  cairo_pattern_t *gradient =
    cairo_pattern_create_linear (place->width * 0.2, 0, place->width * 0.8, place->height);

  cairo_pattern_add_color_stop_rgb (gradient, 0, top_left.red, top_left.green, top_left.blue);
  cairo_pattern_add_color_stop_rgb (gradient, 1, bottom_right.red, bottom_right.green,
                                    bottom_right.blue);
  cairo_set_source (cr, gradient);
  cairo_paint (cr);
  cairo_pattern_destroy (gradient);
}

static void
paint_glow (cairo_t *cr, double x, double y, double radius, EngineArtColour colour, double alpha)
{
  cairo_pattern_t *glow = cairo_pattern_create_radial (x, y, 0, x, y, radius);

  cairo_pattern_add_color_stop_rgba (glow, 0, colour.red, colour.green, colour.blue, alpha);
  cairo_pattern_add_color_stop_rgba (glow, 0.5, colour.red, colour.green, colour.blue,
                                     alpha * 0.35);
  cairo_pattern_add_color_stop_rgba (glow, 1, colour.red, colour.green, colour.blue, 0);
  cairo_set_source (cr, glow);
  cairo_paint (cr);
  cairo_pattern_destroy (glow);
}

/* Half of a cable with its connector; the other half is its mirror image. One unit is the height. */
static void
draw_connector (cairo_t *cr, gboolean plug)
{
  const EngineArtColour steel = { 0.60, 0.69, 0.80 };

  _engine_art_set_colour (cr, steel, 0.9);
  cairo_set_line_width (cr, 0.085);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, -0.74, 0);
  cairo_curve_to (cr, -1.1, 0, -1.05, 0.42, -1.6, 0.36);
  cairo_stroke (cr);

  cairo_move_to (cr, -0.22, -0.30);
  cairo_line_to (cr, -0.46, -0.30);
  cairo_arc_negative (cr, -0.46, 0, 0.30, 1.5 * G_PI, G_PI_2);
  cairo_line_to (cr, -0.22, 0.30);
  cairo_close_path (cr);
  cairo_fill (cr);

  if (!plug)
    return;
  cairo_set_line_width (cr, 0.075);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, -0.18, side * 0.14);
    cairo_line_to (cr, 0.0, side * 0.14);
    cairo_stroke (cr);
  }
}

static void
draw_unplugged (cairo_t *cr, double x, double y, double size, EngineArtColour spark)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, size, size);
  cairo_save (cr);
  cairo_translate (cr, -0.14, 0);
  draw_connector (cr, TRUE);
  cairo_restore (cr);
  cairo_save (cr);
  cairo_scale (cr, -1, 1);
  cairo_translate (cr, -0.14, 0);
  draw_connector (cr, FALSE);
  cairo_restore (cr);

  _engine_art_set_colour (cr, spark, 0.95);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, 0.05);
  for (int i = -1; i <= 1; i++) {
    cairo_move_to (cr, 0.12 + i * 0.11, -0.40 + abs (i) * 0.035);
    cairo_line_to (cr, 0.12 + i * 0.20, -0.58 + abs (i) * 0.06);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static EngineArt *
new_full (int program_width_px, int program_height_px, GError **error)
{
  if (!_engine_art_check_size (program_width_px, program_height_px, error))
    return NULL;
  return _engine_art_new (0, 0, program_width_px, program_height_px, error);
}

/**
 * engine_art_draw_lost:
 * @title: the source's name
 * @sentence: (nullable): what happens, in the audience's language
 * @colour: (nullable): accent colour, “#rrggbb”
 * @font: (nullable): a font family
 * @program_width_px: width of the picture
 * @program_height_px: height of the picture
 * @error: return location
 *
 * Draws the calm picture that stands in for a source whose signal is lost: opaque, the full frame.
 * Any thread.
 *
 * Returns: (transfer full): the picture; `NULL` on error
 */
EngineArt *
engine_art_draw_lost (const char *title, const char *sentence, const char *colour, const char *font,
                      int program_width_px, int program_height_px, GError **error)
{
  const double unit = _engine_art_get_unit (program_width_px, program_height_px);
  EngineArt *art = new_full (program_width_px, program_height_px, error);
  const EngineArtColour accent = _engine_art_parse_colour (colour);
  g_auto (Words) words = { 0 };
  cairo_t *cr = NULL;
  double y = 0;

  if (art == NULL)
    return NULL;

  cr = cairo_create (art->surface);
  words_measure (&words, cr, title, sentence, font, LOST_TITLE, LOST_SENTENCE, &art->place);
  y = (program_height_px - words.height - (LOST_EMBLEM + EMBLEM_GAP) * unit) / 2;
  paint_gradient (cr, dusk, night, &art->place);
  paint_glow (cr, program_width_px / 2.0, y + LOST_EMBLEM * unit / 2, program_height_px * 0.75,
              (EngineArtColour){ 0.36, 0.50, 0.70 }, 0.30);
  paint_glow (cr, program_width_px * 0.92, program_height_px * 1.02, program_height_px * 0.9,
              accent, 0.22);
  draw_unplugged (cr, program_width_px / 2.0, y + LOST_EMBLEM * unit / 2, LOST_EMBLEM * unit,
                  _engine_art_make_readable (accent, dusk));
  words_draw (&words, cr, y + (LOST_EMBLEM + EMBLEM_GAP) * unit, 0.72, &art->place);
  cairo_destroy (cr);
  return art;
}

/* Rings like those of a sound going out into the room, and a horizon of dots. */
static void
draw_rings (cairo_t *cr, double x, double y, EngineArtColour colour, const EngineRect *place)
{
  const double step = place->height * 0.135;

  for (int i = 1; i <= 9; i++) {
    cairo_arc (cr, x, y, step * i, 0, 2 * G_PI);
    _engine_art_set_colour (cr, _engine_art_mix (colour, white, 0.2), 0.14 - i * 0.013);
    cairo_set_line_width (cr, place->height * (0.0075 - i * 0.0005));
    cairo_stroke (cr);
  }
  for (int i = 1; i <= 7; i++) {
    const double angle = 2.39996 * i + 0.4, radius = step * (i + 1);

    cairo_arc (cr, x + cos (angle) * radius, y + sin (angle) * radius, place->height * 0.009, 0,
               2 * G_PI);
    _engine_art_set_colour (cr, _engine_art_mix (colour, white, 0.25), 0.55 - i * 0.04);
    cairo_fill (cr);
  }
}

static void
draw_pause_sign (cairo_t *cr, double x, double y, double size, EngineArtColour colour)
{
  const gboolean dark = _engine_art_get_luminance (colour) > 0.62;

  cairo_arc (cr, x, y, size / 2, 0, 2 * G_PI);
  _engine_art_set_colour (cr, colour, 1);
  cairo_fill (cr);
  _engine_art_set_colour (cr, dark ? night : white, 0.97);
  for (int side = -1; side <= 1; side += 2) {
    _engine_art_add_rounded (cr, x + side * size * 0.125 - size * 0.06, y - size * 0.2, size * 0.12,
                             size * 0.4, size * 0.035);
    cairo_fill (cr);
  }
}

static void
draw_pause_background (cairo_t *cr, double emblem_y, EngineArtColour colour,
                       const EngineRect *place)
{
  const EngineArtColour deep = { 0.055, 0.067, 0.122 }, blue = { 0.13, 0.17, 0.30 };

  paint_gradient (cr, _engine_art_mix (blue, colour, 0.10), deep, place);
  paint_glow (cr, place->width * 0.92, place->height * 1.02, place->height * 1.05, colour, 0.55);
  paint_glow (cr, place->width * 0.04, place->height * 0.02, place->height * 0.8,
              _engine_art_mix (colour, blue, 0.5), 0.30);
  draw_rings (cr, place->width / 2.0, emblem_y, colour, place);
}

/**
 * engine_art_draw_pause:
 * @title: what to read first: the event's name
 * @sentence: (nullable): such as when it goes on
 * @colour: accent colour, “#rrggbb”
 * @font: (nullable): a font family
 * @logo_path: (nullable): a PNG, JPEG or SVG file; without it a pause sign is drawn
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws the card that the audience sees during a pause: opaque, the full frame. Fails like
 * engine_art_draw_logo () when the logo cannot be shown. Any thread; reads the logo, so not the
 * main one.
 *
 * Returns: (transfer full): the card; `NULL` on error
 */
EngineArt *
engine_art_draw_pause (const char *title, const char *sentence, const char *colour,
                       const char *font, const char *logo_path, int program_width_px,
                       int program_height_px, GError **error)
{
  const double unit = _engine_art_get_unit (program_width_px, program_height_px);
  const EngineArtColour accent = _engine_art_parse_colour (colour);
  g_autoptr (EngineArt) art = new_full (program_width_px, program_height_px, error);
  g_auto (Words) words = { 0 };
  cairo_surface_t *logo = NULL;
  cairo_t *cr = NULL;
  double y = 0, emblem = PAUSE_EMBLEM * unit;

  if (art == NULL)
    return NULL;
  if (logo_path != NULL) {
    logo = _engine_art_load_picture (logo_path, (int) (LOGO_WIDTH * unit),
                                     (int) (LOGO_HEIGHT * unit), FALSE, error);
    if (logo == NULL)
      return NULL;
    emblem = cairo_image_surface_get_height (logo);
  }

  cr = cairo_create (art->surface);
  words_measure (&words, cr, title, sentence, font, PAUSE_TITLE, PAUSE_SENTENCE, &art->place);
  y = (program_height_px - words.height - emblem - EMBLEM_GAP * unit) / 2;
  draw_pause_background (cr, y + emblem / 2, accent, &art->place);
  if (logo != NULL) {
    cairo_set_source_surface (
      cr, logo, floor ((program_width_px - cairo_image_surface_get_width (logo)) / 2.0), floor (y));
    cairo_paint (cr);
  } else {
    draw_pause_sign (cr, program_width_px / 2.0, y + emblem / 2, emblem, accent);
  }
  words_draw (&words, cr, y + emblem + EMBLEM_GAP * unit, 0.80, &art->place);
  cairo_destroy (cr);
  g_clear_pointer (&logo, cairo_surface_destroy);
  return g_steal_pointer (&art);
}
