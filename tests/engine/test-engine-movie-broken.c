/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-movie.h"
#include "engine-testing-packets.h"
#include "engine-testing.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <unistd.h>

/* Files that are not as they should be: broken off, with rubbish in them, or no movies at all. */

typedef struct {
  char *folder;
  char *path;
  char *other;
} Fixture;

static char *recording; /* a whole one */

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = engine_testing_make_folder ();
  self->path = g_build_filename (self->folder, "a.mp4", NULL);
  self->other = g_build_filename (self->folder, "b.mp4", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  g_free (self->other);
  engine_testing_remove_folder (self->folder);
}

/* Wherever it breaks off, everything before the break is there; and rubbish behind it does no harm. */
static void
test_truncated (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) all = engine_testing_get_packets (recording);
  g_autofree char *contents = NULL;
  const char *const paths[] = { self->path, NULL };
  const EngineMovieWork work = { 0 };
  gsize size = 0;

  g_assert_true (g_file_get_contents (recording, &contents, &size, NULL));
  for (guint i = 0; i < 24; i++) {
    const gsize length = (gsize) g_test_rand_int_range (4000, (gint32) size);
    g_autoptr (EngineMovie) movie = NULL;
    g_autoptr (GArray) found = NULL;
    g_autoptr (EngineMovieTags) tags = engine_movie_tags_new ();
    g_autoptr (GError) error = NULL;
    double share = (double) length / (double) size;

    g_assert_true (g_file_set_contents (self->path, contents, (gssize) length, NULL));
    if (i % 3 == 1)
      g_assert_cmpint (truncate (self->path, (off_t) length + 300000), ==, 0); /* zeros */
    movie = engine_movie_open (paths, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (engine_movie_get_damaged (movie));
    engine_movie_finish (movie, tags, &work, &error);
    g_assert_no_error (error);
    engine_testing_assert_decodes (self->path);
    found = engine_testing_get_packets (self->path);
    g_test_message ("%u of %u packets in %.0f %%", found->len, all->len, 100 * share);
    /* Half a second of either and what lies between them is all that may be missing. */
    g_assert_cmpfloat ((double) engine_movie_get_duration_ms (movie), >=, 10000 * share - 1000);
    for (guint k = 0; k < found->len; k++)
      g_assert_cmpuint (g_array_index (found, EngineTestingPacket, k).size, >, 0);
  }
}

/* The same file, byte for byte, but for what is wrong in it: whatever it is, we survive. */
static void
test_hostile (Fixture *self, gconstpointer data)
{
  g_autofree char *contents = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (recording, &contents, &size, NULL));
  for (guint i = 0; i < 400; i++) {
    g_autofree char *bad = g_memdup2 (contents, size);
    const char *const paths[] = { self->path, NULL };
    g_autoptr (EngineMovie) movie = NULL;
    g_autoptr (EngineMovieTags) tags = engine_movie_tags_new ();
    g_autoptr (GError) error = NULL;
    const EngineMovieWork work = { 0 };

    /* Mostly in the tables, where it hurts. */
    for (guint k = 0; k < 1 + i % 7; k++) {
      const gsize at = (gsize) g_test_rand_int_range (0, i % 2 ? 4000 : (gint32) size);

      bad[MIN (at, size - 1)] = (char) g_test_rand_int_range (0, 256);
    }
    g_assert_true (g_file_set_contents (self->path, bad, (gssize) size, NULL));
    movie = engine_movie_open (paths, NULL, NULL, &error);
    g_assert_true ((movie == NULL) == (error != NULL));
    if (movie == NULL)
      continue;
    g_unlink (self->other);
    g_free (g_array_free (engine_movie_get_keyframes (movie), FALSE));
    if (!engine_movie_write (movie, self->other, 2000, 5000, tags, &work, &error))
      g_assert_nonnull (error);
    g_clear_error (&error);
    if (!engine_movie_finish (movie, tags, &work, &error))
      g_assert_nonnull (error);
  }
}

static void
test_no_movies (Fixture *self, gconstpointer data)
{
  static const char *const contents[] = {
    "",
    "no movie",
    "\0\0\0\0moov",
    "\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff",
    "\0\0\0\x08moov",
    "\0\0\0\x08moof",
  };
  static const gssize sizes[] = { 0, 8, 8, 16, 8, 8 };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    const char *const paths[] = { self->path, NULL };
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (self->path, contents[i], sizes[i], NULL));
    g_assert_null (engine_movie_open (paths, NULL, NULL, &error));
    g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  char *folder = NULL;
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  folder = engine_testing_make_folder ();
  recording = g_build_filename (folder, "recording.mp4", NULL);
  engine_testing_make_recording (recording, 10, "ball", 0, "ultrafast");
  ADD ("/engine/movie-broken/truncated", test_truncated);
  ADD ("/engine/movie-broken/hostile", test_hostile);
  ADD ("/engine/movie-broken/no-movies", test_no_movies);
  result = g_test_run ();
  g_free (recording);
  engine_testing_remove_folder (folder);
  return result;
}
