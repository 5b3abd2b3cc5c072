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

/**
 * PostsTextFlags:
 * @POSTS_TEXT_CUT: the text was too long
 * @POSTS_TEXT_OVERRIDE: it tried to turn the direction of what follows
 * @POSTS_TEXT_STACKED: it piled combining marks up
 *
 * What cleaning a text had to take away.
 */
typedef enum {
  POSTS_TEXT_PLAIN = 0,
  POSTS_TEXT_CUT = 1 << 0,
  POSTS_TEXT_OVERRIDE = 1 << 1,
  POSTS_TEXT_STACKED = 1 << 2,
} PostsTextFlags;

/**
 * PostsPostFields:
 *
 * What a network read, as it came: posts_post_new () copies and cleans it. Every string may be
 * `NULL` but @id. Ids are unique over all networks: a network puts its own name in front of them.
 */
typedef struct {
  const char *id;
  PostsNetworkKind network;
  const char *author_id; /* NULL: the handle stands for it */
  const char *author_name;
  const char *author_handle;
  GDateTime *author_created; /* NULL: not known */
  gint64 n_followers;        /* -1: not known */
  const char *text;
  const char *photo_path;
  const char *photo_description;
  const char *url; /* kept only if it is http or https */
  const char *language;
  gboolean sensitive;
  GDateTime *created; /* NULL: now */
} PostsPostFields;

#define POSTS_TYPE_POST (posts_post_get_type ())
G_DECLARE_FINAL_TYPE (PostsPost, posts_post, POSTS, POST, GObject)

PostsPost *posts_post_new (const PostsPostFields *fields);
PostsPost *posts_post_new_again (PostsPost *post, GDateTime *created);

/* Immutable: made whole, shared by any thread. Every text is valid UTF-8, without control and
 * bidirectional-override characters, and to be set as text, never as markup. */
const char *posts_post_get_id (PostsPost *self);
PostsNetworkKind posts_post_get_network (PostsPost *self);
const char *posts_post_get_author_id (PostsPost *self);
const char *posts_post_get_author_name (PostsPost *self);
const char *posts_post_get_author_handle (PostsPost *self);
const char *posts_post_get_text (PostsPost *self);
const char *posts_post_get_photo_path (PostsPost *self);        /* nullable: a local file */
const char *posts_post_get_photo_description (PostsPost *self); /* nullable */
const char *posts_post_get_url (PostsPost *self);               /* nullable */
GDateTime *posts_post_get_created (PostsPost *self);
GDateTime *posts_post_get_author_created (PostsPost *self); /* nullable: not known */
gint64 posts_post_get_n_followers (PostsPost *self);        /* -1: not known */
const char *posts_post_get_language (PostsPost *self);      /* nullable */
gboolean posts_post_is_sensitive (PostsPost *self);
PostsTextFlags posts_post_get_text_flags (PostsPost *self);

G_END_DECLS
