/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-program-private.h"
#include "engine-source-private.h"
#include "engine-testing-painter.h"
#include "engine-testing-vp8.h"
#include "engine-testing.h"

#include <gst/app/app.h>

#define WIDTH        1280
#define HEIGHT       720
#define RATE         30
#define FRAME_NS     ((gint64) GST_SECOND / RATE)
#define MS           ((gint64) GST_MSECOND)

#define PROGRAM_GREY 60
#define CAMERA_GREY  150

static const EngineFormat format = { WIDTH, HEIGHT, RATE, 500000, 64000 };

typedef struct {
  GMutex lock;
  GPtrArray *frames; /* of GstBuffer */
  gboolean removed;  /* must not be called any more */
  guint wanted;
  EngineReturnViewer *viewer;
} Watcher;

typedef struct {
  EngineProgram *program;
  EngineReturn *guests_return;
  EngineSource *source;
  EngineSource *camera;
  EngineTestingPainter painter;
  EngineTestingPainter camera_painter;
  Watcher watchers[2];
} Fixture;

/* What was really shown, by the number of the frame: on a busy machine that may be an older picture. */
#define N_SHOWN 4096
static gint program_greys[N_SHOWN]; /* atomic */
static gint camera_greys[N_SHOWN];  /* atomic */

static guint
get_number (gint64 time_ns)
{
  return (guint) ((time_ns + FRAME_NS / 2) / FRAME_NS % N_SHOWN);
}

static gint
get_middle (GstBuffer *buffer, int width, int height)
{
  guint8 luma = 0;

  gst_buffer_extract (buffer, (gsize) (height / 2) * (gsize) width + (gsize) width / 2, &luma, 1);
  return luma;
}

/* The mixer's thread. */
static void
shown_cb (GstBuffer *buffer, gpointer user_data)
{
  Fixture *self = user_data;
  const gint64 time_ns = (gint64) GST_BUFFER_PTS (buffer);
  g_autoptr (EnginePicture) camera =
    engine_slot_peek_picture (_engine_source_get_slot (self->camera), time_ns);

  g_atomic_int_set (&program_greys[get_number (time_ns)], get_middle (buffer, WIDTH, HEIGHT));
  if (camera != NULL)
    g_atomic_int_set (&camera_greys[get_number (time_ns)],
                      get_middle (camera->buffer, GST_VIDEO_INFO_WIDTH (&camera->info),
                                  GST_VIDEO_INFO_HEIGHT (&camera->info)));
}

static EngineSource *
add_source (Fixture *self, const char *id)
{
  const EngineSourceConfig config = {
    .id = id, .title = id, .kind = ENGINE_SOURCE_REMOTE, .delay_ms = -1
  };

  return engine_program_add_source (self->program, &config);
}

static void
set_up (Fixture *self, gconstpointer noise)
{
  EngineSceneSpec spec = { .layout = ENGINE_LAYOUT_FULL, .n_sources = 1 };
  g_autoptr (EngineScene) scene = NULL;

  g_atomic_int_set (&engine_testing_vp8_fails, 0);
  g_atomic_int_set (&engine_testing_vp8_sleeps, 0);
  g_atomic_int_set (&engine_testing_vp8_swallows, FALSE);
  self->program = engine_program_new (&format);
  self->guests_return = engine_program_get_return (self->program);
  self->source = add_source (self, "source");
  self->camera = add_source (self, "camera");
  spec.sources = &self->source;
  scene = engine_program_make_scene (self->program, &spec);
  engine_program_take (self->program, scene, ENGINE_TRANSITION_CUT, 0);
  engine_video_mixer_set_clean_consumer (self->program->video, shown_cb, self);
  engine_program_start (self->program);
  engine_testing_start_painter (&self->painter, self->program, self->source, WIDTH, HEIGHT,
                                PROGRAM_GREY, GPOINTER_TO_INT (noise));
  for (guint i = 0; i < G_N_ELEMENTS (self->watchers); i++) {
    g_mutex_init (&self->watchers[i].lock);
    self->watchers[i].frames = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  }
}

static void
unwatch (Fixture *self, Watcher *watcher)
{
  if (watcher->viewer == NULL)
    return;
  engine_return_remove_viewer (self->guests_return, g_steal_pointer (&watcher->viewer));
  g_mutex_lock (&watcher->lock);
  watcher->removed = TRUE;
  g_mutex_unlock (&watcher->lock);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->watchers); i++)
    unwatch (self, &self->watchers[i]);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 0);
  engine_testing_stop_painter (&self->painter);
  engine_testing_stop_painter (&self->camera_painter);
  /* Whatever the encoders did: the program has all its frames. */
  g_assert_cmpuint (engine_program_get_stats (self->program).n_dropped, ==, 0);
  engine_program_stop (self->program);
  engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->program);
  for (guint i = 0; i < G_N_ELEMENTS (self->watchers); i++) {
    g_ptr_array_unref (self->watchers[i].frames);
    g_mutex_clear (&self->watchers[i].lock);
  }
}

static void
watch_cb (GstBuffer *frame, gpointer user_data)
{
  Watcher *self = user_data;

  g_mutex_lock (&self->lock);
  g_assert_false (self->removed);
  g_ptr_array_add (self->frames, gst_buffer_ref (frame));
  g_mutex_unlock (&self->lock);
}

static void
watch (Fixture *self, guint nth, int bps)
{
  Watcher *watcher = &self->watchers[nth];

  watcher->removed = FALSE;
  watcher->viewer = engine_return_add_viewer (self->guests_return, watch_cb, watcher);
  engine_return_viewer_set_bps (watcher->viewer, bps);
}

static gboolean
has_enough (gpointer data)
{
  Watcher *self = data;

  g_mutex_lock (&self->lock);
  const gboolean enough = self->frames->len >= self->wanted;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* Waits for so many frames more. Returns the number of the first of them. */
static guint
wait_for (Watcher *self, guint n)
{
  g_mutex_lock (&self->lock);
  const guint first = self->frames->len;
  self->wanted = first + n;
  g_mutex_unlock (&self->lock);
  g_assert_true (engine_testing_wait (has_enough, self, 15000));
  return first;
}

static GstBuffer *
nth_frame (Watcher *self, guint n)
{
  GstBuffer *frame = NULL;

  g_mutex_lock (&self->lock);
  g_assert_cmpuint (n, <, self->frames->len);
  frame = self->frames->pdata[n];
  g_mutex_unlock (&self->lock);
  return frame;
}

static gboolean
is_key (GstBuffer *frame)
{
  return !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* As a keyframe itself says. */
static EngineSize
get_size (GstBuffer *frame)
{
  guint8 header[10] = { 0 };

  g_assert_cmpuint (gst_buffer_extract (frame, 0, header, sizeof header), ==, sizeof header);
  g_assert_cmpint (header[0] & 1, ==, 0);
  return (EngineSize){ GST_READ_UINT16_LE (header + 6) & 0x3fff,
                       GST_READ_UINT16_LE (header + 8) & 0x3fff };
}

static gboolean
newest_key_has_height (Watcher *self, int height)
{
  gboolean has = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->frames->len; i++) {
    if (is_key (self->frames->pdata[i]))
      has = get_size (self->frames->pdata[i]).height_px == height;
  }
  g_mutex_unlock (&self->lock);
  return has;
}

typedef struct {
  Watcher *watcher;
  int height;
} HeightWish;

static gboolean
has_height (gpointer data)
{
  HeightWish *wish = data;

  return newest_key_has_height (wish->watcher, wish->height);
}

static void
wait_for_height (Watcher *self, int height)
{
  HeightWish wish = { self, height };
  EngineSize size;

  g_assert_true (engine_testing_wait (has_height, &wish, 10000));
  engine_return_viewer_get_size (self->viewer, &size);
  g_assert_cmpint (size.height_px, ==, height);
  g_assert_cmpint (size.width_px, ==, height * 16 / 9);
}

static guint8
get_luma (GstSample *sample, const GstVideoInfo *info, int x, int y)
{
  guint8 luma = 0;

  gst_buffer_extract (gst_sample_get_buffer (sample),
                      GST_VIDEO_INFO_PLANE_OFFSET (info, 0) +
                        (gsize) y * (gsize) GST_VIDEO_INFO_PLANE_STRIDE (info, 0) + (gsize) x,
                      &luma, 1);
  return luma;
}

static void
check_frame (GstBuffer *frame, GstSample *sample, EngineSize size, gboolean is_camera)
{
  const guint number = get_number ((gint64) GST_BUFFER_PTS (frame));
  const int grey = g_atomic_int_get (is_camera ? &camera_greys[number] : &program_greys[number]);
  GstVideoInfo info;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&info), ==, size.width_px);
  g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&info), ==, size.height_px);
  g_assert_cmpint (ABS (get_luma (sample, &info, size.width_px / 2, size.height_px / 2) - grey), <=,
                   6);
  /* The camera's picture is less wide, and black is beside it. */
  if (is_camera)
    g_assert_cmpint (get_luma (sample, &info, 4, size.height_px / 2), <, 24);
}

/* Feeds all that came to a decoder: every frame is decoded, in the size of its keyframe, and shows what
 * the program did, which rises. From frame @n_program on it is the camera's. */
static void
check_decodes_both (Watcher *self, guint n_program)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch (
    "appsrc name=in format=time caps=video/x-vp8 ! vp8dec ! appsink name=out sync=false", NULL);
  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  EngineSize size = { 0 };
  gint64 before_ns = -1;

  g_assert_cmpuint (self->frames->len, >, 0);
  g_object_set (in, "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < self->frames->len; i++)
    gst_app_src_push_buffer (GST_APP_SRC (in), gst_buffer_ref (self->frames->pdata[i]));
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  for (guint i = 0; i < self->frames->len; i++) {
    g_autoptr (GstSample) sample = gst_app_sink_pull_sample (GST_APP_SINK (out));
    GstBuffer *frame = self->frames->pdata[i];

    g_assert_nonnull (sample);
    g_assert_true ((i > 0 && i != n_program) || is_key (frame));
    if (is_key (frame))
      size = get_size (frame);
    check_frame (frame, sample, size, i >= n_program);
    g_assert_cmpint ((gint64) GST_BUFFER_PTS (frame), >, before_ns);
    before_ns = (gint64) GST_BUFFER_PTS (frame);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* For who does not watch any more. */
static void
check_decodes (Watcher *self)
{
  check_decodes_both (self, G_MAXUINT);
}

/* Up and down by what the line can take: always with a keyframe, never a broken picture. */
static void
test_steps (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];

  watch (self, 0, 1200000);
  wait_for_height (watcher, 540);
  wait_for (watcher, 20);
  engine_return_viewer_set_bps (watcher->viewer, 690000);
  wait_for_height (watcher, 360);
  /* There is nothing to spare: it stays. */
  engine_return_viewer_set_bps (watcher->viewer, 750000);
  wait_for (watcher, 20);
  g_assert_true (newest_key_has_height (watcher, 360));
  engine_return_viewer_set_bps (watcher->viewer, 60000);
  wait_for_height (watcher, 180);
  const guint first = wait_for (watcher, 20);
  /* At half the rate. */
  g_assert_cmpint ((gint64) (GST_BUFFER_PTS (nth_frame (watcher, first + 19)) -
                             GST_BUFFER_PTS (nth_frame (watcher, first + 9))),
                   >=, 20 * FRAME_NS - 10);
  engine_return_viewer_set_bps (watcher->viewer, 1500000);
  wait_for_height (watcher, 540);
  wait_for (watcher, 10);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 1);
  unwatch (self, watcher);
  check_decodes (watcher);
}

/* Hurried from one to the next before anything began. */
static void
test_hurried (Fixture *self, gconstpointer data)
{
  static const int wishes[] = { 1500000, 200000, 500000, 100, 900000 };
  Watcher *watcher = &self->watchers[0];

  watch (self, 0, 600000);
  for (guint i = 0; i < 60; i++) {
    engine_return_viewer_set_bps (watcher->viewer, wishes[i % G_N_ELEMENTS (wishes)]);
    engine_testing_run_for (i * 7 % 90);
  }
  engine_return_viewer_set_bps (watcher->viewer, 200000);
  wait_for_height (watcher, 180);
  wait_for (watcher, 10);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 1);
  unwatch (self, watcher);
  check_decodes (watcher);
}

static double
measure_bps (Watcher *self, guint n)
{
  const guint first = wait_for (self, n);
  gsize size = 0;

  for (guint i = first; i < first + n; i++)
    size += gst_buffer_get_size (nth_frame (self, i));
  return (double) size * 8 * (double) GST_SECOND /
         (double) (GST_BUFFER_PTS (nth_frame (self, first + n - 1)) -
                   GST_BUFFER_PTS (nth_frame (self, first)));
}

/* No more than the slowest of those can take who watch the same. */
static void
test_rate (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  double bps = 0;

  watch (self, 0, 650000);
  wait_for (watcher, 60);
  bps = measure_bps (watcher, 90);
  g_assert_cmpfloat (bps, <, 650000 * 1.15);
  g_assert_cmpfloat (bps, >, 650000 * 0.7);
  watch (self, 1, 320000);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 1);
  wait_for (watcher, 60);
  bps = measure_bps (watcher, 90);
  g_assert_cmpfloat (bps, <, 320000 * 1.15);
  g_assert_cmpfloat (bps, >, 320000 * 0.7);
  /* Both get the very same. */
  g_assert_true (is_key (nth_frame (&self->watchers[1], 0)));
  g_assert_true (gst_buffer_peek_memory (nth_frame (&self->watchers[1], 0), 0) ==
                 gst_buffer_peek_memory (
                   nth_frame (watcher, watcher->frames->len - self->watchers[1].frames->len), 0));
  unwatch (self, &self->watchers[1]);
  wait_for (watcher, 60);
  g_assert_cmpfloat (measure_bps (watcher, 90), >, 650000 * 0.7);
}

/* On demand, but not as often as somebody might like. */
static void
test_keyframes (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  guint n_keys = 0, first = 0;

  watch (self, 0, 600000);
  wait_for_height (watcher, 360);
  first = wait_for (watcher, 60);
  for (guint i = first; i < first + 60; i++)
    n_keys += is_key (nth_frame (watcher, i));
  g_assert_cmpuint (n_keys, ==, 0);
  first = watcher->frames->len;
  for (guint i = 0; i < 60; i++) {
    engine_return_viewer_request_keyframe (watcher->viewer);
    engine_testing_run_for (50);
  }
  n_keys = 0;
  for (guint i = first; i < watcher->frames->len; i++)
    n_keys += is_key (nth_frame (watcher, i));
  g_assert_cmpuint (n_keys, >=, 2);
  g_assert_cmpuint (n_keys, <=, 4);
  unwatch (self, watcher);
  check_decodes (watcher);
}

/* Nobody watches: nothing is encoded. Forty come and go, and are not called afterwards. */
static void
test_comes_and_goes (Fixture *self, gconstpointer data)
{
  const gint before = g_atomic_int_get (&engine_testing_vp8_made);

  engine_testing_run_for (300);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&engine_testing_vp8_made), ==, before);
  for (guint i = 0; i < 40; i++) {
    watch (self, i % 2, i % 3 == 0 ? 200000 : 500000);
    engine_testing_run_for (i * 11 % 120);
    if (i % 2 == 1) {
      unwatch (self, &self->watchers[0]);
      unwatch (self, &self->watchers[1]);
      g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 0);
    }
  }
  g_assert_cmpint (g_atomic_int_get (&engine_testing_vp8_made), >=, before + 20);
  engine_testing_run_for (100);
}

/* The camera in the room instead of the program, whatever its shape, and back. */
static void
test_room (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  guint n_program = 0;

  engine_testing_start_painter (&self->camera_painter, self->program, self->camera, 640, 480,
                                CAMERA_GREY, 0);
  watch (self, 0, 500000);
  wait_for (watcher, 15);
  engine_return_viewer_set_source (watcher->viewer, self->camera);
  /* The program goes on until the camera begins: a keyframe that nobody has asked for in another way. */
  n_program = wait_for (watcher, 1);
  while (!is_key (nth_frame (watcher, n_program)))
    n_program = wait_for (watcher, 1);
  wait_for (watcher, 20);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 1);
  unwatch (self, watcher);
  check_decodes_both (watcher, n_program);

  g_ptr_array_set_size (watcher->frames, 0);
  watch (self, 0, 500000);
  engine_return_viewer_set_source (watcher->viewer, self->camera);
  wait_for (watcher, 10);
  engine_return_viewer_set_source (watcher->viewer, NULL);
  engine_return_viewer_set_source (watcher->viewer, self->camera);
  engine_return_viewer_set_source (watcher->viewer, NULL);
  wait_for (watcher, 30);
  g_assert_cmpuint (engine_return_get_n_encodes (self->guests_return), ==, 1);
  unwatch (self, watcher);
}

/* An encoder that breaks is replaced, again and again; the picture goes on with a keyframe. */
static void
test_broken (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];

  watch (self, 0, 500000);
  wait_for (watcher, 10);
  for (guint i = 0; i < 3; i++) {
    const gint before = g_atomic_int_get (&engine_testing_vp8_made);
    guint n_keys = 0, first = 0;

    g_atomic_int_set (&engine_testing_vp8_fails, 1);
    first = wait_for (watcher, 40);
    g_assert_cmpint (g_atomic_int_get (&engine_testing_vp8_made), >, before);
    for (guint n = first; n < first + 40; n++)
      n_keys += is_key (nth_frame (watcher, n));
    g_assert_cmpuint (n_keys, >=, 1);
  }
  unwatch (self, watcher);
  check_decodes (watcher);
}

/* One that takes and gives nothing, too. */
static void
test_silent (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  const gint before = g_atomic_int_get (&engine_testing_vp8_made) + 1;

  watch (self, 0, 500000);
  wait_for (watcher, 10);
  g_atomic_int_set (&engine_testing_vp8_swallows, TRUE);
  for (guint i = 0; i < 100 && g_atomic_int_get (&engine_testing_vp8_made) <= before; i++)
    engine_testing_run_for (100);
  g_assert_cmpint (g_atomic_int_get (&engine_testing_vp8_made), >, before);
  g_atomic_int_set (&engine_testing_vp8_swallows, FALSE);
  wait_for (watcher, 20);
}

/* Too slow: frames are left out, the newest are shown, and the program has all of its own. */
static void
test_slow (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  gint64 late_ns = 0;
  guint first = 0;

  g_atomic_int_set (&engine_testing_vp8_sleeps, 120);
  watch (self, 0, 500000);
  wait_for (watcher, 5);
  first = wait_for (watcher, 10);
  late_ns = (gint64) engine_program_get_running_ms (self->program) * MS -
            (gint64) GST_BUFFER_PTS (nth_frame (watcher, first + 9));
  g_assert_cmpint (late_ns, <, 1500 * MS);
  g_assert_cmpint ((gint64) (GST_BUFFER_PTS (nth_frame (watcher, first + 9)) -
                             GST_BUFFER_PTS (nth_frame (watcher, first))),
                   >=, 9 * 100 * MS);
  unwatch (self, watcher);
  check_decodes (watcher);
}

/* What hides a pause is for the audience: guests see the program. */
static void
test_pause (Fixture *self, gconstpointer data)
{
  Watcher *watcher = &self->watchers[0];
  EngineSceneSpec spec = { .layout = ENGINE_LAYOUT_PAUSE };
  g_autoptr (EngineScene) scene = engine_program_make_scene (self->program, &spec);

  engine_program_pause (self->program, scene);
  watch (self, 0, 500000);
  wait_for (watcher, 20);
  unwatch (self, watcher);
  engine_program_resume (self->program);
  check_decodes (watcher);
}

#define ADD(path, noise, func) \
  g_test_add ("/engine/return/" path, Fixture, GINT_TO_POINTER (noise), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  engine_testing_spoil_vp8 ();
  ADD ("steps", 0, test_steps);
  ADD ("hurried", 0, test_hurried);
  ADD ("rate", 12, test_rate);
  ADD ("keyframes", 0, test_keyframes);
  ADD ("comes-and-goes", 0, test_comes_and_goes);
  ADD ("room", 0, test_room);
  ADD ("broken", 0, test_broken);
  ADD ("silent", 0, test_silent);
  ADD ("slow", 0, test_slow);
  ADD ("pause", 0, test_pause);
  return g_test_run ();
}
