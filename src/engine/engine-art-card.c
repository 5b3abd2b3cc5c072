/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>

/* Shares of the program. The logo and its margins stay free above the card. */
#define SAFE       0.05
#define FREE_ABOVE 0.18

/* Pixels in a program of 1080 lines. */
#define PADDING       40.0
#define BAR_HEIGHT    10.0
#define RADIUS        28.0
#define SHADOW        34.0
#define AVATAR        96.0
#define AVATAR_GAP    24.0
#define GAP           28.0
#define NAME_SIZE     36.0
#define HANDLE_SIZE   26.0
#define TEXT_SIZE_MAX 50.0
#define TEXT_SIZE_MIN 30.0
#define TEXT_STEP     2.0
#define PHOTO_GOOD    340.0
#define PHOTO_MIN     170.0
#define PHOTO_RADIUS  18.0

#define PHOTO_SHARE   0.6 /* of the card's inner width, at most */
#define MAX_CHARS     6000
#define MAX_HEADCHARS 120

static const EngineArtColour paper = { 0.992, 0.992, 0.988 };
static const EngineArtColour ink = { 0.075, 0.09, 0.125 };
static const EngineArtColour grey = { 0.36, 0.39, 0.45 };

typedef struct {
  double unit;
  double width; /* of the plate, without its shadow */
  double height;
  double max_height;
  double head_height;
  double name_height;
  double handle_height;
  double text_height;
  double photo_height;
  PangoLayout *name;      /* owned, nullable */
  PangoLayout *handle;    /* owned, nullable */
  PangoLayout *text;      /* owned, nullable */
  cairo_surface_t *photo; /* owned, nullable */
  char *initial;
  EngineArtColour colour;
} Card;

static void
card_clear (Card *self)
{
  g_clear_object (&self->name);
  g_clear_object (&self->handle);
  g_clear_object (&self->text);
  g_clear_pointer (&self->photo, cairo_surface_destroy);
  g_clear_pointer (&self->initial, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)

static double
get_inner_width (const Card *self)
{
  return self->width - 2 * PADDING * self->unit;
}

static char *
find_initial (const char *name, const char *handle)
{
  const char *const texts[] = { name, handle };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    for (const char *p = texts[i]; *p != '\0'; p = g_utf8_next_char (p)) {
      char letter[7] = { 0 };

      if (!g_unichar_isalnum (g_utf8_get_char (p)))
        continue;
      g_unichar_to_utf8 (g_utf8_get_char (p), letter);
      return g_utf8_strup (letter, -1);
    }
  }
  return g_strdup ("•");
}

static void
measure_head (Card *self, cairo_t *cr, const EngineArtPost *post)
{
  const double width = get_inner_width (self) - (AVATAR + AVATAR_GAP) * self->unit;
  g_autofree char *name = _engine_art_clean (post->name, FALSE, MAX_HEADCHARS);
  g_autofree char *handle = _engine_art_clean (post->handle, FALSE, MAX_HEADCHARS);
  g_autofree char *network = _engine_art_clean (post->network, FALSE, MAX_HEADCHARS);
  const char *const separator = *handle != '\0' && *network != '\0' ? " · " : "";
  g_autofree char *second = g_strconcat (handle, separator, network, NULL);

  g_clear_object (&self->name);
  g_clear_object (&self->handle);
  self->name_height = self->handle_height = 0;
  if (*name != '\0') {
    self->name =
      _engine_art_create_layout (cr, name, NAME_SIZE * self->unit, PANGO_WEIGHT_BOLD, width, 2);
    _engine_art_measure (self->name, NULL, &self->name_height);
  }
  if (*second != '\0') {
    self->handle = _engine_art_create_layout (cr, second, HANDLE_SIZE * self->unit,
                                              PANGO_WEIGHT_NORMAL, width, 2);
    _engine_art_measure (self->handle, NULL, &self->handle_height);
  }
  self->head_height = MAX (AVATAR * self->unit, self->name_height + self->handle_height);
  g_free (self->initial);
  self->initial = find_initial (name, handle);
}

/* Whether the card fits with its text at this size; keeps the layout if so. */
static gboolean
fit_text (Card *self, cairo_t *cr, const char *text, double size, double min_photo)
{
  const double fixed =
    (2 * PADDING + BAR_HEIGHT) * self->unit + self->head_height + GAP * self->unit;
  const double photo_gap = min_photo > 0 ? GAP * self->unit : 0;
  double left = 0;

  g_clear_object (&self->text);
  self->text_height = 0;
  if (*text != '\0') {
    self->text = _engine_art_create_layout (cr, text, size * self->unit, PANGO_WEIGHT_NORMAL,
                                            get_inner_width (self), 0);
    pango_layout_set_line_spacing (self->text, 1.06F);
    _engine_art_measure (self->text, NULL, &self->text_height);
  }

  left = self->max_height - fixed - self->text_height - photo_gap;
  if (left < min_photo * self->unit)
    return FALSE;

  self->photo_height = min_photo > 0 ? MIN (left, get_inner_width (self) * PHOTO_SHARE) : 0;
  self->height = fixed + self->text_height + photo_gap + self->photo_height;
  if (*text == '\0')
    self->height -= GAP * self->unit;
  return TRUE;
}

/* Large letters first; the photo and then the width of the card give way before they get illegible. */
static const struct {
  double min_photo;
  double min_size;
  double share;         /* of a wide program */
  double upright_share; /* of an upright one */
} attempts[] = {
  { PHOTO_GOOD, 38, 0.36, 0.75 },           { PHOTO_MIN, TEXT_SIZE_MIN, 0.36, 0.75 },
  { PHOTO_MIN, TEXT_SIZE_MIN, 0.50, 0.90 }, { 0, TEXT_SIZE_MIN, 0.36, 0.75 },
  { 0, TEXT_SIZE_MIN, 0.50, 0.90 },
};

static gboolean
fit_card (Card *self, cairo_t *cr, const EngineArtPost *post, int program_width_px,
          int program_height_px, GError **error)
{
  g_autofree char *text = _engine_art_clean (post->text, TRUE, MAX_CHARS);
  const gboolean wide = program_width_px > program_height_px;
  const gboolean has_photo = post->photo_path != NULL && *post->photo_path != '\0';
  /* Far more than could ever fit is not even laid out, which would take long. */
  const gboolean hopeless = g_utf8_strlen (text, -1) > MAX_CHARS / 2;

  self->max_height = program_height_px * (1 - FREE_ABOVE - SAFE);
  for (guint i = 0; i < G_N_ELEMENTS (attempts) && !hopeless; i++) {
    if (attempts[i].min_photo > 0 && !has_photo)
      continue;

    self->width = floor (program_width_px * (wide ? attempts[i].share : attempts[i].upright_share));
    measure_head (self, cr, post);
    for (double size = TEXT_SIZE_MAX; size >= attempts[i].min_size; size -= TEXT_STEP) {
      if (fit_text (self, cr, text, size, attempts[i].min_photo))
        return TRUE;
    }
  }

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "The post is too long to be read on screen");
  return FALSE;
}

static void
draw_plate (const Card *self, cairo_t *cr)
{
  const double shadow = SHADOW * self->unit, radius = RADIUS * self->unit;
  const EngineArtColour bright = _engine_art_mix (self->colour, paper, 0.35);
  cairo_pattern_t *stripe = cairo_pattern_create_linear (shadow, 0, shadow + self->width, 0);

  cairo_pattern_add_color_stop_rgb (stripe, 0, self->colour.red, self->colour.green,
                                    self->colour.blue);
  cairo_pattern_add_color_stop_rgb (stripe, 1, bright.red, bright.green, bright.blue);
  _engine_art_draw_shadow (cr, shadow, shadow, self->width, self->height, radius, shadow * 0.8);
  cairo_save (cr);
  _engine_art_add_rounded (cr, shadow, shadow, self->width, self->height, radius);
  cairo_clip (cr);
  _engine_art_set_colour (cr, paper, 1);
  cairo_paint (cr);
  cairo_rectangle (cr, shadow, shadow, self->width, BAR_HEIGHT * self->unit);
  cairo_set_source (cr, stripe);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (stripe);
}

static void
draw_avatar (const Card *self, cairo_t *cr, double x, double y)
{
  const double size = AVATAR * self->unit;
  const EngineArtColour light = _engine_art_mix (self->colour, paper, 0.25);
  const gboolean dark_letter = _engine_art_get_luminance (self->colour) > 0.62;
  cairo_pattern_t *fill = cairo_pattern_create_linear (x, y, x + size, y + size);
  g_autoptr (PangoLayout) letter = NULL;
  double width = 0, height = 0;

  cairo_pattern_add_color_stop_rgb (fill, 0, light.red, light.green, light.blue);
  cairo_pattern_add_color_stop_rgb (fill, 1, self->colour.red, self->colour.green,
                                    self->colour.blue);
  cairo_save (cr);
  cairo_arc (cr, x + size / 2, y + size / 2, size / 2, 0, 2 * G_PI);
  cairo_set_source (cr, fill);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  letter =
    _engine_art_create_layout (cr, self->initial, 50 * self->unit, PANGO_WEIGHT_BOLD, size * 2, 1);
  pango_layout_set_width (letter, -1);
  _engine_art_measure (letter, &width, &height);
  cairo_move_to (cr, x + (size - width) / 2, y + (size - height) / 2);
  _engine_art_set_colour (cr, dark_letter ? ink : paper, 1);
  pango_cairo_show_layout (cr, letter);
  cairo_restore (cr);
  cairo_pattern_destroy (fill);
}

static void
draw_head (const Card *self, cairo_t *cr, double x, double y)
{
  const double text_x = x + (AVATAR + AVATAR_GAP) * self->unit;
  double text_y = y + (self->head_height - self->name_height - self->handle_height) / 2;

  draw_avatar (self, cr, x, y + (self->head_height - AVATAR * self->unit) / 2);
  if (self->name != NULL) {
    cairo_move_to (cr, text_x, text_y);
    _engine_art_set_colour (cr, ink, 1);
    pango_cairo_show_layout (cr, self->name);
    text_y += self->name_height;
  }
  if (self->handle != NULL) {
    cairo_move_to (cr, text_x, text_y);
    _engine_art_set_colour (cr, grey, 1);
    pango_cairo_show_layout (cr, self->handle);
  }
}

static void
draw_photo (const Card *self, cairo_t *cr, double x, double y)
{
  const double width = get_inner_width (self);
  const int photo_width = cairo_image_surface_get_width (self->photo);
  const int photo_height = cairo_image_surface_get_height (self->photo);

  cairo_save (cr);
  _engine_art_add_rounded (cr, x, y, width, self->photo_height, PHOTO_RADIUS * self->unit);
  cairo_clip (cr);
  cairo_set_source_surface (cr, self->photo, round (x + (width - photo_width) / 2),
                            round (y + (self->photo_height - photo_height) / 2));
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
draw_card (const Card *self, cairo_t *cr)
{
  const double x = (SHADOW + PADDING) * self->unit;
  double y = (SHADOW + BAR_HEIGHT + PADDING) * self->unit;

  draw_plate (self, cr);
  _engine_art_add_rounded (cr, SHADOW * self->unit, SHADOW * self->unit, self->width, self->height,
                           RADIUS * self->unit);
  cairo_clip (cr);
  draw_head (self, cr, x, y);
  y += self->head_height + GAP * self->unit;
  if (self->text != NULL) {
    cairo_move_to (cr, x, y);
    _engine_art_set_colour (cr, ink, 1);
    pango_cairo_show_layout (cr, self->text);
    y += self->text_height + GAP * self->unit;
  }
  if (self->photo != NULL)
    draw_photo (self, cr, x, y);
}

/**
 * engine_art_draw_post:
 * @post: what to show
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws a post as a card at the bottom right, below the place of a logo. The whole text is shown,
 * in letters as large as possible; a photo gives way to it. Fails with `ENGINE_ERROR_UNSUPPORTED`
 * when the text cannot be read on screen even so, or with the error of the photo, which the caller
 * may then leave out. Any thread; reads the photo, so not the main one.
 *
 * Returns: (transfer full): the card; `NULL` on error
 */
EngineArt *
engine_art_draw_post (const EngineArtPost *post, int program_width_px, int program_height_px,
                      GError **error)
{
  g_auto (Card) card = { .unit = _engine_art_get_unit (program_width_px, program_height_px) };
  g_autoptr (EngineArt) scratch = NULL;
  EngineArt *art = NULL;
  cairo_t *cr = NULL;
  double shadow = SHADOW * card.unit;
  gboolean fits = FALSE;
  int width = 0, height = 0;

  g_return_val_if_fail (post != NULL, NULL);

  if (!_engine_art_check_size (program_width_px, program_height_px, error) ||
      (scratch = _engine_art_new (0, 0, 1, 1, error)) == NULL)
    return NULL;

  card.colour = _engine_art_parse_colour (post->colour);
  cr = cairo_create (scratch->surface);
  fits = fit_card (&card, cr, post, program_width_px, program_height_px, error);
  cairo_destroy (cr);
  if (!fits)
    return NULL;
  if (card.photo_height > 0) {
    card.photo = _engine_art_load_picture (post->photo_path, (int) ceil (get_inner_width (&card)),
                                           (int) ceil (card.photo_height), TRUE, error);
    if (card.photo == NULL)
      return NULL;
  }

  width = (int) ceil (card.width + 2 * shadow);
  height = (int) ceil (card.height + 2 * shadow);
  art = _engine_art_new ((int) floor (program_width_px * (1 - SAFE) + shadow) - width,
                         (int) floor (program_height_px * (1 - SAFE) + shadow) - height, width,
                         height, error);
  if (art == NULL)
    return NULL;
  cr = cairo_create (art->surface);
  draw_card (&card, cr);
  cairo_destroy (cr);
  return art;
}
