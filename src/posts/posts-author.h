/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsStanding:
 * @POSTS_STANDING_STRANGER: like anybody
 * @POSTS_STANDING_BLOCKED: everything that they write is hidden
 * @POSTS_STANDING_TRUSTED: the age, size and speed of their account are no reason to hold them back
 */
typedef enum {
  POSTS_STANDING_STRANGER,
  POSTS_STANDING_BLOCKED,
  POSTS_STANDING_TRUSTED,
} PostsStanding;

#define POSTS_TYPE_STANDING (posts_standing_get_type ())
GType posts_standing_get_type (void);

#define POSTS_TYPE_AUTHOR (posts_author_get_type ())
G_DECLARE_FINAL_TYPE (PostsAuthor, posts_author, POSTS, AUTHOR, GObject)

/* Immutable. @always: also at the next events of this computer. */
PostsAuthor *posts_author_new (const char *id, const char *name, const char *handle,
                               PostsStanding standing, gboolean always);
const char *posts_author_get_id (PostsAuthor *self);
const char *posts_author_get_name (PostsAuthor *self);   /* perhaps empty */
const char *posts_author_get_handle (PostsAuthor *self); /* perhaps empty */
PostsStanding posts_author_get_standing (PostsAuthor *self);
gboolean posts_author_get_always (PostsAuthor *self);

G_END_DECLS
