/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-layout.h"

/* A picture gets room as if it were no taller than two to one and no wider than three to one: what
 * is stranger than that must not squeeze the others. */
#define MIN_ASPECT 0.5
#define MAX_ASPECT 3.0

/* Chroma has half the size of luma, so a place begins and ends on even pixels. */
static int
even (double value)
{
  return (int) (value / 2.0 + 0.5) * 2;
}

static int
even_down (double value)
{
  return (int) (value / 2.0) * 2;
}

/* A source without a picture yet is laid out as what it most probably will be. */
static double
aspect_of (EngineSize size)
{
  return size.width_px > 0 && size.height_px > 0 ? (double) size.width_px / size.height_px
                                                 : 16.0 / 9.0;
}

/* The largest rectangle of the picture's shape within a box; align 0 is left or top, 1 right or
 * bottom. */
static EngineRect
fit (EngineSize size, EngineRect box, double align_x, double align_y)
{
  const double aspect = aspect_of (size);
  double width = box.width;
  double height = width / aspect;
  EngineRect rect = { 0 };

  if (height > box.height) {
    height = box.height;
    width = height * aspect;
  }
  rect.width = CLAMP (even (width), 2, MAX (2, box.width));
  rect.height = CLAMP (even (height), 2, MAX (2, box.height));
  rect.x = box.x + even ((box.width - rect.width) * align_x);
  rect.y = box.y + even ((box.height - rect.height) * align_y);
  rect.x = MIN (rect.x, box.x + box.width - rect.width);
  rect.y = MIN (rect.y, box.y + box.height - rect.height);
  return rect;
}

/* The space between pictures, and between them and the program's edges. */
static int
get_gap (EngineSize program)
{
  return MAX (2, even (MAX (program.width_px, program.height_px) / 120.0));
}

/* How many pictures the nth of so many rows has: the upper ones have more. */
static guint
row_length (guint n, guint n_rows, guint row)
{
  return n / n_rows + (row < n % n_rows ? 1 : 0);
}

/* Rows of pictures of the same height, in the middle of the program. Returns the area of the
 * smallest of them. */
static int
arrange_rows (const EngineSize *sizes, guint n, guint n_rows, EngineSize program, EngineRect *rects)
{
  const int gap = get_gap (program);
  double shares[ENGINE_LAYOUT_MAX_PLACES] = { 0 };
  double height = (program.height_px - gap * (int) (n_rows + 1)) / (double) n_rows;
  int least = G_MAXINT;

  for (guint row = 0, i = 0; row < n_rows; row++) {
    const guint length = row_length (n, n_rows, row);
    double sum = 0;

    for (guint end = i + length; i < end; i++) {
      shares[i] = CLAMP (aspect_of (sizes[i]), MIN_ASPECT, MAX_ASPECT);
      sum += shares[i];
    }
    height = MIN (height, (program.width_px - gap * (int) (length + 1)) / sum);
  }

  const int box_height = MAX (2, even_down (height));
  const int top =
    even_down ((program.height_px - box_height * (int) n_rows - gap * (int) (n_rows - 1)) / 2.0);
  for (guint row = 0, i = 0; row < n_rows; row++) {
    const guint length = row_length (n, n_rows, row);
    int width = gap * (int) (length - 1);

    for (guint k = i; k < i + length; k++)
      width += MAX (2, even_down (shares[k] * box_height));
    int x = even_down ((program.width_px - width) / 2.0);
    for (guint end = i + length; i < end; i++) {
      const EngineRect box = { x, top + (int) row * (box_height + gap),
                               MAX (2, even_down (shares[i] * box_height)), box_height };

      rects[i] = fit (sizes[i], box, 0.5, 0.5);
      least = MIN (least, rects[i].width * rects[i].height);
      x += box.width + gap;
    }
  }
  return least;
}

/* As many rows as make the smallest picture largest. */
static void
arrange_everyone (const EngineSize *sizes, guint n, EngineSize program, EngineRect *rects)
{
  const EngineRect all = { 0, 0, program.width_px, program.height_px };
  guint best_rows = 1;
  int best = -1;

  if (n == 1)
    rects[0] = fit (sizes[0], all, 0.5, 0.5);
  if (n <= 1)
    return;
  for (guint n_rows = 1; n_rows <= n; n_rows++) {
    const int least = arrange_rows (sizes, n, n_rows, program, rects);

    if (least > best) {
      best = least;
      best_rows = n_rows;
    }
  }
  arrange_rows (sizes, n, best_rows, program, rects);
}

static void
arrange_picture_in_picture (EngineCorner corner, const EngineSize *sizes, EngineSize program,
                            EngineRect *rects)
{
  const int margin = even (program.width_px / 40.0);
  const int width = even (program.width_px * 0.27);
  const int height = even (program.height_px * 0.36);
  const gboolean right = corner == ENGINE_CORNER_TOP_RIGHT || corner == ENGINE_CORNER_BOTTOM_RIGHT;
  const gboolean bottom =
    corner == ENGINE_CORNER_BOTTOM_LEFT || corner == ENGINE_CORNER_BOTTOM_RIGHT;
  const EngineRect all = { 0, 0, program.width_px, program.height_px };
  const EngineRect small = { right ? program.width_px - margin - width : margin,
                             bottom ? program.height_px - margin - height : margin, width, height };

  rects[0] = fit (sizes[0], all, 0.5, 0.5);
  rects[1] = fit (sizes[1], small, right ? 1.0 : 0.0, bottom ? 1.0 : 0.0);
}

/* The slides at the left, and what is left at the right of them. */
static EngineRect
arrange_slides (EngineSize slides, double share, EngineSize program, EngineRect *rect)
{
  const int gap = even (program.width_px / 80.0);
  const int side = even (program.width_px * share);
  const EngineRect main = { gap, gap, program.width_px - side - 3 * gap,
                            program.height_px - 2 * gap };

  *rect = fit (slides, main, 0.5, 0.5);
  return (EngineRect){ program.width_px - side - gap, gap, side, main.height };
}

static void
arrange_slides_and_speaker (const EngineSize *sizes, EngineSize program, EngineRect *rects)
{
  const EngineRect aside = arrange_slides (sizes[0], 0.29, program, &rects[0]);

  /* The speaker stands on the slides' base line, as he would beside the screen. */
  rects[1] = fit (sizes[1], aside, 0.5, 1.0);
  if (rects[1].height < rects[0].height)
    rects[1].y = rects[0].y + rects[0].height - rects[1].height;
}

/* The two are one above the other; at this width, two of the usual shape are just as high as slides
 * of that shape. */
static void
arrange_slides_and_two (const EngineSize *sizes, EngineSize program, EngineRect *rects)
{
  const int gap = even (program.width_px / 80.0);
  const EngineRect aside = arrange_slides (sizes[0], 0.3135, program, &rects[0]);
  const EngineRect half = { aside.x, aside.y, aside.width, even_down ((aside.height - gap) / 2.0) };
  int top = 0;

  rects[1] = fit (sizes[1], half, 0.5, 0);
  rects[2] = fit (sizes[2], half, 0.5, 0);
  top = even_down ((program.height_px - rects[1].height - gap - rects[2].height) / 2.0);
  rects[1].y = MAX (aside.y, top);
  rects[2].y = rects[1].y + rects[1].height + gap;
}

/**
 * engine_layout_get_n_places:
 * @layout: a layout
 *
 * Returns: how many sources it shows, 0 to %ENGINE_LAYOUT_MAX_PLACES; of everyone, the most
 */
guint
engine_layout_get_n_places (EngineLayout layout)
{
  switch (layout) {
  case ENGINE_LAYOUT_FULL:
    return 1;
  case ENGINE_LAYOUT_SIDE_BY_SIDE:
  case ENGINE_LAYOUT_PICTURE_IN_PICTURE:
  case ENGINE_LAYOUT_SLIDES_AND_SPEAKER:
    return 2;
  case ENGINE_LAYOUT_SLIDES_AND_TWO:
    return 3;
  case ENGINE_LAYOUT_EVERYONE:
    return 4;
  case ENGINE_LAYOUT_PAUSE:
    return 0;
  }
  g_return_val_if_reached (0);
}

/**
 * engine_layout_arrange:
 * @layout: a layout
 * @corner: where the small picture of picture-in-picture sits
 * @sizes: (array length=n_sizes): one a place, in pixels; 0 × 0 where nothing has come in yet
 *   (taken as 16:9)
 * @n_sizes: as many as the layout has places; for everyone, as many as are there, perhaps fewer
 * @program: the program's size in pixels, even, at least 320 × 180
 * @rects: (out): one a place, in drawing order, in the program's pixels, even, inside the program
 *
 * Where each picture of a layout goes. Shapes are kept: a picture is never stretched. Pure; any
 * thread.
 *
 * Returns: the number of places filled in
 */
guint
engine_layout_arrange (EngineLayout layout, EngineCorner corner, const EngineSize *sizes,
                       guint n_sizes, EngineSize program, EngineRect *rects)
{
  const EngineRect all = { 0, 0, program.width_px, program.height_px };
  const guint n_places = engine_layout_get_n_places (layout);

  g_return_val_if_fail (n_sizes == n_places || layout == ENGINE_LAYOUT_EVERYONE, 0);
  g_return_val_if_fail (n_sizes <= n_places, 0);

  switch (layout) {
  case ENGINE_LAYOUT_FULL:
    rects[0] = fit (sizes[0], all, 0.5, 0.5);
    break;
  case ENGINE_LAYOUT_SIDE_BY_SIDE:
    arrange_rows (sizes, 2, 1, program, rects);
    break;
  case ENGINE_LAYOUT_PICTURE_IN_PICTURE:
    arrange_picture_in_picture (corner, sizes, program, rects);
    break;
  case ENGINE_LAYOUT_SLIDES_AND_SPEAKER:
    arrange_slides_and_speaker (sizes, program, rects);
    break;
  case ENGINE_LAYOUT_SLIDES_AND_TWO:
    arrange_slides_and_two (sizes, program, rects);
    break;
  case ENGINE_LAYOUT_EVERYONE:
    arrange_everyone (sizes, n_sizes, program, rects);
    break;
  case ENGINE_LAYOUT_PAUSE:
    break;
  }
  return n_sizes;
}

/**
 * engine_layout_fit:
 * @size: of a picture; 0 × 0 is taken as 16:9
 * @box: where it goes
 *
 * Pure; any thread.
 *
 * Returns: the largest place of the picture's shape in the middle of @box
 */
EngineRect
engine_layout_fit (EngineSize size, EngineRect box)
{
  return fit (size, box, 0.5, 0.5);
}
