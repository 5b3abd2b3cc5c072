/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pixels.h"

#include <math.h>
#include <string.h>

#define N 256u

static int
reference_div255 (int value)
{
  return (int) lrint (value / 255.0);
}

static void
test_mix (void)
{
  for (guint weight = 0; weight < N; weight++) {
    for (guint from = 0; from < N; from++) {
      guint8 to_row[N], from_row[N];

      for (guint i = 0; i < N; i++)
        to_row[i] = (guint8) i;
      memset (from_row, (int) from, N);
      engine_pixels_mix (to_row, from_row, N, (guint8) weight);
      for (guint i = 0; i < N; i++)
        g_assert_cmpint (to_row[i], ==,
                         reference_div255 ((int) (i * (255 - weight) + from * weight)));
    }
  }
}

/* All that a picture multiplied by its alpha can hold: no value is above its alpha. */
static void
test_blend_opaque (void)
{
  for (guint alpha = 0; alpha < N; alpha++) {
    for (guint value = 0; value <= alpha; value++) {
      guint8 to[N], values[N], alphas[N];

      for (guint i = 0; i < N; i++)
        to[i] = (guint8) i;
      memset (values, (int) value, N);
      memset (alphas, (int) alpha, N);
      engine_pixels_blend (to, values, alphas, N, 255);
      for (guint i = 0; i < N; i++)
        g_assert_cmpint (to[i], ==, (int) value + reference_div255 ((int) (i * (255 - alpha))));
    }
  }
}

/* Rounded three times: within one of what real numbers give. */
static void
test_blend_translucent (void)
{
  for (guint opacity = 0; opacity < N; opacity += 5) {
    for (guint alpha = 0; alpha < N; alpha += 3) {
      for (guint value = 0; value <= alpha; value += 2) {
        guint8 to[N], values[N], alphas[N];

        for (guint i = 0; i < N; i++)
          to[i] = (guint8) i;
        memset (values, (int) value, N);
        memset (alphas, (int) alpha, N);
        engine_pixels_blend (to, values, alphas, N, (guint8) opacity);
        for (guint i = 0; i < N; i++) {
          const double wanted = value * opacity / 255.0 + i * (1 - alpha * opacity / 255.0 / 255.0);

          g_assert_cmpfloat_with_epsilon (to[i], wanted, 1.51);
        }
      }
    }
  }
}

static void
test_nothing_stays (void)
{
  guint8 to[N], none[N] = { 0 }, full[N], any[N];

  memset (full, 255, N);
  for (guint i = 0; i < N; i++)
    to[i] = any[i] = (guint8) i;
  engine_pixels_blend (to, none, none, N, 255);
  engine_pixels_blend (to, none, none, N, 100);
  engine_pixels_blend (to, full, full, N, 0);
  engine_pixels_mix (to, full, N, 0);
  g_assert_cmpmem (to, N, any, N);
  engine_pixels_mix (to, full, N, 255);
  g_assert_cmpmem (to, N, full, N);
}

/* Vector code works on sixteen or thirty-two at a time. */
static void
test_any_length (void)
{
  for (guint n = 0; n <= 70; n++) {
    guint8 to[80], values[80], alphas[80];

    memset (to, 100, sizeof to);
    memset (values, 50, sizeof values);
    memset (alphas, 128, sizeof alphas);
    engine_pixels_blend (to, values, alphas, n, 255);
    engine_pixels_mix (to, values, n, 128);
    for (guint i = 0; i < sizeof to; i++)
      g_assert_cmpint (to[i], ==, i < n ? to[0] : 100);
  }
}

static void
test_cross (void)
{
  guint8 a[N], b[N], to[N];

  for (guint weight = 0; weight < N; weight++) {
    for (guint i = 0; i < N; i++) {
      a[i] = (guint8) i;
      b[i] = (guint8) (i * 37 + weight);
    }
    engine_pixels_cross (to, a, b, N, (guint8) weight);
    for (guint i = 0; i < N; i++)
      g_assert_cmpint (to[i], ==, reference_div255 ((int) (a[i] * (255 - weight) + b[i] * weight)));
  }
}

/* Every size around a tile, all eight ways: each sample is where arithmetic says, and nothing is
 * written beside the plane. */
static void
test_turn (void)
{
  static const int sides[] = { 1, 2, 3, 31, 32, 33, 65 };

  for (guint w = 0; w < G_N_ELEMENTS (sides); w++) {
    for (guint h = 0; h < G_N_ELEMENTS (sides); h++) {
      const int width = sides[w], height = sides[h], stride = width + 3;
      g_autofree guint8 *from = g_malloc ((gsize) (width * height));
      g_autofree guint8 *to = g_malloc ((gsize) (stride * height));

      for (int i = 0; i < width * height; i++)
        from[i] = (guint8) (i * 7 + 1);
      memset (to, 0xee, (gsize) (stride * height));
      /* A plane that lies: its columns become rows, from the last to the first. */
      engine_pixels_turn (to, stride, from + (width - 1) * height, -height, 1, width, height);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++)
          g_assert_cmpint (to[y * stride + x], ==, from[(width - 1 - x) * height + y]);
        for (int x = width; x < stride; x++)
          g_assert_cmpint (to[y * stride + x], ==, 0xee);
      }
    }
  }
}

static void
test_map_and_tint (void)
{
  guint8 values[N], row[N], to[N], upper[2 * N], lower[2 * N];
  gint32 chroma[N];
  const EnginePixelsTint tint = {
    .chroma = chroma, .per_luma = 1000, .black = 16, .least = 16, .most = 240
  };

  for (guint i = 0; i < N; i++) {
    values[i] = (guint8) (255 - i);
    row[i] = (guint8) (i * 3);
    chroma[i] = (gint32) i * 65536;
    upper[2 * i] = lower[2 * i] = (guint8) i;
    upper[2 * i + 1] = lower[2 * i + 1] = (guint8) (i / 2);
  }
  engine_pixels_map (to, row, N, values);
  for (guint i = 0; i < N; i++)
    g_assert_cmpint (to[i], ==, 255 - row[i]);
  for (int width = 2 * N - 1; width <= 2 * (int) N; width++) {
    engine_pixels_tint (to, row, upper, lower, width, &tint);
    for (int i = 0; i < (int) N; i++) {
      const gboolean alone = 2 * i + 1 >= width;
      const double luma = 2 * upper[2 * i] + 2 * (alone ? upper[2 * i] : upper[2 * i + 1]);
      const double expected = CLAMP (row[i] + (luma - 64) * 1000 / 65536, 16, 240);

      g_assert_cmpfloat (fabs (to[i] - expected), <=, 0.51);
    }
  }
}

static void
test_shrinks (void)
{
  guint8 upper[2 * N], lower[2 * N], to[3 * N];

  for (guint i = 0; i < 2 * N; i++) {
    upper[i] = (guint8) (i * 37);
    lower[i] = (guint8) (255 - i * 11);
  }
  for (guint n = 0; n <= N; n += 51) {
    engine_pixels_halve (to, upper, lower, n);
    for (guint i = 0; i < n; i++)
      g_assert_cmpint (to[i], ==,
                       (upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 2) / 4);
  }
  engine_pixels_quarter_off (to, upper, N / 2);
  for (guint i = 0; i < N / 2; i++) {
    const guint8 *four = upper + 4 * i;

    g_assert_cmpfloat (fabs (to[3 * i] - (0.75 * four[0] + 0.25 * four[1])), <=, 0.5);
    g_assert_cmpfloat (fabs (to[3 * i + 1] - (0.5 * four[1] + 0.5 * four[2])), <=, 0.5);
    g_assert_cmpfloat (fabs (to[3 * i + 2] - (0.25 * four[2] + 0.75 * four[3])), <=, 0.5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/pixels/mix-is-exact", test_mix);
  g_test_add_func ("/engine/pixels/blend-is-exact", test_blend_opaque);
  g_test_add_func ("/engine/pixels/blend-with-opacity-is-within-one", test_blend_translucent);
  g_test_add_func ("/engine/pixels/nothing-changes-nothing", test_nothing_stays);
  g_test_add_func ("/engine/pixels/any-length", test_any_length);
  g_test_add_func ("/engine/pixels/cross-is-exact", test_cross);
  g_test_add_func ("/engine/pixels/turn-puts-each-sample-in-its-place", test_turn);
  g_test_add_func ("/engine/pixels/map-and-tint-are-exact", test_map_and_tint);
  g_test_add_func ("/engine/pixels/shrinks-exactly", test_shrinks);
  return g_test_run ();
}
