/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-client.h"
#include "modpage-room.h"
#include "web-types.h"

#define WAIT_MS 20000

typedef struct {
  PostsDesk *desk;
  ModpageRoom *room;
  guint port;
  char *token;
  guint n_acted;
} Fixture;

static void
add (PostsDesk *desk, const char *id, const char *author, const char *text)
{
  const PostsPostFields fields = { .id = id,
                                   .author_id = author,
                                   .author_name = author,
                                   .author_handle = author,
                                   .text = text,
                                   .n_followers = -1 };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  posts_desk_add (desk, post);
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
read_link (Fixture *f)
{
  g_autoptr (GUri) uri = g_uri_parse (modpage_room_get_link (f->room), G_URI_FLAGS_NONE, NULL);

  f->port = (guint) g_uri_get_port (uri);
  g_free (f->token);
  f->token = g_strdup (g_uri_get_fragment (uri));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const ModpageConfig config = { .title = "Fête" };
  g_autoptr (GError) error = NULL;

  f->desk = posts_desk_new ();
  f->room = modpage_room_new (f->desk);
  g_signal_connect_swapped (f->room, "acted", G_CALLBACK (count_cb), &f->n_acted);
  add (f->desk, "1", "ada", "Bonjour");
  add (f->desk, "2", "bob", "<b onclick=\"x()\">Salut</b>");
  g_assert_true (modpage_room_open (f->room, MODPAGE_REACH_COMPUTER, &config, &error));
  g_assert_no_error (error);
  read_link (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->room);
  g_assert_finalize_object (f->desk);
  g_free (f->token);
}

static void
say_hello (GuestClient *client, const char *token, const char *me)
{
  g_autofree char *hello =
    g_strdup_printf ("{\"type\":\"hello\",\"token\":\"%s\",\"me\":\"%s\"}", token, me);

  g_assert_true (guest_client_say (client, hello));
}

static GuestClient *
come_in (Fixture *f, const char *me)
{
  GuestClient *client = guest_client_open_line (f->port);

  say_hello (client, f->token, me);
  g_autofree char *welcome = guest_client_hear_type (client, "welcome");
  g_assert_cmpstr (welcome, ==, "{\"type\":\"welcome\",\"title\":\"Fête\"}");
  return client;
}

/* Until a message of that type has the words. */
static void
hear_words (GuestClient *client, const char *type, const char *words)
{
  const gint64 end_us = g_get_monotonic_time () + WAIT_MS * 1000;

  while (g_get_monotonic_time () < end_us) {
    g_autofree char *text = guest_client_hear_type (client, type);

    g_assert_nonnull (text);
    if (strstr (text, words) != NULL)
      return;
  }
  g_error ("no %s with %s", type, words);
}

static void
assert_bye (GuestClient *client, const char *reason)
{
  g_autofree char *bye = guest_client_hear_type (client, "bye");
  g_autofree char *wanted = g_strdup_printf ("{\"type\":\"bye\",\"reason\":\"%s\"}", reason);

  g_assert_cmpstr (bye, ==, wanted);
  g_assert_true (guest_client_wait_ended (client, WAIT_MS));
}

#define ANNA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BEN  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static PostsState
state_of (Fixture *f, const char *id)
{
  return posts_item_get_state (posts_desk_find (f->desk, id));
}

/* Two moderators and the control room: each sees at once what another one decides. */
static void
test_decide_together (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) anna = come_in (f, ANNA);
  g_autoptr (GuestClient) ben = come_in (f, BEN);

  g_assert_cmpuint (modpage_room_get_n_moderators (f->room), ==, 2);
  guest_client_say (anna, "{\"type\":\"list\",\"list\":\"incoming\",\"count\":40}");
  hear_words (anna, "list", "\"order\":[\"2\",\"1\"]");
  guest_client_say (ben, "{\"type\":\"list\",\"list\":\"approved\",\"count\":40}");
  hear_words (ben, "list", "\"order\":[]");

  guest_client_say (anna, "{\"type\":\"do\",\"id\":7,\"act\":\"approve\",\"post\":\"1\"}");
  hear_words (anna, "result", "{\"type\":\"result\",\"id\":7,\"failure\":\"\"}");
  hear_words (anna, "list", "\"order\":[\"2\"],\"posts\":[]");
  hear_words (ben, "list", "\"text\":\"Bonjour\"");
  g_assert_cmpint (state_of (f, "1"), ==, POSTS_STATE_APPROVED);

  /* Only what one did oneself is taken back. */
  guest_client_say (ben, "{\"type\":\"undo\",\"id\":8}");
  hear_words (ben, "result", "\"failure\":\"nothing\"");
  guest_client_say (anna, "{\"type\":\"undo\",\"id\":9}");
  hear_words (anna, "result", "{\"type\":\"result\",\"id\":9,\"failure\":\"\"}");
  hear_words (ben, "list", "\"order\":[]");
  g_assert_cmpint (state_of (f, "1"), ==, POSTS_STATE_INCOMING);

  /* The control room was faster. */
  g_assert_true (posts_desk_hide (f->desk, "2", NULL));
  guest_client_say (ben, "{\"type\":\"do\",\"id\":10,\"act\":\"hide\",\"post\":\"2\"}");
  hear_words (ben, "result", "\"failure\":\"changed\"");
  hear_words (anna, "list", "\"order\":[\"1\"]");
  g_assert_cmpuint (f->n_acted, ==, 2);
}

static void
test_show_only_if_allowed (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) anna = come_in (f, ANNA);

  guest_client_say (anna, "{\"type\":\"do\",\"id\":1,\"act\":\"show\",\"post\":\"1\"}");
  hear_words (anna, "result", "\"failure\":\"not-allowed\"");
  g_assert_null (posts_desk_get_on_screen (f->desk));

  modpage_room_set_may_show (f->room, TRUE);
  hear_words (anna, "facts", "\"may_show\":true");
  guest_client_say (anna, "{\"type\":\"do\",\"id\":2,\"act\":\"show\",\"post\":\"1\"}");
  hear_words (anna, "result", "{\"type\":\"result\",\"id\":2,\"failure\":\"\"}");
  g_assert_nonnull (posts_desk_get_on_screen (f->desk));
  posts_desk_set_panic (f->desk, TRUE);
  hear_words (anna, "facts", "\"panic\":true");
  guest_client_say (anna, "{\"type\":\"do\",\"id\":3,\"act\":\"show\",\"post\":\"2\"}");
  hear_words (anna, "result", "\"failure\":\"panic\"");
}

static void
test_block_and_ask (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) anna = come_in (f, ANNA);

  guest_client_say (anna, "{\"type\":\"list\",\"list\":\"questions\",\"count\":40}");
  guest_client_say (anna, "{\"type\":\"do\",\"id\":1,\"act\":\"ask\",\"post\":\"1\"}");
  hear_words (anna, "list", "\"question\":true");
  guest_client_say (anna, "{\"type\":\"do\",\"id\":2,\"act\":\"answer\",\"post\":\"1\"}");
  hear_words (anna, "list", "\"order\":[]");
  guest_client_say (anna, "{\"type\":\"do\",\"id\":3,\"act\":\"block\",\"post\":\"2\"}");
  hear_words (anna, "facts", "\"hidden\":1");
  add (f->desk, "3", "bob", "Encore");
  g_assert_cmpint (state_of (f, "3"), ==, POSTS_STATE_HIDDEN);
}

/* A new link, or none: who came by the former one is out at once, and does not come back. */
static void
test_throw_out (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) anna = come_in (f, ANNA);
  g_autofree char *former = g_strdup (f->token);

  modpage_room_renew (f->room);
  assert_bye (anna, "revoked");
  g_assert_cmpuint (modpage_room_get_n_moderators (f->room), ==, 0);
  read_link (f);
  g_assert_cmpstr (f->token, !=, former);
  /* 160 bits. */
  g_assert_cmpuint (strlen (f->token), >=, 27);

  g_autoptr (GuestClient) again = guest_client_open_line (f->port);
  say_hello (again, former, ANNA);
  assert_bye (again, "invalid");

  g_autoptr (GuestClient) welcome = come_in (f, ANNA);
  modpage_room_close (f->room);
  assert_bye (welcome, "revoked");
  g_assert_null (modpage_room_get_link (f->room));
  g_assert_cmpint (modpage_room_get_reach (f->room), ==, MODPAGE_REACH_CLOSED);
}

static void
test_hang_up_on_nonsense (Fixture *f, gconstpointer data)
{
  static const char *const cases[] = {
    "",
    "nonsense",
    "[[[[[[[[[[[[[[[[",
    "{\"type\":\"do\",\"id\":1,\"act\":\"trust\",\"post\":\"1\"}",
    "{\"type\":\"list\",\"list\":\"incoming\",\"count\":100000}",
    "{\"type\":\"hello\",\"token\":\"" ANNA "\",\"me\":\"" ANNA "\"}", /* a second one */
  };
  g_autofree char *large = g_strnfill (5000, ' ');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestClient) client = come_in (f, ANNA);

    guest_client_say (client, cases[i]);
    assert_bye (client, "protocol");
  }

  /* Nothing before a good token. */
  g_autoptr (GuestClient) rude = guest_client_open_line (f->port);
  guest_client_say (rude, "{\"type\":\"do\",\"id\":1,\"act\":\"hide\",\"post\":\"1\"}");
  assert_bye (rude, "protocol");
  g_autoptr (GuestClient) binary = come_in (f, ANNA);
  guest_client_frame (binary, 0x82, "{\"type\":\"ping\",\"id\":1}", 22);
  assert_bye (binary, "protocol");
  g_autoptr (GuestClient) big = come_in (f, ANNA);
  guest_client_say (big, large);
  g_assert_true (guest_client_wait_ended (big, WAIT_MS));

  g_assert_cmpint (state_of (f, "1"), ==, POSTS_STATE_INCOMING);
  g_assert_cmpuint (f->n_acted, ==, 0);
}

static void
test_hang_up_on_floods (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = come_in (f, ANNA);

  for (guint i = 0; i < 1000; i++) {
    if (!guest_client_say (client, "{\"type\":\"undo\",\"id\":1}"))
      break;
  }
  assert_bye (client, "protocol");
}

static void
test_keep_room (Fixture *f, gconstpointer data)
{
  GuestClient *clients[MODPAGE_MAX_MODERATORS] = { NULL };

  for (guint i = 0; i < MODPAGE_MAX_MODERATORS; i++)
    clients[i] = come_in (f, ANNA);
  g_autoptr (GuestClient) late = guest_client_open_line (f->port);
  say_hello (late, f->token, BEN);
  assert_bye (late, "full");
  for (guint i = 0; i < MODPAGE_MAX_MODERATORS; i++)
    guest_client_free (clients[i]);
}

/* The page's files have the strict headers, no token, and come from nowhere else. */
static void
test_serve_the_page (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "/",        "/modpage.js",       "/modpage.css",
                                       "/line.js", "/modpage-words.js", "/modpage-post.js" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *request =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n\r\n",
                       paths[i], f->port);
    g_autofree char *answer = guest_client_request (f->port, request);
    g_autofree char *policy = guest_client_find_header (answer, "Content-Security-Policy");
    g_autofree char *cache = guest_client_find_header (answer, "Cache-Control");
    g_autofree char *referrer = guest_client_find_header (answer, "Referrer-Policy");

    g_test_message ("%s", paths[i]);
    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
    g_assert_true (g_str_has_prefix (policy, "default-src 'none'; script-src 'self'; "));
    g_assert_cmpstr (cache, ==, "no-store");
    g_assert_cmpstr (referrer, ==, "no-referrer");
    g_assert_null (strstr (answer, f->token));
    g_assert_null (strstr (answer, "innerHTML"));
  }

  g_autoptr (GuestClient) foreign = guest_client_new (f->port);
  g_autofree char *host = g_strdup_printf ("localhost:%u", f->port);
  g_autofree char *head = guest_client_shake_hands (foreign, host, "http://evil.example.org");
  g_assert_true (g_str_has_prefix (head, "HTTP/1.1 403 "));
}

/* What changes while it is looked at comes anew, and nothing else does. */
static void
test_tell_what_changed (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) anna = come_in (f, ANNA);

  guest_client_say (anna, "{\"type\":\"list\",\"list\":\"incoming\",\"count\":1}");
  hear_words (anna, "list", "\"order\":[\"2\"]");
  add (f->desk, "1", "ada", "Bonjour à tous");
  add (f->desk, "2", "bob", "Bonsoir");
  hear_words (anna, "list", "Bonsoir");
  guest_client_say (anna, "{\"type\":\"list\",\"list\":\"incoming\",\"count\":2}");
  hear_words (anna, "list", "Bonjour à tous");
  posts_desk_take_down (f->desk, "2");
  hear_words (anna, "list", "\"order\":[\"1\"],\"posts\":[]");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/modpage/room/decide-together", test_decide_together);
  ADD ("/modpage/room/show-only-if-allowed", test_show_only_if_allowed);
  ADD ("/modpage/room/block-and-ask", test_block_and_ask);
  ADD ("/modpage/room/throw-out", test_throw_out);
  ADD ("/modpage/room/hang-up-on-nonsense", test_hang_up_on_nonsense);
  ADD ("/modpage/room/hang-up-on-floods", test_hang_up_on_floods);
  ADD ("/modpage/room/keep-room", test_keep_room);
  ADD ("/modpage/room/serve-the-page", test_serve_the_page);
  ADD ("/modpage/room/tell-what-changed", test_tell_what_changed);
  return g_test_run ();
}
