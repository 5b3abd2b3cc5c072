/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsNetworkState:
 *
 * off → connecting → live ⇄ silent (no sign of life) ⇄ waiting (retrying) ; ended (a replay that has
 * been played) ; failed (needs a human; "error" says what)
 */
typedef enum {
  POSTS_NETWORK_STATE_OFF,
  POSTS_NETWORK_STATE_CONNECTING,
  POSTS_NETWORK_STATE_LIVE,
  POSTS_NETWORK_STATE_WAITING,
  POSTS_NETWORK_STATE_ENDED,
  POSTS_NETWORK_STATE_FAILED,
  POSTS_NETWORK_STATE_SILENT,
} PostsNetworkState;

#define POSTS_TYPE_NETWORK_STATE (posts_network_state_get_type ())
GType posts_network_state_get_type (void);

/**
 * PostsNetworkStats:
 *
 * How a network is doing.
 */
typedef struct {
  const char
    *way; /* nullable: how it reads: "events", "websocket", "polling", "stream", "search" */
  guint64 n_posts;   /* that came, each once */
  guint per_minute;  /* in the last minute */
  guint n_malformed; /* what could not be understood and was left out */
  guint n_dropped;   /* posts of a flood that nobody saw */
  gint64 silent_ms;  /* since its last byte; -1: none came yet */
  gint64 wait_ms;    /* until it tries again; -1: it does not wait */
  double cost_usd;   /* so far; -1: it costs nothing */
} PostsNetworkStats;

/**
 * PostsAccount:
 *
 * The account that a network can be read with.
 */
typedef struct {
  gboolean is_needed; /* nothing comes without */
  char *secret_id;    /* what its token is kept under */
  char *url;          /* the only address that the token may go to */
} PostsAccount;

#define POSTS_TYPE_NETWORK (posts_network_get_type ())
G_DECLARE_INTERFACE (PostsNetwork, posts_network, POSTS, NETWORK, GObject)

/* Signals, on the main thread: "post" (PostsPost), "taken-down" (char *post_id),
 * "author-gone" (char *author_id).
 * Properties: "title" (string), "state" (PostsNetworkState), "error" (GError, nullable). */
struct _PostsNetworkInterface {
  GTypeInterface parent_iface;

  void (*start) (PostsNetwork *self);
  void (*stop) (PostsNetwork *self);
  /* These may be missing. */
  void (*get_stats) (PostsNetwork *self, PostsNetworkStats *stats);
  void (*set_token) (PostsNetwork *self, const char *token);
  void (*watch) (PostsNetwork *self, const char *const *post_ids);
  const PostsAccount *(*get_account) (PostsNetwork *self);
  void (*test_account) (PostsNetwork *self, const char *token, GTask *task);
};

void posts_network_start (PostsNetwork *self);
void posts_network_stop (PostsNetwork *self);
char *posts_network_get_title (PostsNetwork *self);
PostsNetworkState posts_network_get_state (PostsNetwork *self);
GError *posts_network_get_error (PostsNetwork *self);
void posts_network_get_stats (PostsNetwork *self, PostsNetworkStats *stats);
void posts_network_set_token (PostsNetwork *self, const char *token);
void posts_network_watch (PostsNetwork *self, const char *const *post_ids);

const PostsAccount *posts_network_get_account (PostsNetwork *self); /* nullable: it takes none */
void posts_network_test_account_async (PostsNetwork *self, const char *token,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean posts_network_test_account_finish (PostsNetwork *self, GAsyncResult *result,
                                            GError **error);

G_END_DECLS
