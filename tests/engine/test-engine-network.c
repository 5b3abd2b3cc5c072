/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

static const char *python;
static const char *rtsp_server_path;

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
  EngineSourceState wanted;
  GSubprocess *server;
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
  self->folder = engine_testing_make_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_source_stop (self->source);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
  g_subprocess_force_exit (self->server);
  g_subprocess_wait (self->server, NULL, NULL);
  g_clear_object (&self->server);
  engine_testing_remove_folder (self->folder);
}

/* Starts a server. Returns the number at the end of its first line: its port. */
static guint
serve (Fixture *self, const char *const *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  const char *number = NULL;

  self->server =
    g_subprocess_newv (command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                       &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  number = strstr (line, "port ");
  return (guint) atoi (number != NULL ? number + 5 : line);
}

static void
start (Fixture *self, const char *uri)
{
  const EngineSourceConfig config = { .id = "net",
                                      .title = "Net",
                                      .kind = ENGINE_SOURCE_URI,
                                      .uri = uri,
                                      .delay_ms = -1,
                                      .lost_sentence = "Signal lost" };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_state (self->source) == self->wanted;
}

static gboolean
wait_for_state (Fixture *self, EngineSourceState state)
{
  self->wanted = state;
  return engine_testing_wait (is_in_state, self, 20000);
}

static gboolean
has_both (gpointer data)
{
  EngineSource *source = ((Fixture *) data)->source;

  return engine_source_get_has_picture (source) && engine_source_get_has_sound (source);
}

static guint
serve_rtsp (Fixture *self)
{
  const char *const command[] = { python, rtsp_server_path, NULL };

  return serve (self, command);
}

static void
test_rtsp (Fixture *self, gconstpointer data)
{
  g_autofree char *uri =
    g_strdup_printf ("rtsp://ana:not-for-the-log@127.0.0.1:%u/camera", serve_rtsp (self));

  start (self, uri);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
  g_assert_true (engine_testing_wait (has_both, self, 10000));
  g_assert_true (g_str_has_prefix (engine_source_get_description (self->source), "320×180"));
  engine_testing_run_for (2000);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  g_subprocess_force_exit (self->server);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST));
  g_assert_nonnull (engine_source_get_error (self->source));
  g_assert_null (strstr (engine_source_get_error (self->source)->message, "not-for-the-log"));
}

static void
test_wrong_password (Fixture *self, gconstpointer data)
{
  g_autofree char *uri =
    g_strdup_printf ("rtsp://ana:guessed@127.0.0.1:%u/camera", serve_rtsp (self));

  start (self, uri);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST));
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_REFUSED);
  g_assert_null (strstr (engine_source_get_error (self->source)->message, "guessed"));
}

static void
test_hls (Fixture *self, gconstpointer data)
{
  g_autofree char *film = g_build_filename (self->folder, "film.mp4", NULL);
  g_autofree char *list = g_build_filename (self->folder, "list.m3u8", NULL);
  const char *const convert[] = { "ffmpeg",    "-loglevel", "error",          "-nostdin", "-i",
                                  film,        "-c",        "copy",           "-f",       "hls",
                                  "-hls_time", "1",         "-hls_list_size", "0",        list,
                                  NULL };
  const char *const command[] = { python,   "-u",        "-m",          "http.server", "0",
                                  "--bind", "127.0.0.1", "--directory", self->folder,  NULL };
  g_autoptr (GSubprocess) converter = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;

  engine_testing_make_film (film);
  converter = g_subprocess_newv (convert, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (converter, NULL, &error));
  uri = g_strdup_printf ("http://127.0.0.1:%u/list.m3u8", serve (self, command));
  start (self, uri);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
  g_assert_true (engine_testing_wait (has_both, self, 10000));
}

static void
test_http_not_found (Fixture *self, gconstpointer data)
{
  const char *const command[] = { python,   "-u",        "-m",          "http.server", "0",
                                  "--bind", "127.0.0.1", "--directory", self->folder,  NULL };
  g_autofree char *uri =
    g_strdup_printf ("http://127.0.0.1:%u/film.mp4?token=not-for-the-log", serve (self, command));

  start (self, uri);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST));
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_NOT_FOUND);
  g_assert_null (strstr (engine_source_get_error (self->source)->message, "not-for-the-log"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_assert_cmpint (argc, ==, 3);
  python = argv[1];
  rtsp_server_path = argv[2];
  ADD ("/engine/network/rtsp", test_rtsp);
  ADD ("/engine/network/rtsp-wrong-password", test_wrong_password);
  ADD ("/engine/network/hls", test_hls);
  ADD ("/engine/network/http-not-found", test_http_not_found);
  return g_test_run ();
}
