/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed.h"

G_BEGIN_DECLS

#define POSTS_TYPE_TWITCH (posts_twitch_get_type ())
G_DECLARE_FINAL_TYPE (PostsTwitch, posts_twitch, POSTS, TWITCH, PostsFeed)

PostsTwitch *posts_twitch_new (const char *server, const char *channel);

G_END_DECLS
