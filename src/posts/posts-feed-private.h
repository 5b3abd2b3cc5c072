/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "posts-feed.h"

G_BEGIN_DECLS

/* For the networks. Main thread only. What is asked for ends without a call when the feed closes. */

/* @body: nullable: of a refusal, or the whole answer · @error: nullable */
typedef void (*PostsFeedAnswerFunc) (PostsFeed *self, SoupMessage *message, GBytes *body,
                                     const GError *error, gpointer user_data);
typedef void (*PostsFeedBytesFunc) (PostsFeed *self, const char *data, gsize length,
                                    gpointer user_data);
typedef void (*PostsFeedOpenFunc) (PostsFeed *self, SoupMessage *message, gpointer user_data);

SoupMessage *_posts_feed_make_message (PostsFeed *self, const char *method, const char *base,
                                       const char *path, gboolean with_token);
void _posts_feed_fetch (PostsFeed *self, SoupMessage *message, PostsFeedAnswerFunc func,
                        gpointer user_data);
void _posts_feed_stream (PostsFeed *self, SoupMessage *message, PostsFeedOpenFunc opened,
                         PostsFeedBytesFunc bytes, PostsFeedAnswerFunc ended, gpointer user_data);
void _posts_feed_websocket (PostsFeed *self, SoupMessage *message, char **protocols,
                            PostsFeedOpenFunc opened, PostsFeedBytesFunc text,
                            PostsFeedAnswerFunc ended);
void _posts_feed_send (PostsFeed *self, const char *text);
void _posts_feed_halt_web (PostsFeed *self);

const char *_posts_feed_get_token (PostsFeed *self);
void _posts_feed_set_account (PostsFeed *self, gboolean is_needed, const char *secret_id,
                              const char *url);
void _posts_feed_test_account (PostsFeed *self, const char *token, GTask *owned);
SoupMessage *_posts_feed_make_test (PostsFeed *self, const char *base, const char *path,
                                    const char *token);
void _posts_feed_set_title (PostsFeed *self, const char *title);
void _posts_feed_set_way (PostsFeed *self, const char *way); /* static text */
void _posts_feed_set_limits (PostsFeed *self, guint silent_ms, guint dead_ms);
void _posts_feed_set_cost (PostsFeed *self, double cost_usd);
void _posts_feed_heard (PostsFeed *self);
void _posts_feed_live (PostsFeed *self);
void _posts_feed_warn (PostsFeed *self, const GError *error);
void _posts_feed_retry (PostsFeed *self, guint wait_ms, const GError *error);
void _posts_feed_retry_steps (PostsFeed *self, const guint *steps_ms, guint n_steps,
                              const GError *error);
void _posts_feed_refuse (PostsFeed *self, const GError *error);
void _posts_feed_end (PostsFeed *self);
void _posts_feed_reopen (PostsFeed *self);
void _posts_feed_take (PostsFeed *self, GPtrArray *news);
void _posts_feed_count_malformed (PostsFeed *self, guint n);
guint _posts_feed_pace (PostsFeed *self, guint ms);
gboolean _posts_feed_knows (PostsFeed *self, const char *id);

/* Everything that is open, to be ended together. */
typedef struct {
  GPtrArray *ops; /* of what is under way */
  SoupSession *session;
  SoupWebsocketConnection *websocket; /* nullable */
  PostsFeedBytesFunc text;
  PostsFeedAnswerFunc ended;
} PostsFeedWeb;

PostsFeedWeb *_posts_feed_get_web (PostsFeed *self);

G_END_DECLS
