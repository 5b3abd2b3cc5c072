/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-rotation.h"

typedef struct {
  PostsDesk *desk;
  ShowRotation *rotation;
  GString *shown; /* ids, in order */
} Fixture;

static void
on_screen_cb (PostsDesk *desk, GParamSpec *pspec, gpointer user_data)
{
  Fixture *fixture = user_data;
  PostsItem *item = posts_desk_get_on_screen (desk);

  if (item != NULL)
    g_string_append (fixture->shown, posts_post_get_id (posts_item_get_post (item)));
}

static void
add (PostsDesk *desk, const char *id, gboolean sensitive, gboolean approve)
{
  const PostsPostFields fields = { .id = id,
                                   .author_id = id,
                                   .author_handle = id,
                                   .text = id,
                                   .sensitive = sensitive,
                                   .n_followers = -1 };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (desk, post);
  if (approve)
    g_assert_true (posts_desk_approve (desk, id, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->desk = posts_desk_new ();
  fixture->rotation = show_rotation_new (fixture->desk);
  fixture->shown = g_string_new (NULL);
  show_rotation_set_times_ms (fixture->rotation, 2, 2);
  g_signal_connect (fixture->desk, "notify::on-screen", G_CALLBACK (on_screen_cb), fixture);
  add (fixture->desk, "a", FALSE, TRUE);
  add (fixture->desk, "b", FALSE, TRUE);
  add (fixture->desk, "s", TRUE, TRUE);
  add (fixture->desk, "n", FALSE, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->desk, fixture);
  g_assert_finalize_object (fixture->rotation);
  g_assert_finalize_object (fixture->desk);
  g_string_free (fixture->shown, TRUE);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("not in time");
  return G_SOURCE_REMOVE;
}

static void
wait_for_shown (Fixture *fixture, gsize n)
{
  const guint late_id = g_timeout_add_seconds (30, late_cb, NULL);

  while (fixture->shown->len < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);
}

static gboolean
passed_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Long enough for many turns, if there were any. */
static void
let_pass (guint ms)
{
  gboolean passed = FALSE;

  g_timeout_add (ms, passed_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_turns (Fixture *fixture, gconstpointer data)
{
  g_assert_false (show_rotation_get_enabled (fixture->rotation));
  let_pass (30);
  g_assert_cmpstr (fixture->shown->str, ==, "");
  show_rotation_set_enabled (fixture->rotation, TRUE);
  wait_for_shown (fixture, 4);
  g_assert_true (g_str_has_prefix (fixture->shown->str, "abab"));
  g_assert_true (posts_desk_hide (fixture->desk, "a", NULL));
  g_string_truncate (fixture->shown, 0);
  wait_for_shown (fixture, 2);
  g_assert_true (g_str_has_prefix (fixture->shown->str, "bb"));
  show_rotation_set_enabled (fixture->rotation, FALSE);
  g_assert_null (posts_desk_get_on_screen (fixture->desk));
}

static void
test_gives_way (Fixture *fixture, gconstpointer data)
{
  show_rotation_set_enabled (fixture->rotation, TRUE);
  wait_for_shown (fixture, 1);
  g_assert_true (posts_desk_show (fixture->desk, "n", NULL));
  g_string_truncate (fixture->shown, 0);
  let_pass (50);
  g_assert_cmpstr (fixture->shown->str, ==, "");
  g_assert_nonnull (posts_desk_get_on_screen (fixture->desk));
  posts_desk_clear_screen (fixture->desk);
  wait_for_shown (fixture, 1);
  posts_desk_set_panic (fixture->desk, TRUE);
  g_assert_null (posts_desk_get_on_screen (fixture->desk));
  g_string_truncate (fixture->shown, 0);
  let_pass (50);
  g_assert_cmpstr (fixture->shown->str, ==, "");
  posts_desk_set_panic (fixture->desk, FALSE);
  wait_for_shown (fixture, 1);
}

/* What does not fit the screen is not tried again. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  show_rotation_set_enabled (fixture->rotation, TRUE);
  wait_for_shown (fixture, 1);
  g_assert_cmpstr (fixture->shown->str, ==, "a");
  show_rotation_refuse (fixture->rotation);
  posts_desk_clear_screen (fixture->desk);
  wait_for_shown (fixture, 4);
  g_assert_true (g_str_has_prefix (fixture->shown->str, "abbb"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/show/rotation/turns", Fixture, NULL, set_up, test_turns, tear_down);
  g_test_add ("/show/rotation/gives-way", Fixture, NULL, set_up, test_gives_way, tear_down);
  g_test_add ("/show/rotation/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
