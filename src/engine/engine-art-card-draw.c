/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-card-private.h"

#include <math.h>

/* Pixels in a program of 1080 lines. */
#define INITIAL_SIZE 48.0
#define PHOTO_RADIUS 18.0

static const EngineArtColour paper = { 0.992, 0.992, 0.988 };
static const EngineArtColour ink = { 0.075, 0.09, 0.125 };
static const EngineArtColour grey = { 0.34, 0.37, 0.43 };

static void
draw_plate (const EngineArtCard *self, cairo_t *cr)
{
  const double shadow = ENGINE_CARD_SHADOW * self->unit, radius = ENGINE_CARD_RADIUS * self->unit;
  const EngineArtColour bright = _engine_art_mix (self->colour, paper, 0.35);
  cairo_pattern_t *stripe = cairo_pattern_create_linear (shadow, 0, shadow + self->width, 0);

  cairo_pattern_add_color_stop_rgb (stripe, self->rtl ? 1 : 0, self->colour.red, self->colour.green,
                                    self->colour.blue);
  cairo_pattern_add_color_stop_rgb (stripe, self->rtl ? 0 : 1, bright.red, bright.green,
                                    bright.blue);
  _engine_art_draw_shadow (cr, shadow, shadow, self->width, self->height, radius, shadow * 0.8);
  cairo_save (cr);
  _engine_art_add_rounded (cr, shadow, shadow, self->width, self->height, radius);
  cairo_clip (cr);
  _engine_art_set_colour (cr, paper, 1);
  cairo_paint (cr);
  cairo_rectangle (cr, shadow, shadow, self->width, ENGINE_CARD_BAR_HEIGHT * self->unit);
  cairo_set_source (cr, stripe);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (stripe);
}

/* One letter, its ink in the middle of a circle. */
static void
draw_letter (const EngineArtCard *self, cairo_t *cr, const char *letter, double size, double x,
             double y, EngineArtColour colour)
{
  g_autoptr (PangoLayout) layout =
    _engine_art_create_layout (cr, letter, size * self->unit, PANGO_WEIGHT_BOLD, 1000, 1);
  PangoRectangle extents = { 0 };

  _engine_art_set_font (layout, self->font);
  pango_layout_set_width (layout, -1);
  pango_layout_get_extents (layout, &extents, NULL);
  cairo_move_to (cr, x - (extents.x + extents.width / 2.0) / PANGO_SCALE,
                 y - (extents.y + extents.height / 2.0) / PANGO_SCALE);
  _engine_art_set_colour (cr, colour, 1);
  pango_cairo_show_layout (cr, layout);
}

/* Fills the rectangle that has been clipped to; what hangs over is not seen. */
static void
fill_with (cairo_t *cr, cairo_surface_t *picture, double x, double y, double width, double height)
{
  const double own_width = cairo_image_surface_get_width (picture);
  const double own_height = cairo_image_surface_get_height (picture);
  const double scale = MAX (width / own_width, height / own_height);

  cairo_translate (cr, x + (width - own_width * scale) / 2, y + (height - own_height * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
}

static void
draw_avatar (const EngineArtCard *self, cairo_t *cr, double x, double y)
{
  const double size = ENGINE_CARD_AVATAR * self->unit;
  const EngineArtColour light = _engine_art_mix (self->colour, paper, 0.12);
  cairo_pattern_t *fill = cairo_pattern_create_linear (x, y, x + size, y + size);

  cairo_pattern_add_color_stop_rgb (fill, 0, light.red, light.green, light.blue);
  cairo_pattern_add_color_stop_rgb (fill, 1, self->colour.red, self->colour.green,
                                    self->colour.blue);
  cairo_save (cr);
  cairo_arc (cr, x + size / 2, y + size / 2, size / 2, 0, 2 * G_PI);
  cairo_set_source (cr, fill);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  if (self->avatar != NULL)
    fill_with (cr, self->avatar, x, y, size, size);
  else
    draw_letter (self, cr, self->initial, INITIAL_SIZE, x + size / 2, y + size / 2,
                 _engine_art_choose_ink (light));
  cairo_restore (cr);
  cairo_pattern_destroy (fill);
}

/* Networks are told apart by shapes of our own, not by their trademarks. */
static void
add_badge_shape (cairo_t *cr, const char *network, double x, double y, double size)
{
  cairo_new_path (cr);
  if (g_ascii_strcasecmp (network, "Mastodon") == 0) { /* a speech balloon */
    _engine_art_add_rounded (cr, x, y + size * 0.04, size, size * 0.80, size * 0.26);
    cairo_move_to (cr, x + size * 0.22, y + size * 0.78);
    cairo_line_to (cr, x + size * 0.22, y + size);
    cairo_line_to (cr, x + size * 0.52, y + size * 0.80);
    cairo_close_path (cr);
  } else if (g_ascii_strcasecmp (network, "Bluesky") == 0) { /* the sky's half circle, rounded */
    cairo_arc (cr, x + size / 2, y + size / 2, size / 2, 0, 2 * G_PI);
  } else if (g_ascii_strcasecmp (network, "X") == 0) {
    _engine_art_add_rounded (cr, x + size * 0.03, y + size * 0.03, size * 0.94, size * 0.94,
                             size * 0.12);
  } else { /* a hexagon */
    for (int i = 0; i < 6; i++)
      cairo_line_to (cr, x + size / 2 + size / 2 * cos (i * G_PI / 3),
                     y + size / 2 + size / 2 * sin (i * G_PI / 3));
    cairo_close_path (cr);
  }
}

static void
draw_badge (const EngineArtCard *self, cairo_t *cr, double x, double y)
{
  const double size = ENGINE_CARD_BADGE * self->unit;
  const EngineArtColour ground = _engine_art_mix (ink, paper, 0.10);
  const gboolean balloon = g_ascii_strcasecmp (self->network, "Mastodon") == 0;
  char letter[7] = { 0 };
  g_autofree char *upper = NULL;

  g_unichar_to_utf8 (g_utf8_get_char (self->network), letter);
  upper = g_utf8_strup (letter, -1);
  add_badge_shape (cr, self->network, x, y, size);
  _engine_art_set_colour (cr, ground, 1);
  cairo_fill (cr);
  draw_letter (self, cr, upper, ENGINE_CARD_BADGE * 0.56, x + size / 2,
               y + size * (balloon ? 0.44 : 0.5), paper);
}

/* At the edge of the column where its reader begins. */
static void
draw_text (const EngineArtCard *self, cairo_t *cr, PangoLayout *layout, double x, double y,
           double width, EngineArtColour colour)
{
  const gboolean text_rtl =
    layout != NULL && pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;

  if (layout == NULL)
    return;
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (layout, text_rtl == self->rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
  cairo_move_to (cr, x, y);
  _engine_art_set_colour (cr, colour, 1);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_head (const EngineArtCard *self, cairo_t *cr, double x, double y)
{
  const double avatar = ENGINE_CARD_AVATAR * self->unit, badge = ENGINE_CARD_BADGE * self->unit;
  const double gap = ENGINE_CARD_HEAD_GAP * self->unit, right = x + self->head_width;
  const double badge_width = *self->network != '\0' ? badge + gap : 0;
  const double width = self->head_width - avatar - gap - badge_width;
  const double text_x = self->rtl ? x + badge_width : x + avatar + gap;
  double text_y =
    y + (self->head_height - self->name_size.height_px - self->handle_size.height_px) / 2;

  draw_avatar (self, cr, self->rtl ? right - avatar : x, y + (self->head_height - avatar) / 2);
  if (badge_width > 0)
    draw_badge (self, cr, self->rtl ? x : right - badge, y + (self->head_height - badge) / 2);
  draw_text (self, cr, self->name, text_x, text_y, width, ink);
  text_y += self->name_size.height_px;
  draw_text (self, cr, self->handle, text_x, text_y, width, grey);
}

static void
draw_photo (const EngineArtCard *self, cairo_t *cr, double x, double y)
{
  cairo_save (cr);
  _engine_art_add_rounded (cr, x, y, self->photo_width, self->photo_height,
                           PHOTO_RADIUS * self->unit);
  cairo_clip (cr);
  fill_with (cr, self->photo, x, y, self->photo_width, self->photo_height);
  cairo_restore (cr);
}

static void
draw_column (const EngineArtCard *self, cairo_t *cr, double x, double y)
{
  draw_head (self, cr, x, y);
  y += self->head_height + ENGINE_CARD_GAP * self->unit;
  if (self->text != NULL) {
    draw_text (self, cr, self->text, x, y, self->text_width, ink);
    y += self->text_height + ENGINE_CARD_GAP * self->unit;
  }
  if (self->photo != NULL)
    draw_photo (self, cr, x, y);
}

/* Head, text and photo side by side, in the order of reading. */
static void
draw_strip (const EngineArtCard *self, cairo_t *cr, double x, double y, double height)
{
  const double inner = self->width - 2 * ENGINE_CARD_PADDING * self->unit;
  const double gap = ENGINE_CARD_STRIP_GAP * self->unit;
  const double head_x = self->rtl ? x + inner - self->head_width : x;
  const double text_x =
    self->rtl ? head_x - gap - self->text_width : head_x + self->head_width + gap;

  draw_head (self, cr, head_x, y + (height - self->head_height) / 2);
  draw_text (self, cr, self->text, text_x, y + (height - self->text_height) / 2, self->text_width,
             ink);
  if (self->photo != NULL)
    draw_photo (self, cr, self->rtl ? x : x + inner - self->photo_width,
                y + (height - self->photo_height) / 2);
}

/**
 * _engine_art_card_draw:
 * @self: a card that has been fitted
 * @cr: where to; its plate begins a shadow's width from the origin
 *
 * Nothing is drawn outside the plate but its shadow.
 */
void
_engine_art_card_draw (const EngineArtCard *self, cairo_t *cr)
{
  const double shadow = ENGINE_CARD_SHADOW * self->unit, padding = ENGINE_CARD_PADDING * self->unit;
  const double x = shadow + padding, bar = ENGINE_CARD_BAR_HEIGHT * self->unit;

  draw_plate (self, cr);
  _engine_art_add_rounded (cr, shadow, shadow, self->width, self->height,
                           ENGINE_CARD_RADIUS * self->unit);
  cairo_clip (cr);
  if (self->strip)
    draw_strip (self, cr, x, shadow + bar + padding, self->height - bar - 2 * padding);
  else
    draw_column (self, cr, x, shadow + bar + padding);
}
