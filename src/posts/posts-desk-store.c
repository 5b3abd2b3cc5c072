/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-private.h"
#include "posts-desk-store.h"

/* What the desk keeps on the disk, so that a crash or a power cut loses nothing. */

/* A yes that is on its way to the disk. */
typedef struct {
  PostsDesk *desk;
  char *id;
  PostsState from;
  PostsState to;
} Decision;

static void
fail (PostsDesk *self, const GError *error)
{
  if (error != NULL)
    g_signal_emit_by_name (self, "failed", error);
}

/* On the disk, or not to be had there: the show goes on. Whoever decided otherwise meanwhile wins. */
static void
decided_cb (const GError *error, gpointer user_data)
{
  Decision *decision = user_data;
  PostsDesk *self = decision->desk;
  PostsItem *item = self->items != NULL ? posts_desk_find (self, decision->id) : NULL;

  fail (self, error);
  if (item != NULL && posts_item_get_state (item) == decision->from &&
      (!self->panic || decision->to != POSTS_STATE_ON_SCREEN)) {
    self->is_kept = TRUE;
    _posts_desk_move (self, item, decision->to);
    self->is_kept = FALSE;
  }
  g_object_unref (self);
  g_free (decision->id);
  g_free (decision);
}

/* What shows a post waits for the disk; what takes one away does not. Returns: whether it waits */
gboolean
_posts_desk_decide_later (PostsDesk *self, PostsItem *item, PostsState to)
{
  Decision *decision = NULL;

  if (self->store == NULL || (to != POSTS_STATE_APPROVED && to != POSTS_STATE_ON_SCREEN))
    return FALSE;
  decision = g_new0 (Decision, 1);
  decision->desk = g_object_ref (self);
  decision->id = g_strdup (posts_post_get_id (posts_item_get_post (item)));
  decision->from = posts_item_get_state (item);
  decision->to = to;
  posts_store_set_state (self->store, decision->id, to, posts_item_get_reasons (item), decided_cb,
                         decision);
  return TRUE;
}

/* A post that was here before: as it was, but nothing gets on the screen by itself. */
static void
restore (PostsDesk *self, const PostsStored *stored)
{
  const char *id = posts_post_get_id (stored->post);
  const PostsState state =
    stored->state == POSTS_STATE_ON_SCREEN ? POSTS_STATE_APPROVED : stored->state;
  PostsItem *there = posts_desk_find (self, id);

  if (posts_memory_lookup (self->taken_down, id, NULL))
    return;
  if (there == NULL) {
    if (posts_post_get_uri (stored->post) != NULL)
      g_hash_table_replace (self->uris, g_strdup (posts_post_get_uri (stored->post)),
                            g_strdup (id));
    _posts_desk_insert (self, _posts_item_new (stored->post, state, stored->reasons,
                                               self->next_serial++));
    return;
  }
  /* It came again before the disk had answered. */
  if ((posts_item_get_state (there) == POSTS_STATE_INCOMING ||
       posts_item_get_state (there) == POSTS_STATE_HELD) &&
      posts_post_says_the_same (posts_item_get_post (there), stored->post))
    _posts_desk_move (self, there, state);
}

static void
loaded_cb (const PostsStoreContents *contents, const GError *error, gpointer user_data)
{
  g_autoptr (PostsDesk) self = g_weak_ref_get (user_data);

  if (self == NULL || self->items == NULL)
    return;
  fail (self, error);
  if (contents == NULL)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  for (gsize i = 0; contents->gone[i] != NULL; i++)
    posts_memory_remember (self->taken_down, contents->gone[i], 0);
  for (guint i = 0; i < contents->posts->len; i++)
    restore (self, contents->posts->pdata[i]);
  for (gsize i = 0; contents->blocked[i] != NULL; i++)
    posts_desk_block_author (self, contents->blocked[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
weak_ref_free (gpointer data)
{
  GWeakRef *weak = data;

  g_weak_ref_clear (weak);
  g_free (weak);
}

/**
 * posts_desk_open_store:
 * @self: a desk that has no store
 * @path: (type filename): a file; it need not be there
 *
 * From now on what is on the desk is on the disk too. What was there comes back within a moment, as it
 * was; a yes counts as soon as the disk has it.
 */
void
posts_desk_open_store (PostsDesk *self, const char *path)
{
  GWeakRef *weak = NULL;

  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (path != NULL);

  if (self->store != NULL)
    return;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->store = posts_store_new (path, loaded_cb, weak, weak_ref_free);
}

/* Waits until everything is on the disk. */
void
posts_desk_close_store (PostsDesk *self)
{
  g_return_if_fail (POSTS_IS_DESK (self));

  g_clear_pointer (&self->store, posts_store_free);
}
