/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"
#include "posts-item-private.h"
#include "posts-list.h"
#include "posts-memory.h"
#include "posts-rules.h"
#include "posts-store.h"

G_BEGIN_DECLS

#define N_STATES (POSTS_STATE_TAKEN_DOWN + 1)

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
  GHashTable *items;           /* post id → PostsItem */
  PostsList *lists[N_STATES];  /* one for each state, that of taken down posts stays empty */
  PostsItem *on_screen;        /* nullable */
  GHashTable *blocked_authors; /* a set of author ids */
  GHashTable *hidden_early;    /* a set of ids that were hidden before they come in */
  PostsMemory *taken_down;     /* ids, also of posts that have not come in yet */
  GHashTable *uris;            /* what is the same everywhere → post id */
  GHashTable *aliases;         /* id of the same post by another way → post id */
  gboolean panic;              /* nothing that strangers wrote is shown */
  PostsStore *store;           /* nullable: nothing is kept */
  gboolean is_kept;            /* what changes now is on the disk already */
  guint64 next_serial;
};

void _posts_desk_insert (PostsDesk *self, PostsItem *item);
gboolean _posts_desk_decide_later (PostsDesk *self, PostsItem *item, PostsState to);
void _posts_desk_move (PostsDesk *self, PostsItem *borrowed, PostsState state);

G_END_DECLS
