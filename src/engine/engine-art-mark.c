/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>

/* Pixels in a program of 1080 lines. */
#define HEIGHT    58.0
#define TEXT_SIZE 35.0
#define WORD_SIZE 30.0
#define PADDING   22.0
#define RADIUS    14.0
#define DOT       17.0
#define DOT_GAP   13.0
#define SIGN      25.0
#define BAR       6.0
#define MAX_CHARS 24

static const EngineArtColour white = { 1, 1, 1 };
static const EngineArtColour night = { 0.035, 0.05, 0.075 };
static const EngineArtColour red = { 0.80, 0.06, 0.13 };

/* Digits of one width, so that a clock does not shiver. */
static void
set_even_digits (PangoLayout *layout)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

static double
get_sign_width (EngineMarkKind kind)
{
  switch (kind) {
  case ENGINE_MARK_CLOCK:
    return 0;
  case ENGINE_MARK_LIVE:
    return DOT + DOT_GAP;
  case ENGINE_MARK_COUNTDOWN:
    return SIGN + DOT_GAP;
  }
  g_return_val_if_reached (0);
}

/* An hourglass: time that runs out. */
static void
draw_hourglass (cairo_t *cr, double x, double y, double size)
{
  const double half = size * 0.36;

  cairo_move_to (cr, x - half, y - size / 2);
  cairo_line_to (cr, x + half, y - size / 2);
  cairo_line_to (cr, x - half, y + size / 2);
  cairo_line_to (cr, x + half, y + size / 2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_ground (cairo_t *cr, EngineMarkKind kind, const char *colour, double width, double height,
             double unit)
{
  const EngineArtColour accent = _engine_art_parse_colour (colour);

  _engine_art_add_rounded (cr, 0, 0, width, height, RADIUS * unit);
  cairo_clip (cr);
  if (kind == ENGINE_MARK_LIVE)
    _engine_art_set_colour (cr, red, 1);
  else
    _engine_art_set_colour (cr, _engine_art_mix (night, accent, 0.06), 0.86);
  cairo_paint (cr);
  if (kind == ENGINE_MARK_LIVE)
    return;
  cairo_rectangle (cr, 0, height - BAR * unit, width, BAR * unit);
  _engine_art_set_colour (cr, accent, 1);
  cairo_fill (cr);
}

static void
draw_sign (cairo_t *cr, EngineMarkKind kind, const char *colour, double y, double unit)
{
  const EngineArtColour accent = _engine_art_make_readable (_engine_art_parse_colour (colour),
                                                            _engine_art_mix (night, white, 0.14));

  switch (kind) {
  case ENGINE_MARK_CLOCK:
    break;
  case ENGINE_MARK_LIVE:
    cairo_arc (cr, (PADDING + DOT / 2) * unit, y, DOT / 2 * unit, 0, 2 * G_PI);
    _engine_art_set_colour (cr, white, 1);
    cairo_fill (cr);
    break;
  case ENGINE_MARK_COUNTDOWN:
    _engine_art_set_colour (cr, accent, 1);
    draw_hourglass (cr, (PADDING + SIGN / 2) * unit, y, SIGN * unit);
    break;
  }
}

/**
 * engine_art_draw_mark:
 * @kind: what it is
 * @text: what it says, such as “14:05”; short
 * @colour: accent colour, “#rrggbb”
 * @font: (nullable): a font family
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws a small sign: the clock, the “live” mark with its dot, the countdown with its hourglass. It
 * has no place yet: see engine_room_place_marks (). Texts of as many digits are equally wide. Fails
 * with `ENGINE_ERROR_UNSUPPORTED` when there is nothing to write. Any thread.
 *
 * Returns: (transfer full): the mark, at the top left of the program; `NULL` on error
 */
EngineArt *
engine_art_draw_mark (EngineMarkKind kind, const char *text, const char *colour, const char *font,
                      int program_width_px, int program_height_px, GError **error)
{
  const double unit = _engine_art_get_unit (program_width_px, program_height_px);
  const double height = ceil (HEIGHT * unit), sign = get_sign_width (kind) * unit;
  const double bar = kind == ENGINE_MARK_LIVE ? 0 : BAR * unit;
  g_autofree char *clean = _engine_art_clean (text, FALSE, MAX_CHARS);
  g_autoptr (EngineArt) scratch = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  PangoRectangle extents = { 0 };
  cairo_t *cr = NULL;
  EngineArt *art = NULL;
  int width = 0;

  if (!_engine_art_check_size (program_width_px, program_height_px, error))
    return NULL;
  if (*clean == '\0') {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "There is nothing to write");
    return NULL;
  }
  if ((scratch = _engine_art_new (0, 0, 1, 1, error)) == NULL)
    return NULL;

  cr = cairo_create (scratch->surface);
  layout =
    _engine_art_create_layout (cr, clean, (kind == ENGINE_MARK_LIVE ? WORD_SIZE : TEXT_SIZE) * unit,
                               PANGO_WEIGHT_BOLD, program_width_px * 0.3, 1);
  cairo_destroy (cr);
  _engine_art_set_font (layout, font);
  set_even_digits (layout);
  pango_layout_get_extents (layout, NULL, &extents);
  width = (int) ceil ((double) extents.width / PANGO_SCALE + sign + 2 * PADDING * unit);
  art = _engine_art_new (0, 0, width, (int) height, error);
  if (art == NULL)
    return NULL;

  art->motion = ENGINE_MOTION_TICK;
  cr = cairo_create (art->surface);
  draw_ground (cr, kind, colour, width, height, unit);
  draw_sign (cr, kind, colour, (height - bar) / 2, unit);
  cairo_move_to (cr, PADDING * unit + sign - (double) extents.x / PANGO_SCALE,
                 (height - bar - (double) extents.height / PANGO_SCALE) / 2);
  _engine_art_set_colour (cr, white, 1);
  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);
  return art;
}
