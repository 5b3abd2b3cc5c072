/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "engine-mp4-join.h"
#include "engine-mp4-plan.h"
#include "engine-types.h"

/* Several files become one time line. Where the next one holds again what the last one had, it goes on
 * from there; else it begins where the last one ends, its picture and sound together. Where one of the
 * two ended sooner, the last picture stays, and nothing is heard. */

#define TYPE(a, b, c, d)    ENGINE_MP4_TYPE (a, b, c, d)

#define PACKET_SAMPLES      1024
#define MAX_ENTRIES         64

#define AUDIO_ENTRY_BYTES   28
#define DESCRIPTOR_STREAM   3
#define DESCRIPTOR_DECODER  4
#define DESCRIPTOR_SPECIFIC 5
#define OBJECT_AAC_LC       2

static const guint8 silence_mono[] = { 0x00, 0xc8, 0x00, 0x80, 0x23, 0x80 };
static const guint8 silence_stereo[] = { 0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80 };

gint64
engine_mp4_track_to_ns (EngineMp4Track *self, gint64 time)
{
  const guint64 ns =
    gst_util_uint64_scale_round ((guint64) ABS (time), GST_SECOND, self->timescale);

  return time < 0 ? -(gint64) ns : (gint64) ns;
}

static gint64
from_ns (EngineMp4Track *track, gint64 ns)
{
  const guint64 time =
    gst_util_uint64_scale_round ((guint64) ABS (ns), track->timescale, GST_SECOND);

  return ns < 0 ? -(gint64) time : (gint64) time;
}

/* When its first sample is shown. */
static gint64
get_begin (EngineMp4Track *track)
{
  return track->start + g_array_index (track->samples, EngineMp4Sample, 0).shift;
}

gint64
engine_mp4_tracks_get_end_ns (GPtrArray *tracks)
{
  gint64 end_ns = 0;

  for (guint i = 0; i < tracks->len; i++) {
    EngineMp4Track *track = tracks->pdata[i];

    if (track->samples->len > 0)
      end_ns =
        MAX (end_ns, engine_mp4_track_to_ns (track, get_begin (track) +
                                                      engine_mp4_track_get_duration (track)));
  }
  return end_ns;
}

/* When the first of its tracks begins; what begins before its time 0 is hidden. */
static gint64
get_begin_ns (GPtrArray *tracks)
{
  gint64 begin_ns = G_MAXINT64;

  for (guint i = 0; i < tracks->len; i++) {
    EngineMp4Track *track = tracks->pdata[i];

    if (track->samples->len > 0)
      begin_ns = MIN (begin_ns, engine_mp4_track_to_ns (track, get_begin (track)));
  }
  return begin_ns == G_MAXINT64 ? 0 : MAX (begin_ns, 0);
}

static guint32
skip_descriptor_header (EngineMp4Reader *reader, guint8 tag)
{
  guint32 size = 0;
  guint8 byte = 0;

  if (engine_mp4_read_u8 (reader) != tag)
    reader->failed = TRUE;
  for (guint i = 0; i < 4; i++) {
    byte = engine_mp4_read_u8 (reader);
    size = size << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0)
      break;
  }
  return size;
}

/* A packet that is silent, if this is AAC as we and everybody else record it. */
static const guint8 *
find_silence (GBytes *entry, gsize *size)
{
  EngineMp4Reader reader = { 0 }, esds = { 0 };
  guint16 config = 0;

  reader.data = g_bytes_get_data (entry, &reader.size);
  engine_mp4_read_bytes (&reader, 8 + AUDIO_ENTRY_BYTES);
  if (reader.failed)
    return NULL;
  reader = (EngineMp4Reader){ .data = reader.data + reader.at, .size = reader.size - reader.at };
  if (!engine_mp4_find_box (&reader, TYPE ('e', 's', 'd', 's'), &esds))
    return NULL;
  engine_mp4_read_u32 (&esds);
  skip_descriptor_header (&esds, DESCRIPTOR_STREAM);
  engine_mp4_read_bytes (&esds, 3);
  skip_descriptor_header (&esds, DESCRIPTOR_DECODER);
  engine_mp4_read_bytes (&esds, 13);
  skip_descriptor_header (&esds, DESCRIPTOR_SPECIFIC);
  config = engine_mp4_read_u16 (&esds);
  if (esds.failed || config >> 11 != OBJECT_AAC_LC || (config & 0x4) != 0)
    return NULL;
  switch (config >> 3 & 0xf) {
  case 1:
    *size = sizeof silence_mono;
    return silence_mono;
  case 2:
    *size = sizeof silence_stereo;
    return silence_stereo;
  default:
    return NULL;
  }
}

/* Leaves out of the end what comes again in the next file; half a sample may be a rounded time. */
static void
drop_repeated (EngineMp4Track *track, gint64 begin, gint64 *end)
{
  while (track->samples->len > 0) {
    const EngineMp4Sample *last =
      &g_array_index (track->samples, EngineMp4Sample, track->samples->len - 1);

    if (*end - last->duration / 2 <= begin)
      return;
    *end -= last->duration;
    g_array_set_size (track->samples, track->samples->len - 1);
  }
}

static void
fill (EngineMp4Track *track, GByteArray *memory, gint64 gap)
{
  EngineMp4Sample *last = &g_array_index (track->samples, EngineMp4Sample, track->samples->len - 1);
  gsize size = 0;
  const guint8 *silence = track->handler == ENGINE_MP4_AUDIO
                            ? find_silence (track->entries->pdata[last->entry], &size)
                            : NULL;
  const gint64 n = silence != NULL ? MAX (gap, 0) / PACKET_SAMPLES : 0;
  EngineMp4Sample sample = { .offset = memory->len,
                             .size = (guint32) size,
                             .duration = PACKET_SAMPLES,
                             .part = ENGINE_MP4_MEMORY,
                             .entry = last->entry,
                             .sync = TRUE };

  last->duration =
    (guint32) CLAMP (last->duration + gap - n * PACKET_SAMPLES, 1, (gint64) G_MAXINT32);
  if (n == 0)
    return;
  g_byte_array_append (memory, silence, (guint) size);
  for (gint64 i = 0; i < n && track->samples->len < ENGINE_MP4_MAX_SAMPLES; i++)
    g_array_append_val (track->samples, sample);
}

static gboolean
find_entry (EngineMp4Track *track, GBytes *entry, guint8 *number)
{
  for (guint i = 0; i < track->entries->len; i++) {
    if (g_bytes_equal (track->entries->pdata[i], entry)) {
      *number = (guint8) i;
      return TRUE;
    }
  }
  if (track->entries->len >= MAX_ENTRIES)
    return FALSE;
  *number = (guint8) track->entries->len;
  g_ptr_array_add (track->entries, g_bytes_ref (entry));
  return TRUE;
}

static guint32
get_format (EngineMp4Track *track)
{
  EngineMp4Reader reader = { 0 };

  if (track->entries->len == 0)
    return 0;
  reader.data = g_bytes_get_data (track->entries->pdata[0], &reader.size);
  engine_mp4_read_u32 (&reader);
  return engine_mp4_read_u32 (&reader);
}

static gboolean
fits (EngineMp4Track *track, EngineMp4Track *other)
{
  return track->handler == other->handler && track->timescale == other->timescale &&
         track->width_px == other->width_px && track->height_px == other->height_px &&
         get_format (track) == get_format (other);
}

static gboolean
append_samples (EngineMp4Track *track, EngineMp4Track *other, guint8 number)
{
  guint8 entries[MAX_ENTRIES] = { 0 };

  for (guint i = 0; i < other->entries->len; i++) {
    if (!find_entry (track, other->entries->pdata[i], &entries[i]))
      return FALSE;
  }
  if (other->samples->len > ENGINE_MP4_MAX_SAMPLES - track->samples->len)
    return FALSE;
  for (guint i = 0; i < other->samples->len; i++) {
    EngineMp4Sample sample = g_array_index (other->samples, EngineMp4Sample, i);

    sample.part = number;
    sample.entry = entries[sample.entry];
    g_array_append_val (track->samples, sample);
  }
  return TRUE;
}

/* Picture and sound of a file; what else there may be is not of the recording. */
static GPtrArray *
find_media (EngineMp4Index *part)
{
  GPtrArray *media = g_ptr_array_new ();

  for (guint i = 0; i < part->tracks->len; i++) {
    EngineMp4Track *track = part->tracks->pdata[i];

    if (track->handler == ENGINE_MP4_VIDEO || track->handler == ENGINE_MP4_AUDIO)
      g_ptr_array_add (media, track);
  }
  return media;
}

/**
 * engine_mp4_join:
 * @tracks: (element-type EngineMp4Track): of the files before; empty for the first
 * @memory: what is in no file
 * @part: the next file
 * @number: its number
 * @start_ns: (inout): when it should begin, −1 for the end of the others; when it does
 *
 * Fails with %ENGINE_ERROR_UNSUPPORTED when the file cannot follow the others without being encoded
 * again; nothing has changed then.
 *
 * Returns: whether @tracks have the samples of @part now
 */
gboolean
engine_mp4_join (GPtrArray *tracks, GByteArray *memory, EngineMp4Index *part, guint8 number,
                 gint64 *start_ns, GError **error)
{
  g_autoptr (GPtrArray) media = find_media (part);
  const gint64 begin_ns = get_begin_ns (media), end_ns = engine_mp4_tracks_get_end_ns (tracks);
  const gint64 at_ns = *start_ns < 0 || *start_ns > end_ns ? end_ns : *start_ns;
  const gboolean first = tracks->len == 0;
  gboolean fit = first || media->len == tracks->len;

  for (guint i = 0; fit && !first && i < media->len; i++)
    fit = fits (tracks->pdata[i], media->pdata[i]);
  for (guint i = 0; fit && i < media->len; i++) {
    EngineMp4Track *other = media->pdata[i], *track = NULL;
    gint64 begin = 0, end = 0;

    if (first)
      g_ptr_array_add (tracks, engine_mp4_track_new_like (other));
    track = tracks->pdata[i];
    if (other->samples->len == 0)
      continue;
    begin = from_ns (track, at_ns + engine_mp4_track_to_ns (other, get_begin (other)) - begin_ns);
    if (track->samples->len == 0) {
      track->start = begin - g_array_index (other->samples, EngineMp4Sample, 0).shift;
    } else {
      end = get_begin (track) + engine_mp4_track_get_duration (track);
      drop_repeated (track, begin, &end);
      if (track->samples->len > 0)
        fill (track, memory, begin - end);
      else
        track->start = begin - g_array_index (other->samples, EngineMp4Sample, 0).shift;
    }
    fit = append_samples (track, other, number);
  }
  *start_ns = at_ns;
  if (!fit)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "the files were not recorded in the same way, so they cannot become one");
  return fit;
}
