/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsNews:
 *
 * What a network says at once: exactly one of these is set.
 */
typedef struct {
  PostsPost *post;   /* new, or changed by its author */
  char *gone_id;     /* a post that was deleted, perhaps one that is not here */
  char *gone_author; /* an account that is no more */
} PostsNews;

/* Lists of PostsNews in the order they came. Any thread. */
GPtrArray *posts_news_new (void);
void posts_news_add_post (GPtrArray *news, PostsPost *post);
void posts_news_add_gone (GPtrArray *news, char *id);
void posts_news_add_gone_author (GPtrArray *news, char *author_id);

GDateTime *posts_news_clamp_time (GDateTime *claimed, GDateTime *received);

G_END_DECLS
