/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-room.h"

#include <math.h>
#include <stdlib.h>

/* Shares of the program. */
#define SAFE        0.05
#define GAP         0.012 /* between a card and what it must not cover */
#define MIN_WIDTH   0.22
#define MIN_HEIGHT  0.13
#define STRIP       0.3
#define MARK_MARGIN 0.04 /* of the height, as the logo's */
#define MARK_GAP    0.012

/* Where somebody's head and shoulders are in their picture, in its height from the middle and from
 * the top. A narrow picture is a head and shoulders all over its middle. */
#define FACE_HALF   0.28
#define FACE_NARROW 0.36 /* of its width */
#define FACE_TOP    0.04
#define FACE_BOTTOM 0.80

/* The audience looks for a card at the right; the other side must be so much larger. */
#define RIGHT_IS_BETTER 1.35

/* A picture is small when it is narrower than this share of the program, and a graphic is in the way
 * of a face when it covers so much of it. */
#define SMALL      0.45
#define IN_THE_WAY 0.2

/* Where the band of a name is, from the bottom. */
#define BAND_TOP      0.2
#define BAND_BOTTOM   0.05

#define MAX_OBSTACLES (ENGINE_ROOM_MAX_PICTURES + ENGINE_ROOM_MAX_GRAPHICS)
#define MAX_EDGES     (2 * MAX_OBSTACLES + 2)

/**
 * engine_room_get_face:
 * @picture: where somebody's picture is
 *
 * Returns: where in it their head and shoulders are taken to be
 */
EngineRect
engine_room_get_face (EngineRect picture)
{
  const double half = MIN (picture.height * FACE_HALF, picture.width * FACE_NARROW);

  return (EngineRect){ picture.x + (int) (picture.width / 2.0 - half),
                       picture.y + (int) (picture.height * FACE_TOP), (int) (2 * half),
                       (int) (picture.height * (FACE_BOTTOM - FACE_TOP)) };
}

/**
 * engine_room_get_overlap:
 *
 * Returns: how many pixels two rectangles share
 */
gint64
engine_room_get_overlap (EngineRect one, EngineRect other)
{
  const int width = MIN (one.x + one.width, other.x + other.width) - MAX (one.x, other.x);
  const int height = MIN (one.y + one.height, other.y + other.height) - MAX (one.y, other.y);

  return width > 0 && height > 0 ? (gint64) width * height : 0;
}

typedef struct {
  EngineRect obstacles[MAX_OBSTACLES];
  guint n_obstacles;
  EngineRect safe;
  int xs[MAX_EDGES];
  int ys[MAX_EDGES];
  guint n_xs;
  guint n_ys;
} Search;

static void
add_obstacle (Search *self, EngineRect rect, int gap)
{
  self->obstacles[self->n_obstacles++] =
    (EngineRect){ rect.x - gap, rect.y - gap, rect.width + 2 * gap, rect.height + 2 * gap };
}

static int
compare_ints (const void *a, const void *b)
{
  return *(const int *) a - *(const int *) b;
}

/* Rooms begin and end at the edges of something. */
static void
collect_edges (Search *self)
{
  self->xs[self->n_xs++] = self->safe.x;
  self->xs[self->n_xs++] = self->safe.x + self->safe.width;
  self->ys[self->n_ys++] = self->safe.y;
  self->ys[self->n_ys++] = self->safe.y + self->safe.height;
  for (guint i = 0; i < self->n_obstacles; i++) {
    const EngineRect rect = self->obstacles[i];

    self->xs[self->n_xs++] = rect.x;
    self->xs[self->n_xs++] = rect.x + rect.width;
    self->ys[self->n_ys++] = rect.y;
    self->ys[self->n_ys++] = rect.y + rect.height;
  }
  qsort (self->xs, self->n_xs, sizeof *self->xs, compare_ints);
  qsort (self->ys, self->n_ys, sizeof *self->ys, compare_ints);
}

static Search
prepare (const EngineRoomPlan *plan, EngineRoomLevel level)
{
  const int gap = (int) (plan->program.width_px * GAP);
  const int x = (int) ceil (plan->program.width_px * SAFE);
  const int y = (int) ceil (plan->program.height_px * SAFE);
  Search self = { .safe = { x, y, plan->program.width_px - 2 * x,
                            plan->program.height_px - 2 * y } };

  for (guint i = 0; i < plan->n_graphics; i++)
    add_obstacle (&self, plan->graphics[i], gap);
  for (guint i = 0; i < plan->n_pictures; i++) {
    const EngineRect picture = plan->pictures[i];

    if (level == ENGINE_ROOM_ALL || (level == ENGINE_ROOM_FACES && !plan->is_person[i]))
      add_obstacle (&self, picture, gap);
    else if (level != ENGINE_ROOM_NONE && plan->is_person[i])
      add_obstacle (&self, engine_room_get_face (picture), 0);
  }
  collect_edges (&self);
  return self;
}

static gboolean
is_free (const Search *self, EngineRect room)
{
  for (guint i = 0; i < self->n_obstacles; i++) {
    if (engine_room_get_overlap (self->obstacles[i], room) > 0)
      return FALSE;
  }
  return TRUE;
}

/* How much can be written there: a column as wide as half the program helps nobody, but a strip may
 * be of any width. */
static double
rate (const EngineRoomPlan *plan, EngineRect room)
{
  const double middle = room.x + room.width / 2.0;

  if (room.height < plan->program.height_px * STRIP)
    return (double) room.width * room.height;
  return MIN (room.width, plan->program.width_px * 0.6) * room.height *
         (middle > plan->program.width_px / 2.0 ? RIGHT_IS_BETTER : 1);
}

static gboolean
is_known (const EngineRect *rooms, guint n_rooms, EngineRect room)
{
  for (guint i = 0; i < n_rooms; i++) {
    if (engine_room_get_overlap (rooms[i], room) == (gint64) room.width * room.height)
      return TRUE;
  }
  return FALSE;
}

/* The best room of a search that is not in a room that is known. */
static gboolean
find_best (const Search *self, const EngineRoomPlan *plan, const EngineRect *rooms, guint n_rooms,
           EngineRect *best)
{
  double best_rate = 0;

  for (guint left = 0; left < self->n_xs; left++) {
    for (guint right = left + 1; right < self->n_xs; right++) {
      for (guint top = 0; top < self->n_ys; top++) {
        for (guint bottom = self->n_ys - 1; bottom > top; bottom--) {
          const EngineRect room = { self->xs[left], self->ys[top], self->xs[right] - self->xs[left],
                                    self->ys[bottom] - self->ys[top] };

          /* Most are too small, or no better: that is quickly seen. */
          if (room.width < plan->program.width_px * MIN_WIDTH ||
              room.height < plan->program.height_px * MIN_HEIGHT ||
              rate (plan, room) <= best_rate || !is_free (self, room) ||
              engine_room_get_overlap (room, self->safe) != (gint64) room.width * room.height ||
              is_known (rooms, n_rooms, room))
            continue;
          best_rate = rate (plan, room);
          *best = room;
        }
      }
    }
  }
  return best_rate > 0;
}

/**
 * engine_room_find:
 * @plan: what is seen
 * @level: what must not be covered
 * @rooms: (out caller-allocates): room for %ENGINE_ROOM_MAX_FOUND
 *
 * Where a card can stand inside the safe area.
 *
 * Returns: how many rooms there are, largest first; perhaps none
 */
guint
engine_room_find (const EngineRoomPlan *plan, EngineRoomLevel level, EngineRect *rooms)
{
  const Search search = prepare (plan, level);
  guint n_rooms = 0;

  while (n_rooms < ENGINE_ROOM_MAX_FOUND &&
         find_best (&search, plan, rooms, n_rooms, &rooms[n_rooms]))
    n_rooms++;
  return n_rooms;
}

static gint64
get_covered_graphics (const EngineRoomPlan *plan, EngineRect rect)
{
  gint64 covered = 0;

  for (guint i = 0; i < plan->n_graphics; i++)
    covered += engine_room_get_overlap (plan->graphics[i], rect);
  return covered;
}

/**
 * engine_room_get_cost:
 * @plan: what is seen
 * @rect: where something is to be laid over it
 *
 * Returns: how bad that is: the pixels of pictures that it hides, those of slides twice and those
 *   of faces many times
 */
gint64
engine_room_get_cost (const EngineRoomPlan *plan, EngineRect rect)
{
  gint64 cost = 100 * get_covered_graphics (plan, rect);

  for (guint i = 0; i < plan->n_pictures; i++) {
    const EngineRect picture = plan->pictures[i];

    cost += engine_room_get_overlap (picture, rect) * (plan->is_person[i] ? 1 : 2);
    if (plan->is_person[i])
      cost += 20 * engine_room_get_overlap (engine_room_get_face (picture), rect);
  }
  return cost;
}

/**
 * engine_room_place_card:
 * @plan: what is seen
 * @room: where the card may stand
 * @size: of the card, at most that of the room
 *
 * Returns: where in the room it hides the least; where that is the same, at the edges of the picture
 *   that the room reaches, right before left and below before above, or else in the middle
 */
EngineRect
engine_room_place_card (const EngineRoomPlan *plan, EngineRect room, EngineSize size)
{
  const int width = room.width - size.width_px, height = room.height - size.height_px;
  const gboolean at_right = room.x + room.width >= plan->program.width_px * (1 - SAFE) - 2;
  const gboolean at_left = room.x <= plan->program.width_px * SAFE + 2;
  const gboolean at_bottom = room.y + room.height >= plan->program.height_px * (1 - SAFE) - 2;
  const int xs[] = { at_right ? width : at_left ? 0 : width / 2, width / 2, 0, width };
  const int ys[] = { at_bottom ? height : height / 2, height / 2, 0, height };
  EngineRect best = { 0 };
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < G_N_ELEMENTS (xs); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (ys); k++) {
      const EngineRect rect = { room.x + xs[i], room.y + ys[k], size.width_px, size.height_px };
      const gint64 cost = engine_room_get_cost (plan, rect);

      if (cost >= least)
        continue;
      least = cost;
      best = rect;
    }
  }
  return best;
}

/* A little of a face beside a name is nothing: names stand where faces end. */
static gboolean
is_in_the_way (const EngineRoomPlan *plan, guint picture, EngineRect rect)
{
  const EngineRect face = engine_room_get_face (plan->pictures[picture]);

  return plan->is_person[picture] &&
         plan->pictures[picture].width < plan->program.width_px * SMALL &&
         (double) engine_room_get_overlap (face, rect) > IN_THE_WAY * face.width * face.height;
}

static guint
count_in_the_way (const EngineRoomPlan *plan, EngineRect rect)
{
  guint n = get_covered_graphics (plan, rect) > 0;

  for (guint i = 0; i < plan->n_pictures; i++)
    n += is_in_the_way (plan, i, rect);
  return n;
}

/**
 * engine_room_place_name:
 * @plan: what is seen
 * @name: where the name was drawn
 *
 * A name that would hide somebody in a small picture, or a logo, goes to the other side; if the logo
 * is there as well, above it.
 *
 * Returns: where it is to stand
 */
EngineRect
engine_room_place_name (const EngineRoomPlan *plan, EngineRect name)
{
  EngineRect best = name, other = name;

  other.x = plan->program.width_px - name.x - name.width;
  if (count_in_the_way (plan, other) < count_in_the_way (plan, name))
    best = other;
  for (guint i = 0; i < plan->n_graphics; i++) {
    const int above = plan->graphics[i].y - (int) (plan->program.height_px * MARK_GAP);

    if (engine_room_get_overlap (plan->graphics[i], best) > 0 && above >= best.height)
      best.y = MIN (best.y, above - best.height);
  }
  return best;
}

/**
 * engine_room_get_band:
 * @plan: what is seen
 * @left_px: (out): where a band across the bottom begins
 * @right_px: (out): where it ends
 *
 * A band goes from edge to edge, but not over somebody in a small picture.
 */
void
engine_room_get_band (const EngineRoomPlan *plan, int *left_px, int *right_px)
{
  const int gap = (int) (plan->program.width_px * GAP);
  const int height = plan->program.height_px;
  const EngineRect band = { 0, (int) (height * (1 - BAND_TOP)), plan->program.width_px,
                            (int) (height * (BAND_TOP - BAND_BOTTOM)) };

  *left_px = 0;
  *right_px = plan->program.width_px;
  for (guint i = 0; i < plan->n_pictures; i++) {
    const EngineRect picture = plan->pictures[i];

    if (!is_in_the_way (plan, i, band))
      continue;
    if (picture.x + picture.width / 2 > plan->program.width_px / 2)
      *right_px = MIN (*right_px, picture.x - gap);
    else
      *left_px = MAX (*left_px, picture.x + picture.width + gap);
  }
  /* Too little would be left between two of them. */
  if (*right_px - *left_px < plan->program.width_px * SMALL) {
    *left_px = 0;
    *right_px = plan->program.width_px;
  }
}

static gint64
get_covered_faces (const EngineRoomPlan *plan, EngineRect rect)
{
  gint64 covered = 0;

  for (guint i = 0; i < plan->n_pictures; i++) {
    if (plan->is_person[i])
      covered += engine_room_get_overlap (engine_room_get_face (plan->pictures[i]), rect);
  }
  return covered;
}

static EngineRect
get_row (const EngineSize *sizes, guint n_sizes, int gap)
{
  EngineRect row = { 0 };

  for (guint i = 0; i < n_sizes; i++) {
    if (sizes[i].width_px <= 0)
      continue;
    row.width += sizes[i].width_px + (row.width > 0 ? gap : 0);
    row.height = MAX (row.height, sizes[i].height_px);
  }
  return row;
}

/* At the top, left before right; then below what stands there. */
static EngineRect
find_row (const EngineRoomPlan *plan, EngineRect row)
{
  const int margin = (int) lround (plan->program.height_px * MARK_MARGIN);
  const int xs[] = { margin, plan->program.width_px - margin - row.width };
  EngineRect best = row;
  gint64 least = G_MAXINT64;

  for (guint below = 0; below <= plan->n_graphics; below++) {
    for (guint side = 0; side < G_N_ELEMENTS (xs); side++) {
      EngineRect at = { xs[side], margin, row.width, row.height };
      gint64 covered = 0;

      if (below > 0)
        at.y = plan->graphics[below - 1].y + plan->graphics[below - 1].height + margin / 2;
      /* Another graphic is worse than any face. */
      covered = get_covered_graphics (plan, at) * 1000 + get_covered_faces (plan, at);
      if (covered >= least || at.y + at.height > plan->program.height_px - margin)
        continue;
      least = covered;
      best = at;
    }
  }
  return best;
}

/**
 * engine_room_place_marks:
 * @plan: what is seen; its graphics are those that marks must not cover
 * @sizes: (array length=n_sizes): of the marks; 0 × 0 for one that is not shown
 * @n_sizes: how many
 * @rects: (out caller-allocates): room for @n_sizes
 *
 * Marks stand in a row in the upper corner that the logo leaves free.
 */
void
engine_room_place_marks (const EngineRoomPlan *plan, const EngineSize *sizes, guint n_sizes,
                         EngineRect *rects)
{
  const int gap = (int) (plan->program.width_px * MARK_GAP);
  const EngineRect row = find_row (plan, get_row (sizes, n_sizes, gap));
  int x = row.x;

  for (guint i = 0; i < n_sizes; i++) {
    rects[i] = (EngineRect){ x, row.y, sizes[i].width_px, sizes[i].height_px };
    if (sizes[i].width_px > 0)
      x += sizes[i].width_px + gap;
  }
}
