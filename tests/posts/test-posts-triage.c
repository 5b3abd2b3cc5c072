/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "posts-desk-store.h"
#include "posts-triage.h"

static void
add_photo (PostsDesk *desk, const char *id, const char *author, const char *text, const char *photo)
{
  const PostsPostFields fields = { .id = id,
                                   .author_id = author,
                                   .author_name = author,
                                   .author_handle = author,
                                   .text = text,
                                   .photo_path = photo,
                                   .n_followers = -1 };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (desk, post);
}

static void
add (PostsDesk *desk, const char *id, const char *author, const char *text)
{
  add_photo (desk, id, author, text, NULL);
}

static PostsState
state_of (PostsDesk *desk, const char *id)
{
  return posts_item_get_state (posts_desk_find (desk, id));
}

static gboolean
act (PostsDesk *desk, PostsAct what, const char *first, const char *second)
{
  const char *ids[] = { first, second, NULL };

  return posts_triage_do (desk, NULL, what, ids, NULL);
}

static PostsAct
last (PostsDesk *desk, guint *n)
{
  return posts_triage_get_undo (desk, NULL, n, NULL, NULL);
}

/* Of PostsItem in the list of a state, oldest first, as one string. */
static char *
ids_of (GListModel *list)
{
  GString *ids = g_string_new (NULL);

  for (guint i = g_list_model_get_n_items (list); i > 0; i--) {
    g_autoptr (PostsItem) item = g_list_model_get_item (list, i - 1);

    g_string_append (ids, posts_post_get_id (posts_item_get_post (item)));
  }
  return g_string_free (ids, FALSE);
}

static void
assert_list (PostsDesk *desk, PostsState state, const char *expected)
{
  g_autofree char *ids = ids_of (posts_desk_get_list (desk, state));

  g_assert_cmpstr (ids, ==, expected);
}

static PostsDesk *
make_desk (void)
{
  PostsDesk *desk = posts_desk_new ();

  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "Salut");
  add (desk, "3", "bob", "voir bit.ly/abc");
  add (desk, "4", "cleo", "Bonsoir");
  return desk;
}

static void
test_takes_back (void)
{
  PostsDesk *desk = make_desk ();
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_assert_cmpint (last (desk, &n), ==, POSTS_ACT_NONE);
  g_assert_true (act (desk, POSTS_ACT_APPROVE, "1", "2"));
  g_assert_cmpint (last (desk, &n), ==, POSTS_ACT_APPROVE);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (act (desk, POSTS_ACT_HIDE, "4", NULL));
  assert_list (desk, POSTS_STATE_APPROVED, "12");
  assert_list (desk, POSTS_STATE_INCOMING, "");

  g_assert_true (posts_triage_undo (desk, NULL, &error));
  assert_list (desk, POSTS_STATE_INCOMING, "4");
  g_assert_cmpint (last (desk, &n), ==, POSTS_ACT_APPROVE);
  g_assert_true (posts_triage_undo (desk, NULL, &error));
  assert_list (desk, POSTS_STATE_INCOMING, "124");
  assert_list (desk, POSTS_STATE_APPROVED, "");
  assert_list (desk, POSTS_STATE_HELD, "3");
  g_assert_no_error (error);
  g_assert_false (posts_triage_undo (desk, NULL, &error));
  g_assert_error (error, POSTS_ERROR, POSTS_ERROR_UNDO);
  g_assert_finalize_object (desk);
}

/* Whoever was on screen before is there again. */
static void
test_screen (void)
{
  PostsDesk *desk = make_desk ();

  g_assert_false (act (desk, POSTS_ACT_SHOW, "1", "2"));
  g_assert_true (act (desk, POSTS_ACT_SHOW, "1", NULL));
  g_assert_true (act (desk, POSTS_ACT_SHOW, "2", NULL));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_INCOMING);
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_ON_SCREEN);
  posts_triage_take_off (desk, NULL);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_ON_SCREEN);
  g_assert_true (act (desk, POSTS_ACT_HIDE, "1", NULL));
  posts_desk_set_panic (desk, TRUE);
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_APPROVED);
  g_assert_finalize_object (desk);
}

/* What the author took down or changed, or someone decided otherwise, is not touched. */
static void
test_world_goes_on (void)
{
  PostsDesk *desk = make_desk ();

  g_assert_true (act (desk, POSTS_ACT_APPROVE, "1", "2"));
  posts_desk_take_down (desk, "1");
  add (desk, "2", "bob", "Salut, encule");
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HELD);
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_null (posts_desk_find (desk, "1"));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HELD);

  g_assert_true (act (desk, POSTS_ACT_APPROVE, "4", NULL));
  g_assert_true (posts_desk_hide (desk, "4", NULL));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "4"), ==, POSTS_STATE_HIDDEN);
  g_assert_finalize_object (desk);
}

static void
test_block (void)
{
  PostsDesk *desk = make_desk ();
  const char *author = NULL;
  const char *name = NULL;
  guint n = 0;

  g_assert_true (act (desk, POSTS_ACT_SHOW, "2", NULL));
  g_assert_true (act (desk, POSTS_ACT_BLOCK, "2", NULL));
  g_assert_null (posts_desk_get_on_screen (desk));
  assert_list (desk, POSTS_STATE_HIDDEN, "23");
  g_assert_cmpint (posts_triage_get_undo (desk, NULL, &n, &author, &name), ==, POSTS_ACT_BLOCK);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (author, ==, "bob");
  g_assert_cmpstr (name, ==, "bob");
  g_assert_false (act (desk, POSTS_ACT_BLOCK, "3", NULL));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_ON_SCREEN);
  g_assert_cmpint (state_of (desk, "3"), ==, POSTS_STATE_HELD);
  g_assert_cmpuint (posts_item_get_reasons (posts_desk_find (desk, "3")), ==,
                    POSTS_REASON_UNKNOWN_LINK);
  add (desk, "5", "bob", "Encore moi");
  g_assert_cmpint (state_of (desk, "5"), !=, POSTS_STATE_HIDDEN);
  g_assert_cmpuint (g_list_model_get_n_items (posts_desk_get_authors (desk)), ==, 0);
  g_assert_finalize_object (desk);
}

static void
test_each_their_own (void)
{
  PostsDesk *desk = make_desk ();
  const char *second[] = { "2", NULL };

  g_assert_true (act (desk, POSTS_ACT_APPROVE, "1", NULL));
  g_assert_true (posts_triage_do (desk, "phone", POSTS_ACT_HIDE, second, NULL));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_INCOMING);
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HIDDEN);
  g_assert_false (posts_triage_undo (desk, NULL, NULL));
  g_assert_true (posts_triage_undo (desk, "phone", NULL));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_INCOMING);
  g_assert_finalize_object (desk);
}

static void
changed_cb (PostsDesk *desk, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_expires (void)
{
  PostsDesk *desk = make_desk ();
  guint n_changes = 0;

  posts_triage_set_undo_ms (desk, 20);
  g_signal_connect (desk, "undo-changed", G_CALLBACK (changed_cb), &n_changes);
  g_assert_true (act (desk, POSTS_ACT_APPROVE, "1", NULL));
  g_assert_cmpuint (n_changes, ==, 1);
  while (last (desk, NULL) != POSTS_ACT_NONE)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_false (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_APPROVED);
  g_assert_finalize_object (desk);
}

static void
test_questions (void)
{
  PostsDesk *desk = make_desk ();
  GListModel *questions = posts_desk_get_questions (desk);
  g_autofree char *both = NULL;

  g_assert_true (act (desk, POSTS_ACT_ASK, "4", NULL));
  g_assert_true (act (desk, POSTS_ACT_ASK, "1", "4"));
  g_assert_false (act (desk, POSTS_ACT_ASK, "1", NULL));
  both = ids_of (questions); /* which reads from the end */
  g_assert_cmpstr (both, ==, "14");
  g_assert_true (act (desk, POSTS_ACT_ANSWER, "4", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (questions), ==, 1);
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (questions), ==, 2);
  g_assert_true (act (desk, POSTS_ACT_HIDE, "4", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (questions), ==, 1);
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (questions), ==, 2);
  posts_desk_take_down (desk, "4");
  g_assert_cmpuint (g_list_model_get_n_items (questions), ==, 1);
  g_assert_finalize_object (desk);
}

static void
test_reason (void)
{
  PostsDesk *desk = make_desk ();

  add (desk, "5", "dan", "bit.ly/x et connard");
  add (desk, "6", "eve", "connard");
  g_assert_cmpuint (posts_triage_hide_reason (desk, NULL, POSTS_REASON_UNKNOWN_LINK), ==, 2);
  assert_list (desk, POSTS_STATE_HELD, "6");
  g_assert_cmpuint (posts_triage_hide_reason (desk, NULL, POSTS_REASON_MONEY), ==, 0);
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  assert_list (desk, POSTS_STATE_HELD, "356");
  g_assert_finalize_object (desk);
}

/* Only of trusted authors, only without a picture or a doubt, and not before a human has seen twenty. */
static void
test_trusting (void)
{
  PostsDesk *desk = posts_desk_new ();

  posts_desk_set_standing (desk, "ada", POSTS_STANDING_TRUSTED);
  posts_desk_set_trusting (desk, TRUE);
  for (guint i = 1; i <= POSTS_FIRST_MANUAL; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);

    add (desk, id, "ada", id);
    g_assert_cmpint (state_of (desk, id), ==, POSTS_STATE_INCOMING);
  }
  add (desk, "a", "ada", "Bravo");
  g_assert_cmpint (state_of (desk, "a"), ==, POSTS_STATE_APPROVED);
  add_photo (desk, "b", "ada", "Une photo", "/tmp/photo.png");
  add (desk, "c", "ada", "voir bit.ly/abc");
  add (desk, "d", "bob", "Bravo aussi");
  g_assert_cmpint (state_of (desk, "b"), ==, POSTS_STATE_INCOMING);
  g_assert_cmpint (state_of (desk, "c"), ==, POSTS_STATE_HELD);
  g_assert_cmpint (state_of (desk, "d"), ==, POSTS_STATE_INCOMING);
  posts_desk_set_panic (desk, TRUE);
  add (desk, "e", "ada", "Pendant la panique");
  g_assert_cmpint (state_of (desk, "e"), ==, POSTS_STATE_INCOMING);
  posts_desk_set_panic (desk, FALSE);
  g_assert_true (posts_triage_judge_author (desk, NULL, POSTS_ACT_FORGIVE, "ada", NULL));
  add (desk, "f", "ada", "Plus de confiance");
  g_assert_cmpint (state_of (desk, "f"), !=, POSTS_STATE_APPROVED);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_finalize_object (desk);
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
  const guint late_id = g_timeout_add_seconds (30, late_cb, NULL);

  while (posts_desk_find (desk, id) == NULL || state_of (desk, id) != state)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);
}

/* A yes that is taken back before the disk has it never shows the post; questions and people come back. */
static void
test_disk (void)
{
  g_autofree char *folder = g_dir_make_tmp ("posts-triage-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "posts.sqlite", NULL);
  g_autofree char *people = g_build_filename (folder, "people", "authors.json", NULL);
  g_autofree char *people_folder = g_path_get_dirname (people);
  PostsDesk *desk = posts_desk_new ();

  posts_desk_open_authors (desk, people);
  posts_desk_open_store (desk, path);
  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "Salut");
  add (desk, "3", "cleo", "Bonsoir");
  g_assert_true (act (desk, POSTS_ACT_APPROVE, "1", NULL));
  g_assert_false (act (desk, POSTS_ACT_APPROVE, "1", NULL));
  g_assert_true (posts_triage_undo (desk, NULL, NULL));
  g_assert_true (act (desk, POSTS_ACT_APPROVE, "2", NULL));
  wait_for (desk, "2", POSTS_STATE_APPROVED);
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_INCOMING);
  g_assert_true (act (desk, POSTS_ACT_ASK, "3", NULL));
  g_assert_true (posts_triage_judge_author (desk, NULL, POSTS_ACT_BLOCK, "eve", NULL));
  g_assert_true (posts_triage_judge_author (desk, NULL, POSTS_ACT_TRUST, "dan", NULL));
  g_assert_true (posts_triage_judge_author (desk, NULL, POSTS_ACT_BLOCK, "mallory", NULL));
  posts_desk_set_always (desk, "mallory", TRUE);
  g_object_unref (desk);

  desk = posts_desk_new ();
  posts_desk_open_authors (desk, people);
  posts_desk_open_store (desk, path);
  wait_for (desk, "1", POSTS_STATE_INCOMING);
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_APPROVED);
  g_assert_cmpuint (g_list_model_get_n_items (posts_desk_get_questions (desk)), ==, 1);
  g_assert_cmpint (posts_desk_get_standing (desk, "eve"), ==, POSTS_STANDING_BLOCKED);
  g_assert_cmpint (posts_desk_get_standing (desk, "dan"), ==, POSTS_STANDING_TRUSTED);
  g_assert_true (posts_author_get_always (posts_desk_find_author (desk, "mallory")));
  g_object_unref (desk);

  /* Another event. */
  desk = posts_desk_new ();
  posts_desk_open_authors (desk, people);
  add (desk, "9", "mallory", "Me revoici");
  g_assert_cmpint (state_of (desk, "9"), ==, POSTS_STATE_HIDDEN);
  g_assert_cmpint (posts_desk_get_standing (desk, "eve"), ==, POSTS_STANDING_STRANGER);
  posts_desk_set_always (desk, "mallory", FALSE);
  g_object_unref (desk);
  desk = posts_desk_new ();
  posts_desk_open_authors (desk, people);
  g_assert_cmpuint (g_list_model_get_n_items (posts_desk_get_authors (desk)), ==, 0);
  g_object_unref (desk);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (people), ==, 0);
  g_assert_cmpint (g_rmdir (people_folder), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/triage/takes-back", test_takes_back);
  g_test_add_func ("/posts/triage/screen", test_screen);
  g_test_add_func ("/posts/triage/world-goes-on", test_world_goes_on);
  g_test_add_func ("/posts/triage/block", test_block);
  g_test_add_func ("/posts/triage/each-their-own", test_each_their_own);
  g_test_add_func ("/posts/triage/expires", test_expires);
  g_test_add_func ("/posts/triage/questions", test_questions);
  g_test_add_func ("/posts/triage/reason", test_reason);
  g_test_add_func ("/posts/triage/trusting", test_trusting);
  g_test_add_func ("/posts/triage/disk", test_disk);
  return g_test_run ();
}
