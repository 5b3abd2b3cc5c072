/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-authors-file.h"
#include "posts-desk-private.h"
#include "posts-desk-store.h"

/* What the desk keeps on the disk, so that a crash or a power cut loses nothing. */

#define RESTORE_US       4000
#define RESTORE_PRIORITY (G_PRIORITY_DEFAULT + 10)
#define RESTORED_SERIAL  ((G_GUINT64_CONSTANT (1) << 40) - 1)

/* A yes that is on its way to the disk. */
typedef struct {
  PostsDesk *desk;
  char *id;
  guint64 number;
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
  const PostsPending *pending = g_hash_table_lookup (self->pending, decision->id);

  fail (self, error);
  if (pending != NULL && pending->number == decision->number) {
    const PostsState to = pending->to;

    g_hash_table_remove (self->pending, decision->id);
    if (item != NULL && (!self->panic || to != POSTS_STATE_ON_SCREEN)) {
      self->is_kept = TRUE;
      _posts_desk_move (self, item, to);
      self->is_kept = FALSE;
    }
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
  PostsPending *pending = NULL;

  if (self->store == NULL || (to != POSTS_STATE_APPROVED && to != POSTS_STATE_ON_SCREEN))
    return FALSE;
  decision = g_new0 (Decision, 1);
  decision->desk = g_object_ref (self);
  decision->id = g_strdup (posts_post_get_id (posts_item_get_post (item)));
  decision->number = ++self->next_decision;
  pending = g_new0 (PostsPending, 1);
  pending->number = decision->number;
  pending->to = to;
  g_hash_table_replace (self->pending, g_strdup (decision->id), pending);
  posts_store_set_state (self->store, decision->id, to, posts_item_get_reasons (item), decided_cb,
                         decision);
  return TRUE;
}

/* A post that was here before: as it was, but nothing gets on the screen by itself. */
static void
restore (PostsDesk *self, const PostsStored *stored, guint64 serial)
{
  const char *id = posts_post_get_id (stored->post);
  const PostsStanding standing =
    posts_desk_get_standing (self, posts_post_get_author_id (stored->post));
  PostsState state = stored->state == POSTS_STATE_ON_SCREEN ? POSTS_STATE_APPROVED : stored->state;
  PostsReason reasons = stored->reasons;
  PostsItem *there = posts_desk_find (self, id);

  if (posts_memory_lookup (self->taken_down, id, NULL))
    return;
  if (standing == POSTS_STANDING_BLOCKED) {
    state = POSTS_STATE_HIDDEN;
    reasons |= POSTS_REASON_BLOCKED_AUTHOR;
  }
  if (there == NULL) {
    if (posts_post_get_uri (stored->post) != NULL)
      g_hash_table_replace (self->uris, g_strdup (posts_post_get_uri (stored->post)),
                            g_strdup (id));
    there = _posts_item_new (stored->post, state, reasons, serial);
    _posts_desk_insert (self, there);
  } else if ((posts_item_get_state (there) == POSTS_STATE_INCOMING ||
              posts_item_get_state (there) == POSTS_STATE_HELD) &&
             posts_post_says_the_same (posts_item_get_post (there), stored->post)) {
    /* It came again before the disk had answered. */
    _posts_desk_move (self, there, state);
  }
  if (stored->asked_us > 0 && state != POSTS_STATE_HIDDEN)
    _posts_desk_set_asked_us (self, there, stored->asked_us);
}

/* A day's posts are many: a few at a time, the newest first, so that nothing stands still. */
static gboolean
restore_cb (gpointer user_data)
{
  PostsDesk *self = user_data;
  const gint64 until_us = g_get_monotonic_time () + RESTORE_US;

  g_object_freeze_notify (G_OBJECT (self));
  while (self->restoring->len > 0 && g_get_monotonic_time () < until_us) {
    g_autofree PostsStored *stored =
      g_ptr_array_steal_index (self->restoring, self->restoring->len - 1);

    restore (self, stored, self->restored_serial--);
    g_object_unref (stored->post);
  }
  g_object_thaw_notify (G_OBJECT (self));
  if (self->restoring->len > 0)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->restoring, g_ptr_array_unref);
  self->restore_id = 0;
  return G_SOURCE_REMOVE;
}

static void
restore_authors (PostsDesk *self, GPtrArray *authors)
{
  for (guint i = 0; i < authors->len; i++) {
    PostsAuthor *author = authors->pdata[i];

    /* Whom the computer knows always, and what was decided in this moment, is newer. */
    if (posts_desk_find_author (self, posts_author_get_id (author)) == NULL)
      _posts_desk_meet_author (self, author);
  }
}

static void
loaded_cb (const PostsStoreContents *contents, const GError *error, gpointer user_data)
{
  g_autoptr (PostsDesk) self = g_weak_ref_get (user_data);

  if (self == NULL || self->items == NULL)
    return;
  fail (self, error);
  if (contents == NULL || self->restoring != NULL)
    return;
  for (gsize i = 0; contents->gone[i] != NULL; i++)
    posts_memory_remember (self->taken_down, contents->gone[i], 0);
  restore_authors (self, contents->authors);
  self->restoring = g_ptr_array_ref (contents->posts);
  self->restored_serial = RESTORED_SERIAL;
  self->restore_id = g_idle_add_full (RESTORE_PRIORITY, restore_cb, self, NULL);
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

  g_clear_handle_id (&self->restore_id, g_source_remove);
  g_clear_pointer (&self->restoring, g_ptr_array_unref);
  g_clear_pointer (&self->store, posts_store_free);
  posts_authors_file_flush ();
}
