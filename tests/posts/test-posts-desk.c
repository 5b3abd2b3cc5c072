/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk.h"

static void
add (PostsDesk *desk, const char *id, const char *author, const char *text)
{
  const PostsPostFields fields = {
    .id = id, .author_id = author, .author_handle = author, .text = text, .n_followers = -1
  };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (desk, post);
}

static PostsState
state_of (PostsDesk *desk, const char *id)
{
  return posts_item_get_state (posts_desk_find (desk, id));
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static const char *
id_at (GListModel *list, guint position)
{
  g_autoptr (PostsItem) item = g_list_model_get_item (list, position);

  /* The desk keeps the item. */
  return posts_post_get_id (posts_item_get_post (item));
}

static void
test_sorts_what_comes_in (void)
{
  PostsDesk *desk = posts_desk_new ();
  guint n_notifies = 0;

  g_signal_connect (desk, "notify::n-incoming", G_CALLBACK (count_cb), &n_notifies);
  add (desk, "1", "ada", "Bonjour");
  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bot", "voir bit.ly/abc");
  add (desk, "4", "bot", "lien en bio");
  add (desk, "3", "bob", "Hello");
  g_assert_cmpuint (n_notifies, ==, 2);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_INCOMING), ==, 2);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_HELD), ==, 1);
  g_assert_cmpstr (id_at (posts_desk_get_list (desk, POSTS_STATE_INCOMING), 0), ==, "3");
  g_assert_cmpstr (id_at (posts_desk_get_list (desk, POSTS_STATE_INCOMING), 1), ==, "1");
  g_assert_cmpuint (posts_item_get_reasons (posts_desk_find (desk, "2")), ==,
                    POSTS_REASON_UNKNOWN_LINK);
  g_assert_cmpint (state_of (desk, "4"), ==, POSTS_STATE_HIDDEN);
  g_assert_cmpuint (posts_item_get_reasons (posts_desk_find (desk, "4")), ==,
                    POSTS_REASON_ADULT_WORDS);
  g_assert_null (posts_desk_find (desk, "5"));
  g_assert_null (posts_desk_find (desk, NULL));
  g_assert_finalize_object (desk);
}

static void
test_transitions (void)
{
  /* incoming, held, approved, on screen, hidden → what approve, hide and show make of it */
  const int none = -1;
  const int expected[][3] = {
    { POSTS_STATE_APPROVED, POSTS_STATE_HIDDEN, POSTS_STATE_ON_SCREEN },
    { POSTS_STATE_APPROVED, POSTS_STATE_HIDDEN, POSTS_STATE_ON_SCREEN },
    { none, POSTS_STATE_HIDDEN, POSTS_STATE_ON_SCREEN },
    { none, POSTS_STATE_HIDDEN, none },
    { POSTS_STATE_APPROVED, none, none },
  };
  gboolean (*const verbs[]) (PostsDesk *, const char *,
                             GError **) = { posts_desk_approve, posts_desk_hide, posts_desk_show };

  for (int from = POSTS_STATE_INCOMING; from <= POSTS_STATE_HIDDEN; from++)
    for (guint verb = 0; verb < G_N_ELEMENTS (verbs); verb++) {
      PostsDesk *desk = posts_desk_new ();
      g_autoptr (GError) error = NULL;

      add (desk, "1", "ada", from == POSTS_STATE_HELD ? "bit.ly/abc" : "Bonjour");
      if (from == POSTS_STATE_APPROVED)
        g_assert_true (posts_desk_approve (desk, "1", NULL));
      if (from == POSTS_STATE_ON_SCREEN)
        g_assert_true (posts_desk_show (desk, "1", NULL));
      if (from == POSTS_STATE_HIDDEN)
        g_assert_true (posts_desk_hide (desk, "1", NULL));
      g_assert_cmpint (state_of (desk, "1"), ==, from);

      if (expected[from][verb] == none) {
        g_assert_false (verbs[verb](desk, "1", &error));
        g_assert_error (error, POSTS_ERROR, POSTS_ERROR_STATE);
        g_assert_cmpint (state_of (desk, "1"), ==, from);
      } else {
        g_assert_true (verbs[verb](desk, "1", &error));
        g_assert_no_error (error);
        g_assert_cmpint (state_of (desk, "1"), ==, expected[from][verb]);
      }
      g_assert_finalize_object (desk);
    }
}

static void
test_unknown_post (void)
{
  PostsDesk *desk = posts_desk_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (posts_desk_show (desk, "nothing", &error));
  g_assert_error (error, POSTS_ERROR, POSTS_ERROR_STATE);
  posts_desk_clear_screen (desk);
  posts_desk_take_down (desk, "nothing");
  g_assert_finalize_object (desk);
}

static void
test_one_on_screen (void)
{
  PostsDesk *desk = posts_desk_new ();
  guint n_notifies = 0;

  g_signal_connect (desk, "notify::on-screen", G_CALLBACK (count_cb), &n_notifies);
  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "Hello");
  g_assert_true (posts_desk_show (desk, "1", NULL));
  g_assert_cmpuint (n_notifies, ==, 1);
  g_assert_true (posts_desk_get_on_screen (desk) == posts_desk_find (desk, "1"));
  g_assert_true (posts_desk_show (desk, "2", NULL));
  g_assert_cmpuint (n_notifies, ==, 2);
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_APPROVED);
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_ON_SCREEN);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_ON_SCREEN), ==, 1);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_APPROVED), ==, 2);
  posts_desk_clear_screen (desk);
  g_assert_cmpuint (n_notifies, ==, 3);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_APPROVED);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_ON_SCREEN), ==, 0);
  posts_desk_clear_screen (desk);
  g_assert_cmpuint (n_notifies, ==, 3);
  g_assert_finalize_object (desk);
}

static void
test_take_down_leaves_everything (void)
{
  PostsDesk *desk = posts_desk_new ();
  g_autoptr (PostsItem) item = NULL;

  add (desk, "1", "ada", "Bonjour");
  posts_desk_show (desk, "1", NULL);
  item = g_object_ref (posts_desk_find (desk, "1"));
  posts_desk_take_down (desk, "1");
  g_assert_cmpint (posts_item_get_state (item), ==, POSTS_STATE_TAKEN_DOWN);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_null (posts_desk_find (desk, "1"));
  for (int state = POSTS_STATE_INCOMING; state <= POSTS_STATE_TAKEN_DOWN; state++)
    g_assert_cmpuint (posts_desk_get_count (desk, (PostsState) state), ==, 0);

  /* Not again, and not when the news came before the post. */
  posts_desk_take_down (desk, "2");
  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "ada", "Bonsoir");
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_INCOMING), ==, 0);
  g_assert_finalize_object (desk);
}

static void
test_block_author (void)
{
  PostsDesk *desk = posts_desk_new ();

  add (desk, "1", "troll", "Bonjour");
  add (desk, "2", "troll", "bit.ly/abc");
  add (desk, "3", "ada", "Bonsoir");
  add (desk, "4", "troll", "Salut");
  posts_desk_show (desk, "1", NULL);
  posts_desk_hide (desk, "4", NULL);
  g_assert_cmpuint (posts_desk_block_author (desk, posts_post_get_author_id (posts_item_get_post (
                                                     posts_desk_find (desk, "1")))),
                    ==, 2);
  g_assert_null (posts_desk_get_on_screen (desk));
  add (desk, "5", "troll", "Re");
  for (guint i = 1; i <= 5; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);

    g_assert_cmpint (state_of (desk, id), ==, i == 3 ? POSTS_STATE_INCOMING : POSTS_STATE_HIDDEN);
    g_assert_cmpint ((posts_item_get_reasons (posts_desk_find (desk, id)) &
                      POSTS_REASON_BLOCKED_AUTHOR) != 0,
                     ==, i != 3);
  }
  posts_desk_unblock_author (desk, "troll");
  add (desk, "6", "troll", "Merci");
  g_assert_cmpint (state_of (desk, "6"), ==, POSTS_STATE_HELD); /* too many in a row */
  g_assert_finalize_object (desk);
}

static void
mirror_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  GPtrArray *mirror = user_data;

  if (n_removed > 0)
    g_ptr_array_remove_range (mirror, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (mirror, (int) (position + i), g_list_model_get_item (model, position + i));
}

static void
test_lists_tell_the_truth (void)
{
  PostsDesk *desk = posts_desk_new ();
  GListModel *lists[POSTS_STATE_HIDDEN + 1] = { NULL };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) mirrors =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (int state = 0; state <= POSTS_STATE_HIDDEN; state++) {
    lists[state] = posts_desk_get_list (desk, (PostsState) state);
    g_ptr_array_add (mirrors, g_ptr_array_new_with_free_func (g_object_unref));
    g_signal_connect (lists[state], "items-changed", G_CALLBACK (mirror_cb), mirrors->pdata[state]);
  }
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *new_id = g_strdup_printf ("%u", i);
    g_autofree char *id = g_strdup_printf ("%d", g_rand_int_range (rand, 0, (int) i + 1));

    add (desk, new_id, "ada", i % 5 == 0 ? "nudes" : "ok");
    switch (g_rand_int_range (rand, 0, 5)) {
    case 0:
      posts_desk_approve (desk, id, NULL);
      break;
    case 1:
      posts_desk_hide (desk, id, NULL);
      break;
    case 2:
      posts_desk_show (desk, id, NULL);
      break;
    case 3:
      posts_desk_take_down (desk, id);
      break;
    default:
      break;
    }
  }
  for (int state = 0; state <= POSTS_STATE_HIDDEN; state++) {
    GPtrArray *mirror = mirrors->pdata[state];

    g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (lists[state]));
    for (guint i = 0; i < mirror->len; i++) {
      g_autoptr (PostsItem) item = g_list_model_get_item (lists[state], i);

      g_assert_true (item == mirror->pdata[i]);
    }
  }
  g_clear_pointer (&mirrors, g_ptr_array_unref);
  g_assert_finalize_object (desk);
}

static void
test_flood (void)
{
  PostsDesk *desk = posts_desk_new ();
  const guint n_posts = g_test_slow () ? 200000 : 20000;
  const gint64 start_us = g_get_monotonic_time ();

  add (desk, "kept", "ada", "Bonjour");
  posts_desk_approve (desk, "kept", NULL);
  for (guint i = 0; i < n_posts; i++) {
    char id[16] = "";
    char text[64] = "";

    g_snprintf (id, sizeof id, "%u", i);
    g_snprintf (text, sizeof text, "Super conf\xC3\xA9rence, merci pour tout %u !", i);
    add (desk, id, "bob", text);
  }
  g_test_message ("%u posts in %" G_GINT64_FORMAT " ms", n_posts,
                  (g_get_monotonic_time () - start_us) / 1000);
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_INCOMING), <=, 150000);
  g_assert_cmpint (state_of (desk, "kept"), ==, POSTS_STATE_APPROVED);
  g_assert_finalize_object (desk);
}

/* What its author changes goes back to a human, and off the screen. */
static void
test_edited (void)
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();
  GListModel *approved = posts_desk_get_list (desk, POSTS_STATE_APPROVED);
  PostsItem *item = NULL;

  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "bob", "Hello");
  item = posts_desk_find (desk, "1");
  g_assert_true (posts_desk_show (desk, "1", NULL));
  add (desk, "1", "ada", "Bonjour");
  g_assert_true (posts_desk_get_on_screen (desk) == item);

  add (desk, "1", "ada", "Bonsoir");
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_cmpuint (g_list_model_get_n_items (approved), ==, 0);
  g_assert_true (posts_desk_find (desk, "1") == item);
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_HELD);
  g_assert_cmpuint (posts_item_get_reasons (item), ==, POSTS_REASON_EDITED);
  g_assert_cmpstr (posts_post_get_text (posts_item_get_post (item)), ==, "Bonsoir");

  /* Approved as it is now. */
  g_assert_true (posts_desk_approve (desk, "1", NULL));
  add (desk, "1", "ada", "Bonsoir");
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_APPROVED);

  add (desk, "2", "bob", "lien en bio");
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HIDDEN);
  add (desk, "2", "bob", "Hello again");
  g_assert_cmpint (state_of (desk, "2"), ==, POSTS_STATE_HIDDEN);
}

static void
test_author_gone (void)
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();

  add (desk, "1", "ada", "Bonjour");
  add (desk, "2", "ada", "Bonsoir");
  add (desk, "3", "bob", "Hello");
  g_assert_true (posts_desk_show (desk, "2", NULL));
  posts_desk_take_down_author (desk, "ada");
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_null (posts_desk_find (desk, "1"));
  g_assert_null (posts_desk_find (desk, "2"));
  g_assert_nonnull (posts_desk_find (desk, "3"));
  add (desk, "2", "ada", "Bonsoir");
  g_assert_null (posts_desk_find (desk, "2"));
  /* The account may come back. */
  add (desk, "4", "ada", "Me revoici");
  g_assert_nonnull (posts_desk_find (desk, "4"));
}

static void
add_by_way (PostsDesk *desk, const char *id, const char *uri)
{
  g_autoptr (PostsPost) post = posts_post_new (&(PostsPostFields){
    .id = id, .uri = uri, .author_handle = "ada", .text = "Bonjour", .n_followers = -1 });

  posts_desk_add (desk, post);
}

/* Two servers tell of the same post: it is here once, and either of them takes it down. */
static void
test_same_post_two_ways (void)
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();

  add_by_way (desk, "a:1", "https://a.example/1");
  add_by_way (desk, "b:9", "https://a.example/1");
  add_by_way (desk, "b:8", "https://b.example/8");
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_INCOMING), ==, 2);
  g_assert_true (posts_desk_show (desk, "a:1", NULL));
  posts_desk_take_down (desk, "b:9");
  g_assert_null (posts_desk_get_on_screen (desk));
  add_by_way (desk, "a:1", "https://a.example/1");
  add_by_way (desk, "b:9", "https://a.example/1");
  g_assert_cmpuint (posts_desk_get_count (desk, POSTS_STATE_INCOMING), ==, 1);
}

static void
test_panic (void)
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();
  g_autoptr (GError) error = NULL;

  add (desk, "1", "ada", "Bonjour");
  g_assert_true (posts_desk_show (desk, "1", NULL));
  posts_desk_set_panic (desk, TRUE);
  g_assert_null (posts_desk_get_on_screen (desk));
  g_assert_cmpint (state_of (desk, "1"), ==, POSTS_STATE_APPROVED);
  g_assert_false (posts_desk_show (desk, "1", &error));
  g_assert_error (error, POSTS_ERROR, POSTS_ERROR_STATE);
  posts_desk_set_panic (desk, FALSE);
  g_assert_true (posts_desk_show (desk, "1", NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/desk/sorts-what-comes-in", test_sorts_what_comes_in);
  g_test_add_func ("/posts/desk/transitions", test_transitions);
  g_test_add_func ("/posts/desk/unknown-post", test_unknown_post);
  g_test_add_func ("/posts/desk/one-on-screen", test_one_on_screen);
  g_test_add_func ("/posts/desk/take-down-leaves-everything", test_take_down_leaves_everything);
  g_test_add_func ("/posts/desk/block-author", test_block_author);
  g_test_add_func ("/posts/desk/lists-tell-the-truth", test_lists_tell_the_truth);
  g_test_add_func ("/posts/desk/flood", test_flood);
  g_test_add_func ("/posts/desk/same-post-two-ways", test_same_post_two_ways);
  g_test_add_func ("/posts/desk/panic", test_panic);
  g_test_add_func ("/posts/desk/edited", test_edited);
  g_test_add_func ("/posts/desk/author-gone", test_author_gone);
  return g_test_run ();
}
