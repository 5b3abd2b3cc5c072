/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-private.h"

/* What the desk does with everything that one author wrote. */

/* Of PostsItem. */
static GPtrArray *
find_all_by (PostsDesk *self, const char *author_id)
{
  GPtrArray *theirs = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer item = NULL;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (g_str_equal (posts_post_get_author_id (posts_item_get_post (item)), author_id))
      g_ptr_array_add (theirs, g_object_ref (item));
  return theirs;
}

/**
 * posts_desk_take_down_author:
 * @self: the desk
 * @author_id: an author whose account is gone, who may come back
 *
 * Takes every post of the author off the screen and off every list at once.
 */
void
posts_desk_take_down_author (PostsDesk *self, const char *author_id)
{
  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (author_id != NULL);

  g_autoptr (GPtrArray) theirs = find_all_by (self, author_id);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < theirs->len; i++)
    posts_desk_take_down (self, posts_post_get_id (posts_item_get_post (theirs->pdata[i])));
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * posts_desk_block_author:
 * @self: the desk
 * @author_id: an author
 *
 * Hides everything the author wrote, also what is on screen, and what they will write.
 *
 * Returns: how many posts it hid
 */
guint
posts_desk_block_author (PostsDesk *self, const char *author_id)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), 0);
  g_return_val_if_fail (author_id != NULL, 0);

  /* The caller's string may be a part of a post that goes. */
  g_autofree char *id = g_strdup (author_id);
  g_autoptr (GPtrArray) theirs = find_all_by (self, id);
  guint n_hidden = 0;

  g_hash_table_add (self->blocked_authors, g_strdup (id));
  if (self->store != NULL)
    posts_store_set_blocked (self->store, id, TRUE);
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < theirs->len; i++) {
    _posts_item_add_reasons (theirs->pdata[i], POSTS_REASON_BLOCKED_AUTHOR);
    if (posts_item_get_state (theirs->pdata[i]) != POSTS_STATE_HIDDEN) {
      _posts_desk_move (self, theirs->pdata[i], POSTS_STATE_HIDDEN);
      n_hidden++;
    }
  }
  g_object_thaw_notify (G_OBJECT (self));
  return n_hidden;
}

/**
 * posts_desk_unblock_author:
 * @self: the desk
 * @author_id: an author
 *
 * Lets the author's coming posts in again. Those that were hidden stay so until approved.
 */
void
posts_desk_unblock_author (PostsDesk *self, const char *author_id)
{
  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (author_id != NULL);

  g_hash_table_remove (self->blocked_authors, author_id);
  if (self->store != NULL)
    posts_store_set_blocked (self->store, author_id, FALSE);
}

/**
 * posts_desk_list_blocked_authors:
 * @self: the desk
 *
 * Returns: (transfer full) (array zero-terminated=1): their ids, in no order
 */
GStrv
posts_desk_list_blocked_authors (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_iter_init (&iter, self->blocked_authors);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_strv_builder_add (builder, id);
  return g_strv_builder_end (builder);
}
