/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk.h"
#include <malloc.h>

#include "posts-keep.h"

static PostsPost *
make_post (const char *id)
{
  g_autoptr (GDateTime) created = g_date_time_new_utc (2026, 11, 22, 14, 3, 7);
  g_autoptr (GDateTime) author_created = g_date_time_new_utc (2019, 3, 2, 12, 0, 0);
  const PostsPostFields fields = {
    .id = id,
    .network = POSTS_NETWORK_KIND_MASTODON,
    .author_id = "mastodon:ana@asso.example",
    .author_name = "Ana “Ã” <b>",
    .author_handle = "@ana@asso.example",
    .avatar_url = "https://files.asso.example/a.png",
    .author_created = author_created,
    .n_followers = 12,
    .text = "Two lines\nand \"quotes\" — 🎉",
    .photo_path = "/tmp/photo.jpg",
    .photo_description = "A hall",
    .url = "https://asso.example/@ana/1",
    .language = "fr",
    .sensitive = TRUE,
    .created = created,
  };

  return posts_post_new (&fields);
}

static void
test_gives_back (void)
{
  g_autoptr (PostsPost) post = make_post ("mastodon:1");
  g_autoptr (JsonNode) node = posts_keep_to_json (post);
  g_autoptr (PostsPost) again = posts_keep_from_json (node);

  g_assert_nonnull (again);
  g_assert_cmpstr (posts_post_get_id (again), ==, posts_post_get_id (post));
  g_assert_cmpint (posts_post_get_network (again), ==, POSTS_NETWORK_KIND_MASTODON);
  g_assert_cmpstr (posts_post_get_author_id (again), ==, posts_post_get_author_id (post));
  g_assert_cmpstr (posts_post_get_author_name (again), ==, posts_post_get_author_name (post));
  g_assert_cmpstr (posts_post_get_author_handle (again), ==, posts_post_get_author_handle (post));
  g_assert_cmpstr (posts_post_get_avatar_url (again), ==, "https://files.asso.example/a.png");
  g_assert_cmpstr (posts_post_get_text (again), ==, posts_post_get_text (post));
  g_assert_cmpstr (posts_post_get_photo_path (again), ==, "/tmp/photo.jpg");
  g_assert_cmpstr (posts_post_get_photo_description (again), ==, "A hall");
  g_assert_cmpstr (posts_post_get_url (again), ==, posts_post_get_url (post));
  g_assert_cmpstr (posts_post_get_language (again), ==, "fr");
  g_assert_cmpint (posts_post_get_n_followers (again), ==, 12);
  g_assert_true (posts_post_is_sensitive (again));
  g_assert_true (g_date_time_equal (posts_post_get_created (again), posts_post_get_created (post)));
  g_assert_true (g_date_time_equal (posts_post_get_author_created (again),
                                    posts_post_get_author_created (post)));
}

static void
test_hostile (void)
{
  static const char *const texts[] = {
    "null",
    "5",
    "[]",
    "{}",
    "{\"id\":5}",
    "{\"id\":\"\",\"text\":\"x\",\"author-name\":\"y\"}",
    "{\"id\":\"1\",\"text\":[],\"author-name\":\"y\"}",
    "{\"id\":\"1\",\"text\":\"x\"}",
  };

  g_assert_null (posts_keep_from_json (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);

    g_assert_null (posts_keep_from_json (node));
  }
}

/* Types that are not what they should be are left out, and text is cleaned as if it came from outside. */
static void
test_wrong_parts (void)
{
  g_autoptr (JsonNode) node = json_from_string (
    "{\"id\":\"1\",\"text\":\"a\\u202eb\",\"author-name\":\"y\",\"network\":\"telegraph\","
    "\"followers\":\"many\",\"sensitive\":\"yes\",\"created\":\"soon\",\"url\":\"javascript:x\"}",
    NULL);
  g_autoptr (PostsPost) post = posts_keep_from_json (node);

  g_assert_nonnull (post);
  g_assert_cmpint (posts_post_get_network (post), ==, POSTS_NETWORK_KIND_OTHER);
  g_assert_cmpint (posts_post_get_n_followers (post), ==, -1);
  g_assert_false (posts_post_is_sensitive (post));
  g_assert_null (posts_post_get_url (post));
  g_assert_null (strstr (posts_post_get_text (post), "\u202e"));
}

static void
test_hidden_early (void)
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();
  g_autoptr (PostsPost) first = make_post ("mastodon:1");
  g_autoptr (PostsPost) second = make_post ("mastodon:2");
  g_auto (GStrv) blocked = NULL;

  posts_desk_hide_early (desk, "mastodon:1");
  posts_desk_add (desk, first);
  g_assert_cmpint (posts_item_get_state (posts_desk_find (desk, "mastodon:1")), ==,
                   POSTS_STATE_HIDDEN);
  posts_desk_add (desk, second);
  g_assert_cmpint (posts_item_get_state (posts_desk_find (desk, "mastodon:2")), !=,
                   POSTS_STATE_HIDDEN);
  posts_desk_hide_early (desk, "mastodon:2");
  g_assert_cmpint (posts_item_get_state (posts_desk_find (desk, "mastodon:2")), ==,
                   POSTS_STATE_HIDDEN);

  posts_desk_block_author (desk, "mastodon:ana@asso.example");
  blocked = posts_desk_list_blocked_authors (desk);
  g_assert_cmpstr (blocked[0], ==, "mastodon:ana@asso.example");
  g_assert_null (blocked[1]);
}

/* A day has a hundred thousand of them: nothing of a post may stay behind. */
static void
test_leaves_nothing_behind (void)
{
  const PostsPostFields fields = {
    .id = "1", .author_id = "2", .author_name = "Ada", .text = "Bonjour", .n_followers = -1
  };
  g_autoptr (PostsPost) post = posts_post_new (&fields);
  size_t before = 0;

  for (guint i = 0; i < 3000; i++) {
    g_autoptr (JsonNode) node = posts_keep_to_json (post);

    if (i == 1000)
      before = mallinfo2 ().uordblks;
    g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  }
  g_assert_cmpuint (mallinfo2 ().uordblks, <, before + 1024 * 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/keep/gives-back", test_gives_back);
  g_test_add_func ("/posts/keep/hostile", test_hostile);
  g_test_add_func ("/posts/keep/wrong-parts", test_wrong_parts);
  g_test_add_func ("/posts/desk/hidden-early", test_hidden_early);
  g_test_add_func ("/posts/keep/leaves-nothing-behind", test_leaves_nothing_behind);
  return g_test_run ();
}
