/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "livepage-stream.h"

/* Numbers start at the seconds since 2020: segments are longer than a second, so that numbers grow
 * also when Régie starts again, and no browser takes an old segment for a new one. So do the numbers of breaks:
 * players that were there before a crash see that there was one. */
#define EPOCH_S               G_GINT64_CONSTANT (1577836800)
#define MIN_TARGET_DURATION_S 2
#define MAX_CLOCK_DRIFT_US    G_TIME_SPAN_SECOND

typedef struct {
  guint64 number;
  GBytes *bytes;
} Init;

typedef struct {
  guint64 number;
  GBytes *bytes;
  gint64 duration_us;
  gint64 date_us; /* wall clock at its first frame */
  Init *init;
  gboolean discontinuous; /* does not continue the one before */
} Segment;

/**
 * LivepageStream:
 *
 * The newest seconds of the program as HLS, in memory. Main thread only.
 */
struct _LivepageStream {
  GQueue segments; /* of Segment, oldest first */
  Init *init;      /* nullable: nothing has begun yet */
  char *codecs;
  int width_px;
  int height_px;
  guint bandwidth_bps;
  guint64 next_number;
  guint64 next_init_number;
  guint64 n_discontinuities; /* that have left the playlist */
  gint64 target_duration_s;  /* never shrinks while the stream goes on */
  gint64 next_date_us;
  gboolean discontinuous; /* the next segment is */
  gboolean ended;
};

static void
init_clear (gpointer data)
{
  g_bytes_unref (((Init *) data)->bytes);
}

static void
init_unref (Init *init)
{
  g_rc_box_release_full (init, init_clear);
}

static void
segment_free (Segment *segment)
{
  g_bytes_unref (segment->bytes);
  init_unref (segment->init);
  g_free (segment);
}

LivepageStream *
livepage_stream_new (void)
{
  LivepageStream *self = g_new0 (LivepageStream, 1);

  g_queue_init (&self->segments);
  self->next_number = (guint64) MAX (g_get_real_time () / G_USEC_PER_SEC - EPOCH_S, 1);
  self->next_init_number = self->next_number;
  self->n_discontinuities = self->next_number;
  self->target_duration_s = MIN_TARGET_DURATION_S;
  return self;
}

void
livepage_stream_free (LivepageStream *self)
{
  g_queue_clear_full (&self->segments, (GDestroyNotify) segment_free);
  g_clear_pointer (&self->init, init_unref);
  g_free (self->codecs);
  g_free (self);
}

/* How many of the kept segments are not in the playlist any more. */
static guint
count_unlisted (LivepageStream *self)
{
  return self->segments.length > LIVEPAGE_STREAM_N_LISTED
           ? self->segments.length - LIVEPAGE_STREAM_N_LISTED
           : 0;
}

/**
 * livepage_stream_begin:
 * @self: a stream
 * @init: the initialisation segment
 * @width_px: width of the picture
 * @height_px: height of the picture
 * @codecs: as in RFC 6381
 * @bandwidth_bps: the most that picture and sound take together
 *
 * Starts the stream, or goes on with another encoder. After the end of a stream the old one
 * leaves the playlist, so that nobody sees the end of the show before.
 */
void
livepage_stream_begin (LivepageStream *self, GBytes *init, int width_px, int height_px,
                       const char *codecs, guint bandwidth_bps)
{
  if (self->ended) {
    for (GList *l = g_queue_peek_nth_link (&self->segments, count_unlisted (self)); l != NULL;
         l = l->next)
      self->n_discontinuities += ((Segment *) l->data)->discontinuous ? 1 : 0;
    /* And one between the two shows. */
    self->n_discontinuities += 1;
    g_queue_clear_full (&self->segments, (GDestroyNotify) segment_free);
    self->target_duration_s = MIN_TARGET_DURATION_S;
  }
  self->discontinuous = self->segments.length > 0;
  self->ended = FALSE;
  self->next_date_us = 0;

  g_clear_pointer (&self->init, init_unref);
  self->init = g_rc_box_new0 (Init);
  self->init->number = self->next_init_number++;
  self->init->bytes = g_bytes_ref (init);
  g_free (self->codecs);
  self->codecs = g_strdup (codecs);
  self->width_px = width_px;
  self->height_px = height_px;
  self->bandwidth_bps = bandwidth_bps;
}

/**
 * livepage_stream_add:
 * @self: a stream that has begun and not ended
 * @bytes: a segment that starts with a keyframe
 * @duration_us: how long it lasts
 */
void
livepage_stream_add (LivepageStream *self, GBytes *bytes, gint64 duration_us)
{
  const gint64 start_us = g_get_real_time () - duration_us;

  g_return_if_fail (self->init != NULL && !self->ended);

  Segment *segment = g_new0 (Segment, 1);

  segment->number = self->next_number++;
  segment->bytes = g_bytes_ref (bytes);
  segment->duration_us = duration_us;
  segment->init = g_rc_box_acquire (self->init);
  segment->discontinuous = self->discontinuous;
  segment->date_us =
    ABS (start_us - self->next_date_us) > MAX_CLOCK_DRIFT_US ? start_us : self->next_date_us;
  self->next_date_us = segment->date_us + duration_us;
  self->target_duration_s =
    MAX (self->target_duration_s, (duration_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
  self->discontinuous = FALSE;
  g_queue_push_tail (&self->segments, segment);

  if (self->segments.length > LIVEPAGE_STREAM_N_LISTED) {
    const Segment *unlisted = g_queue_peek_nth (&self->segments, count_unlisted (self) - 1);

    self->n_discontinuities += unlisted->discontinuous ? 1 : 0;
  }
  if (self->segments.length > LIVEPAGE_STREAM_N_KEPT)
    segment_free (g_queue_pop_head (&self->segments));
}

void
livepage_stream_end (LivepageStream *self)
{
  self->ended = self->init != NULL;
}

/**
 * livepage_stream_make_master:
 * @self: a stream
 *
 * Returns: (transfer full) (nullable): the playlist of playlists; `NULL` before the stream begins
 */
char *
livepage_stream_make_master (LivepageStream *self)
{
  if (self->init == NULL)
    return NULL;
  return g_strdup_printf ("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
                          "#EXT-X-STREAM-INF:BANDWIDTH=%u,RESOLUTION=%dx%d,CODECS=\"%s\"\n"
                          "stream.m3u8\n",
                          self->bandwidth_bps, self->width_px, self->height_px, self->codecs);
}

static void
append_segment (GString *playlist, const Segment *segment, const Init **init)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (segment->date_us / G_USEC_PER_SEC);
  g_autofree char *date = g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S");
  char duration[G_ASCII_DTOSTR_BUF_SIZE] = "";

  /* The first of the list says nothing about what is not in it. */
  if (segment->discontinuous && *init != NULL)
    g_string_append (playlist, "#EXT-X-DISCONTINUITY\n");
  if (segment->init != *init)
    g_string_append_printf (playlist, "#EXT-X-MAP:URI=\"init-%" G_GUINT64_FORMAT ".mp4\"\n",
                            segment->init->number);
  *init = segment->init;
  g_ascii_formatd (duration, sizeof duration, "%.6f",
                   (double) segment->duration_us / G_USEC_PER_SEC);
  g_string_append_printf (playlist,
                          "#EXT-X-PROGRAM-DATE-TIME:%s.%03dZ\n#EXTINF:%s,\n"
                          "seg-%" G_GUINT64_FORMAT ".m4s\n",
                          date, (int) (segment->date_us % G_USEC_PER_SEC / 1000), duration,
                          segment->number);
}

/* How many breaks came before the first segment of the playlist, its own included. */
static guint64
count_breaks (LivepageStream *self, guint n_unlisted)
{
  const Segment *first = g_queue_peek_nth (&self->segments, n_unlisted);

  return self->n_discontinuities + (first != NULL && first->discontinuous ? 1 : 0);
}

/**
 * livepage_stream_make_playlist:
 * @self: a stream
 *
 * Returns: (transfer full) (nullable): the newest segments; `NULL` before the stream begins
 */
char *
livepage_stream_make_playlist (LivepageStream *self)
{
  const guint n_unlisted = count_unlisted (self);
  const Init *init = NULL;

  if (self->init == NULL)
    return NULL;

  GString *playlist = g_string_new ("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
  g_string_append_printf (playlist,
                          "#EXT-X-TARGETDURATION:%" G_GINT64_FORMAT
                          "\n#EXT-X-MEDIA-SEQUENCE:%" G_GUINT64_FORMAT "\n"
                          "#EXT-X-DISCONTINUITY-SEQUENCE:%" G_GUINT64_FORMAT "\n",
                          self->target_duration_s,
                          self->next_number - (self->segments.length - n_unlisted),
                          count_breaks (self, n_unlisted));
  if (self->segments.length == 0)
    g_string_append_printf (playlist, "#EXT-X-MAP:URI=\"init-%" G_GUINT64_FORMAT ".mp4\"\n",
                            self->init->number);
  for (GList *l = g_queue_peek_nth_link (&self->segments, n_unlisted); l != NULL; l = l->next)
    append_segment (playlist, l->data, &init);
  if (self->ended)
    g_string_append (playlist, "#EXT-X-ENDLIST\n");
  return g_string_free (playlist, FALSE);
}

/* The number in "seg-12.m4s"; nothing but digits there. */
static gboolean
read_number (const char *name, const char *prefix, const char *suffix, guint64 *number)
{
  if (!g_str_has_prefix (name, prefix) || !g_str_has_suffix (name, suffix) ||
      strlen (name) < strlen (prefix) + strlen (suffix))
    return FALSE;

  g_autofree char *digits =
    g_strndup (name + strlen (prefix), strlen (name) - strlen (prefix) - strlen (suffix));
  return g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, number, NULL);
}

/**
 * livepage_stream_find:
 * @self: a stream
 * @name: `init-N.mp4` or `seg-N.m4s`
 *
 * Returns: (transfer none) (nullable): the bytes; `NULL` if they are not there, or not any more
 */
GBytes *
livepage_stream_find (LivepageStream *self, const char *name)
{
  guint64 number = 0;

  if (read_number (name, "seg-", ".m4s", &number)) {
    for (GList *l = self->segments.tail; l != NULL; l = l->prev)
      if (((Segment *) l->data)->number == number)
        return ((Segment *) l->data)->bytes;
  } else if (read_number (name, "init-", ".mp4", &number)) {
    if (self->init != NULL && self->init->number == number)
      return self->init->bytes;
    for (GList *l = self->segments.tail; l != NULL; l = l->prev)
      if (((Segment *) l->data)->init->number == number)
        return ((Segment *) l->data)->init->bytes;
  }
  return NULL;
}
