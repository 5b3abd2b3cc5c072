/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-drawing.h"
#include "engine-voice-private.h"

G_BEGIN_DECLS

/* The scenes are drawn on a stage of this size and scaled to the picture. */
#define ENGINE_DRAWING_STAGE_WIDTH  1280
#define ENGINE_DRAWING_STAGE_HEIGHT 720
#define ENGINE_DRAWING_N_SLIDES     6

/* How somebody holds themselves at a moment. All but the lengths are from 0 to 1 or −1 to 1. */
typedef struct {
  double time_s;
  double sway_x; /* of the whole body, in stage units */
  double sway_y;
  double head_x; /* in addition */
  double head_y;
  double tilt; /* in radians */
  double look; /* −1 left, 1 right */
  double mouth;
  double lids; /* 1 closed */
  double brows;
  double left_hand[2]; /* on the stage; left as the audience sees it */
  double right_hand[2];
  gboolean talking;
} EngineDrawingPose;

/* Any thread. Colours are 0xrrggbb. */
void _engine_drawing_set_colour (cairo_t *cr, guint colour, double alpha);
void _engine_drawing_fill (cairo_t *cr, guint colour);
void _engine_drawing_add_ellipse (cairo_t *cr, double x, double y, double radius_x,
                                  double radius_y);
void _engine_drawing_add_rounded (cairo_t *cr, double x, double y, double width, double height,
                                  double radius);
void _engine_drawing_fill_box (cairo_t *cr, double x, double y, double width, double height,
                               double radius, guint colour);
void _engine_drawing_glow (cairo_t *cr, double x, double y, double radius, guint colour,
                           double alpha);
void _engine_drawing_shade (cairo_t *cr, double y, double height, guint top, guint bottom);
double _engine_drawing_ease (double way);

void _engine_drawing_paint_hall (cairo_t *cr);
void _engine_drawing_paint_hall_front (cairo_t *cr);
void _engine_drawing_paint_listeners (cairo_t *cr, double time_s);
void _engine_drawing_paint_speaker (cairo_t *cr, const EngineDrawingPose *pose);
void _engine_drawing_paint_home (cairo_t *cr);
void _engine_drawing_paint_guest (cairo_t *cr, const EngineDrawingPose *pose);
void _engine_drawing_paint_slide (cairo_t *cr, guint index);
void _engine_drawing_paint_chart (cairo_t *cr, guint index, double age_s);
gboolean _engine_drawing_get_chart (guint index, EngineRect *place);

G_END_DECLS
