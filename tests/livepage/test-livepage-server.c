/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "livepage-client.h"
#include "livepage-server.h"

typedef struct {
  PostsDesk *desk;
  LivepageServer *server;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->desk = posts_desk_new ();
  fixture->server = livepage_server_new ("Journ\xC3\xA9"
                                         "e",
                                         "fr", fixture->desk);
  livepage_server_listen (fixture->server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->desk);
}

static void
begin (Fixture *fixture, const char *init)
{
  g_autoptr (GBytes) bytes = g_bytes_new (init, strlen (init));

  livepage_server_begin_stream (fixture->server, bytes, 1280, 720, "avc1.640028,mp4a.40.2",
                                5000000);
}

static void
add_segments (Fixture *fixture, guint first, guint n)
{
  for (guint i = first; i < first + n; i++) {
    g_autofree char *text = g_strdup_printf ("segment %u", i);
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

    livepage_server_add_segment (fixture->server, bytes, 2000000);
  }
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *p = strstr (text, part); p != NULL; p = strstr (p + 1, part))
    n++;
  return n;
}

static guint64
number_after (const char *text, const char *prefix)
{
  const char *found = strstr (text, prefix);

  g_assert_nonnull (found);
  return g_ascii_strtoull (found + strlen (prefix), NULL, 10);
}

static LivepageReply *
get_playlist (Fixture *fixture)
{
  LivepageReply *reply = livepage_client_get (fixture->server, "/live/stream.m3u8");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body, "#EXTM3U\n#EXT-X-VERSION:7\n"));
  g_assert_cmpuint (count (reply->body, "#EXTINF:2.000000,\n"), ==, count (reply->body, "\nseg-"));
  g_assert_cmpuint (count (reply->body, "#EXT-X-PROGRAM-DATE-TIME:20"), ==,
                    count (reply->body, "\nseg-"));
  g_assert_nonnull (strstr (reply->body, "#EXT-X-INDEPENDENT-SEGMENTS\n"));
  g_assert_nonnull (strstr (reply->body, "#EXT-X-TARGETDURATION:2\n"));
  livepage_client_assert_header (reply, "Cache-Control", "no-store");
  livepage_client_assert_header (reply, "Content-Type", "application/vnd.apple.mpegurl");
  livepage_client_assert_header (reply, "Access-Control-Allow-Origin", "*");
  return reply;
}

static void
assert_bytes (Fixture *fixture, const char *kind, guint64 number, const char *suffix,
              const char *body)
{
  g_autofree char *path =
    g_strdup_printf ("/live/%s-%" G_GUINT64_FORMAT ".%s", kind, number, suffix);
  g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, path);

  if (body == NULL) {
    g_assert_cmpuint (reply->status, ==, 404);
    return;
  }
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpmem (reply->body, reply->body_length, body, strlen (body));
}

static void
test_playlist_slides (Fixture *fixture, gconstpointer user_data)
{
  static const guint steps[] = { 0, 1, 3, 12 };
  guint n_added = 0;
  guint64 first = 0;
  g_autoptr (LivepageReply) early = livepage_client_get (fixture->server, "/live/stream.m3u8");
  g_autoptr (LivepageReply) early_master =
    livepage_client_get (fixture->server, "/live/master.m3u8");

  g_assert_cmpuint (early->status, ==, 404);
  g_assert_cmpuint (early_master->status, ==, 404);
  begin (fixture, "init A");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    add_segments (fixture, n_added, steps[i] - n_added);
    n_added = steps[i];

    g_autoptr (LivepageReply) playlist = get_playlist (fixture);
    const guint n_listed = MIN (n_added, 6);
    const guint64 sequence = number_after (playlist->body, "#EXT-X-MEDIA-SEQUENCE:");
    if (i == 0)
      first = sequence;
    g_assert_cmpuint (sequence, ==, first + n_added - n_listed);
    g_assert_cmpuint (count (playlist->body, "\nseg-"), ==, n_listed);
    g_assert_cmpuint (count (playlist->body, "#EXT-X-MAP:"), ==, 1);
    g_assert_cmpuint (count (playlist->body, "DISCONTINUITY\n"), ==, 0);
    g_assert_cmpuint (count (playlist->body, "ENDLIST"), ==, 0);
    if (n_listed > 0)
      g_assert_cmpuint (number_after (playlist->body, "\nseg-"), ==, sequence);
    assert_bytes (fixture, "init", number_after (playlist->body, "init-"), "mp4", "init A");
  }
  /* Four more than listed are there for the slow. */
  assert_bytes (fixture, "seg", first + 1, "m4s", NULL);
  assert_bytes (fixture, "seg", first + 2, "m4s", "segment 2");
  assert_bytes (fixture, "seg", first + 11, "m4s", "segment 11");
  assert_bytes (fixture, "seg", first + 12, "m4s", NULL);

  livepage_server_end_stream (fixture->server);
  g_autoptr (LivepageReply) over = get_playlist (fixture);
  g_assert_true (g_str_has_suffix (over->body, "#EXT-X-ENDLIST\n"));
}

static void
test_another_encoder (Fixture *fixture, gconstpointer user_data)
{
  begin (fixture, "init A");
  add_segments (fixture, 0, 3);
  begin (fixture, "init B");
  add_segments (fixture, 3, 1);

  g_autoptr (LivepageReply) both = get_playlist (fixture);
  const guint64 init_a = number_after (both->body, "init-");
  const guint64 breaks = number_after (both->body, "#EXT-X-DISCONTINUITY-SEQUENCE:");
  /* After a crash it is another stream: no number of the one before may come again. */
  g_assert_cmpuint (breaks, >, 100 * 1000 * 1000);
  g_assert_cmpuint (count (both->body, "#EXT-X-DISCONTINUITY\n"), ==, 1);
  g_assert_cmpuint (count (both->body, "#EXT-X-MAP:"), ==, 2);

  add_segments (fixture, 4, 5);
  g_autoptr (LivepageReply) slid = get_playlist (fixture);
  g_assert_cmpuint (count (slid->body, "#EXT-X-DISCONTINUITY\n"), ==, 0);
  g_assert_cmpuint (number_after (slid->body, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==, breaks + 1);
  /* As long as a kept segment needs it. */
  assert_bytes (fixture, "init", init_a, "mp4", "init A");
  assert_bytes (fixture, "init", init_a + 1, "mp4", "init B");
  add_segments (fixture, 9, 8);
  assert_bytes (fixture, "init", init_a, "mp4", NULL);
  g_autoptr (LivepageReply) later = get_playlist (fixture);
  g_assert_cmpuint (number_after (later->body, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==, breaks + 1);
  const guint64 next = number_after (later->body, "#EXT-X-MEDIA-SEQUENCE:") + 6;

  /* The next show does not begin with the end of the last one. */
  livepage_server_end_stream (fixture->server);
  begin (fixture, "init C");
  add_segments (fixture, 20, 1);
  g_autoptr (LivepageReply) next_show = get_playlist (fixture);
  g_assert_cmpuint (number_after (next_show->body, "#EXT-X-MEDIA-SEQUENCE:"), ==, next);
  g_assert_cmpuint (number_after (next_show->body, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==,
                    breaks + 2);
  g_assert_cmpuint (count (next_show->body, "\nseg-"), ==, 1);
  g_assert_null (strstr (next_show->body, "ENDLIST"));
}

static void
test_master (Fixture *fixture, gconstpointer user_data)
{
  begin (fixture, "init");
  g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, "/live/master.m3u8");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1280x720,"
                                         "CODECS=\"avc1.640028,mp4a.40.2\"\nstream.m3u8\n"));
}

static void
test_ranges (Fixture *fixture, gconstpointer user_data)
{
  /* of "segment 0", nine bytes */
  static const struct {
    const char *range;
    guint status;
    const char *content_range;
    const char *body;
  } cases[] = {
    { "bytes=0-3", 206, "bytes 0-3/9", "segm" },
    { "bytes=4-", 206, "bytes 4-8/9", "ent 0" },
    { "bytes=-3", 206, "bytes 6-8/9", "t 0" },
    { "bytes=-300", 206, "bytes 0-8/9", "segment 0" },
    { "bytes=0-99999999999999999", 206, "bytes 0-8/9", "segment 0" },
    { "bytes=9-", 416, "bytes */9", NULL },
    { "bytes=-0", 416, "bytes */9", NULL },
    { "bytes=5-2", 200, NULL, "segment 0" },
    { "bytes=0-1,3-4", 200, NULL, "segment 0" },
    { "bytes=x-", 200, NULL, "segment 0" },
    { "lines=1-2", 200, NULL, "segment 0" },
  };

  begin (fixture, "init");
  add_segments (fixture, 0, 1);
  g_autoptr (LivepageReply) playlist = get_playlist (fixture);
  g_autofree char *path = g_strdup_printf ("/live/seg-%" G_GUINT64_FORMAT ".m4s",
                                           number_after (playlist->body, "\nseg-"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *header = g_strdup_printf ("Range: %s\r\n", cases[i].range);
    g_autoptr (LivepageReply) reply = livepage_client_send (fixture->server, "GET", path, header);

    g_assert_cmpuint (reply->status, ==, cases[i].status);
    livepage_client_assert_header (reply, "Content-Range", cases[i].content_range);
    if (cases[i].body != NULL)
      g_assert_cmpstr (reply->body, ==, cases[i].body);
  }

  g_autoptr (LivepageReply) head = livepage_client_send (fixture->server, "HEAD", path, NULL);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpuint (head->body_length, ==, 0);
  livepage_client_assert_header (head, "Content-Length", "9");
  livepage_client_assert_header (head, "Content-Type", "video/iso.segment");
  livepage_client_assert_header (head, "Cache-Control", "public, max-age=3600, immutable");
  livepage_client_assert_header (head, "Access-Control-Allow-Origin", "*");
}

static void
add_post (Fixture *fixture, const char *id, const char *text)
{
  const PostsPostFields fields = { .id = id,
                                   .author_name = "Ada",
                                   .author_handle = "ada",
                                   .text = text,
                                   .network = POSTS_NETWORK_KIND_MASTODON,
                                   .n_followers = -1 };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (fixture->desk, post);
}

static gboolean
state_has (Fixture *fixture, const char *part)
{
  g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, "/state.json");

  g_assert_cmpuint (reply->status, ==, 200);
  livepage_client_assert_header (reply, "Content-Type", "application/json");
  return strstr (reply->body, part) != NULL;
}

static void
test_only_approved_posts (Fixture *fixture, gconstpointer user_data)
{
  add_post (fixture, "1", "<b>Bonjour</b> \"vous\"");
  add_post (fixture, "2", "Secret");
  g_assert_true (state_has (fixture, "\"posts\":[]"));
  posts_desk_approve (fixture->desk, "1", NULL);
  g_assert_true (state_has (fixture, "\"text\":\"<b>Bonjour</b> \\\"vous\\\"\""));
  g_assert_true (state_has (fixture, "\"on_screen\":false"));
  g_assert_true (state_has (fixture, "\"network\":\"Mastodon\""));
  g_assert_false (state_has (fixture, "Secret"));
  posts_desk_show (fixture->desk, "1", NULL);
  g_assert_true (state_has (fixture, "\"on_screen\":true"));
  posts_desk_clear_screen (fixture->desk);
  g_assert_true (state_has (fixture, "\"on_screen\":false"));
  posts_desk_hide (fixture->desk, "1", NULL);
  g_assert_true (state_has (fixture, "\"posts\":[]"));

  posts_desk_show (fixture->desk, "2", NULL);
  g_assert_true (state_has (fixture, "Secret"));
  for (guint i = 3; i < 50; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);

    add_post (fixture, id, "Encore");
    posts_desk_approve (fixture->desk, id, NULL);
  }
  /* The newest thirty, and what people see on screen. */
  g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, "/state.json");
  g_assert_cmpuint (count (reply->body, "\"id\""), ==, 31);
  g_assert_nonnull (strstr (reply->body, "Secret"));
  posts_desk_take_down (fixture->desk, "2");
  g_assert_false (state_has (fixture, "Secret"));
}

static gboolean
take_down_cb (gpointer user_data)
{
  posts_desk_take_down (user_data, "1");
  return G_SOURCE_REMOVE;
}

/* Who knows how it is and asks to wait is told as soon as it changes. */
static void
test_state_is_waited_for (Fixture *fixture, gconstpointer user_data)
{
  add_post (fixture, "1", "Secret");
  posts_desk_approve (fixture->desk, "1", NULL);

  g_autoptr (LivepageReply) first = livepage_client_get (fixture->server, "/state.json?wait=1");
  g_autofree char *tag = livepage_client_find_header (first, "ETag");
  g_autofree char *header = g_strdup_printf ("If-None-Match: %s\r\n", tag);
  g_assert_nonnull (strstr (first->body, "Secret"));
  g_timeout_add (300, take_down_cb, fixture->desk);
  const gint64 start_us = g_get_monotonic_time ();
  g_autoptr (LivepageReply) changed =
    livepage_client_send (fixture->server, "GET", "/state.json?wait=1", header);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 290 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (changed->status, ==, 200);
  g_assert_null (strstr (changed->body, "Secret"));
  g_assert_nonnull (strstr (changed->body, "\"live\":false"));
  g_test_message ("told %.0f ms after the start",
                  (double) (g_get_monotonic_time () - start_us) / 1000);

  /* Nothing changes: after a while it is told that. */
  g_autofree char *new_tag = livepage_client_find_header (changed, "ETag");
  g_autofree char *new_header = g_strdup_printf ("If-None-Match: %s\r\n", new_tag);
  g_autoptr (LivepageReply) same =
    livepage_client_send (fixture->server, "GET", "/state.json?wait=1", new_header);
  g_assert_cmpuint (same->status, ==, 304);
}

static void
test_state_is_tagged (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (LivepageReply) first = livepage_client_get (fixture->server, "/state.json");
  g_autofree char *tag = livepage_client_find_header (first, "ETag");
  g_autofree char *header = g_strdup_printf ("If-None-Match: %s\r\n", tag);
  g_autoptr (LivepageReply) same =
    livepage_client_send (fixture->server, "GET", "/state.json", header);

  g_assert_nonnull (strstr (first->body, "\"live\":false,\"status\":\"waiting\""));
  g_assert_nonnull (strstr (first->body, "\"talk\":null"));
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpuint (same->body_length, ==, 0);

  livepage_server_set_live (fixture->server, TRUE);
  livepage_server_set_talk (fixture->server, "Un titre", "Ada, Bob");
  g_autoptr (LivepageReply) changed =
    livepage_client_send (fixture->server, "GET", "/state.json", header);
  g_assert_cmpuint (changed->status, ==, 200);
  g_assert_nonnull (strstr (changed->body, "\"live\":true,\"status\":\"live\""));
  g_assert_nonnull (
    strstr (changed->body, "\"talk\":{\"title\":\"Un titre\",\"speakers\":\"Ada, Bob\"}"));
  livepage_server_set_live (fixture->server, FALSE);
  livepage_server_set_talk (fixture->server, NULL, NULL);
  g_assert_true (state_has (fixture, "\"live\":false,\"status\":\"ended\""));
}

static void
test_page_is_locked_down (Fixture *fixture, gconstpointer user_data)
{
  static const char *const paths[] = {
    "/", "/livepage.css", "/livepage.js", "/livepage.svg", "/state.json", "/nothing"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, paths[i]);
    g_autofree char *policy = livepage_client_find_header (reply, "Content-Security-Policy");

    g_assert_cmpuint (reply->status, ==, i < G_N_ELEMENTS (paths) - 1 ? 200 : 404);
    g_assert_cmpuint (reply->body_length, >, 0);
    g_assert_nonnull (strstr (policy, "default-src 'self'"));
    g_assert_nonnull (strstr (policy, "frame-ancestors 'none'"));
    g_assert_null (strstr (policy, "unsafe"));
    livepage_client_assert_header (reply, "X-Content-Type-Options", "nosniff");
    livepage_client_assert_header (reply, "Referrer-Policy", "no-referrer");
    livepage_client_assert_header (reply, "Access-Control-Allow-Origin", NULL);
  }
}

static void
test_refuses (Fixture *fixture, gconstpointer user_data)
{
  static const char *const paths[] = {
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/live/../../etc/passwd",
    "/live/",
    "/live/seg-.m4s",
    "/live/seg--1.m4s",
    "/live/seg-1x.m4s",
    "/live/init-9.mp4",
    "//etc/passwd",
    "/index.html/",
    "/live/seg-18446744073709551616.m4s",
  };
  static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "PATCH" };
  static const char *const wrong_hosts[] = {
    "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80x", "[::1", ""
  };
  static const char *const right_hosts[] = { "localhost", "LOCALHOST:9", "127.0.0.1:8088",
                                             "[::1]:8088" };

  begin (fixture, "init");
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, paths[i]);

    g_assert_cmpuint (reply->status, ==, 404);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_autoptr (LivepageReply) reply =
      livepage_client_send (fixture->server, methods[i], "/", "Content-Length: 0\r\n");

    g_assert_cmpuint (reply->status, ==, 405);
    livepage_client_assert_header (reply, "Allow", "GET, HEAD");
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_hosts); i++) {
    g_autoptr (LivepageReply) reply = livepage_client_send_raw (
      fixture->server,
      g_strdup_printf ("GET /state.json HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                       wrong_hosts[i]));

    g_assert_cmpuint (reply->status, >=, 400);
    g_assert_null (strstr (reply->body, "posts"));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (right_hosts); i++) {
    g_autoptr (LivepageReply) reply = livepage_client_send_raw (
      fixture->server,
      g_strdup_printf ("GET /state.json HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                       right_hosts[i]));

    g_assert_cmpuint (reply->status, ==, 200);
  }
}

static void
test_counts_viewers (Fixture *fixture, gconstpointer user_data)
{
  g_assert_cmpuint (livepage_server_get_n_viewers (fixture->server), ==, 0);
  for (guint i = 0; i < 6; i++) {
    g_autofree char *path = g_strdup_printf ("/live/stream.m3u8?v=viewer%u", i % 3);
    g_autoptr (LivepageReply) reply = livepage_client_get (fixture->server, path);
  }
  g_assert_cmpuint (livepage_server_get_n_viewers (fixture->server), ==, 3);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (LivepageReply) reply =
      livepage_client_send (fixture->server, "GET", "/live/stream.m3u8", "User-Agent: VLC\r\n");
  }
  g_assert_cmpuint (livepage_server_get_n_viewers (fixture->server), ==, 4);
  livepage_server_stop (fixture->server);
  g_assert_cmpuint (livepage_server_get_n_viewers (fixture->server), ==, 0);
}

static void
test_stops_and_starts (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *uri = g_strdup (livepage_server_get_uri (fixture->server));
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *port = g_strdup_printf ("%d", g_uri_get_port (parsed));
  LivepageServer *other = livepage_server_new ("Other", NULL, NULL);

  begin (fixture, "init");
  add_segments (fixture, 0, 2);

  /* Taken. */
  g_assert_false (
    livepage_server_listen (other, "127.0.0.1", (guint) g_uri_get_port (parsed), &error));
  g_assert_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN);
  g_assert_nonnull (strstr (error->message, "nother program"));
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
  g_assert_nonnull (strstr (error->message, port));
  g_assert_null (livepage_server_get_uri (other));

  livepage_server_stop (fixture->server);
  livepage_server_stop (fixture->server);
  g_assert_null (livepage_server_get_uri (fixture->server));

  /* Free again, at once, and with what was streamed. */
  g_clear_error (&error);
  livepage_server_listen (fixture->server, "127.0.0.1", (guint) g_uri_get_port (parsed), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (livepage_server_get_uri (fixture->server), ==, uri);
  g_autoptr (LivepageReply) playlist = get_playlist (fixture);
  g_assert_cmpuint (count (playlist->body, "\nseg-"), ==, 2);
  g_assert_finalize_object (other);
}

static void
test_addresses (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  livepage_server_listen (fixture->server, "0.0.0.0", 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (livepage_server_get_uri (fixture->server), "http://127.0.0.1:"));

  /* Anybody's name for this computer is right now. */
  g_autoptr (LivepageReply) reply = livepage_client_send_raw (
    fixture->server,
    g_strdup ("GET /state.json HTTP/1.1\r\nHost: regie.example\r\nConnection: close\r\n\r\n"));
  g_assert_cmpuint (reply->status, ==, 200);

  g_assert_false (livepage_server_listen (fixture->server, "nonsense", 8088, &error));
  g_assert_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_false (livepage_server_listen (fixture->server, "127.0.0.1", 70000, &error));
  g_assert_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN);
  g_clear_error (&error);
  /* TEST-NET-3: nobody's. */
  g_assert_false (livepage_server_listen (fixture->server, "203.0.113.7", 8088, &error));
  g_assert_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/livepage/server/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("playlist-slides", test_playlist_slides);
  ADD ("another-encoder", test_another_encoder);
  ADD ("master", test_master);
  ADD ("ranges", test_ranges);
  ADD ("only-approved-posts", test_only_approved_posts);
  ADD ("state-is-tagged", test_state_is_tagged);
  ADD ("state-is-waited-for", test_state_is_waited_for);
  ADD ("page-is-locked-down", test_page_is_locked_down);
  ADD ("refuses", test_refuses);
  ADD ("counts-viewers", test_counts_viewers);
  ADD ("stops-and-starts", test_stops_and_starts);
  ADD ("addresses", test_addresses);
  return g_test_run ();
}
