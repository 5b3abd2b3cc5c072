/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-author.h"
#include "posts-desk.h"
#include "posts-item-private.h"
#include "posts-list.h"
#include "posts-memory.h"
#include "posts-rules.h"
#include "posts-store.h"
#include "posts-triage.h"

G_BEGIN_DECLS

#define N_STATES (POSTS_STATE_TAKEN_DOWN + 1)

/* A yes that is on its way to the disk; the last one about a post counts. */
typedef struct {
  guint64 number;
  PostsState to;
} PostsPending;

/**
 * PostsDesk:
 *
 * Every post of the event, sorted by what a human decided about it.
 *
 * Nothing gets on screen by itself; what its author takes down leaves by itself. At most one post
 * is on screen; it keeps its place in the approved list. Main thread only.
 */
struct _PostsDesk {
  GObject parent_instance;
  PostsRules *rules;
  GHashTable *items;          /* post id → PostsItem */
  PostsList *lists[N_STATES]; /* one for each state, that of taken down posts stays empty */
  PostsItem *on_screen;       /* nullable */
  GListStore *questions;      /* of PostsItem, the first asked first */
  GListStore *authors;        /* of PostsAuthor: who is blocked or trusted */
  GHashTable *standings;      /* author id → PostsAuthor, of the same */
  char *authors_path;         /* nullable: where those are kept who stay so at the next events */
  gboolean trusting;          /* what trusted authors write needs no yes */
  guint n_seen;               /* posts of this event, until now */
  GHashTable *pending;        /* post id → PostsPending */
  guint64 next_decision;
  GQueue acts; /* of PostsUndo: what can be taken back, the newest first */
  guint undo_ms;
  guint undo_id;
  GHashTable *hidden_early; /* a set of ids that were hidden before they come in */
  PostsMemory *taken_down;  /* ids, also of posts that have not come in yet */
  GHashTable *uris;         /* what is the same everywhere → post id */
  GHashTable *aliases;      /* id of the same post by another way → post id */
  gboolean panic;           /* nothing that strangers wrote is shown */
  PostsStore *store;        /* nullable: nothing is kept */
  gboolean is_kept;         /* what changes now is on the disk already */
  guint64 next_serial;
  GPtrArray
    *restoring; /* nullable: of PostsStored, still to be put on the desk, the oldest first */
  guint64 restored_serial;
  guint restore_id;
};

void _posts_desk_insert (PostsDesk *self, PostsItem *item);
PostsState _posts_desk_get_state (PostsDesk *self, PostsItem *item);
void _posts_desk_put (PostsDesk *self, PostsItem *item, PostsState to);
void _posts_desk_set_asked_us (PostsDesk *self, PostsItem *item, gint64 asked_us);
void _posts_desk_welcome (PostsDesk *self, const char *post_id, PostsReason reasons);
void _posts_desk_set_author (PostsDesk *self, PostsAuthor *author);
void _posts_desk_meet_author (PostsDesk *self, PostsAuthor *author);
GPtrArray *_posts_desk_find_all_by (PostsDesk *self, const char *author_id);
void _posts_desk_forget_acts (PostsDesk *self);
gboolean _posts_desk_decide_later (PostsDesk *self, PostsItem *item, PostsState to);
void _posts_desk_move (PostsDesk *self, PostsItem *borrowed, PostsState state);

G_END_DECLS
