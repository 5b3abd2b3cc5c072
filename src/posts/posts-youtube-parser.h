/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-news.h"

G_BEGIN_DECLS

/**
 * PostsYoutubeProblem:
 *
 * Why YouTube does not give what was asked for.
 */
typedef enum {
  POSTS_YOUTUBE_PROBLEM_NONE,
  POSTS_YOUTUBE_PROBLEM_KEY,      /* the key is wrong, or may not do this */
  POSTS_YOUTUBE_PROBLEM_QUOTA,    /* what the key may ask in a day is used up */
  POSTS_YOUTUBE_PROBLEM_RATE,     /* asked too soon */
  POSTS_YOUTUBE_PROBLEM_ENDED,    /* the chat is over */
  POSTS_YOUTUBE_PROBLEM_DISABLED, /* the video has its chat switched off */
  POSTS_YOUTUBE_PROBLEM_NO_CHAT,  /* there is no such chat */
  POSTS_YOUTUBE_PROBLEM_OTHER,
} PostsYoutubeProblem;

/**
 * PostsYoutubePage:
 *
 * What one page of a chat said besides its messages.
 */
typedef struct {
  PostsYoutubeProblem problem;
  char *next_token;  /* nullable: of the page to ask for next */
  guint wait_ms;     /* before that */
  guint n_malformed; /* messages that could not be understood */
} PostsYoutubePage;

/* Any bytes, any thread. */
gboolean posts_youtube_read_page (const char *data, gsize length, GDateTime *received,
                                  GPtrArray *news, PostsYoutubePage *page);
PostsYoutubeProblem posts_youtube_read_problem (guint status, const char *data, gsize length);
gboolean posts_youtube_read_video (const char *data, gsize length, gboolean *is_there,
                                   char **chat_id);
void posts_youtube_page_clear (PostsYoutubePage *page);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostsYoutubePage, posts_youtube_page_clear)

G_END_DECLS
