/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

#include <math.h>

/* The amphitheatre around the speaker: wall, screen, lectern, listeners. */

static void
paint_wall (cairo_t *cr)
{
  _engine_drawing_shade (cr, 0, 560, 0x3a2720, 0x6b4632);
  for (int x = -8; x < ENGINE_DRAWING_STAGE_WIDTH; x += 32) {
    _engine_drawing_set_colour (cr, 0x000000, 0.20);
    cairo_rectangle (cr, x, 0, 5, 548);
    cairo_fill (cr);
    _engine_drawing_set_colour (cr, 0xffc890, 0.06);
    cairo_rectangle (cr, x + 5, 0, 3, 548);
    cairo_fill (cr);
  }
  _engine_drawing_set_colour (cr, 0x160e0b, 0.55);
  cairo_rectangle (cr, 0, 0, ENGINE_DRAWING_STAGE_WIDTH, 34);
  cairo_fill (cr);
  for (int x = 590; x <= 1230; x += 210) {
    _engine_drawing_glow (cr, x, 34, 300, 0xffb768, 0.42);
    _engine_drawing_fill_box (cr, x - 20, 26, 40, 10, 4, 0xffe6bd);
  }
}

static void
paint_floor (cairo_t *cr)
{
  _engine_drawing_shade (cr, 548, 172, 0x7d5033, 0x3a2419);
  _engine_drawing_fill_box (cr, 0, 540, ENGINE_DRAWING_STAGE_WIDTH, 9, 0, 0x2a1a13);
  cairo_save (cr);
  cairo_translate (cr, 668, 600);
  cairo_scale (cr, 1, 0.2);
  _engine_drawing_glow (cr, 0, 0, 440, 0xffd9a0, 0.55);
  cairo_restore (cr);
}

/* The projected slide, seen from the room: no need to read it. */
static void
paint_projection (cairo_t *cr)
{
  static const int bars[] = { 46, 70, 62, 96, 128 };

  _engine_drawing_fill_box (cr, 92, 128, 230, 30, 0, 0xe8731a);
  for (int i = 0; i < 3; i++) {
    _engine_drawing_fill_box (cr, 92, 190 + i * 38, 12, 12, 6, 0xe8731a);
    _engine_drawing_fill_box (cr, 114, 190 + i * 38, i == 1 ? 120 : 146 - i * 8, 12, 3, 0x9aa3ad);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bars); i++)
    _engine_drawing_fill_box (cr, 298 + (int) i * 34, 318 - bars[i], 24, bars[i], 3,
                              i == 4 ? 0xe8731a : 0x3f6e8c);
  _engine_drawing_fill_box (cr, 292, 319, 176, 3, 0, 0x5c6670);
}

static void
paint_screen (cairo_t *cr)
{
  _engine_drawing_glow (cr, 280, 230, 520, 0xcfe4ff, 0.42);
  _engine_drawing_fill_box (cr, 50, 84, 460, 280, 4, 0x1b1512);
  _engine_drawing_fill_box (cr, 58, 92, 444, 264, 0, 0xf6f6f1);
  cairo_save (cr);
  cairo_translate (cr, 0, 2);
  paint_projection (cr);
  cairo_restore (cr);
  _engine_drawing_glow (cr, 280, 230, 300, 0xffffff, 0.25);
}

static void
paint_banner (cairo_t *cr)
{
  _engine_drawing_set_colour (cr, 0x000000, 0.25);
  _engine_drawing_add_ellipse (cr, 1090, 566, 90, 9);
  cairo_fill (cr);
  _engine_drawing_fill_box (cr, 1010, 176, 160, 384, 3, 0x1f4e5f);
  cairo_save (cr);
  cairo_rectangle (cr, 1010, 176, 160, 384);
  cairo_clip (cr);
  _engine_drawing_add_ellipse (cr, 1180, 560, 150, 150);
  _engine_drawing_fill (cr, 0xff8a2b);
  _engine_drawing_add_ellipse (cr, 1180, 560, 96, 96);
  _engine_drawing_fill (cr, 0xffc46b);
  cairo_restore (cr);
  cairo_set_line_width (cr, 9);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _engine_drawing_set_colour (cr, 0xfff3df, 1);
  for (int i = 0; i < 3; i++) {
    cairo_arc (cr, 1062, 268, 12 + i * 17, -1.25, 0.32);
    cairo_stroke (cr);
  }
  _engine_drawing_add_ellipse (cr, 1062, 268, 8, 8);
  _engine_drawing_fill (cr, 0xff8a2b);
  _engine_drawing_fill_box (cr, 1032, 320, 112, 11, 5, 0xfff3df);
  _engine_drawing_fill_box (cr, 1032, 342, 78, 11, 5, 0xfff3df);
  _engine_drawing_fill_box (cr, 1032, 368, 52, 7, 3, 0x7fb0bd);
  _engine_drawing_fill_box (cr, 1002, 556, 176, 10, 4, 0xb9bcc0);
}

static void
paint_leaf (cairo_t *cr, double x, double y, double angle, double length, guint colour)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, 0, 0);
  cairo_curve_to (cr, length * 0.26, -length * 0.3, length * 0.22, -length * 0.8, 0, -length);
  cairo_curve_to (cr, -length * 0.22, -length * 0.8, -length * 0.26, -length * 0.3, 0, 0);
  _engine_drawing_fill (cr, colour);
  cairo_restore (cr);
}

static void
paint_plant (cairo_t *cr)
{
  static const double angles[] = { -1.0, 1.0, -0.62, 0.62, -0.28, 0.3, 0.0 };

  for (guint i = 0; i < G_N_ELEMENTS (angles); i++)
    paint_leaf (cr, 906, 506, angles[i], 96 + 12.0 * (i / 2), i % 2 ? 0x3f7350 : 0x2f5c42);
  cairo_move_to (cr, 872, 500);
  cairo_line_to (cr, 940, 500);
  cairo_line_to (cr, 930, 562);
  cairo_line_to (cr, 882, 562);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0xc9794a);
  _engine_drawing_fill_box (cr, 868, 494, 76, 14, 4, 0xdb8a58);
}

/* What stands behind the speaker. */
void
_engine_drawing_paint_hall (cairo_t *cr)
{
  paint_wall (cr);
  paint_floor (cr);
  paint_screen (cr);
  paint_plant (cr);
  paint_banner (cr);
  _engine_drawing_glow (cr, 668, 300, 330, 0xffdca8, 0.35);
}

static void
paint_lectern (cairo_t *cr)
{
  cairo_move_to (cr, 560, 474);
  cairo_line_to (cr, 776, 474);
  cairo_line_to (cr, 752, 660);
  cairo_line_to (cr, 584, 660);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0x8a5632);
  cairo_move_to (cr, 706, 474);
  cairo_line_to (cr, 776, 474);
  cairo_line_to (cr, 752, 660);
  cairo_line_to (cr, 700, 660);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0x75472a);
  _engine_drawing_fill_box (cr, 540, 458, 256, 20, 6, 0xb47a4b);
  _engine_drawing_fill_box (cr, 540, 458, 256, 6, 3, 0xd49a66);

  _engine_drawing_add_ellipse (cr, 648, 552, 34, 34);
  _engine_drawing_fill (cr, 0xf4ead9);
  cairo_set_line_width (cr, 6);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _engine_drawing_set_colour (cr, 0x1f4e5f, 1);
  for (int i = 0; i < 2; i++) {
    cairo_arc (cr, 640, 562, 10 + i * 11, -1.3, 0.3);
    cairo_stroke (cr);
  }
  _engine_drawing_add_ellipse (cr, 640, 562, 4.5, 4.5);
  _engine_drawing_fill (cr, 0xff8a2b);

  /* The back of a laptop, a glass of water and the lectern's microphone. */
  _engine_drawing_fill_box (cr, 684, 410, 88, 50, 5, 0x3b4048);
  _engine_drawing_add_ellipse (cr, 728, 435, 6, 6);
  _engine_drawing_fill (cr, 0x6b727c);
  _engine_drawing_set_colour (cr, 0xd6ecf5, 0.65);
  cairo_rectangle (cr, 560, 428, 20, 30);
  cairo_fill (cr);
  _engine_drawing_set_colour (cr, 0x22252a, 1);
  cairo_set_line_width (cr, 4);
  cairo_move_to (cr, 610, 460);
  cairo_curve_to (cr, 612, 420, 618, 402, 634, 388);
  cairo_stroke (cr);
  _engine_drawing_add_ellipse (cr, 637, 384, 9, 9);
  _engine_drawing_fill (cr, 0x22252a);
}

/* One head and two shoulders of the audience, from behind. */
static void
paint_listener (cairo_t *cr, double x, double y, double size, guint hair)
{
  const guint body = 0x1c1411, rim = 0xd08a52;

  _engine_drawing_set_colour (cr, rim, 0.55);
  _engine_drawing_add_ellipse (cr, x, y - 2.5, 31 * size, 37 * size);
  cairo_fill (cr);
  _engine_drawing_add_rounded (cr, x - 72 * size, y + 37 * size, 144 * size, 200, 46 * size);
  cairo_fill (cr);
  _engine_drawing_add_rounded (cr, x - 72 * size, y + 40 * size, 144 * size, 200, 46 * size);
  _engine_drawing_fill (cr, body);
  cairo_rectangle (cr, x - 13 * size, y + 20 * size, 26 * size, 30 * size);
  _engine_drawing_fill (cr, body);
  _engine_drawing_add_ellipse (cr, x, y, 31 * size, 37 * size);
  _engine_drawing_fill (cr, hair);
  if (hair == 0x2a1a12) {
    _engine_drawing_add_ellipse (cr, x, y - 34 * size, 15 * size, 13 * size);
    _engine_drawing_fill (cr, hair);
  } else if (hair == 0x251b17) {
    _engine_drawing_add_rounded (cr, x - 33 * size, y - 8, 66 * size, 62 * size, 18 * size);
    _engine_drawing_fill (cr, hair);
  }
}

/* The two in the front row who cannot sit still. */
void
_engine_drawing_paint_listeners (cairo_t *cr, double time_s)
{
  const double lean = 5 * sin (time_s * 0.53) + 3 * sin (time_s * 0.87 + 1);
  const double nod = 2.5 * sin (time_s * 1.9) * (sin (time_s * 0.31) > 0 ? 1 : 0);

  paint_listener (cr, 402 + lean, 655 + nod, 1.02, 0x2a1a12);
  paint_listener (cr, 930 - 4 * sin (time_s * 0.41 + 2), 661 + 2 * sin (time_s * 0.77), 1.0,
                  0x181110);
}

/* What stands before the speaker. */
void
_engine_drawing_paint_hall_front (cairo_t *cr)
{
  static const double row[][2] = { { 60, 0.98 },  { 226, 1.08 },  { 572, 0.96 },
                                   { 744, 1.05 }, { 1096, 1.06 }, { 1246, 0.95 } };
  static const guint hair[] = { 0x181110, 0x251b17, 0x120d0c, 0x251b17, 0x181110, 0x2a1a12 };

  paint_lectern (cr);
  for (guint i = 0; i < G_N_ELEMENTS (row); i++)
    paint_listener (cr, row[i][0], 668 - 8.0 * (i % 3), row[i][1], hair[i]);
}
