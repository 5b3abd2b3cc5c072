/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "show-export-job.h"
#include "show-export-text.h"

/* While something is recorded, so much of the disk stays free for it, and so much of what the disk can
 * do in a second. */
#define LIVE_RESERVE_BYTES (1100 * G_GUINT64_CONSTANT (1000000))
#define LIVE_BYTES_PER_S   (20 * G_GUINT64_CONSTANT (1000000))
#define RESERVE_BYTES      (16 * G_GUINT64_CONSTANT (1000000))

/* The keyframe after the end of a talk is on the disk after this time, or the recording has stopped. */
#define LOOK_MS        500
#define MAX_LOOKS      24

#define COVER_WIDTH_PX 1280

ShowExportJob *
show_export_job_new (void)
{
  ShowExportJob *job = g_new0 (ShowExportJob, 1);

  job->cancellable = g_cancellable_new ();
  job->end_ms = -1;
  return job;
}

static void
chapters_free (GPtrArray *chapters)
{
  for (guint i = 0; i < chapters->len; i++) {
    EngineMovieChapter *chapter = chapters->pdata[i];

    g_free (chapter->title);
    g_free (chapter);
  }
  g_ptr_array_unref (chapters);
}

void
show_export_job_free (ShowExportJob *job)
{
  g_strfreev (job->parts);
  g_clear_pointer (&job->starts_ns, g_array_unref);
  g_clear_pointer (&job->chapters, chapters_free);
  g_clear_object (&job->cancellable);
  g_free (job->title);
  g_free (job->speakers);
  g_free (job->affiliation);
  g_free (job->event);
  g_free (job->language);
  g_free (job->old_path);
  g_free (job->log_path);
  g_free (job->path);
  g_strfreev (job->left);
  g_free (job);
}

/* A title as a file name: what file systems or shells would trip over becomes a space. */
static char *
to_file_name (const char *title)
{
  g_autofree char *name = g_strdup (title);

  for (char *c = name; *c != '\0'; c++) {
    if (strchr ("/\\:*?\"<>|", *c) != NULL || g_ascii_iscntrl (*c))
      *c = ' ';
  }
  g_strstrip (name);
  if (strlen (name) > 180) {
    const char *end = g_utf8_find_prev_char (name, name + 180);

    name[end != NULL ? end - name : 0] = '\0';
  }
  return *name != '\0' && *name != '.' ? g_steal_pointer (&name) : g_strdup ("Régie");
}

static GDateTime *
get_time (ShowExportJob *job, gint64 recorded_ms)
{
  g_autoptr (GDateTime) began = g_date_time_new_from_unix_local (job->started_us / G_USEC_PER_SEC);

  return began != NULL
           ? g_date_time_add (began, recorded_ms * 1000 + job->started_us % G_USEC_PER_SEC)
           : g_date_time_new_now_local ();
}

/* Such as `2026-11-22 1400 Title.mp4`, and none that is there. */
static char *
choose_path (ShowExportJob *job)
{
  g_autoptr (GDateTime) time = get_time (job, job->start_ms);
  g_autofree char *date = g_date_time_format (time, "%Y-%m-%d %H%M");
  g_autofree char *name = to_file_name (job->title);
  g_autofree char *folder = g_path_get_dirname (job->log_path);

  for (guint n = 1;; n++) {
    g_autofree char *number = n > 1 ? g_strdup_printf (" (%u)", n) : g_strdup ("");
    g_autofree char *file = g_strdup_printf ("%s %s%s.mp4", date, name, number);
    char *path = g_build_filename (folder, file, NULL);

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      return path;
    g_free (path);
  }
}

static char *
replace_ending (const char *path, const char *ending)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *base = dot != NULL && strchr (dot, G_DIR_SEPARATOR) == NULL
                            ? g_strndup (path, (gsize) (dot - path))
                            : g_strdup (path);

  return g_strconcat (base, ending, NULL);
}

static void
progress_cb (double share, gpointer user_data)
{
  ShowExportJob *job = user_data;

  g_atomic_int_set (&job->permille, (gint) (share * 1000));
}

static EngineMovieWork
get_work (ShowExportJob *job)
{
  const gboolean live = g_atomic_int_get (&job->growing);

  return (EngineMovieWork){ .progress = progress_cb,
                            .user_data = job,
                            .cancellable = job->cancellable,
                            .reserve_bytes = live ? LIVE_RESERVE_BYTES : RESERVE_BYTES,
                            .max_bytes_per_s = live ? LIVE_BYTES_PER_S : 0 };
}

static EngineMovie *
open_movie (ShowExportJob *job, GError **error)
{
  return engine_movie_open ((const char *const *) job->parts,
                            (const gint64 *) (gpointer) job->starts_ns->data, job->cancellable,
                            error);
}

/* With a keyframe after the talk's end, unless the recording has stopped. */
static EngineMovie *
open_until_end (ShowExportJob *job, GError **error)
{
  for (guint i = 0;; i++) {
    const gboolean growing = g_atomic_int_get (&job->growing);
    g_autoptr (EngineMovie) movie = open_movie (job, error);

    if (movie == NULL)
      return NULL;
    const gint64 end_ms = engine_movie_get_duration_ms (movie);
    const gint64 last_ms = engine_movie_snap (movie, end_ms, FALSE);
    if (!growing || i >= MAX_LOOKS || job->end_ms < 0 ||
        engine_movie_to_recording_ms (movie, last_ms) >= job->end_ms)
      return g_steal_pointer (&movie);
    g_usleep (LOOK_MS * 1000);
    if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
      return NULL;
  }
}

static EngineMovieTags *
make_tags (ShowExportJob *job, EngineMovie *movie)
{
  EngineMovieTags *tags = engine_movie_tags_new ();
  g_autoptr (GDateTime) time = get_time (job, job->start_ms);

  tags->title = g_strdup (job->title);
  tags->artist = g_strdup (job->speakers);
  tags->album = g_strdup (job->event);
  tags->date = g_date_time_format (time, "%F");
  tags->language = g_strdup (job->language);
  tags->created_s = g_date_time_to_unix (time);
  for (guint i = 0; i < job->chapters->len; i++) {
    const EngineMovieChapter *chapter = job->chapters->pdata[i];

    engine_movie_tags_add_chapter (tags, engine_movie_from_recording_ms (movie, chapter->start_ms),
                                   chapter->title);
  }
  return tags;
}

/* A film without a thumbnail is a film: what went wrong is only noted. */
static GBytes *
draw_cover (ShowExportJob *job, EngineMovie *movie, gint64 start_ms, gint64 end_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineFrame) frame =
    engine_movie_draw_cover (movie, start_ms, end_ms, COVER_WIDTH_PX, job->cancellable, &error);
  GBytes *jpeg = frame != NULL ? engine_movie_frame_to_jpeg (frame, &error) : NULL;

  if (jpeg == NULL)
    g_message ("“%s” has no thumbnail: %s", job->title, error->message);
  return jpeg;
}

static void
write_file (const char *film, const char *ending, const char *data, gsize size)
{
  g_autofree char *path = replace_ending (film, ending);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
                                 &error))
    g_message ("%s", error->message);
}

/* What lies beside the film: its thumbnail, and what to say of it. */
static void
write_company (ShowExportJob *job, const EngineMovieTags *tags, GBytes *cover, gint64 offset_ms)
{
  g_autoptr (GPtrArray) chapters = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDateTime) date = get_time (job, job->start_ms);
  const ShowExportText about = { .title = job->title,
                                 .speakers = job->speakers,
                                 .affiliation = job->affiliation,
                                 .event = job->event,
                                 .language = job->language,
                                 .date = date,
                                 .chapters = chapters };
  g_autofree char *text = NULL;

  /* A list of one says nothing. */
  for (guint i = 0; tags->chapters->len > 1 && i < tags->chapters->len; i++) {
    EngineMovieChapter *chapter = g_memdup2 (tags->chapters->pdata[i], sizeof *chapter);

    chapter->start_ms = MAX (chapter->start_ms - offset_ms, 0);
    g_ptr_array_add (chapters, chapter);
  }
  text = show_export_text_make (&about);
  write_file (job->path, ".txt", text, strlen (text));
  if (cover != NULL)
    write_file (job->path, ".jpg", g_bytes_get_data (cover, NULL), g_bytes_get_size (cover));
}

static gboolean
export_talk (ShowExportJob *job, GError **error)
{
  g_autoptr (EngineMovie) movie = open_until_end (job, error);
  g_autoptr (EngineMovieTags) tags = NULL;
  g_autofree char *path = NULL;
  EngineMovieWork work = { 0 };
  gint64 start_ms = 0, end_ms = 0;

  if (movie == NULL)
    return FALSE;
  start_ms =
    engine_movie_snap (movie, engine_movie_from_recording_ms (movie, job->start_ms), FALSE);
  end_ms = engine_movie_get_duration_ms (movie);
  if (job->end_ms >= 0)
    end_ms =
      MIN (end_ms,
           engine_movie_snap (movie, engine_movie_from_recording_ms (movie, job->end_ms), TRUE));
  tags = make_tags (job, movie);
  tags->cover = draw_cover (job, movie, start_ms, end_ms);
  work = get_work (job);
  /* The former file stays until the new one is whole. */
  path = job->old_path != NULL ? g_strconcat (job->old_path, ".new", NULL) : choose_path (job);
  if (job->old_path != NULL)
    g_unlink (path);
  if (!engine_movie_write (movie, path, start_ms, end_ms, tags, &work, error))
    return FALSE;
  if (job->old_path != NULL && g_rename (path, job->old_path) != 0) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE, "“%s” cannot be replaced: %s",
                 job->old_path, g_strerror (errno));
    return FALSE;
  }
  job->path = g_strdup (job->old_path != NULL ? job->old_path : path);
  job->duration_ms = end_ms - start_ms;
  job->from_ms = engine_movie_to_recording_ms (movie, start_ms);
  job->to_ms = job->from_ms + job->duration_ms;
  write_company (job, tags, tags->cover, start_ms);
  return TRUE;
}

/* Every file becomes an ordinary one where it is; they stay as many as they are. */
static gboolean
finish_each (ShowExportJob *job, const EngineMovieTags *tags, GError **error)
{
  g_autoptr (EngineMovieTags) bare = engine_movie_tags_new ();
  const EngineMovieWork work = get_work (job);
  const gboolean one = g_strv_length (job->parts) == 1;

  bare->title = g_strdup (tags->title);
  bare->album = g_strdup (tags->album);
  bare->date = g_strdup (tags->date);
  bare->language = g_strdup (tags->language);
  bare->created_s = tags->created_s;
  for (guint i = 0; job->parts[i] != NULL; i++) {
    const char *const path[] = { job->parts[i], NULL };
    g_autoptr (GError) unreadable = NULL;
    g_autoptr (EngineMovie) movie = engine_movie_open (path, NULL, job->cancellable, &unreadable);

    /* Nothing is in it that could be saved; it stays, as nothing is ever thrown away by itself. */
    if (movie == NULL) {
      g_message ("%s", unreadable->message);
      continue;
    }
    if (!engine_movie_finish (movie, one ? tags : bare, &work, error))
      return FALSE;
  }
  return TRUE;
}

/* The whole lies under a name of its own until the parts that it has in it are gone: whatever happens
 * meanwhile, this goes on from there. */
static gboolean
take_place (ShowExportJob *job, EngineMovie *movie, const char *whole, GError **error)
{
  /* What could not be read is not in it, and stays. */
  if (movie != NULL && engine_movie_get_part_duration_ms (movie, 0) == 0) {
    g_autofree char *aside = g_strconcat (job->parts[0], ".unreadable", NULL);

    g_rename (job->parts[0], aside);
  }
  for (guint i = 1; job->parts[i] != NULL; i++) {
    if (movie != NULL && engine_movie_get_part_duration_ms (movie, i) == 0)
      continue;
    if (g_unlink (job->parts[i]) != 0 && errno != ENOENT) {
      g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE, "“%s” cannot be removed: %s",
                   job->parts[i], g_strerror (errno));
      return FALSE;
    }
  }
  if (g_rename (whole, job->parts[0]) == 0)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE, "“%s” cannot be replaced: %s",
               job->parts[0], g_strerror (errno));
  return FALSE;
}

static void
keep_only_first (ShowExportJob *job)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, job->parts[0]);
  g_clear_pointer (&job->left, g_strfreev);
  job->left = g_strv_builder_end (builder);
}

static gboolean
is_ordinary (const char *path)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (EngineMovie) movie =
    g_file_test (path, G_FILE_TEST_EXISTS) ? engine_movie_open (paths, NULL, NULL, NULL) : NULL;

  return movie != NULL && engine_movie_get_ordinary (movie);
}

static gboolean
others_are_gone (ShowExportJob *job)
{
  for (guint i = 1; job->parts[i] != NULL; i++) {
    if (g_file_test (job->parts[i], G_FILE_TEST_EXISTS))
      return FALSE;
  }
  return TRUE;
}

/* Fails when the files cannot become one here: other sizes, no room, or a disk that knows no files as
 * large as that. */
static gboolean
join (ShowExportJob *job, EngineMovie *movie, const EngineMovieTags *tags, GError **error)
{
  g_autofree char *whole = replace_ending (job->parts[0], ".whole.mp4");
  const EngineMovieWork work = get_work (job);

  if (!is_ordinary (whole)) {
    g_unlink (whole);
    if (!engine_movie_write (movie, whole, 0, -1, tags, &work, error))
      return FALSE;
  }
  if (!take_place (job, movie, whole, error))
    return FALSE;
  keep_only_first (job);
  return TRUE;
}

/* A part whose disk is not here now must not be left out, nor its folder be written. */
static gboolean
all_are_there (ShowExportJob *job, GError **error)
{
  for (guint i = 0; job->parts[i] != NULL; i++) {
    if (g_file_test (job->parts[i], G_FILE_TEST_EXISTS))
      continue;
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” is not there", job->parts[i]);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_why_not_one (const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL);
}

static gboolean
finish_movie (ShowExportJob *job, EngineMovie *movie, GError **error)
{
  g_autoptr (EngineMovieTags) tags = make_tags (job, movie);
  g_autoptr (GError) why = NULL;
  /* Only beside it: to programs that cut, a picture in it is a second film. */
  g_autoptr (GBytes) cover = draw_cover (job, movie, 0, -1);

  job->duration_ms = engine_movie_get_duration_ms (movie);
  job->repaired = engine_movie_get_damaged (movie);
  if (job->parts[1] == NULL || !all_are_there (job, &why) || !join (job, movie, tags, &why)) {
    if (why != NULL && !is_why_not_one (why)) {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
    if (!finish_each (job, tags, error))
      return FALSE;
  }
  job->path = g_strdup (job->parts[0]);
  write_company (job, tags, cover, 0);
  if (why == NULL)
    return TRUE;
  /* They can be watched one after the other, and it is said why. */
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static gboolean
export_recording (ShowExportJob *job, GError **error)
{
  g_autofree char *whole = replace_ending (job->parts[0], ".whole.mp4");
  g_autoptr (EngineMovie) movie = NULL;
  g_autoptr (GError) unlike = NULL;

  if (job->parts[1] != NULL && others_are_gone (job) &&
      (is_ordinary (whole) || is_ordinary (job->parts[0]))) {
    if (is_ordinary (whole) && !take_place (job, NULL, whole, error))
      return FALSE;
    keep_only_first (job);
    job->path = g_strdup (job->parts[0]);
    return TRUE;
  }
  movie = open_movie (job, &unlike);
  if (movie != NULL)
    return finish_movie (job, movie, error);
  /* Files of which none can follow the other are finished each by itself. */
  if (g_error_matches (unlike, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED) && job->parts[1] != NULL) {
    g_autoptr (EngineMovieTags) tags = engine_movie_tags_new ();

    tags->title = g_strdup (job->title);
    if (finish_each (job, tags, error))
      g_propagate_error (error, g_steal_pointer (&unlike));
    return FALSE;
  }
  g_propagate_error (error, g_steal_pointer (&unlike));
  return FALSE;
}

/**
 * show_export_job_run:
 * @job: what is to be done
 *
 * In a worker's thread. Fails with an `ENGINE_ERROR` or `G_IO_ERROR_CANCELLED`; of a recording that
 * stays in several files for want of room or because they are too different each is an ordinary file all
 * the same.
 *
 * Returns: whether it was done
 */
gboolean
show_export_job_run (ShowExportJob *job, GError **error)
{
  if (job->parts[0] == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "nothing was recorded");
    return FALSE;
  }
  switch (job->kind) {
  case SHOW_EXPORT_TALK:
    return export_talk (job, error);
  case SHOW_EXPORT_RECORDING:
    return export_recording (job, error);
  }
  g_return_val_if_reached (FALSE);
}

/**
 * show_export_job_lock:
 * @path: the first file of a recording
 *
 * Returns: what is to be given back to show_export_job_unlock (); −1 when another Régie has it
 */
int
show_export_job_lock (const char *path)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "regie", NULL);
  g_autofree char *name = g_build_filename (folder, sum, NULL);
  int file = -1;

  /* Not in the recording's folder: an open file would keep its disk from being taken out. */
  g_mkdir_with_parents (folder, 0700);
  file = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return -1;
  if (flock (file, LOCK_EX | LOCK_NB) == 0)
    return file;
  close (file);
  return -1;
}

void
show_export_job_unlock (int lock)
{
  if (lock >= 0)
    close (lock);
}
