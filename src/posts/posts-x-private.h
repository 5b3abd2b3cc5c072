/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed-private.h"
#include "posts-splitter.h"
#include "posts-x-parser.h"
#include "posts-x.h"

G_BEGIN_DECLS

/**
 * PostsX:
 *
 * The posts with some tags on X, which costs money for each post and each author.
 *
 * Keeps its rules on the server, by the tag in front of them, and reads the stream that they filter;
 * where the account has none, it searches again and again. After an outage it searches for what came
 * meanwhile. Main thread only.
 */
struct _PostsX {
  PostsFeed parent_instance;
  char *server;
  GStrv rules; /* what is asked for, each short enough for a search too */
  double max_cost_usd;
  double cost_usd;
  GHashTable *authors; /* who came before */
  PostsSplitter *splitter;
  char *newest_id;          /* nullable */
  gboolean searches;        /* there is no stream for this account */
  guint n_drops;            /* of connections, in a row */
  guint http_wait_ms;       /* the next wait after a refusal */
  guint rate_wait_ms;       /* the next wait after too many requests */
  guint n_ghosts;           /* refusals because of another connection, in a row */
  gboolean is_broken;       /* the stream said that it ends */
  GPtrArray *searches_open; /* of what is asked for now */
  guint search_id;
  guint watch_id;
  GStrv watched;
  GHashTable *looked_up; /* a set of ids that were paid for */
  gint64 day;            /* in UTC: what was paid for on another one is paid for again */
};

void _posts_x_ask_rules (PostsX *self);
void _posts_x_connect (PostsX *self);
void _posts_x_refused (PostsX *self, SoupMessage *message, GBytes *body, const GError *error);
SoupMessage *_posts_x_ask_account (PostsFeed *feed, const char *token);
gboolean _posts_x_judge_account (PostsFeed *feed, guint status, const char *data, gsize length,
                                 GError **error);
GStrv _posts_x_make_rules (const char *const *tags);

G_END_DECLS
