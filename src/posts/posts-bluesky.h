/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_BLUESKY_PROFILES "https://public.api.bsky.app"

#define POSTS_TYPE_BLUESKY     (posts_bluesky_get_type ())
G_DECLARE_FINAL_TYPE (PostsBluesky, posts_bluesky, POSTS, BLUESKY, PostsFeed)

PostsBluesky *posts_bluesky_new (const char *stream, const char *profiles, const char *const *tags);

G_END_DECLS
