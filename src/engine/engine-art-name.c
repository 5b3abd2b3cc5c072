/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-name-private.h"

#include <math.h>
#include <string.h>

/* Shares of the program. */
#define TITLE_SAFE  0.05
#define MAX_WIDTH   0.62 /* of a plate's or a line's words */
#define MAX_UPRIGHT 0.90

/* Pixels in a program of 1080 lines. */
#define NAME_SIZE            52.0
#define NAME_SIZE_MIN        40.0
#define NAME_SIZE_TWO        34.0 /* how small it may get on two lines */
#define AFFILIATION_SIZE     29.0
#define AFFILIATION_SIZE_MIN 24.0
#define TALK_SIZE            33.0
#define TALK_SIZE_MIN        27.0

#define MAX_CHARS            300
#define MAX_BOUND_BYTES      60

void
_engine_art_words_clear (EngineArtWords *self)
{
  g_clear_object (&self->name);
  g_clear_object (&self->affiliation);
  g_clear_object (&self->talk);
}

/* Of several people, none is broken at the end of a line. */
static char *
bind_names (const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, ", ", -1);

  for (guint i = 0; names[i] != NULL && names[1] != NULL; i++) {
    if (strlen (names[i]) <= MAX_BOUND_BYTES) {
      g_auto (GStrv) parts = g_strsplit (names[i], " ", -1);

      g_free (names[i]);
      names[i] = g_strjoinv ("\xc2\xa0", parts);
    }
  }
  return g_strjoinv (", ", names);
}

/* One line as long as that can be read, then two. */
static PangoLayout *
fit_name (cairo_t *cr, const EngineArtWords *self, const char *text, double width)
{
  const double unit = self->unit;
  g_autofree char *bound = NULL;
  PangoLayout *layout = _engine_art_fit_layout (cr, text, self->font, NAME_SIZE * unit,
                                                NAME_SIZE_MIN * unit, PANGO_WEIGHT_BOLD, width, 1);

  if (!pango_layout_is_ellipsized (layout))
    return layout;
  g_object_unref (layout);
  bound = bind_names (text);
  return _engine_art_fit_layout (cr, bound, self->font, NAME_SIZE_MIN * unit, NAME_SIZE_TWO * unit,
                                 PANGO_WEIGHT_BOLD, width, 2);
}

static void
measure (PangoLayout *layout, EngineSize *size)
{
  double width = 0, height = 0;

  if (layout == NULL)
    return;
  _engine_art_measure (layout, &width, &height);
  *size = (EngineSize){ (int) width + 1, (int) height };
}

/**
 * _engine_art_words_lay_out:
 * @self: (inout): words with their unit, font and direction
 * @cr: where they will be drawn
 * @name: what to say
 * @width: how wide they may be
 *
 * Lays out who speaks and where they come from, and measures it.
 */
void
_engine_art_words_lay_out (EngineArtWords *self, cairo_t *cr, const EngineArtName *name,
                           double width)
{
  g_autofree char *title = _engine_art_clean (name->title, FALSE, MAX_CHARS);
  g_autofree char *affiliation = _engine_art_clean (name->affiliation, FALSE, MAX_CHARS);

  if (*title != '\0')
    self->name = fit_name (cr, self, title, width);
  if (*affiliation != '\0')
    self->affiliation =
      _engine_art_fit_layout (cr, affiliation, self->font, AFFILIATION_SIZE * self->unit,
                              AFFILIATION_SIZE_MIN * self->unit, PANGO_WEIGHT_SEMIBOLD, width, 1);
  measure (self->name, &self->name_size);
  measure (self->affiliation, &self->affiliation_size);
}

/**
 * _engine_art_words_lay_out_talk:
 *
 * The same for the title of the talk.
 */
void
_engine_art_words_lay_out_talk (EngineArtWords *self, cairo_t *cr, const EngineArtName *name,
                                double width)
{
  g_autofree char *talk = _engine_art_clean (name->talk, FALSE, MAX_CHARS);

  if (*talk != '\0')
    self->talk = _engine_art_fit_layout (cr, talk, self->font, TALK_SIZE * self->unit,
                                         TALK_SIZE_MIN * self->unit, PANGO_WEIGHT_NORMAL, width, 2);
  measure (self->talk, &self->talk_size);
}

/**
 * _engine_art_words_draw:
 * @self: words
 * @cr: where to
 * @layout: (nullable): one of them
 * @x: left edge of the column it stands in
 * @y: its upper edge
 * @width: of that column
 * @colour: of its letters
 * @alpha: of its letters
 *
 * Draws a text at the edge of a column where its reader begins.
 */
void
_engine_art_words_draw (const EngineArtWords *self, cairo_t *cr, PangoLayout *layout, double x,
                        double y, double width, EngineArtColour colour, double alpha)
{
  gboolean text_rtl = FALSE;

  if (layout == NULL)
    return;

  /* A name in another script than the rest stands at the same edge. */
  text_rtl = pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (layout, text_rtl == self->rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
  cairo_move_to (cr, x, y);
  _engine_art_set_colour (cr, colour, alpha);
  pango_cairo_show_layout (cr, layout);
}

static gboolean
check_name (const EngineArtName *name, gboolean *rtl, GError **error)
{
  g_autofree char *title = _engine_art_clean (name->title, FALSE, MAX_CHARS);
  g_autofree char *affiliation = _engine_art_clean (name->affiliation, FALSE, MAX_CHARS);
  g_autofree char *talk = _engine_art_clean (name->talk, FALSE, MAX_CHARS);
  const char *first = *title != '\0' ? title : *talk != '\0' ? talk : affiliation;

  *rtl = _engine_art_is_rtl (first);
  if (*first != '\0')
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "There is no name and no title to show");
  return FALSE;
}

static EngineArt *
draw_style (const EngineArtName *name, EngineArtWords *words, cairo_t *cr, GError **error)
{
  switch (name->style) {
  case ENGINE_NAME_STYLE_PLATE:
    return _engine_art_name_draw_plate (name, words, cr, error);
  case ENGINE_NAME_STYLE_BAND:
    return _engine_art_name_draw_band (name, words, cr, error);
  case ENGINE_NAME_STYLE_LINE:
    return _engine_art_name_draw_line (name, words, cr, error);
  }
  g_return_val_if_reached (NULL);
}

/**
 * engine_art_draw_name:
 * @name: who speaks, and about what
 * @program_width_px: width of the program
 * @program_height_px: height of the program
 * @error: return location
 *
 * Draws who is speaking, at the bottom of the title-safe area: at the left, or at the right when it
 * is written from right to left. What is long is written smaller, then on two lines, and ends in “…”
 * if even that is not enough. Fails with `ENGINE_ERROR_UNSUPPORTED` when there is nothing to write.
 * Any thread.
 *
 * Returns: (transfer full): the lower third; `NULL` on error
 */
EngineArt *
engine_art_draw_name (const EngineArtName *name, int program_width_px, int program_height_px,
                      GError **error)
{
  const gboolean wide = program_width_px > program_height_px;
  g_auto (EngineArtWords) words = { 0 };
  g_autoptr (EngineArt) scratch = NULL;
  cairo_t *cr = NULL;
  EngineArt *art = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (!_engine_art_check_size (program_width_px, program_height_px, error) ||
      !check_name (name, &words.rtl, error) ||
      (scratch = _engine_art_new (0, 0, 1, 1, error)) == NULL)
    return NULL;

  words.unit = _engine_art_get_unit (program_width_px, program_height_px);
  words.font = name->font;
  words.colour = _engine_art_parse_colour (name->colour);
  words.program = (EngineSize){ program_width_px, program_height_px };
  words.safe_x = (int) ceil (program_width_px * TITLE_SAFE);
  words.safe_y = (int) ceil (program_height_px * TITLE_SAFE);
  words.max_width = program_width_px * (wide ? MAX_WIDTH : MAX_UPRIGHT);
  words.band_right = program_width_px;
  if (name->plan != NULL)
    engine_room_get_band (name->plan, &words.band_left, &words.band_right);
  cr = cairo_create (scratch->surface);
  art = draw_style (name, &words, cr, error);
  cairo_destroy (cr);
  if (art != NULL && name->plan != NULL && name->style != ENGINE_NAME_STYLE_BAND)
    art->place = engine_room_place_name (name->plan, art->place);
  return art;
}
