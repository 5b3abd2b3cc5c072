/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-layout.h"

#include <math.h>

static const EngineSize programs[] = {
  { 320, 180 },  { 640, 360 },   { 854, 480 },   { 1024, 768 },  { 1280, 720 },
  { 720, 1280 }, { 1080, 1080 }, { 1920, 1080 }, { 3840, 2160 },
};

/* Nothing yet, a dot, lines, old and new cameras, odd windows, telephones, the largest. */
static const EngineSize sources[] = {
  { 0, 0 },      { 1, 1 },       { 1, 4000 },    { 4000, 1 },    { 160, 120 },   { 333, 217 },
  { 640, 360 },  { 640, 480 },   { 720, 576 },   { 1080, 1920 }, { 1079, 1921 }, { 1280, 720 },
  { 1920, 800 }, { 1920, 1080 }, { 1920, 1200 }, { 5120, 1440 }, { 7680, 4320 }, { 4320, 7680 },
};

static const EngineLayout layouts[] = {
  ENGINE_LAYOUT_FULL,
  ENGINE_LAYOUT_SIDE_BY_SIDE,
  ENGINE_LAYOUT_PICTURE_IN_PICTURE,
  ENGINE_LAYOUT_SLIDES_AND_SPEAKER,
  ENGINE_LAYOUT_PAUSE,
};

static const EngineCorner corners[] = {
  ENGINE_CORNER_TOP_LEFT,
  ENGINE_CORNER_TOP_RIGHT,
  ENGINE_CORNER_BOTTOM_LEFT,
  ENGINE_CORNER_BOTTOM_RIGHT,
};

typedef void (*Check) (EngineLayout layout, EngineCorner corner, const EngineSize *sizes,
                       EngineSize program, const EngineRect *rects);

static void
for_each (Check check)
{
  for (guint p = 0; p < G_N_ELEMENTS (programs); p++) {
    for (guint l = 0; l < G_N_ELEMENTS (layouts); l++) {
      for (guint c = 0; c < G_N_ELEMENTS (corners); c++) {
        for (guint a = 0; a < G_N_ELEMENTS (sources); a++) {
          for (guint b = 0; b < G_N_ELEMENTS (sources); b++) {
            const EngineSize sizes[] = { sources[a], sources[b] };
            EngineRect rects[ENGINE_LAYOUT_MAX_PLACES] = { { -1, -1, -1, -1 }, { -1, -1, -1, -1 } };
            const guint n =
              engine_layout_arrange (layouts[l], corners[c], sizes,
                                     engine_layout_get_n_places (layouts[l]), programs[p], rects);

            g_assert_cmpuint (n, ==, engine_layout_get_n_places (layouts[l]));
            check (layouts[l], corners[c], sizes, programs[p], rects);
          }
        }
      }
    }
  }
}

static void
check_inside (EngineLayout layout, EngineCorner corner, const EngineSize *sizes, EngineSize program,
              const EngineRect *rects)
{
  for (guint i = 0; i < engine_layout_get_n_places (layout); i++) {
    g_assert_cmpint (rects[i].x, >=, 0);
    g_assert_cmpint (rects[i].y, >=, 0);
    g_assert_cmpint (rects[i].width, >=, 2);
    g_assert_cmpint (rects[i].height, >=, 2);
    g_assert_cmpint (rects[i].x + rects[i].width, <=, program.width_px);
    g_assert_cmpint (rects[i].y + rects[i].height, <=, program.height_px);
  }
}

static void
check_even (EngineLayout layout, EngineCorner corner, const EngineSize *sizes, EngineSize program,
            const EngineRect *rects)
{
  for (guint i = 0; i < engine_layout_get_n_places (layout); i++)
    g_assert_cmpint ((rects[i].x | rects[i].y | rects[i].width | rects[i].height) & 1, ==, 0);
}

/* Each side may be off by the even pixel it is rounded to, and a line is at least two pixels thick. */
static void
check_shape (EngineLayout layout, EngineCorner corner, const EngineSize *sizes, EngineSize program,
             const EngineRect *rects)
{
  for (guint i = 0; i < engine_layout_get_n_places (layout); i++) {
    const double aspect =
      sizes[i].width_px > 0 ? (double) sizes[i].width_px / sizes[i].height_px : 16.0 / 9.0;
    const EngineRect r = rects[i];

    if (r.width > 2 && r.height > 2) {
      g_assert_cmpfloat ((r.width - 2) / (double) (r.height + 2), <=, aspect);
      g_assert_cmpfloat ((r.width + 2) / (double) (r.height - 2), >=, aspect);
    }
  }
}

static gboolean
overlap (EngineRect a, EngineRect b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void
check_apart (EngineLayout layout, EngineCorner corner, const EngineSize *sizes, EngineSize program,
             const EngineRect *rects)
{
  if (layout == ENGINE_LAYOUT_SIDE_BY_SIDE || layout == ENGINE_LAYOUT_SLIDES_AND_SPEAKER)
    g_assert_false (overlap (rects[0], rects[1]));
}

static void
check_corner (EngineLayout layout, EngineCorner corner, const EngineSize *sizes, EngineSize program,
              const EngineRect *rects)
{
  const EngineRect small = rects[1];
  const int right_gap = program.width_px - small.x - small.width;
  const int bottom_gap = program.height_px - small.y - small.height;

  if (layout != ENGINE_LAYOUT_PICTURE_IN_PICTURE)
    return;
  if (corner == ENGINE_CORNER_TOP_LEFT || corner == ENGINE_CORNER_BOTTOM_LEFT)
    g_assert_cmpint (small.x, <, right_gap);
  else
    g_assert_cmpint (small.x, >, right_gap);
  if (corner == ENGINE_CORNER_TOP_LEFT || corner == ENGINE_CORNER_TOP_RIGHT)
    g_assert_cmpint (small.y, <, bottom_gap);
  else
    g_assert_cmpint (small.y, >, bottom_gap);
}

static void
test_inside (void)
{
  for_each (check_inside);
}

static void
test_even (void)
{
  for_each (check_even);
}

static void
test_shape (void)
{
  for_each (check_shape);
}

static void
test_apart (void)
{
  for_each (check_apart);
}

static void
test_corner (void)
{
  for_each (check_corner);
}

/* A picture of the program's shape fills it, to the last line. */
static void
test_fills (void)
{
  for (guint p = 0; p < G_N_ELEMENTS (programs); p++) {
    const EngineSize same = { programs[p].width_px * 2, programs[p].height_px * 2 };
    EngineRect rect = { 0 };

    engine_layout_arrange (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &same, 1, programs[p],
                           &rect);
    g_assert_cmpint (rect.x, ==, 0);
    g_assert_cmpint (rect.y, ==, 0);
    g_assert_cmpint (rect.width, ==, programs[p].width_px);
    g_assert_cmpint (rect.height, ==, programs[p].height_px);
  }
}

/* As large as it can be: one of the two sides is the program's. */
static void
test_full_is_large (void)
{
  for (guint p = 0; p < G_N_ELEMENTS (programs); p++) {
    for (guint s = 0; s < G_N_ELEMENTS (sources); s++) {
      EngineRect rect = { 0 };

      engine_layout_arrange (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &sources[s], 1,
                             programs[p], &rect);
      g_assert_true (rect.width == programs[p].width_px || rect.height == programs[p].height_px);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/layout/stays-inside-the-program", test_inside);
  g_test_add_func ("/engine/layout/is-even", test_even);
  g_test_add_func ("/engine/layout/keeps-the-shape", test_shape);
  g_test_add_func ("/engine/layout/does-not-overlap", test_apart);
  g_test_add_func ("/engine/layout/small-picture-sits-in-its-corner", test_corner);
  g_test_add_func ("/engine/layout/same-shape-fills-the-program", test_fills);
  g_test_add_func ("/engine/layout/full-is-as-large-as-it-can-be", test_full_is_large);
  return g_test_run ();
}
