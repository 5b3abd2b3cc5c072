/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-item.h"

G_BEGIN_DECLS

#define POSTS_TYPE_DESK (posts_desk_get_type ())
G_DECLARE_FINAL_TYPE (PostsDesk, posts_desk, POSTS, DESK, GObject)

PostsDesk *posts_desk_new (void);

/* Main thread only. A post comes in once; the same id with another text is an edited post. */
void posts_desk_add (PostsDesk *self, PostsPost *post);
void posts_desk_take_down (PostsDesk *self, const char *post_id);
void posts_desk_take_down_author (PostsDesk *self, const char *author_id);

/* Of PostsItem, newest first. The post on screen keeps its place in the approved list too. */
GListModel *posts_desk_get_list (PostsDesk *self, PostsState state);
guint posts_desk_get_count (PostsDesk *self,
                            PostsState state); /* "n-incoming", "n-held", "n-approved" */
PostsItem *posts_desk_find (PostsDesk *self, const char *post_id);
PostsItem *posts_desk_get_on_screen (PostsDesk *self); /* property "on-screen", nullable */

gboolean posts_desk_approve (PostsDesk *self, const char *post_id, GError **error);
gboolean posts_desk_hide (PostsDesk *self, const char *post_id, GError **error);
gboolean posts_desk_show (PostsDesk *self, const char *post_id, GError **error);
void posts_desk_clear_screen (PostsDesk *self);
void posts_desk_set_panic (PostsDesk *self, gboolean panic); /* property "panic" */
gboolean posts_desk_get_panic (PostsDesk *self);
guint posts_desk_block_author (PostsDesk *self, const char *author_id);
void posts_desk_unblock_author (PostsDesk *self, const char *author_id);
GStrv posts_desk_list_blocked_authors (PostsDesk *self);
void posts_desk_hide_early (PostsDesk *self, const char *post_id);

void posts_desk_set_allowed_hosts (PostsDesk *self, const char *const *hosts);

G_END_DECLS
