/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

#include <math.h>
#include <stdlib.h>

#define SKIN       0xc98a62
#define SKIN_SHADE 0xb57650
#define SKIN_LIGHT 0xdda27b
#define HAIR       0x2a201d
#define JACKET     0x2f4a73
#define JACKET_DIM 0x263d61
#define SHIRT      0xf3ede2

static void
paint_torso (cairo_t *cr)
{
  cairo_move_to (cr, 562, 470);
  cairo_curve_to (cr, 556, 420, 548, 352, 600, 336);
  cairo_curve_to (cr, 630, 326, 706, 326, 736, 336);
  cairo_curve_to (cr, 788, 352, 780, 420, 774, 470);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, JACKET);

  cairo_move_to (cr, 634, 326);
  cairo_line_to (cr, 702, 326);
  cairo_line_to (cr, 682, 500);
  cairo_line_to (cr, 654, 500);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, SHIRT);

  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, 668 + side * 36, 326);
    cairo_line_to (cr, 668 + side * 62, 346);
    cairo_line_to (cr, 668 + side * 52, 392);
    cairo_line_to (cr, 668 + side * 12, 500);
    cairo_line_to (cr, 668 + side * 12, 440);
    cairo_close_path (cr);
    _engine_drawing_fill (cr, JACKET_DIM);
  }
  _engine_drawing_fill_box (cr, 716, 398, 30, 5, 2, JACKET_DIM);
  _engine_drawing_fill_box (cr, 690, 362, 7, 15, 3, 0x16181c);
}

/* Upper arm, forearm and hand; the elbow is where it must be for the hand to get there. */
static void
paint_arm (cairo_t *cr, const double hand[2], int side)
{
  const double shoulder_x = 668 + side * 92, shoulder_y = 372;
  const double far = (hand[0] - shoulder_x) * side;
  const double elbow_x = shoulder_x + side * (18 + CLAMP (far, -60, 120) * 0.34);
  const double elbow_y = 446 - MAX (400 - hand[1], 0) * 0.20;
  const double angle = atan2 (hand[1] - elbow_y, hand[0] - elbow_x);

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, 47);
  cairo_move_to (cr, shoulder_x, shoulder_y);
  cairo_curve_to (cr, (shoulder_x + elbow_x) / 2 + side * 8, (shoulder_y + elbow_y) / 2,
                  elbow_x + side * 2, elbow_y - 16, elbow_x, elbow_y);
  _engine_drawing_set_colour (cr, JACKET, 1);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 4);
  cairo_move_to (cr, 668 + side * 72, 388);
  cairo_curve_to (cr, 668 + side * 76, 410, 668 + side * 78, 430, 668 + side * 78, 456);
  _engine_drawing_set_colour (cr, JACKET_DIM, 1);
  cairo_stroke (cr);

  cairo_save (cr);
  cairo_translate (cr, hand[0], hand[1]);
  cairo_rotate (cr, angle);
  _engine_drawing_fill_box (cr, -24, -13, 14, 26, 5, SHIRT);
  _engine_drawing_add_ellipse (cr, 2, 0, 19, 15);
  _engine_drawing_fill (cr, SKIN);
  cairo_set_line_width (cr, 8.5);
  _engine_drawing_set_colour (cr, SKIN, 1);
  for (int finger = -1; finger <= 2; finger++) {
    cairo_move_to (cr, 10, finger * 6 - 3);
    cairo_line_to (cr, 27 - abs (finger) * 2, finger * 7.5 - 3.5);
  }
  cairo_move_to (cr, 0, side * -8);
  cairo_line_to (cr, 13, side * -20);
  cairo_stroke (cr);
  cairo_restore (cr);

  cairo_set_line_width (cr, 39);
  cairo_move_to (cr, elbow_x, elbow_y);
  cairo_line_to (cr, hand[0] - cos (angle) * 38, hand[1] - sin (angle) * 38);
  _engine_drawing_set_colour (cr, JACKET, 1);
  cairo_stroke (cr);
}

static void
paint_eyes (cairo_t *cr, const EngineDrawingPose *pose)
{
  for (int side = -1; side <= 1; side += 2) {
    const double x = side * 21 + pose->look * 5;

    _engine_drawing_add_ellipse (cr, x, -4, 8, 4.9 * (1 - pose->lids) + 0.6);
    _engine_drawing_fill (cr, pose->lids > 0.8 ? SKIN_SHADE : 0xfbf7f1);
    if (pose->lids < 0.8) {
      _engine_drawing_add_ellipse (cr, x + pose->look * 3, -4, 4.3, 4.6 * (1 - pose->lids));
      _engine_drawing_fill (cr, 0x2b1b14);
    }
    cairo_set_line_width (cr, 5);
    cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
    _engine_drawing_set_colour (cr, HAIR, 1);
    cairo_move_to (cr, x - 10, -19 - pose->brows * 5 + (side < 0 ? 2 : -1));
    cairo_curve_to (cr, x - 4, -23 - pose->brows * 6, x + 4, -23 - pose->brows * 6, x + 10,
                    -19 - pose->brows * 5 + (side > 0 ? 2 : -1));
    cairo_stroke (cr);

    cairo_set_line_width (cr, 2.6);
    _engine_drawing_set_colour (cr, 0x1d2430, 0.95);
    _engine_drawing_add_rounded (cr, x - 15, -15, 30, 24, 9);
    cairo_stroke (cr);
  }
  cairo_move_to (cr, -6 + pose->look * 5, -6);
  cairo_line_to (cr, 6 + pose->look * 5, -6);
  cairo_stroke (cr);
}

static void
paint_mouth (cairo_t *cr, const EngineDrawingPose *pose)
{
  const double x = pose->look * 5, open = 1.8 + pose->mouth * 11;

  _engine_drawing_add_ellipse (cr, x, 36, 15 - pose->mouth * 2, open);
  _engine_drawing_fill (cr, 0x5a2420);
  if (pose->mouth > 0.15) {
    cairo_save (cr);
    _engine_drawing_add_ellipse (cr, x, 36, 15 - pose->mouth * 2, open);
    cairo_clip (cr);
    _engine_drawing_fill_box (cr, x - 12, 36 - open - 2, 24, 6, 0, 0xfaf4ec);
    _engine_drawing_add_ellipse (cr, x, 38 + open, 9, 6);
    _engine_drawing_fill (cr, 0xc0615a);
    cairo_restore (cr);
  }
}

/* Around its own centre, before it is put on the neck. */
static void
paint_head (cairo_t *cr, const EngineDrawingPose *pose)
{
  const double jaw = pose->mouth * 4;

  for (int side = -1; side <= 1; side += 2) {
    _engine_drawing_add_ellipse (cr, side * 52 + pose->look * 2, 4, 9, 14);
    _engine_drawing_fill (cr, SKIN_SHADE);
  }
  _engine_drawing_add_ellipse (cr, 0, -12, 55, 62);
  _engine_drawing_fill (cr, HAIR);
  _engine_drawing_add_rounded (cr, -50, -44, 100, 112 + jaw, 48);
  _engine_drawing_fill (cr, SKIN);

  /* Light of the projection on one cheek. */
  cairo_save (cr);
  _engine_drawing_add_rounded (cr, -50, -44, 100, 112 + jaw, 48);
  cairo_clip (cr);
  _engine_drawing_add_ellipse (cr, -58 + pose->look * 6, 6, 34, 70);
  _engine_drawing_set_colour (cr, SKIN_LIGHT, 0.75);
  cairo_fill (cr);
  /* A short beard. */
  cairo_move_to (cr, -54, 12);
  cairo_curve_to (cr, -34, 22, -34, 24, -22 + pose->look * 5, 22);
  cairo_curve_to (cr, -6 + pose->look * 5, 18, 6 + pose->look * 5, 18, 22 + pose->look * 5, 22);
  cairo_curve_to (cr, 34, 24, 34, 22, 54, 12);
  cairo_line_to (cr, 54, 90);
  cairo_line_to (cr, -54, 90);
  cairo_close_path (cr);
  _engine_drawing_fill (cr, 0x3a2b25);
  cairo_restore (cr);

  /* Hair, swept to one side. */
  cairo_move_to (cr, -53, -8);
  cairo_curve_to (cr, -66, -60, -30, -84, 6, -80);
  cairo_curve_to (cr, 44, -82, 64, -50, 53, -8);
  cairo_curve_to (cr, 48, -26, 44, -36, 34, -42);
  cairo_curve_to (cr, 8, -34, -22, -36, -38, -46);
  cairo_curve_to (cr, -46, -36, -50, -24, -53, -8);
  _engine_drawing_fill (cr, HAIR);

  paint_eyes (cr, pose);
  cairo_move_to (cr, pose->look * 7, -2);
  cairo_curve_to (cr, 8 + pose->look * 8, 10, 8 + pose->look * 8, 17, -2 + pose->look * 7, 17);
  cairo_set_line_width (cr, 3.4);
  _engine_drawing_set_colour (cr, SKIN_SHADE, 1);
  cairo_stroke (cr);
  paint_mouth (cr, pose);
}

void
_engine_drawing_paint_speaker (cairo_t *cr, const EngineDrawingPose *pose)
{
  cairo_save (cr);
  cairo_translate (cr, pose->sway_x, pose->sway_y);
  paint_torso (cr);
  cairo_move_to (cr, 640, 270);
  cairo_line_to (cr, 696, 270);
  cairo_curve_to (cr, 696, 316, 698, 324, 704, 330);
  cairo_curve_to (cr, 690, 352, 646, 352, 632, 330);
  cairo_curve_to (cr, 638, 324, 640, 316, 640, 270);
  _engine_drawing_fill (cr, SKIN_SHADE);
  for (int side = -1; side <= 1; side += 2) {
    cairo_move_to (cr, 668, 352);
    cairo_line_to (cr, 668 + side * 40, 322);
    cairo_line_to (cr, 668 + side * 30, 366);
    cairo_close_path (cr);
    _engine_drawing_fill (cr, SHIRT);
  }

  cairo_save (cr);
  cairo_translate (cr, 668 + pose->head_x, 236 + pose->head_y);
  cairo_rotate (cr, pose->tilt);
  paint_head (cr, pose);
  cairo_restore (cr);

  paint_arm (cr, pose->left_hand, -1);
  paint_arm (cr, pose->right_hand, 1);
  cairo_restore (cr);
}
