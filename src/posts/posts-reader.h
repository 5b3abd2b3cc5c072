/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

#define POSTS_READER_MAX_LINE_BYTES (64 * 1024)

/**
 * PostsEntry:
 *
 * A line of a replayed file: a post, or the id of one taken down.
 */
typedef struct {
  double at_s;         /* 0 to a week */
  PostsPost *post;     /* NULL: something is taken down */
  char *taken_down_id; /* NULL: a post comes in */
} PostsEntry;

PostsEntry *posts_reader_read_line (const char *line, gsize length, const char *folder,
                                    GError **error);
void posts_entry_free (PostsEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsEntry, posts_entry_free)

G_END_DECLS
