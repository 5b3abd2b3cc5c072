/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-memory.h"

/**
 * PostsMemory:
 *
 * Remembers a number for each of the latest texts, and forgets the oldest, so that a day of posts
 * or a flood of them cannot fill the memory. Keeps hashes, not the texts. One thread at a time.
 */
struct _PostsMemory {
  guint size;
  GHashTable *recent; /* guint64 → guint64 */
  GHashTable *older;
};

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

/**
 * posts_memory_new:
 * @size: how many of the latest texts it remembers at least; twice as many at most
 *
 * Returns: (transfer full): an empty memory
 */
PostsMemory *
posts_memory_new (guint size)
{
  PostsMemory *self = g_new0 (PostsMemory, 1);

  self->size = size;
  self->recent = new_table ();
  self->older = new_table ();
  return self;
}

void
posts_memory_free (PostsMemory *self)
{
  g_hash_table_unref (self->recent);
  g_hash_table_unref (self->older);
  g_free (self);
}

/**
 * posts_memory_hash:
 * @text: a text
 *
 * Returns: the 64 bits that stand for @text (FNV-1a)
 */
guint64
posts_memory_hash (const char *text)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (const char *p = text; *p != '\0'; p++)
    hash = (hash ^ (guchar) *p) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

gboolean
posts_memory_lookup (PostsMemory *self, const char *key, guint64 *value)
{
  const guint64 hash = posts_memory_hash (key);
  const guint64 *found = g_hash_table_lookup (self->recent, &hash);

  if (found == NULL)
    found = g_hash_table_lookup (self->older, &hash);
  if (found != NULL && value != NULL)
    *value = *found;
  return found != NULL;
}

void
posts_memory_remember (PostsMemory *self, const char *key, guint64 value)
{
  const guint64 hash = posts_memory_hash (key);

  if (g_hash_table_size (self->recent) >= self->size) {
    g_hash_table_unref (self->older);
    self->older = g_steal_pointer (&self->recent);
    self->recent = new_table ();
  }
  g_hash_table_replace (self->recent, g_memdup2 (&hash, sizeof hash),
                        g_memdup2 (&value, sizeof value));
}
