/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-private.h"

/* What is decided about one post. */

/* What was decided counts here, even while it is on its way to the disk. */
PostsState
_posts_desk_get_state (PostsDesk *self, PostsItem *item)
{
  const PostsPending *pending =
    g_hash_table_lookup (self->pending, posts_post_get_id (posts_item_get_post (item)));

  return pending != NULL ? pending->to : posts_item_get_state (item);
}

/* What shows a post waits for the disk; what takes one away does not. */
void
_posts_desk_put (PostsDesk *self, PostsItem *item, PostsState to)
{
  if (!_posts_desk_decide_later (self, item, to))
    _posts_desk_move (self, item, to);
}

static int
compare_asked (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const gint64 first = posts_item_get_asked_us ((PostsItem *) a);
  const gint64 second = posts_item_get_asked_us ((PostsItem *) b);

  return first < second ? -1 : first > second ? 1 : 0;
}

/* @asked_us: since 1970; 0: it is no question, or it was answered */
void
_posts_desk_set_asked_us (PostsDesk *self, PostsItem *item, gint64 asked_us)
{
  guint position = 0;

  if (posts_item_get_asked_us (item) == asked_us)
    return;
  if (g_list_store_find (self->questions, item, &position))
    g_list_store_remove (self->questions, position);
  _posts_item_set_asked_us (item, asked_us);
  if (asked_us != 0)
    g_list_store_insert_sorted (self->questions, item, compare_asked, NULL);
  if (self->store != NULL && !self->is_kept)
    posts_store_set_asked_us (self->store, posts_post_get_id (posts_item_get_post (item)),
                              asked_us);
}

/**
 * posts_desk_get_questions:
 * @self: the desk
 *
 * Returns: (transfer none): a list model of [class@Posts.Item]: what is to be asked on stage, the first
 *   marked first
 */
GListModel *
posts_desk_get_questions (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return G_LIST_MODEL (self->questions);
}

static guint
bit (PostsState state)
{
  return 1u << state;
}

/* Moves a post to @to if its state is one of @allowed. */
static gboolean
decide (PostsDesk *self, const char *post_id, PostsState to, guint allowed, GError **error)
{
  PostsItem *item = posts_desk_find (self, post_id);

  if (item == NULL) {
    g_set_error (error, POSTS_ERROR, POSTS_ERROR_STATE, "No post \"%s\" on the desk",
                 post_id != NULL ? post_id : "");
    return FALSE;
  }
  if (self->panic && to == POSTS_STATE_ON_SCREEN) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_STATE,
                         "Nothing that strangers wrote is shown: the panic key was pressed");
    return FALSE;
  }
  if ((allowed & bit (_posts_desk_get_state (self, item))) == 0) {
    g_autofree char *state =
      g_enum_to_string (POSTS_TYPE_STATE, (int) _posts_desk_get_state (self, item));

    g_set_error (error, POSTS_ERROR, POSTS_ERROR_STATE, "Post \"%s\" does not allow that: %s",
                 post_id, state);
    return FALSE;
  }
  _posts_desk_put (self, item, to);
  return TRUE;
}

/**
 * posts_desk_approve:
 * @self: the desk
 * @post_id: a post that is incoming, held or hidden
 * @error: return location
 *
 * Says yes to a post: the audience's page shows it.
 *
 * Returns: `FALSE` with `POSTS_ERROR_STATE` if there is no such post, or it is approved already
 */
gboolean
posts_desk_approve (PostsDesk *self, const char *post_id, GError **error)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), FALSE);

  return decide (self, post_id, POSTS_STATE_APPROVED,
                 bit (POSTS_STATE_INCOMING) | bit (POSTS_STATE_HELD) | bit (POSTS_STATE_HIDDEN),
                 error);
}

/**
 * posts_desk_hide:
 * @self: the desk
 * @post_id: a post that is not hidden
 * @error: return location
 *
 * Says no to a post; takes it off the screen and the audience's page at once.
 *
 * Returns: `FALSE` with `POSTS_ERROR_STATE` if there is no such post, or it is hidden already
 */
gboolean
posts_desk_hide (PostsDesk *self, const char *post_id, GError **error)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), FALSE);

  return decide (self, post_id, POSTS_STATE_HIDDEN,
                 bit (POSTS_STATE_INCOMING) | bit (POSTS_STATE_HELD) | bit (POSTS_STATE_APPROVED) |
                   bit (POSTS_STATE_ON_SCREEN),
                 error);
}

/**
 * posts_desk_show:
 * @self: the desk
 * @post_id: a post that is incoming, held or approved
 * @error: return location
 *
 * Puts a post on screen, which approves it too; the one that was there stays approved.
 *
 * Returns: `FALSE` with `POSTS_ERROR_STATE` if there is no such post, or it is hidden or on screen
 */
gboolean
posts_desk_show (PostsDesk *self, const char *post_id, GError **error)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), FALSE);

  return decide (self, post_id, POSTS_STATE_ON_SCREEN,
                 bit (POSTS_STATE_INCOMING) | bit (POSTS_STATE_HELD) | bit (POSTS_STATE_APPROVED),
                 error);
}

void
posts_desk_clear_screen (PostsDesk *self)
{
  g_return_if_fail (POSTS_IS_DESK (self));

  if (self->on_screen != NULL)
    _posts_desk_move (self, self->on_screen, POSTS_STATE_APPROVED);
}
