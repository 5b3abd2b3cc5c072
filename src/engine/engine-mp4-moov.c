/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-mp4-index.h"

/* The box “moov”: which tracks there are and, unless they come in fragments, where each sample is. */

#define TYPE(a, b, c, d) ENGINE_MP4_TYPE (a, b, c, d)

#define MAX_TRACKS       32
#define MAX_ENTRIES      64
#define MAX_EDITS        64

/* Its tables; each is read only as far as there are samples. */
typedef struct {
  EngineMp4Reader stsz, stsc, stts, ctts, stss, chunks;
  gboolean has_ctts, has_stss, large;
} Tables;

static guint64
read_time (EngineMp4Reader *reader, guint8 version)
{
  return version == 1 ? engine_mp4_read_u64 (reader) : engine_mp4_read_u32 (reader);
}

static guint8
read_version (EngineMp4Reader *reader)
{
  return (guint8) (engine_mp4_read_u32 (reader) >> 24);
}

static void
parse_tkhd (EngineMp4Track *track, EngineMp4Reader body)
{
  const guint8 version = read_version (&body);

  read_time (&body, version);
  read_time (&body, version);
  track->id = engine_mp4_read_u32 (&body);
  engine_mp4_read_bytes (&body, version == 1 ? 12 : 8);
  engine_mp4_read_bytes (&body, 8 + 8 + 36);
  track->width_px = (guint16) (engine_mp4_read_u32 (&body) >> 16);
  track->height_px = (guint16) (engine_mp4_read_u32 (&body) >> 16);
}

static void
parse_mdhd (EngineMp4Track *track, EngineMp4Reader body)
{
  const guint8 version = read_version (&body);

  read_time (&body, version);
  read_time (&body, version);
  track->timescale = engine_mp4_read_u32 (&body);
}

/* Only what moves the beginning of a track: one stretch of it, perhaps after an empty one. */
static void
parse_elst (EngineMp4Track *track, EngineMp4Reader body, guint32 movie_timescale)
{
  const guint8 version = read_version (&body);
  const guint32 n = engine_mp4_read_u32 (&body);

  for (guint32 i = 0; i < MIN (n, MAX_EDITS); i++) {
    const guint64 duration = read_time (&body, version);
    const gint64 media_time =
      version == 1 ? (gint64) engine_mp4_read_u64 (&body) : (gint32) engine_mp4_read_u32 (&body);

    engine_mp4_read_u32 (&body); /* the rate */
    if (body.failed || duration > G_MAXINT32 || media_time < -1 || media_time > G_MAXINT32)
      return;
    if (media_time >= 0) {
      track->start -= media_time;
      return;
    }
    if (movie_timescale > 0)
      track->start += (gint64) (duration * track->timescale / movie_timescale);
  }
}

static gboolean
parse_stsd (EngineMp4Track *track, EngineMp4Reader body)
{
  EngineMp4Reader entry = { 0 };
  guint32 type = 0, n = 0;

  engine_mp4_read_u32 (&body);
  n = engine_mp4_read_u32 (&body);
  for (guint32 i = 0; i < MIN (n, MAX_ENTRIES); i++) {
    const gsize at = body.at;

    if (!engine_mp4_read_box (&body, &type, &entry))
      return FALSE;
    g_ptr_array_add (track->entries, g_bytes_new (body.data + at, body.at - at));
  }
  return track->entries->len > 0;
}

static gboolean
read_sizes (EngineMp4Track *track, EngineMp4Reader stsz)
{
  guint32 size = 0, n = 0;

  engine_mp4_read_u32 (&stsz);
  size = engine_mp4_read_u32 (&stsz);
  n = engine_mp4_read_u32 (&stsz);
  if (n > ENGINE_MP4_MAX_SAMPLES || (size == 0 && n > (stsz.size - stsz.at) / 4))
    return FALSE;
  for (guint32 i = 0; i < n && !stsz.failed; i++) {
    const EngineMp4Sample sample = { .size = size != 0 ? size : engine_mp4_read_u32 (&stsz),
                                     .sync = TRUE };

    g_array_append_val (track->samples, sample);
  }
  return !stsz.failed;
}

static gboolean
read_places (EngineMp4Track *track, Tables *tables, guint64 file_size)
{
  EngineMp4Reader chunks = tables->chunks, stsc = tables->stsc;
  guint32 n_chunks = 0, n_runs = 0, first = 0, per_chunk = 0, entry = 1;
  guint at = 0;

  engine_mp4_read_u32 (&chunks);
  n_chunks = engine_mp4_read_u32 (&chunks);
  engine_mp4_read_u32 (&stsc);
  n_runs = engine_mp4_read_u32 (&stsc);
  first = n_runs > 0 ? engine_mp4_read_u32 (&stsc) : 0;
  for (guint32 i = 1; i <= n_chunks && at < track->samples->len && !chunks.failed; i++) {
    guint64 offset = tables->large ? engine_mp4_read_u64 (&chunks) : engine_mp4_read_u32 (&chunks);

    if (i == first) {
      per_chunk = engine_mp4_read_u32 (&stsc);
      entry = engine_mp4_read_u32 (&stsc);
      n_runs--;
      first = n_runs > 0 ? engine_mp4_read_u32 (&stsc) : 0;
    }
    if (entry < 1 || entry > track->entries->len)
      return FALSE;
    for (guint32 k = 0; k < per_chunk && at < track->samples->len; k++) {
      EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, at);

      if (offset > file_size || sample->size > file_size - offset)
        break;
      sample->offset = offset;
      sample->entry = (guint8) (entry - 1);
      offset += sample->size;
      at++;
    }
  }
  /* What has no place is not there. */
  g_array_set_size (track->samples, at);
  return !stsc.failed;
}

static void
read_times (EngineMp4Track *track, Tables *tables)
{
  EngineMp4Reader stts = tables->stts, ctts = tables->ctts, stss = tables->stss;
  guint at = 0;

  engine_mp4_read_bytes (&stts, 8);
  while (at < track->samples->len && stts.at < stts.size && !stts.failed) {
    const guint32 n = engine_mp4_read_u32 (&stts), duration = engine_mp4_read_u32 (&stts);

    for (guint32 i = 0; i < n && at < track->samples->len; i++)
      g_array_index (track->samples, EngineMp4Sample, at++).duration = duration;
  }
  engine_mp4_read_bytes (&ctts, 8);
  for (at = 0;
       tables->has_ctts && at < track->samples->len && ctts.at < ctts.size && !ctts.failed;) {
    const guint32 n = engine_mp4_read_u32 (&ctts), shift = engine_mp4_read_u32 (&ctts);

    for (guint32 i = 0; i < n && at < track->samples->len; i++)
      g_array_index (track->samples, EngineMp4Sample, at++).shift = (gint32) shift;
  }
  for (at = 0; tables->has_stss && at < track->samples->len; at++)
    g_array_index (track->samples, EngineMp4Sample, at).sync = FALSE;
  engine_mp4_read_bytes (&stss, 8);
  while (tables->has_stss && stss.at < stss.size && !stss.failed) {
    const guint32 number = engine_mp4_read_u32 (&stss);

    if (number >= 1 && number <= track->samples->len)
      g_array_index (track->samples, EngineMp4Sample, number - 1).sync = TRUE;
  }
}

static gboolean
parse_stbl (EngineMp4Track *track, EngineMp4Reader stbl, guint64 file_size)
{
  Tables tables = { 0 };
  EngineMp4Reader stsd = { 0 };

  if (!engine_mp4_find_box (&stbl, TYPE ('s', 't', 's', 'd'), &stsd) || !parse_stsd (track, stsd) ||
      !engine_mp4_find_box (&stbl, TYPE ('s', 't', 's', 'z'), &tables.stsz) ||
      !engine_mp4_find_box (&stbl, TYPE ('s', 't', 's', 'c'), &tables.stsc) ||
      !engine_mp4_find_box (&stbl, TYPE ('s', 't', 't', 's'), &tables.stts))
    return FALSE;
  tables.large = engine_mp4_find_box (&stbl, TYPE ('c', 'o', '6', '4'), &tables.chunks);
  if (!tables.large && !engine_mp4_find_box (&stbl, TYPE ('s', 't', 'c', 'o'), &tables.chunks))
    return FALSE;
  tables.has_ctts = engine_mp4_find_box (&stbl, TYPE ('c', 't', 't', 's'), &tables.ctts);
  tables.has_stss = engine_mp4_find_box (&stbl, TYPE ('s', 't', 's', 's'), &tables.stss);
  if (!read_sizes (track, tables.stsz) || !read_places (track, &tables, file_size))
    return FALSE;
  read_times (track, &tables);
  return TRUE;
}

static EngineMp4Track *
parse_trak (EngineMp4Reader trak, guint32 movie_timescale, guint64 file_size)
{
  EngineMp4Track *track = g_new0 (EngineMp4Track, 1);
  EngineMp4Reader tkhd, mdia, mdhd, hdlr, minf, stbl, edts, elst;

  track->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  track->samples = g_array_new (FALSE, FALSE, sizeof (EngineMp4Sample));
  if (!engine_mp4_find_box (&trak, TYPE ('t', 'k', 'h', 'd'), &tkhd) ||
      !engine_mp4_find_box (&trak, TYPE ('m', 'd', 'i', 'a'), &mdia) ||
      !engine_mp4_find_box (&mdia, TYPE ('m', 'd', 'h', 'd'), &mdhd) ||
      !engine_mp4_find_box (&mdia, TYPE ('h', 'd', 'l', 'r'), &hdlr) ||
      !engine_mp4_find_box (&mdia, TYPE ('m', 'i', 'n', 'f'), &minf) ||
      !engine_mp4_find_box (&minf, TYPE ('s', 't', 'b', 'l'), &stbl)) {
    engine_mp4_track_free (track);
    return NULL;
  }
  parse_tkhd (track, tkhd);
  parse_mdhd (track, mdhd);
  engine_mp4_read_bytes (&hdlr, 8);
  track->handler = engine_mp4_read_u32 (&hdlr);
  if (track->timescale == 0 || !parse_stbl (track, stbl, file_size)) {
    engine_mp4_track_free (track);
    return NULL;
  }
  if (engine_mp4_find_box (&trak, TYPE ('e', 'd', 't', 's'), &edts) &&
      engine_mp4_find_box (&edts, TYPE ('e', 'l', 's', 't'), &elst))
    parse_elst (track, elst, movie_timescale);
  return track;
}

static void
parse_trex (EngineMp4Index *self, EngineMp4Reader body)
{
  EngineMp4Track *track = NULL;

  engine_mp4_read_u32 (&body);
  track = engine_mp4_index_find_track (self, engine_mp4_read_u32 (&body));
  if (track == NULL)
    return;
  track->default_entry = engine_mp4_read_u32 (&body);
  track->default_duration = engine_mp4_read_u32 (&body);
  track->default_size = engine_mp4_read_u32 (&body);
  track->default_flags = engine_mp4_read_u32 (&body);
}

/**
 * engine_mp4_index_parse_moov:
 * @self: an index without tracks
 * @moov: what the box contains
 * @file_size: beyond which there are no samples
 *
 * Returns: whether there are tracks now
 */
gboolean
engine_mp4_index_parse_moov (EngineMp4Index *self, EngineMp4Reader moov, guint64 file_size)
{
  EngineMp4Reader body = { 0 }, trex = { 0 };
  guint32 type = 0, movie_timescale = 0;

  if (engine_mp4_find_box (&moov, TYPE ('m', 'v', 'h', 'd'), &body)) {
    const guint8 version = read_version (&body);

    read_time (&body, version);
    read_time (&body, version);
    movie_timescale = engine_mp4_read_u32 (&body);
  }
  for (EngineMp4Reader all = moov; engine_mp4_read_box (&all, &type, &body);) {
    EngineMp4Track *track = NULL;

    if (type != TYPE ('t', 'r', 'a', 'k') || self->tracks->len >= MAX_TRACKS)
      continue;
    track = parse_trak (body, movie_timescale, file_size);
    if (track != NULL)
      g_ptr_array_add (self->tracks, track);
  }
  self->fragmented = engine_mp4_find_box (&moov, TYPE ('m', 'v', 'e', 'x'), &body);
  while (self->fragmented && engine_mp4_read_box (&body, &type, &trex)) {
    if (type == TYPE ('t', 'r', 'e', 'x'))
      parse_trex (self, trex);
  }
  return self->tracks->len > 0;
}
