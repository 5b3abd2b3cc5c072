/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pixels.h"

/* Turning is done in squares of this side, so that what is read and what is written stay near. */
#define TILE 32

/* These loops run over every pixel of a fade, of a graphic, of a corrected picture: they are written so
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

/**
 * engine_pixels_halve:
 * @to: (out): @n samples
 * @upper: 2 × @n samples of a plane
 * @lower: the 2 × @n samples of the line below
 * @n: how many
 *
 * The means of four at a time. Any thread.
 */
void
engine_pixels_halve (guint8 *restrict to, const guint8 *restrict upper,
                     const guint8 *restrict lower, guint n)
{
  for (guint i = 0; i < n; i++)
    to[i] = (guint8) ((upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 2) >> 2);
}

/**
 * engine_pixels_quarter_off:
 * @to: (out): 3 × @n samples
 * @from: 4 × @n samples of a plane
 * @n: how many
 *
 * Makes three of four. Any thread.
 */
void
engine_pixels_quarter_off (guint8 *restrict to, const guint8 *restrict from, guint n)
{
  for (guint i = 0; i < n; i++) {
    const guint a = from[4 * i], b = from[4 * i + 1], c = from[4 * i + 2], d = from[4 * i + 3];

    to[3 * i] = (guint8) ((3 * a + b + 2) >> 2);
    to[3 * i + 1] = (guint8) ((b + c + 1) >> 1);
    to[3 * i + 2] = (guint8) ((c + 3 * d + 2) >> 2);
  }
}

/**
 * engine_pixels_map:
 * @to: (out): @n samples
 * @from: @n samples of a plane, perhaps the same
 * @n: how many
 * @values: (array fixed-size=256): what becomes of each
 *
 * Any thread.
 */
void
engine_pixels_map (guint8 *to, const guint8 *from, guint n, const guint8 *values)
{
  for (guint i = 0; i < n; i++)
    to[i] = values[from[i]];
}

static inline guint8
tinted (const EnginePixelsTint *tint, guint8 chroma, int luma_of_four)
{
  const gint32 value =
    tint->chroma[chroma] + (luma_of_four - 4 * tint->black) * tint->per_luma + 32768;

  return (guint8) CLAMP (value >> 16, tint->least, tint->most);
}

/**
 * engine_pixels_tint:
 * @to: (out): a row of colour differences, half as many as luma, rounded up
 * @from: the row as it was, perhaps the same
 * @upper: the upper row of luma that it belongs to
 * @lower: the lower one, perhaps the same
 * @luma_width: how long these are
 * @tint: what to do
 *
 * Any thread.
 */
void
engine_pixels_tint (guint8 *to, const guint8 *from, const guint8 *upper, const guint8 *lower,
                    int luma_width, const EnginePixelsTint *tint)
{
  const int pairs = luma_width / 2;

  for (int i = 0; i < pairs; i++)
    to[i] =
      tinted (tint, from[i], upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1]);
  if (luma_width % 2 != 0)
    to[pairs] = tinted (tint, from[pairs], 2 * (upper[2 * pairs] + lower[2 * pairs]));
}

/**
 * engine_pixels_turn:
 * @to: (out): a plane
 * @to_stride: bytes from one of its rows to the next
 * @from: the sample of another plane that goes to its top left
 * @step_x: how many bytes from there the one is that goes to the right of it
 * @step_y: the same for the one below it
 * @width: of @to
 * @height: of @to
 *
 * Copies a plane turned or mirrored. Any thread.
 */
void
engine_pixels_turn (guint8 *to, int to_stride, const guint8 *from, int step_x, int step_y,
                    int width, int height)
{
  for (int top = 0; top < height; top += TILE) {
    for (int left = 0; left < width; left += TILE) {
      const int bottom = MIN (top + TILE, height), right = MIN (left + TILE, width);

      for (int y = top; y < bottom; y++) {
        const guint8 *row = from + (gssize) y * step_y;
        guint8 *to_row = to + (gssize) y * to_stride;

        for (int x = left; x < right; x++)
          to_row[x] = row[(gssize) x * step_x];
      }
    }
  }
}
