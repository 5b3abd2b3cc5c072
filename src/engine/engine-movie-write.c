/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For renameat2 (). */
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine-movie-private.h"

#define TYPE(a, b, c, d) ENGINE_MP4_TYPE (a, b, c, d)

#define BUFFER_BYTES     (1024 * 1024)

/* So much at most waits for the disk, where the recording of a running show has to go as well. */
#define SYNC_BYTES (8 * 1024 * 1024)

/* Whatever is larger with its tables might have places beyond 4 GiB. */
#define LARGE_BYTES  G_GUINT64_CONSTANT (0xe0000000)

#define HEADER_BYTES 16

typedef struct {
  EngineMovie *movie;
  const EngineMovieWork *work;
  const char *path;
  int output;
  int inputs[256]; /* −1: not open yet */
  guint8 *buffer;
  gsize filled;
  guint64 written, total, synced;
  gint64 began_us;
} Copy;

static gboolean
write_at (int file, const guint8 *data, gsize size, guint64 offset)
{
  for (gsize done = 0; done < size;) {
    const gssize n = pwrite (file, data + done, size - done, (off_t) (offset + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      errno = n == 0 ? ENOSPC : errno;
      return FALSE;
    }
    done += (gsize) n;
  }
  return TRUE;
}

/* Leaves the disk, the memory and the processor to those who need them at once. */
static void
be_gentle (Copy *copy)
{
  const guint64 rate = copy->work->max_bytes_per_s;

  if (copy->written - copy->synced >= SYNC_BYTES) {
    fdatasync (copy->output);
    posix_fadvise (copy->output, 0, (off_t) copy->written, POSIX_FADV_DONTNEED);
    copy->synced = copy->written;
  }
  if (rate > 0) {
    const gint64 due_us = copy->began_us + (gint64) (copy->written * G_USEC_PER_SEC / rate);
    const gint64 ahead_us = due_us - g_get_monotonic_time ();

    if (ahead_us > 0)
      g_usleep ((gulong) MIN (ahead_us, G_USEC_PER_SEC));
  }
  if (copy->work->progress != NULL)
    copy->work->progress ((double) copy->written / (double) MAX (copy->total, 1),
                          copy->work->user_data);
}

static gboolean
flush (Copy *copy, GError **error)
{
  if (!write_at (copy->output, copy->buffer, copy->filled, copy->written))
    return _engine_movie_set_io_error (error, errno, copy->path);
  copy->written += copy->filled;
  copy->filled = 0;
  be_gentle (copy);
  return !g_cancellable_set_error_if_cancelled (copy->work->cancellable, error);
}

static int
open_input (Copy *copy, guint8 part)
{
  EngineMoviePart *from = copy->movie->parts->pdata[part];

  if (copy->inputs[part] < 0)
    copy->inputs[part] = open (from->path, O_RDONLY | O_CLOEXEC);
  return copy->inputs[part];
}

static gboolean
read_input (Copy *copy, guint8 part, guint64 offset, guint8 *data, gsize size, GError **error)
{
  EngineMoviePart *from = copy->movie->parts->pdata[part];
  const int file = open_input (copy, part);

  for (gsize done = 0; done < size;) {
    const gssize n =
      file >= 0 ? pread (file, data + done, size - done, (off_t) (offset + done)) : -1;

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” cannot be read any more: %s",
                   from->path, n == 0 ? "it has become shorter" : g_strerror (errno));
      return FALSE;
    }
    done += (gsize) n;
  }
  return TRUE;
}

static gboolean
copy_bytes (Copy *copy, EngineMp4Plan *plan, guint8 part, guint64 offset, guint64 size,
            GError **error)
{
  while (size > 0) {
    const gsize n = (gsize) MIN (size, BUFFER_BYTES - copy->filled);

    if (part == ENGINE_MP4_MEMORY)
      memcpy (copy->buffer + copy->filled, plan->memory->data + offset, n);
    else if (!read_input (copy, part, offset, copy->buffer + copy->filled, n, error))
      return FALSE;
    copy->filled += n;
    offset += n;
    size -= n;
    if (copy->filled == BUFFER_BYTES && !flush (copy, error))
      return FALSE;
  }
  return TRUE;
}

/* What lies side by side in the old file is read at once. */
static gboolean
copy_chunk (Copy *copy, EngineMp4Plan *plan, const EngineMp4Chunk *chunk, GError **error)
{
  EngineMp4Track *track = plan->tracks->pdata[chunk->track];
  const EngineMp4Sample *first = &g_array_index (track->samples, EngineMp4Sample, chunk->first);
  guint64 offset = first->offset, size = first->size;
  guint8 part = first->part;

  for (guint i = 1; i < chunk->n; i++) {
    const EngineMp4Sample *sample =
      &g_array_index (track->samples, EngineMp4Sample, chunk->first + i);

    if (sample->part != part || sample->offset != offset + size) {
      if (!copy_bytes (copy, plan, part, offset, size, error))
        return FALSE;
      part = sample->part;
      offset = sample->offset;
      size = 0;
    }
    size += sample->size;
  }
  return copy_bytes (copy, plan, part, offset, size, error);
}

static void
put_ftyp (GByteArray *bytes)
{
  const guint box = engine_mp4_open_box (bytes, TYPE ('f', 't', 'y', 'p'));

  engine_mp4_put_string (bytes, "isom");
  engine_mp4_put_u32 (bytes, 0x200);
  engine_mp4_put_string (bytes, "isomiso2avc1mp41");
  engine_mp4_close_box (bytes, box);
}

/* All that comes before the samples; its tables come first, so that a player need not look for them. */
static GByteArray *
make_head (EngineMp4Plan *plan, guint64 n_bytes)
{
  GByteArray *head = g_byte_array_new ();
  guint at = 0;

  plan->large = n_bytes > LARGE_BYTES;
  put_ftyp (head);
  at = head->len;
  engine_mp4_plan_put_moov (plan, head);
  engine_mp4_plan_set_begin (plan, head->len + HEADER_BYTES);
  g_byte_array_set_size (head, at);
  engine_mp4_plan_put_moov (plan, head);
  engine_mp4_put_u32 (head, 1);
  engine_mp4_put_u32 (head, TYPE ('m', 'd', 'a', 't'));
  engine_mp4_put_u64 (head, n_bytes + HEADER_BYTES);
  return head;
}

static gboolean
check_room (int file, const char *path, guint64 n_bytes, guint64 reserve, GError **error)
{
  struct statvfs info;
  guint64 free_bytes = 0;

  if (fstatvfs (file, &info) != 0)
    return TRUE; /* then writing will tell */
  free_bytes = (guint64) info.f_bavail * info.f_frsize;
  if (free_bytes >= n_bytes + reserve)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL,
               "there is no room for “%s”: it needs %" G_GUINT64_FORMAT " bytes", path, n_bytes);
  return FALSE;
}

static gboolean
copy_all (Copy *copy, EngineMp4Plan *plan, GError **error)
{
  const guint64 n_bytes = engine_mp4_plan_get_bytes (plan);
  g_autoptr (GByteArray) head = make_head (plan, n_bytes);

  copy->total = head->len + n_bytes;
  copy->began_us = g_get_monotonic_time ();
  if (!check_room (copy->output, copy->path, copy->total, copy->work->reserve_bytes, error))
    return FALSE;
  if (!write_at (copy->output, head->data, head->len, 0))
    return _engine_movie_set_io_error (error, errno, copy->path);
  copy->written = head->len;
  for (guint i = 0; i < plan->chunks->len; i++) {
    if (!copy_chunk (copy, plan, &g_array_index (plan->chunks, EngineMp4Chunk, i), error))
      return FALSE;
  }
  if (!flush (copy, error))
    return FALSE;
  if (fsync (copy->output) != 0)
    return _engine_movie_set_io_error (error, errno, copy->path);
  return TRUE;
}

static gboolean
verify (EngineMp4Plan *plan, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (EngineMp4Index) index = engine_mp4_index_read (path, cancellable, error);

  if (index == NULL)
    return FALSE;
  if (engine_mp4_plan_matches (plan, index))
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "“%s” is not what was to be written",
               path);
  return FALSE;
}

/* The name itself is on the disk, too. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const int file = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (file < 0)
    return;
  fsync (file);
  close (file);
}

static gboolean
give_name (const char *from, const char *to, GError **error)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
    /* Not every file system can be told not to replace. */
    if (errno != EINVAL && errno != ENOSYS)
      return _engine_movie_set_io_error (error, errno, to);
    if (g_file_test (to, G_FILE_TEST_EXISTS))
      return _engine_movie_set_io_error (error, EEXIST, to);
    if (g_rename (from, to) != 0)
      return _engine_movie_set_io_error (error, errno, to);
  }
  sync_folder (to);
  return TRUE;
}

static gboolean
write_plan (EngineMovie *self, EngineMp4Plan *plan, const char *path, const EngineMovieWork *work,
            GError **error)
{
  g_autofree char *unfinished = g_strconcat (path, ".part", NULL);
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  Copy copy = { .movie = self, .work = work, .path = unfinished, .buffer = buffer };
  gboolean written = FALSE;

  g_unlink (unfinished); /* of a try that was interrupted */
  copy.output = open (unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (copy.output < 0)
    return _engine_movie_set_io_error (error, errno, unfinished);
  for (guint i = 0; i < G_N_ELEMENTS (copy.inputs); i++)
    copy.inputs[i] = -1;
  engine_mp4_plan_interleave (plan);
  written = copy_all (&copy, plan, error);
  if (close (copy.output) != 0 && written)
    written = _engine_movie_set_io_error (error, errno, unfinished);
  for (guint i = 0; i < G_N_ELEMENTS (copy.inputs); i++) {
    if (copy.inputs[i] >= 0)
      close (copy.inputs[i]);
  }
  if (written && verify (plan, unfinished, work->cancellable, error) &&
      give_name (unfinished, path, error))
    return TRUE;
  g_unlink (unfinished);
  return FALSE;
}

static EngineMovieTags *
copy_tags (const EngineMovieTags *tags)
{
  EngineMovieTags *copy = engine_movie_tags_new ();

  copy->title = g_strdup (tags->title);
  copy->artist = g_strdup (tags->artist);
  copy->album = g_strdup (tags->album);
  copy->date = g_strdup (tags->date);
  copy->comment = g_strdup (tags->comment);
  copy->language = g_strdup (tags->language);
  copy->created_s = tags->created_s;
  copy->cover = tags->cover != NULL ? g_bytes_ref (tags->cover) : NULL;
  for (guint i = 0; i < tags->chapters->len; i++) {
    const EngineMovieChapter *chapter = tags->chapters->pdata[i];

    engine_movie_tags_add_chapter (copy, chapter->start_ms, chapter->title);
  }
  return copy;
}

/**
 * engine_movie_write:
 * @self: a movie
 * @path: a file that does not exist
 * @start_ms: from here, or from the keyframe before
 * @end_ms: up to here, or to the keyframe after; −1 for the end
 * @tags: what it says of itself; its chapters are in the time of @self
 * @work: how it is done
 *
 * Writes an ordinary MP4 with the same samples. The file is there when it is whole, on the disk and
 * was read again. Fails with %ENGINE_ERROR_DISK_FULL, %ENGINE_ERROR_UNWRITABLE, with
 * %ENGINE_ERROR_UNSUPPORTED where files cannot be that large, with %ENGINE_ERROR_NOT_FOUND when there
 * is nothing between the two times, or with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether the file is there
 */
gboolean
engine_movie_write (EngineMovie *self, const char *path, gint64 start_ms, gint64 end_ms,
                    const EngineMovieTags *tags, const EngineMovieWork *work, GError **error)
{
  g_autoptr (EngineMovieTags) own_tags = NULL;
  g_autoptr (EngineMp4Plan) plan = NULL;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), FALSE);
  g_return_val_if_fail (path != NULL && tags != NULL && work != NULL, FALSE);

  own_tags = copy_tags (tags);
  plan = _engine_movie_cut (self, start_ms, end_ms, own_tags);
  if (plan == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
                 "nothing was recorded between the two times");
    return FALSE;
  }
  return write_plan (self, plan, path, work, error);
}

/* Behind the last sample that is any good. */
static guint64
find_end (EngineMovie *self)
{
  guint64 end = 0;

  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    for (guint k = 0; k < track->samples->len; k++) {
      const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, k);

      end = MAX (end, sample->offset + sample->size);
    }
  }
  return end;
}

/* What is appended: the names of chapters, and the tables. */
static GByteArray *
make_tail (EngineMp4Plan *plan, guint64 end)
{
  GByteArray *tail = g_byte_array_new ();
  const guint box = engine_mp4_open_box (tail, TYPE ('m', 'd', 'a', 't'));

  engine_mp4_plan_keep_places (plan, end + tail->len);
  if (plan->memory->len > 0)
    g_byte_array_append (tail, plan->memory->data, plan->memory->len);
  engine_mp4_close_box (tail, box);
  engine_mp4_plan_put_moov (plan, tail);
  return tail;
}

/* The tables of fragments and all fragments become the contents of one box: their own samples stay
 * where they are. Sixteen bytes in one sector make the difference. */
static gboolean
switch_over (int file, EngineMoviePart *part, guint64 mdat_end, guint8 *old, GError **error)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();

  engine_mp4_put_u32 (header, 1);
  engine_mp4_put_u32 (header, TYPE ('m', 'd', 'a', 't'));
  engine_mp4_put_u64 (header, mdat_end - part->moov_offset);
  if (pread (file, old, HEADER_BYTES, (off_t) part->moov_offset) != HEADER_BYTES ||
      fsync (file) != 0 || !write_at (file, header->data, HEADER_BYTES, part->moov_offset) ||
      fsync (file) != 0)
    return _engine_movie_set_io_error (error, errno, part->path);
  return TRUE;
}

static gboolean
finish_file (EngineMovie *self, int file, EngineMp4Plan *plan, const EngineMovieWork *work,
             GError **error)
{
  EngineMoviePart *part = self->parts->pdata[0];
  const guint64 end = find_end (self);
  g_autoptr (GByteArray) tail = make_tail (plan, end);
  guint8 old[HEADER_BYTES] = { 0 };
  struct stat info;
  guint64 mdat_end = end + 8 + plan->memory->len;

  if (fstat (file, &info) != 0 || (guint64) info.st_size != part->size) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE, "“%s” is still being written",
                 part->path);
    return FALSE;
  }
  if (!check_room (file, part->path, tail->len, 0, error))
    return FALSE;
  /* What is cut off is no sample, or not all of one. */
  if (ftruncate (file, (off_t) end) != 0)
    return _engine_movie_set_io_error (error, errno, part->path);
  if (!write_at (file, tail->data, tail->len, end)) {
    const int number = errno;

    if (ftruncate (file, (off_t) end) != 0)
      g_debug ("“%s” keeps a tail that no player reads", part->path);
    return _engine_movie_set_io_error (error, number, part->path);
  }
  if (!switch_over (file, part, mdat_end, old, error))
    return FALSE;
  if (verify (plan, part->path, work->cancellable, error))
    return TRUE;
  if (!write_at (file, old, HEADER_BYTES, part->moov_offset) || ftruncate (file, (off_t) end) != 0)
    g_warning ("“%s” could not be put back as it was", part->path);
  return FALSE;
}

/**
 * engine_movie_finish:
 * @self: a movie of one file in fragments, which nobody writes any more
 * @tags: what it says of itself
 * @work: how it is done
 *
 * Makes the file an ordinary MP4 where it is: no sample is copied or moved, only tables are appended,
 * so that it takes no time and no room. An interruption at any moment leaves a file that can be played
 * and finished again. Fails with %ENGINE_ERROR_DISK_FULL, %ENGINE_ERROR_UNWRITABLE or
 * %ENGINE_ERROR_STREAM; the file is as it was then, but for a broken end.
 *
 * Returns: whether it is an ordinary MP4 now
 */
gboolean
engine_movie_finish (EngineMovie *self, const EngineMovieTags *tags, const EngineMovieWork *work,
                     GError **error)
{
  g_autoptr (EngineMovieTags) own_tags = NULL;
  g_autoptr (EngineMp4Plan) plan = NULL;
  EngineMoviePart *part = NULL;
  gboolean finished = FALSE;
  int file = -1;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self) && self->parts->len == 1, FALSE);

  part = self->parts->pdata[0];
  if (part->ordinary)
    return TRUE;
  own_tags = copy_tags (tags);
  plan = _engine_movie_cut (self, 0, -1, own_tags);
  file = open (part->path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    return _engine_movie_set_io_error (error, errno, part->path);
  finished = finish_file (self, file, plan, work, error); /* all of it is never nothing */
  close (file);
  return finished;
}
