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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/pixels/mix-is-exact", test_mix);
  g_test_add_func ("/engine/pixels/blend-is-exact", test_blend_opaque);
  g_test_add_func ("/engine/pixels/blend-with-opacity-is-within-one", test_blend_translucent);
  g_test_add_func ("/engine/pixels/nothing-changes-nothing", test_nothing_stays);
  g_test_add_func ("/engine/pixels/any-length", test_any_length);
  return g_test_run ();
}
