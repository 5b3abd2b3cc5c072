/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-feed-private.h"
#include "posts-mastodon.h"

G_BEGIN_DECLS

/* From the best way to read to the one that every server has. */
typedef enum {
  WAY_EVENTS,
  WAY_WEBSOCKET,
  WAY_POLLING,
} Way;

/**
 * PostsMastodon:
 *
 * The posts with some tags on a Mastodon server, or one that speaks like it: Pleroma, Akkoma,
 * GoToSocial.
 *
 * Reads a stream of events; where the server has none or wants an account for it, a WebSocket; else it
 * asks again and again. After each connection it asks for what came meanwhile. Main thread only.
 */
struct _PostsMastodon {
  PostsFeed parent_instance;
  char *server;
  char *streaming; /* where the streams are; NULL until the server was asked */
  char *host;
  GStrv tags;
  Way way;
  guint n_streams;     /* of events that are open */
  GPtrArray *readers;  /* of Reader */
  GPtrArray *pages;    /* of Page: those of this connection that were asked for */
  GHashTable *cursors; /* tag → the newest id */
  guint n_polls;
  guint n_pending; /* answers of this poll that have not come */
  GError *warning; /* nullable: why the better ways do not work, if someone can do something */
  GStrv watched;
  guint next_check;
  char *checking; /* nullable: the one that is asked for now */
  guint poll_id;
  guint check_id;
};

void _posts_mastodon_live (PostsMastodon *self);
void _posts_mastodon_lost (PostsMastodon *self, const char *why);
void _posts_mastodon_refuse (PostsMastodon *self, PostsError code, SoupMessage *message,
                             GBytes *body);
void _posts_mastodon_wait_as_told (PostsMastodon *self, SoupMessage *message);
char *_posts_mastodon_describe (SoupMessage *message, GBytes *body);
void _posts_mastodon_fill_hole (PostsMastodon *self);
gboolean _posts_mastodon_check_cb (gpointer user_data);
void _posts_mastodon_page_free (gpointer page);
SoupMessage *_posts_mastodon_ask_account (PostsFeed *feed, const char *token);
gboolean _posts_mastodon_judge_account (PostsFeed *feed, guint status, const char *data,
                                        gsize length, GError **error);

G_END_DECLS
