/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-testing.h"
#include "engine-writer.h"

#define FRAME_NS (GST_SECOND / 30)
#define GOP      30u

/* A writer that leads into two sinks. */
typedef struct {
  EngineClock *clock;
  EngineFeed *feed;
  EnginePipeline *pipeline;
  EngineWriter *writer;
  GstAppSink *sinks[ENGINE_N_MEDIA];
  GstCaps *caps[ENGINE_N_MEDIA];
  guint n_pictures; /* pushed */
} Fixture;

static void
playing_cb (EnginePipeline *pipeline, gboolean live, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const guint max_buffers = GPOINTER_TO_UINT (data);
  GstElement *bin = NULL;
  g_autoptr (GError) error = NULL;
  gboolean playing = FALSE;

  self->clock = engine_clock_new ();
  self->feed = engine_feed_new ();
  self->pipeline = engine_pipeline_new (self->clock, "test");
  bin = engine_pipeline_get_bin (self->pipeline);
  self->writer = engine_writer_new (self->feed, bin, 1000, &error);
  g_assert_no_error (error);
  self->caps[ENGINE_MEDIA_VIDEO] = gst_caps_from_string ("video/x-h264,width=16,height=16");
  self->caps[ENGINE_MEDIA_AUDIO] = gst_caps_from_string ("audio/mpeg,rate=48000,channels=2");
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    GstElement *sink = engine_make (bin, "appsink", NULL, &error);

    g_object_set (sink, "sync", FALSE, "async", FALSE, "max-buffers", max_buffers, NULL);
    g_assert_true (
      engine_link (engine_writer_get_source (self->writer, (EngineMedia) i), sink, &error));
    self->sinks[i] = gst_object_ref (GST_APP_SINK (sink));
  }
  g_signal_connect (self->pipeline, "playing", G_CALLBACK (playing_cb), &playing);
  engine_pipeline_start (self->pipeline, FALSE);
  g_assert_true (engine_testing_wait (is_true, &playing, 5000));
  g_signal_handlers_disconnect_by_data (self->pipeline, &playing);
  engine_writer_start (self->writer);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_writer_stop (self->writer);
  engine_pipeline_stop (self->pipeline);
  engine_pipeline_wait_for_stopped (5 * G_USEC_PER_SEC);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    gst_clear_object (&self->sinks[i]);
    gst_clear_caps (&self->caps[i]);
  }
  engine_testing_assert_finalizes (self->writer);
  engine_testing_assert_finalizes (self->pipeline);
  engine_testing_assert_finalizes (self->feed);
  engine_testing_assert_finalizes (self->clock);
}

static void
push (Fixture *self, EngineMedia media, GstClockTime time_ns, gboolean delta)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 10, NULL);

  GST_BUFFER_PTS (buffer) = time_ns;
  GST_BUFFER_DTS (buffer) = time_ns;
  GST_BUFFER_DURATION (buffer) = FRAME_NS;
  if (delta)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  engine_feed_push (self->feed, media, buffer, self->caps[media]);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, time_ns);
}

static GstClockTime
show_time (guint n)
{
  return 5 * GST_SECOND + n * FRAME_NS;
}

/* A keyframe every GOP pictures, beginning with number 10. */
static void
push_pictures (Fixture *self, guint n)
{
  for (guint i = 0; i < n; i++) {
    push (self, ENGINE_MEDIA_VIDEO, show_time (self->n_pictures), self->n_pictures % GOP != 10);
    self->n_pictures++;
  }
}

static GstBuffer *
pull (Fixture *self, EngineMedia media, GstClockTime timeout)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (self->sinks[media], timeout);

  return sample != NULL ? gst_buffer_ref (gst_sample_get_buffer (sample)) : NULL;
}

static void
test_begins (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    push (self, ENGINE_MEDIA_AUDIO, show_time (i), FALSE);
  push_pictures (self, 25);
  /* Sound that belongs to what was before the first picture is left out, too. */
  push (self, ENGINE_MEDIA_AUDIO, show_time (9), FALSE);
  push (self, ENGINE_MEDIA_AUDIO, show_time (12), FALSE);

  for (guint i = 0; i < 15; i++) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_VIDEO, 5 * GST_SECOND);

    g_assert_nonnull (buffer);
    g_assert_cmpint (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT), ==, i != 0);
    g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, i * FRAME_NS);
    g_assert_cmpuint (GST_BUFFER_DTS (buffer), ==, i * FRAME_NS);
  }
  g_autoptr (GstBuffer) sound = pull (self, ENGINE_MEDIA_AUDIO, 5 * GST_SECOND);
  g_assert_nonnull (sound);
  g_assert_cmpuint (GST_BUFFER_PTS (sound), ==, 2 * FRAME_NS);
  g_assert_null (pull (self, ENGINE_MEDIA_AUDIO, 0));
  g_assert_cmpuint (engine_writer_get_n_missed (self->writer), ==, 0);
}

/* Sound that comes later than the first pictures moves all of them, not those that are left. */
static void
test_late_sound (Fixture *self, gconstpointer data)
{
  g_autoptr (GstBuffer) sound = NULL;

  push_pictures (self, 13);
  push (self, ENGINE_MEDIA_AUDIO, show_time (10) + 12 * GST_MSECOND, FALSE);
  push_pictures (self, 5);
  for (guint i = 0; i < 8; i++) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_VIDEO, 5 * GST_SECOND);

    g_assert_nonnull (buffer);
    g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, i == 0 ? 0 : i * FRAME_NS - 12 * GST_MSECOND);
  }
  sound = pull (self, ENGINE_MEDIA_AUDIO, 5 * GST_SECOND);
  g_assert_cmpuint (GST_BUFFER_PTS (sound), ==, 0);
}

/* Half a second without any sound, and the pictures go on alone. */
static void
test_no_sound (Fixture *self, gconstpointer data)
{
  push_pictures (self, 40);
  for (guint i = 0; i < 30; i++) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_VIDEO, 5 * GST_SECOND);

    g_assert_nonnull (buffer);
    g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, i * FRAME_NS);
  }
}

/* The sink takes one and waits: a second is queued, the rest is left out and never blocks us. */
static void
test_overflow (Fixture *self, gconstpointer data)
{
  guint n_taken = 0, expected = 0;
  gboolean gap = FALSE;

  push_pictures (self, 300);
  g_assert_cmpuint (engine_writer_get_n_missed (self->writer), >, 200);
  for (guint i = 0; i < 300; i++)
    push (self, ENGINE_MEDIA_AUDIO, show_time (10 + i), FALSE);

  /* It is quick again: all that waited, then on from a keyframe. */
  while (TRUE) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_VIDEO, 200 * GST_MSECOND);

    if (buffer == NULL)
      break;
    g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, n_taken * FRAME_NS);
    n_taken++;
  }
  g_assert_cmpuint (n_taken, >=, 29);
  g_assert_cmpuint (n_taken, <=, 36);
  g_assert_cmpuint (n_taken + engine_writer_get_n_missed (self->writer), ==, 290);

  for (guint i = 0; i < 45; i++) {
    g_autoptr (GstBuffer) buffer = NULL;

    push_pictures (self, 1);
    buffer = pull (self, ENGINE_MEDIA_VIDEO, i == 0 || gap ? 0 : 100 * GST_MSECOND);
    if (buffer == NULL)
      continue;
    if (!gap)
      g_assert_false (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT));
    expected++;
    gap = TRUE;
  }
  g_assert_true (gap);
  g_assert_cmpuint (expected, >=, 1);
}

/* So does sound: what is too much is left out. */
static void
test_sound_overflow (Fixture *self, gconstpointer data)
{
  guint n_taken = 0;

  push_pictures (self, 12);
  for (guint i = 0; i < 2000; i++)
    push (self, ENGINE_MEDIA_AUDIO, show_time (10 + i), FALSE);
  while (TRUE) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_AUDIO, 200 * GST_MSECOND);

    if (buffer == NULL)
      break;
    n_taken++;
  }
  g_assert_cmpuint (n_taken, >=, 29);
  g_assert_cmpuint (n_taken, <=, 36);
}

static void
test_stopped (Fixture *self, gconstpointer data)
{
  engine_writer_stop (self->writer);
  push_pictures (self, 50);
  g_assert_null (pull (self, ENGINE_MEDIA_VIDEO, 0));
  engine_writer_stop (self->writer);
}

static void
test_end (Fixture *self, gconstpointer data)
{
  guint n = 0;

  push_pictures (self, 20);
  push (self, ENGINE_MEDIA_AUDIO, show_time (10), FALSE);
  engine_writer_end_of_stream (self->writer);
  push_pictures (self, 20);
  while (TRUE) {
    g_autoptr (GstBuffer) buffer = pull (self, ENGINE_MEDIA_VIDEO, 5 * GST_SECOND);

    if (buffer == NULL)
      break;
    n++;
  }
  g_assert_cmpuint (n, ==, 10);
  g_assert_true (gst_app_sink_is_eos (self->sinks[ENGINE_MEDIA_VIDEO]));
}

static void
test_not_started (void)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  g_autoptr (EnginePipeline) pipeline = engine_pipeline_new (clock, "test");
  EngineWriter *writer = engine_writer_new (feed, engine_pipeline_get_bin (pipeline), 1000, NULL);

  engine_testing_assert_finalizes (writer);
  engine_pipeline_stop (pipeline);
  engine_pipeline_wait_for_stopped (5 * G_USEC_PER_SEC);
}

/* Feed. */

static void
count_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

static void
test_listeners (void)
{
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  gint a = 0, b = 0;
  const guint first = engine_feed_add_listener (feed, count_cb, &a);
  const guint second = engine_feed_add_listener (feed, count_cb, &b);

  g_assert_cmpuint (first, !=, second);
  engine_feed_push (feed, ENGINE_MEDIA_VIDEO, buffer, NULL);
  engine_feed_remove_listener (feed, first);
  engine_feed_remove_listener (feed, first);
  engine_feed_remove_listener (feed, 9999);
  engine_feed_push (feed, ENGINE_MEDIA_AUDIO, buffer, NULL);
  g_assert_cmpint (a, ==, 1);
  g_assert_cmpint (b, ==, 2);
}

static gpointer
push_thread (gpointer data)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();

  for (guint i = 0; i < 200000; i++)
    engine_feed_push (data, ENGINE_MEDIA_VIDEO, buffer, NULL);
  return NULL;
}

/* When removing returns, the listener does not run and never will. */
static void
test_remove_while_running (void)
{
  g_autoptr (EngineFeed) feed = engine_feed_new ();
  GThread *thread = g_thread_new ("push", push_thread, feed);

  for (guint i = 0; i < 2000; i++) {
    gint *count = g_new0 (gint, 1);
    const guint id = engine_feed_add_listener (feed, count_cb, count);

    engine_feed_remove_listener (feed, id);
    g_free (count);
  }
  g_thread_join (thread);
}

#define ADD(path, max_buffers, func) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (max_buffers), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/feed/listeners", test_listeners);
  g_test_add_func ("/engine/feed/remove-while-running", test_remove_while_running);
  ADD ("/engine/writer/begins-with-a-keyframe-at-zero", 0, test_begins);
  ADD ("/engine/writer/late-sound-moves-all-pictures", 0, test_late_sound);
  ADD ("/engine/writer/pictures-without-sound", 0, test_no_sound);
  ADD ("/engine/writer/overflow-goes-on-with-a-keyframe", 1, test_overflow);
  ADD ("/engine/writer/sound-overflow-is-bounded", 1, test_sound_overflow);
  ADD ("/engine/writer/nothing-after-stop", 0, test_stopped);
  ADD ("/engine/writer/end-of-stream", 0, test_end);
  g_test_add_func ("/engine/writer/finalizes-without-start", test_not_started);
  return g_test_run ();
}
