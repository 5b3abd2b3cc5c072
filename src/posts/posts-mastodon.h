/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_TYPE_MASTODON (posts_mastodon_get_type ())
G_DECLARE_FINAL_TYPE (PostsMastodon, posts_mastodon, POSTS, MASTODON, PostsFeed)

PostsMastodon *posts_mastodon_new (const char *server, const char *const *tags);

G_END_DECLS
