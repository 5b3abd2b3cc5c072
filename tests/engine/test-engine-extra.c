/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-extra.h"
#include "engine-testing-movie.h"
#include "engine-testing.h"

#include <gst/app/app.h>

#define RAW_PICTURE "video/x-raw,format=I420,width=%d,height=90,framerate=30/1"
#define RAW_SOUND   "audio/x-raw,format=F32LE,rate=48000,channels=2,layout=interleaved"
#define BASE_NS     ((gint64) (5 * GST_SECOND))

typedef struct {
  EngineClock *clock;
  EngineExtra *extra;
  char *folder;
  const char *before; /* nullable */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->folder = engine_testing_make_folder ();
  self->extra = engine_extra_new (self->clock, "Caméra", ".mkv", BASE_NS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_extra_finish (self->extra);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->extra);
  engine_testing_assert_finalizes (self->clock);
  engine_testing_remove_folder (self->folder);
}

static gboolean
has_file (gpointer data)
{
  Fixture *self = data;

  engine_extra_look (self->extra, self->folder);
  return engine_extra_get_path (self->extra) != NULL &&
         g_strcmp0 (engine_extra_get_path (self->extra), self->before) != 0;
}

static gboolean
has_error (gpointer data)
{
  Fixture *self = data;

  engine_extra_look (self->extra, self->folder);
  return engine_extra_get_error (self->extra) != NULL;
}

static void
push_pictures (Fixture *self, int width_px, guint first, guint n)
{
  g_autofree char *text = g_strdup_printf (RAW_PICTURE, width_px);
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  for (guint i = first; i < first + n; i++) {
    g_autoptr (GstBuffer) buffer =
      gst_buffer_new_allocate (NULL, (gsize) width_px * 90 * 3 / 2, NULL);

    gst_buffer_memset (buffer, 0, (guint8) i, (gsize) width_px * 90 * 3 / 2);
    GST_BUFFER_PTS (buffer) = 0; /* what the tap says is what counts */
    engine_extra_push (ENGINE_MEDIA_VIDEO, buffer, caps, BASE_NS + i * (gint64) GST_SECOND / 30,
                       self->extra);
  }
}

static void
push_sound (Fixture *self, guint first, guint n)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (RAW_SOUND);

  for (guint i = first; i < first + n; i++) {
    g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, ENGINE_TAP_FRAMES * 8, NULL);

    gst_buffer_memset (buffer, 0, 0, ENGINE_TAP_FRAMES * 8);
    GST_BUFFER_DURATION (buffer) = GST_SECOND / 10;
    engine_extra_push (ENGINE_MEDIA_AUDIO, buffer, caps, BASE_NS + i * (gint64) GST_SECOND / 10,
                       self->extra);
  }
}

/* How many buffers of @format are in the file, and when the first is. */
static guint
count (const char *path, const char *format, GstClockTime *first)
{
  g_autofree char *description =
    g_strdup_printf ("filesrc location=\"%s\" ! matroskademux ! %s ! appsink name=sink sync=false",
                     path, format);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstSample *sample = NULL;
  guint n = 0;

  *first = GST_CLOCK_TIME_NONE;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 5 * GST_SECOND)) != NULL) {
    /* Headers have no time. */
    if (!GST_CLOCK_TIME_IS_VALID (*first))
      *first = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
    n++;
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return n;
}

static void
finish (Fixture *self)
{
  engine_extra_finish (self->extra);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
}

/* What is not encoded is, and sound without loss; times are those of the recording. */
static void
test_raw (Fixture *self, gconstpointer data)
{
  GstClockTime first = 0;

  push_pictures (self, 160, 30, 12);
  push_sound (self, 10, 4);
  g_assert_true (engine_testing_wait (has_file, self, 8000));
  finish (self);
  g_assert_true (g_str_has_suffix (engine_extra_get_path (self->extra), "/Caméra.mkv"));
  g_assert_cmpuint (count (engine_extra_get_path (self->extra), "video/x-h264", &first), ==, 12);
  g_assert_cmpuint (first, ==, GST_SECOND);
  g_assert_cmpuint (count (engine_extra_get_path (self->extra), "audio/x-flac", &first), >, 0);
  g_assert_cmpuint (first, ==, GST_SECOND);
}

static void
feed_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  engine_extra_push (media, buffer, caps, (gint64) GST_BUFFER_PTS (buffer), user_data);
}

/* What is encoded stays as it is; a new size begins a new file. */
static void
test_encoded (Fixture *self, gconstpointer data)
{
  EngineTestingMovie *const movies[] = { engine_testing_movie_new (2),
                                         engine_testing_movie_new_wide (2, 192) };
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  const guint id = engine_feed_add_listener (feed, feed_cb, self->extra);
  g_autofree char *first_path = NULL;
  GstClockTime first = 0;

  engine_testing_movie_push (movies[0], feed, (GstClockTime) BASE_NS);
  g_assert_true (engine_testing_wait (has_file, self, 8000));
  first_path = g_strdup (engine_extra_get_path (self->extra));
  self->before = first_path;
  engine_testing_movie_push (movies[1], feed, (GstClockTime) BASE_NS + 2 * GST_SECOND);
  g_assert_true (engine_testing_wait (has_file, self, 8000));
  engine_feed_remove_listener (feed, id);
  finish (self);
  g_assert_cmpuint (count (first_path, "video/x-h264", &first), ==, 60);
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (count (first_path, "audio/mpeg", &first), >=, 90);
  g_assert_true (g_str_has_suffix (engine_extra_get_path (self->extra), "/Caméra (2).mkv"));
  g_assert_cmpuint (count (engine_extra_get_path (self->extra), "video/x-h264", &first), ==, 60);
  g_assert_cmpuint (first, ==, 2 * GST_SECOND);
  for (guint i = 0; i < G_N_ELEMENTS (movies); i++)
    engine_testing_movie_free (movies[i]);
}

/* The folder cannot be made. It is said, and tried again once it can be. */
static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "in", NULL);
  g_autofree char *inside = g_build_filename (folder, "side", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autofree char *top = NULL;

  g_assert_true (g_file_set_contents (folder, "x", 1, NULL));
  top = g_steal_pointer (&self->folder);
  self->folder = inside;
  g_test_expect_message ("engine", G_LOG_LEVEL_MESSAGE, "*is not recorded*");
  push_sound (self, 0, 4);
  g_assert_true (engine_testing_wait (has_error, self, 8000));
  g_test_assert_expected_messages ();
  g_assert_error ((GError *) engine_extra_get_error (self->extra), ENGINE_ERROR,
                  ENGINE_ERROR_UNWRITABLE);
  g_assert_true (g_file_delete (file, NULL, NULL));
  for (guint i = 0; i < 40 && !has_file (self); i++) {
    push_sound (self, 10 + i, 1);
    engine_testing_run_for (250);
  }
  g_assert_nonnull (engine_extra_get_path (self->extra));
  g_assert_no_error (engine_extra_get_error (self->extra));
  finish (self);
  self->folder = g_steal_pointer (&top);
}

/* What nobody can write, and what was before the recording, is left out without a word. */
static void
test_left_out (Fixture *self, gconstpointer data)
{
  g_autoptr (GstCaps) unknown = gst_caps_new_empty_simple ("video/x-indeo");
  g_autoptr (GstCaps) sound = gst_caps_from_string (RAW_SOUND);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 8, NULL);

  engine_extra_push (ENGINE_MEDIA_VIDEO, buffer, unknown, BASE_NS, self->extra);
  engine_extra_push (ENGINE_MEDIA_AUDIO, buffer, sound, BASE_NS - 1, self->extra);
  g_assert_false (engine_testing_wait (has_file, self, 2000));
  g_assert_no_error (engine_extra_get_error (self->extra));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/extra/raw", test_raw);
  ADD ("/engine/extra/encoded", test_encoded);
  ADD ("/engine/extra/no-folder", test_no_folder);
  ADD ("/engine/extra/left-out", test_left_out);
  return g_test_run ();
}
