/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-mp4-index.h"

/* The box “moof”: where the samples of one fragment are. */

#define TYPE(a, b, c, d)   ENGINE_MP4_TYPE (a, b, c, d)

#define TFHD_BASE_OFFSET   0x000001
#define TFHD_ENTRY         0x000002
#define TFHD_DURATION      0x000008
#define TFHD_SIZE          0x000010
#define TFHD_FLAGS         0x000020

#define TRUN_OFFSET        0x000001
#define TRUN_FIRST_FLAGS   0x000004
#define TRUN_DURATION      0x000100
#define TRUN_SIZE          0x000200
#define TRUN_FLAGS         0x000400
#define TRUN_SHIFT         0x000800

#define SAMPLE_IS_NOT_SYNC 0x010000

/* A hole in time that is longer than a day is a number that is wrong. */
#define MAX_HOLE_S 86400

typedef struct {
  EngineMp4Track *track;
  guint64 base;
  guint64 next; /* where the samples of the next run begin if it does not say */
  guint32 duration, size, flags, entry;
} Fragment;

static gboolean
parse_tfhd (EngineMp4Index *self, Fragment *fragment, EngineMp4Reader body, guint64 moof_offset)
{
  const guint32 flags = engine_mp4_read_u32 (&body) & 0xffffff;
  EngineMp4Track *track = engine_mp4_index_find_track (self, engine_mp4_read_u32 (&body));

  if (track == NULL)
    return FALSE;
  *fragment = (Fragment){ .track = track,
                          .base = moof_offset,
                          .duration = track->default_duration,
                          .size = track->default_size,
                          .flags = track->default_flags,
                          .entry = track->default_entry };
  if (flags & TFHD_BASE_OFFSET)
    fragment->base = engine_mp4_read_u64 (&body);
  if (flags & TFHD_ENTRY)
    fragment->entry = engine_mp4_read_u32 (&body);
  if (flags & TFHD_DURATION)
    fragment->duration = engine_mp4_read_u32 (&body);
  if (flags & TFHD_SIZE)
    fragment->size = engine_mp4_read_u32 (&body);
  if (flags & TFHD_FLAGS)
    fragment->flags = engine_mp4_read_u32 (&body);
  fragment->next = fragment->base;
  return !body.failed && fragment->entry >= 1 && fragment->entry <= track->entries->len &&
         fragment->base < G_MAXINT64;
}

/* A hole between two fragments belongs to the last sample before it. */
static void
parse_tfdt (Fragment *fragment, EngineMp4Reader body)
{
  EngineMp4Track *track = fragment->track;
  const guint8 version = (guint8) (engine_mp4_read_u32 (&body) >> 24);
  const guint64 begin = version == 1 ? engine_mp4_read_u64 (&body) : engine_mp4_read_u32 (&body);
  const gint64 hole = (gint64) begin - track->decoded_end;

  if (body.failed || begin > G_MAXINT64 / 2)
    return;
  if (track->samples->len == 0) {
    track->start += (gint64) begin;
  } else {
    EngineMp4Sample *last =
      &g_array_index (track->samples, EngineMp4Sample, track->samples->len - 1);
    const gint64 duration = last->duration + hole;

    if (duration < 0 || duration > (gint64) track->timescale * MAX_HOLE_S || duration > G_MAXUINT32)
      return;
    last->duration = (guint32) duration;
  }
  track->decoded_end = (gint64) begin;
}

static gboolean
parse_trun (Fragment *fragment, EngineMp4Reader body, guint64 file_size)
{
  EngineMp4Track *track = fragment->track;
  const guint32 flags = engine_mp4_read_u32 (&body) & 0xffffff;
  const guint32 n = engine_mp4_read_u32 (&body);
  guint64 offset = fragment->next;
  guint32 first_flags = fragment->flags;

  if (flags & TRUN_OFFSET)
    offset = fragment->base + (guint64) (gint64) (gint32) engine_mp4_read_u32 (&body);
  if (flags & TRUN_FIRST_FLAGS)
    first_flags = engine_mp4_read_u32 (&body);
  if (body.failed || n > ENGINE_MP4_MAX_SAMPLES - track->samples->len)
    return FALSE;
  for (guint32 i = 0; i < n; i++) {
    EngineMp4Sample sample = { .offset = offset, .entry = (guint8) (fragment->entry - 1) };
    guint32 sample_flags = i == 0 ? first_flags : fragment->flags;

    sample.duration = flags & TRUN_DURATION ? engine_mp4_read_u32 (&body) : fragment->duration;
    sample.size = flags & TRUN_SIZE ? engine_mp4_read_u32 (&body) : fragment->size;
    if (flags & TRUN_FLAGS)
      sample_flags = engine_mp4_read_u32 (&body);
    if (flags & TRUN_SHIFT)
      sample.shift = (gint32) engine_mp4_read_u32 (&body);
    if (body.failed || sample.size == 0 || offset > file_size || sample.size > file_size - offset)
      return FALSE;
    sample.sync = (sample_flags & SAMPLE_IS_NOT_SYNC) == 0;
    g_array_append_val (track->samples, sample);
    track->decoded_end += sample.duration;
    offset += sample.size;
  }
  fragment->next = offset;
  return TRUE;
}

/**
 * engine_mp4_index_parse_moof:
 * @self: an index with tracks
 * @moof: what the box contains
 * @moof_offset: where the box is
 * @file_size: beyond which there are no samples
 *
 * Returns: whether all of the fragment is there; what is there is in the tracks in any case
 */
gboolean
engine_mp4_index_parse_moof (EngineMp4Index *self, EngineMp4Reader moof, guint64 moof_offset,
                             guint64 file_size)
{
  EngineMp4Reader traf = { 0 }, box = { 0 };
  guint32 type = 0;

  while (engine_mp4_read_box (&moof, &type, &traf)) {
    Fragment fragment = { 0 };

    if (type != TYPE ('t', 'r', 'a', 'f'))
      continue;
    if (!engine_mp4_find_box (&traf, TYPE ('t', 'f', 'h', 'd'), &box) ||
        !parse_tfhd (self, &fragment, box, moof_offset))
      return FALSE;
    if (engine_mp4_find_box (&traf, TYPE ('t', 'f', 'd', 't'), &box))
      parse_tfdt (&fragment, box);
    while (engine_mp4_read_box (&traf, &type, &box)) {
      if (type == TYPE ('t', 'r', 'u', 'n') && !parse_trun (&fragment, box, file_size))
        return FALSE;
    }
  }
  return !moof.failed;
}
