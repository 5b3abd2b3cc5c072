/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_TYPE_YOUTUBE (posts_youtube_get_type ())
G_DECLARE_FINAL_TYPE (PostsYoutube, posts_youtube, POSTS, YOUTUBE, PostsFeed)

PostsYoutube *posts_youtube_new (const char *server, const char *video);

G_END_DECLS
