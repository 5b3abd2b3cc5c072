/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "posts-news.h"

G_BEGIN_DECLS

/* What Mastodon and its relatives send. Any bytes, any thread. */
PostsPost *posts_mastodon_read_status (JsonObject *status, const char *host, GDateTime *received);
gboolean posts_mastodon_read_event (const char *event, const char *data, gsize length,
                                    const char *host, GDateTime *received, GPtrArray *news);
gboolean posts_mastodon_read_frame (const char *data, gsize length, const char *host,
                                    GDateTime *received, GPtrArray *news, GError **error);
gboolean posts_mastodon_read_timeline (const char *data, gsize length, const char *host,
                                       GDateTime *received, GPtrArray *news, char **newest_id,
                                       guint *n_malformed);
char *posts_mastodon_make_cursor (const char *id);
int posts_mastodon_compare_ids (const char *a, const char *b);

G_END_DECLS
