/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine-mp4-index.h"
#include "engine-types.h"

#define MOOV ENGINE_MP4_TYPE ('m', 'o', 'o', 'v')
#define MOOF ENGINE_MP4_TYPE ('m', 'o', 'o', 'f')
#define AVC1 ENGINE_MP4_TYPE ('a', 'v', 'c', '1')
#define AVC3 ENGINE_MP4_TYPE ('a', 'v', 'c', '3')

/* The tables of a day fit well. */
#define MAX_MOOV_BYTES (256 * 1024 * 1024)
#define MAX_MOOF_BYTES (4 * 1024 * 1024)

/* A picture is smaller. */
#define MAX_PICTURE_BYTES (32 * 1024 * 1024)

/* Every packet of sound has something in its last bytes. */
#define TAIL_BYTES 8

void
engine_mp4_track_free (EngineMp4Track *self)
{
  g_ptr_array_unref (self->entries);
  g_array_unref (self->samples);
  g_free (self);
}

void
engine_mp4_index_free (EngineMp4Index *self)
{
  g_ptr_array_unref (self->tracks);
  g_free (self);
}

EngineMp4Track *
engine_mp4_index_find_track (EngineMp4Index *self, guint32 id)
{
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    if (track->id == id)
      return track;
  }
  return NULL;
}

gint64
engine_mp4_track_get_duration (EngineMp4Track *self)
{
  gint64 duration = 0;

  for (guint i = 0; i < self->samples->len; i++)
    duration += g_array_index (self->samples, EngineMp4Sample, i).duration;
  return duration;
}

static gboolean
read_at (int file, guint64 offset, gpointer data, gsize size)
{
  guint8 *bytes = data;

  for (gsize done = 0; done < size;) {
    const gssize n = pread (file, bytes + done, size - done, (off_t) (offset + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    done += (gsize) n;
  }
  return TRUE;
}

/* A box in the file itself; what is missing of the last one's contents does not matter here. */
static gboolean
read_header (int file, guint64 offset, guint32 *type, guint64 *size, guint *header_size)
{
  guint8 header[16] = { 0 };
  EngineMp4Reader reader = { .data = header, .size = sizeof header };

  if (!read_at (file, offset, header, 8))
    return FALSE;
  *size = engine_mp4_read_u32 (&reader);
  *type = engine_mp4_read_u32 (&reader);
  *header_size = 8;
  if (*size == 1) {
    if (!read_at (file, offset + 8, header + 8, 8))
      return FALSE;
    *size = engine_mp4_read_u64 (&reader);
    *header_size = 16;
  }
  return *size >= *header_size && *size < G_MAXINT64 - offset;
}

static gboolean
parse_box (EngineMp4Index *self, int file, guint64 offset, guint32 type, guint64 size, guint header)
{
  const guint64 max = type == MOOV ? MAX_MOOV_BYTES : MAX_MOOF_BYTES;
  g_autofree guint8 *data = NULL;
  EngineMp4Reader body = { 0 };

  if (size > max || offset + size > self->size)
    return FALSE;
  body.size = (gsize) size - header;
  body.data = data = g_malloc (MAX (body.size, 1));
  if (!read_at (file, offset + header, data, body.size))
    return FALSE;
  if (type == MOOF)
    return self->tracks->len > 0 && engine_mp4_index_parse_moof (self, body, offset, self->size);
  self->moov_offset = offset;
  self->moov_size = size;
  /* A second one is what an interrupted ending left behind: its fragments say the same. */
  return self->tracks->len > 0 || engine_mp4_index_parse_moov (self, body, self->size);
}

static gboolean
walk (EngineMp4Index *self, int file, GCancellable *cancellable, GError **error)
{
  guint64 offset = 0, moov_offset = 0, moov_size = 0;

  while (offset < self->size) {
    guint32 type = 0;
    guint64 size = 0;
    guint header = 0;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (!read_header (file, offset, &type, &size, &header) || type == 0)
      break;
    if ((type == MOOV || type == MOOF) && !parse_box (self, file, offset, type, size, header))
      break;
    if (type == MOOV && moov_size == 0) {
      moov_offset = self->moov_offset;
      moov_size = self->moov_size;
    }
    if (offset + size > self->size)
      break;
    offset += size;
  }
  self->moov_offset = moov_offset;
  self->moov_size = moov_size;
  self->good_end = offset;
  self->damaged = offset < self->size;
  return TRUE;
}

static gboolean
is_avc (EngineMp4Track *track, const EngineMp4Sample *sample)
{
  gsize size = 0;
  const guint8 *entry = NULL;
  EngineMp4Reader reader = { 0 };

  if (sample->entry >= track->entries->len)
    return FALSE;
  entry = g_bytes_get_data (track->entries->pdata[sample->entry], &size);
  reader = (EngineMp4Reader){ .data = entry, .size = size };
  engine_mp4_read_u32 (&reader);
  const guint32 type = engine_mp4_read_u32 (&reader);
  return type == AVC1 || type == AVC3;
}

/* Where the zeros begin that a file may end with: what a power cut left of what was being written. */
static guint64
find_data_end (int file, guint64 size)
{
  guint8 block[4096];

  while (size > 0) {
    const gsize n = (gsize) MIN (size, sizeof block);

    if (!read_at (file, size - n, block, n))
      return size;
    for (gsize i = n; i > 0; i--)
      if (block[i - 1] != 0)
        return size - n + i;
    size -= n;
  }
  return 0;
}

/* After a power cut the end of a file may have its size and not its contents. */
static gboolean
is_whole (EngineMp4Track *track, const EngineMp4Sample *sample, int file, guint64 data_end)
{
  g_autofree guint8 *data = NULL;
  EngineMp4Reader reader = { 0 };
  guint8 any = 0;

  if (sample->size == 0 || sample->size > MAX_PICTURE_BYTES)
    return FALSE;
  data = g_malloc (sample->size);
  if (!read_at (file, sample->offset, data, sample->size))
    return FALSE;
  reader = (EngineMp4Reader){ .data = data, .size = sample->size };
  if (!is_avc (track, sample)) {
    for (guint32 i = sample->size - MIN (sample->size, TAIL_BYTES); i < sample->size; i++)
      any |= data[i];
    /* A packet of AAC never ends with a zero, its last byte has a bit of the end mark; a chapter's name does. */
    return any != 0 &&
           (track->handler != ENGINE_MP4_AUDIO || sample->offset + sample->size <= data_end);
  }
  while (reader.at < reader.size) {
    const guint32 size = engine_mp4_read_u32 (&reader);
    const guint8 *unit = engine_mp4_read_bytes (&reader, size);

    /* It ends with a bit that is set. */
    if (unit == NULL || size == 0 || (unit[0] & 0x80) != 0 || (unit[0] & 0x1f) == 0 ||
        unit[size - 1] == 0)
      return FALSE;
  }
  return !reader.failed;
}

static void
drop_broken_end (EngineMp4Index *self, int file)
{
  const guint64 data_end = find_data_end (file, self->size);

  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    while (track->samples->len > 0 &&
           !is_whole (track,
                      &g_array_index (track->samples, EngineMp4Sample, track->samples->len - 1),
                      file, data_end)) {
      g_array_set_size (track->samples, track->samples->len - 1);
      self->damaged = TRUE;
    }
  }
}

static gboolean
has_samples (EngineMp4Index *self)
{
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    if (track->samples->len > 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_file (EngineMp4Index *self, int file, const char *path, GCancellable *cancellable,
           GError **error)
{
  struct stat info;

  if (fstat (file, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” is not a file", path);
    return FALSE;
  }
  self->size = (guint64) info.st_size;
  if (!walk (self, file, cancellable, error))
    return FALSE;
  drop_broken_end (self, file);
  if (has_samples (self))
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "there is no picture and no sound in “%s” that can be read", path);
  return FALSE;
}

/**
 * engine_mp4_index_read:
 * @path: a file, which may be growing
 * @cancellable: (nullable): cancels it
 *
 * Blocks as long as the disk does. Fails with %ENGINE_ERROR_NOT_FOUND, or with
 * %ENGINE_ERROR_UNSUPPORTED when it is no MP4 or nothing can be saved of it.
 *
 * Returns: (transfer full) (nullable): what is in the file
 */
EngineMp4Index *
engine_mp4_index_read (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (EngineMp4Index) self = g_new0 (EngineMp4Index, 1);
  const int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gboolean read = FALSE;

  self->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_mp4_track_free);
  if (file < 0) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” cannot be read: %s", path,
                 g_strerror (errno));
    return NULL;
  }
  read = read_file (self, file, path, cancellable, error);
  close (file);
  return read ? g_steal_pointer (&self) : NULL;
}
