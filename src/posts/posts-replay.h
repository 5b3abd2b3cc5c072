/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-network.h"

G_BEGIN_DECLS

#define POSTS_TYPE_REPLAY (posts_replay_get_type ())
G_DECLARE_FINAL_TYPE (PostsReplay, posts_replay, POSTS, REPLAY, GObject)

PostsReplay *posts_replay_new (const char *path, double speed);
guint posts_replay_get_n_unreadable (PostsReplay *self); /* lines of the file left out */

G_END_DECLS
