/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-stage.h"
#include "engine-testing.h"

#include <string.h>

/* Comes, is lost for a reason, comes again, and leaves. */
static void
test_states (EngineTestingStage *self, gconstpointer data)
{
  g_autoptr (GError) why = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the way broke");

  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_STARTING);
  g_assert_false (engine_source_get_has_picture (self->source));
  engine_testing_stage_wait_for_card (self);
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_assert_hears (self, 1000);
  engine_testing_stage_wait_for_has_picture (self, TRUE);
  g_assert_true (engine_source_get_has_sound (self->source));
  g_assert_cmpstr (engine_source_get_description (self->source), ==, "640×360 30 fps");

  engine_source_close_remote (self->source, self->caller.bridge, why);
  engine_testing_hang_up (&self->caller);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LOST);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_STREAM);
  engine_testing_stage_wait_for_card (self);

  engine_testing_call (&self->caller, self->clock, self->source, 320, 180, ENGINE_TESTING_BLUE,
                       500);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  g_assert_no_error (engine_source_get_error (self->source));
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_BLUE);
  engine_testing_stage_assert_hears (self, 500);

  engine_source_close_remote (self->source, self->caller.bridge, NULL);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_STARTING);
  engine_testing_stage_wait_for_card (self);
  g_assert_no_error (engine_source_get_error (self->source));
  g_assert_cmpfloat (engine_testing_stage_hear (self, 500), <, -100);
}

/* Nothing comes any more, and nobody says so: a second and a half later it is lost. */
static void
test_stalls (EngineTestingStage *self, gconstpointer data)
{
  gint64 since_us = 0;

  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  g_object_set (self->caller.picture_valve, "drop", TRUE, NULL);
  g_object_set (self->caller.sound_valve, "drop", TRUE, NULL);
  since_us = g_get_monotonic_time ();
  engine_testing_run_for (1000);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LOST);
  g_assert_cmpint (g_get_monotonic_time () - since_us, <, 2500000);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_STALLED);
  engine_testing_stage_wait_for_card (self);
  g_object_set (self->caller.picture_valve, "drop", FALSE, NULL);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
}

/* With the camera off the card is seen in its place, and the voice goes on. */
static void
test_camera_off (EngineTestingStage *self, gconstpointer data)
{
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_has_picture (self, TRUE);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  for (guint i = 0; i < 2; i++) {
    g_object_set (self->caller.picture_valve, "drop", TRUE, NULL);
    engine_testing_stage_wait_for_has_picture (self, FALSE);
    engine_testing_stage_wait_for_card (self);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
    g_assert_no_error (engine_source_get_error (self->source));
    engine_testing_stage_assert_hears (self, 1000);
    g_object_set (self->caller.picture_valve, "drop", FALSE, NULL);
    engine_testing_stage_wait_for_has_picture (self, TRUE);
    engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  }
}

/* Forty times: comes in any size, is replaced while pushing, hangs up, breaks, leaves. The program has all
 * its frames, which the fixture checks, and in the end the last one is seen and heard. */
static void
test_comes_and_goes (EngineTestingStage *self, gconstpointer data)
{
  static const EngineSize sizes[] = { { 320, 180 }, { 1280, 720 }, { 641, 361 }, { 180, 320 },
                                      { 2, 2 },     { 33, 17 },    { 960, 540 } };
  g_autoptr (GError) why = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the way broke");

  for (guint i = 0; i < 40; i++) {
    const EngineSize size = sizes[i % G_N_ELEMENTS (sizes)];
    EngineTestingCaller *caller = i % 2 == 0 ? &self->caller : &self->other;

    engine_testing_hang_up (caller);
    engine_testing_call (caller, self->clock, self->source, i % 5 == 4 ? 0 : size.width_px,
                         size.height_px, ENGINE_TESTING_RED, i % 4 == 3 ? 0 : 1000);
    engine_testing_run_for (i * 13 % 160);
    if (i % 3 == 1)
      engine_source_close_remote (self->source, caller->bridge, i % 2 == 0 ? why : NULL);
    if (i % 7 == 3)
      engine_source_restart (self->source);
  }
  engine_testing_hang_up (&self->caller);
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       500);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_assert_hears (self, 500);
  g_assert_cmpfloat (engine_testing_stage_hear (self, 1000), <, -80);
}

/* Who reloads their page is not lost meanwhile; what the old page still sends comes to nothing, and so
 * does a close for it. */
static void
test_replaced (EngineTestingStage *self, gconstpointer data)
{
  g_autoptr (GError) why = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the way broke");
  EngineSourceState state = ENGINE_SOURCE_STATE_LIVE;

  engine_testing_call (&self->other, self->clock, self->source, 640, 360, ENGINE_TESTING_RED, 1000);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_RED);
  engine_testing_call (&self->caller, self->clock, self->source, 320, 180, ENGINE_TESTING_GREEN,
                       500);
  engine_source_close_remote (self->source, self->other.bridge, why);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  for (guint i = 0; i < 20; i++) {
    engine_testing_run_for (50);
    g_assert_cmpfloat (engine_testing_stage_get_distance (self, ENGINE_TESTING_GREEN), <, 12);
    state = engine_source_get_state (self->source);
    g_assert_cmpint (state, ==, ENGINE_SOURCE_STATE_LIVE);
  }
  engine_testing_stage_assert_hears (self, 500);
  g_assert_cmpfloat (engine_testing_stage_hear (self, 1000), <, -80);
}

/* A guest's picture changes its size whenever their line does. */
static void
test_resizes (EngineTestingStage *self, gconstpointer data)
{
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  for (guint i = 0; i < 20; i++) {
    /* Odd ones among them. */
    engine_testing_resize (&self->caller, i % 2 == 0 ? 1280 : 320 + (int) i * 11,
                           i % 2 == 0 ? 720 : 180 + (int) i * 6);
    engine_testing_run_for (60);
    g_assert_cmpfloat (engine_testing_stage_get_distance (self, ENGINE_TESTING_GREEN), <, 12);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  }
  engine_testing_stage_assert_hears (self, 1000);
}

static EnginePicture *
peek_card (EngineTestingStage *self)
{
  return engine_slot_peek_picture (_engine_source_get_slot (self->source), (gint64) 1 << 60);
}

typedef struct {
  EngineTestingStage *fixture;
  EnginePicture *before;
} CardWish;

static gboolean
card_is_another (gpointer data)
{
  CardWish *wish = data;
  g_autoptr (EnginePicture) card = peek_card (wish->fixture);

  return card != NULL && card != wish->before;
}

static void
wait_for_other_card (EngineTestingStage *self, EnginePicture *before)
{
  CardWish wish = { self, before };

  g_assert_true (engine_testing_wait (card_is_another, &wish, 5000));
}

static gboolean
is_same_card (EnginePicture *a, EnginePicture *b)
{
  GstMapInfo map_a, map_b;
  gboolean same = FALSE;

  gst_buffer_map (a->buffer, &map_a, GST_MAP_READ);
  gst_buffer_map (b->buffer, &map_b, GST_MAP_READ);
  same = map_a.size == map_b.size && memcmp (map_a.data, map_b.data, map_a.size) == 0;
  gst_buffer_unmap (a->buffer, &map_a);
  gst_buffer_unmap (b->buffer, &map_b);
  return same;
}

/* While nobody is there the card says who is expected; changed a hundred times in a row it says the last
 * thing, not that of the slowest thread. */
static void
test_expecting (EngineTestingStage *self, gconstpointer data)
{
  g_autoptr (EnginePicture) title = NULL;
  g_autoptr (EnginePicture) sentence = NULL;
  g_autoptr (EnginePicture) again = NULL;

  engine_testing_stage_wait_for_card (self);
  title = peek_card (self);
  engine_source_set_expecting (self->source, "Anna has not joined yet");
  wait_for_other_card (self, title);
  sentence = peek_card (self);
  g_assert_false (is_same_card (title, sentence));
  for (guint i = 0; i < 100; i++) {
    g_autofree char *text = g_strdup_printf ("Anna is expected in %u minutes", i);

    engine_source_set_expecting (self->source, text);
  }
  engine_source_set_expecting (self->source, "Anna has not joined yet");
  wait_for_other_card (self, sentence);
  for (guint i = 0; i < 100; i++) {
    g_clear_pointer (&again, engine_picture_unref);
    again = peek_card (self);
    if (is_same_card (again, sentence))
      break;
    engine_testing_run_for (50);
  }
  engine_testing_run_for (500);
  g_clear_pointer (&again, engine_picture_unref);
  again = peek_card (self);
  g_assert_true (is_same_card (again, sentence));
}

/* A screen that somebody shares may stand still as long as it likes, and goes when it is closed. */
static void
test_stands_still (EngineTestingStage *self, gconstpointer data)
{
  g_autoptr (GError) why = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the way broke");

  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN, 0);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  g_object_set (self->caller.picture_valve, "drop", TRUE, NULL);
  engine_testing_run_for (3500);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  g_assert_false (engine_source_get_frozen (self->source));
  g_assert_cmpfloat (engine_testing_stage_get_distance (self, ENGINE_TESTING_GREEN), <, 12);
  engine_source_close_remote (self->source, self->caller.bridge, why);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LOST);
  engine_testing_stage_wait_for_card (self);
}

/* The same picture again and again from a camera is told. */
static void
test_frozen (EngineTestingStage *self, gconstpointer data)
{
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN, 0);
  gst_util_set_object_arg (G_OBJECT (self->caller.origin), "pattern", "snow");
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_run_for (9000);
  g_assert_false (engine_source_get_frozen (self->source));
  gst_util_set_object_arg (G_OBJECT (self->caller.origin), "pattern", "smpte75");
  for (guint i = 0; i < 100 && !engine_source_get_frozen (self->source); i++)
    engine_testing_run_for (100);
  g_assert_true (engine_source_get_frozen (self->source));
}

/* The crew edits it, mutes it, removes it, while it is open. */
static void
test_edited (EngineTestingStage *self, gconstpointer data)
{
  EngineSourceConfig config = { .id = "anna",
                                .title = "Anna Martin",
                                .kind = ENGINE_SOURCE_REMOTE,
                                .delay_ms = -1,
                                .lost_sentence = "Just a moment" };

  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_source_reconfigure (self->source, &config);
  g_assert_cmpstr (engine_source_get_title (self->source), ==, "Anna Martin");
  engine_testing_run_for (700);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  g_assert_cmpfloat (engine_testing_stage_get_distance (self, ENGINE_TESTING_GREEN), <, 12);
  engine_testing_stage_assert_hears (self, 1000);
  engine_source_set_muted (self->source, TRUE);
  g_assert_cmpfloat (engine_testing_stage_hear (self, 1000), <, -100);
  engine_source_set_muted (self->source, FALSE);
  engine_source_set_volume_db (self->source, -6);
  g_assert_cmpfloat_with_epsilon (engine_testing_stage_hear (self, 1000), -26, 0.5);

  _engine_source_remove (self->source);
  engine_testing_stage_wait_for_card (self);
  g_assert_cmpfloat (engine_testing_stage_hear (self, 1000), <, -100);
  g_assert_null (engine_source_open_remote (self->source, 60));
  engine_source_close_remote (self->source, self->caller.bridge, NULL);
}

/* Holds the first piece of sound up, and with it all that follow it. */
static GstPadProbeReturn
hold_up_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_usleep (G_USEC_PER_SEC * 7 / 10);
  return GST_PAD_PROBE_REMOVE;
}

static gint64
get_delay_ms (EngineTestingCaller *caller)
{
  return engine_bridge_get_time (caller->bridge, (gint64) GST_SECOND * 1000) / (gint64) GST_MSECOND;
}

static gboolean
is_quick_again (gpointer data)
{
  EngineTestingStage *self = data;

  return get_delay_ms (&self->caller) - self->usual_ms < 100;
}

/* When the line stands still the delay grows, and what is said is heard to its end; when it is good again,
 * people can talk to each other again. */
static void
test_hiccup (EngineTestingStage *self, gconstpointer data)
{
  g_autoptr (GstPad) pad = NULL;

  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_state (self, ENGINE_SOURCE_STATE_LIVE);
  engine_testing_stage_assert_hears (self, 1000);
  self->usual_ms = get_delay_ms (&self->caller);
  pad = gst_element_get_static_pad (self->caller.sound_valve, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, hold_up_cb, NULL, NULL);
  engine_testing_run_for (1500);
  g_assert_cmpint (get_delay_ms (&self->caller), >, self->usual_ms + 300);
  engine_testing_stage_assert_hears (self, 1000);
  g_assert_true (engine_testing_wait (is_quick_again, self, 30000));
  engine_testing_stage_assert_hears (self, 1000);
}

static gint n_tapped[ENGINE_N_MEDIA]; /* atomic */

static void
tap_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gint64 time_ns, gpointer user_data)
{
  g_atomic_int_inc (&n_tapped[media]);
}

/* Who records each source as it came gets this one too. */
static void
test_tap (EngineTestingStage *self, gconstpointer data)
{
  EngineTap *tap = engine_slot_get_tap (_engine_source_get_slot (self->source), ENGINE_TAP_SOURCE);

  engine_tap_set (tap, tap_cb, NULL);
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_assert_hears (self, 1000);
  engine_tap_set (tap, NULL, NULL);
  g_assert_cmpint (g_atomic_int_get (&n_tapped[ENGINE_MEDIA_VIDEO]), >, 3);
  g_assert_cmpint (g_atomic_int_get (&n_tapped[ENGINE_MEDIA_AUDIO]), >, 10);
}

#define ADD(path, func)                                                                            \
  g_test_add ("/engine/remote/" path, EngineTestingStage, NULL, engine_testing_stage_set_up, func, \
              engine_testing_stage_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("states", test_states);
  ADD ("stalls", test_stalls);
  ADD ("camera-off", test_camera_off);
  ADD ("comes-and-goes", test_comes_and_goes);
  ADD ("replaced", test_replaced);
  ADD ("resizes", test_resizes);
  ADD ("expecting", test_expecting);
  ADD ("frozen", test_frozen);
  ADD ("edited", test_edited);
  ADD ("tap", test_tap);
  ADD ("hiccup", test_hiccup);
  g_test_add ("/engine/remote/stands-still", EngineTestingStage, "still",
              engine_testing_stage_set_up, test_stands_still, engine_testing_stage_tear_down);
  return g_test_run ();
}
