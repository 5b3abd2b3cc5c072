/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Things that are kept while there is room: what nobody asked for the longest goes first. */
typedef struct _PostsShelf PostsShelf;

PostsShelf *posts_shelf_new (gsize max_bytes, GDestroyNotify free_func);
void posts_shelf_free (PostsShelf *self);
void posts_shelf_put (PostsShelf *self, const char *key, gpointer value, gsize n_bytes);
gpointer posts_shelf_get (PostsShelf *self, const char *key);
gsize posts_shelf_get_n_bytes (PostsShelf *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsShelf, posts_shelf_free)

G_END_DECLS
