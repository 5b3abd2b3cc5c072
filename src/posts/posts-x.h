/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_X_SERVER       "https://api.x.com"
#define POSTS_X_MAX_COST_USD 5.0

#define POSTS_TYPE_X         (posts_x_get_type ())
G_DECLARE_FINAL_TYPE (PostsX, posts_x, POSTS, X, PostsFeed)

PostsX *posts_x_new (const char *server, const char *const *tags, double max_cost_usd);

G_END_DECLS
