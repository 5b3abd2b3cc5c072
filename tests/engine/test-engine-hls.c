/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ending.h"
#include "engine-hls-playlist.h"
#include "engine-hls-publisher.h"
#include "engine-hls-ts.h"
#include "engine-testing.h"
#include "engine-types.h"

#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <string.h>

#define SECOND_US ((gint64) G_USEC_PER_SEC)

/* 2026-11-22 14:00:00 UTC. */
#define DATE_US (G_GINT64_CONSTANT (1795356000) * G_USEC_PER_SEC)

static void
add (EngineHlsPlaylist *list, guint n)
{
  g_autofree char *name = g_strdup_printf ("regie-0000000a-%u.m4s", n);

  engine_hls_playlist_add (list, name, "regie-0000000a-init-1.mp4", 2 * SECOND_US,
                           DATE_US + n * 2 * SECOND_US);
}

static guint64
read_tag (const char *text, const char *tag)
{
  const char *at = strstr (text, tag);

  g_assert_nonnull (at);
  return g_ascii_strtoull (at + strlen (tag), NULL, 10);
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (const char *at = strstr (text, word); at != NULL; at = strstr (at + 1, word))
    n++;
  return n;
}

static void
test_window (void)
{
  g_autoptr (EngineHlsPlaylist) list = engine_hls_playlist_new (3, 2);
  g_autofree char *before = NULL, *after = NULL, *dropped = NULL;

  for (guint n = 1; n <= 3; n++)
    add (list, n);
  before = engine_hls_playlist_write (list);
  g_assert_nonnull (strstr (before, "#EXT-X-MAP:URI=\"regie-0000000a-init-1.mp4\"\n"
                                    "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T14:00:02.000Z\n"
                                    "#EXTINF:2.000000,\nregie-0000000a-1.m4s\n"
                                    "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T14:00:04.000Z\n"));
  g_assert_null (engine_hls_playlist_take_dropped (list));
  for (guint n = 4; n <= 6; n++)
    add (list, n);
  after = engine_hls_playlist_write (list);
  g_assert_cmpuint (count (after, "#EXTINF:"), ==, 3);
  g_assert_cmpuint (read_tag (after, "#EXT-X-MEDIA-SEQUENCE:"), ==,
                    read_tag (before, "#EXT-X-MEDIA-SEQUENCE:") + 3);
  /* Of those that left, the two newest are still there; their init segment is needed. */
  dropped = engine_hls_playlist_take_dropped (list);
  g_assert_cmpstr (dropped, ==, "regie-0000000a-1.m4s");
  g_assert_null (engine_hls_playlist_take_dropped (list));
  g_assert_true (engine_hls_playlist_contains (list, "regie-0000000a-2.m4s"));
}

/* Breaks are counted while they leave the list, and a target once told does not shrink. */
static void
test_breaks (void)
{
  g_autoptr (EngineHlsPlaylist) list = engine_hls_playlist_new (2, 0);
  g_autofree char *both = NULL, *later = NULL, *init = NULL;

  engine_hls_playlist_break (list); /* before everything there is none */
  engine_hls_playlist_add (list, "regie-0000000a-1.m4s", "regie-0000000a-init-1.mp4", 3400000,
                           DATE_US);
  engine_hls_playlist_break (list);
  engine_hls_playlist_add (list, "regie-0000000b-1.m4s", "regie-0000000b-init-1.mp4", 2 * SECOND_US,
                           DATE_US);
  both = engine_hls_playlist_write (list);
  g_assert_cmpuint (count (both, "#EXT-X-DISCONTINUITY\n"), ==, 1);
  g_assert_cmpuint (count (both, "#EXT-X-MAP:"), ==, 2);
  g_assert_cmpuint (read_tag (both, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==, 0);
  g_assert_cmpuint (read_tag (both, "#EXT-X-TARGETDURATION:"), ==, 3);
  engine_hls_playlist_add (list, "regie-0000000b-2.m4s", "regie-0000000b-init-1.mp4", 2 * SECOND_US,
                           DATE_US);
  engine_hls_playlist_end (list);
  later = engine_hls_playlist_write (list);
  g_assert_cmpuint (count (later, "#EXT-X-DISCONTINUITY\n"), ==, 0);
  g_assert_cmpuint (read_tag (later, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==, 1);
  g_assert_cmpuint (read_tag (later, "#EXT-X-TARGETDURATION:"), ==, 3);
  g_assert_true (g_str_has_suffix (later, "#EXT-X-ENDLIST\n"));
  /* The init segment goes with the last segment that needs it. */
  g_free (engine_hls_playlist_take_dropped (list));
  init = engine_hls_playlist_take_dropped (list);
  g_assert_cmpstr (init, ==, "regie-0000000a-init-1.mp4");
}

static void
test_resume (void)
{
  g_autoptr (EngineHlsPlaylist) first = engine_hls_playlist_new (3, 2);
  g_autoptr (EngineHlsPlaylist) soon = engine_hls_playlist_new (3, 2);
  g_autoptr (EngineHlsPlaylist) late = engine_hls_playlist_new (3, 2);
  g_autofree char *left = NULL, *again = NULL, *much_later = NULL;
  guint64 number = 0;

  for (guint n = 1; n <= 5; n++)
    add (first, n);
  left = engine_hls_playlist_write (first);
  number = read_tag (left, "#EXT-X-MEDIA-SEQUENCE:");

  /* A moment later it goes on where it broke off… */
  g_assert_true (engine_hls_playlist_resume (soon, left, DATE_US + 20 * SECOND_US));
  g_assert_true (engine_hls_playlist_contains (soon, "regie-0000000a-1.m4s"));
  engine_hls_playlist_add (soon, "regie-0000000b-1.m4s", "regie-0000000b-init-1.mp4", 2 * SECOND_US,
                           DATE_US + 20 * SECOND_US);
  again = engine_hls_playlist_write (soon);
  g_assert_cmpuint (read_tag (again, "#EXT-X-MEDIA-SEQUENCE:"), ==, number + 1);
  g_assert_nonnull (strstr (again, "regie-0000000a-5.m4s\n#EXT-X-DISCONTINUITY\n"));

  /* …and an hour later only its numbers do, and what it left behind is known. */
  g_assert_true (engine_hls_playlist_resume (late, left, DATE_US + 3600 * SECOND_US));
  engine_hls_playlist_add (late, "regie-0000000b-1.m4s", "regie-0000000b-init-1.mp4", 2 * SECOND_US,
                           DATE_US + 3600 * SECOND_US);
  much_later = engine_hls_playlist_write (late);
  g_assert_cmpuint (read_tag (much_later, "#EXT-X-MEDIA-SEQUENCE:"), ==, number + 3);
  g_assert_cmpuint (read_tag (much_later, "#EXT-X-DISCONTINUITY-SEQUENCE:"), ==, 1);
  g_assert_cmpuint (count (much_later, "#EXTINF:"), ==, 1);
  for (guint n = 1; n <= 3; n++) {
    g_autofree char *name = engine_hls_playlist_take_dropped (late);
    g_autofree char *expected = g_strdup_printf ("regie-0000000a-%u.m4s", n);

    g_assert_cmpstr (name, ==, expected);
  }
}

/* What somebody else wrote is neither told of nor removed; whatever is read does no harm. */
static void
test_foreign (void)
{
  g_autoptr (EngineHlsPlaylist) list = engine_hls_playlist_new (3, 0);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (EngineHlsPlaylist) first = engine_hls_playlist_new (3, 2);
  g_autofree char *left = NULL, *text = NULL;

  g_assert_false (engine_hls_playlist_resume (list,
                                              "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:9007199254740000\n"
                                              "#EXTINF:2,\n../../etc/passwd\n#EXTINF:2,\nb.ts\n",
                                              DATE_US));
  add (list, 1);
  text = engine_hls_playlist_write (list);
  g_assert_cmpuint (read_tag (text, "#EXT-X-MEDIA-SEQUENCE:"), ==,
                    G_GUINT64_CONSTANT (9007199254740002));
  g_assert_null (strstr (text, "b.ts"));
  g_assert_null (engine_hls_playlist_take_dropped (list));

  g_assert_false (engine_hls_name_is_ours ("../regie-0000000a-1.m4s"));
  g_assert_false (engine_hls_name_is_ours ("regie-0000000a-1.m4s\n"));
  g_assert_true (engine_hls_name_is_ours ("regie-0000000a-init-1.mp4"));
  for (guint n = 1; n <= 5; n++)
    add (first, n);
  left = engine_hls_playlist_write (first);
  for (guint n = 0; n < 500; n++) {
    g_autoptr (EngineHlsPlaylist) other = engine_hls_playlist_new (3, 0);
    g_autofree char *broken = g_strdup (left);
    g_autofree char *written = NULL;

    for (guint i = 0; i < 1 + n % 20; i++)
      broken[g_rand_int_range (rand, 8, (gint32) strlen (left))] =
        (char) g_rand_int_range (rand, 1, 256);
    engine_hls_playlist_resume (other, broken, DATE_US);
    add (other, 9);
    written = engine_hls_playlist_write (other);
    g_assert_nonnull (strstr (written, "regie-0000000a-9.m4s"));
    g_assert_cmpuint (count (written, "#EXTINF:"), <=, 3);
  }
}

static void
test_master (void)
{
  g_autofree char *text = engine_hls_master_write ("stream.m3u8", 1920, 1080, 30,
                                                   "avc1.640028,mp4a.40.2", 5000000, 4600000);

  g_assert_nonnull (
    strstr (text, "#EXT-X-STREAM-INF:BANDWIDTH=5000000,AVERAGE-BANDWIDTH=4600000,"
                  "RESOLUTION=1920x1080,FRAME-RATE=30.000,CODECS=\"avc1.640028,mp4a.40.2\"\n"
                  "stream.m3u8\n"));
}

static void
test_address (void)
{
  static const struct {
    const char *address, *place, *master;
  } cases[] = {
    { "/srv/hls", "/srv/hls", "index.m3u8" },
    { "/srv/hls/hall.m3u8", "/srv/hls/", "hall.m3u8" },
    { "https://a.example/b/c.m3u8?sig=x/y.m3u8", "https://a.example/b/?sig=x/y.m3u8", "c.m3u8" },
    { "https://a.example/b?sig=x", "https://a.example/b?sig=x", "index.m3u8" },
    { "/srv/what?/x.m3u8", "/srv/what?/", "x.m3u8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *master = NULL;
    g_autofree char *place = engine_hls_split_address (cases[i].address, &master);

    g_assert_cmpstr (place, ==, cases[i].place);
    g_assert_cmpstr (master, ==, cases[i].master);
  }
}

/* Five GOPs of a second, the last of half a second. */
#define TS_PIPELINE                                                                              \
  "videotestsrc num-buffers=135 ! video/x-raw,format=I420,width=160,height=90,framerate=30/1 ! " \
  "x264enc key-int-max=30 bframes=0 speed-preset=ultrafast option-string=scenecut=0 ! "          \
  "h264parse config-interval=-1 ! mux. "                                                         \
  "audiotestsrc num-buffers=211 ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse ! "   \
  "mpegtsmux name=mux ! appsink name=sink sync=false"

static void
ts_cb (GBytes *init, GBytes *segment, gint64 duration_us, gpointer user_data)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (segment, &size);

  g_assert_null (init);
  g_assert_cmpuint (size % 188, ==, 0);
  g_assert_cmpuint (size, >, 10 * 188);
  /* The tables, then a keyframe. */
  g_assert_cmpuint ((data[1] & 0x1f) << 8 | data[2], ==, 0);
  g_assert_cmpuint (data[188], ==, 0x47);
  g_assert_cmpuint (data[2 * 188 + 5] & 0x40, ==, 0x40);
  g_array_append_val ((GArray *) user_data, duration_us);
}

static void
test_ts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (TS_PIPELINE, &error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GArray) durations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (EngineHlsTs) ts = engine_hls_ts_new (ts_cb, durations);

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (TRUE) {
    g_autoptr (GstSample) sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 20 * GST_SECOND);
    GstMapInfo map;

    if (sample == NULL)
      break;
    g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
    /* Wherever it is cut. */
    engine_hls_ts_push (ts, map.data, map.size / 3);
    engine_hls_ts_push (ts, map.data + map.size / 3, map.size - map.size / 3);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  engine_hls_ts_finish (ts, 33333);
  g_assert_cmpuint (durations->len, ==, 5);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (ABS (g_array_index (durations, gint64, i) - SECOND_US), <=, 100);
  g_assert_cmpint (ABS (g_array_index (durations, gint64, 4) - SECOND_US / 2), <=, 100);
}

static void
never_cb (GBytes *init, GBytes *segment, gint64 duration_us, gpointer user_data)
{
}

static void
test_ts_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint n = 0; n < 300; n++) {
    g_autoptr (EngineHlsTs) ts = engine_hls_ts_new (never_cb, NULL);
    g_autofree guint8 *data = g_malloc (188 * 20);

    for (guint i = 0; i < 188 * 20; i++)
      data[i] = i % 188 == 0 ? 0x47 : (guint8) g_rand_int_range (rand, 0, n % 2 == 0 ? 256 : 34);
    engine_hls_ts_push (ts, data, 188 * 20);
    engine_hls_ts_finish (ts, 33333);
  }
}

typedef struct {
  guint n_connected;
  GError *error;
} Told;

static void
told_cb (gint64 made_us, const GError *error, gpointer user_data)
{
  Told *told = user_data;

  if (error == NULL)
    told->n_connected++;
  else
    told->error = g_error_copy (error);
}

static gboolean
is_told (gpointer data)
{
  const Told *told = data;

  return told->n_connected > 0 || told->error != NULL;
}

static guint
count_files (const char *folder, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, suffix);
  return n;
}

typedef struct {
  const char *path;
  const char *word;
} Wanted;

static gboolean
contains_word (gpointer data)
{
  const Wanted *wanted = data;
  g_autofree char *text = NULL;

  return g_file_get_contents (wanted->path, &text, NULL, NULL) &&
         strstr (text, wanted->word) != NULL;
}

static EngineHlsPublisher *
start (const char *folder, Told *told)
{
  EngineHlsPublisher *publisher =
    engine_hls_publisher_new (engine_hls_folder_new (folder), "index.m3u8", FALSE, told_cb, told);
  g_autoptr (GBytes) init = g_bytes_new_static ("init", 4);

  engine_hls_publisher_start (publisher);
  engine_hls_publisher_push_init (publisher, init);
  return publisher;
}

static void
push (EngineHlsPublisher *publisher, const char *playlist, guint n)
{
  const EngineHlsFormat format = { 160, 90, 30, "avc1.640028,mp4a.40.2" };
  g_autoptr (GBytes) segment = g_bytes_new_static ("segment", 7);
  g_autofree char *name = g_strdup_printf ("-%u.m4s", n);
  const Wanted wanted = { playlist, name };

  engine_hls_publisher_push (publisher, segment, 2 * SECOND_US, g_get_real_time (), &format);
  g_assert_true (engine_testing_wait (contains_word, (gpointer) &wanted, 5000));
}

/* As the window slides old segments go, and nothing of anybody else; killed and started again, what
 * was left behind goes as well. */
static void
test_folder (void)
{
  char *folder = engine_testing_make_folder ();
  g_autofree char *playlist = g_build_filename (folder, "stream.m3u8", NULL);
  g_autofree char *other = g_build_filename (folder, "seg-1.m4s", NULL);
  g_autofree char *orphan = g_build_filename (folder, "regie-0123abcd-7.m4s", NULL);
  g_autofree char *part = g_build_filename (folder, ".regie-0123abcd-8.m4s.part", NULL);
  const Wanted end = { playlist, "#EXT-X-ENDLIST" };
  EngineHlsPublisher *publisher = NULL;
  Told told = { 0 };

  g_assert_true (g_file_set_contents (other, "theirs", -1, NULL));
  publisher = start (folder, &told);
  for (guint n = 1; n <= 30; n++)
    push (publisher, playlist, n);
  g_assert_true (engine_testing_wait (is_told, &told, 5000));
  g_assert_no_error (told.error);
  engine_hls_publisher_close (publisher); /* without an end: it broke off */
  engine_hls_publisher_unref (publisher);
  engine_ending_wait (g_get_monotonic_time () + 5 * SECOND_US);
  g_assert_cmpuint (count_files (folder, ".m4s"), ==, 10 + 11 + 1);
  g_assert_false (contains_word ((gpointer) &end));

  g_assert_true (g_file_set_contents (orphan, "lost", -1, NULL));
  g_assert_true (g_file_set_contents (part, "lo", -1, NULL));
  publisher = start (folder, &told);
  push (publisher, playlist, 1);
  engine_hls_publisher_end (publisher);
  engine_hls_publisher_close (publisher);
  engine_hls_publisher_unref (publisher);
  engine_ending_wait (g_get_monotonic_time () + 5 * SECOND_US);
  g_assert_true (contains_word ((gpointer) &end));
  g_assert_false (g_file_test (orphan, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  engine_testing_remove_folder (folder);
}

static void
test_folder_in_the_way (void)
{
  char *folder = engine_testing_make_folder ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "hls", NULL);
  EngineHlsPublisher *publisher = NULL;
  Told told = { 0 };

  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  publisher = start (below, &told);
  g_assert_true (engine_testing_wait (is_told, &told, 5000));
  g_assert_error (told.error, ENGINE_ERROR, ENGINE_ERROR_PLACE_UNWRITABLE);
  engine_hls_publisher_close (publisher);
  engine_hls_publisher_unref (publisher);
  engine_ending_wait (g_get_monotonic_time () + 5 * SECOND_US);
  g_clear_error (&told.error);
  engine_testing_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/hls/window-slides", test_window);
  g_test_add_func ("/engine/hls/breaks-are-counted", test_breaks);
  g_test_add_func ("/engine/hls/goes-on-where-it-broke-off", test_resume);
  g_test_add_func ("/engine/hls/what-others-wrote-is-left-alone", test_foreign);
  g_test_add_func ("/engine/hls/multivariant-playlist", test_master);
  g_test_add_func ("/engine/hls/address-of-folder-or-playlist", test_address);
  g_test_add_func ("/engine/hls/transport-stream-in-segments", test_ts);
  g_test_add_func ("/engine/hls/garbage-does-no-harm", test_ts_garbage);
  g_test_add_func ("/engine/hls/folder-is-kept-tidy", test_folder);
  g_test_add_func ("/engine/hls/folder-that-cannot-be", test_folder_in_the_way);
  return g_test_run ();
}
