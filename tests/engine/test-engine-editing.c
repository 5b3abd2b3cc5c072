/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-program.h"
#include "engine-source-private.h"
#include "engine-testing.h"

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

static const EngineSourceConfig speaker = { .id = "speaker",
                                            .title = "Speaker",
                                            .kind = ENGINE_SOURCE_DRAWN,
                                            .drawing = ENGINE_DRAWING_SPEAKER,
                                            .delay_ms = -1,
                                            .lost_sentence = "Signal lost" };
static const EngineSourceConfig card = { .id = "card",
                                         .title = "Card",
                                         .kind = ENGINE_SOURCE_CARD,
                                         .text = "Back soon",
                                         .background = "#204060",
                                         .colour = "#ff7a18",
                                         .delay_ms = -1,
                                         .lost_sentence = "Signal lost" };

typedef struct {
  EngineProgram *program;
  EngineSource *source;
  guint n_levels;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->program = engine_program_new (&format);
  engine_program_start (self->program);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  const EngineVideoMixerStats stats = engine_program_get_stats (self->program);

  g_assert_cmpuint (stats.n_dropped, ==, 0);
  g_assert_cmpuint (stats.n_mixed + stats.n_repeated, >, 5);
  engine_program_stop (self->program);
  engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->program);
}

static gboolean
is_live (gpointer data)
{
  return engine_source_get_state (((Fixture *) data)->source) == ENGINE_SOURCE_STATE_LIVE;
}

static gboolean
is_loud (gpointer data)
{
  double left_db = 0, right_db = 0;

  engine_source_get_levels (((Fixture *) data)->source, &left_db, &right_db);
  return left_db > -50;
}

static EngineScene *
take (Fixture *self)
{
  EngineScene *scene = engine_program_make_scene (
    self->program,
    &(EngineSceneSpec){ .layout = ENGINE_LAYOUT_FULL, .sources = &self->source, .n_sources = 1 });

  engine_program_take (self->program, scene, ENGINE_TRANSITION_CUT, 0);
  return scene;
}

/* The program goes on, and nothing of the source is left but its place in the scene. */
static void
test_removed_on_air (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineScene) scene = NULL;
  g_autoptr (EnginePicture) last = NULL, later = NULL;
  EngineSlot *slot = NULL;

  self->source = engine_program_add_source (self->program, &speaker);
  g_assert_true (engine_testing_wait (is_live, self, 10000));
  scene = take (self);
  engine_testing_run_for (300);
  slot = _engine_source_get_slot (self->source);
  g_object_ref (self->source);
  engine_program_remove_source (self->program, self->source);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  engine_testing_assert_finalizes (g_steal_pointer (&self->source));
  last = engine_slot_peek_picture (slot, 0);
  g_assert_nonnull (last);
  engine_testing_run_for (1000);
  /* An hour later it is its card that is seen, and not the speaker. */
  later = engine_slot_peek_picture (slot, 3600 * (gint64) GST_SECOND);
  g_assert_nonnull (later);
  g_assert_true (later != last);
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&later->info), ==, format.width_px);
}

static void
test_come_and_go (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_autoptr (EngineScene) scene = NULL;

    self->source = engine_program_add_source (self->program, i % 2 == 0 ? &speaker : &card);
    scene = take (self);
    engine_testing_run_for (i * 10);
    g_object_ref (self->source);
    engine_program_remove_source (self->program, self->source);
    engine_testing_assert_finalizes (g_steal_pointer (&self->source));
  }
}

/* It is seen and measured, and heard by nobody. */
static void
test_tried (Fixture *self, gconstpointer data)
{
  double left_db = 0, right_db = 0;

  self->source = engine_program_try_source (self->program, &speaker);
  g_assert_true (engine_testing_wait (is_live, self, 10000));
  g_assert_true (engine_testing_wait (is_loud, self, 10000));
  engine_program_get_levels (self->program, &left_db, &right_db);
  g_assert_cmpfloat (left_db, <, -100);
  g_object_ref (self->source);
  engine_program_remove_source (self->program, self->source);
  engine_testing_assert_finalizes (g_steal_pointer (&self->source));
  engine_testing_run_for (300);
}

/* A trial that nobody ends ends with the program. */
static void
test_tried_to_the_end (Fixture *self, gconstpointer data)
{
  self->source = engine_program_try_source (self->program, &speaker);
  engine_program_try_source (self->program, &card);
  g_assert_true (engine_testing_wait (is_live, self, 10000));
  engine_testing_run_for (300);
}

static void
count_cb (EngineSource *source, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_reconfigured (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineScene) scene = NULL;
  EngineSlot *slot = NULL;
  guint n_titles = 0;

  self->source = engine_program_add_source (self->program, &speaker);
  g_assert_true (engine_testing_wait (is_live, self, 10000));
  scene = take (self);
  slot = _engine_source_get_slot (self->source);
  g_signal_connect (self->source, "notify::title", G_CALLBACK (count_cb), &n_titles);
  engine_source_set_volume_db (self->source, -6);

  engine_source_reconfigure (self->source, &card);
  g_assert_true (engine_testing_wait (is_live, self, 10000));
  g_assert_cmpstr (engine_source_get_id (self->source), ==, "speaker");
  g_assert_cmpstr (engine_source_get_title (self->source), ==, "Card");
  g_assert_true (_engine_source_get_slot (self->source) == slot);
  g_assert_true (engine_program_scene_shows (scene, self->source));
  g_assert_cmpfloat (engine_source_get_volume_db (self->source), ==, -6);
  g_assert_cmpuint (n_titles, ==, 1);

  engine_source_set_title (self->source, "Break");
  engine_source_set_title (self->source, "Break");
  g_assert_cmpuint (n_titles, ==, 2);
  engine_testing_run_for (300);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/editing/removed-on-air", test_removed_on_air);
  ADD ("/engine/editing/come-and-go", test_come_and_go);
  ADD ("/engine/editing/tried-before-use", test_tried);
  ADD ("/engine/editing/tried-to-the-end", test_tried_to_the_end);
  ADD ("/engine/editing/reconfigured-in-place", test_reconfigured);
  return g_test_run ();
}
