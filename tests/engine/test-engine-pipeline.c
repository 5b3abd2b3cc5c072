/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-testing.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  EngineClock *clock;
  EnginePipeline *pipeline;
  guint n_failed;
  guint n_playing;
  guint n_eos;
  guint n_segments;
  gboolean live;
  GError *error;
} Fixture;

static void
failed_cb (EnginePipeline *pipeline, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_failed++;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static void
playing_cb (EnginePipeline *pipeline, gboolean live, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_playing++;
  self->live = live;
}

static void
eos_cb (EnginePipeline *pipeline, gpointer user_data)
{
  ((Fixture *) user_data)->n_eos++;
}

static void
segment_done_cb (EnginePipeline *pipeline, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_segments++;
  if (self->n_segments < 3)
    g_assert_true (gst_element_seek (engine_pipeline_get_bin (pipeline), 1, GST_FORMAT_TIME,
                                     GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET, 0,
                                     GST_SEEK_TYPE_NONE, -1));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->pipeline = engine_pipeline_new (self->clock, "test");
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->pipeline, "playing", G_CALLBACK (playing_cb), self);
  g_signal_connect (self->pipeline, "eos", G_CALLBACK (eos_cb), self);
  g_signal_connect (self->pipeline, "segment-done", G_CALLBACK (segment_done_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_pipeline_stop (self->pipeline);
  engine_pipeline_stop (self->pipeline);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  engine_testing_assert_finalizes (self->pipeline);
  engine_testing_assert_finalizes (self->clock);
  g_clear_error (&self->error);
}

/* Puts a chain of elements in, from a description such as gst-launch-1.0 takes. */
static void
fill (Fixture *self, const char *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description (description, FALSE, &error);

  g_assert_no_error (error);
  gst_bin_add (GST_BIN (engine_pipeline_get_bin (self->pipeline)), bin);
}

static gboolean
has_failed (gpointer data)
{
  return ((Fixture *) data)->n_failed > 0;
}

static gboolean
is_playing (gpointer data)
{
  return ((Fixture *) data)->n_playing > 0;
}

static gboolean
has_ended (gpointer data)
{
  return ((Fixture *) data)->n_eos > 0;
}

static gboolean
has_segments (gpointer data)
{
  return ((Fixture *) data)->n_segments >= 3;
}

static void
check_failure (Fixture *self, const char *description, EngineError code)
{
  fill (self, description);
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (has_failed, self, 10000));
  engine_testing_run_for (200);
  g_assert_cmpuint (self->n_failed, ==, 1);
  g_assert_error (self->error, ENGINE_ERROR, (int) code);
  g_assert_cmpuint (strlen (self->error->message), >, 3);
}

static void
test_not_found (Fixture *self, gconstpointer data)
{
  check_failure (self, "filesrc location=/nowhere/at/all ! fakesink", ENGINE_ERROR_NOT_FOUND);
  g_assert_cmpuint (self->n_playing, ==, 0);
}

static void
test_unwritable (Fixture *self, gconstpointer data)
{
  check_failure (self, "videotestsrc ! filesink location=/dev/null/nothing",
                 ENGINE_ERROR_UNWRITABLE);
}

static void
test_no_space (Fixture *self, gconstpointer data)
{
  if (g_access ("/dev/full", W_OK) != 0) {
    g_test_skip ("there is no /dev/full here");
    return;
  }
  check_failure (self, "videotestsrc ! filesink location=/dev/full buffer-mode=unbuffered",
                 ENGINE_ERROR_DISK_FULL);
}

static void
test_unsupported (Fixture *self, gconstpointer data)
{
  check_failure (self, "filesrc location=/etc/passwd ! decodebin ! fakesink",
                 ENGINE_ERROR_UNSUPPORTED);
}

/* While it runs; two elements fail, and one word is said. */
static void
test_fails_running (Fixture *self, gconstpointer data)
{
  fill (self, "videotestsrc num-buffers=1000 ! identity error-after=20 ! fakesink sync=false");
  fill (self, "audiotestsrc num-buffers=1000 ! identity error-after=20 ! fakesink sync=false");
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (has_failed, self, 10000));
  engine_testing_run_for (200);
  g_assert_cmpuint (self->n_failed, ==, 1);
  g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_STREAM);
}

static void
test_missing_element (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
    engine_make (engine_pipeline_get_bin (self->pipeline), "no-such-element", NULL, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT);
  g_assert_nonnull (strstr (error->message, "no-such-element"));
}

static void
test_link (Fixture *self, gconstpointer data)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *source = engine_make (bin, "fakesrc", "the-source", NULL);
  GstElement *sink = engine_make (bin, "fakesink", "the-sink", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (engine_link (source, sink, &error));
  g_assert_no_error (error);
  g_assert_false (engine_link (source, sink, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM);
  g_assert_nonnull (strstr (error->message, "the-source"));
}

static void
test_plays (Fixture *self, gconstpointer data)
{
  fill (self, "videotestsrc num-buffers=10 ! fakesink sync=false");
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (is_playing, self, 10000));
  g_assert_false (self->live);
  g_assert_true (engine_testing_wait (has_ended, self, 10000));
  g_assert_cmpuint (self->n_eos, ==, 1);
  g_assert_cmpuint (self->n_failed, ==, 0);
}

static void
test_live (Fixture *self, gconstpointer data)
{
  fill (self, "videotestsrc is-live=true ! fakesink");
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (is_playing, self, 10000));
  g_assert_true (self->live);
}

static void
test_loops (Fixture *self, gconstpointer data)
{
  fill (self, "audiotestsrc num-buffers=5 ! fakesink sync=false");
  engine_pipeline_start (self->pipeline, TRUE);
  g_assert_true (engine_testing_wait (has_segments, self, 10000));
}

/* Nothing is heard of it any more. */
static void
test_stop_while_starting (Fixture *self, gconstpointer data)
{
  fill (self, "filesrc location=/nowhere/at/all ! fakesink");
  engine_pipeline_start (self->pipeline, FALSE);
  engine_pipeline_stop (self->pipeline);
  g_assert_null (engine_pipeline_get_bin (self->pipeline));
  engine_testing_run_for (200);
  g_assert_cmpuint (self->n_failed, ==, 0);
  g_assert_cmpuint (self->n_playing, ==, 0);
}

/* Dropped by its owner at any moment of starting. */
static void
test_many_short_lives (void)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();

  for (guint i = 0; i < 40; i++) {
    EnginePipeline *pipeline = engine_pipeline_new (clock, "short");
    GstElement *bin =
      gst_parse_bin_from_description ("videotestsrc is-live=true ! queue ! videoconvert ! fakesink",
                                      FALSE, NULL);

    gst_bin_add (GST_BIN (engine_pipeline_get_bin (pipeline)), bin);
    engine_pipeline_start (pipeline, i % 3 == 0);
    for (guint n = 0; n < i % 5; n++)
      g_main_context_iteration (NULL, FALSE);
    engine_testing_assert_finalizes (pipeline);
  }
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
}

/* Starting goes on in another thread: it must not wake up what was stopped. */
static void
test_stays_stopped (void)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();

  for (guint i = 0; i < 100; i++) {
    EnginePipeline *pipeline = engine_pipeline_new (clock, "short");
    g_autoptr (GstElement) bin = gst_object_ref (engine_pipeline_get_bin (pipeline));

    gst_bin_add (GST_BIN (bin),
                 gst_parse_bin_from_description ("videotestsrc ! queue ! fakesink sync=true", FALSE,
                                                 NULL));
    engine_pipeline_start (pipeline, i % 2 == 0);
    for (guint n = 0; n < i * 20; n++)
      g_thread_yield ();
    engine_pipeline_stop (pipeline);
    engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
    engine_testing_assert_finalizes (pipeline);
    g_assert_cmpint (GST_STATE (bin), ==, GST_STATE_NULL);
    g_assert_cmpint (GST_STATE_TARGET (bin), ==, GST_STATE_NULL);
  }
}

/* Reading from a pipe that nobody writes to blocks when it is opened. */
static void
test_blocking_start (Fixture *self, gconstpointer data)
{
  char *folder = engine_testing_make_folder ();
  g_autofree char *path = g_build_filename (folder, "pipe", NULL);
  g_autofree char *description = g_strdup_printf ("filesrc location=%s ! fakesink", path);
  gint64 began_us = 0;
  int writer = -1;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  fill (self, description);
  began_us = g_get_monotonic_time ();
  engine_pipeline_start (self->pipeline, FALSE);
  engine_testing_run_for (300);
  g_assert_cmpuint (self->n_playing, ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, G_USEC_PER_SEC);
  engine_pipeline_stop (self->pipeline);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, G_USEC_PER_SEC);
  /* Nor does the end of the program wait for it for ever. */
  engine_pipeline_wait_for_stopped (200000);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, G_USEC_PER_SEC);
  writer = g_open (path, O_RDWR, 0);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_close (writer, NULL);
  engine_testing_remove_folder (folder);
}

/* A file that needs its end is whole when waiting is over. */
static void
test_finish (Fixture *self, gconstpointer data)
{
  char *folder = engine_testing_make_folder ();
  g_autofree char *path = g_build_filename (folder, "sound.wav", NULL);
  g_autofree char *description =
    g_strdup_printf ("audiotestsrc is-live=true name=source ! wavenc ! filesink location=%s", path);
  GstElement *source = NULL;
  guint32 size = 0;
  g_autofree char *contents = NULL;
  gsize length = 0;

  fill (self, description);
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (is_playing, self, 10000));
  engine_testing_run_for (150);
  source = gst_bin_get_by_name (GST_BIN (engine_pipeline_get_bin (self->pipeline)), "source");
  gst_element_send_event (source, gst_event_new_eos ());
  gst_object_unref (source);
  engine_pipeline_finish (self->pipeline);
  engine_pipeline_finish (self->pipeline);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  memcpy (&size, contents + 4, sizeof size);
  g_assert_cmpuint (GUINT32_FROM_LE (size), ==, length - 8);
  g_assert_cmpuint (self->n_eos + self->n_failed, ==, 0);
  engine_testing_remove_folder (folder);
}

/* One that does not end by itself is given up after a while. */
static void
test_finish_gives_up (Fixture *self, gconstpointer data)
{
  const gint64 began_us = g_get_monotonic_time ();

  fill (self, "videotestsrc is-live=true ! fakesink");
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (is_playing, self, 10000));
  engine_pipeline_finish (self->pipeline);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 5 * G_USEC_PER_SEC);
  g_assert_null (engine_pipeline_get_bin (self->pipeline));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/pipeline/fails-with-not-found", test_not_found);
  ADD ("/engine/pipeline/fails-with-unwritable", test_unwritable);
  ADD ("/engine/pipeline/fails-with-disk-full", test_no_space);
  ADD ("/engine/pipeline/fails-with-unsupported", test_unsupported);
  ADD ("/engine/pipeline/fails-once-while-running", test_fails_running);
  ADD ("/engine/pipeline/missing-element-is-named", test_missing_element);
  ADD ("/engine/pipeline/what-does-not-fit-is-named", test_link);
  ADD ("/engine/pipeline/plays-to-the-end", test_plays);
  ADD ("/engine/pipeline/knows-what-is-live", test_live);
  ADD ("/engine/pipeline/loops-in-segments", test_loops);
  ADD ("/engine/pipeline/stop-while-starting", test_stop_while_starting);
  g_test_add_func ("/engine/pipeline/many-short-lives", test_many_short_lives);
  g_test_add_func ("/engine/pipeline/stays-stopped", test_stays_stopped);
  ADD ("/engine/pipeline/blocking-start-does-not-block-us", test_blocking_start);
  ADD ("/engine/pipeline/finish-writes-the-end", test_finish);
  ADD ("/engine/pipeline/finish-gives-up", test_finish_gives_up);
  return g_test_run ();
}
