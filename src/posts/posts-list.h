/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-item.h"

G_BEGIN_DECLS

#define POSTS_TYPE_LIST (posts_list_get_type ())
G_DECLARE_FINAL_TYPE (PostsList, posts_list, POSTS, LIST, GObject)

PostsList *posts_list_new (void);
void posts_list_add (PostsList *self, PostsItem *item);
void posts_list_remove (PostsList *self, PostsItem *item);
guint posts_list_get_length (PostsList *self);
PostsItem *posts_list_get_oldest (PostsList *self);

G_END_DECLS
