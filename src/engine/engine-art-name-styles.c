/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-name-private.h"

#include <math.h>

/* Pixels in a program of 1080 lines. */
#define PADDING_X   34.0
#define PADDING_Y   22.0
#define BAR_WIDTH   12.0
#define RADIUS      14.0
#define SHADOW      26.0
#define GAP_SMALL   2.0
#define GAP         10.0
#define DIVIDER     3.0
#define DIVIDER_GAP 34.0
#define RULE_HEIGHT 6.0
#define RULE_GAP    12.0
#define HALO        34.0
#define HALO_NEAR   7.0

/* Of the width between the safe edges, what a band's left column may take. */
#define BAND_NAME_SHARE 0.5

static const EngineArtColour white = { 1, 1, 1 };
static const EngineArtColour night = { 0.035, 0.05, 0.075 };

/* The height of the words one below the other. */
static double
get_stack_height (const EngineArtWords *words, gboolean with_talk)
{
  double height = words->name_size.height_px;

  if (words->affiliation != NULL)
    height += words->affiliation_size.height_px + (height > 0 ? GAP_SMALL * words->unit : 0);
  if (with_talk && words->talk != NULL)
    height += words->talk_size.height_px + (height > 0 ? GAP * words->unit : 0);
  return height;
}

static void
draw_plate_ground (cairo_t *cr, double width, double height, const EngineArtWords *words)
{
  const double unit = words->unit, shadow = SHADOW * unit, bar = BAR_WIDTH * unit;
  const double bar_x = words->rtl ? shadow + width - bar : shadow;
  cairo_pattern_t *plate = cairo_pattern_create_linear (shadow, 0, shadow + width, 0);
  cairo_pattern_t *light = cairo_pattern_create_linear (0, shadow, 0, shadow + height);
  const EngineArtColour bright = _engine_art_mix (words->colour, white, 0.18);
  const EngineArtColour tinted = _engine_art_mix (night, words->colour, 0.07);

  cairo_pattern_add_color_stop_rgba (plate, words->rtl ? 1 : 0, tinted.red, tinted.green,
                                     tinted.blue, 0.94);
  cairo_pattern_add_color_stop_rgba (plate, words->rtl ? 0 : 1, night.red, night.green, night.blue,
                                     0.84);
  cairo_pattern_add_color_stop_rgb (light, 0, bright.red, bright.green, bright.blue);
  cairo_pattern_add_color_stop_rgb (light, 1, words->colour.red, words->colour.green,
                                    words->colour.blue);

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

/* One below the other, at the edge where reading begins. */
static void
draw_stack (cairo_t *cr, const EngineArtWords *words, double x, double y, double width)
{
  /* The plate lets a little of a white picture through. */
  const EngineArtColour ground = _engine_art_mix (night, white, 0.16);
  const EngineArtColour accent = _engine_art_make_readable (words->colour, ground);

  _engine_art_words_draw (words, cr, words->name, x, y, width, white, 1);
  y += words->name_size.height_px;
  if (words->affiliation != NULL) {
    y += words->name != NULL ? GAP_SMALL * words->unit : 0;
    _engine_art_words_draw (words, cr, words->affiliation, x, y, width, accent, 1);
    y += words->affiliation_size.height_px;
  }
  if (words->talk != NULL) {
    y += words->name != NULL || words->affiliation != NULL ? GAP * words->unit : 0;
    _engine_art_words_draw (words, cr, words->talk, x, y, width,
                            (EngineArtColour){ 0.90, 0.93, 0.97 }, 0.90);
  }
}

/* A dark plate with a bar of the event's colour. */
EngineArt *
_engine_art_name_draw_plate (const EngineArtName *name, EngineArtWords *words, cairo_t *scratch,
                             GError **error)
{
  const double unit = words->unit, shadow = SHADOW * unit;
  const double extra = (2 * PADDING_X + BAR_WIDTH) * unit, max = words->max_width - extra;
  double text_width = 0, width = 0, height = 0, x = 0;
  EngineArt *art = NULL;
  cairo_t *cr = NULL;
  int art_width = 0, art_height = 0;

  _engine_art_words_lay_out (words, scratch, name, max);
  _engine_art_words_lay_out_talk (words, scratch, name, max);
  text_width = MAX (words->name_size.width_px,
                    MAX (words->affiliation_size.width_px, words->talk_size.width_px));
  text_width = MIN (text_width, floor (max));
  width = text_width + extra;
  height = get_stack_height (words, TRUE) + 2 * PADDING_Y * unit;
  art_width = (int) ceil (width + 2 * shadow);
  art_height = (int) ceil (height + 2 * shadow);
  x = words->rtl ? words->program.width_px - words->safe_x + shadow - art_width
                 : words->safe_x - shadow;
  art =
    _engine_art_new ((int) floor (x),
                     (int) floor (words->program.height_px - words->safe_y + shadow) - art_height,
                     art_width, art_height, error);
  if (art == NULL)
    return NULL;

  art->motion = words->rtl ? ENGINE_MOTION_WIPE_LEFT : ENGINE_MOTION_WIPE_RIGHT;
  cr = cairo_create (art->surface);
  draw_plate_ground (cr, width, height, words);
  _engine_art_add_rounded (cr, shadow, shadow, width, height, RADIUS * unit);
  cairo_clip (cr);
  draw_stack (cr, words, shadow + (PADDING_X + (words->rtl ? 0 : BAR_WIDTH)) * unit,
              shadow + PADDING_Y * unit, text_width);
  cairo_destroy (cr);
  return art;
}

static void
draw_band_ground (cairo_t *cr, double width, double height, const EngineArtWords *words)
{
  const double unit = words->unit, shadow = SHADOW * unit;
  const EngineArtColour deep = _engine_art_mix (words->colour, night, 0.10);
  const EngineArtColour bright = _engine_art_mix (words->colour, white, 0.5);
  cairo_pattern_t *ground = cairo_pattern_create_linear (0, 0, width, 0);
  cairo_pattern_t *below = cairo_pattern_create_linear (0, shadow + height, 0, 2 * shadow + height);

  for (int i = 0; i <= 4; i++)
    cairo_pattern_add_color_stop_rgba (below, i / 4.0, 0, 0, 0, 0.34 * pow (1 - i / 4.0, 2));
  cairo_set_source (cr, below);
  cairo_rectangle (cr, 0, shadow + height, width, shadow);
  cairo_fill (cr);

  cairo_pattern_add_color_stop_rgb (ground, words->rtl ? 1 : 0, words->colour.red,
                                    words->colour.green, words->colour.blue);
  cairo_pattern_add_color_stop_rgb (ground, words->rtl ? 0 : 1, deep.red, deep.green, deep.blue);
  cairo_rectangle (cr, 0, shadow, width, height);
  cairo_set_source (cr, ground);
  cairo_fill (cr);
  cairo_rectangle (cr, 0, shadow, width, MAX (2.5 * unit, 1));
  _engine_art_set_colour (cr, bright, 0.8);
  cairo_fill (cr);

  cairo_pattern_destroy (ground);
  cairo_pattern_destroy (below);
}

/* Between who and what. */
static double
get_gap (const EngineArtWords *words)
{
  const gboolean has_name = words->name != NULL || words->affiliation != NULL;

  return has_name ? (2 * DIVIDER_GAP + DIVIDER) * words->unit : 0;
}

/* Who at the side where reading begins, what beyond a divider. @x and @width are those of all. */
static void
draw_band_words (cairo_t *cr, const EngineArtWords *words, double x, double width,
                 double name_width, double height)
{
  const double unit = words->unit, top = SHADOW * unit;
  const double gap = get_gap (words), talk_width = width - name_width - gap;
  const double name_x = words->rtl ? x + width - name_width : x;
  const double talk_x = words->rtl ? x : x + name_width + gap;
  const EngineArtColour ink = _engine_art_choose_ink (_engine_art_mix (words->colour, night, 0.05));
  double y = top + (height - get_stack_height (words, FALSE)) / 2;

  _engine_art_words_draw (words, cr, words->name, name_x, y, name_width, ink, 1);
  y += words->name_size.height_px + (words->name != NULL ? GAP_SMALL * unit : 0);
  _engine_art_words_draw (words, cr, words->affiliation, name_x, y, name_width, ink, 1);
  if (words->talk == NULL)
    return;

  _engine_art_words_draw (words, cr, words->talk, talk_x,
                          top + (height - words->talk_size.height_px) / 2, talk_width, ink, 1);
  if (gap <= 0)
    return;
  cairo_rectangle (cr,
                   words->rtl ? talk_x + talk_width + DIVIDER_GAP * unit
                              : name_x + name_width + DIVIDER_GAP * unit,
                   top + height * 0.22, DIVIDER * unit, height * 0.56);
  _engine_art_set_colour (cr, ink, 0.55);
  cairo_fill (cr);
}

/* It comes from the edge that it reaches. */
static EngineMotion
get_band_motion (const EngineArtWords *words)
{
  if (words->band_left > 0)
    return ENGINE_MOTION_SLIDE_LEFT;
  if (words->band_right < words->program.width_px)
    return ENGINE_MOTION_SLIDE_RIGHT;
  return words->rtl ? ENGINE_MOTION_SLIDE_LEFT : ENGINE_MOTION_SLIDE_RIGHT;
}

/* A band of the event's colour from edge to edge. */
EngineArt *
_engine_art_name_draw_band (const EngineArtName *name, EngineArtWords *words, cairo_t *scratch,
                            GError **error)
{
  const double unit = words->unit, shadow = SHADOW * unit;
  const double band = words->band_right - words->band_left;
  const double left = words->band_left > 0 ? PADDING_X * unit : words->safe_x;
  const double right =
    words->band_right < words->program.width_px ? PADDING_X * unit : words->safe_x;
  const double width = band - left - right;
  const gboolean has_talk = name->talk != NULL && *name->talk != '\0';
  const double share = has_talk ? BAND_NAME_SHARE : 1;
  double name_width = 0, height = 0;
  EngineArt *art = NULL;
  cairo_t *cr = NULL;
  int art_height = 0;

  _engine_art_words_lay_out (words, scratch, name, width * share);
  name_width =
    MIN (MAX (words->name_size.width_px, words->affiliation_size.width_px), floor (width * share));
  _engine_art_words_lay_out_talk (words, scratch, name, width - name_width - get_gap (words));
  height = MAX (get_stack_height (words, FALSE), words->talk_size.height_px) + 2 * PADDING_Y * unit;
  art_height = (int) ceil (height + 2 * shadow);
  art = _engine_art_new (words->band_left,
                         (int) (words->program.height_px - words->safe_y + shadow) - art_height,
                         (int) band, art_height, error);
  if (art == NULL)
    return NULL;

  art->motion = get_band_motion (words);
  cr = cairo_create (art->surface);
  draw_band_ground (cr, band, height, words);
  cairo_rectangle (cr, 0, shadow, band, height);
  cairo_clip (cr);
  draw_band_words (cr, words, left, width, name_width, height);
  cairo_destroy (cr);
  return art;
}

/* The name over the line, the rest below it. */
static void
draw_line_words (cairo_t *cr, const EngineArtWords *words, double width, gboolean as_shadow)
{
  const double unit = words->unit, x = HALO * unit;
  const EngineArtColour soft = { 0.92, 0.94, 0.97 };
  double y = HALO * unit;

  _engine_art_words_draw (words, cr, words->name, x, y, width, white, 1);
  y += words->name_size.height_px + (words->name != NULL ? RULE_GAP * unit : 0);
  cairo_rectangle (cr, x, y, width, RULE_HEIGHT * unit);
  _engine_art_set_colour (cr, as_shadow ? white : words->colour, 1);
  cairo_fill (cr);
  y += (RULE_HEIGHT + RULE_GAP) * unit;
  _engine_art_words_draw (words, cr, words->affiliation, x, y, width, white, 1);
  y += words->affiliation_size.height_px + (words->affiliation != NULL ? GAP_SMALL * unit : 0);
  _engine_art_words_draw (words, cr, words->talk, x, y, width, soft, 1);
}

/* A soft cloud where there are words; of each line of text only as much as is written. */
static void
add_cloud (cairo_t *cr, const EngineArtWords *words, double width)
{
  const EngineSize sizes[] = { words->name_size, words->affiliation_size, words->talk_size };
  const double unit = words->unit, halo = HALO * unit;
  double y = halo;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const double x = words->rtl ? halo + width - sizes[i].width_px : halo;

    cairo_rectangle (cr, x, y, sizes[i].width_px, sizes[i].height_px);
    y += sizes[i].height_px + (i == 0 ? (RULE_HEIGHT + 2 * RULE_GAP) * unit : GAP_SMALL * unit);
  }
  cairo_rectangle (cr, halo, halo + words->name_size.height_px, width,
                   (RULE_HEIGHT + 2 * RULE_GAP) * unit);
  cairo_fill (cr);
}

/* No plate, so the letters bring darkness of their own: near and deep, and far and soft. */
static void
draw_halo (cairo_t *cr, const EngineArt *art, const EngineArtWords *words, double width)
{
  const double radii[] = { HALO * 0.28 * words->unit, HALO_NEAR * 0.5 * words->unit };
  const double alphas[] = { 0.55, 0.92 }, gains[] = { 1, 3.2 };

  for (guint i = 0; i < G_N_ELEMENTS (radii); i++) {
    cairo_surface_t *mask =
      cairo_image_surface_create (CAIRO_FORMAT_A8, art->place.width, art->place.height);
    cairo_t *mask_cr = cairo_create (mask);

    if (i == 0)
      add_cloud (mask_cr, words, width);
    else
      draw_line_words (mask_cr, words, width, TRUE);
    cairo_destroy (mask_cr);
    _engine_art_blur (mask, MAX (1, (int) lround (radii[i])), gains[i]);
    cairo_set_source_rgba (cr, 0, 0, 0, alphas[i]);
    cairo_mask_surface (cr, mask, 0, 0);
    cairo_surface_destroy (mask);
  }
}

/* No plate: shadowed letters over a line of the event's colour. */
EngineArt *
_engine_art_name_draw_line (const EngineArtName *name, EngineArtWords *words, cairo_t *scratch,
                            GError **error)
{
  const double unit = words->unit, halo = HALO * unit, max = floor (words->max_width);
  double width = 0, height = 0, x = 0;
  EngineArt *art = NULL;
  cairo_t *cr = NULL;
  int art_width = 0, art_height = 0;

  _engine_art_words_lay_out (words, scratch, name, max);
  _engine_art_words_lay_out_talk (words, scratch, name, max);
  width = MAX (words->name_size.width_px,
               MAX (words->affiliation_size.width_px, words->talk_size.width_px));
  width = MIN (width, max);
  height = get_stack_height (words, TRUE) + (RULE_HEIGHT + 2 * RULE_GAP) * unit;
  art_width = (int) ceil (width + 2 * halo);
  art_height = (int) ceil (height + 2 * halo);
  x =
    words->rtl ? words->program.width_px - words->safe_x + halo - art_width : words->safe_x - halo;
  art = _engine_art_new ((int) floor (x),
                         (int) floor (words->program.height_px - words->safe_y + halo) - art_height,
                         art_width, art_height, error);
  if (art == NULL)
    return NULL;

  art->motion = words->rtl ? ENGINE_MOTION_WIPE_LEFT : ENGINE_MOTION_WIPE_RIGHT;
  cr = cairo_create (art->surface);
  draw_halo (cr, art, words, width);
  cairo_rectangle (cr, halo * 0.7, halo * 0.7, width + halo * 0.6, height + halo * 0.6);
  cairo_clip (cr);
  draw_line_words (cr, words, width, FALSE);
  cairo_destroy (cr);
  return art;
}
