/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_TYPE_OWNCAST (posts_owncast_get_type ())
G_DECLARE_FINAL_TYPE (PostsOwncast, posts_owncast, POSTS, OWNCAST, PostsFeed)

PostsOwncast *posts_owncast_new (const char *server);

G_END_DECLS
