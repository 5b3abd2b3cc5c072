/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-card-private.h"
#include "engine-room.h"

#include <math.h>

/* Share of the program. */
#define FREE_ABOVE 0.17

/* A room that is lower and wider than this takes a strip. */
#define STRIP_HEIGHT 0.34
#define STRIP_SHAPE  1.9

/* Of the inner width of a strip. */
#define STRIP_HEAD     0.30
#define STRIP_HEAD_MAX 0.45
#define STRIP_PHOTO    0.24
#define STRIP_WIDTH    0.86 /* of the program */

/* Pixels in a program of 1080 lines. */
#define HEAD_WIDTH      520.0 /* of a strip, if there is room */
#define NAME_SIZE       36.0
#define NAME_SIZE_MIN   28.0
#define HANDLE_SIZE     26.0
#define HANDLE_SIZE_MIN 22.0
#define TEXT_SIZE_MAX   50.0
#define TEXT_SIZE_MIN   30.0
#define TEXT_STEP       2.0
#define PHOTO_GOOD      340.0
#define PHOTO_MIN       170.0
#define STRIP_MIN       96.0 /* of a photo in a strip */

#define PHOTO_SHARE     0.6 /* of the card's inner width, at most */
#define MAX_CHARS       6000
#define MAX_READABLE    1500 /* nobody reads more while it is shown */
#define MAX_HEADCHARS   120
#define LEADING         0.08 /* of the letters, between lines */

static void
card_clear (EngineArtCard *self)
{
  g_clear_object (&self->name);
  g_clear_object (&self->handle);
  g_clear_object (&self->text);
  g_clear_pointer (&self->initial, g_free);
  g_clear_pointer (&self->network, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineArtCard, card_clear)

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
fit_line (const EngineArtCard *self, cairo_t *cr, const char *text, double size, double min_size,
          PangoWeight weight, double width, PangoLayout **layout, EngineSize *layout_size)
{
  double text_width = 0, text_height = 0;

  g_clear_object (layout);
  *layout_size = (EngineSize){ 0 };
  if (*text == '\0')
    return;
  *layout = _engine_art_fit_layout (cr, text, self->font, size * self->unit, min_size * self->unit,
                                    weight, width, 1);
  _engine_art_measure (*layout, &text_width, &text_height);
  *layout_size = (EngineSize){ (int) text_width, (int) text_height };
}

/* Avatar, name, handle and the network's badge, within head_width. */
static void
measure_head (EngineArtCard *self, cairo_t *cr, const EngineArtPost *post)
{
  g_autofree char *name = _engine_art_clean (post->name, FALSE, MAX_HEADCHARS);
  g_autofree char *handle = _engine_art_clean (post->handle, FALSE, MAX_HEADCHARS);
  const double beside = ENGINE_CARD_AVATAR + ENGINE_CARD_HEAD_GAP;
  double width = 0;

  g_free (self->network);
  self->network = _engine_art_clean (post->network, FALSE, MAX_HEADCHARS);
  width = self->head_width - beside * self->unit;
  if (*self->network != '\0')
    width -= (ENGINE_CARD_BADGE + ENGINE_CARD_HEAD_GAP) * self->unit;
  fit_line (self, cr, name, NAME_SIZE, NAME_SIZE_MIN, PANGO_WEIGHT_BOLD, width, &self->name,
            &self->name_size);
  fit_line (self, cr, handle, HANDLE_SIZE, HANDLE_SIZE_MIN, PANGO_WEIGHT_NORMAL, width,
            &self->handle, &self->handle_size);
  self->head_spare =
    MAX (0, width - MAX (self->name_size.width_px, self->handle_size.width_px) - 1);
  self->head_height = MAX (ENGINE_CARD_AVATAR * self->unit,
                           (double) self->name_size.height_px + self->handle_size.height_px);
  g_free (self->initial);
  self->initial = find_initial (name, handle);
}

static double
get_inner_width (const EngineArtCard *self)
{
  return self->width - 2 * ENGINE_CARD_PADDING * self->unit;
}

/* Sets the widths of what is inside from that of the card. */
static void
share_width (EngineArtCard *self, cairo_t *cr, const EngineArtPost *post, gboolean with_photo)
{
  const double inner = get_inner_width (self), gap = ENGINE_CARD_STRIP_GAP * self->unit;

  self->photo_width = 0;
  self->text_width = inner;
  self->head_width = self->strip
                       ? CLAMP (HEAD_WIDTH * self->unit, inner * STRIP_HEAD, inner * STRIP_HEAD_MAX)
                       : inner;
  measure_head (self, cr, post);
  if (self->strip) {
    self->head_width -= self->head_spare;
    self->text_width = inner - self->head_width - gap;
    if (with_photo) {
      self->photo_width = inner * STRIP_PHOTO;
      self->text_width -= self->photo_width + gap;
    }
  } else if (with_photo) {
    self->photo_width = inner;
  }
}

/* Sets the height of the card from that of the text, if it fits. */
static gboolean
share_height (EngineArtCard *self, double min_photo)
{
  const double gap = ENGINE_CARD_GAP * self->unit;
  const double edges = (2 * ENGINE_CARD_PADDING + ENGINE_CARD_BAR_HEIGHT) * self->unit;
  double content = MAX (self->head_height, self->text_height), left = 0;

  if (self->strip) {
    left = self->max_height - edges;
    if (self->photo_width > 0)
      self->photo_height = MIN (left, MAX (content, self->photo_width * PHOTO_SHARE));
    self->height = edges + MAX (content, self->photo_height);
    return content <= left && (self->photo_width <= 0 || left >= STRIP_MIN * self->unit);
  }

  content = self->head_height + (self->text_height > 0 ? gap + self->text_height : 0);
  if (self->photo_width > 0) {
    left = self->max_height - edges - content - gap;
    self->photo_height = MIN (left, self->photo_width * PHOTO_SHARE);
    content += gap + self->photo_height;
    if (left < min_photo * self->unit)
      return FALSE;
  }
  self->height = edges + content;
  return self->height <= self->max_height;
}

/* Whether the card fits with its text at this size; keeps the layout. */
static gboolean
fit_text (EngineArtCard *self, cairo_t *cr, const char *text, double size, double min_photo)
{
  g_clear_object (&self->text);
  self->text_height = self->photo_height = 0;
  if (*text != '\0') {
    self->text = _engine_art_create_layout (cr, text, size * self->unit, PANGO_WEIGHT_NORMAL,
                                            self->text_width, 0);
    _engine_art_set_font (self->text, self->font);
    pango_layout_set_spacing (self->text, (int) (size * self->unit * LEADING * PANGO_SCALE));
    _engine_art_measure (self->text, NULL, &self->text_height);
  }
  return share_height (self, min_photo);
}

/* What the text takes in the smallest letters, if not a corner of its lines is left empty. */
static double
measure_area (const EngineArtCard *self, cairo_t *cr, const char *text)
{
  g_autoptr (PangoLayout) layout =
    _engine_art_create_layout (cr, text, TEXT_SIZE_MIN * self->unit, PANGO_WEIGHT_NORMAL, 1000, 0);
  double area = 0;

  _engine_art_set_font (layout, self->font);
  pango_layout_set_width (layout, -1);
  for (GSList *line = pango_layout_get_lines_readonly (layout); line != NULL; line = line->next) {
    PangoRectangle extents = { 0 };

    pango_layout_line_get_extents (line->data, NULL, &extents);
    area += (double) extents.width / PANGO_SCALE * extents.height / PANGO_SCALE;
  }
  return area;
}

/* The largest letters that fit, or FALSE if the smallest do not. */
static gboolean
fit_size (EngineArtCard *self, cairo_t *cr, const char *text, double min_size, double min_photo)
{
  /* Laying out takes long: what cannot fit anyhow is not even tried. */
  const double area = self->text_width * (self->max_height - (self->strip ? 0 : self->head_height));
  const double max_size = TEXT_SIZE_MIN * sqrt (area / MAX (self->text_area, 1));
  int low = 0, high = (int) ((MIN (max_size, TEXT_SIZE_MAX) - min_size) / TEXT_STEP);

  if (max_size < min_size || !fit_text (self, cr, text, min_size, min_photo))
    return FALSE;
  while (low < high) {
    const int middle = (low + high + 1) / 2;

    if (fit_text (self, cr, text, min_size + middle * TEXT_STEP, min_photo))
      low = middle;
    else
      high = middle - 1;
  }
  return fit_text (self, cr, text, min_size + low * TEXT_STEP, min_photo);
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
fit_room (EngineArtCard *self, cairo_t *cr, const EngineArtPost *post, const char *text,
          EngineSize program, EngineRect room, gboolean with_photo)
{
  const gboolean wide = program.width_px > program.height_px;
  double tried = 0;

  self->strip = room.height < program.height_px * STRIP_HEIGHT &&
                room.width > room.height * STRIP_SHAPE && room.width > program.width_px * 0.36;
  self->max_height = room.height;
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++) {
    const double share = self->strip ? STRIP_WIDTH
                         : wide      ? attempts[i].share
                                     : attempts[i].upright_share;
    const double width = MIN (floor (program.width_px * share), room.width);

    if ((attempts[i].min_photo > 0) != with_photo || (!with_photo && width <= tried))
      continue;
    tried = width;
    self->width = width;
    share_width (self, cr, post, with_photo);
    if (fit_size (self, cr, text, attempts[i].min_size, attempts[i].min_photo))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  const EngineArtPost *post;
  const EngineRoomPlan *plan;
  const char *text;
  EngineRect room; /* out: the best one */
  gboolean photo;  /* out */
} Fit;

static EngineRect
place_card (const EngineArtCard *self, const Fit *fit, EngineRect room)
{
  const EngineSize size = { (int) floor (self->width), (int) floor (self->height) };

  return engine_room_place_card (fit->plan, room, size);
}

/* What it hides first; of places that hide as much the rightmost is the best. */
static gint64
rate_place (const EngineRoomPlan *plan, EngineRect place)
{
  return engine_room_get_cost (plan, place) * plan->program.width_px + plan->program.width_px -
         place.x - place.width;
}

/* Finds the room of a level in which the card fits and hides the least. */
static gboolean
fit_level (EngineArtCard *self, cairo_t *cr, Fit *fit, EngineRoomLevel level, gboolean with_photo)
{
  EngineRect rooms[ENGINE_ROOM_MAX_FOUND];
  const guint n_rooms = engine_room_find (fit->plan, level, rooms);
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < n_rooms; i++) {
    gint64 cost = 0;

    if (!fit_room (self, cr, fit->post, fit->text, fit->plan->program, rooms[i], with_photo))
      continue;
    cost = rate_place (fit->plan, place_card (self, fit, rooms[i]));
    if (cost >= least)
      continue;
    least = cost;
    fit->room = rooms[i];
    fit->photo = with_photo;
    /* Beside everybody, the largest is the best. */
    if (level < ENGINE_ROOM_SLIDES)
      break;
  }
  return least < G_MAXINT64;
}

/* To hide nobody is worth more than a photo, but where there is nothing else, it is what was said. */
static gboolean
fit_card (EngineArtCard *self, cairo_t *cr, Fit *fit, GError **error)
{
  const gboolean has_photo = fit->post->photo != NULL;
  const gboolean hopeless = g_utf8_strlen (fit->text, -1) > MAX_READABLE;
  gboolean found = FALSE;

  for (guint level = 0; level < ENGINE_ROOM_N_LEVELS && !found && !hopeless; level++)
    found = (has_photo && fit_level (self, cr, fit, (EngineRoomLevel) level, TRUE)) ||
            ((!has_photo || *fit->text != '\0') &&
             fit_level (self, cr, fit, (EngineRoomLevel) level, FALSE));
  if (found)
    return fit_room (self, cr, fit->post, fit->text, fit->plan->program, fit->room, fit->photo);

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_TOO_LONG,
               "The post is too long to be read on screen");
  return FALSE;
}

static EngineArt *
draw_fitted (const EngineArtCard *card, const Fit *fit, GError **error)
{
  const double shadow = ENGINE_CARD_SHADOW * card->unit;
  const EngineRect place = place_card (card, fit, fit->room);
  EngineArt *art = _engine_art_new ((int) floor (place.x - shadow), (int) floor (place.y - shadow),
                                    (int) ceil (card->width + 2 * shadow),
                                    (int) ceil (card->height + 2 * shadow), error);
  cairo_t *cr = NULL;

  if (art == NULL)
    return NULL;
  art->motion = ENGINE_MOTION_RISE;
  cr = cairo_create (art->surface);
  _engine_art_card_draw (card, cr);
  cairo_destroy (cr);
  return art;
}

/**
 * engine_art_draw_post:
 * @post: what to show
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws a post as a card where it hides nobody and can be read, at the right and at the bottom
 * before elsewhere. The whole text is shown, in letters as large as possible; a photo gives way to
 * it. Fails with `ENGINE_ERROR_TOO_LONG` when the text cannot be read on screen even so. Any thread.
 *
 * Returns: (transfer full): the card; `NULL` on error
 */
EngineArt *
engine_art_draw_post (const EngineArtPost *post, int program_width_px, int program_height_px,
                      GError **error)
{
  /* Without a better knowledge the place of a logo stays free. */
  const EngineRoomPlan usual = {
    .program = { program_width_px, program_height_px },
    .n_graphics = 1,
    .graphics = { { 0, 0, program_width_px, (int) (program_height_px * FREE_ABOVE) } },
  };
  Fit fit = { post, post->plan != NULL ? post->plan : &usual };
  g_autofree char *text = _engine_art_clean (post->text, TRUE, MAX_CHARS);
  g_auto (EngineArtCard) card = { 0 };
  g_autoptr (EngineArt) scratch = NULL;
  cairo_t *cr = NULL;
  gboolean fits = FALSE;

  if (!_engine_art_check_size (program_width_px, program_height_px, error) ||
      (scratch = _engine_art_new (0, 0, 1, 1, error)) == NULL)
    return NULL;

  fit.text = text;
  card.unit = _engine_art_get_unit (program_width_px, program_height_px);
  card.colour = _engine_art_parse_colour (post->colour);
  card.font = post->font;
  card.rtl = _engine_art_is_rtl (*text != '\0' ? text : post->name != NULL ? post->name : "");
  cr = cairo_create (scratch->surface);
  if (*text != '\0' && g_utf8_strlen (text, -1) <= MAX_READABLE)
    card.text_area = measure_area (&card, cr, text);
  fits = fit_card (&card, cr, &fit, error);
  cairo_destroy (cr);
  if (!fits)
    return NULL;
  card.avatar = post->avatar;
  if (card.photo_width > 0)
    card.photo = post->photo;
  return draw_fitted (&card, &fit, error);
}
