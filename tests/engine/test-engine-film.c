/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing.h"

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

static char *film_folder;
static char *film_path;

#define FILM_MS 2000

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
  guint n_ended;
  guint n_told;
  gint64 wanted_below_ms;
} Fixture;

static void
ended_cb (EngineSource *source, gpointer user_data)
{
  ((Fixture *) user_data)->n_ended++;
}

static void
told_cb (EngineSource *source, GParamSpec *pspec, gpointer user_data)
{
  ((Fixture *) user_data)->n_told++;
}

static void
start_film (Fixture *self, const char *path, gboolean loop)
{
  const EngineSourceConfig config = { .id = "film",
                                      .title = "Film",
                                      .kind = ENGINE_SOURCE_FILM,
                                      .file = path,
                                      .loop = loop,
                                      .delay_ms = -1,
                                      .lost_sentence = "Signal lost" };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  g_signal_connect (self->source, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->source, "notify::left-ms", G_CALLBACK (told_cb), self);
  _engine_source_start (self->source);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_source_stop (self->source);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
}

static gboolean
is_held (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_state (self->source) == ENGINE_SOURCE_STATE_LIVE &&
         ABS (engine_source_get_left_ms (self->source) - FILM_MS) < 80;
}

static gboolean
is_below (gpointer data)
{
  Fixture *self = data;
  const gint64 left_ms = engine_source_get_left_ms (self->source);

  return left_ms >= 0 && left_ms < self->wanted_below_ms;
}

static gboolean
has_ended (gpointer data)
{
  return ((Fixture *) data)->n_ended > 0;
}

static gboolean
wait_until_below (Fixture *self, gint64 left_ms)
{
  self->wanted_below_ms = left_ms;
  return engine_testing_wait (is_below, self, 5000);
}

/* What is seen now, as a checksum of its luma. */
static char *
look (Fixture *self)
{
  g_autoptr (EnginePicture) picture =
    engine_slot_pull_picture (_engine_source_get_slot (self->source),
                              engine_clock_get_now (self->clock));
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GstVideoFrame frame;

  g_assert_nonnull (picture);
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==, 160);
  g_assert_true (gst_video_frame_map (&frame, &picture->info, picture->buffer, GST_MAP_READ));
  for (int y = 0; y < GST_VIDEO_FRAME_HEIGHT (&frame); y++)
    g_checksum_update (checksum,
                       (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0) +
                         y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
                       160);
  gst_video_frame_unmap (&frame);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
test_held (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL, *later = NULL;

  start_film (self, film_path, FALSE);
  g_assert_true (engine_testing_wait (is_held, self, 5000));
  g_assert_true (engine_source_get_has_picture (self->source));
  first = look (self);
  /* Longer than a picture lives that does not stay. */
  engine_testing_run_for (2500);
  later = look (self);
  g_assert_cmpstr (first, ==, later);
  g_assert_true (is_held (self));
  g_assert_false (engine_source_get_has_sound (self->source));
  g_assert_cmpuint (self->n_ended, ==, 0);
}

/* On air from its first picture to its last, which stays; off air it goes back. */
static void
test_on_air (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL, *last = NULL, *later = NULL, *again = NULL;
  gint64 began_us = 0, took_us = 0;

  start_film (self, film_path, FALSE);
  g_assert_true (engine_testing_wait (is_held, self, 5000));
  first = look (self);
  self->n_told = 0;
  began_us = g_get_monotonic_time ();
  engine_source_set_tally (self->source, TRUE, FALSE);
  g_assert_true (engine_testing_wait (has_ended, self, 6000));
  took_us = g_get_monotonic_time () - began_us;
  g_assert_cmpint (took_us, >, 1900 * 1000);
  g_assert_cmpint (took_us, <, 3000 * 1000);
  g_assert_cmpuint (self->n_told, >=, 5);
  g_assert_cmpuint (self->n_told, <=, 12);
  engine_testing_run_for (300);
  g_assert_cmpint (engine_source_get_left_ms (self->source), ==, 0);
  g_assert_true (engine_source_get_has_sound (self->source));
  last = look (self);
  g_assert_cmpstr (first, !=, last);
  engine_testing_run_for (2500);
  later = look (self);
  g_assert_cmpstr (last, ==, later);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);

  engine_source_set_tally (self->source, FALSE, FALSE);
  g_assert_true (engine_testing_wait (is_held, self, 5000));
  engine_testing_run_for (100);
  again = look (self);
  g_assert_cmpstr (first, ==, again);

  engine_source_set_tally (self->source, TRUE, FALSE);
  g_assert_true (wait_until_below (self, 1500));
  g_assert_cmpuint (self->n_ended, ==, 1);
}

/* A fade away from a film does not stop it at once, and back on air it begins anew. */
static void
test_off_and_on (Fixture *self, gconstpointer data)
{
  start_film (self, film_path, FALSE);
  engine_source_set_tally (self->source, TRUE, FALSE);
  g_assert_true (wait_until_below (self, 1000));
  engine_source_set_tally (self->source, FALSE, FALSE);
  engine_testing_run_for (300);
  g_assert_cmpint (engine_source_get_left_ms (self->source), <, 900);
  engine_source_set_tally (self->source, TRUE, FALSE);
  engine_testing_run_for (600);
  g_assert_cmpint (engine_source_get_left_ms (self->source), >, 1000);
  g_assert_true (engine_testing_wait (has_ended, self, 6000));
}

static void
test_by_hand (Fixture *self, gconstpointer data)
{
  start_film (self, film_path, FALSE);
  /* At once, before it can. */
  engine_source_play (self->source);
  g_assert_true (wait_until_below (self, 1500));
  engine_source_stop (self->source);
  g_assert_true (engine_testing_wait (is_held, self, 5000));
  engine_testing_run_for (500);
  g_assert_true (is_held (self));
  engine_source_stop (self->source);
  engine_source_play (self->source);
  engine_source_play (self->source);
  g_assert_true (engine_testing_wait (has_ended, self, 6000));
}

static void
test_loop (Fixture *self, gconstpointer data)
{
  start_film (self, film_path, TRUE);
  g_assert_true (engine_testing_wait (is_held, self, 5000));
  engine_source_set_tally (self->source, TRUE, FALSE);
  g_assert_true (wait_until_below (self, 500));
  engine_testing_run_for (1000);
  g_assert_cmpint (engine_source_get_left_ms (self->source), >, 900);
  engine_testing_run_for (1500);
  g_assert_cmpuint (self->n_ended, ==, 0);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
}

/* It comes while it is on air: it plays as soon as it can. */
static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (film_folder, "later.mp4", NULL);

  start_film (self, path, FALSE);
  engine_source_set_tally (self->source, TRUE, FALSE);
  engine_testing_run_for (1000);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LOST);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_NOT_FOUND);
  g_assert_cmpint (engine_source_get_left_ms (self->source), ==, -1);
  engine_testing_make_film (path);
  g_assert_true (engine_testing_wait (has_ended, self, 10000));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  film_folder = engine_testing_make_folder ();
  film_path = g_build_filename (film_folder, "film.mp4", NULL);
  engine_testing_make_film (film_path);
  ADD ("/engine/film/waits-on-its-first-picture", test_held);
  ADD ("/engine/film/plays-on-air-and-goes-back-off-air", test_on_air);
  ADD ("/engine/film/goes-on-for-a-fade", test_off_and_on);
  ADD ("/engine/film/played-and-stopped-by-hand", test_by_hand);
  ADD ("/engine/film/loops-without-an-end", test_loop);
  ADD ("/engine/film/comes-later", test_missing);
  result = g_test_run ();
  g_free (film_path);
  engine_testing_remove_folder (film_folder);
  return result;
}
