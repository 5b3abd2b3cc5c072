/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-layout.h"

G_BEGIN_DECLS

/* Where graphics may stand so that they hide nobody. Pure functions; any thread. All in the
 * program's pixels. */

#define ENGINE_ROOM_MAX_PICTURES ENGINE_LAYOUT_MAX_PLACES
#define ENGINE_ROOM_MAX_GRAPHICS 4
#define ENGINE_ROOM_MAX_FOUND    3

/* What a card must not cover, strictest first. The other graphics are never covered. */
typedef enum {
  ENGINE_ROOM_ALL,    /* no picture at all */
  ENGINE_ROOM_FACES,  /* nobody's face, and no slides */
  ENGINE_ROOM_SLIDES, /* nobody's face */
  ENGINE_ROOM_NONE,
  ENGINE_ROOM_N_LEVELS,
} EngineRoomLevel;

/**
 * EngineRoomPlan:
 * @program: its size
 * @pictures: where the pictures of the shot are
 * @is_person: whether it is somebody, with a face in the middle, and not slides
 * @graphics: what stands there already: logo, marks, name
 */
typedef struct {
  EngineSize program;
  guint n_pictures;
  EngineRect pictures[ENGINE_ROOM_MAX_PICTURES];
  gboolean is_person[ENGINE_ROOM_MAX_PICTURES];
  guint n_graphics;
  EngineRect graphics[ENGINE_ROOM_MAX_GRAPHICS];
} EngineRoomPlan;

EngineRect engine_room_get_face (EngineRect picture);
gint64 engine_room_get_overlap (EngineRect one, EngineRect other);
gint64 engine_room_get_cost (const EngineRoomPlan *plan, EngineRect rect);
guint engine_room_find (const EngineRoomPlan *plan, EngineRoomLevel level, EngineRect *rooms);
EngineRect engine_room_place_card (const EngineRoomPlan *plan, EngineRect room, EngineSize size);
EngineRect engine_room_place_name (const EngineRoomPlan *plan, EngineRect name);
void engine_room_get_band (const EngineRoomPlan *plan, int *left_px, int *right_px);
void engine_room_place_marks (const EngineRoomPlan *plan, const EngineSize *sizes, guint n_sizes,
                              EngineRect *rects);

G_END_DECLS
