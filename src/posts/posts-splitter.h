/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define POSTS_SPLITTER_MAX_BYTES (4 * 1024 * 1024)

/* A line without its end; @data is followed by a NUL that does not count. */
typedef void (*PostsSplitterFunc) (const char *data, gsize length, gpointer user_data);

/**
 * PostsSplitter:
 *
 * Cuts a body that never ends into lines, however its bytes come. A line longer than
 * POSTS_SPLITTER_MAX_BYTES is dropped and counted. One thread at a time.
 */
typedef struct _PostsSplitter PostsSplitter;

PostsSplitter *posts_splitter_new (gboolean lone_returns);
void posts_splitter_free (PostsSplitter *self);
void posts_splitter_push (PostsSplitter *self, const char *data, gsize length,
                          PostsSplitterFunc func, gpointer user_data);
guint posts_splitter_get_n_dropped (PostsSplitter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsSplitter, posts_splitter_free)

G_END_DECLS
