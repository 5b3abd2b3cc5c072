/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-output-private.h"
#include "engine-pipeline.h"
#include "engine-testing-movie.h"
#include "engine-testing.h"

#include <gio/gio.h>
#include <string.h>

#define KEY "very-secret-key"

static EngineTestingMovie *movie;

typedef struct {
  EngineClock *clock;
  EngineFeed *feed;
  EngineOutput *output;
  GArray *waiting_us; /* of gint64: when it was found waiting */
  GArray *trying_us;
  guint n_inits;
  guint n_segments;
  gint64 segments_us;
  char *codecs;
} Fixture;

static void
state_cb (EngineOutput *output, GParamSpec *pspec, gpointer user_data)
{
  Fixture *self = user_data;
  const gint64 now_us = g_get_monotonic_time ();

  if (engine_output_get_state (output) == ENGINE_OUTPUT_STATE_WAITING)
    g_array_append_val (self->waiting_us, now_us);
  else if (engine_output_get_state (output) == ENGINE_OUTPUT_STATE_CONNECTING)
    g_array_append_val (self->trying_us, now_us);
}

static void
init_segment_cb (EngineOutput *output, GBytes *init, const char *codecs, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_inits++;
  g_free (self->codecs);
  self->codecs = g_strdup (codecs);
}

static void
segment_cb (EngineOutput *output, GBytes *segment, gint64 duration_us, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (g_bytes_get_size (segment), >, 100);
  self->n_segments++;
  self->segments_us += duration_us;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->feed = engine_feed_new ();
  self->waiting_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->trying_us = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static EngineOutput *
make_output (Fixture *self, const char *id, const char *title, const char *url)
{
  EngineOutputConfig config = { .id = id, .title = title, .url = url };

  if (url == NULL)
    config.kind = ENGINE_OUTPUT_LIVE_PAGE;
  else
    config.kind = g_str_has_prefix (url, "srt:") ? ENGINE_OUTPUT_SRT : ENGINE_OUTPUT_RTMP;
  return _engine_output_new (&config, self->clock, self->feed);
}

static void
make (Fixture *self, const char *url)
{
  self->output = make_output (self, "a", "Test", url);
  g_signal_connect (self->output, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect (self->output, "init-segment", G_CALLBACK (init_segment_cb), self);
  g_signal_connect (self->output, "segment", G_CALLBACK (segment_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_output_stop (self->output);
  _engine_output_stop (self->output);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_OFF);
  g_assert_no_error (engine_output_get_error (self->output));
  engine_pipeline_wait_for_stopped (15 * G_USEC_PER_SEC);
  g_signal_handlers_disconnect_by_data (self->output, self);
  engine_testing_assert_finalizes (self->output);
  engine_testing_assert_finalizes (self->feed);
  engine_testing_assert_finalizes (self->clock);
  g_array_unref (self->waiting_us);
  g_array_unref (self->trying_us);
  g_free (self->codecs);
}

static gboolean
is_waiting (gpointer data)
{
  return engine_output_get_state (((Fixture *) data)->output) == ENGINE_OUTPUT_STATE_WAITING;
}

static gboolean
has_waited_four_times (gpointer data)
{
  return ((Fixture *) data)->waiting_us->len >= 4;
}

static gboolean
has_segments (gpointer data)
{
  return ((Fixture *) data)->n_segments >= 3;
}

static gint64
at (GArray *times, guint n)
{
  return g_array_index (times, gint64, n);
}

/* Nobody listens there: waiting, in words, and again within a second, then less often. */
static void
check_unreachable (Fixture *self, const char *url)
{
  make (self, url);
  _engine_output_start (self->output, KEY);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_CONNECTING);
  engine_testing_movie_push (movie, self->feed, 3 * GST_SECOND);
  g_assert_true (engine_testing_wait (is_waiting, self, 10000));
  g_assert_error ((GError *) engine_output_get_error (self->output), ENGINE_ERROR,
                  ENGINE_ERROR_NOT_FOUND);
  g_assert_null (strstr (engine_output_get_error (self->output)->message, KEY));
  g_assert_cmpuint (engine_output_get_retry_in_s (self->output), >=, 1);
  g_assert_true (engine_testing_wait (has_waited_four_times, self, 20000));
  /* The first entry is the start. */
  for (guint i = 0; i + 1 < self->trying_us->len && i < self->waiting_us->len; i++) {
    const gint64 pause_us = at (self->trying_us, i + 1) - at (self->waiting_us, i);

    g_assert_cmpint (pause_us, <=, i == 0 ? G_USEC_PER_SEC : 10 * G_USEC_PER_SEC);
    g_assert_cmpint (pause_us, >=, 300000);
  }
  g_assert_cmpuint (engine_output_get_n_reconnects (self->output), ==, 3);
}

static void
test_rtmp_unreachable (Fixture *self, gconstpointer data)
{
  g_autofree char *url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live", engine_testing_find_closed_port ());

  check_unreachable (self, url);
}

static void
backup_cb (EngineOutput *output, GParamSpec *pspec, gpointer user_data)
{
  GString *turns = user_data;

  if (engine_output_get_state (output) == ENGINE_OUTPUT_STATE_CONNECTING)
    g_string_append_c (turns, engine_output_get_on_backup (output) ? 'b' : 'a');
}

static gboolean
has_had_four_turns (gpointer data)
{
  return ((GString *) data)->len >= 4;
}

/* Twice in vain, and the backup's address has every other turn. */
static void
test_backup (Fixture *self, gconstpointer data)
{
  g_autofree char *url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live", engine_testing_find_closed_port ());
  g_autofree char *backup_url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live?backup=1", engine_testing_find_closed_port ());
  const EngineOutputConfig config = {
    .id = "a", .title = "Test", .kind = ENGINE_OUTPUT_RTMP, .url = url, .backup_url = backup_url
  };
  g_autoptr (GString) turns = g_string_new (NULL);

  self->output = _engine_output_new (&config, self->clock, self->feed);
  g_signal_connect (self->output, "notify::state", G_CALLBACK (backup_cb), turns);
  _engine_output_start (self->output, KEY);
  engine_testing_movie_push (movie, self->feed, 3 * GST_SECOND);
  g_assert_true (engine_testing_wait (has_had_four_turns, turns, 20000));
  g_assert_cmpstr (turns->str, ==, "aaba");
  g_signal_handlers_disconnect_by_data (self->output, turns);
}

/* Who is asked to try does not wait for his turn; who is off stays so. */
static void
test_retry_now (Fixture *self, gconstpointer data)
{
  g_autofree char *url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live", engine_testing_find_closed_port ());

  make (self, url);
  engine_output_retry_now (self->output);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_OFF);
  _engine_output_start (self->output, KEY);
  engine_testing_movie_push (movie, self->feed, 3 * GST_SECOND);
  for (guint i = 1; i <= 5; i++) {
    g_assert_true (engine_testing_wait (is_waiting, self, 10000));
    engine_output_retry_now (self->output);
    g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_CONNECTING);
    g_assert_cmpuint (engine_output_get_n_reconnects (self->output), ==, i);
    g_assert_cmpuint (engine_output_get_retry_in_s (self->output), ==, 0);
  }
}

/* A listener that accepts and says nothing must not hold up anybody, nor the end. */
static void
test_mute_server (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autofree char *url = g_strdup_printf ("rtmp://127.0.0.1:%u/live", port);
  gint64 began_us = 0;

  g_assert_no_error (error);
  make (self, url);
  _engine_output_start (self->output, KEY);
  engine_testing_movie_push (movie, self->feed, 3 * GST_SECOND);
  engine_testing_run_for (500);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_CONNECTING);
  began_us = g_get_monotonic_time ();
  _engine_output_stop (self->output);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, G_USEC_PER_SEC / 2);
}

static void
test_stop_at_once (Fixture *self, gconstpointer data)
{
  g_autofree char *url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live", engine_testing_find_closed_port ());

  make (self, url);
  for (guint i = 0; i < 10; i++) {
    _engine_output_start (self->output, KEY);
    _engine_output_start (self->output, KEY);
    for (guint n = 0; n < i; n++)
      g_main_context_iteration (NULL, FALSE);
    _engine_output_stop (self->output);
    g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_OFF);
  }
  engine_testing_run_for (700);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_OFF);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (ENGINE_ERROR, ENGINE_ERROR_REFUSED, "no key");

  make (self, "rtmp://127.0.0.1/live");
  _engine_output_refuse (self->output, error);
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_REFUSED);
  g_assert_error ((GError *) engine_output_get_error (self->output), ENGINE_ERROR,
                  ENGINE_ERROR_REFUSED);
  engine_testing_run_for (700);
  g_assert_cmpuint (engine_output_get_n_reconnects (self->output), ==, 0);
}

static void
test_live_page (Fixture *self, gconstpointer data)
{
  make (self, NULL);
  _engine_output_start (self->output, NULL);
  engine_testing_movie_push (movie, self->feed, 3 * GST_SECOND);
  g_assert_true (engine_testing_wait (has_segments, self, 10000));
  g_assert_cmpint (engine_output_get_state (self->output), ==, ENGINE_OUTPUT_STATE_LIVE);
  g_assert_cmpuint (self->n_inits, ==, 1);
  g_assert_true (g_str_has_prefix (self->codecs, "avc1."));
  g_assert_cmpint (ABS (self->segments_us - 1000000 * (gint64) self->n_segments), <, 5000);
}

/* Two outputs of one feed: the one that hangs costs the other nothing. */
static void
test_one_hangs (Fixture *self, gconstpointer data)
{
  g_autofree char *url =
    g_strdup_printf ("rtmp://127.0.0.1:%u/live", engine_testing_find_closed_port ());
  EngineOutput *other = make_output (self, "b", "Other", url);
  gint64 began_us = 0;

  make (self, NULL);
  _engine_output_start (other, KEY);
  _engine_output_start (self->output, NULL);
  began_us = g_get_monotonic_time ();
  for (guint i = 0; i < 20; i++)
    engine_testing_movie_push (movie, self->feed, (3 + 4 * i) * GST_SECOND);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 2 * G_USEC_PER_SEC);
  g_assert_true (engine_testing_wait (has_segments, self, 10000));
  _engine_output_stop (other);
  engine_testing_assert_finalizes (other);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  movie = engine_testing_movie_new (4);
  ADD ("/engine/output/unreachable-rtmp-is-tried-again", test_rtmp_unreachable);
  ADD ("/engine/output/mute-server-holds-up-nobody", test_mute_server);
  ADD ("/engine/output/backup-has-every-other-turn", test_backup);
  ADD ("/engine/output/retry-now-does-not-wait", test_retry_now);
  ADD ("/engine/output/stop-at-once", test_stop_at_once);
  ADD ("/engine/output/refused-stays-refused", test_refused);
  ADD ("/engine/output/live-page-gets-segments", test_live_page);
  ADD ("/engine/output/one-that-hangs-costs-the-other-nothing", test_one_hangs);
  result = g_test_run ();
  engine_testing_movie_free (movie);
  return result;
}
