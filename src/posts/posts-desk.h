/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-author.h"
#include "posts-item.h"
#include "posts-rules.h"

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

/* Of PostsItem: marked for the stage, the first marked first. */
GListModel *posts_desk_get_questions (PostsDesk *self);

/* Of PostsAuthor: who is blocked or trusted. */
GListModel *posts_desk_get_authors (PostsDesk *self);
PostsAuthor *posts_desk_find_author (PostsDesk *self, const char *author_id); /* nullable */
PostsStanding posts_desk_get_standing (PostsDesk *self, const char *author_id);
guint posts_desk_set_standing (PostsDesk *self, const char *author_id, PostsStanding standing);
void posts_desk_set_always (PostsDesk *self, const char *author_id, gboolean always);
void posts_desk_open_authors (PostsDesk *self, const char *path);
guint posts_desk_erase_author (PostsDesk *self, const char *author_id);

/* The first posts of an event are always for a human, whoever wrote them. */
#define POSTS_FIRST_MANUAL 20
void posts_desk_set_trusting (PostsDesk *self, gboolean trusting);

PostsRules *posts_desk_get_rules (PostsDesk *self);

G_END_DECLS
