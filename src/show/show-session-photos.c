/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"
#include "show-card.h"
#include "show-graphics.h"

/* The pictures of posts: where they may come from, and those on the screen. */

/* What is approved one by one is fetched at once; not the posts of a whole day. */
#define MAX_FETCHED_AHEAD 8

/* A sensitive one needs a yes of its own. */
static gboolean
may_show_photo (ShowSession *self, PostsPost *post)
{
  return !posts_post_is_sensitive (post) ||
         g_strcmp0 (self->bare_photo, posts_post_get_id (post)) == 0;
}

static void
card_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShowCard) card = show_card_load_finish (result, &error);

  if (card == NULL || self->graphics == NULL)
    return;
  g_clear_object (&self->card);
  show_graphics_show_post (self->graphics, card->post, card->avatar, card->photo);
  if (card->error == NULL)
    return;
  show_journal_add (self->journal, "post", posts_post_get_id (card->post),
                    "it is on screen without its photo: %s", card->error->message);
  _show_session_tell_failure (self, card->error);
}

static void
drop (GCancellable **place)
{
  g_cancellable_cancel (*place);
  g_clear_object (place);
}

/**
 * _show_session_show_card:
 * @self: a session
 *
 * What the desk says is on screen gets there, with its pictures if they come within a moment; what is not
 * on screen any more leaves at once.
 */
void
_show_session_show_card (ShowSession *self)
{
  PostsItem *item = posts_desk_get_on_screen (self->desk);
  PostsPost *post = item != NULL ? posts_item_get_post (item) : NULL;

  drop (&self->card);
  if (post == NULL || g_strcmp0 (self->bare_photo, posts_post_get_id (post)) != 0)
    g_clear_pointer (&self->bare_photo, g_free);
  if (post == NULL) {
    show_graphics_hide_post (self->graphics);
    return;
  }
  self->card = g_cancellable_new ();
  show_card_load_async (self->photos, post, may_show_photo (self, post), self->card, card_cb,
                        g_object_ref (self));
}

static void
draft_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShowCard) card = show_card_load_finish (result, &error);

  if (card == NULL || self->graphics == NULL)
    return;
  g_clear_object (&self->draft_card);
  show_graphics_draft_post (self->graphics, card->post, card->avatar, card->photo);
}

/**
 * _show_session_draft_card:
 * @self: a session
 * @item: (nullable): the post that the preview shows
 */
void
_show_session_draft_card (ShowSession *self, PostsItem *item)
{
  PostsPost *post = item != NULL ? posts_item_get_post (item) : NULL;

  drop (&self->draft_card);
  if (post == NULL) {
    show_graphics_draft_post (self->graphics, NULL, NULL, NULL);
    return;
  }
  self->draft_card = g_cancellable_new ();
  show_card_load_async (self->photos, post, may_show_photo (self, post), self->draft_card, draft_cb,
                        g_object_ref (self));
}

void
_show_session_drop_cards (ShowSession *self)
{
  drop (&self->card);
  drop (&self->draft_card);
  g_clear_pointer (&self->bare_photo, g_free);
}

/* The second yes: the first put the post on screen without. */
static void
show_post_photo_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  PostsItem *item = posts_desk_get_on_screen (self->desk);
  const char *id = item != NULL ? posts_post_get_id (posts_item_get_post (item)) : NULL;
  GError *error = NULL;

  if (g_strcmp0 (id, g_variant_get_string (parameter, NULL)) == 0) {
    g_free (self->bare_photo);
    self->bare_photo = g_strdup (id);
    _show_session_show_card (self);
  } else {
    g_set_error_literal (&error, POSTS_ERROR, POSTS_ERROR_STATE, "this post is not on screen");
  }
  _show_actions_finish (self, error == NULL, error);
}

/* What people are about to see is there when it is wanted, unless nobody has seen it yet. */
static void
fetch_ahead_cb (ShowSession *self, guint position, guint n_removed, guint n_added, GListModel *list)
{
  for (guint i = position; i < position + n_added && n_added <= MAX_FETCHED_AHEAD; i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (list, i);
    PostsPost *post = posts_item_get_post (item);

    posts_photos_load_async (self->photos, post, POSTS_PHOTO_USE_AVATAR, NULL, NULL, NULL);
    if (!posts_post_is_sensitive (post))
      posts_photos_load_async (self->photos, post, POSTS_PHOTO_USE_CARD, NULL, NULL, NULL);
  }
}

static void
add_server (ShowSession *self, const EventNetwork *network)
{
  static const struct {
    EventNetworkKind from;
    PostsNetworkKind to;
  } kinds[] = {
    { EVENT_NETWORK_MASTODON, POSTS_NETWORK_KIND_MASTODON },
    { EVENT_NETWORK_BLUESKY, POSTS_NETWORK_KIND_BLUESKY },
    { EVENT_NETWORK_X, POSTS_NETWORK_KIND_X },
    { EVENT_NETWORK_YOUTUBE, POSTS_NETWORK_KIND_YOUTUBE },
    { EVENT_NETWORK_TWITCH, POSTS_NETWORK_KIND_TWITCH },
    { EVENT_NETWORK_OWNCAST, POSTS_NETWORK_KIND_OWNCAST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (kinds[i].from != network->kind)
      continue;
    posts_photos_add_server (self->photos, kinds[i].to, network->server);
    posts_photos_add_server (self->photos, kinds[i].to, network->profiles);
  }
  posts_media_add_stand_in (network->server);
  posts_media_add_stand_in (network->profiles);
}

/**
 * _show_session_prepare_photos:
 * @self: a session that is built
 */
void
_show_session_prepare_photos (ShowSession *self)
{
  const EventPosts *posts = event_file_get_posts (self->event);
  const GActionEntry entries[] = {
    { "show-post-photo", show_post_photo_activated, "s", NULL, NULL, { 0 } },
  };

  self->photos = posts_photos_new (NULL);
  for (guint i = 0; posts->networks != NULL && i < posts->networks->len; i++)
    add_server (self, posts->networks->pdata[i]);
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (posts_desk_get_list (self->desk, POSTS_STATE_APPROVED), "items-changed",
                           G_CALLBACK (fetch_ahead_cb), self, G_CONNECT_SWAPPED);
}

PostsPhotos *
show_session_get_photos (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->photos;
}
