/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-recording-private.h"
#include "engine-testing-movie.h"
#include "engine-testing.h"

#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <string.h>

static EngineTestingMovie *movie;

typedef struct {
  EngineClock *clock;
  EngineFeed *feed;
  EngineRecording *recording;
  char *folder;
  char *second;
  guint64 wanted_bytes;
  guint wanted_parts;
  guint n_written;
} Fixture;

#define EXPECTED_BPS 1000000

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->feed = engine_feed_new ();
  self->recording = _engine_recording_new (self->clock, self->feed);
  self->folder = engine_testing_make_folder ();
  self->second = engine_testing_make_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_recording_stop (self->recording);
  _engine_recording_stop (self->recording);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->recording);
  engine_testing_assert_finalizes (self->feed);
  engine_testing_assert_finalizes (self->clock);
  engine_testing_remove_folder (self->second);
  engine_testing_remove_folder (self->folder);
}

static gboolean
is_off (gpointer data)
{
  return engine_recording_get_state (((Fixture *) data)->recording) == ENGINE_RECORDING_STATE_OFF;
}

static gboolean
has_parts (gpointer data)
{
  Fixture *self = data;
  GPtrArray *parts = engine_recording_get_parts (self->recording);

  return parts != NULL && parts->len >= self->wanted_parts;
}

static gboolean
was_written (gpointer data)
{
  return ((Fixture *) data)->n_written > 0;
}

static void
written_cb (EngineRecording *recording, EngineRecordingLog *log, gpointer user_data)
{
  g_assert_true (log == engine_recording_get_log (recording));
  ((Fixture *) user_data)->n_written++;
}

static const EngineRecordingPart *
get_part (Fixture *self, guint i)
{
  return engine_recording_get_parts (self->recording)->pdata[i];
}

static void
start (Fixture *self, const char *folder, const char *title)
{
  const EngineRecordingConfig config = { .folder = folder, .title = title };

  _engine_recording_start (self->recording, &config, EXPECTED_BPS);
}

static void
stop (Fixture *self)
{
  _engine_recording_stop (self->recording);
  g_assert_true (engine_testing_wait (is_off, self, 10000));
}

static gboolean
has_bytes (gpointer data)
{
  Fixture *self = data;

  return engine_recording_get_bytes_written (self->recording) >= self->wanted_bytes;
}

static gboolean
is_stopped (gpointer data)
{
  return engine_recording_get_state (((Fixture *) data)->recording) ==
         ENGINE_RECORDING_STATE_STOPPED;
}

static gboolean
is_recording (gpointer data)
{
  const EngineRecordingState state = engine_recording_get_state (((Fixture *) data)->recording);

  return state == ENGINE_RECORDING_STATE_RECORDING || state == ENGINE_RECORDING_STATE_DEGRADED;
}

/* Records four seconds and waits until they are written; returns the path. */
static char *
record (Fixture *self, const char *folder, const char *title, gboolean end)
{
  start (self, folder, title);
  g_assert_true (is_recording (self));
  engine_testing_movie_push (movie, self->feed, 7 * GST_SECOND);
  self->wanted_bytes = 1;
  g_assert_true (engine_testing_wait (has_bytes, self, 5000));
  if (end)
    stop (self);
  return g_strdup (engine_recording_get_path (self->recording));
}

static guint
count_pictures (const char *path)
{
  g_autofree char *description = g_strdup_printf (
    "filesrc location=\"%s\" ! qtdemux ! video/x-h264 ! appsink name=sink sync=false", path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstSample *sample = NULL;
  guint n = 0;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 5 * GST_SECOND)) != NULL) {
    gst_sample_unref (sample);
    n++;
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return n;
}

static void
test_records (Fixture *self, gconstpointer data)
{
  g_autofree char *path = record (self, self->folder, "Évènement", TRUE);
  g_autofree char *name = g_path_get_basename (path);

  g_assert_cmpuint (count_pictures (path), ==, 120);
  g_assert_true (
    g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\d \\d{4} Évènement\\.mp4$", name, 0, 0));
  g_assert_no_error (engine_recording_get_error (self->recording));
}

/* What a crash leaves: all but the last half second can be read while it is being written. */
static void
test_readable_meanwhile (Fixture *self, gconstpointer data)
{
  g_autofree char *path = record (self, self->folder, "Live", FALSE);
  g_autofree char *copy = g_build_filename (self->folder, "copy.mp4", NULL);
  g_autofree char *contents = NULL;
  gsize length = 0;

  self->wanted_bytes = engine_recording_get_bytes_written (self->recording) + 1;
  engine_testing_wait (has_bytes, self, 1500);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (copy, contents, (gssize) length, NULL));
  g_assert_cmpuint (count_pictures (copy), >=, 105);
}

static void
test_never_overwrites (Fixture *self, gconstpointer data)
{
  g_autofree char *first = record (self, self->folder, "Same", TRUE);
  g_autofree char *second = record (self, self->folder, "Same", TRUE);
  g_autofree char *third = record (self, self->folder, "Same", TRUE);

  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (second, !=, third);
  g_assert_cmpstr (first, !=, third);
  g_assert_cmpuint (count_pictures (first), ==, 120);
  g_assert_cmpuint (count_pictures (second), ==, 120);
  /* Unless the minute has just changed. */
  if (strncmp (first, second, strlen (self->folder) + 17) == 0)
    g_assert_true (g_str_has_suffix (second, "Same (2).mp4"));
}

static gboolean
is_in_wanted_folder (gpointer data)
{
  Fixture *self = data;
  const char *path = engine_recording_get_path (self->recording);
  g_autofree char *folder = g_strdup_printf ("%s/%u", self->folder, self->wanted_parts);

  return path != NULL && g_str_has_prefix (path, folder);
}

static void
test_names (Fixture *self, gconstpointer data)
{
  static const char *const titles[][2] = {
    { "a/b\\c:d*e?f\"g<h>i|j", " a b c d e f g h i j.mp4" },
    { "../../etc/passwd", " Régie.mp4" },
    { "", " Régie.mp4" },
    { "   ", " Régie.mp4" },
    { ".hidden", " Régie.mp4" },
    { "two\nlines\t", " two lines.mp4" },
    { "Hall: left \\ right ", " Hall left right.mp4" },
    { "L’été à Nœux 🎉", " L’été à Nœux 🎉.mp4" },
    { "%s %n", " %s %n.mp4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    g_autofree char *inside = g_strdup_printf ("%s/%u", self->folder, i);
    g_autofree char *folder = NULL;

    start (self, inside, titles[i][0]);
    self->wanted_parts = i;
    g_assert_true (engine_testing_wait (is_in_wanted_folder, self, 5000));
    folder = g_path_get_dirname (engine_recording_get_path (self->recording));
    g_assert_cmpstr (folder, ==, inside);
    g_assert_true (g_str_has_suffix (engine_recording_get_path (self->recording), titles[i][1]));
    stop (self);
  }
}

/* Longer than a file's name may be, in letters of three bytes. */
static void
test_long_name (Fixture *self, gconstpointer data)
{
  GString *title = g_string_new ("x");
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (title, "語");
  path = record (self, self->folder, title->str, TRUE);
  name = g_path_get_basename (path);
  g_assert_cmpuint (strlen (name), <, 255);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpuint (count_pictures (path), ==, 120);
  g_string_free (title, TRUE);
}

static void
test_makes_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *deep = g_build_filename (self->folder, "a", "b", "c", NULL);
  g_autofree char *path = record (self, deep, "Deep", TRUE);

  g_assert_true (g_str_has_prefix (path, deep));
  g_assert_cmpuint (count_pictures (path), ==, 120);
}

/* The folder's name is that of a file, as root may write everywhere. It is tried again by itself. */
static void
test_unwritable (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "file", NULL);
  g_autofree char *inside = g_build_filename (path, "folder", NULL);

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  start (self, inside, "Title");
  g_assert_true (engine_testing_wait (is_stopped, self, 5000));
  g_assert_error ((GError *) engine_recording_get_error (self->recording), ENGINE_ERROR,
                  ENGINE_ERROR_UNWRITABLE);
  g_assert_nonnull (strstr (engine_recording_get_error (self->recording)->message, inside));

  /* Others get the program all the same. */
  engine_testing_movie_push (movie, self->feed, 7 * GST_SECOND);
  g_assert_cmpint (g_remove (path), ==, 0);
  for (guint i = 0; i < 10 && is_stopped (self); i++) {
    engine_testing_run_for (1000);
    engine_testing_movie_push (movie, self->feed, (20 + 10 * i) * GST_SECOND);
    engine_testing_wait (is_recording, self, 500);
  }
  g_assert_true (is_recording (self));
  g_assert_no_error (engine_recording_get_error (self->recording));
  stop (self);
  g_assert_cmpuint (count_pictures (engine_recording_get_path (self->recording)), >, 0);
}

/* A link in the place of the file leads to something that must not be lost. */
static void
test_links (Fixture *self, gconstpointer data)
{
  g_autofree char *precious = g_build_filename (self->folder, "precious", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  g_assert_true (g_file_set_contents (precious, "precious", -1, NULL));
  for (int i = 0; i < 2; i++) {
    g_autoptr (GDateTime) then = g_date_time_add_minutes (now, i);
    g_autofree char *date = g_date_time_format (then, "%Y-%m-%d %H%M");
    g_autofree char *link = g_strdup_printf ("%s/%s Linked.mp4", self->folder, date);
    g_autoptr (GFile) file = g_file_new_for_path (link);

    g_assert_true (g_file_make_symbolic_link (file, precious, NULL, NULL));
  }
  g_free (record (self, self->folder, "Linked", TRUE));
  g_assert_true (g_file_get_contents (precious, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");
}

static void
test_nothing_came (Fixture *self, gconstpointer data)
{
  start (self, self->folder, "Nothing");
  engine_testing_run_for (50);
  stop (self);
  g_assert_cmpint (engine_recording_get_state (self->recording), ==, ENGINE_RECORDING_STATE_OFF);
  g_assert_cmpuint (engine_recording_get_bytes_written (self->recording), ==, 0);
}

static char *
sidecar_of (const char *path)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".mp4"));

  return g_strconcat (stem, ".regie.json", NULL);
}

/* A disk that cannot have larger files: every picture is in one part or in the other. */
static void
test_parts (Fixture *self, gconstpointer data)
{
  g_autofree char *sidecar = NULL;
  g_autoptr (EngineRecordingLog) read = NULL;

  _engine_recording_set_limit (self->recording, 60000);
  g_signal_connect (self->recording, "written", G_CALLBACK (written_cb), self);
  start (self, self->folder, "Large");
  for (guint i = 0; i < 3; i++) {
    engine_testing_movie_push (movie, self->feed, (7 + 4 * i) * GST_SECOND);
    self->wanted_parts = i + 1;
    g_assert_true (engine_testing_wait (has_parts, self, 5000));
    /* Until it has gone over to the next one, which waits for a keyframe. */
    engine_testing_run_for (1000);
  }
  g_assert_no_error (engine_recording_get_error (self->recording));
  stop (self);
  g_assert_cmpuint (self->n_written, ==, 1);
  g_assert_cmpuint (engine_recording_get_parts (self->recording)->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const EngineRecordingPart *part = get_part (self, i);

    g_assert_cmpuint (count_pictures (part->path), ==, 120);
    g_assert_cmpint (ABS (part->starts_ns - (gint64) (4 * i * GST_SECOND)), <, 25 * GST_MSECOND);
  }
  g_assert_true (g_str_has_suffix (get_part (self, 0)->path, " Large.mp4"));
  g_assert_true (g_str_has_suffix (get_part (self, 1)->path, " Large – 2.mp4"));
  g_assert_true (g_str_has_suffix (get_part (self, 2)->path, " Large – 3.mp4"));
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  sidecar = sidecar_of (get_part (self, 0)->path);
  read = engine_recording_log_load (sidecar, NULL);
  g_assert_nonnull (read);
  g_assert_cmpuint (engine_recording_log_get_parts (read)->len, ==, 3);
  g_assert_false (engine_recording_log_get_finished (read));
}

/* The encoder is replaced by one with another format: it has a file of its own, and nothing is lost. */
static void
test_new_format (Fixture *self, gconstpointer data)
{
  EngineTestingMovie *wide = engine_testing_movie_new_wide (4, 192);
  EngineTestingMovie *const movies[] = { movie, wide, movie };

  start (self, self->folder, "Formats");
  for (guint i = 0; i < G_N_ELEMENTS (movies); i++) {
    engine_testing_movie_push (movies[i], self->feed, (7 + 4 * i) * GST_SECOND);
    self->wanted_parts = i + 1;
    g_assert_true (engine_testing_wait (has_parts, self, 5000));
  }
  g_assert_no_error (engine_recording_get_error (self->recording));
  stop (self);
  g_assert_cmpuint (engine_recording_get_parts (self->recording)->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (count_pictures (get_part (self, i)->path), ==, 120);
  engine_testing_movie_free (wide);
}

static gboolean
is_in_second (gpointer data)
{
  Fixture *self = data;

  return g_strcmp0 (engine_recording_get_folder (self->recording), self->second) == 0;
}

/* The disk is gone: the other one gets what the first may have lost, and what comes. */
static void
test_second_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *first = g_build_filename (self->folder, "disk", NULL);
  g_autofree char *gone = g_build_filename (self->folder, "gone", NULL);
  const EngineRecordingConfig config = { .folder = first,
                                         .second_folder = self->second,
                                         .title = "Moved" };
  g_autofree char *before = NULL;

  _engine_recording_start (self->recording, &config, EXPECTED_BPS);
  engine_testing_movie_push (movie, self->feed, 7 * GST_SECOND);
  self->wanted_parts = 1;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  g_assert_cmpstr (engine_recording_get_folder (self->recording), ==, first);
  before = g_path_get_basename (engine_recording_get_path (self->recording));
  g_assert_cmpint (g_rename (first, gone), ==, 0);
  g_assert_true (engine_testing_wait (is_in_second, self, 5000));
  engine_testing_movie_push (movie, self->feed, 11 * GST_SECOND);
  self->wanted_parts = 2;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  g_assert_true (is_recording (self));
  stop (self);
  g_assert_cmpint (get_part (self, 1)->starts_ns, ==, 0);
  g_assert_cmpuint (count_pictures (get_part (self, 1)->path), ==, 240);
  g_assert_true (g_str_has_suffix (get_part (self, 1)->path, " Moved – 2.mp4"));
  /* The name of a disk that is gone is not given to a folder of another one, nor is it forgotten. */
  g_autofree char *kept = g_build_filename (gone, before, NULL);
  g_assert_cmpuint (count_pictures (kept), >=, 100);
}

/* Who deletes the folder gets it again, with what may have been lost. */
static void
test_deleted (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "disk", NULL);
  g_autofree char *path = NULL;

  start (self, folder, "Deleted");
  engine_testing_movie_push (movie, self->feed, 7 * GST_SECOND);
  self->wanted_parts = 1;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  engine_testing_remove_folder (g_strdup (folder));
  self->wanted_parts = 2;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  stop (self);
  g_assert_cmpuint (count_pictures (get_part (self, 1)->path), ==, 120);
}

/* After a crash it goes on in the next part of the same recording. */
static void
test_resumes (Fixture *self, gconstpointer data)
{
  g_autofree char *first = record (self, self->folder, "Cut off", TRUE);
  g_autofree char *sidecar = sidecar_of (first);
  EngineRecordingConfig config = { .folder = self->folder, .title = "Another", .resume = sidecar };
  gint64 position_ns = 0;

  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  g_assert_cmpint (engine_recording_get_position_ns (self->recording), ==, -1);
  engine_testing_run_for (300);
  _engine_recording_start (self->recording, &config, EXPECTED_BPS);
  engine_testing_movie_push (movie, self->feed, 30 * GST_SECOND);
  self->wanted_parts = 2;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  position_ns = engine_recording_get_position_ns (self->recording);
  stop (self);
  g_assert_true (g_str_has_suffix (get_part (self, 1)->path, " Cut off – 2.mp4"));
  g_assert_cmpuint (count_pictures (get_part (self, 1)->path), ==, 120);
  /* The show's clock did not begin anew here, so what lies between is what was pushed. */
  g_assert_cmpint (get_part (self, 1)->starts_ns, ==,
                   (get_part (self, 1)->wall_us - engine_recording_log_get_started_us (
                                                    engine_recording_get_log (self->recording))) *
                     1000);
  g_assert_cmpint (ABS (get_part (self, 1)->starts_ns - (gint64) (23 * GST_SECOND)), <, GST_SECOND);
  g_assert_cmpint (position_ns, <, get_part (self, 1)->starts_ns);

  /* What is no log is no reason not to record. */
  config.resume = first;
  g_test_expect_message ("engine", G_LOG_LEVEL_MESSAGE, "*cannot be continued*");
  _engine_recording_start (self->recording, &config, EXPECTED_BPS);
  engine_testing_movie_push (movie, self->feed, 60 * GST_SECOND);
  self->wanted_parts = 1;
  g_assert_true (engine_testing_wait (has_parts, self, 5000));
  stop (self);
  g_test_assert_expected_messages ();
  g_assert_true (g_str_has_suffix (get_part (self, 0)->path, " Another.mp4"));
}

/* It is known for how long there is room, and what was stopped at once leaves nothing behind. */
static void
test_room (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;

  g_signal_connect (self->recording, "written", G_CALLBACK (written_cb), self);
  g_assert_cmpint (engine_recording_get_left_s (self->recording), ==, -1);
  g_free (record (self, self->folder, "Room", FALSE));
  engine_testing_run_for (1500);
  g_assert_cmpint (engine_recording_get_left_s (self->recording), >, 60);
  stop (self);
  g_assert_cmpint (engine_recording_get_left_s (self->recording), ==, -1);
  g_assert_true (engine_testing_wait (was_written, self, 1000));

  start (self, self->second, "Nothing");
  engine_testing_run_for (300);
  stop (self);
  dir = g_dir_open (self->second, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, NULL);
  g_assert_cmpuint (self->n_written, ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  movie = engine_testing_movie_new (4);
  ADD ("/engine/recording/records", test_records);
  ADD ("/engine/recording/readable-meanwhile", test_readable_meanwhile);
  ADD ("/engine/recording/never-overwrites", test_never_overwrites);
  ADD ("/engine/recording/titles-become-names", test_names);
  ADD ("/engine/recording/long-title", test_long_name);
  ADD ("/engine/recording/makes-its-folder", test_makes_folder);
  ADD ("/engine/recording/unwritable-folder-is-tried-again", test_unwritable);
  ADD ("/engine/recording/links-are-not-followed", test_links);
  ADD ("/engine/recording/nothing-came", test_nothing_came);
  ADD ("/engine/recording/parts", test_parts);
  ADD ("/engine/recording/new-format", test_new_format);
  ADD ("/engine/recording/second-folder", test_second_folder);
  ADD ("/engine/recording/deleted-folder", test_deleted);
  ADD ("/engine/recording/resumes", test_resumes);
  ADD ("/engine/recording/room", test_room);
  result = g_test_run ();
  engine_testing_movie_free (movie);
  return result;
}
