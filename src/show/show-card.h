/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-photos.h"

G_BEGIN_DECLS

/**
 * ShowCard:
 *
 * The pictures of a post's card, as far as there are any.
 */
typedef struct {
  PostsPost *post;
  PostsPicture *avatar; /* nullable */
  PostsPicture *photo;  /* nullable */
  GError *error;        /* nullable: why its photo is not to be seen */
} ShowCard;

void show_card_load_async (PostsPhotos *photos, PostsPost *post, gboolean with_photo,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
ShowCard *show_card_load_finish (GAsyncResult *result, GError **error);
void show_card_free (ShowCard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShowCard, show_card_free)

G_END_DECLS
