/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "engine-mp4-plan.h"

/* The box “moov” of an ordinary MP4: where each sample is, and when it is shown. */

#define TYPE(a, b, c, d) ENGINE_MP4_TYPE (a, b, c, d)

/* Exact for sound, and for pictures at every usual rate. */
#define MOVIE_TIMESCALE 48000

/* Between 1904, when time began for Apple, and 1970. */
#define EPOCH_1904_S   G_GINT64_CONSTANT (2082844800)

#define TRACK_IN_MOVIE 0x3u

static const guint32 identity[9] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000 };

static void
put_times (GByteArray *bytes, gboolean large, guint64 value)
{
  if (large)
    engine_mp4_put_u64 (bytes, value);
  else
    engine_mp4_put_u32 (bytes, (guint32) value);
}

static guint64
get_created (EngineMp4Plan *self)
{
  return self->tags->created_s > 0 ? (guint64) (self->tags->created_s + EPOCH_1904_S) : 0;
}

/* From the first sample's begin, or from that of the movie if that is later, to the end. */
static guint64
get_shown (EngineMp4Track *track)
{
  const gint64 hidden = MAX (0, -track->start);
  const gint64 shown = engine_mp4_track_get_duration (track) - hidden;

  return gst_util_uint64_scale_round ((guint64) MAX (shown, 0), MOVIE_TIMESCALE, track->timescale);
}

static gint64
get_first_shift (EngineMp4Track *track)
{
  return track->samples->len > 0 ? g_array_index (track->samples, EngineMp4Sample, 0).shift : 0;
}

static guint64
get_delay (EngineMp4Track *track)
{
  const gint64 begin = track->start + get_first_shift (track);

  return gst_util_uint64_scale_round ((guint64) MAX (begin, 0), MOVIE_TIMESCALE, track->timescale);
}

static guint64
get_length (EngineMp4Track *track)
{
  return get_delay (track) + get_shown (track);
}

static void
put_mvhd (EngineMp4Plan *self, GByteArray *bytes)
{
  guint64 length = 0;
  guint32 next_id = 1;

  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    length = MAX (length, get_length (track));
    next_id = MAX (next_id, track->id + 1);
  }
  const gboolean large = length > G_MAXINT32;
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('m', 'v', 'h', 'd'), large ? 1 : 0, 0);
  put_times (bytes, large, get_created (self));
  put_times (bytes, large, get_created (self));
  engine_mp4_put_u32 (bytes, MOVIE_TIMESCALE);
  put_times (bytes, large, length);
  engine_mp4_put_u32 (bytes, 0x10000); /* the rate */
  engine_mp4_put_u16 (bytes, 0x100);   /* the volume */
  engine_mp4_put_zeros (bytes, 10);
  for (guint i = 0; i < G_N_ELEMENTS (identity); i++)
    engine_mp4_put_u32 (bytes, identity[i]);
  engine_mp4_put_zeros (bytes, 24);
  engine_mp4_put_u32 (bytes, next_id);
  engine_mp4_close_box (bytes, box);
}

static void
put_tkhd (EngineMp4Plan *self, EngineMp4Track *track, GByteArray *bytes)
{
  const guint64 length = get_length (track);
  const gboolean large = length > G_MAXINT32;
  const guint32 flags = track->id == self->chapter_track ? 0 : TRACK_IN_MOVIE;
  const guint box =
    engine_mp4_open_full_box (bytes, TYPE ('t', 'k', 'h', 'd'), large ? 1 : 0, flags);

  put_times (bytes, large, get_created (self));
  put_times (bytes, large, get_created (self));
  engine_mp4_put_u32 (bytes, track->id);
  engine_mp4_put_u32 (bytes, 0);
  put_times (bytes, large, length);
  engine_mp4_put_zeros (bytes, 8);
  engine_mp4_put_u16 (bytes, 0); /* the layer */
  engine_mp4_put_u16 (bytes, 0);
  engine_mp4_put_u16 (bytes, track->handler == ENGINE_MP4_AUDIO ? 0x100 : 0);
  engine_mp4_put_u16 (bytes, 0);
  for (guint i = 0; i < G_N_ELEMENTS (identity); i++)
    engine_mp4_put_u32 (bytes, identity[i]);
  engine_mp4_put_u32 (bytes, (guint32) track->width_px << 16);
  engine_mp4_put_u32 (bytes, (guint32) track->height_px << 16);
  engine_mp4_close_box (bytes, box);
}

/* How the track lies on the movie's time: later than its begin, or with its own begin hidden. */
static void
put_edts (EngineMp4Track *track, GByteArray *bytes)
{
  const gint64 shift = get_first_shift (track), begin = track->start + shift;
  const gint64 media_time = begin < 0 ? -track->start : shift;
  const guint64 delay = get_delay (track);
  guint edts = 0, elst = 0;

  if (delay == 0 && media_time == 0)
    return;
  edts = engine_mp4_open_box (bytes, TYPE ('e', 'd', 't', 's'));
  elst = engine_mp4_open_full_box (bytes, TYPE ('e', 'l', 's', 't'), 1, 0);
  engine_mp4_put_u32 (bytes, delay > 0 ? 2 : 1);
  if (delay > 0) {
    engine_mp4_put_u64 (bytes, delay);
    engine_mp4_put_u64 (bytes, G_MAXUINT64);
    engine_mp4_put_u32 (bytes, 0x10000);
  }
  engine_mp4_put_u64 (bytes, get_shown (track));
  engine_mp4_put_u64 (bytes, (guint64) media_time);
  engine_mp4_put_u32 (bytes, 0x10000);
  engine_mp4_close_box (bytes, elst);
  engine_mp4_close_box (bytes, edts);
}

/* Three letters, five bits each. */
static guint16
get_language (EngineMp4Plan *self)
{
  static const struct {
    const char *two, *three;
  } languages[] = {
    { "ar", "ara" }, { "ca", "cat" }, { "cs", "ces" }, { "da", "dan" }, { "de", "deu" },
    { "el", "ell" }, { "en", "eng" }, { "es", "spa" }, { "eu", "eus" }, { "fi", "fin" },
    { "fr", "fra" }, { "he", "heb" }, { "hu", "hun" }, { "it", "ita" }, { "ja", "jpn" },
    { "ko", "kor" }, { "nl", "nld" }, { "no", "nor" }, { "pl", "pol" }, { "pt", "por" },
    { "ro", "ron" }, { "ru", "rus" }, { "sv", "swe" }, { "tr", "tur" }, { "uk", "ukr" },
    { "vi", "vie" }, { "zh", "zho" },
  };
  const char *code = "und";

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    if (self->tags->language != NULL &&
        g_ascii_strncasecmp (self->tags->language, languages[i].two, 2) == 0)
      code = languages[i].three;
  }
  return (guint16) ((code[0] - 0x60) << 10 | (code[1] - 0x60) << 5 | (code[2] - 0x60));
}

static void
put_mdhd (EngineMp4Plan *self, EngineMp4Track *track, GByteArray *bytes)
{
  const guint64 duration = (guint64) engine_mp4_track_get_duration (track);
  const gboolean large = duration > G_MAXINT32;
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('m', 'd', 'h', 'd'), large ? 1 : 0, 0);

  put_times (bytes, large, get_created (self));
  put_times (bytes, large, get_created (self));
  engine_mp4_put_u32 (bytes, track->timescale);
  put_times (bytes, large, duration);
  engine_mp4_put_u16 (bytes, get_language (self));
  engine_mp4_put_u16 (bytes, 0);
  engine_mp4_close_box (bytes, box);
}

static void
put_hdlr (EngineMp4Track *track, GByteArray *bytes)
{
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('h', 'd', 'l', 'r'), 0, 0);

  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_put_u32 (bytes, track->handler);
  engine_mp4_put_zeros (bytes, 12);
  engine_mp4_put_string (bytes, track->handler == ENGINE_MP4_VIDEO   ? "Picture"
                                : track->handler == ENGINE_MP4_AUDIO ? "Sound"
                                                                     : "Chapters");
  engine_mp4_put_u8 (bytes, 0);
  engine_mp4_close_box (bytes, box);
}

static void
put_gmhd (GByteArray *bytes)
{
  const guint gmhd = engine_mp4_open_box (bytes, TYPE ('g', 'm', 'h', 'd'));
  guint box = engine_mp4_open_full_box (bytes, TYPE ('g', 'm', 'i', 'n'), 0, 0);

  engine_mp4_put_u16 (bytes, 0x40);
  for (guint i = 0; i < 3; i++)
    engine_mp4_put_u16 (bytes, 0x8000);
  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_close_box (bytes, box);
  box = engine_mp4_open_box (bytes, TYPE ('t', 'e', 'x', 't'));
  engine_mp4_put_u16 (bytes, 1);
  engine_mp4_put_zeros (bytes, 12);
  engine_mp4_put_u32 (bytes, 1);
  engine_mp4_put_zeros (bytes, 12);
  engine_mp4_put_u32 (bytes, 0x4000);
  engine_mp4_put_u16 (bytes, 0);
  engine_mp4_close_box (bytes, box);
  engine_mp4_close_box (bytes, gmhd);
}

static void
put_media_header (EngineMp4Track *track, GByteArray *bytes)
{
  guint box = 0, dref = 0, url = 0;

  if (track->handler == ENGINE_MP4_VIDEO) {
    box = engine_mp4_open_full_box (bytes, TYPE ('v', 'm', 'h', 'd'), 0, 1);
    engine_mp4_put_zeros (bytes, 8);
    engine_mp4_close_box (bytes, box);
  } else if (track->handler == ENGINE_MP4_AUDIO) {
    box = engine_mp4_open_full_box (bytes, TYPE ('s', 'm', 'h', 'd'), 0, 0);
    engine_mp4_put_zeros (bytes, 4);
    engine_mp4_close_box (bytes, box);
  } else {
    put_gmhd (bytes);
  }
  box = engine_mp4_open_box (bytes, TYPE ('d', 'i', 'n', 'f'));
  dref = engine_mp4_open_full_box (bytes, TYPE ('d', 'r', 'e', 'f'), 0, 0);
  engine_mp4_put_u32 (bytes, 1);
  url = engine_mp4_open_full_box (bytes, TYPE ('u', 'r', 'l', ' '), 0, 1);
  engine_mp4_close_box (bytes, url);
  engine_mp4_close_box (bytes, dref);
  engine_mp4_close_box (bytes, box);
}

typedef gint64 (*SampleValue) (const EngineMp4Sample *sample);

static gint64
get_sample_duration (const EngineMp4Sample *sample)
{
  return sample->duration;
}

static gint64
get_sample_shift (const EngineMp4Sample *sample)
{
  return sample->shift;
}

/* A table of runs of the same number. */
static void
put_runs (EngineMp4Track *track, guint32 type, guint8 version, SampleValue get, GByteArray *bytes)
{
  const guint box = engine_mp4_open_full_box (bytes, type, version, 0);
  const guint count = bytes->len;
  guint32 n_runs = 0, n = 0;

  engine_mp4_put_u32 (bytes, 0);
  for (guint i = 0; i < track->samples->len; i++) {
    const gint64 value = get (&g_array_index (track->samples, EngineMp4Sample, i));

    n++;
    if (i + 1 < track->samples->len &&
        get (&g_array_index (track->samples, EngineMp4Sample, i + 1)) == value)
      continue;
    engine_mp4_put_u32 (bytes, n);
    engine_mp4_put_u32 (bytes, (guint32) value);
    n_runs++;
    n = 0;
  }
  engine_mp4_set_u32 (bytes, count, n_runs);
  engine_mp4_close_box (bytes, box);
}

static void
put_ctts (EngineMp4Track *track, GByteArray *bytes)
{
  gint64 least = 0, most = 0;

  for (guint i = 0; i < track->samples->len; i++) {
    const gint32 shift = g_array_index (track->samples, EngineMp4Sample, i).shift;

    least = MIN (least, shift);
    most = MAX (most, shift);
  }
  if (least != 0 || most != 0)
    put_runs (track, TYPE ('c', 't', 't', 's'), least < 0 ? 1 : 0, get_sample_shift, bytes);
}

static void
put_stss (EngineMp4Track *track, GByteArray *bytes)
{
  const guint begin = bytes->len;
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('s', 't', 's', 's'), 0, 0);
  const guint count = bytes->len;
  guint32 n = 0;

  engine_mp4_put_u32 (bytes, 0);
  for (guint i = 0; i < track->samples->len; i++) {
    if (!g_array_index (track->samples, EngineMp4Sample, i).sync)
      continue;
    engine_mp4_put_u32 (bytes, i + 1);
    n++;
  }
  engine_mp4_set_u32 (bytes, count, n);
  engine_mp4_close_box (bytes, box);
  /* Without the box, every sample is one. */
  if (n == track->samples->len)
    g_byte_array_set_size (bytes, begin);
}

static void
put_stsz (EngineMp4Track *track, GByteArray *bytes)
{
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('s', 't', 's', 'z'), 0, 0);

  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_put_u32 (bytes, track->samples->len);
  for (guint i = 0; i < track->samples->len; i++)
    engine_mp4_put_u32 (bytes, g_array_index (track->samples, EngineMp4Sample, i).size);
  engine_mp4_close_box (bytes, box);
}

static void
put_stsc (EngineMp4Plan *self, guint index, GByteArray *bytes)
{
  EngineMp4Track *track = self->tracks->pdata[index];
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('s', 't', 's', 'c'), 0, 0);
  const guint count = bytes->len;
  guint32 number = 0, n_runs = 0, last_n = 0, last_entry = 0;

  engine_mp4_put_u32 (bytes, 0);
  for (guint i = 0; i < self->chunks->len; i++) {
    const EngineMp4Chunk *chunk = &g_array_index (self->chunks, EngineMp4Chunk, i);

    if (chunk->track != index)
      continue;
    const guint32 entry = g_array_index (track->samples, EngineMp4Sample, chunk->first).entry + 1u;
    number++;
    if (chunk->n == last_n && entry == last_entry)
      continue;
    engine_mp4_put_u32 (bytes, number);
    engine_mp4_put_u32 (bytes, chunk->n);
    engine_mp4_put_u32 (bytes, entry);
    last_n = chunk->n;
    last_entry = entry;
    n_runs++;
  }
  engine_mp4_set_u32 (bytes, count, n_runs);
  engine_mp4_close_box (bytes, box);
}

static void
put_chunk_offsets (EngineMp4Plan *self, guint index, GByteArray *bytes)
{
  const guint32 type = self->large ? TYPE ('c', 'o', '6', '4') : TYPE ('s', 't', 'c', 'o');
  const guint box = engine_mp4_open_full_box (bytes, type, 0, 0);
  const guint count = bytes->len;
  guint32 n = 0;

  engine_mp4_put_u32 (bytes, 0);
  for (guint i = 0; i < self->chunks->len; i++) {
    const EngineMp4Chunk *chunk = &g_array_index (self->chunks, EngineMp4Chunk, i);

    if (chunk->track != index)
      continue;
    put_times (bytes, self->large, chunk->offset);
    n++;
  }
  engine_mp4_set_u32 (bytes, count, n);
  engine_mp4_close_box (bytes, box);
}

static void
put_stbl (EngineMp4Plan *self, guint index, GByteArray *bytes)
{
  EngineMp4Track *track = self->tracks->pdata[index];
  const guint stbl = engine_mp4_open_box (bytes, TYPE ('s', 't', 'b', 'l'));
  const guint stsd = engine_mp4_open_full_box (bytes, TYPE ('s', 't', 's', 'd'), 0, 0);

  engine_mp4_put_u32 (bytes, track->entries->len);
  for (guint i = 0; i < track->entries->len; i++) {
    gsize size = 0;
    const guint8 *entry = g_bytes_get_data (track->entries->pdata[i], &size);

    g_byte_array_append (bytes, entry, (guint) size);
  }
  engine_mp4_close_box (bytes, stsd);
  put_runs (track, TYPE ('s', 't', 't', 's'), 0, get_sample_duration, bytes);
  put_ctts (track, bytes);
  put_stss (track, bytes);
  put_stsc (self, index, bytes);
  put_stsz (track, bytes);
  put_chunk_offsets (self, index, bytes);
  engine_mp4_close_box (bytes, stbl);
}

static void
put_trak (EngineMp4Plan *self, guint index, GByteArray *bytes)
{
  EngineMp4Track *track = self->tracks->pdata[index];
  const guint trak = engine_mp4_open_box (bytes, TYPE ('t', 'r', 'a', 'k'));
  guint mdia = 0, minf = 0;

  put_tkhd (self, track, bytes);
  put_edts (track, bytes);
  if (self->chapter_track != 0 && track->handler == ENGINE_MP4_VIDEO) {
    const guint tref = engine_mp4_open_box (bytes, TYPE ('t', 'r', 'e', 'f'));
    const guint chap = engine_mp4_open_box (bytes, TYPE ('c', 'h', 'a', 'p'));

    engine_mp4_put_u32 (bytes, self->chapter_track);
    engine_mp4_close_box (bytes, chap);
    engine_mp4_close_box (bytes, tref);
  }
  mdia = engine_mp4_open_box (bytes, TYPE ('m', 'd', 'i', 'a'));
  put_mdhd (self, track, bytes);
  put_hdlr (track, bytes);
  minf = engine_mp4_open_box (bytes, TYPE ('m', 'i', 'n', 'f'));
  put_media_header (track, bytes);
  put_stbl (self, index, bytes);
  engine_mp4_close_box (bytes, minf);
  engine_mp4_close_box (bytes, mdia);
  engine_mp4_close_box (bytes, trak);
}

/**
 * engine_mp4_plan_put_moov:
 * @self: a plan whose samples have their places
 * @bytes: where the box is appended
 */
void
engine_mp4_plan_put_moov (EngineMp4Plan *self, GByteArray *bytes)
{
  const guint moov = engine_mp4_open_box (bytes, TYPE ('m', 'o', 'o', 'v'));

  put_mvhd (self, bytes);
  for (guint i = 0; i < self->tracks->len; i++)
    put_trak (self, i, bytes);
  engine_mp4_plan_put_udta (self, bytes);
  engine_mp4_close_box (bytes, moov);
}
