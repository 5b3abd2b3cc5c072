/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

#include "guest-client.h"
#include "guest-room.h"

static const EngineFormat format = { 320, 180, 15, 500000, 64000 };

typedef struct {
  EngineProgram *program;
  GSubprocess *turn; /* nullable */
  guint turn_port;
} Fixture;

static guint
find_port (GSocketType type)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, 0, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_assert_true (g_socket_bind (socket, address, FALSE, NULL));
  g_autoptr (GSocketAddress) had = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (had));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->program = engine_program_new (&format);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->turn != NULL) {
    g_subprocess_force_exit (f->turn);
    g_subprocess_wait (f->turn, NULL, NULL);
    g_clear_object (&f->turn);
  }
  g_clear_object (&f->program);
}

/* Whether it answers there by UDP, which it begins with after TCP. */
static gboolean
answers (guint port)
{
  static const char question[] = "\x00\x01\x00\x00\x21\x12\xa4\x42"
                                 "are you here";
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  char answer[200];

  g_socket_set_timeout (socket, 1);
  return g_socket_connect (socket, address, NULL, NULL) &&
         g_socket_send (socket, question, sizeof question - 1, NULL, NULL) > 0 &&
         g_socket_receive (socket, answer, sizeof answer, NULL, NULL) > 0;
}

/* Until it answers. */
static gboolean
start_turn (Fixture *f, const char *option, const char *value)
{
  g_autofree char *turnserver = g_find_program_in_path ("turnserver");
  const gint64 until_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  if (turnserver == NULL) {
    g_test_skip ("coturn is not installed");
    return FALSE;
  }
  f->turn_port = find_port (G_SOCKET_TYPE_STREAM);
  g_autofree char *port = g_strdup_printf ("%u", f->turn_port);
  g_autoptr (GError) error = NULL;
  f->turn =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                      turnserver, "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
                      "--allow-loopback-peers", "-p", port, option, value, "-r", "regie",
                      "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout",
                      "--pidfile=/dev/null",
                      g_str_equal (option, "-u") ? "--lt-cred-mech" : "--use-auth-secret", NULL);
  g_assert_no_error (error);
  while (g_get_monotonic_time () < until_us) {
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) f->turn_port, NULL, NULL);

    if (connection != NULL && answers (f->turn_port))
      return TRUE;
    guest_client_run (50);
  }
  g_assert_not_reached ();
}

static void
reached_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GPtrArray **) user_data = guest_room_check_reach_finish (GUEST_ROOM (object), result, &error);
  g_assert_no_error (error);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static GPtrArray *
check (GuestRoom *room)
{
  GPtrArray *results = NULL;
  guint n_changes = 0;
  const gulong id =
    g_signal_connect_swapped (room, "notify::checking-reach", G_CALLBACK (count_cb), &n_changes);

  guest_room_check_reach_async (room, NULL, reached_cb, &results);
  while (results == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (room, id);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_false (guest_room_get_checking_reach (room));
  g_assert_true (guest_room_get_reach (room) == results);
  return results;
}

static void
assert_result (GPtrArray *results, guint i, GuestReachWhat what, GuestReachCode code)
{
  const GuestReach *reach = results->pdata[i];

  g_assert_cmpint (reach->what, ==, what);
  if (reach->code != code)
    g_error ("Result %u: %d, not %d: %s", i, (int) reach->code, (int) code, reach->detail);
  g_assert_nonnull (reach->detail);
  if (reach->address != NULL)
    g_assert_null (strstr (reach->address, "sesame"));
}

static void
test_ask_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (GuestRoom) room = guest_room_new (f->program, &(GuestRoomConfig){ .event = "E" });
  g_autoptr (GPtrArray) results = check (room);

  g_assert_cmpuint (results->len, ==, 2);
  assert_result (results, 0, GUEST_REACH_PAGE, GUEST_REACH_NOT_SET);
  assert_result (results, 1, GUEST_REACH_WEBSOCKET, GUEST_REACH_NOT_SET);
}

static void
test_reach_ourselves (Fixture *f, gconstpointer data)
{
  const guint port = find_port (G_SOCKET_TYPE_STREAM);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u", port);
  const GuestRoomConfig config = { .event = "E", .port = port, .public_uri = uri };
  g_autoptr (GuestRoom) room = guest_room_new (f->program, &config);
  g_autoptr (GError) error = NULL;

  g_autoptr (GPtrArray) closed = check (room);
  assert_result (closed, 0, GUEST_REACH_PAGE, GUEST_REACH_CLOSED);
  assert_result (closed, 1, GUEST_REACH_WEBSOCKET, GUEST_REACH_CLOSED);

  g_assert_true (guest_room_open (room, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) open = check (room);
  assert_result (open, 0, GUEST_REACH_PAGE, GUEST_REACH_OK);
  assert_result (open, 1, GUEST_REACH_WEBSOCKET, GUEST_REACH_OK);
}

static void
test_find_others (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *uri; /* %u: of another Régie */
    GuestReachCode page;
    GuestReachCode line;
  } cases[] = {
    { "http://127.0.0.1:%u/", GUEST_REACH_OK, GUEST_REACH_OTHER },
    { "http://127.0.0.1:%u/elsewhere", GUEST_REACH_OTHER, GUEST_REACH_OTHER },
    { "http://127.0.0.1:1/", GUEST_REACH_REFUSED, GUEST_REACH_REFUSED },
    { "http://nowhere.invalid/", GUEST_REACH_NAME, GUEST_REACH_NAME },
    { "guests.example.org", GUEST_REACH_BAD_ADDRESS, GUEST_REACH_BAD_ADDRESS },
  };
  g_autoptr (GuestRoom) other = guest_room_new (f->program, &(GuestRoomConfig){ .event = "O" });
  guint port = 0;

  g_assert_true (guest_room_open (other, NULL));
  g_assert_cmpint (sscanf (guest_room_get_address (other), "http://localhost:%u/", &port), ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) parts = g_strsplit (cases[i].uri, "%u", 2);
    g_autofree char *number = g_strdup_printf ("%u", port);
    g_autofree char *uri = g_strjoinv (number, parts);
    const GuestRoomConfig config = { .event = "E", .public_uri = uri };
    g_autoptr (GuestRoom) room = guest_room_new (f->program, &config);

    g_test_message ("%s", uri);
    g_assert_true (guest_room_open (room, NULL));
    g_autoptr (GPtrArray) results = check (room);
    assert_result (results, 0, GUEST_REACH_PAGE, cases[i].page);
    assert_result (results, 1, GUEST_REACH_WEBSOCKET, cases[i].line);
  }
}

static void
check_turn (Fixture *f, const char *user, const char *secret, gboolean shared, GuestReachCode code)
{
  g_autofree char *stun_address = g_strdup_printf ("stun:127.0.0.1:%u", f->turn_port);
  g_autofree char *udp = g_strdup_printf ("turn:127.0.0.1:%u?transport=udp", f->turn_port);
  g_autofree char *tcp = g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp", f->turn_port);
  const char *const stun[] = { stun_address, NULL };
  const GuestTurn turns[] = { { udp, user, secret, shared }, { tcp, user, secret, shared } };
  const GuestRoomConfig config = {
    .event = "E",
    .ice = { .stun = stun, .turns = turns, .n_turns = G_N_ELEMENTS (turns) },
  };
  g_autoptr (GuestRoom) room = guest_room_new (f->program, &config);
  g_autoptr (GPtrArray) results = check (room);

  g_assert_cmpuint (results->len, ==, 5);
  assert_result (results, 2, GUEST_REACH_STUN, GUEST_REACH_OK);
  assert_result (results, 3, GUEST_REACH_TURN, code);
  assert_result (results, 4, GUEST_REACH_TURN, code);
}

static void
test_ask_turn (Fixture *f, gconstpointer data)
{
  if (!start_turn (f, "-u", "regie:open-sesame"))
    return;
  check_turn (f, "regie", "open-sesame", FALSE, GUEST_REACH_OK);
  check_turn (f, "regie", "close-sesame", FALSE, GUEST_REACH_PASSWORD);
  check_turn (f, "nobody", "open-sesame", FALSE, GUEST_REACH_PASSWORD);
}

static void
test_ask_turn_with_a_shared_secret (Fixture *f, gconstpointer data)
{
  if (!start_turn (f, "--static-auth-secret", "open:sesame="))
    return;
  check_turn (f, NULL, "open:sesame=", TRUE, GUEST_REACH_OK);
  check_turn (f, NULL, "open:sesame", TRUE, GUEST_REACH_PASSWORD);
}

/* Nothing listens; one listens and never answers; one answers nonsense. */
static void
test_find_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocket) silent =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_assert_true (g_socket_bind (silent, address, FALSE, NULL));
  g_autoptr (GSocketAddress) had = g_socket_get_local_address (silent, NULL);
  g_autofree char *mute =
    g_strdup_printf ("stun:127.0.0.1:%u",
                     g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (had)));
  g_autoptr (GuestRoom) web = guest_room_new (f->program, &(GuestRoomConfig){ .event = "O" });
  guint port = 0;

  g_assert_true (guest_room_open (web, NULL));
  g_assert_cmpint (sscanf (guest_room_get_address (web), "http://localhost:%u/", &port), ==, 1);
  g_autofree char *talks_http = g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp", port);
  const char *const stun[] = { "stun:127.0.0.1:1", mute, "stun:nowhere.invalid", NULL };
  const GuestTurn turns[] = { { "turn:127.0.0.1:1?transport=tcp", "u", "p", FALSE },
                              { talks_http, "u", "p", FALSE } };
  const GuestRoomConfig config = {
    .event = "E",
    .ice = { .stun = stun, .turns = turns, .n_turns = G_N_ELEMENTS (turns) },
  };
  g_autoptr (GuestRoom) room = guest_room_new (f->program, &config);
  g_autoptr (GPtrArray) results = check (room);

  assert_result (results, 2, GUEST_REACH_STUN, GUEST_REACH_REFUSED);
  assert_result (results, 3, GUEST_REACH_STUN, GUEST_REACH_SILENT);
  assert_result (results, 4, GUEST_REACH_STUN, GUEST_REACH_NAME);
  assert_result (results, 5, GUEST_REACH_TURN, GUEST_REACH_REFUSED);
  g_assert_cmpint (((GuestReach *) results->pdata[6])->code, !=, GUEST_REACH_OK);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*func) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/guest/reach/ask-nobody", test_ask_nobody },
    { "/guest/reach/reach-ourselves", test_reach_ourselves },
    { "/guest/reach/find-others", test_find_others },
    { "/guest/reach/ask-turn", test_ask_turn },
    { "/guest/reach/ask-turn-with-a-shared-secret", test_ask_turn_with_a_shared_secret },
    { "/guest/reach/find-nobody", test_find_nobody },
  };

  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
