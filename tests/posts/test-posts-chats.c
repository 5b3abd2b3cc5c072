/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-owncast-parser.h"
#include "posts-pages.h"
#include "posts-rules.h"
#include "posts-twitch-parser.h"
#include "posts-youtube-parser.h"

/* The chats of a stream's own viewers: their fixtures, against what is expected, and the same cut at
 * every byte. */

static GDateTime *received;

static char *
read_fixture (const char *name, gsize *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "posts", "fixtures", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data = NULL;

  g_file_get_contents (path, &data, length, &error);
  g_assert_no_error (error);
  return data;
}

static JsonObject *
read_expected (const char *name, JsonNode **root)
{
  gsize length = 0;
  g_autofree char *data = read_fixture (name, &length);
  g_autoptr (GError) error = NULL;
  JsonObject *object = posts_json_parse_object (data, length, root, &error);

  g_assert_no_error (error);
  return object;
}

static PostsPost *
find (GPtrArray *news, const char *id)
{
  for (guint i = 0; i < news->len; i++) {
    const PostsNews *each = news->pdata[i];

    if (each->post != NULL && g_str_has_suffix (posts_post_get_id (each->post), id))
      return each->post;
  }
  return NULL;
}

static gboolean
is_gone (GPtrArray *news, const char *id)
{
  for (guint i = 0; i < news->len; i++) {
    const PostsNews *each = news->pdata[i];

    if ((each->gone_id != NULL && g_str_has_suffix (each->gone_id, id)) ||
        (each->gone_author != NULL && g_str_has_suffix (each->gone_author, id)))
      return TRUE;
  }
  return FALSE;
}

static void
check_shown (JsonArray *shown, GPtrArray *news)
{
  guint n = 0;

  for (guint i = 0; i < posts_json_length (shown); i++)
    g_assert_nonnull (find (news, posts_json_string_at (shown, i)));
  for (guint i = 0; i < news->len; i++) {
    const PostsNews *each = news->pdata[i];

    n += each->post != NULL && !is_gone (news, posts_post_get_id (each->post)) ? 1 : 0;
  }
  g_assert_cmpuint (posts_json_length (shown), ==, n);
}

static void
check_gone (JsonArray *gone, GPtrArray *news)
{
  g_assert_cmpuint (posts_json_length (gone), >, 0);
  for (guint i = 0; i < posts_json_length (gone); i++)
    g_assert_true (is_gone (news, posts_json_string_at (gone, i)));
}

static void
test_youtube_page (void)
{
  gsize length = 0;
  g_autofree char *data = read_fixture ("youtube/list-page1.json", &length);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *expected =
    posts_json_object (read_expected ("youtube/expect.json", &root), "after_list_page1");
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsYoutubePage) page = { 0 };
  PostsPost *post = NULL;

  g_assert_true (posts_youtube_read_page (data, length, received, news, &page));
  check_shown (posts_json_array (expected, "shown_ids"), news);
  check_gone (posts_json_array (expected, "deleted"), news);
  check_gone (posts_json_array (expected, "banned_channels"), news);
  g_assert_cmpuint (page.wait_ms, >=, posts_json_int (expected, "next_poll_ms_min", 0));
  g_assert_cmpstr (page.next_token, ==, "GNjnuitso");
  g_assert_cmpuint (page.n_malformed, ==, 1);
  g_assert_cmpint (page.problem, ==, POSTS_YOUTUBE_PROBLEM_NONE);
  post = find (news, "LCC.op000001");
  g_assert_cmpstr (posts_post_get_author_name (post), ==, "L\xC3\xA9\x61 Marchand");
  g_assert_cmpstr (posts_post_get_author_id (post), ==, "youtube:UCop00000000000000000001");
  g_assert_cmpstr (posts_post_get_avatar_url (post), ==,
                   "https://yt3.ggpht.com/ytc/1=s88-c-k-c0x00ffffff-no-rj");
  g_assert_nonnull (strstr (posts_post_get_text (post), "Merci & bravo aux b"));
  /* Plain text: nothing in it is decoded. */
  g_assert_nonnull (strstr (posts_post_get_text (find (news, "LCC.op000005")), "&lt;i&gt;"));
  g_assert_cmpstr (posts_post_get_text (find (news, "LCC.op000010")), ==, "Bravo");
}

static void
page_cb (const char *data, gsize length, gpointer user_data)
{
  GPtrArray *news = user_data;
  g_auto (PostsYoutubePage) page = { 0 };

  g_assert_true (posts_youtube_read_page (data, length, received, news, &page));
  g_assert_cmpstr (page.next_token, ==, "GNjnuitso");
}

static void
count_cb (const char *data, gsize length, gpointer user_data)
{
  g_assert_cmpint (data[length], ==, '\0');
  g_assert_cmpint (data[0], ==, '{');
  g_assert_cmpint (data[length - 1], ==, '}');
  (*(guint *) user_data)++;
}

static void
test_youtube_stream (void)
{
  gsize length = 0;
  g_autofree char *data = read_fixture ("youtube/stream-body.json", &length);
  g_autoptr (JsonNode) root = NULL;
  const gint64 n_expected =
    posts_json_int (read_expected ("youtube/expect.json", &root), "stream_body_objects", 0);
  g_autoptr (GPtrArray) whole = posts_news_new ();
  g_autoptr (PostsPages) at_once = posts_pages_new ();

  posts_pages_push (at_once, data, length, page_cb, whole);
  /* Cut at every byte. */
  for (gsize cut = 0; cut <= length; cut++) {
    g_autoptr (PostsPages) pages = posts_pages_new ();
    guint n = 0;

    posts_pages_push (pages, data, cut, count_cb, &n);
    posts_pages_push (pages, data + cut, length - cut, count_cb, &n);
    g_assert_cmpint (n, ==, n_expected);
    g_assert_cmpuint (posts_pages_get_n_dropped (pages), ==, 0);
  }
  for (gsize step = 1; step < 8; step += 6) {
    g_autoptr (PostsPages) pages = posts_pages_new ();
    g_autoptr (GPtrArray) news = posts_news_new ();

    for (gsize i = 0; i < length; i += step)
      posts_pages_push (pages, data + i, MIN (step, length - i), page_cb, news);
    g_assert_cmpuint (news->len, ==, whole->len);
  }
}

/* What is no object is left out, what is too long is dropped, and what stands behind comes. */
static void
test_pages (void)
{
  g_autofree char *long_text = g_malloc (1024 * 1024);
  g_autoptr (PostsPages) pages = posts_pages_new ();
  const char *tricky = "[{\"a\":\"}]{\\\"\"},{\"b\":[{}]}";
  guint n = 0;

  posts_pages_push (pages, tricky, strlen (tricky), count_cb, &n);
  g_assert_cmpuint (n, ==, 2);
  posts_pages_push (pages, ", 12, nonsense, \"x\", ", 21, count_cb, &n);
  g_assert_cmpuint (posts_pages_get_n_dropped (pages), ==, 3);
  memset (long_text, 'a', 1024 * 1024);
  posts_pages_push (pages, "{\"c\":\"", 6, count_cb, &n);
  for (guint i = 0; i < 5; i++)
    posts_pages_push (pages, long_text, 1024 * 1024, count_cb, &n);
  posts_pages_push (pages, "\"},{}]", 6, count_cb, &n);
  g_assert_cmpuint (posts_pages_get_n_dropped (pages), ==, 4);
  g_assert_cmpuint (n, ==, 3);
}

static void
test_youtube_problems (void)
{
  static const struct {
    const char *name;
    PostsYoutubeProblem problem;
  } all[] = {
    { "liveChatDisabled", POSTS_YOUTUBE_PROBLEM_DISABLED },
    { "liveChatEnded", POSTS_YOUTUBE_PROBLEM_ENDED },
    { "liveChatNotFound", POSTS_YOUTUBE_PROBLEM_NO_CHAT },
    { "quotaExceeded", POSTS_YOUTUBE_PROBLEM_QUOTA },
    { "rateLimitExceeded", POSTS_YOUTUBE_PROBLEM_RATE },
  };
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsYoutubePage) page = { 0 };
  gsize length = 0;
  g_autofree char *offline = read_fixture ("youtube/list-offline.json", &length);

  g_assert_true (posts_youtube_read_page (offline, length, received, news, &page));
  g_assert_cmpint (page.problem, ==, POSTS_YOUTUBE_PROBLEM_ENDED);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree char *name = g_strdup_printf ("youtube/http-%s.json", all[i].name);
    g_autoptr (JsonNode) root = NULL;
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
    JsonObject *answer = read_expected (name, &root);
    g_autofree char *body = NULL;

    json_node_set_object (node, posts_json_object (answer, "body"));
    body = json_to_string (node, FALSE);
    g_assert_cmpint (posts_youtube_read_problem ((guint) posts_json_int (answer, "status", 0), body,
                                                 strlen (body)),
                     ==, all[i].problem);
  }
  g_assert_cmpint (posts_youtube_read_problem (400, "", 0), ==, POSTS_YOUTUBE_PROBLEM_KEY);
  g_assert_cmpint (posts_youtube_read_problem (500, "x", 1), ==, POSTS_YOUTUBE_PROBLEM_OTHER);
}

/* Lines until the server says that it goes. */
static guint
read_twitch (const char *data, gsize length, GPtrArray *news, GString *answers, gboolean *left)
{
  guint n_malformed = 0;

  *left = FALSE;
  while (length > 0 && !*left) {
    const char *end = memchr (data, '\n', length);
    const gsize n = end != NULL ? (gsize) (end - data) : length;
    g_auto (PostsTwitchLine) line = { 0 };

    if (!posts_twitch_read_line (data, n > 0 && data[n - 1] == '\r' ? n - 1 : n, "nuitsolidair",
                                 received, &line))
      n_malformed++;
    if (line.kind == POSTS_TWITCH_POST)
      posts_news_add_post (news, g_steal_pointer (&line.post));
    else if (line.kind == POSTS_TWITCH_GONE)
      posts_news_add_gone (news, g_steal_pointer (&line.text));
    else if (line.kind == POSTS_TWITCH_AUTHOR_GONE)
      posts_news_add_gone_author (news, g_steal_pointer (&line.text));
    else if (line.kind == POSTS_TWITCH_PING)
      g_string_append_printf (answers, "PONG :%s", line.text);
    *left = line.kind == POSTS_TWITCH_RECONNECT;
    data += MIN (n + 1, length);
    length -= MIN (n + 1, length);
  }
  return n_malformed;
}

static void
test_twitch (void)
{
  gsize length = 0;
  g_autofree char *data = read_fixture ("twitch/irc.txt", &length);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *expected = read_expected ("twitch/irc.expect.json", &root);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GString) answers = g_string_new (NULL);
  gboolean left = FALSE;
  PostsPost *post = NULL;

  g_assert_cmpuint (read_twitch (data, length, news, answers, &left), ==, 3);
  g_assert_true (left);
  check_shown (posts_json_array (expected, "shown_ids_in"), news);
  check_gone (posts_json_array (expected, "deleted"), news);
  g_assert_true (is_gone (news, posts_json_string (expected, "timed_out_user_id")));
  g_assert_cmpstr (answers->str, ==,
                   posts_json_string_at (posts_json_array (expected, "must_answer"), 0));
  post = find (news, "c55520a1-0000-4000-8000-000000000004");
  g_assert_cmpstr (posts_post_get_text (post), ==, "applaudit");
  post = find (news, "3c164560-0000-4000-8000-000000000001");
  g_assert_cmpstr (posts_post_get_author_name (post), ==, "L\xC3\xA9\x61 Marchand");
  g_assert_cmpstr (posts_post_get_author_handle (post), ==, "@leamarchand");
  g_assert_cmpstr (posts_post_get_author_id (post), ==, "twitch:1001");
  g_assert_nonnull (strstr (posts_post_get_text (post), "<3"));
}

static PostsTwitchKind
read_kind (const char *text, gsize length)
{
  g_auto (PostsTwitchLine) line = { 0 };

  posts_twitch_read_line (text, length, "a", received, &line);
  return line.kind;
}

static void
test_twitch_lines (void)
{
  static const struct {
    const char *text;
    PostsTwitchKind kind;
  } all[] = {
    { "PING :tmi.twitch.tv", POSTS_TWITCH_PING },
    { ":tmi.twitch.tv RECONNECT", POSTS_TWITCH_RECONNECT },
    { ":x.tmi.twitch.tv JOIN #a", POSTS_TWITCH_JOINED },
    { "@room-id=1 :tmi.twitch.tv ROOMSTATE #a", POSTS_TWITCH_JOINED },
    { "@room-id=1 :tmi.twitch.tv ROOMSTATE #b", POSTS_TWITCH_OTHER },
    { "@room-id=1 :tmi.twitch.tv CLEARCHAT #a", POSTS_TWITCH_ALL_GONE },
    { "@target-user-id=7 :tmi.twitch.tv CLEARCHAT #a :nick", POSTS_TWITCH_AUTHOR_GONE },
    { ":tmi.twitch.tv CLEARCHAT #a :nick", POSTS_TWITCH_OTHER },
    { "@target-msg-id=../x :tmi.twitch.tv CLEARMSG #a :hi", POSTS_TWITCH_OTHER },
    { ":tmi.twitch.tv NOTICE * :Login authentication failed", POSTS_TWITCH_REFUSED },
    { "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #a :no", POSTS_TWITCH_REFUSED },
    { "@msg-id=slow_on :tmi.twitch.tv NOTICE #a :slow", POSTS_TWITCH_OTHER },
    { "@id=1-2;user-id=3 :n!n@n PRIVMSG #a :hi", POSTS_TWITCH_POST },
    { "@id=1-2;user-id=3 :n!n@n PRIVMSG #b :hi", POSTS_TWITCH_OTHER },
    { "@id=1-2;user-id=x :n!n@n PRIVMSG #a :hi", POSTS_TWITCH_OTHER },
    { ":n!n@n PRIVMSG #a :hi", POSTS_TWITCH_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_test_message ("%s", all[i].text);
    g_assert_cmpint (read_kind (all[i].text, strlen (all[i].text)), ==, all[i].kind);
  }
}

static void
test_owncast (void)
{
  gsize length = 0;
  g_autofree char *data = read_fixture ("owncast/ws-frames.ndjson", &length);
  g_autofree char *registered = read_fixture ("owncast/register.json", &length);
  g_autofree char *token = posts_owncast_read_token (registered, length);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *expected = read_expected ("owncast/ws-frames.expect.json", &root);
  g_autoptr (GPtrArray) news = posts_news_new ();
  guint n_malformed = 0;
  PostsPost *post = NULL;

  g_assert_cmpstr (token, ==, "jeton-fictif");
  /* Several objects in one message, as it may come. */
  g_assert_cmpint (posts_owncast_read_frame (data, strlen (data), "a.example", received, news,
                                             &n_malformed),
                   ==, POSTS_OWNCAST_PROBLEM_UNKNOWN);
  g_assert_cmpuint (n_malformed, ==, 0);
  check_shown (posts_json_array (expected, "shown"), news);
  check_gone (posts_json_array (expected, "hidden"), news);
  post = find (news, "ocop1");
  g_assert_cmpstr (posts_post_get_id (post), ==, "owncast:a.example:ocop1");
  g_assert_cmpstr (posts_post_get_author_name (post), ==, "L\xC3\xA9\x61 Marchand");
  g_assert_nonnull (strstr (posts_post_get_text (post), "Merci & bravo"));
  g_assert_nonnull (posts_post_get_author_created (post));
  post = find (news, "ocop5");
  g_assert_null (strstr (posts_post_get_text (post), "alert"));
  g_assert_nonnull (strstr (posts_post_get_text (post), "<i>pas du HTML</i>"));
}

/* What is cut off anywhere is left out, without a crash and without a half post. */
static void
test_cut_everywhere (void)
{
  gsize length = 0;
  g_autofree char *page = read_fixture ("youtube/list-page1.json", &length);

  for (gsize cut = 0; cut + 2 < length; cut += 7) {
    g_autofree char *part = g_memdup2 (page, cut + 1);
    g_autoptr (GPtrArray) news = posts_news_new ();
    g_auto (PostsYoutubePage) read = { 0 };

    g_assert_false (posts_youtube_read_page (part, cut, received, news, &read));
    g_assert_cmpuint (news->len, ==, 0);
  }
  g_autofree char *lines = read_fixture ("twitch/irc.txt", &length);
  for (gsize cut = 0; cut < length; cut++) {
    g_autofree char *part = g_memdup2 (lines, cut + 1);
    g_autoptr (GPtrArray) news = posts_news_new ();
    g_autoptr (GString) answers = g_string_new (NULL);
    gboolean left = FALSE;

    read_twitch (part, cut, news, answers, &left);
    g_assert_cmpuint (news->len, <=, 9);
  }
  g_autofree char *frames = read_fixture ("owncast/ws-frames.ndjson", &length);
  for (gsize cut = 0; cut < length; cut++) {
    g_autofree char *part = g_memdup2 (frames, cut + 1);
    g_autoptr (GPtrArray) news = posts_news_new ();
    guint n_malformed = 0;

    posts_owncast_read_frame (part, cut, "a.example", received, news, &n_malformed);
    g_assert_cmpuint (n_malformed, <=, 1);
    g_assert_cmpuint (news->len, <=, 4);
  }
}

/* Where nobody's age is told, an unknown age is no reason to doubt. */
static void
test_ages (void)
{
  static const struct {
    PostsNetworkKind network;
    gboolean is_doubted;
  } all[] = { { POSTS_NETWORK_KIND_YOUTUBE, FALSE },
              { POSTS_NETWORK_KIND_TWITCH, FALSE },
              { POSTS_NETWORK_KIND_OWNCAST, TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    const PostsPostFields fields = { .id = "1",
                                     .network = all[i].network,
                                     .author_id = "2",
                                     .author_name = "Léa",
                                     .n_followers = -1,
                                     .text = "Bravo à toutes et tous" };
    g_autoptr (PostsRules) rules = posts_rules_new ();
    g_autoptr (PostsPost) post = posts_post_new (&fields);
    const PostsReason reasons = posts_rules_check (rules, post, NULL);

    g_assert_cmpint ((reasons & POSTS_REASON_UNKNOWN_AUTHOR) != 0, ==, all[i].is_doubted);
  }
}

int
main (int argc, char *argv[])
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  received = g_date_time_new_utc (2026, 10, 3, 19, 0, 0);
  g_test_add_func ("/posts/chats/youtube-page", test_youtube_page);
  g_test_add_func ("/posts/chats/youtube-stream", test_youtube_stream);
  g_test_add_func ("/posts/chats/pages", test_pages);
  g_test_add_func ("/posts/chats/youtube-problems", test_youtube_problems);
  g_test_add_func ("/posts/chats/twitch", test_twitch);
  g_test_add_func ("/posts/chats/twitch-lines", test_twitch_lines);
  g_test_add_func ("/posts/chats/owncast", test_owncast);
  g_test_add_func ("/posts/chats/cut-everywhere", test_cut_everywhere);
  g_test_add_func ("/posts/chats/ages", test_ages);
  result = g_test_run ();
  g_date_time_unref (received);
  return result;
}
