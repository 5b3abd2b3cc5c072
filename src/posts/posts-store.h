/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-author.h"
#include "posts-item.h"

G_BEGIN_DECLS

/**
 * PostsStore:
 *
 * The posts and what was decided about them, on the disk: written in a thread of its own, in the order
 * of the calls, and there again after a crash. Main thread only.
 */
typedef struct _PostsStore PostsStore;

typedef struct {
  PostsPost *post;
  PostsState state;
  PostsReason reasons;
  gint64 asked_us; /* when it was marked as a question; 0: it was not */
} PostsStored;

/* What was there when it was opened. */
typedef struct {
  GPtrArray *posts;   /* of PostsStored, in the order they came */
  GStrv gone;         /* ids that were taken down */
  GPtrArray *authors; /* of PostsAuthor */
} PostsStoreContents;

/* On the main thread. @contents: nullable, transfer none · @error: nullable */
typedef void (*PostsStoreLoaded) (const PostsStoreContents *contents, const GError *error,
                                  gpointer user_data);
/* On the main thread: it is on the disk, or it could not be written. */
typedef void (*PostsStoreDone) (const GError *error, gpointer user_data);

PostsStore *posts_store_new (const char *path, PostsStoreLoaded loaded, gpointer user_data,
                             GDestroyNotify free_user_data);
void posts_store_free (PostsStore *self);

void posts_store_put (PostsStore *self, PostsPost *post, PostsState state, PostsReason reasons);
void posts_store_set_state (PostsStore *self, const char *id, PostsState state, PostsReason reasons,
                            PostsStoreDone done, gpointer user_data);
void posts_store_remove (PostsStore *self, const char *id, gboolean for_good);
void posts_store_set_asked_us (PostsStore *self, const char *id, gint64 asked_us);
void posts_store_set_author (PostsStore *self, PostsAuthor *author);
void posts_store_log (PostsStore *self, const char *act, PostsReason reasons, const char *id);

G_END_DECLS
