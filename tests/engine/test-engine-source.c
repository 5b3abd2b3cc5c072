/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

/* A film of two seconds with sound, made once. */
static char *film_folder;
static char *film_path;

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
  char *folder;
  EngineSourceState wanted;
  guint n_arrivals;
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
  _engine_source_stop (self->source);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
  engine_testing_remove_folder (self->folder);
}

static void
make_uri (Fixture *self, const char *path, gboolean loop)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const EngineSourceConfig config = { .id = "film",
                                      .title = "Film",
                                      .kind = ENGINE_SOURCE_URI,
                                      .uri = uri,
                                      .loop = loop,
                                      .delay_ms = -1,
                                      .lost_sentence = "Signal lost" };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
}

static char *
write_file (Fixture *self, const char *name, const char *contents, gssize size)
{
  char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, size, NULL));
  return path;
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_state (self->source) == self->wanted;
}

static gboolean
wait_for_state (Fixture *self, EngineSourceState state, guint timeout_ms)
{
  self->wanted = state;
  return engine_testing_wait (is_in_state, self, timeout_ms);
}

static gboolean
has_both (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_has_picture (self->source) && engine_source_get_has_sound (self->source);
}

static gboolean
is_in_trouble (gpointer data)
{
  const EngineSourceState state = engine_source_get_state (((Fixture *) data)->source);

  return state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED;
}

/* What comes of a file that cannot be played: the state and the error's code, and that it is tried again. */
static void
check_bad_file (Fixture *self, const char *path, EngineSourceState state, EngineError code)
{
  make_uri (self, path, FALSE);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, state, 10000));
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR, (int) code);
  g_assert_cmpuint (strlen (engine_source_get_error (self->source)->message), >, 5);
  engine_testing_run_for (1200);
  g_assert_cmpint (engine_source_get_state (self->source), ==, state);
}

/* It is mended, and comes by itself. */
static void
check_mended (Fixture *self, const char *path)
{
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (film_path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 18000));
  g_assert_no_error (engine_source_get_error (self->source));
}

static void
test_film (Fixture *self, gconstpointer data)
{
  g_autoptr (EnginePicture) picture = NULL;

  make_uri (self, film_path, FALSE);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  _engine_source_start (self->source);
  _engine_source_start (self->source);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_STARTING);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
  g_assert_true (engine_testing_wait (has_both, self, 5000));
  g_assert_cmpstr (engine_source_get_description (self->source), ==, "160×90 30 fps");
  /* Its end is not a loss: the last picture stays. */
  engine_testing_run_for (5000);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  picture = engine_slot_pull_picture (_engine_source_get_slot (self->source),
                                      engine_clock_get_now (self->clock));
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==, 160);
}

/* Longer than the film: what comes is always new. */
static void
test_loop (Fixture *self, gconstpointer data)
{
  gint64 before_ns = -1;

  make_uri (self, film_path, TRUE);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
  for (guint i = 0; i < 10; i++) {
    g_autoptr (EnginePicture) picture = NULL;

    engine_testing_run_for (500);
    picture = engine_slot_pull_picture (_engine_source_get_slot (self->source),
                                        engine_clock_get_now (self->clock));
    g_assert_nonnull (picture);
    g_assert_cmpint (picture->time_ns, >, before_ns);
    before_ns = picture->time_ns;
  }
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "later.mp4", NULL);

  check_bad_file (self, path, ENGINE_SOURCE_STATE_LOST, ENGINE_ERROR_NOT_FOUND);
  check_mended (self, path);
}

static void
test_text (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "text.mp4", "This is no film.\nNot at all.\n", -1);

  check_bad_file (self, path, ENGINE_SOURCE_STATE_FAILED, ENGINE_ERROR_UNSUPPORTED);
  check_mended (self, path);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "empty.mp4", "", 0);

  check_bad_file (self, path, ENGINE_SOURCE_STATE_FAILED, ENGINE_ERROR_UNSUPPORTED);
  check_mended (self, path);
}

/* Cut off in the middle of its first box but one: it may be lost or failed, but never live or stuck. */
static void
test_truncated (Fixture *self, gconstpointer data)
{
  g_autofree char *contents = NULL;
  g_autofree char *path = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (film_path, &contents, &length, NULL));
  path = write_file (self, "cut.mp4", contents, 200);
  make_uri (self, path, FALSE);
  _engine_source_start (self->source);
  /* Now and then decodebin keeps the demuxer's error to itself: then the silence is noticed. */
  g_assert_true (engine_testing_wait (is_in_trouble, self, 4000));
  g_assert_nonnull (engine_source_get_error (self->source));
  check_mended (self, path);
}

static void
test_folder (Fixture *self, gconstpointer data)
{
  make_uri (self, self->folder, FALSE);
  _engine_source_start (self->source);
  engine_testing_run_for (1500);
  g_assert_true (engine_source_get_state (self->source) == ENGINE_SOURCE_STATE_LOST ||
                 engine_source_get_state (self->source) == ENGINE_SOURCE_STATE_FAILED);
  g_assert_nonnull (engine_source_get_error (self->source));
}

static void
test_unreachable (Fixture *self, gconstpointer data)
{
  g_autofree char *uri =
    g_strdup_printf ("rtsp://127.0.0.1:%u/x", engine_testing_find_closed_port ());
  const EngineSourceConfig config = {
    .id = "net", .title = "Net", .kind = ENGINE_SOURCE_URI, .uri = uri, .delay_ms = -1
  };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST, 15000));
  g_assert_nonnull (engine_source_get_error (self->source));
}

/* It waits to be called, says so, and is there when somebody calls; and again the next time. */
static void
test_listener (Fixture *self, gconstpointer data)
{
  const guint port = engine_testing_find_closed_port ();
  g_autofree char *uri =
    g_strdup_printf ("srt://:%u?mode=listener&passphrase=not-for-the-log", port);
  g_autofree char *target =
    g_strdup_printf ("srt://127.0.0.1:%u?mode=caller&passphrase=not-for-the-log", port);
  const char *const command[] = { "ffmpeg", "-loglevel", "error", "-nostdin", "-re",
                                  "-i",     film_path,   "-c",    "copy",     "-f",
                                  "mpegts", target,      NULL };
  const EngineSourceConfig config = {
    .id = "net", .title = "Net", .kind = ENGINE_SOURCE_URI, .uri = uri, .delay_ms = -1
  };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST, 5000));
  g_assert_nonnull (strstr (engine_source_get_error (self->source)->message, "called in"));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GSubprocess) caller =
      g_subprocess_newv (command, G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);

    g_assert_nonnull (caller);
    g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 15000));
    g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST, 15000));
    g_assert_null (strstr (engine_source_get_error (self->source)->message, "not-for-the-log"));
    g_subprocess_wait (caller, NULL, NULL);
  }
}

static void
test_stop_while_starting (Fixture *self, gconstpointer data)
{
  make_uri (self, film_path, TRUE);
  for (guint i = 0; i < 20; i++) {
    _engine_source_start (self->source);
    engine_testing_run_for (i * 10);
    _engine_source_stop (self->source);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  }
  engine_testing_run_for (300);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
}

static void
test_drawn (Fixture *self, gconstpointer data)
{
  const EngineSourceConfig config = { .id = "drawn",
                                      .title = "Drawn",
                                      .kind = ENGINE_SOURCE_DRAWN,
                                      .drawing = ENGINE_DRAWING_SPEAKER,
                                      .delay_ms = -1 };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
  g_assert_true (engine_testing_wait (has_both, self, 5000));
}

static void
check_still (Fixture *self, const char *path, EngineSourceState state)
{
  const EngineSourceConfig config = {
    .id = "still", .title = "Still", .kind = ENGINE_SOURCE_STILL, .picture = path, .delay_ms = -1
  };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, state, 10000));
}

static void
test_still (Fixture *self, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 33, 17);
  g_autofree char *path = g_build_filename (self->folder, "still.png", NULL);

  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  check_still (self, path, ENGINE_SOURCE_STATE_LIVE);
}

static void
test_bad_still (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_file (self, "still.png", "no picture", -1);

  check_still (self, path, ENGINE_SOURCE_STATE_FAILED);
  g_assert_nonnull (engine_source_get_error (self->source));
}

/* A microphone that is not there is said, and a camera that is not there is lost. */
static void
test_no_camera (Fixture *self, gconstpointer data)
{
  const EngineSourceConfig config = { .id = "camera",
                                      .title = "Camera",
                                      .kind = ENGINE_SOURCE_CAMERA,
                                      .device = "no-such-camera",
                                      .sound = "none",
                                      .delay_ms = -1 };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LOST, 10000));
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (engine_source_get_error (self->source)->message, "no-such-camera"));
}

static void
count_cb (gpointer object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_sound_properties (Fixture *self, gconstpointer data)
{
  guint n = 0;

  make_uri (self, film_path, FALSE);
  g_signal_connect (self->source, "notify::volume-db", G_CALLBACK (count_cb), &n);
  g_signal_connect (self->source, "notify::muted", G_CALLBACK (count_cb), &n);
  engine_source_set_volume_db (self->source, 500);
  g_assert_cmpfloat (engine_source_get_volume_db (self->source), ==, 12);
  engine_source_set_volume_db (self->source, -500);
  g_assert_cmpfloat (engine_source_get_volume_db (self->source), ==, -60);
  engine_source_set_volume_db (self->source, -60);
  g_assert_cmpuint (n, ==, 2);
  engine_source_set_muted (self->source, TRUE);
  engine_source_set_muted (self->source, 5);
  g_assert_true (engine_source_get_muted (self->source));
  g_assert_cmpuint (n, ==, 3);
}

/* What runs is opened anew; what does not is left alone. */
static void
test_restart (Fixture *self, gconstpointer data)
{
  make_uri (self, film_path, TRUE);
  engine_source_restart (self->source);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
  _engine_source_start (self->source);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
  engine_source_restart (self->source);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_STARTING);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE, 10000));
}

static void
make_film (void)
{
  film_folder = engine_testing_make_folder ();
  film_path = g_build_filename (film_folder, "film.mp4", NULL);
  engine_testing_make_film (film_path);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  make_film ();
  ADD ("/engine/source/film-plays-and-stays", test_film);
  ADD ("/engine/source/film-loops", test_loop);
  ADD ("/engine/source/missing-file-comes-later", test_missing);
  ADD ("/engine/source/text-is-no-film", test_text);
  ADD ("/engine/source/empty-file", test_empty);
  ADD ("/engine/source/truncated-file", test_truncated);
  ADD ("/engine/source/folder-is-no-film", test_folder);
  ADD ("/engine/source/unreachable-server", test_unreachable);
  ADD ("/engine/source/listener-is-called-twice", test_listener);
  ADD ("/engine/source/stop-while-starting", test_stop_while_starting);
  ADD ("/engine/source/drawn-has-picture-and-sound", test_drawn);
  ADD ("/engine/source/still", test_still);
  ADD ("/engine/source/still-that-is-none", test_bad_still);
  ADD ("/engine/source/camera-that-is-not-there", test_no_camera);
  ADD ("/engine/source/volume-and-mute", test_sound_properties);
  ADD ("/engine/source/restarts", test_restart);
  result = g_test_run ();
  g_free (film_path);
  engine_testing_remove_folder (film_folder);
  return result;
}
