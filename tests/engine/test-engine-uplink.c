/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-gaps.h"
#include "engine-reader.h"
#include "engine-socket.h"
#include "engine-testing.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)

static void
test_gaps (void)
{
  g_autoptr (EngineGaps) gaps = engine_gaps_new ();
  const EngineGap *gap = NULL;

  g_assert_null (engine_gaps_close (gaps, SECOND_NS, SECOND_NS));
  engine_gaps_open (gaps, 10 * SECOND_NS);
  engine_gaps_open (gaps, 11 * SECOND_NS);
  g_assert_cmpint (engine_gaps_get_total_ms (gaps, 12 * SECOND_NS), ==, 2000);
  gap = engine_gaps_close (gaps, 13 * SECOND_NS, 15 * SECOND_NS);
  g_assert_cmpint (gap->begin_ns, ==, 10 * SECOND_NS);
  g_assert_cmpint (gap->length_ms, ==, 3000);
  g_assert_cmpint (ABS (g_get_real_time () - gap->begin_real_us - 5 * G_USEC_PER_SEC), <, 1000000);
  g_assert_cmpint (engine_gaps_get_total_ms (gaps, 100 * SECOND_NS), ==, 3000);

  /* A picture or two are no gap. */
  engine_gaps_open (gaps, 20 * SECOND_NS);
  g_assert_null (engine_gaps_close (gaps, 20 * SECOND_NS + 50000000, 21 * SECOND_NS));
  g_assert_cmpint (engine_gaps_get_total_ms (gaps, 100 * SECOND_NS), ==, 3000);
}

static void
test_gaps_are_bounded (void)
{
  g_autoptr (EngineGaps) gaps = engine_gaps_new ();

  for (gint64 i = 0; i < 3000; i++) {
    engine_gaps_open (gaps, 2 * i * SECOND_NS);
    g_assert_nonnull (engine_gaps_close (gaps, (2 * i + 1) * SECOND_NS, 2 * i * SECOND_NS));
  }
  g_assert_cmpuint (engine_gaps_get_list (gaps)->len, ==, 1000);
  g_assert_cmpint (engine_gaps_get_total_ms (gaps, 0), ==, 3000 * 1000);
}

/* Looks once a second at a connection on which @acked bytes a second are confirmed, and room for
 * @read is made; returns after how many seconds it is dead, or 0. */
static guint
watch (gint64 acked, gint64 read, gint64 unacked)
{
  EngineReader reader = { 0 };
  EngineSocketFacts facts = { .edge_bytes = 65536, .unacked_bytes = (guint64) unacked };
  EngineUplink uplink = { 0 };

  for (guint s = 1; s <= 30; s++) {
    engine_reader_look (&reader, &facts, s * G_USEC_PER_SEC, &uplink);
    if (engine_reader_is_dead (&reader, s * G_USEC_PER_SEC))
      return s;
    facts.edge_bytes += (guint64) read;
    facts.acked_bytes = MIN (facts.acked_bytes + (guint64) acked, facts.edge_bytes);
    facts.n_sent += 10;
  }
  g_assert_cmpfloat_with_epsilon (uplink.sent_bps, acked * 8.0, 1);
  return 0;
}

static void
test_reader (void)
{
  g_assert_cmpuint (watch (100000, 100000, 5000), ==, 0);
  /* Nothing is sent: nothing is wrong. */
  g_assert_cmpuint (watch (0, 0, 0), ==, 0);
  /* Nothing is confirmed any more. */
  g_assert_cmpuint (watch (0, 0, 5000), ==, 7);
  /* It is confirmed, but nobody reads. */
  g_assert_cmpuint (watch (8000, 0, 5000), ==, 5);
  g_assert_cmpuint (watch (100000, 0, 5000), ==, 5);
}

typedef struct {
  EngineSocket *watched;
  GSocketConnection *connection;
} Connecting;

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Connecting *connecting = user_data;
  g_autoptr (GError) error = NULL;

  connecting->connection =
    g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (object), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_connected (gpointer data)
{
  return ((Connecting *) data)->connection != NULL;
}

static gboolean
has_arrived (gpointer data)
{
  EngineSocketFacts facts = { 0 };

  return engine_socket_measure (((Connecting *) data)->watched, &facts) &&
         facts.acked_bytes >= 1000;
}

/* Two at once to the same server: each is seen by whom its timeout was given to. */
static void
test_socket (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  Connecting both[2] = { 0 };
  EngineSocketFacts facts = { 0 };

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GSocketClient) client = g_socket_client_new ();

    both[i].watched = engine_socket_expect ();
    g_assert_cmpint (engine_socket_get_step (both[i].watched), ==, ENGINE_SOCKET_STEP_NONE);
    g_assert_false (engine_socket_measure (both[i].watched, &facts));
    g_socket_client_set_timeout (client, engine_socket_get_timeout_s (both[i].watched));
    g_socket_client_connect_to_host_async (client, "127.0.0.1", port, NULL, connected_cb, &both[i]);
  }
  for (guint i = 0; i < 2; i++) {
    g_assert_true (engine_testing_wait (is_connected, &both[i], 5000));
    g_assert_cmpint (engine_socket_get_step (both[i].watched), ==, ENGINE_SOCKET_STEP_READY);
  }
  g_assert_cmpuint (engine_socket_get_timeout_s (both[0].watched), !=,
                    engine_socket_get_timeout_s (both[1].watched));
  for (guint n = 0; n < 1000; n++)
    g_assert_true (g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (both[1].connection)), "x", 1, NULL, NULL, NULL));
  g_assert_true (engine_testing_wait (has_arrived, &both[1], 5000));
  g_assert_true (engine_socket_measure (both[0].watched, &facts));
  g_assert_cmpuint (facts.acked_bytes, <, 1000);
  g_io_stream_close (G_IO_STREAM (both[1].connection), NULL, NULL);
  g_assert_false (engine_socket_measure (both[1].watched, &facts));
  for (guint i = 0; i < 2; i++) {
    engine_socket_free (both[i].watched);
    g_object_unref (both[i].connection);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/uplink/gaps-are-kept-with-their-times", test_gaps);
  g_test_add_func ("/engine/uplink/gaps-are-bounded", test_gaps_are_bounded);
  g_test_add_func ("/engine/uplink/reader-that-hangs-is-noticed", test_reader);
  g_test_add_func ("/engine/uplink/socket-is-found-by-its-timeout", test_socket);
  return g_test_run ();
}
