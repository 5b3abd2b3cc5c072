/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show-memory.h"
#include "show-secrets.h"

#define EVENT "/home/bea/amphi.regie"

static JsonNode *
make_state (const char *on_air)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "on-air", on_air);
  return json_node_init_object (json_node_alloc (), object);
}

/* Returns: where the state of the event is kept, after it was */
static char *
keep (const char *event_path, const char *on_air)
{
  g_autoptr (ShowMemory) memory = show_memory_new (event_path);

  show_memory_keep (memory, make_state (on_air));
  show_memory_wait (memory);
  return g_strdup (show_memory_get_path (memory));
}

static void
forget (const char *event_path)
{
  g_autoptr (ShowMemory) memory = show_memory_new (event_path);

  show_memory_forget (memory);
}

/* As if it had been kept by another process: of the computer's last life. */
static void
age (const char *path, const char *what, const char *with)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, what, with, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static void
test_gives_back (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = keep (EVENT, "wide");
  g_autoptr (ShowMemories) memories = show_memory_load (EVENT, &error);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (ShowMemories) none = NULL;
  struct stat info;

  g_assert_no_error (error);
  g_assert_nonnull (memories);
  g_assert_cmpstr (json_object_get_string_member (memories->state, "on-air"), ==, "wide");
  g_assert_cmpstr (memories->event_path, ==, EVENT);
  g_assert_cmpint (ABS (g_date_time_difference (now, memories->time)), <, 5 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  forget (EVENT);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  none = show_memory_load (EVENT, &error);
  g_assert_no_error (error);
  g_assert_null (none);
}

static void
test_newest_replaces (void)
{
  g_autoptr (ShowMemory) memory = show_memory_new (EVENT);
  g_autoptr (ShowMemories) memories = NULL;

  for (guint i = 0; i < 50; i++) {
    g_autofree char *shot = g_strdup_printf ("shot-%u", i);

    show_memory_keep (memory, make_state (shot));
  }
  show_memory_wait (memory);
  memories = show_memory_load (EVENT, NULL);
  g_assert_nonnull (memories);
  g_assert_cmpstr (json_object_get_string_member (memories->state, "on-air"), ==, "shot-49");
  show_memory_forget (memory);
}

static void
test_finds_newest (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-memory-XXXXXX", NULL);
  g_autofree char *event = g_build_filename (folder, "b.regie", NULL);
  g_autofree char *gone = keep ("/nowhere/at/all.regie", "gone");
  g_autofree char *old = keep (EVENT, "old");
  g_autofree char *kept = NULL;
  g_autoptr (ShowMemories) memories = NULL;

  g_assert_true (g_file_set_contents (event, "", -1, NULL));
  kept = keep (event, "b");
  memories = show_memory_load_newest ();
  g_assert_nonnull (memories);
  g_assert_cmpstr (memories->event_path, ==, event);
  forget (event);
  forget (EVENT);
  forget ("/nowhere/at/all.regie");
  g_unlink (event);
  g_rmdir (folder);
}

static void
test_nothing_to_go_on_with (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = keep (EVENT, "wide");
  g_autofree char *own = g_strdup_printf ("\"pid\" : %d", (int) getpid ());
  g_autofree char *parent = g_strdup_printf ("\"pid\" : %d", (int) getppid ());
  g_autofree char *year = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (ShowMemories) memories = NULL;

  /* Another program has that number now. */
  age (path, own, parent);
  memories = show_memory_load (EVENT, &error);
  g_assert_no_error (error);
  g_assert_nonnull (memories);
  g_clear_pointer (&memories, show_memories_free);

  year = g_date_time_format (now, "\"time\" : \"%Y");
  age (path, year, "\"time\" : \"2020");
  memories = show_memory_load (EVENT, &error);
  g_assert_no_error (error);
  g_assert_null (memories);
  forget (EVENT);
}

static void
assert_refused (const char *path, const char *text, gssize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShowMemories) memories = NULL;

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  memories = show_memory_load (EVENT, &error);
  g_assert_null (memories);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY);
}

static void
test_hostile_files (void)
{
  static const char *const texts[] = {
    "",
    "{",
    "[]",
    "null",
    "{}",
    "\xff\xfe",
    "{ \"regie-show\": 2, \"event\": \"/a\", \"time\": \"2026-01-01T00:00:00Z\", \"state\": {} }",
    "{ \"regie-show\": 1, \"event\": \"a\", \"time\": \"2026-01-01T00:00:00Z\", \"state\": {} }",
    "{ \"regie-show\": 1, \"event\": 5, \"time\": \"2026-01-01T00:00:00Z\", \"state\": {} }",
    "{ \"regie-show\": 1, \"event\": \"/a\", \"time\": \"soon\", \"state\": {} }",
    "{ \"regie-show\": 1, \"event\": \"/a\", \"time\": \"2026-01-01T00:00:00Z\", \"state\": [] }",
    "{ \"regie-show\": \"1\", \"event\": {}, \"time\": [], \"state\": 1 }",
  };
  g_autofree char *path = keep (EVENT, "wide");
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (5 * 1024 * 1024, ' ');
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (path, texts[i], -1);
  assert_refused (path, "{}\0{}", 5);
  assert_refused (path, deep, -1);
  assert_refused (path, large, -1);

  /* What is none of ours is not even opened. */
  g_unlink (path);
  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
  g_assert_null (show_memory_load (EVENT, &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY);
  g_unlink (path);
  g_clear_error (&error);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (show_memory_load (EVENT, &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY);
  g_assert_null (show_memory_load_newest ());
  g_rmdir (path);
}

static void
test_other_event (void)
{
  g_autofree char *path = keep (EVENT, "wide");
  g_autoptr (GError) error = NULL;

  age (path, "amphi", "other");
  g_assert_null (show_memory_load (EVENT, &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY);
  forget (EVENT);
}

/* A disk that cannot be written must not stop the show. */
static void
test_unwritable (void)
{
  g_autoptr (ShowMemory) memory = show_memory_new (EVENT);
  const char *path = show_memory_get_path (memory);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_test_expect_message ("show", G_LOG_LEVEL_MESSAGE, "*cannot be kept*");
  show_memory_keep (memory, make_state ("wide"));
  show_memory_wait (memory);
  g_test_assert_expected_messages ();
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-state-XXXXXX", NULL);
  g_autofree char *own = g_build_filename (folder, "regie", NULL);
  int status = 0;

  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/memory/gives-back", test_gives_back);
  g_test_add_func ("/show/memory/newest-replaces", test_newest_replaces);
  g_test_add_func ("/show/memory/finds-newest", test_finds_newest);
  g_test_add_func ("/show/memory/nothing-to-go-on-with", test_nothing_to_go_on_with);
  g_test_add_func ("/show/memory/hostile-files", test_hostile_files);
  g_test_add_func ("/show/memory/other-event", test_other_event);
  g_test_add_func ("/show/memory/unwritable", test_unwritable);
  status = g_test_run ();
  g_rmdir (own);
  g_rmdir (folder);
  return status;
}
