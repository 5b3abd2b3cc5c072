/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostsError:
 * @POSTS_ERROR_SOURCE: a network or file could not be read
 * @POSTS_ERROR_PARSE: a post is not what it should be; the others go on
 * @POSTS_ERROR_STATE: the post is not there, or not in a state that allows what was asked
 */
typedef enum {
  POSTS_ERROR_SOURCE,
  POSTS_ERROR_PARSE,
  POSTS_ERROR_STATE,
} PostsError;

#define POSTS_ERROR (posts_error_quark ())
GQuark posts_error_quark (void);

/**
 * PostsNetworkKind:
 *
 * Where a post was written; a replayed post keeps the network it came from.
 */
typedef enum {
  POSTS_NETWORK_KIND_OTHER,
  POSTS_NETWORK_KIND_X,
  POSTS_NETWORK_KIND_MASTODON,
  POSTS_NETWORK_KIND_BLUESKY,
} PostsNetworkKind;

#define POSTS_TYPE_NETWORK_KIND (posts_network_kind_get_type ())
GType posts_network_kind_get_type (void);
const char *posts_network_kind_get_label (PostsNetworkKind kind);

#define POSTS_TYPE_POST (posts_post_get_type ())
G_DECLARE_FINAL_TYPE (PostsPost, posts_post, POSTS, POST, GObject)

/* Immutable: made whole, shared by any thread. Every text is valid UTF-8, without control and
 * bidirectional-override characters, and to be set as text, never as markup. */
const char *posts_post_get_id (PostsPost *self);
PostsNetworkKind posts_post_get_network (PostsPost *self);
const char *posts_post_get_author_id (PostsPost *self);
const char *posts_post_get_author_name (PostsPost *self);
const char *posts_post_get_author_handle (PostsPost *self);
const char *posts_post_get_text (PostsPost *self);
const char *posts_post_get_photo_path (PostsPost *self);       /* nullable: a local file */
const char *posts_post_get_photo_description (PostsPost *self); /* nullable */
const char *posts_post_get_url (PostsPost *self);              /* nullable */
GDateTime *posts_post_get_created (PostsPost *self);

G_END_DECLS
