/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "posts-replay.h"

typedef struct {
  char *folder;
  char *path;
  GString *seen; /* "id " for each post, "-id " for each one taken down */
  GPtrArray *posts;
  gboolean timed_out;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->folder = g_dir_make_tmp ("regie-replay-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "posts.ndjson", NULL);
  fixture->seen = g_string_new (NULL);
  fixture->posts = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *photo = g_build_filename (fixture->folder, "photo.jpg", NULL);

  g_remove (photo);
  g_remove (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_string_free (fixture->seen, TRUE);
  g_ptr_array_unref (fixture->posts);
}

static void
write_file (Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static void
post_cb (PostsNetwork *network, PostsPost *post, Fixture *fixture)
{
  g_string_append_printf (fixture->seen, "%s ", posts_post_get_id (post));
  g_ptr_array_add (fixture->posts, g_object_ref (post));
}

static void
taken_down_cb (PostsNetwork *network, const char *id, Fixture *fixture)
{
  g_string_append_printf (fixture->seen, "-%s ", id);
}

static PostsReplay *
new_replay (Fixture *fixture, double speed)
{
  PostsReplay *replay = posts_replay_new (fixture->path, speed);

  g_signal_connect (replay, "post", G_CALLBACK (post_cb), fixture);
  g_signal_connect (replay, "taken-down", G_CALLBACK (taken_down_cb), fixture);
  return replay;
}

static gboolean
timeout_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_state (PostsReplay *replay, PostsNetworkState state)
{
  gboolean timed_out = FALSE;
  const guint timer_id = g_timeout_add_seconds (20, timeout_cb, &timed_out);

  while (posts_network_get_state (POSTS_NETWORK (replay)) != state && !timed_out)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (timed_out);
  g_source_remove (timer_id);
}

/* Lets a cancelled reading come to its end. */
static void
drain (void)
{
  for (guint i = 0; i < 50; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
test_plays_in_order (Fixture *fixture, gconstpointer user_data)
{
  PostsReplay *replay = new_replay (fixture, 1000);
  g_autofree char *photo = g_build_filename (fixture->folder, "photo.jpg", NULL);
  g_autofree char *title = posts_network_get_title (POSTS_NETWORK (replay));

  g_assert_true (g_file_set_contents (photo, "x", -1, NULL));
  write_file (
    fixture,
    "{\"at\": 20, \"network\": \"bluesky\", \"id\": \"b\", \"author\": {\"handle\": \"bob\"}, "
    "\"text\": \"Hi\"}\r\n"
    "\n"
    "{\"at\": 10.5, \"network\": \"mastodon\", \"id\": \"a\", \"author\": {\"id\": \"1\", "
    "\"name\": "
    "\"Ada\", \"handle\": \"ada@x\", \"created\": \"2020-01-02T03:04:05Z\", \"followers\": 7}, "
    "\"text\": \"Bonjour\", \"photo\": \"photo.jpg\", \"photo-description\": \"Une photo\", "
    "\"url\": \"https://x.example/1\", \"lang\": \"fr\", \"sensitive\": true}\n"
    "{\"at\": 30, \"take-down\": \"a\"}\n"
    "{\"at\": 30, \"network\": \"x\", \"id\": \"c\", \"author\": {\"name\": \"C\"}, \"text\": "
    "\"\", "
    "\"photo\": \"../../etc/passwd\"}");
  g_assert_cmpstr (title, ==, "posts.ndjson");
  posts_network_start (POSTS_NETWORK (replay));
  posts_network_start (POSTS_NETWORK (replay));
  g_assert_cmpint (posts_network_get_state (POSTS_NETWORK (replay)), ==,
                   POSTS_NETWORK_STATE_CONNECTING);
  wait_for_state (replay, POSTS_NETWORK_STATE_ENDED);
  g_assert_cmpstr (fixture->seen->str, ==, "a b -a c ");
  g_assert_cmpuint (posts_replay_get_n_unreadable (replay), ==, 0);

  PostsPost *post = fixture->posts->pdata[0];
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_assert_cmpint (posts_post_get_network (post), ==, POSTS_NETWORK_KIND_MASTODON);
  g_assert_cmpstr (posts_post_get_author_id (post), ==, "1");
  g_assert_cmpstr (posts_post_get_author_name (post), ==, "Ada");
  g_assert_cmpint (posts_post_get_n_followers (post), ==, 7);
  g_assert_cmpint (g_date_time_get_year (posts_post_get_author_created (post)), ==, 2020);
  g_assert_true (g_str_has_suffix (posts_post_get_photo_path (post), "/photo.jpg"));
  g_assert_cmpstr (posts_post_get_photo_description (post), ==, "Une photo");
  g_assert_cmpstr (posts_post_get_url (post), ==, "https://x.example/1");
  g_assert_cmpstr (posts_post_get_language (post), ==, "fr");
  g_assert_true (posts_post_is_sensitive (post));
  g_assert_cmpint (g_date_time_difference (now, posts_post_get_created (post)), <,
                   20 * G_TIME_SPAN_SECOND);
  g_assert_null (posts_post_get_photo_path (fixture->posts->pdata[2]));

  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_ENDED);
  g_assert_cmpstr (fixture->seen->str, ==, "a b -a c a b -a c ");
  g_assert_finalize_object (replay);
}

static void
test_leaves_wrong_lines_out (Fixture *fixture, gconstpointer user_data)
{
  PostsReplay *replay = new_replay (fixture, 1000);
  g_autofree char *huge = g_strnfill (200000, 'a');
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *text = g_strconcat (
    "{\"at\": 0, \"id\": \"1\", \"author\": {\"name\": \"A\"}, \"text\": \"one\"}\n"
    "not json\n"
    "[]\n"
    "null\n"
    "{\"at\": \"soon\", \"id\": \"x\", \"author\": {\"name\": \"A\"}, \"text\": \"\"}\n"
    "{\"at\": -1, \"id\": \"x\", \"author\": {\"name\": \"A\"}, \"text\": \"\"}\n"
    "{\"at\": 1e300, \"id\": \"x\", \"author\": {\"name\": \"A\"}, \"text\": \"\"}\n"
    "{\"at\": 0, \"id\": 12, \"author\": {\"name\": \"A\"}, \"text\": \"\"}\n"
    "{\"at\": 0, \"id\": \"x\", \"author\": \"A\", \"text\": \"\"}\n"
    "{\"at\": 0, \"id\": \"x\", \"author\": {\"name\": \"A\"}, \"text\": null}\n"
    "{\"at\": 0, \"take-down\": 3}\n"
    "{\"at\": 0, \"id\": \"\xE9\", \"author\": {\"name\": \"A\"}, \"text\": \"\"}\n",
    deep, "\n{\"at\": 0, \"text\": \"", huge,
    "\"}\n{\"at\": 0, \"id\": \"2\", \"author\": {\"name\": \"A\"}, \"text\": \"two\"}\n", NULL);

  write_file (fixture, text);
  g_test_expect_message ("posts", G_LOG_LEVEL_MESSAGE,
                         "*left out 13 of 15 lines; line 2: not JSON*");
  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_ENDED);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (fixture->seen->str, ==, "1 2 ");
  g_assert_cmpuint (posts_replay_get_n_unreadable (replay), ==, 13);
  g_assert_finalize_object (replay);
}

static void
test_missing_file (Fixture *fixture, gconstpointer user_data)
{
  PostsReplay *replay = new_replay (fixture, 1);
  g_autoptr (GError) error = NULL;

  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_FAILED);
  g_object_get (replay, "error", &error, NULL);
  g_assert_error (error, POSTS_ERROR, POSTS_ERROR_SOURCE);
  g_assert_nonnull (strstr (error->message, fixture->path));

  /* The file is there now. */
  write_file (fixture, "");
  posts_network_start (POSTS_NETWORK (replay));
  g_clear_error (&error);
  g_object_get (replay, "error", &error, NULL);
  g_assert_null (error);
  wait_for_state (replay, POSTS_NETWORK_STATE_ENDED);
  g_assert_finalize_object (replay);
}

static void
test_too_large_file (Fixture *fixture, gconstpointer user_data)
{
  PostsReplay *replay = new_replay (fixture, 1);
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  g_autoptr (GFileIOStream) stream = g_file_create_readwrite (file, 0, NULL, NULL);

  /* A hole: costs nothing on disk, and is one endless line. */
  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), 65 * 1024 * 1024, NULL, NULL));
  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_FAILED);
  g_assert_finalize_object (replay);
}

static void
stop_cb (PostsNetwork *network, PostsPost *post, gpointer user_data)
{
  posts_network_stop (network);
}

static void
test_stops (Fixture *fixture, gconstpointer user_data)
{
  PostsReplay *replay = new_replay (fixture, 1000);
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (
      lines, "{\"at\": %u, \"id\": \"%u\", \"author\": {\"name\": \"A\"}, \"text\": \"x\"}\n",
      i / 10, i);
  write_file (fixture, lines->str);
  g_string_free (lines, TRUE);

  /* While the file is read. */
  posts_network_start (POSTS_NETWORK (replay));
  posts_network_stop (POSTS_NETWORK (replay));
  drain ();
  g_assert_cmpint (posts_network_get_state (POSTS_NETWORK (replay)), ==, POSTS_NETWORK_STATE_OFF);
  g_assert_cmpuint (fixture->posts->len, ==, 0);

  /* From its own signal. */
  const gulong handler_id = g_signal_connect (replay, "post", G_CALLBACK (stop_cb), NULL);
  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_LIVE);
  wait_for_state (replay, POSTS_NETWORK_STATE_OFF);
  drain ();
  g_assert_cmpuint (fixture->posts->len, ==, 1);
  g_signal_handler_disconnect (replay, handler_id);

  /* And anew, from the beginning. */
  posts_network_start (POSTS_NETWORK (replay));
  wait_for_state (replay, POSTS_NETWORK_STATE_ENDED);
  g_assert_cmpuint (fixture->posts->len, ==, 2001);

  posts_network_start (POSTS_NETWORK (replay));
  g_assert_finalize_object (replay);
  drain ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/posts/replay/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("plays-in-order", test_plays_in_order);
  ADD ("leaves-wrong-lines-out", test_leaves_wrong_lines_out);
  ADD ("missing-file", test_missing_file);
  ADD ("too-large-file", test_too_large_file);
  ADD ("stops", test_stops);
  return g_test_run ();
}
