/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-art-board.h"
#include "engine-art-private.h"

/* Shares of the program. */
#define TEXT_WIDTH   0.8
#define MAX_HEIGHT   0.86
#define FIGURES_FILL 0.9

/* Pixels in a program of 1080 lines. */
#define TEXT_ALONE     104.0
#define TEXT_ABOVE     72.0
#define SMALLEST_TEXT  26.0
#define FIGURES        330.0
#define BAR_WIDTH      132.0
#define BAR_HEIGHT     10.0
#define GAP_ALONE      48.0
#define GAP_TO_BAR     40.0
#define GAP_TO_FIGURES 12.0

#define MAX_CHARS      600

typedef struct {
  PangoLayout *text;    /* owned, nullable */
  PangoLayout *figures; /* owned, nullable */
  double text_height;
  double figures_height;
} Words;

static void
words_clear (Words *self)
{
  g_clear_object (&self->text);
  g_clear_object (&self->figures);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

/* The house's fonts still come after it, for what it does not have. */
static void
set_font (PangoLayout *layout, const char *family)
{
  PangoFontDescription *font =
    pango_font_description_copy (pango_layout_get_font_description (layout));
  g_autofree char *families =
    family != NULL && *family != '\0'
      ? g_strconcat (family, ",", pango_font_description_get_family (font), NULL)
      : g_strdup (pango_font_description_get_family (font));

  pango_font_description_set_family (font, families);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

static PangoLayout *
lay_out (cairo_t *cr, const EngineArtBoard *board, const char *text, double size_px,
         PangoWeight weight, double width_px)
{
  PangoLayout *layout = _engine_art_create_layout (cr, text, size_px, weight, width_px, 0);

  set_font (layout, board->font);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  return layout;
}

/* A long text gets smaller until it fits, or is cut at the smallest size. */
static void
lay_out_text (Words *words, cairo_t *cr, const EngineArtBoard *board, double width_px,
              double height_px, double unit)
{
  g_autofree char *text = _engine_art_clean (board->text, TRUE, MAX_CHARS);
  double size = (board->figures != NULL ? TEXT_ABOVE : TEXT_ALONE) * unit;

  if (*text == '\0')
    return;
  while (TRUE) {
    g_clear_object (&words->text);
    words->text = lay_out (cr, board, text, size, PANGO_WEIGHT_BOLD, width_px);
    _engine_art_measure (words->text, NULL, &words->text_height);
    if (words->text_height <= height_px || size <= SMALLEST_TEXT * unit)
      break;
    size = MAX (size * 0.9, SMALLEST_TEXT * unit);
  }
  if (words->text_height > height_px) {
    g_autofree char *run_on = _engine_art_clean (board->text, FALSE, MAX_CHARS);

    /* Pango shows at least one line of each paragraph. */
    pango_layout_set_text (words->text, run_on, -1);
    pango_layout_set_height (words->text, (int) (height_px * PANGO_SCALE));
    pango_layout_set_ellipsize (words->text, PANGO_ELLIPSIZE_END);
    _engine_art_measure (words->text, NULL, &words->text_height);
  }
}

/* All figures are equally wide, or the time would tremble as it counts. */
static void
lay_out_figures (Words *words, cairo_t *cr, const EngineArtBoard *board, double width_px,
                 double unit)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  double size = FIGURES * unit, width = 0;

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1, lnum=1"));
  for (int i = 0; i < 2; i++) {
    g_clear_object (&words->figures);
    words->figures = lay_out (cr, board, board->figures, size, PANGO_WEIGHT_BOLD, -1);
    pango_layout_set_width (words->figures, -1);
    pango_layout_set_attributes (words->figures, attributes);
    _engine_art_measure (words->figures, &width, &words->figures_height);
    if (width <= width_px)
      break;
    size *= width_px / width * FIGURES_FILL;
  }
  pango_attr_list_unref (attributes);
}

static EngineArtColour
get_ink (EngineArtColour ground)
{
  return _engine_art_get_luminance (ground) > 0.55 ? (EngineArtColour){ 0.05, 0.06, 0.08 }
                                                   : (EngineArtColour){ 1, 1, 1 };
}

/* A little lighter above than below, so that it looks lit and not switched off. */
static void
paint_ground (cairo_t *cr, EngineArtColour ground, int width, int height)
{
  const EngineArtColour above = _engine_art_mix (ground, (EngineArtColour){ 1, 1, 1 }, 0.05);
  const EngineArtColour below = _engine_art_mix (ground, (EngineArtColour){ 0, 0, 0 }, 0.14);
  cairo_pattern_t *light = cairo_pattern_create_linear (0, 0, 0, height);

  cairo_pattern_add_color_stop_rgb (light, 0, above.red, above.green, above.blue);
  cairo_pattern_add_color_stop_rgb (light, 1, below.red, below.green, below.blue);
  cairo_set_source (cr, light);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_pattern_destroy (light);
}

static void
show_centred (cairo_t *cr, PangoLayout *layout, int program_width, double y)
{
  PangoRectangle logical = { 0 };

  pango_layout_get_pixel_extents (layout, NULL, &logical);
  cairo_move_to (cr, (program_width - logical.width) / 2.0 - logical.x, y);
  pango_cairo_show_layout (cr, layout);
}

/* A bar that cannot be told from the ground takes the colour of the letters. */
static void
paint_bar (cairo_t *cr, const EngineArtBoard *board, EngineArtColour ground, int program_width,
           double y, double unit)
{
  EngineArtColour colour = _engine_art_parse_colour (board->colour);

  if (fabs (colour.red - ground.red) + fabs (colour.green - ground.green) +
        fabs (colour.blue - ground.blue) <
      0.25)
    colour = get_ink (ground);
  _engine_art_set_colour (cr, colour, 1);
  _engine_art_add_rounded (cr, (program_width - BAR_WIDTH * unit) / 2, y, BAR_WIDTH * unit,
                           BAR_HEIGHT * unit, BAR_HEIGHT * unit / 2);
  cairo_fill (cr);
}

/**
 * engine_art_draw_board:
 * @board: what it shows
 * @program_width_px: 320 to 3840
 * @program_height_px: 180 to 2160
 *
 * Draws a board of the program's size. Any thread. Fails with %ENGINE_ERROR_UNSUPPORTED.
 *
 * Returns: (transfer full) (nullable): the picture, or `NULL` on error
 */
EngineArt *
engine_art_draw_board (const EngineArtBoard *board, int program_width_px, int program_height_px,
                       GError **error)
{
  const double unit = _engine_art_get_unit (program_width_px, program_height_px);
  const EngineArtColour ground = _engine_art_parse_colour (board->background);
  const gboolean has_figures = board->figures != NULL;
  const double width = program_width_px * TEXT_WIDTH;
  double room = program_height_px * MAX_HEIGHT - (BAR_HEIGHT + GAP_TO_BAR) * unit;
  double gap = has_figures ? GAP_TO_BAR * unit : GAP_ALONE * unit;
  double y = 0;
  g_autoptr (EngineArt) art = NULL;
  g_auto (Words) words = { 0 };
  cairo_t *cr = NULL;

  if (!_engine_art_check_size (program_width_px, program_height_px, error) ||
      (art = _engine_art_new (0, 0, program_width_px, program_height_px, error)) == NULL)
    return NULL;

  cr = cairo_create (art->surface);
  paint_ground (cr, ground, program_width_px, program_height_px);
  if (has_figures) {
    lay_out_figures (&words, cr, board, width, unit);
    room -= words.figures_height + GAP_TO_FIGURES * unit;
  }
  lay_out_text (&words, cr, board, width, room, unit);

  y = (program_height_px - words.text_height - words.figures_height) / 2;
  if (words.text != NULL) {
    y -= (gap + BAR_HEIGHT * unit + (has_figures ? GAP_TO_FIGURES * unit : 0)) / 2;
    _engine_art_set_colour (cr, get_ink (ground), 1);
    show_centred (cr, words.text, program_width_px, y);
    y += words.text_height + gap;
    paint_bar (cr, board, ground, program_width_px, y, unit);
    y += BAR_HEIGHT * unit + GAP_TO_FIGURES * unit;
  }
  if (has_figures) {
    _engine_art_set_colour (cr, get_ink (ground), 1);
    show_centred (cr, words.figures, program_width_px, y);
  }
  cairo_destroy (cr);
  return g_steal_pointer (&art);
}
