/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-news.h"

G_BEGIN_DECLS

/**
 * PostsOwncastProblem:
 *
 * Why a chat does not want us.
 */
typedef enum {
  POSTS_OWNCAST_PROBLEM_NONE,
  POSTS_OWNCAST_PROBLEM_UNKNOWN,  /* it does not know us: register */
  POSTS_OWNCAST_PROBLEM_FULL,     /* too many are in it */
  POSTS_OWNCAST_PROBLEM_DISABLED, /* someone sent us out */
} PostsOwncastProblem;

/* Any bytes, any thread. */
PostsOwncastProblem posts_owncast_read_frame (const char *data, gsize length, const char *host,
                                              GDateTime *received, GPtrArray *news,
                                              guint *n_malformed);
gboolean posts_owncast_read_history (const char *data, gsize length, const char *host,
                                     GDateTime *received, GPtrArray *news, guint *n_malformed);
char *posts_owncast_read_token (const char *data, gsize length);

G_END_DECLS
