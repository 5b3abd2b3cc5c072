/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-hls-playlist.h"

/* Comments, which players pass over: by them we know our own work again. */
#define MARK                  "# Régie"
#define KEPT                  "#REGIE-KEPT:"

#define MIN_TARGET_DURATION_S 2

/* What a playlist that was found may say at the most. */
#define MAX_NUMBER     (G_GUINT64_CONSTANT (1) << 53)
#define MAX_DURATION_S 60.0
#define MAX_FOUND      64

/* A stream that broke off longer ago is over: nobody watches its end before the new beginning. */
#define STALE_US (60 * G_TIME_SPAN_SECOND)

/* Numbers start at the seconds since 2020: segments are longer than a second, so that numbers grow
 * also when the playlist of the last time is lost. */
#define EPOCH_S G_GINT64_CONSTANT (1577836800)

typedef struct {
  char *name;
  char *init; /* nullable: has none */
  gint64 duration_us;
  gint64 date_us;         /* wall clock at its first picture */
  gboolean discontinuous; /* does not continue the one before */
} Segment;

struct _EngineHlsPlaylist {
  guint n_listed;
  guint n_kept;
  GQueue listed;  /* of Segment, oldest first */
  GQueue kept;    /* the same: not in the playlist any more, players may load them still */
  GQueue dropped; /* of char *: files that nobody needs */
  guint64 first_number;
  guint64 n_discontinuities; /* that have left the playlist */
  gint64 target_duration_s;  /* never shrinks */
  gboolean discontinuous;    /* the next segment is */
  gboolean ended;
};

static void
segment_free (gpointer data)
{
  Segment *segment = data;

  g_free (segment->name);
  g_free (segment->init);
  g_free (segment);
}

/**
 * engine_hls_playlist_new:
 * @n_listed: how many segments players see
 * @n_kept: how many more are kept for those who are late
 *
 * Returns: (transfer full): an empty playlist
 */
EngineHlsPlaylist *
engine_hls_playlist_new (guint n_listed, guint n_kept)
{
  EngineHlsPlaylist *self = g_new0 (EngineHlsPlaylist, 1);

  self->n_listed = n_listed;
  self->n_kept = n_kept;
  g_queue_init (&self->listed);
  g_queue_init (&self->kept);
  g_queue_init (&self->dropped);
  self->first_number = (guint64) MAX (g_get_real_time () / G_USEC_PER_SEC - EPOCH_S, 1);
  self->target_duration_s = MIN_TARGET_DURATION_S;
  return self;
}

void
engine_hls_playlist_free (EngineHlsPlaylist *self)
{
  g_queue_clear_full (&self->listed, segment_free);
  g_queue_clear_full (&self->kept, segment_free);
  g_queue_clear_full (&self->dropped, g_free);
  g_free (self);
}

/**
 * engine_hls_name_is_ours:
 * @name: a file's name
 *
 * Returns: whether only we give such names to segments: `regie-0a1b2c3d-12.m4s`
 */
gboolean
engine_hls_name_is_ours (const char *name)
{
  return g_regex_match_simple ("^regie-[0-9a-f]{8}-(init-)?[0-9]{1,19}\\.(m4s|mp4|ts)$", name,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean
uses_init (GQueue *segments, const char *init)
{
  for (GList *l = segments->head; l != NULL; l = l->next) {
    if (g_strcmp0 (((Segment *) l->data)->init, init) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Lets go of the oldest that are kept; of an init segment with the last that needs it. */
static void
drop (EngineHlsPlaylist *self)
{
  while (self->kept.length > self->n_kept) {
    Segment *segment = g_queue_pop_head (&self->kept);

    g_queue_push_tail (&self->dropped, g_steal_pointer (&segment->name));
    if (segment->init != NULL && !uses_init (&self->kept, segment->init) &&
        !uses_init (&self->listed, segment->init))
      g_queue_push_tail (&self->dropped, g_steal_pointer (&segment->init));
    segment_free (segment);
  }
}

static void
unlist_first (EngineHlsPlaylist *self)
{
  Segment *segment = g_queue_pop_head (&self->listed);

  self->first_number++;
  self->n_discontinuities += segment->discontinuous ? 1 : 0;
  g_queue_push_tail (&self->kept, segment);
}

/* What is read of a playlist, line after line. */
typedef struct {
  EngineHlsPlaylist *list;
  char *init; /* nullable */
  gint64 duration_us;
  gint64 date_us;
  gboolean discontinuous;
  gboolean ours;
  gboolean foreign; /* there are names that we would not have given */
  gboolean ended;
  guint64 first_number;
  guint64 n_named;
} Reader;

static guint64
read_number (const char *text)
{
  const guint64 number = g_ascii_strtoull (text, NULL, 10);

  return number < MAX_NUMBER ? number : 0;
}

static void
read_kept (Reader *reader, const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, " ", 3);
  Segment *segment = NULL;

  if (names[0] == NULL || !engine_hls_name_is_ours (names[0]) ||
      (names[1] != NULL && !engine_hls_name_is_ours (names[1])) ||
      reader->list->kept.length >= MAX_FOUND)
    return;
  segment = g_new0 (Segment, 1);
  segment->name = g_strdup (names[0]);
  segment->init = g_strdup (names[1]);
  g_queue_push_tail (&reader->list->kept, segment);
}

static void
read_map (Reader *reader, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", 3);

  g_clear_pointer (&reader->init, g_free);
  if (g_strv_length (parts) == 3 && g_str_equal (parts[0], "URI=") &&
      engine_hls_name_is_ours (parts[1]))
    reader->init = g_strdup (parts[1]);
  else
    reader->foreign = TRUE;
}

static void
read_name (Reader *reader, const char *name)
{
  Segment *segment = NULL;

  reader->n_named++;
  if (!engine_hls_name_is_ours (name) || reader->list->listed.length >= MAX_FOUND) {
    reader->foreign = TRUE;
    return;
  }
  segment = g_new0 (Segment, 1);
  segment->name = g_strdup (name);
  segment->init = g_strdup (reader->init);
  segment->duration_us = reader->duration_us;
  segment->date_us = reader->date_us;
  segment->discontinuous = reader->discontinuous;
  reader->discontinuous = FALSE;
  g_queue_push_tail (&reader->list->listed, segment);
}

static gboolean
skip_prefix (const char **text, const char *prefix)
{
  if (!g_str_has_prefix (*text, prefix))
    return FALSE;
  *text += strlen (prefix);
  return TRUE;
}

static void
read_line (Reader *reader, const char *line)
{
  EngineHlsPlaylist *list = reader->list;

  if (g_str_has_prefix (line, MARK)) {
    reader->ours = TRUE;
  } else if (skip_prefix (&line, KEPT)) {
    read_kept (reader, line);
  } else if (skip_prefix (&line, "#EXT-X-MEDIA-SEQUENCE:")) {
    reader->first_number = read_number (line);
  } else if (skip_prefix (&line, "#EXT-X-DISCONTINUITY-SEQUENCE:")) {
    list->n_discontinuities = read_number (line);
  } else if (skip_prefix (&line, "#EXT-X-TARGETDURATION:")) {
    list->target_duration_s =
      (gint64) CLAMP (read_number (line), MIN_TARGET_DURATION_S, (guint64) MAX_DURATION_S);
  } else if (g_str_has_prefix (line, "#EXT-X-DISCONTINUITY")) {
    reader->discontinuous = TRUE;
  } else if (skip_prefix (&line, "#EXT-X-MAP:")) {
    read_map (reader, line);
  } else if (skip_prefix (&line, "#EXT-X-PROGRAM-DATE-TIME:")) {
    g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (line, NULL);

    reader->date_us = date != NULL ? g_date_time_to_unix (date) * G_USEC_PER_SEC +
                                       g_date_time_get_microsecond (date)
                                   : 0;
  } else if (skip_prefix (&line, "#EXTINF:")) {
    const double duration_s = g_ascii_strtod (line, NULL);

    reader->duration_us =
      duration_s > 0 && duration_s < MAX_DURATION_S ? (gint64) (duration_s * G_USEC_PER_SEC) : 0;
  } else if (g_str_has_prefix (line, "#EXT-X-ENDLIST")) {
    reader->ended = TRUE;
  } else if (*line != '#' && *line != '\0') {
    read_name (reader, line);
  }
}

/* The segments that were found are over: the new ones continue their numbers, and nothing else. */
static void
retire (EngineHlsPlaylist *self)
{
  while (self->listed.length > 0)
    unlist_first (self);
}

/**
 * engine_hls_playlist_resume:
 * @self: an empty playlist
 * @text: what is there from the last time, or from somebody else
 * @now_us: the wall clock
 *
 * Goes on where that ends: with its numbers, and if it broke off a moment ago with its segments, too.
 *
 * Returns: whether it is a playlist of ours
 */
gboolean
engine_hls_playlist_resume (EngineHlsPlaylist *self, const char *text, gint64 now_us)
{
  Reader reader = { .list = self };
  const Segment *last = NULL;

  if (strlen (text) <= ENGINE_HLS_PLAYLIST_MAX_BYTES && g_str_has_prefix (text, "#EXTM3U")) {
    g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
      read_line (&reader, lines[i]);
  }
  g_free (reader.init);
  if (!reader.ours || reader.foreign) {
    /* Those files are not ours: they are neither told of again nor removed. */
    g_queue_clear_full (&self->listed, segment_free);
    g_queue_clear_full (&self->kept, segment_free);
    self->n_discontinuities += reader.n_named;
    self->first_number = MAX (self->first_number, reader.first_number + reader.n_named);
    self->discontinuous = reader.n_named > 0;
    return reader.ours;
  }
  if (reader.n_named > 0)
    self->first_number = reader.first_number;
  last = g_queue_peek_tail (&self->listed);
  if (reader.ended || (last != NULL && now_us - last->date_us - last->duration_us > STALE_US))
    retire (self);
  self->discontinuous = reader.n_named > 0;
  return TRUE;
}

/**
 * engine_hls_playlist_break:
 * @self: a playlist
 *
 * The next segment does not continue the one before.
 */
void
engine_hls_playlist_break (EngineHlsPlaylist *self)
{
  self->discontinuous |= self->listed.length > 0;
}

/**
 * engine_hls_playlist_add:
 * @self: a playlist that has not ended
 * @name: of the segment's file
 * @init: (nullable): of the file that it needs before it
 * @duration_us: how long it lasts
 * @date_us: the wall clock at its first picture
 */
void
engine_hls_playlist_add (EngineHlsPlaylist *self, const char *name, const char *init,
                         gint64 duration_us, gint64 date_us)
{
  Segment *segment = g_new0 (Segment, 1);

  g_return_if_fail (!self->ended);

  segment->name = g_strdup (name);
  segment->init = g_strdup (init);
  segment->duration_us = duration_us;
  segment->date_us = date_us;
  segment->discontinuous = self->discontinuous;
  self->discontinuous = FALSE;
  self->target_duration_s =
    MAX (self->target_duration_s, (duration_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
  g_queue_push_tail (&self->listed, segment);
  while (self->listed.length > self->n_listed)
    unlist_first (self);
  drop (self);
}

/**
 * engine_hls_playlist_end:
 * @self: a playlist
 *
 * There comes nothing more.
 */
void
engine_hls_playlist_end (EngineHlsPlaylist *self)
{
  self->ended = TRUE;
}

static void
append_segment (GString *text, const Segment *segment, gboolean first, const char **init)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (segment->date_us / G_USEC_PER_SEC);
  g_autofree char *date =
    seconds != NULL ? g_date_time_format (seconds, "%Y-%m-%dT%H:%M:%S") : NULL;
  char duration[G_ASCII_DTOSTR_BUF_SIZE] = "";

  /* The first of the list says nothing about what is not in it. */
  if (segment->discontinuous && !first)
    g_string_append (text, "#EXT-X-DISCONTINUITY\n");
  if (segment->init != NULL && g_strcmp0 (segment->init, *init) != 0)
    g_string_append_printf (text, "#EXT-X-MAP:URI=\"%s\"\n", segment->init);
  *init = segment->init;
  if (date != NULL)
    g_string_append_printf (text, "#EXT-X-PROGRAM-DATE-TIME:%s.%03dZ\n", date,
                            (int) (segment->date_us % G_USEC_PER_SEC / 1000));
  g_ascii_formatd (duration, sizeof duration, "%.6f",
                   (double) segment->duration_us / G_USEC_PER_SEC);
  g_string_append_printf (text, "#EXTINF:%s,\n%s\n", duration, segment->name);
}

/**
 * engine_hls_playlist_write:
 * @self: a playlist
 *
 * Returns: (transfer full): what players load
 */
char *
engine_hls_playlist_write (EngineHlsPlaylist *self)
{
  GString *text = g_string_new ("#EXTM3U\n" MARK "\n#EXT-X-VERSION:7\n"
                                "#EXT-X-INDEPENDENT-SEGMENTS\n");
  const Segment *first = g_queue_peek_head (&self->listed);
  const char *init = NULL;

  g_string_append_printf (text,
                          "#EXT-X-TARGETDURATION:%" G_GINT64_FORMAT
                          "\n#EXT-X-MEDIA-SEQUENCE:%" G_GUINT64_FORMAT "\n"
                          "#EXT-X-DISCONTINUITY-SEQUENCE:%" G_GUINT64_FORMAT "\n",
                          self->target_duration_s, self->first_number,
                          self->n_discontinuities +
                            (first != NULL && first->discontinuous ? 1 : 0));
  for (GList *l = self->kept.head; l != NULL; l = l->next) {
    const Segment *segment = l->data;

    g_string_append_printf (text, KEPT "%s%s%s\n", segment->name, segment->init != NULL ? " " : "",
                            segment->init != NULL ? segment->init : "");
  }
  for (GList *l = self->listed.head; l != NULL; l = l->next)
    append_segment (text, l->data, l == self->listed.head, &init);
  if (self->ended)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  return g_string_free (text, FALSE);
}

/**
 * engine_hls_playlist_take_dropped:
 * @self: a playlist
 *
 * Returns: (transfer full) (nullable): the next file that is to be removed, once the playlist of now
 *   is where players load it
 */
char *
engine_hls_playlist_take_dropped (EngineHlsPlaylist *self)
{
  return g_queue_pop_head (&self->dropped);
}

static gboolean
has_name (GQueue *segments, const char *name)
{
  for (GList *l = segments->head; l != NULL; l = l->next) {
    const Segment *segment = l->data;

    if (g_str_equal (segment->name, name) || g_strcmp0 (segment->init, name) == 0)
      return TRUE;
  }
  return FALSE;
}

/**
 * engine_hls_playlist_contains:
 * @self: a playlist
 * @name: of a file
 *
 * Returns: whether players may load it
 */
gboolean
engine_hls_playlist_contains (EngineHlsPlaylist *self, const char *name)
{
  return has_name (&self->listed, name) || has_name (&self->kept, name);
}

/**
 * engine_hls_master_write:
 * @playlist: the name of the one playlist there is
 * @width_px: of the picture
 * @height_px: of the picture
 * @rate_fps: pictures a second
 * @codecs: as in RFC 6381
 * @peak_bps: what the largest segment takes
 * @mean_bps: what segments take on average
 *
 * Returns: (transfer full): the multivariant playlist, where players begin
 */
char *
engine_hls_master_write (const char *playlist, int width_px, int height_px, int rate_fps,
                         const char *codecs, guint peak_bps, guint mean_bps)
{
  GString *text = g_string_new ("#EXTM3U\n" MARK "\n#EXT-X-VERSION:7\n"
                                "#EXT-X-INDEPENDENT-SEGMENTS\n");

  g_string_append_printf (text, "#EXT-X-STREAM-INF:BANDWIDTH=%u,AVERAGE-BANDWIDTH=%u,", peak_bps,
                          mean_bps);
  if (width_px > 0 && height_px > 0)
    g_string_append_printf (text, "RESOLUTION=%dx%d,", width_px, height_px);
  if (rate_fps > 0)
    g_string_append_printf (text, "FRAME-RATE=%d.000,", rate_fps);
  g_string_append_printf (text, "CODECS=\"%s\"\n%s\n", codecs, playlist);
  return g_string_free (text, FALSE);
}
