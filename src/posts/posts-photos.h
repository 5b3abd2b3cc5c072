/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-photo-error.h"
#include "posts-picture.h"
#include "posts-post.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PostsPhotoUse:
 * @POSTS_PHOTO_USE_AVATAR: the author, up to 128 pixels
 * @POSTS_PHOTO_USE_ROW: the first photo, or the still of a film, for a list: up to 480 pixels
 * @POSTS_PHOTO_USE_CARD: the same for the screen: up to 1280 pixels
 */
typedef enum {
  POSTS_PHOTO_USE_AVATAR,
  POSTS_PHOTO_USE_ROW,
  POSTS_PHOTO_USE_CARD,
} PostsPhotoUse;

#define POSTS_TYPE_PHOTOS (posts_photos_get_type ())
G_DECLARE_FINAL_TYPE (PostsPhotos, posts_photos, POSTS, PHOTOS, GObject)

PostsPhotos *posts_photos_new (const char *decoder);
void posts_photos_add_server (PostsPhotos *self, PostsNetworkKind kind, const char *server);
gboolean posts_photos_has (PostsPost *post, PostsPhotoUse use);
const char *posts_photos_get_description (PostsPost *post);
void posts_photos_load_async (PostsPhotos *self, PostsPost *post, PostsPhotoUse use,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
PostsPicture *posts_photos_load_finish (PostsPhotos *self, GAsyncResult *result, GError **error);

G_END_DECLS
