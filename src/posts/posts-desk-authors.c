/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-authors-file.h"
#include "posts-desk-private.h"

/* What the desk does with everything that one author wrote. */

/* Of PostsItem. */
GPtrArray *
_posts_desk_find_all_by (PostsDesk *self, const char *author_id)
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

  posts_desk_erase_author (self, author_id);
}

/**
 * posts_desk_erase_author:
 * @self: the desk
 * @author_id: an author
 *
 * Deletes everything that the author wrote, here and on the disk; it does not come back.
 *
 * Returns: how many posts these were
 */
guint
posts_desk_erase_author (PostsDesk *self, const char *author_id)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), 0);
  g_return_val_if_fail (author_id != NULL, 0);

  g_autoptr (GPtrArray) theirs = _posts_desk_find_all_by (self, author_id);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < theirs->len; i++)
    posts_desk_take_down (self, posts_post_get_id (posts_item_get_post (theirs->pdata[i])));
  g_object_thaw_notify (G_OBJECT (self));
  return theirs->len;
}

/**
 * posts_desk_find_author:
 * @self: the desk
 * @author_id: an author
 *
 * Returns: (transfer none) (nullable): them, if they are blocked or trusted
 */
PostsAuthor *
posts_desk_find_author (PostsDesk *self, const char *author_id)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return author_id != NULL ? g_hash_table_lookup (self->standings, author_id) : NULL;
}

PostsStanding
posts_desk_get_standing (PostsDesk *self, const char *author_id)
{
  PostsAuthor *author = posts_desk_find_author (self, author_id);

  return author != NULL ? posts_author_get_standing (author) : POSTS_STANDING_STRANGER;
}

GListModel *
posts_desk_get_authors (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return G_LIST_MODEL (self->authors);
}

static void
save_always (PostsDesk *self)
{
  if (self->authors_path != NULL && !self->is_kept)
    posts_authors_file_save (self->authors_path, G_LIST_MODEL (self->authors));
}

/* Knows them from now on, without touching what they wrote. */
void
_posts_desk_set_author (PostsDesk *self, PostsAuthor *author)
{
  const char *id = posts_author_get_id (author);
  PostsAuthor *before = posts_desk_find_author (self, id);
  const gboolean kept = before != NULL && posts_author_get_always (before);
  guint position = 0;

  if (before != NULL && g_list_store_find (self->authors, before, &position))
    g_list_store_remove (self->authors, position);
  g_hash_table_remove (self->standings, id);
  posts_rules_distrust_author (self->rules, id);
  if (posts_author_get_standing (author) == POSTS_STANDING_TRUSTED)
    posts_rules_trust_author (self->rules, id, posts_author_get_name (author));
  if (posts_author_get_standing (author) != POSTS_STANDING_STRANGER) {
    g_hash_table_insert (self->standings, (char *) id, g_object_ref (author));
    g_list_store_insert (self->authors, before != NULL ? position : 0, author);
  }
  if (self->store != NULL && !self->is_kept)
    posts_store_set_author (self->store, author);
  if (kept || posts_author_get_always (author))
    save_always (self);
}

/* The names of an author that nobody decided about are in what they wrote. */
static PostsAuthor *
describe_author (PostsDesk *self, const char *author_id, PostsStanding standing, gboolean always)
{
  PostsAuthor *known = posts_desk_find_author (self, author_id);
  g_autoptr (GPtrArray) theirs = NULL;
  PostsPost *post = NULL;

  if (known != NULL)
    return posts_author_new (author_id, posts_author_get_name (known),
                             posts_author_get_handle (known), standing, always);
  theirs = _posts_desk_find_all_by (self, author_id);
  if (theirs->len == 0)
    return posts_author_new (author_id, NULL, NULL, standing, always);
  post = posts_item_get_post (theirs->pdata[0]);
  return posts_author_new (author_id, posts_post_get_author_name (post),
                           posts_post_get_author_handle (post), standing, always);
}

static guint
hide_all_by (PostsDesk *self, const char *author_id)
{
  g_autoptr (GPtrArray) theirs = _posts_desk_find_all_by (self, author_id);
  guint n_hidden = 0;

  for (guint i = 0; i < theirs->len; i++) {
    _posts_item_add_reasons (theirs->pdata[i], POSTS_REASON_BLOCKED_AUTHOR);
    if (posts_item_get_state (theirs->pdata[i]) != POSTS_STATE_HIDDEN) {
      _posts_desk_move (self, theirs->pdata[i], POSTS_STATE_HIDDEN);
      n_hidden++;
    }
  }
  return n_hidden;
}

/* Someone about whom it was decided at another time. */
void
_posts_desk_meet_author (PostsDesk *self, PostsAuthor *author)
{
  _posts_desk_set_author (self, author);
  if (posts_author_get_standing (author) == POSTS_STANDING_BLOCKED)
    hide_all_by (self, posts_author_get_id (author));
}

/**
 * posts_desk_set_standing:
 * @self: the desk
 * @author_id: an author
 * @standing: how they stand from now on
 *
 * Blocked: hides everything that they wrote, also what is on screen, and what they will write. Trusted:
 * see posts_rules_trust_author (), and posts_desk_set_trusting (). What was hidden stays so until approved.
 *
 * Returns: how many posts it hid
 */
guint
posts_desk_set_standing (PostsDesk *self, const char *author_id, PostsStanding standing)
{
  guint n_hidden = 0;

  g_return_val_if_fail (POSTS_IS_DESK (self), 0);
  g_return_val_if_fail (author_id != NULL, 0);

  /* The caller's string may be a part of a post that goes. */
  g_autofree char *id = g_strdup (author_id);
  PostsAuthor *known = posts_desk_find_author (self, id);
  const gboolean always = known != NULL && posts_author_get_standing (known) == standing &&
                          posts_author_get_always (known);
  g_autoptr (PostsAuthor) author = describe_author (self, id, standing, always);

  g_object_freeze_notify (G_OBJECT (self));
  _posts_desk_set_author (self, author);
  if (standing == POSTS_STANDING_BLOCKED)
    n_hidden = hide_all_by (self, id);
  g_object_thaw_notify (G_OBJECT (self));
  return n_hidden;
}

/**
 * posts_desk_set_always:
 * @self: the desk
 * @author_id: an author who is blocked or trusted; nothing happens to any other
 * @always: whether they stay so at the next events
 */
void
posts_desk_set_always (PostsDesk *self, const char *author_id, gboolean always)
{
  PostsAuthor *known = posts_desk_find_author (self, author_id);
  g_autoptr (PostsAuthor) author = NULL;

  if (known == NULL || posts_author_get_always (known) == !!always)
    return;
  author = describe_author (self, author_id, posts_author_get_standing (known), always);
  _posts_desk_set_author (self, author);
}

guint
posts_desk_block_author (PostsDesk *self, const char *author_id)
{
  return posts_desk_set_standing (self, author_id, POSTS_STANDING_BLOCKED);
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
  posts_desk_set_standing (self, author_id, POSTS_STANDING_STRANGER);
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
  gpointer author = NULL;

  g_hash_table_iter_init (&iter, self->standings);
  while (g_hash_table_iter_next (&iter, &id, &author))
    if (posts_author_get_standing (author) == POSTS_STANDING_BLOCKED)
      g_strv_builder_add (builder, id);
  return g_strv_builder_end (builder);
}

/**
 * posts_desk_open_authors:
 * @self: the desk
 * @path: (type filename): a file; it need not be there
 *
 * Blocks and trusts whom it names; from now on it has whoever stays so at the next events.
 */
void
posts_desk_open_authors (PostsDesk *self, const char *path)
{
  g_autoptr (GPtrArray) authors = NULL;

  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (path != NULL);

  authors = posts_authors_file_load (path);
  for (guint i = 0; i < authors->len; i++)
    _posts_desk_meet_author (self, authors->pdata[i]);
  g_free (self->authors_path);
  self->authors_path = g_strdup (path);
}

/**
 * posts_desk_set_trusting:
 * @self: the desk
 * @trusting: whether what trusted authors write is approved by itself
 *
 * Then a post of a trusted author is approved as it comes in, if nothing at all speaks against it, it has
 * no picture, and is not among the first of the event (`POSTS_FIRST_MANUAL`). By default a human says yes
 * to each.
 */
void
posts_desk_set_trusting (PostsDesk *self, gboolean trusting)
{
  g_return_if_fail (POSTS_IS_DESK (self));

  self->trusting = !!trusting;
}

/* A post that has just come in. */
void
_posts_desk_welcome (PostsDesk *self, const char *post_id, PostsReason reasons)
{
  PostsItem *item = posts_desk_find (self, post_id);
  PostsPost *post = item != NULL ? posts_item_get_post (item) : NULL;

  if (!self->trusting || self->panic || self->n_seen <= POSTS_FIRST_MANUAL || post == NULL ||
      reasons != POSTS_REASON_NONE || posts_item_get_state (item) != POSTS_STATE_INCOMING)
    return;
  if (posts_desk_get_standing (self, posts_post_get_author_id (post)) != POSTS_STANDING_TRUSTED ||
      posts_post_get_media (post)->len > 0 || posts_post_get_photo_path (post) != NULL ||
      posts_post_is_sensitive (post))
    return;
  posts_desk_approve (self, post_id, NULL); /* cannot fail: it is incoming */
}

PostsRules *
posts_desk_get_rules (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return self->rules;
}
