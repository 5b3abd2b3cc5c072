/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PostsMemory PostsMemory;

PostsMemory *posts_memory_new (guint size);
void posts_memory_free (PostsMemory *self);
gboolean posts_memory_lookup (PostsMemory *self, const char *key, guint64 *value);
void posts_memory_remember (PostsMemory *self, const char *key, guint64 value);
guint64 posts_memory_hash (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsMemory, posts_memory_free)

G_END_DECLS
