/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-encoder.h"
#include "engine-pipeline.h"
#include "engine-testing-encoders.h"
#include "engine-testing.h"

#include <errno.h>
#include <gst/app/app.h>
#include <stdlib.h>
#include <sys/resource.h>

#define WIDTH  320
#define HEIGHT 180
#define RATE   30
#define BPS    1000000

/* How far two times may be off that are the same, but for rounding. */
#define SAME_NS ((gint64) (50 * GST_USECOND))

static const EngineFormat format = { WIDTH, HEIGHT, RATE, BPS, 64000 };

typedef struct {
  EngineClock *clock;
  EngineFeed *feed;
  EngineEncoder *encoder;
  GstVideoInfo info;
  guint push_id;
  gint64 n_pushed; /* frames */
  guint n_dropped;
  guint n_failures;
  char *failed_factory;

  GPtrArray *pictures; /* of GstBuffer; filled by the encoder's thread, under the feed's lock */
  GstCaps *caps;       /* of the newest */
  guint n_caps;        /* how often they have changed */
  gint n_pictures;     /* atomic */
  guint listener_id;
  gint wanted;
} Fixture;

static void
picture_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  Fixture *self = user_data;

  if (media != ENGINE_MEDIA_VIDEO)
    return;
  if (self->caps == NULL || !gst_caps_is_equal (self->caps, caps))
    self->n_caps++;
  gst_caps_replace (&self->caps, caps);
  g_ptr_array_add (self->pictures, gst_buffer_ref (buffer));
  g_atomic_int_inc (&self->n_pictures);
}

/* A bar that wanders over the picture. */
static GstBuffer *
make_frame (gint64 n)
{
  const gsize size = WIDTH * HEIGHT * 3 / 2;
  guint8 *pixels = g_malloc (size);

  memset (pixels, 128, size);
  for (int y = 0; y < HEIGHT; y++) {
    memset (pixels + y * WIDTH, 60, WIDTH);
    memset (pixels + y * WIDTH + n * 4 % (WIDTH - 40), 200, 40);
  }
  GstBuffer *frame = gst_buffer_new_wrapped (pixels, size);
  GST_BUFFER_PTS (frame) = gst_util_uint64_scale ((guint64) n, GST_SECOND, RATE);
  GST_BUFFER_DURATION (frame) = GST_SECOND / RATE;
  return frame;
}

static gboolean
push_cb (gpointer data)
{
  Fixture *self = data;
  static const float silence[2 * ENGINE_SAMPLE_RATE_HZ / RATE];
  const gint64 now = engine_clock_get_now (self->clock) * RATE / (gint64) GST_SECOND;

  for (; self->n_pushed < now; self->n_pushed++) {
    g_autoptr (GstBuffer) frame = make_frame (self->n_pushed);

    engine_encoder_push_sound (self->encoder, silence, ENGINE_SAMPLE_RATE_HZ / RATE,
                               (gint64) GST_BUFFER_PTS (frame));
    if (!engine_encoder_push_frame (self->encoder, frame))
      self->n_dropped++;
  }
  return G_SOURCE_CONTINUE;
}

static void
failed_cb (EngineEncoder *encoder, const GError *error, const char *factory, Fixture *self)
{
  g_test_message ("%s: %s", factory, error->message);
  self->n_failures++;
  g_free (self->failed_factory);
  self->failed_factory = g_strdup (factory);
}

static guint
find_codec (const char *factory)
{
  for (guint i = 0; i < engine_codecs_get_n (); i++) {
    if (g_str_equal (engine_codecs_get (i)->factory, factory))
      return i;
  }
  g_assert_not_reached ();
}

static void
set_up (Fixture *self, gconstpointer data)
{
  EngineChoice choice = { find_codec (data), engine_codecs_get (find_codec (data))->usual_preset };

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  self->info.fps_n = RATE;
  self->info.fps_d = 1;
  self->clock = engine_clock_new ();
  self->feed = engine_feed_new ();
  self->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  self->listener_id = engine_feed_add_listener (self->feed, picture_cb, self);
  self->encoder = engine_encoder_new (self->clock, self->feed, &format, &self->info);
  engine_encoder_set_choice (self->encoder, &choice);
  g_signal_connect (self->encoder, "failed", G_CALLBACK (failed_cb), self);
  self->push_id = g_timeout_add (5, push_cb, self);
}

/* The feed is filled no more. */
static void
stop (Fixture *self)
{
  g_clear_handle_id (&self->push_id, g_source_remove);
  engine_encoder_stop (self->encoder);
  engine_pipeline_wait_for_stopped (15 * G_USEC_PER_SEC);
  engine_feed_remove_listener (self->feed, self->listener_id);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_testing_assert_finalizes (self->encoder);
  engine_testing_assert_finalizes (self->feed);
  engine_testing_assert_finalizes (self->clock);
  g_ptr_array_unref (self->pictures);
  gst_clear_caps (&self->caps);
  g_free (self->failed_factory);
}

static gboolean
has_pictures (gpointer data)
{
  Fixture *self = data;

  return g_atomic_int_get (&self->n_pictures) >= self->wanted;
}

static void
wait_for_pictures (Fixture *self, int n)
{
  self->wanted = g_atomic_int_get (&self->n_pictures) + n;
  g_assert_true (engine_testing_wait (has_pictures, self, 20000));
}

static void
start (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (engine_encoder_start (self->encoder, &error));
  g_assert_no_error (error);
  wait_for_pictures (self, 1);
}

static void
assert_gapless (Fixture *self, guint from)
{
  for (guint i = from + 1; i < self->pictures->len; i++) {
    const gint64 step = (gint64) (GST_BUFFER_PTS ((GstBuffer *) self->pictures->pdata[i]) -
                                  GST_BUFFER_PTS ((GstBuffer *) self->pictures->pdata[i - 1]));

    g_assert_cmpint (ABS (step - (gint64) (GST_SECOND / RATE)), <, SAME_NS);
  }
}

/* Each picture from @from on is seen, with its bar where it belongs. */
static void
assert_seen (Fixture *self, guint from)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline =
    gst_parse_launch ("appsrc name=source format=time ! avdec_h264 ! appsink name=sink sync=false",
                      &error);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstSample *sample = NULL;
  guint n = 0;

  g_object_set (source, "caps", self->caps, "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = from; i < self->pictures->len; i++)
    gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_ref (self->pictures->pdata[i]));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL) {
    GstBuffer *picture = gst_sample_get_buffer (sample);
    const gint64 number =
      (gint64) gst_util_uint64_scale_round (GST_BUFFER_PTS (picture), RATE, GST_SECOND);
    GstMapInfo map;

    g_assert_true (gst_buffer_map (picture, &map, GST_MAP_READ));
    g_assert_cmpint (map.data[WIDTH * 90 + number * 4 % (WIDTH - 40) + 20], >, 150);
    gst_buffer_unmap (picture, &map);
    gst_sample_unref (sample);
    n++;
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (n, ==, self->pictures->len - from);
}

static double
measure_bps (Fixture *self, guint from, guint to)
{
  double bits = 0;

  for (guint i = from; i < to; i++)
    bits += 8.0 * (double) gst_buffer_get_size (self->pictures->pdata[i]);
  return bits * RATE / (to - from);
}

/* The rate is what was asked for, and follows within a second, down and up. */
static void
test_rate (Fixture *self, gconstpointer data)
{
  int changes[4] = { 0 };

  start (self);
  wait_for_pictures (self, 75);
  changes[0] = g_atomic_int_get (&self->n_pictures);
  engine_encoder_set_rates (self->encoder, BPS / 4, 64000);
  wait_for_pictures (self, 105);
  changes[1] = g_atomic_int_get (&self->n_pictures);
  engine_encoder_set_rates (self->encoder, 3 * BPS / 4, 64000);
  wait_for_pictures (self, 105);
  changes[2] = g_atomic_int_get (&self->n_pictures);
  stop (self);

  assert_gapless (self, 0);
  assert_seen (self, 0);
  g_assert_cmpuint (self->n_caps, ==, 1);
  g_assert_cmpfloat_with_epsilon (measure_bps (self, 15, (guint) changes[0]), BPS, 0.2 * BPS);
  g_assert_cmpfloat_with_epsilon (measure_bps (self, (guint) changes[0] + RATE, (guint) changes[1]),
                                  0.25 * BPS, 0.1 * BPS);
  g_assert_cmpfloat_with_epsilon (measure_bps (self, (guint) changes[1] + RATE, (guint) changes[2]),
                                  0.75 * BPS, 0.2 * BPS);
}

static gboolean
has_preset (gpointer data)
{
  Fixture *self = data;

  return self->n_caps > 0 && g_atomic_int_get (&self->wanted) == 0;
}

static void
choice_changed_cb (Fixture *self)
{
  g_atomic_int_set (&self->wanted, 0);
}

/* Another speed takes over without a gap, a picture that cannot be decoded, or another header. */
static void
test_preset (Fixture *self, gconstpointer data)
{
  const guint codec = engine_encoder_get_choice (self->encoder)->codec;

  g_signal_connect_swapped (self->encoder, "choice-changed", G_CALLBACK (choice_changed_cb), self);
  start (self);
  for (guint preset = 0; engine_codecs_get (codec)->presets[preset] != NULL; preset++) {
    if (preset == engine_codecs_get (codec)->usual_preset)
      continue;
    wait_for_pictures (self, 20);
    self->wanted = -1;
    engine_encoder_set_choice (self->encoder, &(EngineChoice){ codec, preset });
    /* One that comes while another is under way is not heard. */
    engine_encoder_set_choice (self->encoder, &(EngineChoice){ codec, 1 });
    g_assert_true (engine_testing_wait (has_preset, self, 10000));
    g_assert_cmpuint (engine_encoder_get_choice (self->encoder)->preset, ==, preset);
  }
  wait_for_pictures (self, 20);
  stop (self);

  g_assert_cmpuint (self->n_failures, ==, 0);
  g_assert_cmpuint (self->n_dropped, ==, 0);
  g_assert_cmpuint (self->n_caps, ==, 1);
  assert_gapless (self, 0);
  assert_seen (self, 0);
}

static guint
find_gap (Fixture *self, gint64 *gap_ns)
{
  for (guint i = 1; i < self->pictures->len; i++) {
    *gap_ns = (gint64) (GST_BUFFER_PTS ((GstBuffer *) self->pictures->pdata[i]) -
                        GST_BUFFER_PTS ((GstBuffer *) self->pictures->pdata[i - 1]));
    if (*gap_ns > (gint64) (1.5 * GST_SECOND / RATE))
      return i;
  }
  g_assert_not_reached ();
}

/* A chip that fails while it is needed is followed by software, from a keyframe on. */
static void
test_falls_back (Fixture *self, gconstpointer data)
{
  const gboolean hangs = g_str_equal (data, "vah264lpenc");
  gint64 gap_ns = 0;
  guint gap = 0;

  start (self);
  wait_for_pictures (self,
                     (hangs ? ENGINE_TESTING_HANGS_AFTER : ENGINE_TESTING_FAILS_AFTER) + 2 * RATE);
  g_assert_cmpuint (self->n_failures, ==, 1);
  g_assert_cmpstr (self->failed_factory, ==, data);
  g_assert_cmpstr (engine_codecs_get (engine_encoder_get_choice (self->encoder)->codec)->factory,
                   ==, "x264enc");
  stop (self);

  gap = find_gap (self, &gap_ns);
  g_test_message ("%.0f ms were lost", (double) gap_ns / GST_MSECOND);
  g_assert_cmpint (gap_ns, <, (hangs ? 5 : 1) * (gint64) GST_SECOND);
  assert_gapless (self, gap);
  assert_seen (self, gap);
}

/* Threads that run only when others leave them time. */
static guint
count_gentle (void)
{
  g_autoptr (GDir) threads = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name = NULL;
  guint n = 0;

  while ((name = g_dir_read_name (threads)) != NULL) {
    errno = 0;
    n += getpriority (PRIO_PROCESS, (id_t) atoi (name)) >= 15 && errno == 0;
  }
  return n;
}

static gboolean
is_nobody_gentle (gpointer data)
{
  return count_gentle () == 0;
}

/* One that is to leave time to others has threads of its own for that, which end with it. It begins at the
 * very picture that was asked for; of more than may wait it takes none, and keeps nobody waiting. */
static void
test_gently (Fixture *self, gconstpointer data)
{
  EngineChoice choice = *engine_encoder_get_choice (self->encoder);
  g_autoptr (GError) error = NULL;
  guint n_taken = 0;

  g_clear_handle_id (&self->push_id, g_source_remove);
  g_object_unref (self->encoder);
  self->encoder = engine_encoder_new (self->clock, self->feed, &format, &self->info);
  choice.gently = TRUE;
  engine_encoder_set_choice (self->encoder, &choice);
  g_assert_true (engine_encoder_start (self->encoder, &error));
  engine_encoder_begin_at (self->encoder, 10 * (gint64) GST_SECOND / RATE, 24);
  const gint64 start_us = g_get_monotonic_time ();
  for (gint64 n = 0; n < 500; n++) {
    g_autoptr (GstBuffer) frame = make_frame (n);

    if (engine_encoder_push_frame (self->encoder, frame) && n >= 10)
      n_taken++;
  }
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (n_taken, >=, 24);
  g_assert_cmpuint (n_taken, <, 490);
  /* The last ones come only with those after them. */
  self->wanted = (int) n_taken - 4;
  g_assert_true (engine_testing_wait (has_pictures, self, 20000));
  g_assert_cmpuint (count_gentle (), >, 0);
  stop (self);
  g_assert_true (engine_testing_wait (is_nobody_gentle, self, 5000));
  g_assert_cmpint (ABS ((gint64) GST_BUFFER_PTS ((GstBuffer *) self->pictures->pdata[0]) -
                        (gint64) (10 * GST_SECOND / RATE)),
                   <, SAME_NS);
  g_assert_cmpuint (self->n_failures, ==, 0);
}

/* With none of them in the registry, as where no codec is installed. */
static void
test_no_codec (void)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  g_autoptr (EngineEncoder) encoder = NULL;
  g_autoptr (GError) error = NULL;
  g_autolist (GstPluginFeature) features = NULL;
  GstRegistry *registry = gst_registry_get ();
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  encoder = engine_encoder_new (clock, feed, &format, &info);
  for (guint i = 0; i < engine_codecs_get_n (); i++) {
    GstPluginFeature *feature =
      gst_registry_lookup_feature (registry, engine_codecs_get (i)->factory);

    if (feature == NULL)
      continue;
    features = g_list_prepend (features, feature);
    gst_registry_remove_feature (registry, feature);
  }
  g_assert_nonnull (features);
  g_assert_false (engine_encoder_start (encoder, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_CODEC);
  for (GList *l = features; l != NULL; l = l->next)
    g_assert_true (gst_registry_add_feature (registry, l->data));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  engine_testing_register_encoders (NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/encoder/keeps-the-rate", Fixture, "x264enc", set_up, test_rate, tear_down);
  g_test_add ("/engine/encoder/changes-speed-without-a-gap", Fixture, "x264enc", set_up,
              test_preset, tear_down);
  g_test_add ("/engine/encoder/replaces-what-fails", Fixture, "v4l2h264enc", set_up,
              test_falls_back, tear_down);
  g_test_add ("/engine/encoder/replaces-what-hangs", Fixture, "vah264lpenc", set_up,
              test_falls_back, tear_down);
  g_test_add ("/engine/encoder/leaves-time-to-others", Fixture, "x264enc", set_up, test_gently,
              tear_down);
  g_test_add_func ("/engine/encoder/says-that-no-codec-is-installed", test_no_codec);
  return g_test_run ();
}
