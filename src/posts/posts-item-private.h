/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-item.h"

G_BEGIN_DECLS

/* For the desk, which alone decides. The serial grows with each post that comes in. */
PostsItem *_posts_item_new (PostsPost *post, PostsState state, PostsReason reasons, guint64 serial);
guint64 _posts_item_get_serial (PostsItem *self);
void _posts_item_set_state (PostsItem *self, PostsState state);
void _posts_item_add_reasons (PostsItem *self, PostsReason reasons);
void _posts_item_set_reasons (PostsItem *self, PostsReason reasons);
void _posts_item_set_asked_us (PostsItem *self, gint64 asked_us);
void _posts_item_set_post (PostsItem *self, PostsPost *post, PostsReason reasons);

G_END_DECLS
