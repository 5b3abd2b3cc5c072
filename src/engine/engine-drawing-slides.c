/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

#include <math.h>
#include <pango/pangocairo.h>

#define PAPER  0xfaf8f3
#define INK    0x1f2a37
#define SOFT   0x5d6875
#define ORANGE 0xe8731a
#define TEAL   0x1f4e5f
#define MINT   0x7fb0bd

typedef enum {
  BOLD = 1 << 0,
  CENTRED = 1 << 1,
} TextStyle;

static void
write_text (cairo_t *cr, double x, double y, double width, double size, guint colour,
            TextStyle style, const char *text)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Noto Sans,Cantarell,sans");

  if (style & BOLD)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  if (style & CENTRED)
    pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (cr, x, y);
  _engine_drawing_set_colour (cr, colour, 1);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
}

/* The deck's mark: waves going out from a point. */
static void
paint_mark (cairo_t *cr, double x, double y, double size, guint waves, guint point)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, size * 0.11);
  _engine_drawing_set_colour (cr, waves, 1);
  for (int i = 1; i <= 3; i++) {
    cairo_arc (cr, x, y, size * 0.27 * i, -1.3, 0.25);
    cairo_stroke (cr);
  }
  _engine_drawing_add_ellipse (cr, x, y, size * 0.1, size * 0.1);
  _engine_drawing_fill (cr, point);
}

static void
paint_page (cairo_t *cr, const char *title, guint number)
{
  g_autofree char *page = g_strdup_printf ("%u", number);

  _engine_drawing_fill_box (cr, 0, 0, ENGINE_DRAWING_STAGE_WIDTH, ENGINE_DRAWING_STAGE_HEIGHT, 0,
                            PAPER);
  _engine_drawing_fill_box (cr, 80, 76, 64, 8, 4, ORANGE);
  write_text (cr, 80, 96, 1040, 54, INK, BOLD, title);
  paint_mark (cr, 1164, 112, 44, TEAL, ORANGE);
  write_text (cr, 80, 660, 700, 20, SOFT, 0, "Journée numérique · Amphi · 22 novembre 2026");
  write_text (cr, 1150, 660, 60, 20, SOFT, 0, page);
}

static void
write_bullets (cairo_t *cr, double y, const char *const *bullets)
{
  for (; *bullets != NULL; bullets++, y += 92) {
    _engine_drawing_add_ellipse (cr, 92, y + 23, 9, 9);
    _engine_drawing_fill (cr, ORANGE);
    write_text (cr, 128, y, 1000, 35, INK, 0, *bullets);
  }
}

static void
paint_cover (cairo_t *cr)
{
  _engine_drawing_fill_box (cr, 0, 0, ENGINE_DRAWING_STAGE_WIDTH, ENGINE_DRAWING_STAGE_HEIGHT, 0,
                            TEAL);
  _engine_drawing_add_ellipse (cr, 1130, 640, 330, 330);
  _engine_drawing_fill (cr, ORANGE);
  _engine_drawing_add_ellipse (cr, 1130, 640, 220, 220);
  _engine_drawing_fill (cr, 0xffb35c);
  _engine_drawing_add_ellipse (cr, 1130, 640, 112, 112);
  _engine_drawing_fill (cr, 0xfff0d6);
  paint_mark (cr, 100, 158, 70, 0xfff3df, ORANGE);
  write_text (cr, 80, 214, 900, 92, 0xffffff, BOLD, "Journée numérique");
  write_text (cr, 84, 346, 760, 40, 0xd7e6ea, 0,
              "Ouvrir les données d’une petite association, sans se perdre");
  write_text (cr, 84, 540, 700, 28, 0xffc98f, BOLD, "Karim Benali");
  write_text (cr, 84, 580, 700, 24, 0xb6ced6, 0, "Les Voisins connectés · Nantes");
}

static void
paint_cards (cairo_t *cr)
{
  static const char *const titles[] = { "Un tableur", "Un formulaire", "Un direct" };
  static const char *const words[] = { "partagé, avec trois colonnes et pas trente",
                                       "que l’on remplit d’une main, au marché",
                                       "pour celles et ceux qui n’ont pas pu venir" };
  static const guint colours[] = { TEAL, ORANGE, 0x4f7d4f };

  for (int i = 0; i < 3; i++) {
    const double x = 80 + i * 380;

    _engine_drawing_set_colour (cr, 0x000000, 0.06);
    _engine_drawing_add_rounded (cr, x + 2, 230, 356, 376, 22);
    cairo_fill (cr);
    _engine_drawing_fill_box (cr, x, 224, 356, 376, 22, 0xffffff);
    _engine_drawing_add_ellipse (cr, x + 82, 312, 50, 50);
    _engine_drawing_fill (cr, colours[i]);
    write_text (cr, x + 32, 279, 100, 48, 0xffffff, BOLD | CENTRED,
                i == 0   ? "1"
                : i == 1 ? "2"
                         : "3");
    write_text (cr, x + 34, 390, 300, 36, INK, BOLD, titles[i]);
    write_text (cr, x + 34, 448, 290, 27, SOFT, 0, words[i]);
  }
}

static void
paint_thanks (cairo_t *cr)
{
  _engine_drawing_fill_box (cr, 0, 0, ENGINE_DRAWING_STAGE_WIDTH, ENGINE_DRAWING_STAGE_HEIGHT, 0,
                            ORANGE);
  _engine_drawing_add_ellipse (cr, 170, 60, 300, 300);
  _engine_drawing_fill (cr, 0xf28a35);
  _engine_drawing_add_ellipse (cr, 1180, 690, 240, 240);
  _engine_drawing_fill (cr, TEAL);
  paint_mark (cr, 614, 190, 84, 0xfff3df, TEAL);
  write_text (cr, 80, 232, 1120, 88, 0xffffff, BOLD | CENTRED, "Merci ! Vos questions ?");
  write_text (cr, 80, 384, 1120, 44, 0xfff0df, CENTRED,
              "Dans la salle, ou en ligne avec #JourneeNum");
}

/* A slide without its moving chart. */
void
_engine_drawing_paint_slide (cairo_t *cr, guint index)
{
  static const char *const reasons[] = { "Rendre des comptes à celles et ceux qui donnent",
                                         "Trouver des bénévoles là où l’on manque",
                                         "Apprendre des autres associations, et l’inverse",
                                         "Ne plus recompter les chaises à la main", NULL };

  switch (index) {
  case 0:
    paint_cover (cr);
    break;
  case 1:
    paint_page (cr, "Pourquoi ouvrir nos données ?", 2);
    write_bullets (cr, 246, reasons);
    break;
  case 2:
    paint_page (cr, "Les dons par SMS ont doublé", 3);
    write_text (cr, 80, 232, 340, 30, SOFT, 0, "Un mot-clé sur l’affiche, 5 € par message.");
    write_text (cr, 80, 350, 340, 110, ORANGE, BOLD, "× 2");
    write_text (cr, 80, 500, 340, 26, SOFT, 0, "en trois ans, avec la même affiche");
    break;
  case 3:
    paint_page (cr, "Trois outils, zéro euro", 4);
    paint_cards (cr);
    break;
  case 4:
    paint_page (cr, "Où va un euro donné ?", 5);
    break;
  default:
    paint_thanks (cr);
    break;
  }
}

static void
paint_bars (cairo_t *cr, double age_s)
{
  static const double euros[] = { 1.9, 2.3, 2.2, 3.1, 3.8, 4.4 };

  _engine_drawing_fill_box (cr, 470, 598, 730, 3, 0, 0xc9c3b8);
  for (int i = 0; i < 6; i++) {
    const double way = _engine_drawing_ease ((age_s - i * 0.14) / 0.9);
    const double high = euros[i] * 78 * way, x = 496 + i * 118;
    g_autofree char *year = g_strdup_printf ("%d", 2021 + i);
    g_autofree char *label = g_strdup_printf ("%d,%d k€", (int) (euros[i] * way),
                                              (int) (fmod (euros[i] * way, 1) * 10 + 0.01));

    if (high > 12)
      _engine_drawing_fill_box (cr, x, 598 - high, 76, high, 6, i == 5 ? ORANGE : TEAL);
    write_text (cr, x - 20, 608, 116, 22, SOFT, CENTRED, year);
    write_text (cr, x - 20, 598 - high - 36, 116, 22, INK, BOLD | CENTRED, label);
  }
}

static void
paint_ring (cairo_t *cr, double age_s)
{
  static const double shares[] = { 0.72, 0.15, 0.08, 0.05 };
  static const guint colours[] = { TEAL, ORANGE, MINT, 0xe2b45b };
  static const char *const labels[] = { "72 %  aide aux familles", "15 %  local et matériel",
                                        "8 %  formation", "5 %  frais bancaires" };
  const double end = _engine_drawing_ease (age_s / 1.5);
  double from = 0;

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_width (cr, 84);
  for (int i = 0; i < 4; i++) {
    const double to = MIN (from + shares[i], end);

    if (to > from) {
      cairo_arc (cr, 330, 426, 142, (from - 0.25) * 2 * G_PI, (to - 0.25) * 2 * G_PI);
      _engine_drawing_set_colour (cr, colours[i], 1);
      cairo_stroke (cr);
    }
    from += shares[i];
    if (age_s > 0.3 * i) {
      _engine_drawing_fill_box (cr, 640, 282 + i * 78, 32, 32, 8, colours[i]);
      write_text (cr, 694, 274 + i * 78, 500, 34, INK, i == 0 ? BOLD : 0, labels[i]);
    }
  }
  write_text (cr, 230, 396, 200, 44, INK, BOLD | CENTRED, "1 €");
}

void
_engine_drawing_paint_chart (cairo_t *cr, guint index, double age_s)
{
  if (index == 2)
    paint_bars (cr, age_s);
  else if (index == 4)
    paint_ring (cr, age_s);
}

gboolean
_engine_drawing_get_chart (guint index, EngineRect *place)
{
  if (index == 2)
    *place = (EngineRect){ 464, 210, 744, 434 };
  else if (index == 4)
    *place = (EngineRect){ 140, 232, 1060, 390 };
  return index == 2 || index == 4;
}
