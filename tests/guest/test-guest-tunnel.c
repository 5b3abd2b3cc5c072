/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest-client.h"
#include "guest-tunnel.h"

#define TIMEOUT_US (60 * G_TIME_SPAN_SECOND)

static GuestTunnel *
start (const char *script)
{
  const char *const command[] = { "/bin/sh", "-c", script, NULL };
  GuestTunnel *tunnel = guest_tunnel_new (command);

  guest_tunnel_start (tunnel);
  return tunnel;
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
wait_for_state (GuestTunnel *tunnel, GuestTunnelState state)
{
  const gint64 until_us = g_get_monotonic_time () + TIMEOUT_US;
  const guint id = g_timeout_add (200, tick_cb, NULL);

  while (guest_tunnel_get_state (tunnel) != state && g_get_monotonic_time () < until_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  return guest_tunnel_get_state (tunnel) == state;
}

static void
test_run (void)
{
  g_autoptr (GuestTunnel) tunnel = start ("exec sleep 600");

  g_assert_cmpint (guest_tunnel_get_state (tunnel), ==, GUEST_TUNNEL_STARTING);
  g_assert_true (wait_for_state (tunnel, GUEST_TUNNEL_RUNNING));
  g_assert_null (guest_tunnel_get_error (tunnel));
  guest_tunnel_stop (tunnel);
  g_assert_cmpint (guest_tunnel_get_state (tunnel), ==, GUEST_TUNNEL_OFF);
}

static void
test_read_the_address (void)
{
  g_autoptr (GuestTunnel) tunnel =
    start ("echo 'INF Requesting new quick Tunnel on trycloudflare.com...'; "
           "echo 'POST https://api.trycloudflare.com/tunnel'; "
           "printf 'INF |  https://quiet-north-sea.trycloudflare.com   |\\n' >&2; exec sleep 600");

  g_assert_true (wait_for_state (tunnel, GUEST_TUNNEL_RUNNING));
  g_assert_cmpstr (guest_tunnel_get_public_address (tunnel), ==,
                   "https://quiet-north-sea.trycloudflare.com");
  guest_tunnel_stop (tunnel);
  g_assert_null (guest_tunnel_get_public_address (tunnel));
}

static void
test_start_again (void)
{
  g_autofree char *log = g_build_filename (g_get_tmp_dir (), "regie-tunnel-XXXXXX", NULL);
  const int fd = g_mkstemp (log);
  g_autofree char *script = g_strdup_printf (
    "echo x >> %s; echo 'bind: \xff port taken'; echo 'remote forwarding failed'; exit 7", log);
  const gint64 began_us = g_get_monotonic_time ();
  gsize length = 0;

  g_assert_cmpint (fd, >=, 0);
  g_autoptr (GuestTunnel) tunnel = start (script);
  g_assert_true (wait_for_state (tunnel, GUEST_TUNNEL_RETRYING));
  g_assert_error (guest_tunnel_get_error (tunnel), GUEST_ERROR, GUEST_ERROR_TUNNEL);
  g_assert_nonnull (strstr (guest_tunnel_get_error (tunnel)->message, "status 7"));
  g_assert_nonnull (strstr (guest_tunnel_get_error (tunnel)->message, "remote forwarding failed"));
  g_assert_true (g_utf8_validate (guest_tunnel_get_error (tunnel)->message, -1, NULL));

  /* After 1 s and then 2 s. */
  while (length < 6 && g_get_monotonic_time () - began_us < TIMEOUT_US) {
    g_autofree char *text = NULL;

    guest_client_run (100);
    g_assert_true (g_file_get_contents (log, &text, &length, NULL));
  }
  g_assert_cmpuint (length, ==, 6);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 2800 * 1000);
  guest_tunnel_stop (tunnel);
  g_assert_cmpint (remove (log), ==, 0);
}

static void
test_say_what_is_missing (void)
{
  const char *const command[] = { "no-such-program-of-regie", NULL };
  g_autoptr (GuestTunnel) tunnel = guest_tunnel_new (command);

  guest_tunnel_start (tunnel);
  g_assert_cmpint (guest_tunnel_get_state (tunnel), ==, GUEST_TUNNEL_RETRYING);
  g_assert_error (guest_tunnel_get_error (tunnel), GUEST_ERROR, GUEST_ERROR_TUNNEL_MISSING);
}

/* One that prints without end and one without a line's end take no memory and no time. */
static void
test_survive_talkers (void)
{
  g_autoptr (GuestTunnel) lines = start ("yes 'I talk and talk'");
  g_autoptr (GuestTunnel) no_end = start ("cat /dev/zero | tr '\\0' x");

  g_assert_true (wait_for_state (lines, GUEST_TUNNEL_RUNNING));
  g_assert_true (wait_for_state (no_end, GUEST_TUNNEL_RUNNING));
}

static gboolean
is_there (int pid)
{
  return kill (pid, 0) == 0 || errno != ESRCH;
}

/* It does not listen to us, and neither does what it has started. */
static void
test_end_all_of_it (void)
{
  g_autofree char *log = g_build_filename (g_get_tmp_dir (), "regie-tunnel-XXXXXX", NULL);
  const int fd = g_mkstemp (log);
  g_autofree char *script = g_strdup_printf ("trap '' TERM; sh -c 'trap \"\" TERM; echo $$ >> %s; "
                                             "while :; do sleep 1; done' & echo $$ >> %s; "
                                             "while :; do sleep 1; done",
                                             log, log);
  g_autofree char *text = NULL;
  const gint64 until_us = g_get_monotonic_time () + TIMEOUT_US;

  g_assert_cmpint (fd, >=, 0);
  g_autoptr (GuestTunnel) tunnel = start (script);
  g_assert_true (wait_for_state (tunnel, GUEST_TUNNEL_RUNNING));
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (g_strstrip (text), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  const int pids[] = { atoi (lines[0]), atoi (lines[1]) };
  g_assert_true (is_there (pids[0]) && is_there (pids[1]));

  guest_tunnel_stop (tunnel);
  while ((is_there (pids[0]) || is_there (pids[1])) && g_get_monotonic_time () < until_us)
    guest_client_run (100);
  g_assert_false (is_there (pids[0]));
  g_assert_false (is_there (pids[1]));
  g_assert_cmpint (remove (log), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/tunnel/run", test_run);
  g_test_add_func ("/guest/tunnel/read-the-address", test_read_the_address);
  g_test_add_func ("/guest/tunnel/start-again", test_start_again);
  g_test_add_func ("/guest/tunnel/say-what-is-missing", test_say_what_is_missing);
  g_test_add_func ("/guest/tunnel/survive-talkers", test_survive_talkers);
  g_test_add_func ("/guest/tunnel/end-all-of-it", test_end_all_of_it);
  return g_test_run ();
}
