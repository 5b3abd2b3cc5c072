/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-testing-server.h"
#include "web-door.h"
#include "web-types.h"

static char *
get (GuestTestingServer *f, const char *method, const char *path, const char *headers)
{
  g_autofree char *request =
    g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n%s\r\n", method,
                     path, f->port, headers);

  return guest_client_request (f->port, request);
}

static void
test_serve_only_the_page (GuestTestingServer *f, gconstpointer data)
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
    guest_testing_assert_status (answer, cases[i].status);
    if (cases[i].type != NULL)
      g_assert_cmpstr (type, ==, cases[i].type);
    g_assert_null (strstr (answer, "root:"));
  }
}

static void
test_set_headers (GuestTestingServer *f, gconstpointer data)
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
test_refuse_other_hosts (GuestTestingServer *f, gconstpointer data)
{
  static const struct {
    const char *host;
    guint status;
  } cases[] = {
    { "localhost", 200 },          { "127.0.0.1:8085", 200 },          { "[::1]:1", 200 },
    { "guests.example.org", 200 }, { "GUESTS.example.org", 200 },      { "evil.example.org", 403 },
    { "localhost.evil", 403 },     { "guests.example.org.evil", 403 }, { "localhost:80;evil", 400 },
  };

  web_server_set_public_uri (guest_server_get_web (f->server), "https://guests.example.org/");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *request =
      g_strdup_printf ("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", cases[i].host);
    g_autofree char *answer = guest_client_request (f->port, request);

    g_test_message ("%s", cases[i].host);
    guest_testing_assert_status (answer, cases[i].status);
    g_assert_null (strstr (answer, "ws://localhost:80;evil"));
  }
}

static void
test_check_the_origin (GuestTestingServer *f, gconstpointer data)
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

  web_server_set_public_uri (guest_server_get_web (f->server), "https://guests.example.org");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestClient) client = guest_client_new (f->port);
    g_autofree char *head = guest_client_shake_hands (client, cases[i].host, cases[i].origin);

    g_test_message ("%s from %s", cases[i].host, cases[i].origin);
    guest_testing_assert_status (head, cases[i].status);
    /* No compression: what is small on the way could be gigabytes here. */
    g_assert_null (guest_client_find_header (head, "Sec-WebSocket-Extensions"));
  }
}

/* Half a request, a byte now and then: out after fifteen seconds, however it goes on. */
static void
test_drop_the_slow (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) idle = guest_client_new (f->port);
  g_autoptr (GuestClient) slow = guest_client_new (f->port);
  const gint64 until_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  guest_client_send (slow, "GET / HTTP/1.1\r\nX: ", 19);
  while (!guest_client_wait_ended (slow, 500) && g_get_monotonic_time () < until_us)
    guest_client_send (slow, "x", 1);
  g_assert_true (slow->ended);
  g_assert_true (guest_client_wait_ended (idle, 3000));
  guest_client_run (50);
  g_assert_cmpuint (web_server_get_n_streams (guest_server_get_web (f->server)), ==, 0);
}

static void
test_limit_connections (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GPtrArray) clients =
    g_ptr_array_new_with_free_func ((GDestroyNotify) guest_client_free);

  for (guint i = 0; i < WEB_DOOR_MAX_STREAMS + 20; i++) {
    g_ptr_array_add (clients, guest_client_new (f->port));
    guest_client_run (1);
  }
  guest_client_run (200);
  g_assert_cmpuint (web_server_get_n_streams (guest_server_get_web (f->server)), <=,
                    WEB_DOOR_MAX_STREAMS);
  g_assert_true (guest_client_wait_ended (clients->pdata[clients->len - 1], 3000));
  g_ptr_array_set_size (clients, 0);
  guest_client_run (200);

  g_autofree char *answer = get (f, "GET", "/health", "");
  guest_testing_assert_status (answer, 200);
  g_assert_true (g_str_has_suffix (answer, "\r\n\r\nregie"));
}

static void
test_pass_whip_on (GuestTestingServer *f, gconstpointer data)
{
  static const struct {
    const char *method;
    const char *path;
    const char *headers;
    guint status;
    const char *session;
  } cases[] = {
    { "POST", "/whip/" GUEST_TESTING_TOKEN, "Content-Length: 0\r\n", 201, NULL },
    { "POST", "/whip", "Authorization: Bearer " GUEST_TESTING_TOKEN "\r\nContent-Length: 0\r\n",
      201, NULL },
    { "POST", "/whip/", "Authorization: bearer " GUEST_TESTING_TOKEN "\r\nContent-Length: 0\r\n",
      201, NULL },
    { "DELETE", "/whip/" GUEST_TESTING_TOKEN "/one", "", 201, "one" },
    { "PATCH", "/whip/" GUEST_TESTING_TOKEN "/two", "Content-Length: 0\r\n", 201, "two" },
    { "OPTIONS", "/whip/" GUEST_TESTING_TOKEN, "", 204, NULL },
    { "GET", "/whip/" GUEST_TESTING_TOKEN, "", 405, NULL },
    { "POST", "/whip/abcdefghijklmnopqrstuvwxyz1", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whip", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whip/" GUEST_TESTING_TOKEN "/a/b", "Content-Length: 0\r\n", 404, NULL },
    { "POST", "/whipped/" GUEST_TESTING_TOKEN, "Content-Length: 0\r\n", 405, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = get (f, cases[i].method, cases[i].path, cases[i].headers);

    g_test_message ("%s %s", cases[i].method, cases[i].path);
    g_clear_pointer (&f->whip_session, g_free);
    guest_testing_assert_status (answer, cases[i].status);
  }

  g_autofree char *answer = get (f, "DELETE", "/whip/" GUEST_TESTING_TOKEN "/three", "");
  guest_testing_assert_status (answer, 201);
  g_assert_cmpstr (f->whip_session, ==, "three");

  g_autofree char *body = g_strnfill (64 * 1024 + 1, 'v');
  g_autofree char *headers = g_strdup_printf ("Content-Length: %d\r\n", 64 * 1024 + 1);
  g_autofree char *request =
    g_strdup_printf ("POST /whip/" GUEST_TESTING_TOKEN
                     " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n%s",
                     headers, body);
  g_autofree char *too_large = guest_client_request (f->port, request);
  guest_testing_assert_status (too_large, 413);
}

/* A body without end is cut off. */
static void
test_cut_off_endless_bodies (GuestTestingServer *f, gconstpointer data)
{
  static const char *const paths[] = { "/whip/" GUEST_TESTING_TOKEN, "/", "/signal" };
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
test_say_why_not (void)
{
  g_autoptr (GuestServer) first = guest_server_new ();
  g_autoptr (GuestServer) second = guest_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (web_server_listen (guest_server_get_web (first), "127.0.0.1", 0, &error));
  g_assert_no_error (error);
  g_assert_false (web_server_listen (guest_server_get_web (second), "127.0.0.1",
                                     web_server_get_port (guest_server_get_web (first)), &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_false (web_server_listen (guest_server_get_web (second), "nowhere", 0, &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_false (web_server_listen (guest_server_get_web (second), "192.0.2.1", 0, &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_LISTEN);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*func) (GuestTestingServer *f, gconstpointer data);
  } tests[] = {
    { "/guest/server/serve-only-the-page", test_serve_only_the_page },
    { "/guest/server/set-headers", test_set_headers },
    { "/guest/server/refuse-other-hosts", test_refuse_other_hosts },
    { "/guest/server/check-the-origin", test_check_the_origin },
    { "/guest/server/pass-whip-on", test_pass_whip_on },
    { "/guest/server/cut-off-endless-bodies", test_cut_off_endless_bodies },
    { "/guest/server/limit-connections", test_limit_connections },
    { "/guest/server/drop-the-slow", test_drop_the_slow },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, GuestTestingServer, NULL, guest_testing_server_set_up, tests[i].func,
                guest_testing_server_tear_down);
  g_test_add_func ("/guest/server/say-why-not", test_say_why_not);
  return g_test_run ();
}
