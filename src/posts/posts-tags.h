/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostsTags:
 *
 * The event's hashtags, and whether a post carries one: the same after NFKC, case folding and without
 * accents, as Mastodon compares them. Immutable: any thread.
 */
typedef struct _PostsTags PostsTags;

PostsTags *posts_tags_new (const char *const *tags);
PostsTags *posts_tags_ref (PostsTags *self);
void posts_tags_unref (PostsTags *self);
const char *const *posts_tags_get_all (PostsTags *self);
const char *const *posts_tags_get_folded (PostsTags *self);

gboolean posts_tags_has (PostsTags *self, const char *tag);
gboolean posts_tags_is_in_text (PostsTags *self, const char *text);
gboolean posts_tags_may_be_in (PostsTags *self, const char *data, gsize length);

char *posts_tags_fold (const char *tag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsTags, posts_tags_unref)

G_END_DECLS
