/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-layout.h"

/* Chroma has half the size of luma, so a place begins and ends on even pixels. */
static int
even (double value)
{
  return (int) (value / 2.0 + 0.5) * 2;
}

/* The largest rectangle of the picture's shape within a box; align 0 is left or top, 1 right or
 * bottom. */
static EngineRect
fit (EngineSize size, EngineRect box, double align_x, double align_y)
{
  /* A source without a picture yet is laid out as what it most probably will be. */
  const double aspect =
    size.width_px > 0 && size.height_px > 0 ? (double) size.width_px / size.height_px : 16.0 / 9.0;
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

static void
arrange_side_by_side (const EngineSize *sizes, EngineSize program, EngineRect *rects)
{
  const int gap = even (program.width_px / 120.0);
  const int half = even ((program.width_px - 3 * gap) / 2.0 - 0.5);
  const EngineRect left = { gap, gap, half, program.height_px - 2 * gap };
  const EngineRect right = { program.width_px - gap - half, gap, half, left.height };

  rects[0] = fit (sizes[0], left, 0.5, 0.5);
  rects[1] = fit (sizes[1], right, 0.5, 0.5);
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

static void
arrange_slides_and_speaker (const EngineSize *sizes, EngineSize program, EngineRect *rects)
{
  const int gap = even (program.width_px / 80.0);
  const int side = even (program.width_px * 0.29);
  const EngineRect main = { gap, gap, program.width_px - side - 3 * gap,
                            program.height_px - 2 * gap };
  const EngineRect aside = { program.width_px - side - gap, gap, side, main.height };

  rects[0] = fit (sizes[0], main, 0.5, 0.5);
  /* The speaker stands on the slides' base line, as he would beside the screen. */
  rects[1] = fit (sizes[1], aside, 0.5, 1.0);
  if (rects[1].height < rects[0].height)
    rects[1].y = rects[0].y + rects[0].height - rects[1].height;
}

/**
 * engine_layout_get_n_places:
 * @layout: a layout
 *
 * Returns: how many sources it shows, 0 to %ENGINE_LAYOUT_MAX_PLACES
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
  case ENGINE_LAYOUT_EVERYONE:
  case ENGINE_LAYOUT_PAUSE:
    return 0;
  }
  g_return_val_if_reached (0);
}

/**
 * engine_layout_arrange:
 * @layout: a layout
 * @corner: where the small picture of picture-in-picture sits
 * @sizes: one a place, in pixels; 0 × 0 where nothing has come in yet (taken as 16:9)
 * @program: the program's size in pixels, even
 * @rects: (out): one a place, in drawing order, in the program's pixels, even, inside the program
 *
 * Where each picture of a layout goes. Shapes are kept: a picture is never stretched. Pure; any
 * thread.
 *
 * Returns: the number of places filled in
 */
guint
engine_layout_arrange (EngineLayout layout, EngineCorner corner, const EngineSize *sizes,
                       EngineSize program, EngineRect *rects)
{
  const EngineRect all = { 0, 0, program.width_px, program.height_px };

  switch (layout) {
  case ENGINE_LAYOUT_FULL:
    rects[0] = fit (sizes[0], all, 0.5, 0.5);
    break;
  case ENGINE_LAYOUT_SIDE_BY_SIDE:
    arrange_side_by_side (sizes, program, rects);
    break;
  case ENGINE_LAYOUT_PICTURE_IN_PICTURE:
    arrange_picture_in_picture (corner, sizes, program, rects);
    break;
  case ENGINE_LAYOUT_SLIDES_AND_SPEAKER:
    arrange_slides_and_speaker (sizes, program, rects);
    break;
  case ENGINE_LAYOUT_SLIDES_AND_TWO:
  case ENGINE_LAYOUT_EVERYONE:
  case ENGINE_LAYOUT_PAUSE:
    break;
  }
  return engine_layout_get_n_places (layout);
}
