/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EnginePixelsTint:
 * @chroma: (array fixed-size=256): what becomes of a colour difference, in 65536ths
 * @per_luma: what is added for each step that four pixels of luma together are over black, in 65536ths
 * @black: that luma
 * @least: the result is not below this
 * @most: and not above this
 */
typedef struct {
  const gint32 *chroma;
  gint32 per_luma;
  int black;
  guint8 least;
  guint8 most;
} EnginePixelsTint;

void engine_pixels_blend (guint8 *to, const guint8 *premultiplied, const guint8 *alpha, guint n,
                          guint8 opacity);
void engine_pixels_mix (guint8 *to, const guint8 *from, guint n, guint8 weight);
void engine_pixels_cross (guint8 *to, const guint8 *a, const guint8 *b, guint n, guint8 weight);
void engine_pixels_map (guint8 *to, const guint8 *from, guint n, const guint8 *values);
void engine_pixels_tint (guint8 *to, const guint8 *from, const guint8 *upper, const guint8 *lower,
                         int luma_width, const EnginePixelsTint *tint);
void engine_pixels_halve (guint8 *to, const guint8 *upper, const guint8 *lower, guint n);
void engine_pixels_quarter_off (guint8 *to, const guint8 *from, guint n);
void engine_pixels_turn (guint8 *to, int to_stride, const guint8 *from, int step_x, int step_y,
                         int width, int height);

G_END_DECLS
