/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-testing-server.h"

static void
assert_bye (GuestClient *client, const char *reason)
{
  g_autofree char *bye = guest_client_hear_type (client, "bye");
  g_autofree char *wanted = g_strdup_printf ("{\"type\":\"bye\",\"reason\":\"%s\"}", reason);

  g_assert_cmpstr (bye, ==, wanted);
  g_assert_true (guest_client_wait_ended (client, 6000));
}

static void
test_echo_and_ping (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = guest_testing_server_greet (f);
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
test_hang_up_on_nonsense (GuestTestingServer *f, gconstpointer data)
{
  static const char *const cases[] = {
    "",
    "nonsense",
    "{\"type\":\"join\",\"channel\":\"third\"}",
    "{\"type\":\"hello\",\"token\":\"" GUEST_TESTING_TOKEN "\"}", /* a second one */
    "[[[[[[[[[[[[[[[[[[[[",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestClient) client = guest_testing_server_greet (f);

    guest_client_say (client, cases[i]);
    assert_bye (client, "protocol");
  }

  /* Before a hello, not even a ping. */
  g_autoptr (GuestClient) rude = guest_client_open_line (f->port);
  guest_client_say (rude, "{\"type\":\"ping\",\"id\":1}");
  assert_bye (rude, "protocol");

  g_autoptr (GuestClient) binary = guest_testing_server_greet (f);
  guest_client_frame (binary, 0x82, "{\"type\":\"leave\"}", 16);
  assert_bye (binary, "protocol");
  g_assert_cmpuint (web_server_get_n_lines (guest_server_get_web (f->server)), ==, 0);
}

static void
test_hang_up_on_floods (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) many = guest_testing_server_greet (f);
  for (guint i = 0; i < 1000; i++) {
    if (!guest_client_say (many, "{\"type\":\"of-next-year\"}"))
      break;
  }
  assert_bye (many, "protocol");

  g_autoptr (GuestClient) large = guest_testing_server_greet (f);
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
test_cut_off_too_large (GuestTestingServer *f, gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');

  g_autoptr (GuestClient) whole = guest_testing_server_greet (f);
  guest_client_frame (whole, 0x81, megabyte, 1024 * 1024);
  g_assert_true (guest_client_wait_ended (whole, 10000));

  g_autoptr (GuestClient) pieces = guest_testing_server_greet (f);
  guint n_pieces = 0;
  guest_client_frame (pieces, 0x01, megabyte, 32 * 1024);
  while (n_pieces < 1000 && guest_client_frame (pieces, 0x00, megabyte, 32 * 1024))
    n_pieces++;
  g_assert_true (guest_client_wait_ended (pieces, 10000));
  g_assert_cmpuint (n_pieces, <, 1000);

  g_autoptr (GuestClient) pings = guest_testing_server_greet (f);
  guint n_pings = 0;
  while (n_pings < 1000000 && guest_client_frame (pings, 0x89, megabyte, 125))
    n_pings++;
  g_assert_true (guest_client_wait_ended (pings, 10000));
  g_assert_cmpuint (n_pings, <, 1000000);
  guest_client_run (200);
  g_assert_cmpuint (web_server_get_n_lines (guest_server_get_web (f->server)), ==, 0);
}

/* Asks for echoes within the limits, for as long as it takes, and reads none. */
static void
test_cut_off_who_does_not_read (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = guest_testing_server_greet (f);
  g_autofree char *payload = g_strnfill (16 * 1024 - 8, 'e');
  g_autofree char *echo =
    g_strdup_printf ("{\"type\":\"echo\",\"id\":7,\"payload\":\"%s\"}", payload);
  const gint64 until_us = g_get_monotonic_time () + 40 * G_TIME_SPAN_SECOND;

  g_socket_set_option (client->socket, 1 /* SOL_SOCKET */, 8 /* SO_RCVBUF */, 4096, NULL);
  while (web_server_get_n_lines (guest_server_get_web (f->server)) > 0 &&
         g_get_monotonic_time () < until_us) {
    guest_client_say (client, echo);
    guest_client_run (40);
  }
  g_assert_cmpuint (web_server_get_n_lines (guest_server_get_web (f->server)), ==, 0);
}

static void
test_want_a_hello (GuestTestingServer *f, gconstpointer data)
{
  const gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GuestClient) client = guest_client_open_line (f->port);

  assert_bye (client, "protocol");
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 4 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 30 * G_TIME_SPAN_SECOND);
}

static void
test_drop_the_silent (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = guest_testing_server_greet (f);
  const gint64 began_us = g_get_monotonic_time ();

  g_assert_true (guest_client_wait_ended (client, 14000));
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 9 * G_TIME_SPAN_SECOND);
  g_assert_false (web_line_get_open (guest_line_get_web (f->lines->pdata[0])));
}

static void
test_slow_down_guesses (GuestTestingServer *f, gconstpointer data)
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
  g_autoptr (GuestClient) good = guest_testing_server_greet (f);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 500 * 1000);
}

static void
test_limit_lines (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GPtrArray) clients =
    g_ptr_array_new_with_free_func ((GDestroyNotify) guest_client_free);

  /* Who says nothing makes room for who does. */
  for (guint i = 0; i < WEB_SERVER_MAX_UNKNOWN + 10; i++)
    g_ptr_array_add (clients, guest_client_open_line (f->port));
  g_assert_cmpuint (web_server_get_n_lines (guest_server_get_web (f->server)), ==,
                    WEB_SERVER_MAX_UNKNOWN);
  assert_bye (clients->pdata[0], "busy");
  g_autoptr (GuestClient) good = guest_testing_server_greet (f);

  g_ptr_array_set_size (clients, 0);
  while (web_server_get_n_lines (guest_server_get_web (f->server)) < WEB_SERVER_MAX_LINES)
    g_ptr_array_add (clients, guest_testing_server_greet (f));
  g_autoptr (GuestClient) late = guest_client_new (f->port);
  g_autofree char *head = guest_client_shake_hands (late, "localhost", "http://localhost");
  guest_testing_assert_status (head, 503);
}

static void
test_let_itself_be_probed (GuestTestingServer *f, gconstpointer data)
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
test_say_goodbye_when_closed (GuestTestingServer *f, gconstpointer data)
{
  g_autoptr (GuestClient) client = guest_testing_server_greet (f);

  web_server_close (guest_server_get_web (f->server));
  assert_bye (client, "ended");
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*func) (GuestTestingServer *f, gconstpointer data);
  } tests[] = {
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
    g_test_add (tests[i].path, GuestTestingServer, NULL, guest_testing_server_set_up, tests[i].func,
                guest_testing_server_tear_down);
  return g_test_run ();
}
