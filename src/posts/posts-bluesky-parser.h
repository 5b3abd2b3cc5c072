/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "posts-news.h"
#include "posts-tags.h"

G_BEGIN_DECLS

/**
 * PostsBlueskyEvent:
 *
 * What one message of a Jetstream says: at most one of the nullable ones is set.
 */
typedef struct {
  gint64 time_us;    /* 0: it does not say */
  char *did;         /* nullable: whose */
  PostsPost *post;   /* nullable: with a tag; nothing is known of its author but the DID */
  char *untagged_id; /* nullable: a post that was changed, and has no tag of ours now */
  char *gone_id;     /* nullable: a post that was deleted */
  gboolean gone;     /* the account is no more, for now at least */
  char *handle;      /* nullable: the account has a new name */
} PostsBlueskyEvent;

/* Any bytes, any thread. */
gboolean posts_bluesky_matters (PostsTags *tags, const char *data, gsize length);
gboolean posts_bluesky_read (const char *data, gsize length, PostsTags *tags, GDateTime *received,
                             PostsBlueskyEvent *event);
void posts_bluesky_event_clear (PostsBlueskyEvent *event);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostsBlueskyEvent, posts_bluesky_event_clear)

/**
 * PostsBlueskyAuthor:
 *
 * A profile, as getProfiles tells it.
 */
typedef struct {
  char *did;
  char *handle;
  char *name;
  char *bio;
  char *avatar_url;   /* nullable */
  GDateTime *created; /* nullable */
  gint64 n_followers; /* -1: not known */
  gint64 n_posts;     /* 0: not known */
  PostsTraits traits;
  gboolean sensitive;
} PostsBlueskyAuthor;

GPtrArray *posts_bluesky_read_profiles (const char *data, gsize length);
PostsPost *posts_bluesky_sign (PostsPost *post, const PostsBlueskyAuthor *author);

G_END_DECLS
