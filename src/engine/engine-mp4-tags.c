/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-mp4-plan.h"

/* The box “udta” of an ordinary MP4: what it says of itself, and where its chapters begin. */

#define TYPE(a, b, c, d) ENGINE_MP4_TYPE (a, b, c, d)

#define COPYRIGHT        0xa9
#define VALUE_TEXT       1
#define VALUE_JPEG       13

#define MAX_TITLE_BYTES  250
#define TICKS_PER_MS     10000

EngineMovieTags *
engine_movie_tags_new (void)
{
  EngineMovieTags *self = g_new0 (EngineMovieTags, 1);

  self->chapters = g_ptr_array_new ();
  return self;
}

void
engine_movie_tags_free (EngineMovieTags *self)
{
  for (guint i = 0; i < self->chapters->len; i++) {
    EngineMovieChapter *chapter = self->chapters->pdata[i];

    g_free (chapter->title);
    g_free (chapter);
  }
  g_ptr_array_unref (self->chapters);
  g_clear_pointer (&self->cover, g_bytes_unref);
  g_free (self->title);
  g_free (self->artist);
  g_free (self->album);
  g_free (self->date);
  g_free (self->comment);
  g_free (self->language);
  g_free (self);
}

/**
 * engine_movie_tags_add_chapter:
 * @self: tags
 * @start_ms: when it begins; not before the last one
 * @title: its name
 */
void
engine_movie_tags_add_chapter (EngineMovieTags *self, gint64 start_ms, const char *title)
{
  EngineMovieChapter *chapter = g_new0 (EngineMovieChapter, 1);

  chapter->start_ms = start_ms;
  chapter->title = g_strdup (title);
  g_ptr_array_add (self->chapters, chapter);
}

static void
put_value (GByteArray *bytes, guint32 type, guint32 kind, gconstpointer value, gsize size)
{
  const guint item = engine_mp4_open_box (bytes, type);
  const guint data = engine_mp4_open_box (bytes, TYPE ('d', 'a', 't', 'a'));

  engine_mp4_put_u32 (bytes, kind);
  engine_mp4_put_u32 (bytes, 0);
  g_byte_array_append (bytes, value, (guint) size);
  engine_mp4_close_box (bytes, data);
  engine_mp4_close_box (bytes, item);
}

static void
put_text (GByteArray *bytes, guint32 type, const char *text)
{
  if (text != NULL && *text != '\0')
    put_value (bytes, type, VALUE_TEXT, text, strlen (text));
}

static void
put_meta (const EngineMovieTags *tags, GByteArray *bytes)
{
  const guint meta = engine_mp4_open_full_box (bytes, TYPE ('m', 'e', 't', 'a'), 0, 0);
  const guint hdlr = engine_mp4_open_full_box (bytes, TYPE ('h', 'd', 'l', 'r'), 0, 0);
  guint ilst = 0;

  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_put_u32 (bytes, TYPE ('m', 'd', 'i', 'r'));
  engine_mp4_put_u32 (bytes, TYPE ('a', 'p', 'p', 'l'));
  engine_mp4_put_zeros (bytes, 9);
  engine_mp4_close_box (bytes, hdlr);
  ilst = engine_mp4_open_box (bytes, TYPE ('i', 'l', 's', 't'));
  put_text (bytes, TYPE (COPYRIGHT, 'n', 'a', 'm'), tags->title);
  put_text (bytes, TYPE (COPYRIGHT, 'A', 'R', 'T'), tags->artist);
  put_text (bytes, TYPE (COPYRIGHT, 'a', 'l', 'b'), tags->album);
  put_text (bytes, TYPE (COPYRIGHT, 'd', 'a', 'y'), tags->date);
  put_text (bytes, TYPE (COPYRIGHT, 'c', 'm', 't'), tags->comment);
  put_text (bytes, TYPE (COPYRIGHT, 't', 'o', 'o'), "Régie " PACKAGE_VERSION);
  if (tags->cover != NULL)
    put_value (bytes, TYPE ('c', 'o', 'v', 'r'), VALUE_JPEG, g_bytes_get_data (tags->cover, NULL),
               g_bytes_get_size (tags->cover));
  engine_mp4_close_box (bytes, ilst);
  engine_mp4_close_box (bytes, meta);
}

/* How many bytes of a chapter's name there is room for, in whole letters. */
gsize
engine_mp4_get_title_size (const char *title)
{
  const gsize length = strlen (title);
  gsize size = MIN (length, MAX_TITLE_BYTES);

  while (size < length && size > 0 && (title[size] & 0xc0) == 0x80)
    size--;
  return size;
}

static void
put_chpl (const EngineMovieTags *tags, GByteArray *bytes)
{
  const guint n = MIN (tags->chapters->len, ENGINE_MP4_MAX_CHAPTERS);
  const guint box = engine_mp4_open_full_box (bytes, TYPE ('c', 'h', 'p', 'l'), 1, 0);

  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_put_u8 (bytes, (guint8) n);
  for (guint i = 0; i < n; i++) {
    const EngineMovieChapter *chapter = tags->chapters->pdata[i];
    const gsize size = engine_mp4_get_title_size (chapter->title);

    engine_mp4_put_u64 (bytes, (guint64) MAX (chapter->start_ms, 0) * TICKS_PER_MS);
    engine_mp4_put_u8 (bytes, (guint8) size);
    g_byte_array_append (bytes, (const guint8 *) chapter->title, (guint) size);
  }
  engine_mp4_close_box (bytes, box);
}

/**
 * engine_mp4_plan_put_udta:
 * @self: a plan
 * @bytes: where the box is appended
 */
void
engine_mp4_plan_put_udta (EngineMp4Plan *self, GByteArray *bytes)
{
  const guint udta = engine_mp4_open_box (bytes, TYPE ('u', 'd', 't', 'a'));

  put_meta (self->tags, bytes);
  if (self->tags->chapters->len > 0)
    put_chpl (self->tags, bytes);
  engine_mp4_close_box (bytes, udta);
}
