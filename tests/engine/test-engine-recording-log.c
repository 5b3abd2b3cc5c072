/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-recording-log.h"
#include "engine-testing.h"
#include "engine-types.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define STARTED_US G_GINT64_CONSTANT (1795348800123456)

typedef struct {
  char *folder;
  char *other;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = engine_testing_make_folder ();
  self->other = engine_testing_make_folder ();
  self->path = g_build_filename (self->folder, "a talk.regie.json", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  engine_testing_remove_folder (self->other);
  engine_testing_remove_folder (self->folder);
}

static void
wait_for_disk (void)
{
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
}

static void
add_part (EngineRecordingLog *log, const char *folder, const char *name, gint64 starts_ns)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  engine_recording_log_add_part (log, path, starts_ns, STARTED_US + starts_ns / 1000);
}

static void
check_part (EngineRecordingLog *log, guint i, const char *folder, const char *name,
            gint64 starts_ns)
{
  const EngineRecordingPart *part = engine_recording_log_get_parts (log)->pdata[i];
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpstr (part->path, ==, path);
  g_assert_cmpint (part->starts_ns, ==, starts_ns);
  g_assert_cmpint (part->wall_us, ==, STARTED_US + starts_ns / 1000);
}

/* In either folder there is all of it, so that one disk is enough to know. */
static void
test_two_folders (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineRecordingLog) log = engine_recording_log_new ("L’été “à” Nœux", STARTED_US);
  g_autofree char *second = g_build_filename (self->other, "a talk – 2.regie.json", NULL);
  const char *const paths[] = { self->path, second };
  g_autoptr (JsonArray) talks = json_array_new ();

  g_assert_null (engine_recording_log_get_path (log));
  add_part (log, self->folder, "a talk.mp4", 0);
  add_part (log, self->other, "a talk – 2.mp4", 61000033333);
  add_part (log, self->folder, "a talk – 3.mp4", 99000000000);
  json_array_add_string_element (talks, "opening");
  engine_recording_log_set_talks (log, talks);
  engine_recording_log_set_finished (log, TRUE);
  g_assert_cmpstr (engine_recording_log_get_path (log), ==, self->path);
  wait_for_disk ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EngineRecordingLog) read = engine_recording_log_load (paths[i], &error);

    g_assert_no_error (error);
    g_assert_cmpstr (engine_recording_log_get_title (read), ==, "L’été “à” Nœux");
    g_assert_cmpint (engine_recording_log_get_started_us (read), ==, STARTED_US);
    g_assert_true (engine_recording_log_get_finished (read));
    g_assert_cmpuint (json_array_get_length (engine_recording_log_get_talks (read)), ==, 1);
    g_assert_cmpuint (engine_recording_log_get_parts (read)->len, ==, 3);
    check_part (read, 0, self->folder, "a talk.mp4", 0);
    check_part (read, 1, self->other, "a talk – 2.mp4", 61000033333);
    check_part (read, 2, self->folder, "a talk – 3.mp4", 99000000000);
  }
  engine_recording_log_delete (log);
  wait_for_disk ();
  g_assert_false (g_file_test (paths[0], G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (paths[1], G_FILE_TEST_EXISTS));
}

/* What another Régie put in is still there when a part is added after a crash. */
static void
test_goes_on (Fixture *self, gconstpointer data)
{
  static const char text[] = "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00+01:00\","
                             "  \"parts\": [ { \"file\": \"a talk.mp4\", \"starts-ms\": 0 } ],"
                             "  \"newer\": { \"key\": 3 } }";
  g_autoptr (EngineRecordingLog) log = NULL;
  g_autoptr (EngineRecordingLog) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;

  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  log = engine_recording_log_load (self->path, &error);
  g_assert_no_error (error);
  g_assert_false (engine_recording_log_get_finished (log));
  add_part (log, self->folder, "a talk – 2.mp4", 5000000000);
  wait_for_disk ();
  read = engine_recording_log_load (self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (engine_recording_log_get_parts (read)->len, ==, 2);
  check_part (read, 1, self->folder, "a talk – 2.mp4", 5000000000);
  g_assert_true (g_file_get_contents (self->path, &written, NULL, NULL));
  g_assert_nonnull (strstr (written, "newer"));

  engine_recording_log_remove_part (log, "/nowhere.mp4");
  g_assert_cmpuint (engine_recording_log_get_parts (log)->len, ==, 2);
  g_autofree char *gone = g_build_filename (self->folder, "a talk – 2.mp4", NULL);
  engine_recording_log_remove_part (log, gone);
  g_assert_cmpuint (engine_recording_log_get_parts (log)->len, ==, 1);
  wait_for_disk ();
}

/* Of many changes at once, the last is what is there. */
static void
test_last_wins (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineRecordingLog) log = engine_recording_log_new ("T", STARTED_US);
  g_autoptr (EngineRecordingLog) read = NULL;
  g_autoptr (GDir) dir = NULL;
  guint n_files = 0;

  for (int i = 0; i < 200; i++) {
    g_autofree char *name = i == 0 ? g_strdup ("a talk.mp4") : g_strdup_printf ("%d.mp4", i);

    add_part (log, self->folder, name, i * (gint64) 1000000000);
  }
  wait_for_disk ();
  read = engine_recording_log_load (self->path, NULL);
  g_assert_nonnull (read);
  g_assert_cmpuint (engine_recording_log_get_parts (read)->len, ==, 200);
  dir = g_dir_open (self->folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, 1);
}

static void
test_not_a_log (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{",
    "null",
    "{}",
    "{ \"title\": \"T\" }",
    "{ \"title\": 3, \"started\": \"2026-11-22T14:00:00Z\", \"parts\": [] }",
    "{ \"title\": \"T\", \"started\": \"yesterday\", \"parts\": [] }",
    "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00Z\", \"parts\": {} }",
    "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00Z\", \"parts\": [ 3 ] }",
    "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00Z\", \"parts\": [ { \"file\": \"a\" } ] "
    "}",
    "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00Z\", "
    "\"parts\": [ { \"file\": \"a\", \"starts-ms\": -1 } ] }",
    "{ \"title\": \"T\", \"started\": \"2026-11-22T14:00:00Z\", "
    "\"parts\": [ { \"file\": \"a\", \"starts-ms\": 9223372036854775807 } ] }",
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (engine_recording_log_load (self->path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_clear_error (&error);
    g_assert_true (g_file_set_contents (self->path, texts[i], -1, NULL));
    g_assert_null (engine_recording_log_load (self->path, &error));
    g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
  }
  /* What is no file at all is not waited for. */
  g_clear_error (&error);
  g_assert_cmpint (g_remove (self->path), ==, 0);
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  g_assert_null (engine_recording_log_load (self->path, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/engine/recording-log/two-folders", test_two_folders);
  ADD ("/engine/recording-log/goes-on", test_goes_on);
  ADD ("/engine/recording-log/last-wins", test_last_wins);
  ADD ("/engine/recording-log/not-a-log", test_not_a_log);
  return g_test_run ();
}
