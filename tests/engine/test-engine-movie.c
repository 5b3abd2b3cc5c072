/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-movie.h"
#include "engine-testing-packets.h"
#include "engine-testing.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  char *folder;
  char *path;
  char *other;
} Fixture;

static char *media;

static char *
in_media (const char *name)
{
  return g_build_filename (media, name, NULL);
}

static void
make_movie (const char *name, guint duration_s, const char *pattern, guint n_b_frames,
            const char *preset)
{
  g_autofree char *path = in_media (name);

  engine_testing_make_recording (path, duration_s, pattern, n_b_frames, preset);
}

static void
copy_to (const char *name, const char *path, gssize length)
{
  g_autofree char *from = in_media (name);
  g_autofree char *contents = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (from, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (path, contents, length < 0 ? (gssize) size : length, NULL));
}

static gsize
get_size (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return (gsize) info.st_size;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = engine_testing_make_folder ();
  self->path = g_build_filename (self->folder, "a.mp4", NULL);
  self->other = g_build_filename (self->folder, "b.mp4", NULL);
  copy_to ("ten.mp4", self->path, -1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  g_free (self->other);
  engine_testing_remove_folder (self->folder);
}

static EngineMovie *
open_movie (const char *path)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  EngineMovie *movie = engine_movie_open (paths, NULL, NULL, &error);

  g_assert_no_error (error);
  return movie;
}

static EngineMovieTags *
make_tags (void)
{
  EngineMovieTags *tags = engine_movie_tags_new ();

  tags->title = g_strdup ("L’été à Nœux");
  tags->artist = g_strdup ("Ada, Grace");
  tags->date = g_strdup ("2026-11-22");
  tags->language = g_strdup ("fr");
  tags->created_s = 1795348800;
  return tags;
}

static void
finish (const char *path, EngineMovieTags *tags)
{
  g_autoptr (EngineMovie) movie = open_movie (path);
  g_autoptr (GError) error = NULL;
  const EngineMovieWork work = { 0 };

  engine_movie_finish (movie, tags, &work, &error);
  g_assert_no_error (error);
}

/* @path has the packets of @of that begin in a stretch of time, at the times they had in it. */
static void
assert_same (const char *path, const char *of, double start_s, double end_s)
{
  for (int video = 0; video < 2; video++) {
    g_autoptr (GArray) packets = engine_testing_get_track (path, video);
    g_autoptr (GArray) all = engine_testing_get_track (of, video);
    guint at = 0;

    for (guint i = 0; i < all->len; i++) {
      const EngineTestingPacket *wanted = &g_array_index (all, EngineTestingPacket, i);
      const EngineTestingPacket *found = &g_array_index (packets, EngineTestingPacket, at);

      /* A packet of sound may begin before the cut, and its rest is heard. */
      if (wanted->time_s < start_s - (video ? 0.001 : 0.0213) || wanted->time_s >= end_s - 0.001)
        continue;
      g_assert_cmpuint (at, <, packets->len);
      g_assert_cmpuint (found->size, ==, wanted->size);
      g_assert_cmpint (found->key, ==, wanted->key);
      g_assert_cmpfloat_with_epsilon (found->time_s, wanted->time_s - start_s, 0.0006);
      at++;
    }
    g_assert_cmpuint (at, ==, packets->len);
    g_assert_cmpuint (at, >, 0);
  }
}

static void
test_finishes (Fixture *self, gconstpointer data)
{
  g_autofree char *original = in_media (data != NULL ? data : "ten.mp4");
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (EngineMovie) movie = NULL;
  g_autofree char *text = NULL;
  gsize before = 0;

  copy_to (data != NULL ? data : "ten.mp4", self->path, -1);
  before = get_size (self->path);
  movie = open_movie (self->path);
  g_assert_false (engine_movie_get_ordinary (movie));
  g_assert_false (engine_movie_get_damaged (movie));
  finish (self->path, tags);
  assert_same (self->path, original, 0, 100);
  engine_testing_assert_decodes (self->path);
  g_assert_cmpfloat_with_epsilon (engine_testing_get_duration (self->path), 10, 0.07);
  /* No sample was copied. */
  g_assert_cmpuint (get_size (self->path), <, before + 20000);
  g_clear_object (&movie);
  movie = open_movie (self->path);
  g_assert_true (engine_movie_get_ordinary (movie));
  text = engine_testing_probe (self->path,
                               "format_tags=title,artist,date,creation_time:stream_tags=language");
  g_assert_nonnull (strstr (text, "L’été à Nœux"));
  g_assert_nonnull (strstr (text, "Ada, Grace"));
  g_assert_nonnull (strstr (text, "2026-11-22"));
  g_assert_nonnull (strstr (text, "fra"));
  /* Once more is none too many. */
  finish (self->path, tags);
}

static void
test_chapters (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovieTags) tags = make_tags ();
  const char *const words[] = { "ffprobe", "-v",      "error",    "-show_chapters",
                                "-of",     "csv=p=0", self->path, NULL };
  g_autofree char *text = NULL;
  g_autofree char *streams = NULL;
  g_auto (GStrv) lines = NULL;

  engine_movie_tags_add_chapter (tags, 0, "Ouverture, “d’abord”");
  engine_movie_tags_add_chapter (tags, 3500, "Deuxième 🎉");
  engine_movie_tags_add_chapter (tags, 8000, "語");
  finish (self->path, tags);
  text = engine_testing_run (words);
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_nonnull (strstr (lines[0], ",0.000000,"));
  g_assert_nonnull (strstr (lines[0], "Ouverture"));
  g_assert_nonnull (strstr (lines[1], ",3.500000,"));
  g_assert_nonnull (strstr (lines[1], "Deuxième 🎉"));
  g_assert_nonnull (strstr (lines[2], ",8.000000,"));
  g_assert_nonnull (strstr (lines[2], "語"));
  engine_testing_assert_decodes (self->path);
  /* The track of their names is none to watch. */
  streams = engine_testing_probe (self->path, "stream=codec_type,codec_tag_string");
  g_assert_nonnull (strstr (streams, "text"));
}

static void
cut (const char *path, const char *other, gint64 start_ms, gint64 end_ms)
{
  g_autoptr (EngineMovie) movie = open_movie (path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  const EngineMovieWork work = { 0 };

  engine_movie_tags_add_chapter (tags, 1000, "Before");
  engine_movie_tags_add_chapter (tags, start_ms + 1500, "Inside");
  engine_movie_write (movie, other, start_ms, end_ms, tags, &work, &error);
  g_assert_no_error (error);
}

/* From the keyframe before to the keyframe after, with sound and picture as they were. */
static void
test_cuts (Fixture *self, gconstpointer data)
{
  g_autofree char *original = in_media (data != NULL ? data : "ten.mp4");
  g_autofree char *text = NULL;
  g_autofree char *name = g_strconcat (self->other, ".part", NULL);
  const double shift_s = data != NULL ? 2.0 / 30 : 0; /* what two reordered pictures cost */

  copy_to (data != NULL ? data : "ten.mp4", self->path, -1);
  cut (self->path, self->other, 3400, 7200);
  assert_same (self->other, original, 3 + shift_s, 8 + shift_s);
  engine_testing_assert_decodes (self->other);
  g_assert_cmpfloat_with_epsilon (engine_testing_get_duration (self->other), 5, 0.045);
  text = engine_testing_probe (self->other, "chapter=start_time:chapter_tags=title");
  g_assert_null (strstr (text, "Before"));
  g_assert_nonnull (strstr (text, data != NULL ? "1.834000" : "1.900000"));
  g_assert_nonnull (strstr (text, "Inside"));
  g_assert_false (g_file_test (name, G_FILE_TEST_EXISTS));
}

static void
test_cuts_finished (Fixture *self, gconstpointer data)
{
  g_autofree char *original = in_media ("ten.mp4");
  g_autoptr (EngineMovieTags) tags = make_tags ();

  engine_movie_tags_add_chapter (tags, 0, "All");
  finish (self->path, tags);
  cut (self->path, self->other, 4000, 6000);
  assert_same (self->other, original, 4, 6);
  engine_testing_assert_decodes (self->other);
}

/* And a file of which a cut was made can be cut again. */
static void
test_cuts_cut (Fixture *self, gconstpointer data)
{
  g_autofree char *original = in_media ("ten.mp4");
  g_autofree char *third = g_build_filename (self->folder, "c.mp4", NULL);

  cut (self->path, self->other, 3000, 8000);
  cut (self->other, third, 1000, 3000);
  assert_same (third, original, 4, 6);
}

static void
test_snaps (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (GArray) keyframes = engine_movie_get_keyframes (movie);

  g_assert_cmpuint (keyframes->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (g_array_index (keyframes, gint64, i), ==, i * 1000);
  g_assert_cmpint (engine_movie_snap (movie, 3999, FALSE), ==, 4000);
  g_assert_cmpint (engine_movie_snap (movie, 3900, FALSE), ==, 3000);
  g_assert_cmpint (engine_movie_snap (movie, 3001, TRUE), ==, 3000);
  g_assert_cmpint (engine_movie_snap (movie, 3100, TRUE), ==, 4000);
  g_assert_cmpint (engine_movie_snap (movie, -5, FALSE), ==, 0);
  g_assert_cmpint (engine_movie_snap (movie, 99000, FALSE), ==, 9000);
  g_assert_cmpint (engine_movie_snap (movie, 99000, TRUE), >=, 9990);
}

static void
test_nothing_between (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  const EngineMovieWork work = { 0 };

  g_assert_false (engine_movie_write (movie, self->other, 5000, 4000, tags, &work, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (self->other, G_FILE_TEST_EXISTS));
}

static void
test_never_overwrites (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  const EngineMovieWork work = { 0 };

  g_assert_true (g_file_set_contents (self->other, "precious", -1, NULL));
  g_assert_false (engine_movie_write (movie, self->other, 0, -1, tags, &work, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE);
  g_assert_true (g_file_get_contents (self->other, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");
}

static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  const EngineMovieWork work = { .reserve_bytes = G_MAXUINT64 / 2 };

  g_assert_false (engine_movie_write (movie, self->other, 0, -1, tags, &work, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL);
  g_assert_false (g_file_test (self->other, G_FILE_TEST_EXISTS));
}

static void
cancel_cb (double share, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *name = g_strconcat (self->other, ".part", NULL);
  const EngineMovieWork work = { .progress = cancel_cb,
                                 .user_data = cancellable,
                                 .cancellable = cancellable };

  g_assert_false (engine_movie_write (movie, self->other, 0, -1, tags, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (self->other, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (name, G_FILE_TEST_EXISTS));
}

/* @self->other becomes one of files; returns the second one's begin in it. */
static double
join (Fixture *self, const char *const *paths, const gint64 *starts_ns)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineMovie) movie = engine_movie_open (paths, starts_ns, NULL, &error);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  const EngineMovieWork work = { 0 };

  g_assert_no_error (error);
  engine_movie_write (movie, self->other, 0, -1, tags, &work, &error);
  g_assert_no_error (error);
  engine_testing_assert_decodes (self->other);
  return (double) engine_movie_get_part_start_ms (movie, 1) / 1000;
}

/* The packets of a file that were put behind another, at the same distance from each other. */
static void
assert_contains (const char *path, const char *part, double at_s)
{
  for (int video = 0; video < 2; video++) {
    g_autoptr (GArray) packets = engine_testing_get_track (path, video);
    g_autoptr (GArray) wanted = engine_testing_get_track (part, video);
    guint at = 0;

    while (at < packets->len &&
           g_array_index (packets, EngineTestingPacket, at).time_s < at_s - 0.0106)
      at++;
    g_assert_cmpuint (at + wanted->len, ==, packets->len);
    for (guint i = 0; i < wanted->len; i++) {
      g_assert_cmpuint (g_array_index (packets, EngineTestingPacket, at + i).size, ==,
                        g_array_index (wanted, EngineTestingPacket, i).size);
      g_assert_cmpfloat_with_epsilon (g_array_index (packets, EngineTestingPacket, at + i).time_s -
                                        at_s,
                                      g_array_index (wanted, EngineTestingPacket, i).time_s,
                                      0.0015);
    }
  }
}

/* A file that breaks off, as after a crash, and what came then: together, and lips meet the sound. */
static void
test_joins (Fixture *self, gconstpointer data)
{
  g_autofree char *second = in_media (data != NULL ? data : "five.mp4");
  const char *const paths[] = { self->path, second, NULL };
  const gsize size = get_size (self->path);
  g_autoptr (GArray) before = NULL, sound = NULL, joined = NULL;
  double at_s = 0;

  copy_to ("ten.mp4", self->path, (gssize) (size * 6 / 10));
  {
    g_autofree char *repaired = g_build_filename (self->folder, "repaired.mp4", NULL);

    g_assert_true (g_file_set_contents (repaired, "", 0, NULL));
    copy_to ("ten.mp4", repaired, (gssize) (size * 6 / 10));
    finish (repaired, make_tags ());
    before = engine_testing_get_track (repaired, TRUE);
    sound = engine_testing_get_track (repaired, FALSE);
  }
  at_s = join (self, paths, NULL);
  g_assert_cmpfloat (at_s, >, 5);
  assert_contains (self->other, second, at_s);
  joined = engine_testing_get_track (self->other, TRUE);
  g_assert_cmpuint (joined->len, ==, before->len + 150);
  /* Silence was put in where sound was missing. */
  g_array_unref (g_steal_pointer (&joined));
  joined = engine_testing_get_track (self->other, FALSE);
  g_assert_cmpuint (joined->len, >=, sound->len + 234);
  for (guint i = 1; i < joined->len; i++)
    g_assert_cmpfloat (g_array_index (joined, EngineTestingPacket, i).time_s -
                         g_array_index (joined, EngineTestingPacket, i - 1).time_s,
                       <, 0.043);
}

/* The second file begins with what is at the end of the first. */
static void
test_joins_overlapping (Fixture *self, gconstpointer data)
{
  g_autofree char *original = in_media ("ten.mp4");
  g_autofree char *tail = g_build_filename (self->folder, "tail.mp4", NULL);
  const char *const paths[] = { self->path, tail, NULL };
  const gint64 starts_ns[] = { 0, 6 * (gint64) GST_SECOND };
  double at_s = 0;

  cut (self->path, tail, 6000, 20000);
  at_s = join (self, paths, starts_ns);
  g_assert_cmpfloat_with_epsilon (at_s, 6, 0.001);
  for (int video = 0; video < 2; video++) {
    g_autoptr (GArray) wanted = engine_testing_get_track (original, video);
    g_autoptr (GArray) found = engine_testing_get_track (self->other, video);

    g_assert_cmpuint (found->len, ==, wanted->len);
    for (guint i = 0; i < found->len; i++) {
      g_assert_cmpuint (g_array_index (found, EngineTestingPacket, i).size, ==,
                        g_array_index (wanted, EngineTestingPacket, i).size);
      g_assert_cmpfloat_with_epsilon (g_array_index (found, EngineTestingPacket, i).time_s,
                                      g_array_index (wanted, EngineTestingPacket, i).time_s,
                                      0.0006);
    }
  }
}

static void
test_recording_times (Fixture *self, gconstpointer data)
{
  g_autofree char *second = in_media ("five.mp4");
  const char *const paths[] = { self->path, second, NULL };
  const gint64 starts_ns[] = { 0, 25 * (gint64) GST_SECOND };
  g_autoptr (EngineMovie) movie = engine_movie_open (paths, starts_ns, NULL, NULL);

  /* Nothing was recorded for fifteen seconds: the movie has none of them. */
  g_assert_cmpint (engine_movie_get_duration_ms (movie), <, 15100);
  g_assert_cmpint (engine_movie_from_recording_ms (movie, 4000), ==, 4000);
  g_assert_cmpint (engine_movie_from_recording_ms (movie, 17000), ==,
                   engine_movie_get_part_start_ms (movie, 1));
  g_assert_cmpint (engine_movie_from_recording_ms (movie, 27000), ==,
                   engine_movie_get_part_start_ms (movie, 1) + 2000);
  g_assert_cmpint (
    engine_movie_to_recording_ms (movie, engine_movie_get_part_start_ms (movie, 1) + 2001) / 10, ==,
    2700);
}

/* Different encoders' files can follow each other, other sizes cannot. */
static void
test_does_not_join (Fixture *self, gconstpointer data)
{
  const char *const paths[] = { self->path, self->other, NULL };
  g_autoptr (GError) error = NULL;

  engine_testing_make_film (self->other);
  g_assert_null (engine_movie_open (paths, NULL, NULL, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
}

/* While another program writes it, it is left alone. */
static void
test_growing (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (GError) error = NULL;
  const EngineMovieWork work = { 0 };

  g_assert_cmpint (truncate (self->path, (off_t) get_size (self->path) + 100), ==, 0);
  g_assert_false (engine_movie_finish (movie, tags, &work, &error));
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE);
}

static double
get_mean (EngineFrame *frame)
{
  const guint8 *pixels = g_bytes_get_data (frame->pixels, NULL);
  double sum = 0;

  for (int y = 0; y < frame->height_px; y++) {
    for (int x = 0; x < frame->width_px; x++)
      sum += pixels[y * frame->stride_bytes + x * 4 + 1];
  }
  return sum / (frame->width_px * frame->height_px);
}

/* Black at first, then something to see: the cover is none of the black pictures. */
static void
test_draws (Fixture *self, gconstpointer data)
{
  g_autofree char *black = in_media ("black.mp4");
  g_autofree char *bars = in_media ("bars.mp4");
  const char *const paths[] = { black, bars, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineMovie) movie = engine_movie_open (paths, NULL, NULL, &error);
  const gint64 times_ms[] = { 1500, 8500, 99000, -1 };
  g_autoptr (GPtrArray) frames = NULL;
  g_autoptr (EngineFrame) cover = NULL;
  g_autoptr (GBytes) jpeg = NULL;
  const guint8 *bytes = NULL;

  g_assert_no_error (error);
  frames = engine_movie_draw (movie, times_ms, G_N_ELEMENTS (times_ms), 160, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < frames->len; i++) {
    EngineFrame *frame = frames->pdata[i];

    g_assert_nonnull (frame);
    g_assert_cmpint (frame->width_px, ==, 160);
    g_assert_cmpint (frame->height_px, ==, 90);
    if (i == 0 || i == 3)
      g_assert_cmpfloat (get_mean (frame), <, 20);
    else
      g_assert_cmpfloat (get_mean (frame), >, 60);
  }
  cover = engine_movie_draw_cover (movie, 0, -1, 320, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (get_mean (cover), >, 60);
  jpeg = engine_movie_frame_to_jpeg (cover, &error);
  g_assert_no_error (error);
  bytes = g_bytes_get_data (jpeg, NULL);
  g_assert_true (bytes[0] == 0xff && bytes[1] == 0xd8);
}

static void
test_cover (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineMovieTags) tags = make_tags ();
  g_autoptr (EngineMovie) movie = open_movie (self->path);
  g_autoptr (EngineFrame) frame = engine_movie_draw_cover (movie, 0, -1, 320, NULL, NULL);
  g_autofree char *text = NULL;

  tags->cover = engine_movie_frame_to_jpeg (frame, NULL);
  finish (self->path, tags);
  text = engine_testing_probe (self->path, "stream=codec_name:stream_disposition=attached_pic");
  g_assert_nonnull (strstr (text, "mjpeg,1"));
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  media = engine_testing_make_folder ();
  make_movie ("ten.mp4", 10, "ball", 0, "ultrafast");
  make_movie ("five.mp4", 5, "smpte", 0, "ultrafast");
  make_movie ("other.mp4", 5, "smpte", 0, "veryfast");
  make_movie ("b-frames.mp4", 10, "ball", 2, "veryfast");
  make_movie ("black.mp4", 7, "black", 0, "ultrafast");
  make_movie ("bars.mp4", 5, "smpte", 0, "ultrafast");
  ADD ("/engine/movie/finishes-in-place", NULL, test_finishes);
  ADD ("/engine/movie/finishes-reordered-pictures", "b-frames.mp4", test_finishes);
  ADD ("/engine/movie/chapters", NULL, test_chapters);
  ADD ("/engine/movie/cuts-on-keyframes", NULL, test_cuts);
  ADD ("/engine/movie/cuts-reordered-pictures", "b-frames.mp4", test_cuts);
  ADD ("/engine/movie/cuts-what-is-finished", NULL, test_cuts_finished);
  ADD ("/engine/movie/cuts-what-was-cut", NULL, test_cuts_cut);
  ADD ("/engine/movie/snaps", NULL, test_snaps);
  ADD ("/engine/movie/nothing-between", NULL, test_nothing_between);
  ADD ("/engine/movie/never-overwrites", NULL, test_never_overwrites);
  ADD ("/engine/movie/no-room", NULL, test_no_room);
  ADD ("/engine/movie/cancelled", NULL, test_cancelled);
  ADD ("/engine/movie/joins", NULL, test_joins);
  ADD ("/engine/movie/joins-what-another-encoder-made", "other.mp4", test_joins);
  ADD ("/engine/movie/joins-what-overlaps", NULL, test_joins_overlapping);
  ADD ("/engine/movie/recording-times", NULL, test_recording_times);
  ADD ("/engine/movie/does-not-join-other-sizes", NULL, test_does_not_join);
  ADD ("/engine/movie/still-growing", NULL, test_growing);
  ADD ("/engine/movie/draws", NULL, test_draws);
  ADD ("/engine/movie/cover", NULL, test_cover);
  result = g_test_run ();
  engine_testing_remove_folder (media);
  return result;
}
