/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art.h"
#include "engine-room.h"

#include <string.h>

static const EngineSize programs[] = { { 1920, 1080 }, { 1280, 720 }, { 720, 1280 }, { 640, 360 } };

/* A shot's pictures; in layouts for slides the first is slides. */
static EngineRoomPlan
make_plan (EngineLayout layout, EngineCorner corner, guint n_sources, gboolean slides,
           EngineSize program)
{
  const EngineSize sizes[ENGINE_LAYOUT_MAX_PLACES] = { 0 };
  EngineRoomPlan plan = { .program = program };

  plan.n_pictures =
    engine_layout_arrange (layout, corner, sizes, n_sources, program, plan.pictures);
  for (guint i = 0; i < plan.n_pictures; i++)
    plan.is_person[i] = i > 0 || !slides;
  return plan;
}

static gint64
get_faces_covered (const EngineRoomPlan *plan, EngineRect rect)
{
  gint64 covered = 0;

  for (guint i = 0; i < plan->n_pictures; i++) {
    if (plan->is_person[i])
      covered += engine_room_get_overlap (engine_room_get_face (plan->pictures[i]), rect);
  }
  return covered;
}

static void
assert_inside (EngineRect rect, EngineSize program)
{
  g_assert_cmpint (rect.x, >=, program.width_px / 20);
  g_assert_cmpint (rect.y, >=, program.height_px / 20);
  g_assert_cmpint (rect.x + rect.width, <=, program.width_px - program.width_px / 20);
  g_assert_cmpint (rect.y + rect.height, <=, program.height_px - program.height_px / 20);
}

static const struct {
  const char *name;
  EngineLayout layout;
  EngineCorner corner;
  guint n_sources;
  gboolean slides;
  EngineRoomLevel level; /* the strictest at which there must be room in a wide program */
} shots[] = {
  { "full", ENGINE_LAYOUT_FULL, 0, 1, FALSE, ENGINE_ROOM_FACES },
  { "full-slides", ENGINE_LAYOUT_FULL, 0, 1, TRUE, ENGINE_ROOM_SLIDES },
  { "side-by-side", ENGINE_LAYOUT_SIDE_BY_SIDE, 0, 2, FALSE, ENGINE_ROOM_ALL },
  { "pip-top-left", ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_TOP_LEFT, 2, FALSE,
    ENGINE_ROOM_FACES },
  { "pip-top-right", ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_TOP_RIGHT, 2, FALSE,
    ENGINE_ROOM_FACES },
  { "pip-bottom-left", ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_BOTTOM_LEFT, 2, FALSE,
    ENGINE_ROOM_FACES },
  { "pip-bottom-right", ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_BOTTOM_RIGHT, 2, FALSE,
    ENGINE_ROOM_FACES },
  { "pip-on-slides", ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_BOTTOM_RIGHT, 2, TRUE,
    ENGINE_ROOM_SLIDES },
  { "slides-and-speaker", ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 0, 2, TRUE, ENGINE_ROOM_ALL },
  { "slides-and-two", ENGINE_LAYOUT_SLIDES_AND_TWO, 0, 3, TRUE, ENGINE_ROOM_SLIDES },
  { "everyone", ENGINE_LAYOUT_EVERYONE, 0, 4, FALSE, ENGINE_ROOM_FACES },
};

/* Every room keeps what its level promises, and there is one that hides nobody. */
static void
test_rooms (gconstpointer data)
{
  const guint shot = GPOINTER_TO_UINT (data);

  for (guint p = 0; p < G_N_ELEMENTS (programs); p++) {
    EngineRoomPlan plan = make_plan (shots[shot].layout, shots[shot].corner, shots[shot].n_sources,
                                     shots[shot].slides, programs[p]);
    gboolean hides_nobody = FALSE;

    for (guint level = 0; level < ENGINE_ROOM_N_LEVELS; level++) {
      EngineRect rooms[ENGINE_ROOM_MAX_FOUND];
      const guint n_rooms = engine_room_find (&plan, (EngineRoomLevel) level, rooms);

      if (programs[p].width_px > programs[p].height_px && level >= shots[shot].level)
        g_assert_cmpuint (n_rooms, >, 0);
      if (level == ENGINE_ROOM_NONE)
        g_assert_cmpuint (n_rooms, >, 0);
      for (guint i = 0; i < n_rooms; i++) {
        assert_inside (rooms[i], programs[p]);
        if (level < ENGINE_ROOM_NONE) {
          g_assert_cmpint (get_faces_covered (&plan, rooms[i]), ==, 0);
          hides_nobody = TRUE;
        }
        for (guint k = 0; k < plan.n_pictures; k++) {
          if (level == ENGINE_ROOM_ALL || (level == ENGINE_ROOM_FACES && !plan.is_person[k]))
            g_assert_cmpint (engine_room_get_overlap (plan.pictures[k], rooms[i]), ==, 0);
        }
      }
    }
    g_assert_true (hides_nobody || programs[p].width_px < programs[p].height_px);
  }
}

/* The card that is drawn hides nobody, no logo and no name, in every shot, short or long. */
static void
test_cards (gconstpointer data)
{
  static const char *const texts[] = {
    "Bravo !",
    "J’étais venue par curiosité, je repars avec une feuille de route. On ne collecte pas des "
    "données, on collecte de la confiance ; un SMS bien écrit vaut mieux qu’une affiche.",
  };
  const guint shot = GPOINTER_TO_UINT (data);
  EngineRoomPlan plan = make_plan (shots[shot].layout, shots[shot].corner, shots[shot].n_sources,
                                   shots[shot].slides, programs[1]);
  const EngineRect logo = { 1046, 29, 205, 83 };

  plan.graphics[plan.n_graphics++] = logo;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const EngineArtName name = {
      "Karim Benali", NULL, "Ouvrir les données", (EngineNameStyle) i, NULL, NULL, &plan
    };
    g_autoptr (EngineArt) name_art = engine_art_draw_name (&name, 1280, 720, NULL);
    EngineRoomPlan with_name = plan;
    const EngineArtPost post = { "Ana", "@ana@example.org", "Mastodon", texts[i],  NULL,
                                 NULL,  "#1c71d8",          NULL,       &with_name };
    g_autoptr (EngineArt) art = NULL;
    EngineRect card = { 0 };

    with_name.graphics[with_name.n_graphics++] = name_art->place;
    art = engine_art_draw_post (&post, 1280, 720, NULL);
    g_assert_nonnull (art);
    card = (EngineRect){ art->place.x + 23, art->place.y + 23, art->place.width - 46,
                         art->place.height - 46 };
    g_assert_cmpint (get_faces_covered (&plan, card), ==, 0);
    g_assert_cmpint (engine_room_get_overlap (logo, card), ==, 0);
    g_assert_cmpint (engine_room_get_overlap (name_art->place, card), ==, 0);
    assert_inside (card, programs[1]);
  }
}

/* Room for a card beside slides is taken before slides are covered, and at the right first. */
static void
test_prefers (void)
{
  EngineRoomPlan full = make_plan (ENGINE_LAYOUT_FULL, 0, 1, FALSE, programs[0]);
  EngineRoomPlan both = make_plan (ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 0, 2, TRUE, programs[0]);
  const EngineRoomPlan empty = { .program = programs[0] };
  EngineRect rooms[ENGINE_ROOM_MAX_FOUND], card = { 0 };

  g_assert_cmpuint (engine_room_find (&full, ENGINE_ROOM_FACES, rooms), >=, 2);
  g_assert_cmpint (rooms[0].x, >, 960);
  g_assert_cmpint (rooms[1].x + rooms[1].width, <, 960);
  g_assert_cmpuint (engine_room_find (&both, ENGINE_ROOM_ALL, rooms), >=, 1);
  g_assert_cmpint (rooms[0].y + rooms[0].height, <=, both.pictures[1].y);

  g_assert_cmpuint (engine_room_find (&empty, ENGINE_ROOM_ALL, rooms), ==, 1);
  card = engine_room_place_card (&empty, rooms[0], (EngineSize){ 600, 400 });
  g_assert_cmpint (card.x + card.width, ==, rooms[0].x + rooms[0].width);
  g_assert_cmpint (card.y + card.height, ==, rooms[0].y + rooms[0].height);
}

/* A name leaves a small picture alone, and a logo; it does not move for a face that it only touches. */
static void
test_names (void)
{
  EngineRoomPlan full = make_plan (ENGINE_LAYOUT_FULL, 0, 1, FALSE, programs[0]);
  EngineRoomPlan left =
    make_plan (ENGINE_LAYOUT_PICTURE_IN_PICTURE, ENGINE_CORNER_BOTTOM_LEFT, 2, FALSE, programs[0]);
  const EngineRect name = { 96, 850, 800, 176 };
  EngineRect placed = engine_room_place_name (&full, name);
  int from = 0, to = 0;

  g_assert_cmpmem (&placed, sizeof placed, &name, sizeof name);
  placed = engine_room_place_name (&left, name);
  g_assert_cmpint (placed.x, ==, 1920 - 96 - 800);
  g_assert_cmpint (placed.y, ==, 850);

  engine_room_get_band (&left, &from, &to);
  g_assert_cmpint (from, >=, left.pictures[1].x + left.pictures[1].width);
  g_assert_cmpint (to, ==, 1920);
  engine_room_get_band (&full, &from, &to);
  g_assert_cmpint (from, ==, 0);
  g_assert_cmpint (to, ==, 1920);

  /* Logos at both sides: above the lower one. */
  full.graphics[full.n_graphics++] = (EngineRect){ 43, 900, 300, 130 };
  full.graphics[full.n_graphics++] = (EngineRect){ 1577, 900, 300, 130 };
  placed = engine_room_place_name (&full, name);
  g_assert_cmpint (placed.y + placed.height, <=, 900);
}

/* Whatever the logo's corner and size, whichever marks are shown, in whatever program: they collide
 * with nothing, nor with each other, and stay inside. */
static void
test_marks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs) * 4 * 3 * 8; i++) {
    const EngineSize program = programs[i % 4];
    const EngineCorner corner = (EngineCorner) (i / 4 % 4);
    const double scale = (double[]){ 0.25, 1, 3 }[i / 16 % 3];
    const double unit = MIN (program.height_px, program.width_px * 0.75) / 1080.0;
    const int margin = (int) (program.height_px * 0.04);
    const int width = (int) (program.width_px * 0.16 * scale);
    const int height = (int) (program.height_px * 0.12 * scale);
    EngineRoomPlan plan = make_plan (ENGINE_LAYOUT_FULL, 0, 1, FALSE, program);
    EngineSize sizes[3] = { { (int) (240 * unit), (int) (58 * unit) },
                            { (int) (140 * unit), (int) (58 * unit) },
                            { (int) (230 * unit), (int) (58 * unit) } };
    EngineRect rects[3];

    plan.graphics[plan.n_graphics++] =
      (EngineRect){ corner % 2 ? program.width_px - margin - width : margin,
                    corner >= 2 ? program.height_px - margin - height : margin, width, height };
    for (guint k = 0; k < 3; k++) {
      if (i / 48 & (1U << k))
        sizes[k] = (EngineSize){ 0 };
    }
    engine_room_place_marks (&plan, sizes, 3, rects);
    for (guint k = 0; k < 3; k++) {
      if (sizes[k].width_px == 0)
        continue;
      g_assert_cmpint (rects[k].x, >=, margin - 1);
      g_assert_cmpint (rects[k].x + rects[k].width, <=, program.width_px - margin + 1);
      g_assert_cmpint (rects[k].y, >=, margin - 1);
      g_assert_cmpint (rects[k].y + rects[k].height, <=, program.height_px);
      g_assert_cmpint (engine_room_get_overlap (rects[k], plan.graphics[0]), ==, 0);
      for (guint other = 0; other < k; other++)
        g_assert_cmpint (engine_room_get_overlap (rects[k], rects[other]), ==, 0);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shots); i++) {
    g_autofree char *rooms = g_strdup_printf ("/engine/room/hides-nobody/%s", shots[i].name);
    g_autofree char *cards = g_strdup_printf ("/engine/room/card-hides-nobody/%s", shots[i].name);

    g_test_add_data_func (rooms, GUINT_TO_POINTER (i), test_rooms);
    g_test_add_data_func (cards, GUINT_TO_POINTER (i), test_cards);
  }
  g_test_add_func ("/engine/room/prefers-the-right", test_prefers);
  g_test_add_func ("/engine/room/names-make-room", test_names);
  g_test_add_func ("/engine/room/marks-collide-with-nothing", test_marks);
  return g_test_run ();
}
