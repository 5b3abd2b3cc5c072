/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define POSTS_PAGES_MAX_BYTES (4 * 1024 * 1024)

/* One object of the list; @data is followed by a NUL that does not count. */
typedef void (*PostsPagesFunc) (const char *data, gsize length, gpointer user_data);

/**
 * PostsPages:
 *
 * Cuts a JSON list that comes bit by bit and for as long as it likes into the objects it consists of.
 * An object longer than POSTS_PAGES_MAX_BYTES is dropped and counted, as is what is no object. One
 * thread at a time.
 */
typedef struct _PostsPages PostsPages;

PostsPages *posts_pages_new (void);
void posts_pages_free (PostsPages *self);
void posts_pages_push (PostsPages *self, const char *data, gsize length, PostsPagesFunc func,
                       gpointer user_data);
guint posts_pages_get_n_dropped (PostsPages *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsPages, posts_pages_free)

G_END_DECLS
