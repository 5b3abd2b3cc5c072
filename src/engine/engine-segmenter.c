/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-segmenter.h"

/* ISO/IEC 14496-12. All numbers are big-endian. */
#define BOX_HEADER_SIZE 8
#define NON_SYNC_SAMPLE 0x00010000

/* Of a run in which each sample has a duration, a size and flags. */
#define TRUN_FLAGS       0x701
#define TRUN_HEADER_SIZE 12
#define TRUN_SAMPLE_SIZE 12

struct _EngineSegmenter {
  EngineSegmenterFunc func;
  gpointer user_data;

  GByteArray *input;   /* what is not yet a whole box */
  GByteArray *init;    /* nullable once told */
  GByteArray *segment; /* the one being filled */
  GByteArray *waiting; /* sound that belongs to the next picture */
  guint32 timescale;   /* of the picture */
  guint32 track;       /* of the picture */
  gint64 begin_us;     /* of the segment being filled; −1 before the first */
  gint64 end_us;       /* of the newest picture in it */
  gboolean in_picture; /* the fragment whose data comes next is the picture's */
};

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

/* The content of the first box of a type within @size bytes of boxes; NULL if there is none. */
static const guint8 *
find_box (const guint8 *data, gsize size, const char *type, gsize *content_size)
{
  while (size >= BOX_HEADER_SIZE) {
    const guint32 box_size = read_u32 (data);

    if (box_size < BOX_HEADER_SIZE || box_size > size)
      return NULL;
    if (memcmp (data + 4, type, 4) == 0) {
      *content_size = box_size - BOX_HEADER_SIZE;
      return data + BOX_HEADER_SIZE;
    }
    data += box_size;
    size -= box_size;
  }
  return NULL;
}

/* As find_box (), down a path such as "mdia/mdhd". */
static const guint8 *
find_path (const guint8 *data, gsize size, const char *path, gsize *content_size)
{
  while (data != NULL && *path != '\0') {
    data = find_box (data, size, path, &size);
    path += path[4] == '/' ? 5 : 4;
  }
  *content_size = size;
  return data;
}

/* Looks for the picture's track in the moov box. */
static void
read_tracks (EngineSegmenter *self, const guint8 *data, gsize size)
{
  while (size >= BOX_HEADER_SIZE) {
    const guint32 box_size = read_u32 (data);
    gsize n = 0;

    if (box_size < BOX_HEADER_SIZE || box_size > size)
      return;
    if (memcmp (data + 4, "trak", 4) == 0) {
      const guint8 *trak = data + BOX_HEADER_SIZE;
      const gsize trak_size = box_size - BOX_HEADER_SIZE;
      const guint8 *handler = find_path (trak, trak_size, "mdia/hdlr", &n);

      if (handler != NULL && n >= 12 && memcmp (handler + 8, "vide", 4) == 0) {
        const guint8 *header = find_path (trak, trak_size, "tkhd", &n);
        if (header != NULL && n >= 24)
          self->track = read_u32 (header + (header[0] == 1 ? 20 : 12));
        const guint8 *media = find_path (trak, trak_size, "mdia/mdhd", &n);
        if (media != NULL && n >= 24)
          self->timescale = read_u32 (media + (media[0] == 1 ? 20 : 12));
      }
    }
    data += box_size;
    size -= box_size;
  }
}

static void
tell_segment (EngineSegmenter *self, gint64 end_us)
{
  GByteArray *segment = self->segment;

  self->segment = g_byte_array_new ();
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (segment);
  self->func (NULL, bytes, end_us - self->begin_us, self->user_data);
}

/* How long the samples of a run last, in the track's units. */
static guint64
sum_durations (const guint8 *run, gsize size)
{
  const guint32 n_samples = read_u32 (run + 4);
  guint64 sum = 0;

  for (guint32 i = 0;
       i < n_samples && TRUN_HEADER_SIZE + (i + 1) * (gsize) TRUN_SAMPLE_SIZE <= size; i++)
    sum += read_u32 (run + TRUN_HEADER_SIZE + i * TRUN_SAMPLE_SIZE);
  return sum;
}

/* A new fragment: whose is it, and does it begin with a keyframe? Then a segment is complete. */
static void
begin_fragment (EngineSegmenter *self, const guint8 *moof, gsize size)
{
  gsize traf_size = 0, n = 0;
  const guint8 *traf = find_path (moof, size, "traf", &traf_size);
  const guint8 *header = traf != NULL ? find_path (traf, traf_size, "tfhd", &n) : NULL;
  guint64 time = 0;

  self->in_picture = header != NULL && n >= 8 && read_u32 (header + 4) == self->track;
  if (!self->in_picture)
    return;
  const guint8 *decode_time = find_path (traf, traf_size, "tfdt", &n);
  if (decode_time != NULL && n >= 8)
    time = decode_time[0] == 1 && n >= 12
             ? (guint64) read_u32 (decode_time + 4) << 32 | read_u32 (decode_time + 8)
             : read_u32 (decode_time + 4);
  const guint8 *run = find_path (traf, traf_size, "trun", &n);
  const gboolean known = run != NULL && n >= TRUN_HEADER_SIZE + TRUN_SAMPLE_SIZE &&
                         (read_u32 (run) & TRUN_FLAGS) == TRUN_FLAGS;
  const gboolean keyframe = known && (read_u32 (run + 20) & NON_SYNC_SAMPLE) == 0;
  if (keyframe) {
    const gint64 time_us =
      self->timescale > 0 ? (gint64) (time * G_USEC_PER_SEC / self->timescale) : 0;

    if (self->begin_us >= 0 && self->segment->len > 0)
      tell_segment (self, time_us);
    self->begin_us = time_us;
  }
  if (known && self->timescale > 0)
    self->end_us = (gint64) ((time + sum_durations (run, n)) * G_USEC_PER_SEC / self->timescale);
  g_byte_array_append (self->segment, self->waiting->data, self->waiting->len);
  g_byte_array_set_size (self->waiting, 0);
}

static void
take_box (EngineSegmenter *self, const guint8 *box, gsize size)
{
  const gboolean moof = memcmp (box + 4, "moof", 4) == 0;

  if (memcmp (box + 4, "ftyp", 4) == 0 || memcmp (box + 4, "moov", 4) == 0) {
    g_byte_array_append (self->init, box, (guint) size);
    if (box[7] == 'v')
      read_tracks (self, box + BOX_HEADER_SIZE, size - BOX_HEADER_SIZE);
    return;
  }
  if (!moof && memcmp (box + 4, "mdat", 4) != 0)
    return; /* the index at the end is of no use in a stream */
  if (self->init->len > 0) {
    g_autoptr (GBytes) init = g_bytes_new (self->init->data, self->init->len);

    g_byte_array_set_size (self->init, 0);
    self->func (init, NULL, 0, self->user_data);
  }
  if (moof)
    begin_fragment (self, box + BOX_HEADER_SIZE, size - BOX_HEADER_SIZE);
  g_byte_array_append (self->in_picture ? self->segment : self->waiting, box, (guint) size);
}

/**
 * engine_segmenter_new:
 * @func: (scope notified): gets the segments, in the thread that pushes
 * @user_data: for @func
 *
 * Returns: (transfer full): a segmenter
 */
EngineSegmenter *
engine_segmenter_new (EngineSegmenterFunc func, gpointer user_data)
{
  EngineSegmenter *self = g_new0 (EngineSegmenter, 1);

  self->func = func;
  self->user_data = user_data;
  self->input = g_byte_array_new ();
  self->init = g_byte_array_new ();
  self->segment = g_byte_array_new ();
  self->waiting = g_byte_array_new ();
  self->begin_us = -1;
  return self;
}

void
engine_segmenter_free (EngineSegmenter *self)
{
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->init);
  g_byte_array_unref (self->segment);
  g_byte_array_unref (self->waiting);
  g_free (self);
}

/**
 * engine_segmenter_push:
 * @self: a segmenter
 * @data: the next bytes of the file
 * @size: how many
 */
void
engine_segmenter_push (EngineSegmenter *self, const guint8 *data, gsize size)
{
  gsize at = 0;

  g_byte_array_append (self->input, data, (guint) size);
  while (self->input->len - at >= BOX_HEADER_SIZE) {
    const guint32 box_size = read_u32 (self->input->data + at);

    if (box_size < BOX_HEADER_SIZE || box_size > self->input->len - at)
      break;
    take_box (self, self->input->data + at, box_size);
    at += box_size;
  }
  if (at > 0)
    g_byte_array_remove_range (self->input, 0, (guint) at);
}

/**
 * engine_segmenter_finish:
 * @self: a segmenter
 *
 * Nothing is pushed any more: tells the segment that is not complete.
 */
void
engine_segmenter_finish (EngineSegmenter *self)
{
  if (self->begin_us < 0 || self->segment->len == 0 || self->end_us <= self->begin_us)
    return;
  g_byte_array_append (self->segment, self->waiting->data, self->waiting->len);
  g_byte_array_set_size (self->waiting, 0);
  tell_segment (self, self->end_us);
  self->begin_us = -1;
}

/**
 * engine_segmenter_describe_codecs:
 * @init: an init segment with H.264 and AAC-LC
 *
 * Returns: (transfer full): what a browser wants to know before it plays, such as
 *   `avc1.640028,mp4a.40.2` (RFC 6381)
 */
char *
engine_segmenter_describe_codecs (GBytes *init)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (init, &size);

  /* The parameters are in a box that is in seven others; no other text in there is “avcC”. */
  for (gsize i = 0; i + 8 <= size; i++) {
    if (memcmp (data + i, "avcC", 4) == 0)
      return g_strdup_printf ("avc1.%02x%02x%02x,mp4a.40.2", data[i + 5], data[i + 6], data[i + 7]);
  }
  return g_strdup ("avc1.640028,mp4a.40.2");
}
