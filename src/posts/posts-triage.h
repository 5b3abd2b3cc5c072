/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

G_BEGIN_DECLS

/**
 * PostsAct:
 * @POSTS_ACT_NONE: nothing
 * @POSTS_ACT_APPROVE: says yes
 * @POSTS_ACT_SHOW: puts it on screen, which approves it too; one post only
 * @POSTS_ACT_TAKE_OFF: takes what is on screen off it
 * @POSTS_ACT_HIDE: says no
 * @POSTS_ACT_BLOCK: blocks its author, and hides everything by them
 * @POSTS_ACT_TRUST: trusts its author
 * @POSTS_ACT_FORGIVE: its author is neither blocked nor trusted any more
 * @POSTS_ACT_ASK: marks it as a question for the stage
 * @POSTS_ACT_ANSWER: it is no question any more
 *
 * What a human does with posts.
 */
typedef enum {
  POSTS_ACT_NONE,
  POSTS_ACT_APPROVE,
  POSTS_ACT_SHOW,
  POSTS_ACT_TAKE_OFF,
  POSTS_ACT_HIDE,
  POSTS_ACT_BLOCK,
  POSTS_ACT_TRUST,
  POSTS_ACT_FORGIVE,
  POSTS_ACT_ASK,
  POSTS_ACT_ANSWER,
} PostsAct;

#define POSTS_TYPE_ACT (posts_act_get_type ())
GType posts_act_get_type (void);

/* For so long an act can be taken back. */
#define POSTS_UNDO_MS 10000

/* Main thread only. @who: any name for the one who acts, as each takes back their own acts only; `NULL`
 * for the operator. */
gboolean posts_triage_do (PostsDesk *desk, const char *who, PostsAct act,
                          const char *const *post_ids, GError **error);
gboolean posts_triage_judge_author (PostsDesk *desk, const char *who, PostsAct act,
                                    const char *author_id, GError **error);
guint posts_triage_hide_reason (PostsDesk *desk, const char *who, PostsReason reason);
void posts_triage_take_off (PostsDesk *desk, const char *who);
gboolean posts_triage_undo (PostsDesk *desk, const char *who, GError **error);

/* The last act of @who that can be taken back: what it was, of how many posts, by whom if it is one post
 * or one author. The desk's signal "undo-changed" () says when this is another. */
PostsAct posts_triage_get_undo (PostsDesk *desk, const char *who, guint *n_posts,
                                const char **author_id, const char **author_name);
void posts_triage_set_undo_ms (PostsDesk *desk, guint undo_ms);

G_END_DECLS
