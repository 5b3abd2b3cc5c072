/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-shelf.h"

struct _PostsShelf {
  GHashTable *things; /* key → GList in order, whose data is a Thing */
  GQueue order;       /* what was asked for last comes first */
  gsize max_bytes;
  gsize n_bytes;
  GDestroyNotify free_func;
};

typedef struct {
  char *key;
  gpointer value;
  gsize n_bytes;
} Thing;

/**
 * posts_shelf_new:
 * @max_bytes: how much may lie on it
 * @free_func: frees a thing that is put on it
 *
 * Returns: (transfer full): a shelf
 */
PostsShelf *
posts_shelf_new (gsize max_bytes, GDestroyNotify free_func)
{
  PostsShelf *self = g_new0 (PostsShelf, 1);

  self->things = g_hash_table_new (g_str_hash, g_str_equal);
  self->max_bytes = max_bytes;
  self->free_func = free_func;
  return self;
}

static void
throw_away (PostsShelf *self, GList *link)
{
  Thing *thing = link->data;

  g_hash_table_remove (self->things, thing->key);
  g_queue_delete_link (&self->order, link);
  self->n_bytes -= thing->n_bytes;
  self->free_func (thing->value);
  g_free (thing->key);
  g_free (thing);
}

void
posts_shelf_free (PostsShelf *self)
{
  while (!g_queue_is_empty (&self->order))
    throw_away (self, self->order.tail);
  g_hash_table_unref (self->things);
  g_free (self);
}

/**
 * posts_shelf_put:
 * @self: a shelf
 * @key: under what
 * @value: (transfer full): the thing; replaces what was there
 * @n_bytes: how much room it takes
 */
void
posts_shelf_put (PostsShelf *self, const char *key, gpointer value, gsize n_bytes)
{
  GList *before = g_hash_table_lookup (self->things, key);
  Thing *thing = NULL;

  if (before != NULL)
    throw_away (self, before);
  thing = g_new0 (Thing, 1);
  thing->key = g_strdup (key);
  thing->value = value;
  thing->n_bytes = n_bytes;
  g_queue_push_head (&self->order, thing);
  g_hash_table_insert (self->things, thing->key, self->order.head);
  self->n_bytes += n_bytes;
  while (self->n_bytes > self->max_bytes)
    throw_away (self, self->order.tail);
}

/**
 * posts_shelf_get:
 * @self: a shelf
 * @key: under what
 *
 * Returns: (transfer none) (nullable): the thing, until the next one is put on the shelf
 */
gpointer
posts_shelf_get (PostsShelf *self, const char *key)
{
  GList *link = g_hash_table_lookup (self->things, key);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->order, link);
  g_queue_push_head_link (&self->order, link);
  return ((Thing *) link->data)->value;
}

gsize
posts_shelf_get_n_bytes (PostsShelf *self)
{
  return self->n_bytes;
}
