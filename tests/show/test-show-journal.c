/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "show-journal-writer.h"
#include "show-journal.h"

#include <json-glib/json-glib.h>

typedef struct {
  char *folder;
  char *recording;
  char *text_path;
  char *json_path;
  ShowJournal *journal;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("regie-journal-XXXXXX", NULL);
  fixture->recording = g_build_filename (fixture->folder, "2026 Été.mp4", NULL);
  fixture->text_path = g_build_filename (fixture->folder, "2026 Été.journal.txt", NULL);
  fixture->json_path = g_build_filename (fixture->folder, "2026 Été.journal.jsonl", NULL);
  fixture->journal = show_journal_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->journal);
  g_unlink (fixture->text_path);
  g_unlink (fixture->json_path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->recording);
  g_free (fixture->text_path);
  g_free (fixture->json_path);
}

/* Runs the main loop until the journal says so. */
static void
wait_for_broken (ShowJournal *journal, gboolean broken)
{
  const gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (show_journal_get_broken (journal) != broken) {
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

/* What is in a file, once it has that many lines. */
static GStrv
read_lines (const char *path, guint n_lines)
{
  const gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (TRUE) {
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL) && g_str_has_suffix (text, "\n")) {
      g_auto (GStrv) lines = NULL;

      text[strlen (text) - 1] = '\0';
      lines = g_strsplit (text, "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), <=, n_lines);
      if (g_strv_length (lines) == n_lines)
        return g_steal_pointer (&lines);
    }
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_usleep (1000);
  }
}

static const char *
get_text (ShowJournal *journal, guint n)
{
  g_autoptr (ShowJournalEntry) entry =
    g_list_model_get_item (show_journal_get_entries (journal), n);

  return show_journal_entry_get_text (entry); /* the list keeps it */
}

static void
test_writes_both_files (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) objects = NULL;

  show_journal_add (fixture->journal, "cut", "room", "before the show");
  show_journal_begin (fixture->journal);
  show_journal_add (fixture->journal, "live", NULL, "“%s” is live", "Été");
  show_journal_set_recording (fixture->journal, fixture->recording);
  show_journal_add (fixture->journal, "post", "a:1", "somebody wrote: \"%s\"", "two\nlines\\");
  /* Each line is there at once, while the show goes on. */
  lines = read_lines (fixture->text_path, 2);
  objects = read_lines (fixture->json_path, 2);
  g_assert_true (g_str_has_suffix (lines[0], "  00:00:00  live         “Été” is live"));
  g_assert_nonnull (strstr (lines[1], "somebody wrote: \"two lines\\\""));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (JsonNode) root = json_from_string (objects[i], NULL);
    JsonObject *object = json_node_get_object (root);
    g_autoptr (GDateTime) time =
      g_date_time_new_from_iso8601 (json_object_get_string_member (object, "time"), NULL);

    g_assert_nonnull (time);
    g_assert_cmpint (json_object_get_int_member (object, "live-ms"), <, 5000);
    g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, i == 0 ? "live" : "post");
    g_assert_cmpint (json_object_get_null_member (object, "id"), ==, i == 0);
  }
}

static void
test_ends_with_the_show (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  /* The recording begins a moment before the show is live. */
  show_journal_set_recording (fixture->journal, fixture->recording);
  show_journal_begin (fixture->journal);
  show_journal_add (fixture->journal, "live", NULL, "live");
  show_journal_add (fixture->journal, "ended", NULL, "ended");
  show_journal_end (fixture->journal);
  show_journal_add (fixture->journal, "cut", NULL, "afterwards");
  g_assert_cmpuint (g_list_model_get_n_items (show_journal_get_entries (fixture->journal)), ==, 3);
  /* The process may end now: nothing is lost. */
  g_clear_object (&fixture->journal);
  lines = read_lines (fixture->text_path, 2);
  g_assert_nonnull (strstr (lines[1], "ended"));
}

static void
test_follows_the_recording (Fixture *fixture, gconstpointer data)
{
  g_autofree char *second = g_build_filename (fixture->folder, "second", NULL);
  g_autofree char *second_text = g_strconcat (second, ".journal.txt", NULL);
  g_autofree char *second_json = g_strconcat (second, ".journal.jsonl", NULL);
  g_auto (GStrv) first_lines = NULL;
  g_auto (GStrv) second_lines = NULL;
  g_auto (GStrv) second_objects = NULL;

  show_journal_begin (fixture->journal);
  show_journal_set_recording (fixture->journal, fixture->recording);
  show_journal_add (fixture->journal, "cut", NULL, "one");
  show_journal_set_recording (fixture->journal, second);
  show_journal_add (fixture->journal, "cut", NULL, "two");
  first_lines = read_lines (fixture->text_path, 1);
  second_lines = read_lines (second_text, 1);
  g_assert_nonnull (strstr (first_lines[0], "one"));
  g_assert_nonnull (strstr (second_lines[0], "two"));
  second_objects = read_lines (second_json, 1);
  g_assert_nonnull (strstr (second_objects[0], "\"two\""));
  g_unlink (second_text);
  g_unlink (second_json);
}

static void
test_forgets_the_oldest (Fixture *fixture, gconstpointer data)
{
  GListModel *entries = show_journal_get_entries (fixture->journal);

  for (guint i = 0; i < 2005; i++)
    show_journal_add (fixture->journal, "cut", NULL, "number %u", i);
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, 2000);
  g_assert_cmpstr (get_text (fixture->journal, 0), ==, "number 5");
  g_assert_cmpstr (get_text (fixture->journal, 1999), ==, "number 2004");
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Where the folder should be there is a file; then somebody makes room, and nothing was lost. */
static void
test_says_once_that_it_cannot (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocked = g_build_filename (fixture->folder, "sub", NULL);
  g_autofree char *recording = g_build_filename (blocked, "show.mp4", NULL);
  g_autofree char *text_path = g_build_filename (blocked, "show.journal.txt", NULL);
  g_autofree char *json_path = g_build_filename (blocked, "show.journal.jsonl", NULL);
  g_auto (GStrv) lines = NULL;
  guint n_notifies = 0;

  g_assert_true (g_file_set_contents (blocked, "", 0, NULL));
  g_signal_connect_swapped (fixture->journal, "notify::broken", G_CALLBACK (count_cb), &n_notifies);
  show_journal_begin (fixture->journal);
  show_journal_set_recording (fixture->journal, recording);
  show_journal_add (fixture->journal, "cut", NULL, "one");
  wait_for_broken (fixture->journal, TRUE);
  show_journal_add (fixture->journal, "cut", NULL, "two");
  show_journal_add (fixture->journal, "cut", NULL, "three");
  g_assert_cmpuint (n_notifies, ==, 1);
  g_unlink (blocked);
  /* At the end it tries once more, however long ago the last time was. */
  g_clear_object (&fixture->journal);
  lines = read_lines (text_path, 3);
  g_assert_nonnull (strstr (lines[0], "one"));
  g_assert_nonnull (strstr (lines[2], "three"));
  g_unlink (text_path);
  g_unlink (json_path);
  g_rmdir (blocked);
}

/* A named pipe that nobody reads is a disk that hangs. */
static void
test_hangs_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *base = g_build_filename (fixture->folder, "hung", NULL);
  g_autofree char *pipe_path = g_strconcat (base, ".journal.txt", NULL);
  g_autofree char *json_path = g_strconcat (base, ".journal.jsonl", NULL);
  ShowJournalWriter *writer = NULL;
  const gint64 start_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;

  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  writer = show_journal_writer_new (base);
  for (guint i = 0; i < 20000; i++)
    show_journal_writer_add (writer, "line\n", "{}\n");
  g_assert_false (show_journal_writer_finish (writer, 50));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
  /* It is let go, and so much was kept. */
  g_assert_true (g_file_get_contents (pipe_path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "line\nline\n"));
  g_assert_true (show_journal_writer_finish (writer, 10000));
  g_assert_true (g_file_get_contents (json_path, &json, NULL, NULL));
  g_assert_cmpuint (strlen (json) / strlen ("{}\n"), >, 4000);
  g_assert_cmpuint (strlen (json) / strlen ("{}\n"), <, 6000);
  g_object_unref (writer);
  g_unlink (pipe_path);
  g_unlink (json_path);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/show/journal/writes-both-files-line-by-line", test_writes_both_files },
    { "/show/journal/ends-with-the-show", test_ends_with_the_show },
    { "/show/journal/follows-the-recording", test_follows_the_recording },
    { "/show/journal/forgets-the-oldest", test_forgets_the_oldest },
    { "/show/journal/says-once-that-it-cannot-be-written", test_says_once_that_it_cannot },
    { "/show/journal/a-disk-that-hangs-holds-nobody-up", test_hangs_alone },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
