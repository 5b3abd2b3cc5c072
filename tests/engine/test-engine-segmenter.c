/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-segmenter.h"

#include <gst/app/app.h>
#include <string.h>

#define N_FRAMES   135
#define GOP        30
#define N_SEGMENTS 4 /* the fifth is not complete */

/* Encoded as the engine does it: two seconds a GOP there, one here. */
#define PIPELINE                                                                                 \
  "videotestsrc num-buffers=135 ! video/x-raw,format=I420,width=160,height=90,framerate=30/1 ! " \
  "x264enc key-int-max=30 bframes=0 speed-preset=ultrafast option-string=scenecut=0 ! "          \
  "h264parse ! video/x-h264,stream-format=avc,alignment=au ! mux. "                              \
  "audiotestsrc num-buffers=211 ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! mux. "         \
  "mp4mux name=mux fragment-duration=500 ! appsink name=sink sync=false"

static GByteArray *movie;

static GByteArray *
make_movie (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (PIPELINE, &error);
  g_autoptr (GstElement) sink = NULL;
  GByteArray *bytes = g_byte_array_new ();

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (TRUE) {
    g_autoptr (GstSample) sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 20 * GST_SECOND);
    GstMapInfo map;

    if (sample == NULL)
      break;
    g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
    g_byte_array_append (bytes, map.data, (guint) map.size);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  }
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (sink)));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (bytes->len, >, 10000);
  return bytes;
}

typedef struct {
  GPtrArray *inits; /* of GBytes */
  GPtrArray *segments;
  GArray *durations_us;
} Cut;

static void
cut_init (Cut *self)
{
  self->inits = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->durations_us = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
cut_clear (Cut *self)
{
  g_ptr_array_unref (self->inits);
  g_ptr_array_unref (self->segments);
  g_array_unref (self->durations_us);
}

static void
cut_cb (GBytes *init, GBytes *segment, gint64 duration_us, gpointer user_data)
{
  Cut *cut = user_data;

  g_assert_true ((init != NULL) != (segment != NULL));
  if (init != NULL) {
    g_assert_cmpuint (cut->segments->len, ==, 0);
    g_ptr_array_add (cut->inits, g_bytes_ref (init));
    return;
  }
  g_ptr_array_add (cut->segments, g_bytes_ref (segment));
  g_array_append_val (cut->durations_us, duration_us);
}

static void
cut_up (const guint8 *data, gsize size, gsize chunk, Cut *cut)
{
  EngineSegmenter *segmenter = engine_segmenter_new (cut_cb, cut);

  cut_init (cut);
  for (gsize at = 0; at < size; at += chunk)
    engine_segmenter_push (segmenter, data + at, MIN (chunk, size - at));
  engine_segmenter_free (segmenter);
}

static void
test_segments (void)
{
  Cut cut;

  cut_up (movie->data, movie->len, movie->len, &cut);
  g_assert_cmpuint (cut.inits->len, ==, 1);
  g_assert_cmpuint (cut.segments->len, ==, N_SEGMENTS);
  for (guint i = 0; i < N_SEGMENTS; i++)
    g_assert_cmpint (ABS (g_array_index (cut.durations_us, gint64, i) - 1000000), <=, 1000);
  cut_clear (&cut);
}

static void
test_any_chunks (void)
{
  static const gsize chunks[] = { 1, 7, 8, 1000, 65536 };
  Cut whole;

  cut_up (movie->data, movie->len, movie->len, &whole);
  for (guint c = 0; c < G_N_ELEMENTS (chunks); c++) {
    Cut cut;

    cut_up (movie->data, movie->len, chunks[c], &cut);
    g_assert_cmpuint (cut.inits->len, ==, 1);
    g_assert_true (g_bytes_equal (cut.inits->pdata[0], whole.inits->pdata[0]));
    g_assert_cmpuint (cut.segments->len, ==, whole.segments->len);
    for (guint i = 0; i < whole.segments->len; i++) {
      g_assert_true (g_bytes_equal (cut.segments->pdata[i], whole.segments->pdata[i]));
      g_assert_cmpint (g_array_index (cut.durations_us, gint64, i), ==,
                       g_array_index (whole.durations_us, gint64, i));
    }
    cut_clear (&cut);
  }
  cut_clear (&whole);
}

/* What a player makes of the init segment and some segments after it. */
typedef struct {
  guint n_pictures;
  guint n_sounds;
  gboolean begins_with_keyframe;
} Played;

static GstPadProbeReturn
count_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Played *played = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer = gst_pad_probe_info_get_buffer (info);

  if (g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), "audio")) {
    played->n_sounds++;
  } else {
    if (played->n_pictures == 0)
      played->begins_with_keyframe = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    played->n_pictures++;
  }
  return GST_PAD_PROBE_OK;
}

static void
pad_added_cb (GstElement *demuxer, GstPad *pad, gpointer user_data)
{
  GstElement *pipeline = GST_ELEMENT (gst_element_get_parent (demuxer));
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (GST_BIN (pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, count_cb, user_data, NULL);
  g_assert_cmpint (gst_pad_link (pad, sink_pad), ==, GST_PAD_LINK_OK);
  gst_object_unref (pipeline);
}

static Played
play (GBytes *init, GBytes *segment)
{
  g_autoptr (GstElement) pipeline =
    gst_parse_launch ("appsrc name=source ! qtdemux name=demuxer", NULL);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_autoptr (GstElement) demuxer = gst_bin_get_by_name (GST_BIN (pipeline), "demuxer");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  Played played = { 0 };

  g_signal_connect (demuxer, "pad-added", G_CALLBACK (pad_added_cb), &played);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_new_wrapped_bytes (init));
  gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_new_wrapped_bytes (segment));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return played;
}

/* Each one alone, after the init segment, plays from its first picture. */
static void
test_each_plays (void)
{
  Cut cut;

  cut_up (movie->data, movie->len, 4096, &cut);
  for (guint i = 0; i < cut.segments->len; i++) {
    const Played played = play (cut.inits->pdata[0], cut.segments->pdata[i]);

    g_assert_true (played.begins_with_keyframe);
    g_assert_cmpuint (played.n_pictures, ==, GOP);
    /* 46.9 packets a second; those of a fragment may be in its neighbour. */
    g_assert_cmpuint (played.n_sounds, >=, 20);
    g_assert_cmpuint (played.n_sounds, <=, 75);
  }
  cut_clear (&cut);
}

static void
test_codecs (void)
{
  static const guint8 none[] = { 0, 0, 0, 8, 'f', 't', 'y', 'p', 'a', 'v', 'c', 'C' };
  Cut cut;
  g_autofree char *codecs = NULL;
  g_autofree char *unknown = NULL;
  g_autoptr (GBytes) short_bytes = g_bytes_new_static (none, sizeof none);

  cut_up (movie->data, movie->len, movie->len, &cut);
  codecs = engine_segmenter_describe_codecs (cut.inits->pdata[0]);
  g_assert_true (g_regex_match_simple ("^avc1\\.[0-9a-f]{6},mp4a\\.40\\.2$", codecs, 0, 0));
  /* x264's ultrafast preset makes Constrained Baseline: 0x42. */
  g_assert_true (g_str_has_prefix (codecs, "avc1.42"));
  unknown = engine_segmenter_describe_codecs (short_bytes);
  g_assert_cmpstr (unknown, ==, "avc1.640028,mp4a.40.2");
  cut_clear (&cut);
}

static void
test_truncated (void)
{
  for (gsize size = 0; size < movie->len; size += 331) {
    Cut cut;
    /* Of its own, so that reading beyond it is seen. */
    g_autofree guint8 *data = g_memdup2 (movie->data, size);

    cut_up (data, size, MAX (1, size), &cut);
    g_assert_cmpuint (cut.inits->len, <=, 1);
    g_assert_cmpuint (cut.segments->len, <=, N_SEGMENTS);
    cut_clear (&cut);
  }
}

static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint n = 0; n < 400; n++) {
    g_autofree guint8 *data = g_memdup2 (movie->data, movie->len);
    Cut cut;

    if (n % 2 == 0) {
      for (guint i = 0; i < 50; i++)
        data[g_rand_int_range (rand, 0, (gint32) movie->len)] = (guint8) g_rand_int (rand);
      /* Where the boxes are described, a wrong byte does most. */
      for (guint i = 0; i < 20; i++)
        data[g_rand_int_range (rand, 0, 1500)] = (guint8) g_rand_int (rand);
      cut_up (data, movie->len, movie->len, &cut);
    } else {
      for (guint i = 0; i < 3000; i++)
        data[i] = (guint8) g_rand_int_range (rand, 0, i % 4 == 3 ? 64 : 2);
      cut_up (data, 3000, 13, &cut);
    }
    cut_clear (&cut);
  }
}

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  movie = make_movie ();
  g_test_add_func ("/engine/segmenter/init-then-segments-of-a-gop", test_segments);
  g_test_add_func ("/engine/segmenter/same-whatever-the-chunks", test_any_chunks);
  g_test_add_func ("/engine/segmenter/each-segment-plays", test_each_plays);
  g_test_add_func ("/engine/segmenter/describes-codecs", test_codecs);
  g_test_add_func ("/engine/segmenter/truncated-does-no-harm", test_truncated);
  g_test_add_func ("/engine/segmenter/garbage-does-no-harm", test_garbage);
  result = g_test_run ();
  g_byte_array_unref (movie);
  return result;
}
