/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsState:
 *
 * incoming, held → approved → on screen ; hidden ; taken down (by its author)
 */
typedef enum {
  POSTS_STATE_INCOMING,
  POSTS_STATE_HELD,
  POSTS_STATE_APPROVED,
  POSTS_STATE_ON_SCREEN,
  POSTS_STATE_HIDDEN,
  POSTS_STATE_TAKEN_DOWN,
} PostsState;

#define POSTS_TYPE_STATE (posts_state_get_type ())
GType posts_state_get_type (void);

/**
 * PostsReason:
 *
 * Why a post was held back: flags, so that the console can say all of them in the reader's words.
 */
typedef enum {
  POSTS_REASON_NONE = 0,
  POSTS_REASON_ADULT_WORDS = 1 << 0,
  POSTS_REASON_UNKNOWN_LINK = 1 << 1,
  POSTS_REASON_NEW_ACCOUNT = 1 << 2,
  POSTS_REASON_MONEY = 1 << 3,
  POSTS_REASON_INSULT = 1 << 4,
  POSTS_REASON_REPEATED = 1 << 5,
  POSTS_REASON_SENSITIVE = 1 << 6,
  POSTS_REASON_BLOCKED_AUTHOR = 1 << 7,
  POSTS_REASON_NOISE = 1 << 8, /* too many tags, mentions or capitals */
  POSTS_REASON_BOT = 1 << 9,
  POSTS_REASON_WITHHELD = 1 << 10,       /* its network hides it */
  POSTS_REASON_LABELLED = 1 << 11,       /* its network calls it spam or an impostor */
  POSTS_REASON_RESERVED = 1 << 12,       /* not for people without an account */
  POSTS_REASON_UNKNOWN_AUTHOR = 1 << 13, /* who it is, or since when, is not known */
  POSTS_REASON_EMPTY_ACCOUNT = 1 << 14,  /* hardly any followers and posts */
  POSTS_REASON_FREQUENT = 1 << 15,       /* the author writes very often */
  POSTS_REASON_IMITATION = 1 << 16,      /* the name of a trusted author */
  POSTS_REASON_REPLY = 1 << 17,
  POSTS_REASON_REPOST = 1 << 18,
  POSTS_REASON_LANGUAGE = 1 << 19,
  POSTS_REASON_DISGUISED = 1 << 20,   /* letters of two alphabets, or hidden signs */
  POSTS_REASON_EDITED = 1 << 21,      /* changed after someone decided about it */
  POSTS_REASON_EVENT_WORDS = 1 << 22, /* words that this event does not want */
} PostsReason;

#define POSTS_TYPE_REASON (posts_reason_get_type ())
GType posts_reason_get_type (void);

#define POSTS_TYPE_ITEM (posts_item_get_type ())
G_DECLARE_FINAL_TYPE (PostsItem, posts_item, POSTS, ITEM, GObject)

/* A post on the desk: properties "post" (PostsPost), "state" (PostsState), "reasons" (PostsReason),
 * "question" boolean: someone marked it as a question for the stage.
 * Main thread only. The GObject is the same one as long as the post is on the desk. */
PostsPost *posts_item_get_post (PostsItem *self);
PostsState posts_item_get_state (PostsItem *self);
PostsReason posts_item_get_reasons (PostsItem *self);
gint64 posts_item_get_asked_us (PostsItem *self); /* when it was marked, since 1970; 0: it is not */

G_END_DECLS
