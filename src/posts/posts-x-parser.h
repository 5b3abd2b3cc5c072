/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "posts-news.h"

G_BEGIN_DECLS

/**
 * PostsXProblem:
 *
 * Why X refuses something, however it says so.
 */
typedef enum {
  POSTS_X_PROBLEM_NONE,
  POSTS_X_PROBLEM_DISCONNECT,  /* for its own reasons: come back at once */
  POSTS_X_PROBLEM_CONNECTIONS, /* another connection is open, perhaps the ghost of ours */
  POSTS_X_PROBLEM_RULES,       /* there is no rule */
  POSTS_X_PROBLEM_RATE,        /* too many requests */
  POSTS_X_PROBLEM_CAP,         /* the budget is gone */
  POSTS_X_PROBLEM_TOKEN,       /* the token is wrong */
  POSTS_X_PROBLEM_PLAN,        /* the account does not allow it */
  POSTS_X_PROBLEM_OTHER,
} PostsXProblem;

/**
 * PostsXPage:
 *
 * What one answer of X said besides its posts.
 */
typedef struct {
  GHashTable *authors; /* nullable, borrowed: those who came before, from posts_x_authors_new () */
  PostsXProblem problem;
  guint n_posts; /* that were read, and cost */
  guint n_users; /* the same */
  guint n_malformed;
  char *newest_id;  /* nullable */
  char *next_token; /* nullable */
} PostsXPage;

/* Any bytes, any thread. */
gboolean posts_x_read_line (const char *data, gsize length, GDateTime *received, GPtrArray *news,
                            PostsXPage *page);
gboolean posts_x_read_page (const char *data, gsize length, GDateTime *received, GPtrArray *news,
                            PostsXPage *page);
PostsXProblem posts_x_read_problem (guint status, const char *data, gsize length);
GHashTable *posts_x_authors_new (void);
void posts_x_page_clear (PostsXPage *page);
int posts_x_compare_ids (const char *a, const char *b);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostsXPage, posts_x_page_clear)

G_END_DECLS
