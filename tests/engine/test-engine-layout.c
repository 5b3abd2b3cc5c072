/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-layout.h"

#include <string.h>

static const EngineSize programs[] = {
  { 320, 180 },  { 640, 360 },   { 854, 480 },   { 1024, 768 },  { 1280, 720 },
  { 720, 1280 }, { 1080, 1080 }, { 1920, 1080 }, { 3840, 2160 },
};

/* Nothing yet, a dot, lines, old and new cameras, odd windows, telephones, the largest. */
static const EngineSize sources[] = {
  { 0, 0 },      { 1, 1 },       { 1, 4000 },    { 10000, 10 },  { 160, 120 },   { 333, 217 },
  { 640, 360 },  { 640, 480 },   { 720, 576 },   { 1080, 1920 }, { 1079, 1921 }, { 1280, 720 },
  { 1920, 800 }, { 1920, 1080 }, { 1920, 1200 }, { 5120, 1440 }, { 7680, 4320 }, { 4320, 7680 },
};

/* A layout, and how many are there. */
typedef struct {
  EngineLayout layout;
  guint n;
} Case;

static const Case cases[] = {
  { ENGINE_LAYOUT_FULL, 1 },
  { ENGINE_LAYOUT_SIDE_BY_SIDE, 2 },
  { ENGINE_LAYOUT_PICTURE_IN_PICTURE, 2 },
  { ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 2 },
  { ENGINE_LAYOUT_SLIDES_AND_TWO, 3 },
  { ENGINE_LAYOUT_EVERYONE, 0 },
  { ENGINE_LAYOUT_EVERYONE, 1 },
  { ENGINE_LAYOUT_EVERYONE, 2 },
  { ENGINE_LAYOUT_EVERYONE, 3 },
  { ENGINE_LAYOUT_EVERYONE, 4 },
  { ENGINE_LAYOUT_PAUSE, 0 },
};

static const EngineCorner corners[] = {
  ENGINE_CORNER_TOP_LEFT,
  ENGINE_CORNER_TOP_RIGHT,
  ENGINE_CORNER_BOTTOM_LEFT,
  ENGINE_CORNER_BOTTOM_RIGHT,
};

/* One arrangement and what it was made of. */
typedef struct {
  EngineLayout layout;
  EngineCorner corner;
  EngineSize program;
  guint n;
  EngineSize sizes[ENGINE_LAYOUT_MAX_PLACES];
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES];
} Arrangement;

typedef void (*Check) (const Arrangement *a);

/* All pairs of sources; the third and the fourth go through all of them as well. */
static void
for_each (Check check)
{
  const guint n = G_N_ELEMENTS (sources);
  const guint n_all =
    G_N_ELEMENTS (programs) * G_N_ELEMENTS (cases) * G_N_ELEMENTS (corners) * n * n;

  for (guint i = 0; i < n_all; i++) {
    const guint first = i % n, second = i / n % n;
    const Case *c = &cases[i / n / n % G_N_ELEMENTS (cases)];
    const guint rest = i / n / n / (guint) G_N_ELEMENTS (cases);
    Arrangement a = { .layout = c->layout, .n = c->n };

    a.corner = corners[rest % G_N_ELEMENTS (corners)];
    a.program = programs[rest / G_N_ELEMENTS (corners)];
    a.sizes[0] = sources[first];
    a.sizes[1] = sources[second];
    a.sizes[2] = sources[(7 * first + second) % n];
    a.sizes[3] = sources[(5 * first + 11 * second + 3) % n];
    memset (a.rects, 0xff, sizeof a.rects);
    g_assert_cmpuint (engine_layout_arrange (a.layout, a.corner, a.sizes, a.n, a.program, a.rects),
                      ==, a.n);
    if (a.n < ENGINE_LAYOUT_MAX_PLACES)
      g_assert_cmpint (a.rects[a.n].width, ==, -1);
    check (&a);
  }
}

static void
check_inside (const Arrangement *a)
{
  for (guint i = 0; i < a->n; i++) {
    g_assert_cmpint (a->rects[i].x, >=, 0);
    g_assert_cmpint (a->rects[i].y, >=, 0);
    g_assert_cmpint (a->rects[i].width, >=, 2);
    g_assert_cmpint (a->rects[i].height, >=, 2);
    g_assert_cmpint (a->rects[i].x + a->rects[i].width, <=, a->program.width_px);
    g_assert_cmpint (a->rects[i].y + a->rects[i].height, <=, a->program.height_px);
  }
}

static void
check_even (const Arrangement *a)
{
  for (guint i = 0; i < a->n; i++)
    g_assert_cmpint ((a->rects[i].x | a->rects[i].y | a->rects[i].width | a->rects[i].height) & 1,
                     ==, 0);
}

static double
get_aspect (EngineSize size)
{
  return size.width_px > 0 ? (double) size.width_px / size.height_px : 16.0 / 9.0;
}

/* Each side may be off by the even pixel it is rounded to, and a line is at least two pixels thick. */
static void
check_shape (const Arrangement *a)
{
  for (guint i = 0; i < a->n; i++) {
    const double aspect = get_aspect (a->sizes[i]);
    const EngineRect r = a->rects[i];

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

/* Pictures beside each other have a gap between them, and to the program's edges. */
static void
check_apart (const Arrangement *a)
{
  if (a->layout == ENGINE_LAYOUT_PICTURE_IN_PICTURE || a->n < 2)
    return;
  for (guint i = 0; i < a->n; i++) {
    EngineRect wide = a->rects[i];

    wide.x -= 2;
    wide.y -= 2;
    wide.width += 4;
    wide.height += 4;
    for (guint k = 0; k < a->n; k++)
      g_assert_true (k == i || !overlap (wide, a->rects[k]));
    g_assert_cmpint (wide.x, >=, 0);
    g_assert_cmpint (wide.y, >=, 0);
    g_assert_cmpint (wide.x + wide.width, <=, a->program.width_px);
    g_assert_cmpint (wide.y + wide.height, <=, a->program.height_px);
  }
}

static gboolean
is_usual (const Arrangement *a)
{
  for (guint i = 0; i < a->n; i++) {
    const double aspect = get_aspect (a->sizes[i]);

    if (aspect < 0.5 || aspect > 2.4)
      return FALSE;
  }
  return (double) a->program.width_px / a->program.height_px > 1.3;
}

/* With cameras, slides and telephones nobody is too small to be recognised: of the program's area,
 * in a landscape program. */
static void
check_large_enough (const Arrangement *a)
{
  static const double least[] = { 0, 0.25, 0.08, 0.04, 0.035 };

  if (!is_usual (a))
    return;
  for (guint i = 0; i < a->n; i++) {
    const double share = a->rects[i].width * (double) a->rects[i].height /
                         (a->program.width_px * (double) a->program.height_px);

    g_assert_cmpfloat (share, >=, a->layout == ENGINE_LAYOUT_EVERYONE ? least[a->n] : 0.02);
  }
}

/* Of everyone, pictures of the same row have the same height, whatever their shapes. */
static void
check_rows (const Arrangement *a)
{
  if (a->layout != ENGINE_LAYOUT_EVERYONE || a->n < 2 || !is_usual (a))
    return;
  for (guint i = 1; i < a->n; i++)
    g_assert_cmpint (ABS (a->rects[i].height - a->rects[0].height), <=, 4);
}

static void
check_corner (const Arrangement *a)
{
  const EngineRect small = a->rects[1];
  const int right_gap = a->program.width_px - small.x - small.width;
  const int bottom_gap = a->program.height_px - small.y - small.height;

  if (a->layout != ENGINE_LAYOUT_PICTURE_IN_PICTURE)
    return;
  if (a->corner == ENGINE_CORNER_TOP_LEFT || a->corner == ENGINE_CORNER_BOTTOM_LEFT)
    g_assert_cmpint (small.x, <, right_gap);
  else
    g_assert_cmpint (small.x, >, right_gap);
  if (a->corner == ENGINE_CORNER_TOP_LEFT || a->corner == ENGINE_CORNER_TOP_RIGHT)
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
test_large_enough (void)
{
  for_each (check_large_enough);
}

static void
test_rows (void)
{
  for_each (check_rows);
}

static void
test_corner (void)
{
  for_each (check_corner);
}

/* Three telephones stand in a row, three cameras two above one, two of a program that stands are one
 * above the other. */
static void
test_everyone (void)
{
  const EngineSize phone = { 720, 1280 }, camera = { 1280, 720 };
  const EngineSize phones[] = { phone, phone, phone }, cameras[] = { camera, camera, camera };
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES];

  engine_layout_arrange (ENGINE_LAYOUT_EVERYONE, 0, phones, 3, (EngineSize){ 1920, 1080 }, rects);
  g_assert_true (rects[0].y == rects[1].y && rects[1].y == rects[2].y);
  g_assert_true (rects[0].x < rects[1].x && rects[1].x < rects[2].x);
  engine_layout_arrange (ENGINE_LAYOUT_EVERYONE, 0, cameras, 3, (EngineSize){ 1920, 1080 }, rects);
  g_assert_true (rects[0].y == rects[1].y && rects[1].y < rects[2].y);
  g_assert_cmpint (ABS (2 * rects[2].x + rects[2].width - 1920), <=, 4);
  engine_layout_arrange (ENGINE_LAYOUT_EVERYONE, 0, cameras, 2, (EngineSize){ 720, 1280 }, rects);
  g_assert_true (rects[0].x == rects[1].x && rects[0].y < rects[1].y);
}

/* Slides and the two beside them, all of the usual shape, end on the same lines. */
static void
test_slides_and_two (void)
{
  const EngineSize usual = { 1920, 1080 };
  const EngineSize sizes[] = { usual, usual, usual };

  for (guint p = 0; p < G_N_ELEMENTS (programs); p++) {
    EngineRect r[ENGINE_LAYOUT_MAX_PLACES];

    engine_layout_arrange (ENGINE_LAYOUT_SLIDES_AND_TWO, 0, sizes, 3, programs[p], r);
    g_assert_cmpint (ABS (r[1].y - r[0].y), <=, 4);
    g_assert_cmpint (ABS (r[2].y + r[2].height - r[0].y - r[0].height), <=, 4);
  }
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
  g_test_add_func ("/engine/layout/has-gaps", test_apart);
  g_test_add_func ("/engine/layout/is-large-enough", test_large_enough);
  g_test_add_func ("/engine/layout/rows-are-even", test_rows);
  g_test_add_func ("/engine/layout/everyone-is-as-large-as-can-be", test_everyone);
  g_test_add_func ("/engine/layout/slides-and-two-end-together", test_slides_and_two);
  g_test_add_func ("/engine/layout/small-picture-sits-in-its-corner", test_corner);
  g_test_add_func ("/engine/layout/same-shape-fills-the-program", test_fills);
  g_test_add_func ("/engine/layout/full-is-as-large-as-it-can-be", test_full_is_large);
  return g_test_run ();
}
