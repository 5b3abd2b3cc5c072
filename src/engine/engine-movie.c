/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gst/gst.h>

#include "engine-movie-private.h"
#include "engine-mp4-join.h"

/* A cut that is asked for this close to a keyframe is meant to be there. */
#define NEAR_NS (5 * GST_MSECOND)

/* Numbers of files are small. */
#define MAX_PARTS 200

/* The first chapter begins with the movie, or it needs one before it. */
#define SAME_MS 1000

/**
 * EngineMovie:
 *
 * A recording on the disk: one file or several that follow each other, each readable as far as it
 * goes, even while it is written. It can be made into an ordinary MP4, whole or from one keyframe to
 * another, and never decodes more than a thumbnail for it. It reads the files once, when it is opened.
 *
 * Any thread, one at a time; it waits for the disk.
 */

G_DEFINE_FINAL_TYPE (EngineMovie, engine_movie, G_TYPE_OBJECT)

static void
part_free (gpointer data)
{
  EngineMoviePart *part = data;

  g_free (part->path);
  g_free (part);
}

static void
engine_movie_finalize (GObject *object)
{
  EngineMovie *self = ENGINE_MOVIE (object);

  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->tracks);
  g_byte_array_unref (self->memory);
  G_OBJECT_CLASS (engine_movie_parent_class)->finalize (object);
}

static void
engine_movie_class_init (EngineMovieClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_movie_finalize;
}

static void
engine_movie_init (EngineMovie *self)
{
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_mp4_track_free);
  self->memory = g_byte_array_new ();
}

gboolean
_engine_movie_set_io_error (GError **error, int number, const char *path)
{
  const EngineError code = number == ENOSPC || number == EDQUOT ? ENGINE_ERROR_DISK_FULL
                           : number == EFBIG                    ? ENGINE_ERROR_UNSUPPORTED
                                                                : ENGINE_ERROR_UNWRITABLE;

  g_set_error (error, ENGINE_ERROR, (int) code, "“%s” cannot be written: %s", path,
               g_strerror (number));
  return FALSE;
}

static EngineMoviePart *
find_part (EngineMovie *self, gint64 time_ns, gboolean recorded)
{
  EngineMoviePart *found = NULL;

  for (guint i = 0; i < self->parts->len; i++) {
    EngineMoviePart *part = self->parts->pdata[i];

    if (found == NULL || (recorded ? part->recorded_ns : part->start_ns) <= time_ns)
      found = part;
  }
  return found;
}

static gint64
from_recording (EngineMovie *self, gint64 recorded_ns)
{
  const EngineMoviePart *part = find_part (self, recorded_ns, TRUE);

  return part != NULL ? part->start_ns + recorded_ns - part->recorded_ns : 0;
}

/* A file of which nothing can be read has no length; the others count. */
static gboolean
add_part (EngineMovie *self, const char *path, gint64 recorded_ns, GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GError) unreadable = NULL;
  g_autoptr (EngineMp4Index) index = engine_mp4_index_read (path, cancellable, &unreadable);
  EngineMoviePart *part = g_new0 (EngineMoviePart, 1);
  gint64 start_ns = recorded_ns >= 0 ? from_recording (self, recorded_ns) : -1;

  part->path = g_strdup (path);
  part->recorded_ns = MAX (recorded_ns, 0);
  g_ptr_array_add (self->parts, part);
  if (index == NULL) {
    part->damaged = TRUE;
    part->start_ns = start_ns = engine_mp4_tracks_get_end_ns (self->tracks);
    if (g_error_matches (unreadable, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&unreadable));
      return FALSE;
    }
    g_debug ("%s", unreadable->message);
    return TRUE;
  }
  part->size = index->size;
  part->moov_offset = index->moov_offset;
  part->ordinary = !index->fragmented;
  part->damaged = index->damaged;
  if (!engine_mp4_join (self->tracks, self->memory, index, (guint8) (self->parts->len - 1),
                        &start_ns, error))
    return FALSE;
  part->start_ns = start_ns;
  if (recorded_ns < 0)
    part->recorded_ns = start_ns;
  if (self->parts->len > 1) {
    EngineMoviePart *before = self->parts->pdata[self->parts->len - 2];

    before->duration_ns = MIN (before->duration_ns, start_ns - before->start_ns);
  }
  part->duration_ns = engine_mp4_tracks_get_end_ns (self->tracks) - start_ns;
  return TRUE;
}

static EngineMp4Track *
find_track (EngineMovie *self, guint32 handler)
{
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    if (track->handler == handler && track->samples->len > 0)
      return track;
  }
  return NULL;
}

EngineMp4Track *
_engine_movie_get_video (EngineMovie *self)
{
  return find_track (self, ENGINE_MP4_VIDEO);
}

/* Where the movie can be cut; without a picture, at every packet of sound. */
static EngineMp4Track *
get_lead (EngineMovie *self)
{
  EngineMp4Track *video = _engine_movie_get_video (self);

  return video != NULL ? video : find_track (self, ENGINE_MP4_AUDIO);
}

/**
 * engine_movie_open:
 * @paths: (array zero-terminated=1): files in the order of time, which may still grow
 * @starts_ns: (nullable): when each begins in the recording; what a file holds after the next one's
 *   begin is there again. `NULL`: each begins where the last one ends
 * @cancellable: (nullable): cancels it
 *
 * Fails with %ENGINE_ERROR_NOT_FOUND when nothing can be read of any file, and with
 * %ENGINE_ERROR_UNSUPPORTED when they cannot become one.
 *
 * Returns: (transfer full) (nullable): what they have in them now
 */
EngineMovie *
engine_movie_open (const char *const *paths, const gint64 *starts_ns, GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (EngineMovie) self = g_object_new (ENGINE_TYPE_MOVIE, NULL);

  for (guint i = 0; paths[i] != NULL && i < MAX_PARTS; i++) {
    if (!add_part (self, paths[i], starts_ns != NULL ? starts_ns[i] : -1, cancellable, error))
      return NULL;
  }
  if (self->tracks->len > 0 && get_lead (self) != NULL)
    return g_steal_pointer (&self);
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
               "nothing can be read of the recording “%s”", paths[0] != NULL ? paths[0] : "");
  return NULL;
}

gint64
engine_movie_get_duration_ms (EngineMovie *self)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self), 0);

  return engine_mp4_tracks_get_end_ns (self->tracks) / GST_MSECOND;
}

guint
engine_movie_get_n_parts (EngineMovie *self)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self), 0);

  return self->parts->len;
}

gint64
engine_movie_get_part_start_ms (EngineMovie *self, guint part)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self) && part < self->parts->len, 0);

  return ((EngineMoviePart *) self->parts->pdata[part])->start_ns / GST_MSECOND;
}

gint64
engine_movie_get_part_duration_ms (EngineMovie *self, guint part)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self) && part < self->parts->len, 0);

  return ((EngineMoviePart *) self->parts->pdata[part])->duration_ns / GST_MSECOND;
}

/**
 * engine_movie_from_recording_ms:
 * @self: a movie whose files' begins are known
 * @recorded_ms: a time in the recording, which went on while nothing was recorded
 *
 * Returns: when that is in the movie, in milliseconds; what was not recorded is at the next file's
 *   begin
 */
gint64
engine_movie_from_recording_ms (EngineMovie *self, gint64 recorded_ms)
{
  const gint64 recorded_ns = recorded_ms * (gint64) GST_MSECOND;
  const EngineMoviePart *part = NULL;
  gint64 time_ns = 0;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), 0);

  part = find_part (self, recorded_ns, TRUE);
  time_ns = part->start_ns + CLAMP (recorded_ns - part->recorded_ns, 0, part->duration_ns);
  return time_ns / (gint64) GST_MSECOND;
}

gint64
engine_movie_to_recording_ms (EngineMovie *self, gint64 time_ms)
{
  const gint64 time_ns = time_ms * (gint64) GST_MSECOND;
  const EngineMoviePart *part = NULL;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), 0);

  part = find_part (self, time_ns, FALSE);
  return (part->recorded_ns + time_ns - part->start_ns) / (gint64) GST_MSECOND;
}

/* Whether the end of a file was missing or wrong. */
gboolean
engine_movie_get_damaged (EngineMovie *self)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self), FALSE);

  for (guint i = 0; i < self->parts->len; i++) {
    if (((EngineMoviePart *) self->parts->pdata[i])->damaged)
      return TRUE;
  }
  return FALSE;
}

/* Whether it is one ordinary MP4 already. */
gboolean
engine_movie_get_ordinary (EngineMovie *self)
{
  g_return_val_if_fail (ENGINE_IS_MOVIE (self), FALSE);

  return self->parts->len == 1 && ((EngineMoviePart *) self->parts->pdata[0])->ordinary;
}

/**
 * engine_movie_get_keyframes:
 * @self: a movie
 *
 * Returns: (transfer full) (element-type gint64): the times at which it can be cut, in milliseconds
 */
GArray *
engine_movie_get_keyframes (EngineMovie *self)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  EngineMp4Track *track = NULL;
  gint64 time = 0;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), times);

  track = get_lead (self);
  time = track->start;
  for (guint i = 0; i < track->samples->len; i++) {
    const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, i);
    const gint64 time_ms = engine_mp4_track_to_ns (track, time + sample->shift) / GST_MSECOND;

    if (sample->sync)
      g_array_append_val (times, time_ms);
    time += sample->duration;
  }
  return times;
}

/* The keyframe where a cut can be, as an index of samples; the end of the track if there is none
 * later. Its time comes with it. */
static guint
find_cut (EngineMp4Track *track, gint64 wanted_ns, gboolean later, gint64 *cut_ns)
{
  gint64 time = track->start;
  guint before = 0;

  *cut_ns = 0;
  for (guint i = 0; i < track->samples->len; i++) {
    const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, i);
    const gint64 ns = engine_mp4_track_to_ns (track, time + sample->shift);

    time += sample->duration;
    if (!sample->sync)
      continue;
    if (later && ns + (gint64) NEAR_NS >= wanted_ns) {
      *cut_ns = ns;
      return i;
    }
    if (!later && ns > wanted_ns + (gint64) NEAR_NS)
      return before;
    before = i;
    *cut_ns = ns;
  }
  if (!later)
    return before;
  *cut_ns = engine_mp4_track_to_ns (track, time);
  return track->samples->len;
}

/**
 * engine_movie_snap:
 * @self: a movie
 * @time_ms: a time in it
 * @later: whether the keyframe at that time or after it is meant, or the one before
 *
 * Returns: where a cut at that time is really made, in milliseconds
 */
gint64
engine_movie_snap (EngineMovie *self, gint64 time_ms, gboolean later)
{
  gint64 cut_ns = 0;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), 0);

  find_cut (get_lead (self), time_ms * (gint64) GST_MSECOND, later, &cut_ns);
  return cut_ns / (gint64) GST_MSECOND;
}

/* All samples that are heard or seen between the two. */
static void
cut_other (EngineMp4Track *track, gint64 start_ns, gint64 end_ns, EngineMp4Track *cut)
{
  gint64 time = track->start;

  for (guint i = 0; i < track->samples->len; i++) {
    const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, i);
    const gint64 begin_ns = engine_mp4_track_to_ns (track, time);
    const gint64 next_ns = engine_mp4_track_to_ns (track, time + sample->duration);

    if (next_ns > start_ns && begin_ns < end_ns) {
      if (cut->samples->len == 0)
        cut->start = time;
      g_array_append_val (cut->samples, *sample);
    }
    time += sample->duration;
  }
}

static void
cut_lead (EngineMp4Track *track, guint first, guint end, EngineMp4Track *cut)
{
  cut->start = track->start;
  for (guint i = 0; i < first; i++)
    cut->start += g_array_index (track->samples, EngineMp4Sample, i).duration;
  g_array_append_vals (cut->samples, &g_array_index (track->samples, EngineMp4Sample, first),
                       end - first);
}

/* Only those that are in it, in its own time; the first one at its begin. */
static void
cut_chapters (EngineMovieTags *tags, gint64 start_ms, gint64 end_ms)
{
  g_autoptr (GPtrArray) all = g_steal_pointer (&tags->chapters);
  EngineMovieChapter *first = NULL;

  tags->chapters = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++) {
    EngineMovieChapter *chapter = all->pdata[i];

    if (chapter->start_ms < end_ms && chapter->start_ms > start_ms - SAME_MS)
      engine_movie_tags_add_chapter (tags, MAX (chapter->start_ms - start_ms, 0), chapter->title);
    g_free (chapter->title);
    g_free (chapter);
  }
  if (tags->chapters->len == 0)
    return;
  first = tags->chapters->pdata[0];
  if (first->start_ms < SAME_MS) {
    first->start_ms = 0;
  } else {
    EngineMovieChapter *before = g_new0 (EngineMovieChapter, 1);

    before->title = g_strdup (tags->title != NULL ? tags->title : "");
    g_ptr_array_insert (tags->chapters, 0, before);
  }
}

/**
 * _engine_movie_cut:
 * @self: a movie
 * @start_ms: from here, or from the keyframe before
 * @end_ms: up to here, or to the keyframe after; −1 for the end
 * @tags: what it says of itself; its chapters are in the time of @self, and change
 *
 * Returns: (transfer full) (nullable): what is to be written; `NULL` when there is nothing
 */
EngineMp4Plan *
_engine_movie_cut (EngineMovie *self, gint64 start_ms, gint64 end_ms, EngineMovieTags *tags)
{
  EngineMp4Track *lead = get_lead (self);
  EngineMp4Plan *plan = NULL;
  gint64 start_ns = 0, end_ns = 0;
  guint first = 0, end = lead->samples->len;

  /* All of it keeps even sound from before the first picture. */
  if (start_ms > 0)
    first = find_cut (lead, start_ms * (gint64) GST_MSECOND, FALSE, &start_ns);
  end_ns = engine_mp4_tracks_get_end_ns (self->tracks);
  if (end_ms >= 0 && end_ms < end_ns / (gint64) GST_MSECOND)
    end = find_cut (lead, end_ms * (gint64) GST_MSECOND, TRUE, &end_ns);
  if (first >= end || end_ns <= start_ns)
    return NULL;
  plan = engine_mp4_plan_new (tags);
  g_byte_array_append (plan->memory, self->memory->data, self->memory->len);
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];
    EngineMp4Track *cut = engine_mp4_track_new_like (track);

    if (track == lead)
      cut_lead (track, first, end, cut);
    else
      cut_other (track, start_ns, end_ns, cut);
    cut->start -=
      (gint64) gst_util_uint64_scale_round ((guint64) start_ns, track->timescale, GST_SECOND);
    /* Some players give up on a track with nothing in it. */
    if (cut->samples->len > 0)
      g_ptr_array_add (plan->tracks, cut);
    else
      engine_mp4_track_free (cut);
  }
  cut_chapters (tags, start_ns / (gint64) GST_MSECOND, end_ns / (gint64) GST_MSECOND);
  engine_mp4_plan_add_chapters (plan);
  return plan;
}
