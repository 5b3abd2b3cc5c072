/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-mp4-plan.h"

/* Picture and sound of so much time lie side by side. */
#define INTERLEAVE_MS     500

#define CHAPTER_TIMESCALE 1000

/* How players are told that the names are UTF-8. */
static const guint8 encoding[] = { 0, 0, 0, 12, 'e', 'n', 'c', 'd', 0, 0, 1, 0 };

static const guint8 text_entry[] = {
  0, 0, 0, 59, 't', 'e', 'x', 't', 0, 0, 0, 0, 0, 0, 0, 1, /* a description */
  0, 0, 0, 1,  0,   0,   0,   0,   0, 0,                   /* how it is displayed: not at all */
  0, 0, 0, 0,  0,   0,   0,   0,                           /* where */
  0, 0, 0, 0,  0,   1,   0,   0,   0, 0, 0, 0,             /* with which letters */
  0, 0, 0, 13, 'f', 't', 'a', 'b', 0, 1, 0, 1, 0,          /* of which font */
};

EngineMp4Plan *
engine_mp4_plan_new (const EngineMovieTags *tags)
{
  EngineMp4Plan *self = g_new0 (EngineMp4Plan, 1);

  self->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_mp4_track_free);
  self->memory = g_byte_array_new ();
  self->chunks = g_array_new (FALSE, FALSE, sizeof (EngineMp4Chunk));
  self->tags = tags;
  return self;
}

void
engine_mp4_plan_free (EngineMp4Plan *self)
{
  g_ptr_array_unref (self->tracks);
  g_byte_array_unref (self->memory);
  g_array_unref (self->chunks);
  g_free (self);
}

/**
 * engine_mp4_track_new_like:
 * @other: a track
 *
 * Returns: (transfer full): one that is described the same way, without samples
 */
EngineMp4Track *
engine_mp4_track_new_like (const EngineMp4Track *other)
{
  EngineMp4Track *self = g_new0 (EngineMp4Track, 1);

  *self = *other;
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < other->entries->len; i++)
    g_ptr_array_add (self->entries, g_bytes_ref (other->entries->pdata[i]));
  self->samples = g_array_new (FALSE, FALSE, sizeof (EngineMp4Sample));
  return self;
}

static gint64
get_duration_ms (EngineMp4Plan *self)
{
  gint64 duration_ms = 0;

  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];
    const gint64 end = track->start + engine_mp4_track_get_duration (track);

    duration_ms = MAX (duration_ms, end * 1000 / track->timescale);
  }
  return duration_ms;
}

static void
add_chapter (EngineMp4Plan *self, EngineMp4Track *track, const char *title, gint64 duration_ms)
{
  const gsize n = engine_mp4_get_title_size (title);
  EngineMp4Sample sample = { .offset = self->memory->len,
                             .duration = (guint32) CLAMP (duration_ms, 1, G_MAXINT32),
                             .part = ENGINE_MP4_MEMORY,
                             .sync = TRUE };

  engine_mp4_put_u16 (self->memory, (guint16) n);
  g_byte_array_append (self->memory, (const guint8 *) title, (guint) n);
  g_byte_array_append (self->memory, encoding, sizeof encoding);
  sample.size = (guint32) (self->memory->len - sample.offset);
  g_array_append_val (track->samples, sample);
}

/**
 * engine_mp4_plan_add_chapters:
 * @self: a plan with its pictures and sound
 *
 * Adds the track that tells players where chapters begin, if there are any.
 */
void
engine_mp4_plan_add_chapters (EngineMp4Plan *self)
{
  GPtrArray *chapters = self->tags->chapters;
  const gint64 duration_ms = get_duration_ms (self);
  EngineMp4Track *track = NULL;

  if (chapters->len == 0)
    return;
  track = g_new0 (EngineMp4Track, 1);
  for (guint i = 0; i < self->tracks->len; i++)
    track->id = MAX (track->id, ((EngineMp4Track *) self->tracks->pdata[i])->id);
  self->chapter_track = ++track->id;
  track->handler = ENGINE_MP4_TYPE ('t', 'e', 'x', 't');
  track->timescale = CHAPTER_TIMESCALE;
  track->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (track->entries, g_bytes_new_static (text_entry, sizeof text_entry));
  track->samples = g_array_new (FALSE, FALSE, sizeof (EngineMp4Sample));
  track->start = ((EngineMovieChapter *) chapters->pdata[0])->start_ms;
  for (guint i = 0; i < MIN (chapters->len, ENGINE_MP4_MAX_CHAPTERS); i++) {
    const EngineMovieChapter *chapter = chapters->pdata[i];
    const EngineMovieChapter *next = i + 1 < chapters->len ? chapters->pdata[i + 1] : NULL;

    add_chapter (self, track, chapter->title,
                 (next != NULL ? next->start_ms : duration_ms) - chapter->start_ms);
  }
  g_ptr_array_add (self->tracks, track);
}

/* Where each track is while chunks are made of all. */
typedef struct {
  guint at;
  gint64 time; /* in the track's time scale */
} Cursor;

static void
add_chunk (EngineMp4Plan *self, guint index, Cursor *cursor, gint64 end_ms)
{
  EngineMp4Track *track = self->tracks->pdata[index];
  EngineMp4Chunk chunk = { .track = index, .first = cursor->at };

  while (cursor->at < track->samples->len && cursor->time * 1000 < end_ms * track->timescale) {
    const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, cursor->at);

    if (chunk.n > 0 &&
        sample->entry != g_array_index (track->samples, EngineMp4Sample, chunk.first).entry)
      break;
    cursor->time += sample->duration;
    cursor->at++;
    chunk.n++;
  }
  if (chunk.n > 0)
    g_array_append_val (self->chunks, chunk);
}

/**
 * engine_mp4_plan_interleave:
 * @self: a plan with all its tracks
 *
 * Decides in which order samples are written.
 */
void
engine_mp4_plan_interleave (EngineMp4Plan *self)
{
  g_autofree Cursor *cursors = g_new0 (Cursor, self->tracks->len);
  gboolean done = FALSE;

  for (guint i = 0; i < self->tracks->len; i++)
    cursors[i].time = ((EngineMp4Track *) self->tracks->pdata[i])->start;
  for (gint64 end_ms = INTERLEAVE_MS; !done; end_ms += INTERLEAVE_MS) {
    gint64 nearest_ms = G_MAXINT64;

    done = TRUE;
    for (guint i = 0; i < self->tracks->len; i++) {
      EngineMp4Track *track = self->tracks->pdata[i];

      add_chunk (self, i, &cursors[i], end_ms);
      if (cursors[i].at >= track->samples->len)
        continue;
      done = FALSE;
      nearest_ms = MIN (nearest_ms, cursors[i].time * 1000 / track->timescale);
    }
    /* A hole is not walked through step by step. */
    if (!done && nearest_ms > end_ms + INTERLEAVE_MS)
      end_ms = nearest_ms - nearest_ms % INTERLEAVE_MS;
  }
}

/**
 * engine_mp4_plan_keep_places:
 * @self: a plan of one part
 * @memory_offset: where its memory will be
 *
 * Leaves every sample where it is in its file.
 */
void
engine_mp4_plan_keep_places (EngineMp4Plan *self, guint64 memory_offset)
{
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];
    EngineMp4Chunk chunk = { .track = i };
    guint64 end = 0;

    for (guint k = 0; k < track->samples->len; k++) {
      EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, k);
      const guint64 offset =
        sample->part == ENGINE_MP4_MEMORY ? memory_offset + sample->offset : sample->offset;

      if (chunk.n > 0 &&
          (offset != end ||
           sample->entry != g_array_index (track->samples, EngineMp4Sample, k - 1).entry)) {
        g_array_append_val (self->chunks, chunk);
        chunk.n = 0;
      }
      if (chunk.n++ == 0) {
        chunk.first = k;
        chunk.offset = offset;
      }
      end = offset + sample->size;
      self->large = self->large || end > G_MAXUINT32;
    }
    if (chunk.n > 0)
      g_array_append_val (self->chunks, chunk);
  }
}

guint64
engine_mp4_plan_get_bytes (EngineMp4Plan *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i];

    for (guint k = 0; k < track->samples->len; k++)
      n_bytes += g_array_index (track->samples, EngineMp4Sample, k).size;
  }
  return n_bytes;
}

/**
 * engine_mp4_plan_set_begin:
 * @self: a plan whose samples have their order
 * @begin: where the first one will be in the new file
 */
void
engine_mp4_plan_set_begin (EngineMp4Plan *self, guint64 begin)
{
  for (guint i = 0; i < self->chunks->len; i++) {
    EngineMp4Chunk *chunk = &g_array_index (self->chunks, EngineMp4Chunk, i);
    EngineMp4Track *track = self->tracks->pdata[chunk->track];

    chunk->offset = begin;
    for (guint k = chunk->first; k < chunk->first + chunk->n; k++)
      begin += g_array_index (track->samples, EngineMp4Sample, k).size;
  }
}

/* Whether the samples are where the plan says. */
static gboolean
has_places (EngineMp4Plan *self, EngineMp4Index *index)
{
  for (guint i = 0; i < self->chunks->len; i++) {
    const EngineMp4Chunk *chunk = &g_array_index (self->chunks, EngineMp4Chunk, i);
    EngineMp4Track *written = index->tracks->pdata[chunk->track];
    guint64 offset = chunk->offset;

    for (guint k = chunk->first; k < chunk->first + chunk->n; k++) {
      const EngineMp4Sample *sample = &g_array_index (written->samples, EngineMp4Sample, k);

      if (sample->offset != offset)
        return FALSE;
      offset += sample->size;
    }
  }
  return TRUE;
}

/**
 * engine_mp4_plan_matches:
 * @self: a plan
 * @index: what was read of the file that was written
 *
 * Returns: whether nothing is missing in it: samples, their places, sizes, times and
 *   keyframes
 */
gboolean
engine_mp4_plan_matches (EngineMp4Plan *self, EngineMp4Index *index)
{
  if (index->fragmented || index->damaged || index->tracks->len != self->tracks->len)
    return FALSE;
  for (guint i = 0; i < self->tracks->len; i++) {
    EngineMp4Track *track = self->tracks->pdata[i], *written = index->tracks->pdata[i];

    if (track->samples->len != written->samples->len || track->timescale != written->timescale ||
        track->handler != written->handler)
      return FALSE;
    for (guint k = 0; k < track->samples->len; k++) {
      const EngineMp4Sample *a = &g_array_index (track->samples, EngineMp4Sample, k);
      const EngineMp4Sample *b = &g_array_index (written->samples, EngineMp4Sample, k);

      if (a->size != b->size || a->duration != b->duration || a->shift != b->shift ||
          a->entry != b->entry || a->sync != b->sync)
        return FALSE;
    }
  }
  return has_places (self, index);
}
