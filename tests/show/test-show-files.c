/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "show-files.h"

static const char event_json[] =
  "{ \"regie\": 1, \"title\": \"Assembly\", \"sources\": ["
  "{ \"id\": \"cam\", \"kind\": \"camera\" },"
  "{ \"id\": \"net\", \"kind\": \"uri\", \"uri\": \"rtsp://camera.example.org/stage\" },"
  "{ \"id\": \"card\", \"kind\": \"still\", \"picture\": \"cards/break.png\" },"
  "{ \"id\": \"film\", \"kind\": \"film\", \"file\": \"intro.mp4\" } ],"
  "\"shots\": [ { \"id\": \"cam\", \"layout\": \"full\", \"sources\": [ \"cam\" ] } ],"
  "\"graphics\": { \"logo\": \"logo.png\" } }";

static void
touch (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, event_json, -1, NULL));
}

static void
take_away (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

/* Where the desktop shows a sandbox what it may read. */
static void
test_knows_lone_files (void)
{
  const char *runtime = g_get_user_runtime_dir ();
  static const struct {
    const char *below;
    gboolean alone;
  } paths[] = {
    { "doc/a1b2c3/assembly.regie", TRUE },
    { "doc/a1b2c3/Assembly/assembly.regie", FALSE },
    { "doc/assembly.regie", FALSE },
    { "documents/a1b2c3/assembly.regie", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *path = g_build_filename (runtime, paths[i].below, NULL);

    g_assert_cmpint (show_files_is_alone (path), ==, paths[i].alone);
  }
  g_assert_false (show_files_is_alone ("/home/anna/assembly.regie"));
}

static void
test_names_what_is_missing (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-files-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "assembly.regie", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) event = NULL;
  g_autofree char *none = NULL;
  static const char *const names[] = { "cards/break.png", "intro.mp4", "logo.png" };

  touch (folder, "assembly.regie");
  event = event_file_load (path, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *missing = show_files_find_missing (event);

    g_assert_cmpstr (missing, ==, names[i]);
    touch (folder, names[i]);
  }
  none = show_files_find_missing (event);
  g_assert_null (none);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    take_away (folder, names[i]);
  take_away (folder, "cards");
  take_away (folder, "assembly.regie");
  g_rmdir (folder);
}

static void
test_lists_events (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-files-XXXXXX", NULL);
  g_auto (GStrv) events = NULL;
  g_auto (GStrv) none = NULL;
  static const char *const names[] = { "b.regie", "a.regie", ".hidden.regie", "logo.png" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    touch (folder, names[i]);
  touch (folder, "folder.regie/logo.png");
  events = show_files_list_events (folder);
  g_assert_cmpuint (g_strv_length (events), ==, 2);
  g_assert_cmpstr (events[0], ==, "a.regie");
  g_assert_cmpstr (events[1], ==, "b.regie");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    take_away (folder, names[i]);
  take_away (folder, "folder.regie/logo.png");
  take_away (folder, "folder.regie");
  g_rmdir (folder);
  none = show_files_list_events (folder);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
assert_name (EventFile *event, const char *folder, const char *below, const char *expected)
{
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autofree char *name = show_files_make_name (event, path);

  g_assert_cmpstr (name, ==, expected != NULL ? expected : path);
}

/* What the desktop handed out, and what lies beside the event, are one file or two. */
static void
test_names_what_was_chosen (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-files-XXXXXX", NULL);
  g_autofree char *documents = g_build_filename (g_get_user_runtime_dir (), "doc", NULL);
  g_autofree char *path = g_build_filename (folder, "assembly.regie", NULL);
  g_autofree char *logo = g_build_filename (folder, "logo.png", NULL);
  g_autofree char *other = g_build_filename (documents, "b2/intro.mp4", NULL);
  g_autofree char *link_path = g_build_filename (documents, "a1/logo.png", NULL);
  g_autoptr (EventFile) event = NULL;

  touch (folder, "assembly.regie");
  touch (folder, "logo.png");
  touch (folder, "intro.mp4");
  touch (documents, "b2/intro.mp4");
  g_assert_true (g_file_set_contents (other, "another film", -1, NULL));
  event = event_file_load (path, NULL);
  g_assert_nonnull (event);
  touch (documents, "a1/placeholder");
  take_away (documents, "a1/placeholder");
  g_assert_cmpint (link (logo, link_path), ==, 0);

  assert_name (event, folder, "logo.png", "logo.png");
  assert_name (event, folder, "cards/break.png", "cards/break.png");
  assert_name (event, "/srv", "logo.png", NULL);
  assert_name (event, documents, "a1/logo.png", "logo.png");
  assert_name (event, documents, "b2/intro.mp4", NULL);

  g_assert_cmpint (g_unlink (link_path), ==, 0);
  take_away (documents, "a1");
  take_away (documents, "b2/intro.mp4");
  take_away (documents, "b2");
  take_away (folder, "intro.mp4");
  take_away (folder, "logo.png");
  take_away (folder, "assembly.regie");
  g_rmdir (documents);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *runtime = g_dir_make_tmp ("regie-files-XXXXXX", NULL);
  int status = 0;

  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/files/knows-lone-files", test_knows_lone_files);
  g_test_add_func ("/show/files/names-what-is-missing", test_names_what_is_missing);
  g_test_add_func ("/show/files/lists-events", test_lists_events);
  g_test_add_func ("/show/files/names-what-was-chosen", test_names_what_was_chosen);
  status = g_test_run ();
  g_rmdir (runtime);
  return status;
}
