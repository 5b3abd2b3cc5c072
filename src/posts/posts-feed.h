/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "posts-network.h"

G_BEGIN_DECLS

#define POSTS_TYPE_FEED (posts_feed_get_type ())
G_DECLARE_DERIVABLE_TYPE (PostsFeed, posts_feed, POSTS, FEED, GObject)

/* A network over the internet: what is the same for all of them. */
struct _PostsFeedClass {
  GObjectClass parent_class;

  void (*open) (PostsFeed *self);  /* connects, or tries again; whatever was open is closed */
  void (*reset) (PostsFeed *self); /* forgets what belongs to a connection; may be NULL */

  /* Of those that take an account: what to ask to test it, and what the answer means. */
  SoupMessage *(*ask_account) (PostsFeed *self, const char *token);
  gboolean (*judge_account) (PostsFeed *self, guint status, const char *data, gsize length,
                             GError **error);
};

/* How many times faster than meant all waits pass, for tests; 1 if not set. Before the start. */
void posts_feed_set_pace (PostsFeed *self, double pace);

G_END_DECLS
