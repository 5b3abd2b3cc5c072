/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "posts-desk-store.h"

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("posts-store-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "sub", "posts.sqlite", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "posts.sqlite", "posts.sqlite-wal", "posts.sqlite-shm",
                                       "posts.sqlite.broken" };
  g_autofree char *sub = g_path_get_dirname (fixture->path);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *file = g_build_filename (sub, names[i], NULL);

    g_unlink (file); /* it need not be there */
  }
  g_rmdir (sub);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
add (PostsDesk *desk, const char *id, const char *author, const char *text)
{
  const PostsPostFields fields = {
    .id = id, .author_id = author, .author_handle = author, .text = text, .n_followers = -1
  };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (desk, post);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("not in time");
  return G_SOURCE_REMOVE;
}

static void
wait_for (PostsDesk *desk, const char *id, PostsState state)
{
  const guint deadline_id = g_timeout_add_seconds (60, late_cb, NULL);

  while (posts_desk_find (desk, id) == NULL ||
         posts_item_get_state (posts_desk_find (desk, id)) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline_id);
}

static PostsState
state_of (PostsDesk *desk, const char *id)
{
  return posts_item_get_state (posts_desk_find (desk, id));
}

static PostsDesk *
open_desk (Fixture *fixture)
{
  PostsDesk *desk = posts_desk_new ();

  posts_desk_open_store (desk, fixture->path);
  return desk;
}

static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  PostsDesk *desk = open_desk (fixture);
  GStatBuf info = { 0 };

  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "voir bit.ly/abc");
  add (desk, "3", "cleo", "Bonsoir");
  add (desk, "4", "dan", "Salut");
  add (desk, "5", "eve", "Coucou");
  add (desk, "6", "eve", "Re");
  g_assert_true (posts_desk_approve (desk, "3", NULL));
  g_assert_true (posts_desk_show (desk, "5", NULL));
  /* A yes waits for the disk. */
  g_assert_cmpint (state_of (desk, "3"), ==, POSTS_STATE_INCOMING);
  wait_for (desk, "3", POSTS_STATE_APPROVED);
  wait_for (desk, "5", POSTS_STATE_ON_SCREEN);
  g_assert_true (posts_desk_hide (desk, "4", NULL));
  g_assert_cmpint (state_of (desk, "4"), ==, POSTS_STATE_HIDDEN);
  posts_desk_take_down (desk, "1");
  posts_desk_block_author (desk, "mallory");
  posts_desk_close_store (desk);
  g_object_unref (desk);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0077, ==, 0);

  desk = open_desk (fixture);
  wait_for (desk, "5", POSTS_STATE_APPROVED);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HELD);
  g_assert_cmpuint (posts_item_get_reasons (posts_desk_find (desk, "2")), ==,
                    POSTS_REASON_UNKNOWN_LINK);
  g_assert_cmpint (state_of (desk, "3"), ==, POSTS_STATE_APPROVED);
  g_assert_cmpint (state_of (desk, "4"), ==, POSTS_STATE_HIDDEN);
  g_assert_cmpint (state_of (desk, "6"), ==, POSTS_STATE_INCOMING);
  add (desk, "1", "ada", "Bonjour");
  g_assert_null (posts_desk_find (desk, "1"));
  add (desk, "7", "mallory", "Me revoici");
  g_assert_cmpint (state_of (desk, "7"), ==, POSTS_STATE_HIDDEN);
  g_object_unref (desk);
}

/* Whoever says no before the yes is on the disk wins. */
static void
test_no_wins (Fixture *fixture, gconstpointer data)
{
  PostsDesk *desk = open_desk (fixture);

  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "Bonsoir");
  g_assert_true (posts_desk_show (desk, "1", NULL));
  g_assert_true (posts_desk_hide (desk, "1", NULL));
  g_assert_true (posts_desk_approve (desk, "2", NULL));
  wait_for (desk, "2", POSTS_STATE_APPROVED);
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_HIDDEN);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_object_unref (desk);

  desk = open_desk (fixture);
  wait_for (desk, "1", POSTS_STATE_HIDDEN);
  g_object_unref (desk);
}

static void
failed_cb (PostsDesk *desk, const GError *error, guint *n)
{
  g_assert_error (error, POSTS_ERROR, POSTS_ERROR_STORE);
  (*n)++;
}

static void
test_broken_file (Fixture *fixture, gconstpointer data)
{
  PostsDesk *desk = posts_desk_new ();
  g_autofree char *sub = g_path_get_dirname (fixture->path);
  guint n_failed = 0;

  g_mkdir (sub, 0700);
  g_assert_true (g_file_set_contents (fixture->path, "this is no database, not at all", -1, NULL));
  g_signal_connect (desk, "failed", G_CALLBACK (failed_cb), &n_failed);
  posts_desk_open_store (desk, fixture->path);
  add (desk, "1", "ada", "Bonjour");
  g_assert_true (posts_desk_approve (desk, "1", NULL));
  wait_for (desk, "1", POSTS_STATE_APPROVED);
  g_assert_cmpuint (n_failed, ==, 1);
  g_object_unref (desk);

  desk = open_desk (fixture);
  wait_for (desk, "1", POSTS_STATE_APPROVED);
  g_object_unref (desk);
}

/* The disk takes nothing: it is said, and the show goes on. */
static void
test_no_disk (Fixture *fixture, gconstpointer data)
{
  PostsDesk *desk = posts_desk_new ();
  guint n_failed = 0;

  g_signal_connect (desk, "failed", G_CALLBACK (failed_cb), &n_failed);
  posts_desk_open_store (desk, "/proc/no-such-folder/posts.sqlite");
  add (desk, "1", "ada", "Bonjour");
  g_assert_true (posts_desk_show (desk, "1", NULL));
  wait_for (desk, "1", POSTS_STATE_ON_SCREEN);
  g_assert_cmpuint (n_failed, >=, 1);
  g_object_unref (desk);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/posts/store/comes-back", Fixture, NULL, set_up, test_comes_back, tear_down);
  g_test_add ("/posts/store/no-wins", Fixture, NULL, set_up, test_no_wins, tear_down);
  g_test_add ("/posts/store/broken-file", Fixture, NULL, set_up, test_broken_file, tear_down);
  g_test_add ("/posts/store/no-disk", Fixture, NULL, set_up, test_no_disk, tear_down);
  return g_test_run ();
}
