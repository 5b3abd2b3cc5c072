/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

/**
 * PostsTwitchKind:
 *
 * What one line of a chat says.
 */
typedef enum {
  POSTS_TWITCH_OTHER,       /* nothing for us */
  POSTS_TWITCH_POST,        /* a message */
  POSTS_TWITCH_GONE,        /* a message that was deleted: its id */
  POSTS_TWITCH_AUTHOR_GONE, /* someone's messages were deleted: their id */
  POSTS_TWITCH_ALL_GONE,    /* the whole chat was cleared */
  POSTS_TWITCH_PING,        /* wants this text back */
  POSTS_TWITCH_JOINED,      /* we are in the channel */
  POSTS_TWITCH_RECONNECT,   /* the server goes */
  POSTS_TWITCH_REFUSED,     /* we are not let in: why */
} PostsTwitchKind;

typedef struct {
  PostsTwitchKind kind;
  PostsPost *post; /* nullable */
  char *text;      /* nullable: an id, a text to send back, a reason */
} PostsTwitchLine;

/* Any bytes, any thread. */
gboolean posts_twitch_read_line (const char *data, gsize length, const char *channel,
                                 GDateTime *received, PostsTwitchLine *line);
void posts_twitch_line_clear (PostsTwitchLine *line);
gboolean posts_twitch_is_channel (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostsTwitchLine, posts_twitch_line_clear)

G_END_DECLS
