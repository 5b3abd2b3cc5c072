/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

#include <math.h>

#define SKIN       0xf0c3a0
#define SKIN_SHADE 0xdea786
#define BLUSH      0xeb9d84
#define HAIR       0x8a3f22
#define HAIR_DARK  0x6f3019
#define SWEATER    0x2f7468
#define SWEATER_2  0x275f56

static void
paint_books (cairo_t *cr, double x, double y, double width, guint seed)
{
  static const guint colours[] = { 0xc8553d, 0xf2c14e, 0x3d6b7d, 0xe9e0cf,
                                   0x588157, 0x8d5b4c, 0xf28f3b, 0x4a4e69 };
  const double end = x + width;

  seed = _engine_voice_hash (seed);
  while (TRUE) {
    const double thick = 12 + 13 * _engine_voice_random (&seed);
    const double high = 62 + 34 * _engine_voice_random (&seed);
    const guint colour = colours[(guint) (_engine_voice_random (&seed) * 8)];

    if (x + thick > end)
      return;
    _engine_drawing_fill_box (cr, x, y - high, thick - 1.5, high, 2, colour);
    _engine_drawing_set_colour (cr, 0xffffff, 0.35);
    cairo_rectangle (cr, x + 3, y - high + 12, thick - 7, 4);
    cairo_rectangle (cr, x + 3, y - high + 20, thick - 7, 2);
    cairo_fill (cr);
    x += thick;
  }
}

static void
paint_shelves (cairo_t *cr)
{
  _engine_drawing_fill_box (cr, 40, 60, 330, 680, 4, 0x8a5a3a);
  for (int i = 0; i < 5; i++) {
    _engine_drawing_fill_box (cr, 54, 74 + i * 132, 302, 118, 0, 0x5b3824);
    _engine_drawing_set_colour (cr, 0x000000, 0.18);
    cairo_rectangle (cr, 54, 74 + i * 132, 302, 14);
    cairo_fill (cr);
  }
  paint_books (cr, 60, 192, 190, 3);
  paint_books (cr, 130, 324, 224, 14);
  paint_books (cr, 60, 456, 150, 23);
  paint_books (cr, 60, 588, 290, 31);
  _engine_drawing_fill_box (cr, 66, 644, 130, 90, 6, 0xd7b083);
  _engine_drawing_fill_box (cr, 106, 668, 50, 12, 6, 0x8a5a3a);
  _engine_drawing_fill_box (cr, 212, 644, 130, 90, 6, 0xc99f70);
  _engine_drawing_fill_box (cr, 252, 668, 50, 12, 6, 0x8a5a3a);

  /* Between the books: a globe, a cat of wood, a small lamp. */
  _engine_drawing_add_ellipse (cr, 306, 156, 30, 30);
  _engine_drawing_fill (cr, 0x5d9fb5);
  _engine_drawing_add_ellipse (cr, 298, 148, 13, 9);
  _engine_drawing_fill (cr, 0x8fb76a);
  _engine_drawing_add_ellipse (cr, 316, 166, 9, 7);
  _engine_drawing_fill (cr, 0x8fb76a);
  _engine_drawing_fill_box (cr, 286, 186, 40, 6, 3, 0xd9a441);
  _engine_drawing_fill_box (cr, 72, 290, 42, 34, 10, 0xdba25a);
  _engine_drawing_fill_box (cr, 72, 262, 12, 40, 5, 0xdba25a);
  _engine_drawing_add_ellipse (cr, 78, 264, 15, 13);
  _engine_drawing_fill (cr, 0xdba25a);
  _engine_drawing_fill_box (cr, 240, 396, 74, 60, 4, 0xf6efe2);
  _engine_drawing_fill_box (cr, 247, 403, 60, 46, 2, 0x7fb0bd);
  _engine_drawing_add_ellipse (cr, 290, 418, 8, 8);
  _engine_drawing_fill (cr, 0xf6c453);
}

/* Gables by a canal at the end of the afternoon. */
static void
paint_gable (cairo_t *cr, double x, double width, double top, guint colour)
{
  _engine_drawing_fill_box (cr, x, top + 34, width, 300, 0, colour);
  for (int step = 0; step < 3; step++)
    _engine_drawing_fill_box (cr, x + 6 + step * width * 0.13, top + 24 - step * 12.0,
                              width - 12 - step * width * 0.26, 14, 0, colour);
  for (int row = 0; row < 4; row++) {
    for (int column = 0; column < 2; column++)
      _engine_drawing_fill_box (cr, x + width * (0.2 + 0.38 * column), top + 46 + row * 40,
                                width * 0.22, 24, 1,
                                (row + column + (int) width) % 3 == 0 ? 0xffd98a : 0x4d5d73);
  }
}

static void
paint_window (cairo_t *cr)
{
  cairo_save (cr);
  cairo_rectangle (cr, 950, 90, 250, 350);
  cairo_clip (cr);
  _engine_drawing_shade (cr, 90, 350, 0x9cc4dd, 0xf9d9ae);
  _engine_drawing_glow (cr, 1120, 300, 190, 0xfff0c8, 0.8);
  paint_gable (cr, 938, 82, 218, 0x9b5a45);
  paint_gable (cr, 1022, 70, 190, 0x5c4a55);
  paint_gable (cr, 1094, 84, 232, 0xb27a4f);
  paint_gable (cr, 1180, 60, 205, 0x6f5560);
  _engine_drawing_fill_box (cr, 940, 424, 280, 30, 0, 0x7794a4);
  cairo_restore (cr);

  cairo_set_line_width (cr, 14);
  _engine_drawing_set_colour (cr, 0xfaf5ec, 1);
  cairo_rectangle (cr, 950, 90, 250, 350);
  cairo_move_to (cr, 1075, 90);
  cairo_line_to (cr, 1075, 440);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 8);
  cairo_move_to (cr, 950, 210);
  cairo_line_to (cr, 1200, 210);
  cairo_stroke (cr);
  _engine_drawing_fill_box (cr, 926, 440, 300, 20, 3, 0xf3ebde);
  _engine_drawing_fill_box (cr, 900, 62, 360, 10, 5, 0x6b4632);
  for (int i = 0; i < 4; i++)
    _engine_drawing_fill_box (cr, 1180 + i * 26, 68, 26, 430, 6, i % 2 ? 0xd8b48c : 0xe3c3a0);
}

static void
paint_monstera (cairo_t *cr)
{
  static const double leaves[][4] = { { 1110, 486, -0.9, 150 },  { 1104, 492, 0.75, 150 },
                                      { 1100, 486, -0.35, 190 }, { 1112, 486, 0.25, 176 },
                                      { 1106, 500, -1.45, 128 }, { 1108, 500, 1.35, 132 } };

  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++) {
    const double length = leaves[i][3];

    cairo_save (cr);
    cairo_translate (cr, leaves[i][0], leaves[i][1] + 80);
    cairo_rotate (cr, leaves[i][2]);
    cairo_set_line_width (cr, 5);
    _engine_drawing_set_colour (cr, 0x3d6a45, 1);
    cairo_move_to (cr, 0, 0);
    cairo_line_to (cr, 0, -length * 0.5);
    cairo_stroke (cr);
    cairo_move_to (cr, 0, -length * 0.36);
    cairo_curve_to (cr, length * 0.42, -length * 0.42, length * 0.30, -length * 0.9, 0, -length);
    cairo_curve_to (cr, -length * 0.30, -length * 0.9, -length * 0.42, -length * 0.42, 0,
                    -length * 0.36);
    _engine_drawing_fill (cr, i % 2 ? 0x4f8a57 : 0x3f7549);
    cairo_set_line_width (cr, 2.5);
    _engine_drawing_set_colour (cr, 0x8fc08a, 0.7);
    cairo_move_to (cr, 0, -length * 0.4);
    cairo_line_to (cr, 0, -length * 0.92);
    cairo_stroke (cr);
    cairo_restore (cr);
  }
  cairo_move_to (cr, 1040, 572);
  cairo_line_to (cr, 1176, 572);
  cairo_line_to (cr, 1156, 730);
  cairo_line_to (cr, 1060, 730);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0xe9e3d8);
  _engine_drawing_fill_box (cr, 1030, 560, 156, 26, 5, 0xf7f2e9);
}

static void
paint_lamp (cairo_t *cr)
{
  _engine_drawing_glow (cr, 464, 236, 330, 0xffd27a, 0.62);
  _engine_drawing_fill_box (cr, 460, 270, 8, 460, 3, 0x4a3427);
  cairo_move_to (cr, 436, 176);
  cairo_line_to (cr, 492, 176);
  cairo_line_to (cr, 522, 274);
  cairo_line_to (cr, 406, 274);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0xffe3a6);
  _engine_drawing_fill_box (cr, 406, 268, 116, 6, 0, 0xf2c36b);
}

static void
paint_pictures (cairo_t *cr)
{
  _engine_drawing_fill_box (cr, 744, 96, 116, 148, 2, 0x4a3427);
  _engine_drawing_fill_box (cr, 752, 104, 100, 132, 0, 0xf6efe2);
  _engine_drawing_add_ellipse (cr, 802, 154, 28, 28);
  _engine_drawing_fill (cr, 0xe8731a);
  cairo_move_to (cr, 752, 206);
  cairo_curve_to (cr, 780, 176, 820, 216, 852, 190);
  cairo_line_to (cr, 852, 236);
  cairo_line_to (cr, 752, 236);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0x2f6f7e);
}

/* Her room, which stands still. */
void
_engine_drawing_paint_home (cairo_t *cr)
{
  _engine_drawing_shade (cr, 0, 720, 0xe2cdb0, 0xc9a98a);
  paint_pictures (cr);
  paint_window (cr);
  paint_lamp (cr);
  paint_shelves (cr);
  paint_monstera (cr);
  _engine_drawing_glow (cr, 640, 330, 380, 0xfff4e0, 0.22);
}

static void
paint_hair_behind (cairo_t *cr)
{
  cairo_move_to (cr, 0, -156);
  cairo_curve_to (cr, 120, -164, 142, -60, 128, 20);
  cairo_curve_to (cr, 124, 80, 150, 110, 118, 158);
  cairo_curve_to (cr, 60, 186, -60, 186, -118, 158);
  cairo_curve_to (cr, -150, 110, -124, 80, -128, 20);
  cairo_curve_to (cr, -142, -60, -120, -164, 0, -156);
  _engine_drawing_fill (cr, HAIR_DARK);
}

static void
paint_hair_before (cairo_t *cr, double look)
{
  cairo_move_to (cr, -108, 24);
  cairo_curve_to (cr, -134, -80, -92, -160, 4, -156);
  cairo_curve_to (cr, 98, -158, 132, -80, 108, 24);
  cairo_curve_to (cr, 104, -30, 84, -64, 44 + look * 6, -92);
  cairo_curve_to (cr, 20, -64, -50, -46, -84, -52);
  cairo_curve_to (cr, -98, -34, -104, -8, -108, 24);
  _engine_drawing_fill (cr, HAIR);
  cairo_set_line_width (cr, 5);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _engine_drawing_set_colour (cr, 0xb05c34, 0.8);
  cairo_move_to (cr, -66, -112);
  cairo_curve_to (cr, -40, -138, 0, -142, 30, -132);
  cairo_stroke (cr);
}

static void
paint_eyes (cairo_t *cr, const EngineDrawingPose *pose)
{
  for (int side = -1; side <= 1; side += 2) {
    const double x = side * 38 + pose->look * 8, open = 1 - pose->lids;

    _engine_drawing_add_ellipse (cr, x, -6, 16, 12 * open + 0.8);
    _engine_drawing_fill (cr, pose->lids > 0.8 ? SKIN_SHADE : 0xfffbf6);
    if (pose->lids < 0.8) {
      _engine_drawing_add_ellipse (cr, x + pose->look * 4, -6, 8.5, 10 * open);
      _engine_drawing_fill (cr, 0x3f6b55);
      _engine_drawing_add_ellipse (cr, x + pose->look * 4, -6, 4.4, 5.4 * open);
      _engine_drawing_fill (cr, 0x1d1714);
      _engine_drawing_add_ellipse (cr, x + pose->look * 4 + 3, -9, 2.4, 2.4 * open);
      _engine_drawing_fill (cr, 0xffffff);
    }
    cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width (cr, 4);
    _engine_drawing_set_colour (cr, 0x4a2214, 1);
    cairo_move_to (cr, x - 17, -7 - 5 * open);
    cairo_curve_to (cr, x - 8, -8 - 12 * open, x + 8, -8 - 12 * open, x + 17, -7 - 5 * open);
    cairo_stroke (cr);
    cairo_set_line_width (cr, 5.5);
    _engine_drawing_set_colour (cr, HAIR_DARK, 1);
    cairo_move_to (cr, x - 18, -34 - pose->brows * 8);
    cairo_curve_to (cr, x - 6, -42 - pose->brows * 9, x + 8, -42 - pose->brows * 9, x + 18,
                    -35 - pose->brows * 8);
    cairo_stroke (cr);
    _engine_drawing_add_ellipse (cr, side * 58 + pose->look * 6, 30, 17, 11);
    _engine_drawing_set_colour (cr, BLUSH, 0.45);
    cairo_fill (cr);
  }
}

static void
paint_mouth (cairo_t *cr, const EngineDrawingPose *pose)
{
  const double x = pose->look * 8, open = pose->mouth * 19;

  if (pose->mouth < 0.08) {
    cairo_set_line_width (cr, 5.5);
    _engine_drawing_set_colour (cr, 0xb24a45, 1);
    cairo_move_to (cr, x - 25, 58);
    cairo_curve_to (cr, x - 12, 70, x + 12, 70, x + 25, 58);
    cairo_stroke (cr);
    return;
  }
  cairo_move_to (cr, x - 25, 58);
  cairo_curve_to (cr, x - 12, 54 - open * 0.2, x + 12, 54 - open * 0.2, x + 25, 58);
  cairo_curve_to (cr, x + 18, 64 + open * 1.3, x - 18, 64 + open * 1.3, x - 25, 58);
  cairo_close_path (cr);
  _engine_drawing_set_colour (cr, 0x7a2a2a, 1);
  cairo_fill_preserve (cr);
  cairo_save (cr);
  cairo_clip_preserve (cr);
  cairo_new_path (cr);
  _engine_drawing_fill_box (cr, x - 20, 52 - open * 0.2, 40, 10, 0, 0xfffaf3);
  _engine_drawing_add_ellipse (cr, x, 66 + open, 15, 9);
  _engine_drawing_fill (cr, 0xd9736c);
  cairo_restore (cr);
}

static void
paint_head (cairo_t *cr, const EngineDrawingPose *pose)
{
  const double jaw = pose->mouth * 6;

  cairo_move_to (cr, -96, -40);
  cairo_curve_to (cr, -100, 60, -66, 116 + jaw, 0, 118 + jaw);
  cairo_curve_to (cr, 66, 116 + jaw, 100, 60, 96, -40);
  cairo_curve_to (cr, 90, -128, -90, -128, -96, -40);
  _engine_drawing_fill (cr, SKIN);
  paint_eyes (cr, pose);
  cairo_set_line_width (cr, 5);
  _engine_drawing_set_colour (cr, SKIN_SHADE, 1);
  cairo_move_to (cr, pose->look * 10 + 2, 4);
  cairo_curve_to (cr, 12 + pose->look * 11, 20, 12 + pose->look * 11, 32, -4 + pose->look * 10, 32);
  cairo_stroke (cr);
  paint_mouth (cr, pose);
  paint_hair_before (cr, pose->look);

  /* Headphones with a microphone. */
  cairo_set_line_width (cr, 15);
  _engine_drawing_set_colour (cr, 0x2d3138, 1);
  cairo_arc (cr, 0, -22, 128, 1.06 * G_PI, 1.94 * G_PI);
  cairo_stroke (cr);
  for (int side = -1; side <= 1; side += 2) {
    _engine_drawing_fill_box (cr, side * 117 - 19, -38, 38, 82, 18, 0x2d3138);
    _engine_drawing_fill_box (cr, side * 117 - 8, -24, 16, 54, 8, 0xe8731a);
  }
  cairo_set_line_width (cr, 5);
  _engine_drawing_set_colour (cr, 0x2d3138, 1);
  cairo_move_to (cr, -116, 40);
  cairo_curve_to (cr, -112, 84, -84, 98, -50, 92);
  cairo_stroke (cr);
  _engine_drawing_add_ellipse (cr, -48, 91, 10, 8);
  _engine_drawing_fill (cr, 0x2d3138);
}

static void
paint_shoulders (cairo_t *cr)
{
  cairo_move_to (cr, 366, 760);
  cairo_curve_to (cr, 372, 610, 410, 560, 520, 526);
  cairo_curve_to (cr, 580, 508, 700, 508, 760, 526);
  cairo_curve_to (cr, 870, 560, 908, 610, 914, 760);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, SWEATER);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, 640 + side * 168, 760);
    cairo_curve_to (cr, 640 + side * 172, 690, 640 + side * 178, 660, 640 + side * 190, 636);
    cairo_set_line_width (cr, 7);
    _engine_drawing_set_colour (cr, SWEATER_2, 1);
    cairo_stroke (cr);
  }
  _engine_drawing_add_ellipse (cr, 640, 524, 86, 46);
  _engine_drawing_fill (cr, SWEATER_2);
  _engine_drawing_add_ellipse (cr, 640, 514, 72, 38);
  _engine_drawing_fill (cr, SKIN_SHADE);
}

void
_engine_drawing_paint_guest (cairo_t *cr, const EngineDrawingPose *pose)
{
  cairo_save (cr);
  cairo_translate (cr, pose->sway_x, pose->sway_y);
  cairo_save (cr);
  cairo_translate (cr, 640 + pose->head_x * 0.8, 324 + pose->head_y * 0.6);
  cairo_rotate (cr, pose->tilt * 0.7);
  paint_hair_behind (cr);
  cairo_restore (cr);
  paint_shoulders (cr);
  _engine_drawing_fill_box (cr, 592, 400, 96, 140, 44, SKIN_SHADE);

  cairo_save (cr);
  cairo_translate (cr, 640 + pose->head_x, 324 + pose->head_y * 1.3);
  cairo_rotate (cr, pose->tilt);
  paint_head (cr, pose);
  cairo_restore (cr);
  cairo_restore (cr);
}
