/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-item.h"
#include "posts-network.h"
#include "posts-post.h"

G_DEFINE_QUARK (posts_error, posts_error)

G_DEFINE_ENUM_TYPE (PostsError, posts_error, G_DEFINE_ENUM_VALUE (POSTS_ERROR_SOURCE, "source"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_PARSE, "parse"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_STATE, "state"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_TOKEN, "token"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_QUOTA, "quota"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_STORE, "store"),
                    G_DEFINE_ENUM_VALUE (POSTS_ERROR_UNDO, "undo"))

G_DEFINE_ENUM_TYPE (PostsNetworkKind, posts_network_kind,
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_OTHER, "other"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_X, "x"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_MASTODON, "mastodon"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_BLUESKY, "bluesky"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_YOUTUBE, "youtube"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_TWITCH, "twitch"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_KIND_OWNCAST, "owncast"))

G_DEFINE_ENUM_TYPE (PostsNetworkState, posts_network_state,
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_ENDED, "ended"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (POSTS_NETWORK_STATE_SILENT, "silent"))

G_DEFINE_ENUM_TYPE (PostsState, posts_state, G_DEFINE_ENUM_VALUE (POSTS_STATE_INCOMING, "incoming"),
                    G_DEFINE_ENUM_VALUE (POSTS_STATE_HELD, "held"),
                    G_DEFINE_ENUM_VALUE (POSTS_STATE_APPROVED, "approved"),
                    G_DEFINE_ENUM_VALUE (POSTS_STATE_ON_SCREEN, "on-screen"),
                    G_DEFINE_ENUM_VALUE (POSTS_STATE_HIDDEN, "hidden"),
                    G_DEFINE_ENUM_VALUE (POSTS_STATE_TAKEN_DOWN, "taken-down"))

G_DEFINE_FLAGS_TYPE (PostsReason, posts_reason,
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_ADULT_WORDS, "adult-words"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_UNKNOWN_LINK, "unknown-link"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_NEW_ACCOUNT, "new-account"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_MONEY, "money"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_INSULT, "insult"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_REPEATED, "repeated"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_SENSITIVE, "sensitive"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_BLOCKED_AUTHOR, "blocked-author"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_NOISE, "noise"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_BOT, "bot"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_WITHHELD, "withheld"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_LABELLED, "labelled"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_RESERVED, "reserved"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_UNKNOWN_AUTHOR, "unknown-author"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_EMPTY_ACCOUNT, "empty-account"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_FREQUENT, "frequent"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_IMITATION, "imitation"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_REPLY, "reply"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_REPOST, "repost"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_LANGUAGE, "language"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_DISGUISED, "disguised"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_EDITED, "edited"),
                     G_DEFINE_ENUM_VALUE (POSTS_REASON_EVENT_WORDS, "event-words"))

/**
 * posts_network_kind_get_label:
 * @kind: a network
 *
 * Any thread.
 *
 * Returns: the network's own name, which is not translated; empty for any other network
 */
const char *
posts_network_kind_get_label (PostsNetworkKind kind)
{
  switch (kind) {
  case POSTS_NETWORK_KIND_X:
    return "X";
  case POSTS_NETWORK_KIND_MASTODON:
    return "Mastodon";
  case POSTS_NETWORK_KIND_BLUESKY:
    return "Bluesky";
  case POSTS_NETWORK_KIND_YOUTUBE:
    return "YouTube";
  case POSTS_NETWORK_KIND_TWITCH:
    return "Twitch";
  case POSTS_NETWORK_KIND_OWNCAST:
    return "Owncast";
  case POSTS_NETWORK_KIND_OTHER:
    break;
  }
  return "";
}
