/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsNetworkState:
 *
 * off → connecting → live ⇄ waiting (retrying) ; ended (a replay that has been played) ;
 * failed (needs a human; "error" says what)
 */
typedef enum {
  POSTS_NETWORK_STATE_OFF,
  POSTS_NETWORK_STATE_CONNECTING,
  POSTS_NETWORK_STATE_LIVE,
  POSTS_NETWORK_STATE_WAITING,
  POSTS_NETWORK_STATE_ENDED,
  POSTS_NETWORK_STATE_FAILED,
} PostsNetworkState;

#define POSTS_TYPE_NETWORK_STATE (posts_network_state_get_type ())
GType posts_network_state_get_type (void);

#define POSTS_TYPE_NETWORK (posts_network_get_type ())
G_DECLARE_INTERFACE (PostsNetwork, posts_network, POSTS, NETWORK, GObject)

/* Signals, on the main thread: "post" (PostsPost), "taken-down" (char *post_id).
 * Properties: "title" (string), "state" (PostsNetworkState), "error" (GError, nullable). */
struct _PostsNetworkInterface {
  GTypeInterface parent_iface;

  void (*start) (PostsNetwork *self);
  void (*stop) (PostsNetwork *self);
};

void posts_network_start (PostsNetwork *self);
void posts_network_stop (PostsNetwork *self);
char *posts_network_get_title (PostsNetwork *self);
PostsNetworkState posts_network_get_state (PostsNetwork *self);

G_END_DECLS
