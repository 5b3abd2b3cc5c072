/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pixels.h"

/* These two loops run over every pixel of a fade and every pixel of a graphic: they are written so
 * that the compiler makes vector code of them (this file is built with -O3). Sixteen bits are
 * enough: 255 × 255 + 128 + 254 < 65536. */
static inline guint8
div255 (guint16 x)
{
  const guint16 t = (guint16) (x + 128);

  return (guint8) ((t + (t >> 8)) >> 8);
}

/**
 * engine_pixels_blend:
 * @to: (inout): @n samples of a plane
 * @premultiplied: @n samples of the picture laid over it, already multiplied by its alpha
 * @alpha: @n alpha values
 * @n: how many
 * @opacity: of the whole, 0 to 255
 *
 * Any thread.
 */
void
engine_pixels_blend (guint8 *restrict to, const guint8 *restrict premultiplied,
                     const guint8 *restrict alpha, guint n, guint8 opacity)
{
  if (opacity == 255) {
    for (guint i = 0; i < n; i++)
      to[i] = (guint8) (premultiplied[i] + div255 ((guint16) (to[i] * (255 - alpha[i]))));
  } else {
    for (guint i = 0; i < n; i++) {
      const guint8 a = div255 ((guint16) (alpha[i] * opacity));
      const guint8 p = div255 ((guint16) (premultiplied[i] * opacity));
      const guint16 sum = (guint16) (p + div255 ((guint16) (to[i] * (255 - a))));

      to[i] = (guint8) MIN (sum, 255);
    }
  }
}

/**
 * engine_pixels_mix:
 * @to: (inout): @n samples of a plane
 * @from: @n samples of another
 * @n: how many
 * @weight: of @from, 0 to 255
 *
 * Any thread.
 */
void
engine_pixels_mix (guint8 *restrict to, const guint8 *restrict from, guint n, guint8 weight)
{
  for (guint i = 0; i < n; i++)
    to[i] = div255 ((guint16) (to[i] * (255 - weight) + from[i] * weight));
}

/**
 * engine_pixels_cross:
 * @to: (out): @n samples
 * @a: @n samples of a plane
 * @b: @n samples of another
 * @n: how many
 * @weight: of @b, 0 to 255
 *
 * Any thread.
 */
void
engine_pixels_cross (guint8 *restrict to, const guint8 *restrict a, const guint8 *restrict b,
                     guint n, guint8 weight)
{
  for (guint i = 0; i < n; i++)
    to[i] = div255 ((guint16) (a[i] * (255 - weight) + b[i] * weight));
}
