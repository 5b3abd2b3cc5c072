/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One event: its name and its data, each followed by a NUL that does not count. */
typedef void (*PostsSseFunc) (const char *event, const char *data, gsize length,
                              gpointer user_data);

/**
 * PostsSse:
 *
 * Reads server-sent events as WHATWG defines them, however their bytes come. What is longer than
 * four MiB is dropped and counted. One thread at a time.
 */
typedef struct _PostsSse PostsSse;

PostsSse *posts_sse_new (PostsSseFunc func, gpointer user_data);
void posts_sse_free (PostsSse *self);
void posts_sse_push (PostsSse *self, const char *data, gsize length);
guint posts_sse_get_n_dropped (PostsSse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsSse, posts_sse_free)

G_END_DECLS
