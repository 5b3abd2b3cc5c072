/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "engine-movie.h"

/* Makes a recording an ordinary MP4 where it is, as Régie does at the end of a show: for
 * bench-recording.py. */
int
main (int argc, char **argv)
{
  const char *paths[] = { argc > 1 ? argv[1] : NULL, NULL };
  const EngineMovieWork work = { 0 };
  g_autoptr (EngineMovieTags) tags = engine_movie_tags_new ();
  g_autoptr (EngineMovie) movie = NULL;
  g_autoptr (GError) error = NULL;

  gst_init (&argc, &argv);
  if (paths[0] == NULL) {
    g_printerr ("finish-recording FILE\n");
    return 2;
  }
  movie = engine_movie_open (paths, NULL, NULL, &error);
  if (movie == NULL || !engine_movie_finish (movie, tags, &work, &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  return 0;
}
