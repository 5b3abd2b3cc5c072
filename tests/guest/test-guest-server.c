/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-client.h"
#include "guest-door.h"
#include "guest-server.h"

#define TOKEN "abcdefghijklmnopqrstuvwxyz0"

typedef struct {
  GuestServer *server;
  guint port;
  GPtrArray *lines; /* of GuestLine */
  guint n_messages;
  char *whip_token;
  char *whip_session;
} Fixture;

static void
message_cb (GuestLine *line, const GuestMessage *message, gpointer user_data)
{
  ((Fixture *) user_data)->n_messages++;
}

static gboolean
hello_cb (GuestServer *server, GuestLine *line, const char *token, const char *language,
          gpointer user_data)
{
  Fixture *f = user_data;

  if (!g_str_equal (token, TOKEN))
    return FALSE;
  g_ptr_array_add (f->lines, g_object_ref (line));
  g_signal_connect (line, "message", G_CALLBACK (message_cb), f);
  guest_line_send (line, g_strdup ("{\"type\":\"welcome\"}"));
  return TRUE;
}

static gboolean
whip_cb (GuestServer *server, SoupServerMessage *message, const char *token, const char *session,
         gpointer user_data)
{
  Fixture *f = user_data;

  if (!g_str_equal (token, TOKEN))
    return FALSE;
  g_free (f->whip_token);
  g_free (f->whip_session);
  f->whip_token = g_strdup (token);
  f->whip_session = g_strdup (session);
  soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->lines = g_ptr_array_new_with_free_func (g_object_unref);
  f->server = guest_server_new ();
  g_signal_connect (f->server, "hello", G_CALLBACK (hello_cb), f);
  g_signal_connect (f->server, "whip", G_CALLBACK (whip_cb), f);
  g_assert_true (guest_server_listen (f->server, "127.0.0.1", 0, &error));
  g_assert_no_error (error);
  f->port = guest_server_get_port (f->server);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  guest_server_close (f->server);
  g_ptr_array_unref (f->lines);
  g_assert_finalize_object (f->server);
  g_free (f->whip_token);
  g_free (f->whip_session);
}

static char *
get (Fixture *f, const char *method, const char *path, const char *headers)
{
  g_autofree char *request =
    g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n%s\r\n", method,
                     path, f->port, headers);

  return guest_client_request (f->port, request);
}

static void
assert_status (const char *answer, guint status)
{
  g_autofree char *start = g_strdup_printf ("HTTP/1.1 %u ", status);

  if (!g_str_has_prefix (answer, start))
    g_error ("Expected %u: %.60s", status, answer);
}

static void
test_serve_only_the_page (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *method;
    const char *path;
    guint status;
    const char *type;
  } cases[] = {
    { "GET", "/", 200, "text/html; charset=utf-8" },
    { "GET", "/index.html", 200, "text/html; charset=utf-8" },
    { "GET", "/guest.js", 200, "text/javascript; charset=utf-8" },
    { "GET", "/guest.css", 200, "text/css; charset=utf-8" },
    { "GET", "/guest.svg", 200, "image/svg+xml" },
    { "HEAD", "/", 200, "text/html; charset=utf-8" },
    { "GET", "/health", 200, "text/plain; charset=utf-8" },
    { "GET", "/nothing.js", 404, NULL },
    { "GET", "/guest", 404, NULL },
    { "GET", "/.", 200, "text/html; charset=utf-8" },
    { "GET", "//", 404, NULL },
    { "GET", "/../guest.js", 200, "text/javascript; charset=utf-8" },
    { "GET", "/../../../../etc/passwd", 404, NULL },
    { "GET", "/%2e%2e/%2e%2e/etc/passwd", 404, NULL },
    { "GET", "/..%2f..%2fetc%2fpasswd", 404, NULL },
    { "GET", "/livepage/index.html", 404, NULL },
    { "GET", "/../livepage/livepage.js", 404, NULL },
    { "GET", "/%00", 404, NULL },
    { "GET", "/guest.js%00.html", 404, NULL },
    { "GET", "/signal", 400, NULL },
    { "GET", "/signal/more", 404, NULL },
    { "POST", "/", 405, NULL },
    { "PUT", "/guest.js", 405, NULL },
    { "DELETE", "/", 405, NULL },
    { "TRACE", "/", 405, NULL },
    { "OPTIONS", "/", 405, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = get (f, cases[i].method, cases[i].path, "");
    g_autofree char *type = guest_client_find_header (answer, "Content-Type");

    g_test_message ("%s %s", cases[i].method, cases[i].path);
    /* libsoup refuses some by itself, as bad requests. */
    if (cases[i].status == 404 && g_str_has_prefix (answer, "HTTP/1.1 400 "))
      continue;
    assert_status (answer, cases[i].status);
    if (cases[i].type != NULL)
      g_assert_cmpstr (type, ==, cases[i].type);
    g_assert_null (strstr (answer, "root:"));
  }
}

static void
test_set_headers (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "/", "/guest.js", "/nothing", "/health", "/signal" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    static const char *const wanted[][2] = {
      { "Cache-Control", "no-store" },
      { "Referrer-Policy", "no-referrer" },
      { "X-Content-Type-Options", "nosniff" },
      { "X-Frame-Options", "DENY" },
    };
    g_autofree char *answer = get (f, "GET", paths[i], "");
    g_autofree char *policy = guest_client_find_header (answer, "Content-Security-Policy");
    g_autofree char *permissions = guest_client_find_header (answer, "Permissions-Policy");
    g_autofree char *sockets =
      g_strdup_printf ("connect-src 'self' ws://localhost:%u wss://", f->port);

    for (gsize j = 0; j < G_N_ELEMENTS (wanted); j++) {
      g_autofree char *value = guest_client_find_header (answer, wanted[j][0]);

      g_assert_cmpstr (value, ==, wanted[j][1]);
    }
    g_assert_true (g_str_has_prefix (policy, "default-src 'none'; script-src 'self'; "));
    g_assert_nonnull (strstr (policy, sockets));
    g_assert_nonnull (
      strstr (policy, "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));
    g_assert_null (strstr (policy, "unsafe"));
    g_assert_nonnull (
      strstr (permissions, "camera=(self), microphone=(self), display-capture=(self)"));
    g_assert_null (guest_client_find_header (answer, "Server"));
    g_assert_null (guest_client_find_header (answer, "Set-Cookie"));
    g_assert_null (guest_client_find_header (answer, "Access-Control-Allow-Origin"));
  }
}

/* What a page elsewhere may try: its own name that points here, and a header in a header. */
static void
test_refuse_other_hosts (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *host;
    guint status;
  } cases[] = {
    { "localhost", 200 },          { "127.0.0.1:8085", 200 },          { "[::1]:1", 200 },
    { "guests.example.org", 200 }, { "GUESTS.example.org", 200 },      { "evil.example.org", 403 },
    { "localhost.evil", 403 },     { "guests.example.org.evil", 403 }, { "localhost:80;evil", 400 },
  };

  guest_server_set_public_uri (f->server, "https://guests.example.org/");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *request =
      g_strdup_printf ("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", cases[i].host);
    g_autofree char *answer = guest_client_request (f->port, request);

    g_test_message ("%s", cases[i].host);
    assert_status (answer, cases[i].status);
    g_assert_null (strstr (answer, "ws://localhost:80;evil"));
  }
}

static void
test_check_the_origin (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *host;
    const char *origin; /* nullable */
    guint status;
  } cases[] = {
    { "localhost:8085", "http://localhost:8085", 101 },
    { "localhost:8085", "https://localhost:8085", 101 },
    { "guests.example.org", "https://guests.example.org", 101 },
    { "localhost:8085", "https://guests.example.org", 101 },
    { "localhost:8085", NULL, 403 },
    { "localhost:8085", "null", 403 },
    { "localhost:8085", "http://localhost:8086", 403 },
    { "localhost:8085", "http://localhost", 403 },
    { "localhost:8085", "http://evil.example.org", 403 },
    { "localhost:8085", "http://localhost:8085.evil.example.org", 403 },
    { "localhost:8085", "http://evil.example.org/localhost:8085", 403 },
    { "localhost:8085", "http://localhost:8085@evil.example.org", 403 },
    { "localhost:8085", "ftp://localhost:8085", 403 },
    { "localhost:8085", "http://guests.example.org", 403 },
    { "evil.example.org", "http://evil.example.org", 403 },
  };

  guest_server_set_public_uri (f->server, "https://guests.example.org");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestClient) client = guest_client_new (f->port);
    g_autofree char *head = guest_client_shake_hands (client, cases[i].host, cases[i].origin);

    g_test_message ("%s from %s", cases[i].host, cases[i].origin);
    assert_status (head, cases[i].status);
    /* No compression: what is small on the way could be gigabytes here. */
    g_assert_null (guest_client_find_header (head, "Sec-WebSocket-Extensions"));
  }
}

static GuestClient *
greet (Fixture *f)
{
  GuestClient *client = guest_client_open_line (f->port);

  g_assert_true (guest_client_say (client, "{\"type\":\"hello\",\"token\":\"" TOKEN "\"}"));
  g_autofree char *welcome = guest_client_hear_type (client, "welcome");
  g_assert_nonnull (welcome);
  return client;
}

static void
test_echo_and_ping (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = greet (f);
  g_autofree char *payload = g_strnfill (16 * 1024, 'e');
  g_autofree char *echo =
    g_strdup_printf ("{\"type\":\"echo\",\"id\":7,\"payload\":\"%s\"}", payload);

  guest_client_say (client, "{\"type\":\"ping\",\"id\":41}");
  g_autofree char *pong = guest_client_hear_type (client, "pong");
  g_assert_cmpstr (pong, ==, "{\"type\":\"pong\",\"id\":41}");

  /* What the page's network test sends. */
  for (guint i = 0; i < 48; i++) {
    guest_client_say (client, echo);
    g_autofree char *back = guest_client_hear_type (client, "echo");
    g_assert_cmpstr (back, ==, echo);
  }
  guest_client_say (client, "{\"type\":\"of-next-year\"}");
  guest_client_say (client, "{\"type\":\"leave\"}");
  guest_client_say (client, "{\"type\":\"ping\",\"id\":42}");
  g_autofree char *last = guest_client_hear_type (client, "pong");
  g_assert_nonnull (last);
  /* Ping and echo are nobody else's business. */
  g_assert_cmpuint (f->n_messages, ==, 1);
}

static void
assert_bye (GuestClient *client, const char *reason)
{
  g_autofree char *bye = guest_client_hear_type (client, "bye");
  g_autofree char *wanted = g_strdup_printf ("{\"type\":\"bye\",\"reason\":\"%s\"}", reason);

  g_assert_cmpstr (bye, ==, wanted);
  g_assert_true (guest_client_wait_ended (client, 6000));
}

static void
test_hang_up_on_nonsense (Fixture *f, gconstpointer data)
{
  static const char *const cases[] = {
    "",
    "nonsense",
    "{\"type\":\"join\",\"channel\":\"third\"}",
    "{\"type\":\"hello\",\"token\":\"" TOKEN "\"}", /* a second one */
    "[[[[[[[[[[[[[[[[[[[[",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestClient) client = greet (f);

    guest_client_say (client, cases[i]);
    assert_bye (client, "protocol");
  }

  /* Before a hello, not even a ping. */
  g_autoptr (GuestClient) rude = guest_client_open_line (f->port);
  guest_client_say (rude, "{\"type\":\"ping\",\"id\":1}");
  assert_bye (rude, "protocol");

  g_autoptr (GuestClient) binary = greet (f);
  guest_client_frame (binary, 0x82, "{\"type\":\"leave\"}", 16);
  assert_bye (binary, "protocol");
  g_assert_cmpuint (guest_server_get_n_lines (f->server), ==, 0);
}

static void
test_hang_up_on_floods (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) many = greet (f);
  for (guint i = 0; i < 1000; i++) {
    if (!guest_client_say (many, "{\"type\":\"of-next-year\"}"))
      break;
  }
  assert_bye (many, "protocol");

  g_autoptr (GuestClient) large = greet (f);
  g_autofree char *payload = g_strnfill (16 * 1024, 'e');
  g_autofree char *echo =
    g_strdup_printf ("{\"type\":\"echo\",\"id\":7,\"payload\":\"%s\"}", payload);
  for (guint i = 0; i < 150; i++) {
    if (!guest_client_say (large, echo))
      break;
  }
  assert_bye (large, "protocol");
}

/* In one piece, in pieces without end, and as pings without end. */
static void
test_cut_off_too_large (Fixture *f, gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');

  g_autoptr (GuestClient) whole = greet (f);
  guest_client_frame (whole, 0x81, megabyte, 1024 * 1024);
  g_assert_true (guest_client_wait_ended (whole, 10000));

  g_autoptr (GuestClient) pieces = greet (f);
  guint n_pieces = 0;
  guest_client_frame (pieces, 0x01, megabyte, 32 * 1024);
  while (n_pieces < 1000 && guest_client_frame (pieces, 0x00, megabyte, 32 * 1024))
    n_pieces++;
  g_assert_true (guest_client_wait_ended (pieces, 10000));
  g_assert_cmpuint (n_pieces, <, 1000);

  g_autoptr (GuestClient) pings = greet (f);
  guint n_pings = 0;
  while (n_pings < 1000000 && guest_client_frame (pings, 0x89, megabyte, 125))
    n_pings++;
  g_assert_true (guest_client_wait_ended (pings, 10000));
  g_assert_cmpuint (n_pings, <, 1000000);
  guest_client_run (200);
  g_assert_cmpuint (guest_server_get_n_lines (f->server), ==, 0);
}

/* Asks for echoes within the limits, for as long as it takes, and reads none. */
static void
test_cut_off_who_does_not_read (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = greet (f);
  g_autofree char *payload = g_strnfill (16 * 1024 - 8, 'e');
  g_autofree char *echo =
    g_strdup_printf ("{\"type\":\"echo\",\"id\":7,\"payload\":\"%s\"}", payload);
  const gint64 until_us = g_get_monotonic_time () + 40 * G_TIME_SPAN_SECOND;

  g_socket_set_option (client->socket, 1 /* SOL_SOCKET */, 8 /* SO_RCVBUF */, 4096, NULL);
  while (guest_server_get_n_lines (f->server) > 0 && g_get_monotonic_time () < until_us) {
    guest_client_say (client, echo);
    guest_client_run (40);
  }
  g_assert_cmpuint (guest_server_get_n_lines (f->server), ==, 0);
}

static void
test_want_a_hello (Fixture *f, gconstpointer data)
{
  const gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GuestClient) client = guest_client_open_line (f->port);

  assert_bye (client, "protocol");
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 4 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 9 * G_TIME_SPAN_SECOND);
}

static void
test_drop_the_silent (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = greet (f);
  const gint64 began_us = g_get_monotonic_time ();

  g_assert_true (guest_client_wait_ended (client, 14000));
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 9 * G_TIME_SPAN_SECOND);
  g_assert_false (guest_line_get_open (f->lines->pdata[0]));
}

/* Half a request, a byte now and then: out after fifteen seconds, however it goes on. */
static void
test_drop_the_slow (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) idle = guest_client_new (f->port);
  g_autoptr (GuestClient) slow = guest_client_new (f->port);
  const gint64 until_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  guest_client_send (slow, "GET / HTTP/1.1\r\nX: ", 19);
  while (!guest_client_wait_ended (slow, 500) && g_get_monotonic_time () < until_us)
    guest_client_send (slow, "x", 1);
  g_assert_true (slow->ended);
  g_assert_true (guest_client_wait_ended (idle, 3000));
  guest_client_run (50);
  g_assert_cmpuint (guest_server_get_n_streams (f->server), ==, 0);
}

static void
test_slow_down_guesses (Fixture *f, gconstpointer data)
{
  gint64 took_us[6] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (took_us); i++) {
    g_autoptr (GuestClient) client = guest_client_open_line (f->port);
    const gint64 began_us = g_get_monotonic_time ();

    guest_client_say (client, "{\"type\":\"hello\",\"token\":\"abcdefghijklmnopqrstuvwxyz1\"}");
    g_autofree char *bye = guest_client_hear_type (client, "bye");
    g_assert_cmpstr (bye, ==, "{\"type\":\"bye\",\"reason\":\"invalid\"}");
    took_us[i] = g_get_monotonic_time () - began_us;
  }
  g_assert_cmpint (took_us[0], <, 1500 * 1000);
  g_assert_cmpint (took_us[3], >=, 900 * 1000);
  g_assert_cmpint (took_us[5], >=, 3900 * 1000);

  /* Who has the right one is let in at once all the same. */
  const gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GuestClient) good = greet (f);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 500 * 1000);
}

static void
test_limit_lines (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) clients =
    g_ptr_array_new_with_free_func ((GDestroyNotify) guest_client_free);

  /* Who says nothing makes room for who does. */
  for (guint i = 0; i < GUEST_SERVER_MAX_UNKNOWN + 10; i++)
    g_ptr_array_add (clients, guest_client_open_line (f->port));
  g_assert_cmpuint (guest_server_get_n_lines (f->server), ==, GUEST_SERVER_MAX_UNKNOWN);
  assert_bye (clients->pdata[0], "busy");
  g_autoptr (GuestClient) good = greet (f);

  g_ptr_array_set_size (clients, 0);
  while (guest_server_get_n_lines (f->server) < GUEST_SERVER_MAX_LINES)
    g_ptr_array_add (clients, greet (f));
  g_autoptr (GuestClient) late = guest_client_new (f->port);
  g_autofree char *head = guest_client_shake_hands (late, "localhost", "http://localhost");
  assert_status (head, 503);
}

static void
test_limit_connections (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) clients =
    g_ptr_array_new_with_free_func ((GDestroyNotify) guest_client_free);

  for (guint i = 0; i < GUEST_DOOR_MAX_STREAMS + 20; i++) {
    g_ptr_array_add (clients, guest_client_new (f->port));
    guest_client_run (1);
  }
  guest_client_run (200);
  g_assert_cmpuint (guest_server_get_n_streams (f->server), <=, GUEST_DOOR_MAX_STREAMS);
  g_assert_true (guest_client_wait_ended (clients->pdata[clients->len - 1], 3000));
  g_ptr_array_set_size (clients, 0);
  guest_client_run (200);

  g_autofree char *answer = get (f, "GET", "/health", "");
  assert_status (answer, 200);
  g_assert_true (g_str_has_suffix (answer, "\r\n\r\nregie"));
}

static void
test_let_itself_be_probed (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = guest_client_open_line (f->port);
  g_autofree char *hello = g_strdup_printf ("{\"type\":\"hello\",\"token\":\"%s\"}",
                                            guest_server_get_probe_token (f->server));

  guest_client_say (client, hello);
  guest_client_say (client, "{\"type\":\"join\",\"channel\":\"main\"}");
  guest_client_say (client, "{\"type\":\"echo\",\"id\":7,\"payload\":\"here\"}");
  g_autofree char *echo = guest_client_hear_type (client, "echo");
  g_assert_cmpstr (echo, ==, "{\"type\":\"echo\",\"id\":7,\"payload\":\"here\"}");
  g_assert_cmpuint (f->lines->len, ==, 0);
}

static void
test_pass_whip_on (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *method;
    const char *path;
    const char *headers;
    guint status;
    const char *session;
  } cases[] = {
    { "POST", "/whip/" TOKEN, "Content-Length: 0\r\n", 201, NULL },
    { "POST", "/whip", "Authorization: Bearer " TOKEN "\r\nContent-Length: 0\r\n", 201, NULL },
    { "POST", "/whip/", "Authorization: bearer " TOKEN "\r\nContent-Length: 0\r\n", 201, NULL },
    { "DELETE", "/whip/" TOKEN "/one", "", 201, "one" },
    { "PATCH", "/whip/" TOKEN "/two", "Content-Length: 0\r\n", 201, "two" },
    { "OPTIONS", "/whip/" TOKEN, "", 204, NULL },
    { "GET", "/whip/" TOKEN, "", 405, NULL },
    { "POST", "/whip/abcdefghijklmnopqrstuvwxyz1", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whip", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whip/" TOKEN "/a/b", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whipped/" TOKEN, "Content-Length: 0\r\n", 405, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = get (f, cases[i].method, cases[i].path, cases[i].headers);

    g_test_message ("%s %s", cases[i].method, cases[i].path);
    g_clear_pointer (&f->whip_session, g_free);
    assert_status (answer, cases[i].status);
  }

  g_autofree char *answer = get (f, "DELETE", "/whip/" TOKEN "/three", "");
  assert_status (answer, 201);
  g_assert_cmpstr (f->whip_session, ==, "three");

  g_autofree char *body = g_strnfill (64 * 1024 + 1, 'v');
  g_autofree char *headers = g_strdup_printf ("Content-Length: %d\r\n", 64 * 1024 + 1);
  g_autofree char *request =
    g_strdup_printf ("POST /whip/" TOKEN
                     " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n%s",
                     headers, body);
  g_autofree char *too_large = guest_client_request (f->port, request);
  assert_status (too_large, 413);
}

/* A body without end is cut off. */
static void
test_cut_off_endless_bodies (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "/whip/" TOKEN, "/", "/signal" };
  g_autofree char *chunk = g_strnfill (4096, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GuestClient) client = guest_client_new (f->port);
    g_autofree char *head =
      g_strdup_printf ("POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
                       paths[i]);
    gsize n = 0;

    guest_client_send (client, head, strlen (head));
    while (n < 20000 && guest_client_send (client, "1000\r\n", 6) &&
           guest_client_send (client, chunk, 4096) && guest_client_send (client, "\r\n", 2))
      n++;
    g_assert_cmpuint (n, <, 20000);
  }
}

static void
test_say_goodbye_when_closed (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = greet (f);

  guest_server_close (f->server);
  assert_bye (client, "ended");
}

static void
test_say_why_not (void)
{
  g_autoptr (GuestServer) first = guest_server_new ();
  g_autoptr (GuestServer) second = guest_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (guest_server_listen (first, "127.0.0.1", 0, &error));
  g_assert_no_error (error);
  g_assert_false (guest_server_listen (second, "127.0.0.1", guest_server_get_port (first), &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_false (guest_server_listen (second, "nowhere", 0, &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_false (guest_server_listen (second, "192.0.2.1", 0, &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_LISTEN);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*func) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/guest/server/serve-only-the-page", test_serve_only_the_page },
    { "/guest/server/set-headers", test_set_headers },
    { "/guest/server/refuse-other-hosts", test_refuse_other_hosts },
    { "/guest/server/check-the-origin", test_check_the_origin },
    { "/guest/server/pass-whip-on", test_pass_whip_on },
    { "/guest/server/cut-off-endless-bodies", test_cut_off_endless_bodies },
    { "/guest/server/limit-connections", test_limit_connections },
    { "/guest/server/drop-the-slow", test_drop_the_slow },
    { "/guest/line/echo-and-ping", test_echo_and_ping },
    { "/guest/line/hang-up-on-nonsense", test_hang_up_on_nonsense },
    { "/guest/line/hang-up-on-floods", test_hang_up_on_floods },
    { "/guest/line/cut-off-too-large", test_cut_off_too_large },
    { "/guest/line/cut-off-who-does-not-read", test_cut_off_who_does_not_read },
    { "/guest/line/want-a-hello", test_want_a_hello },
    { "/guest/line/drop-the-silent", test_drop_the_silent },
    { "/guest/line/slow-down-guesses", test_slow_down_guesses },
    { "/guest/line/limit-lines", test_limit_lines },
    { "/guest/line/let-itself-be-probed", test_let_itself_be_probed },
    { "/guest/line/say-goodbye-when-closed", test_say_goodbye_when_closed },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/guest/server/say-why-not", test_say_why_not);
  return g_test_run ();
}
