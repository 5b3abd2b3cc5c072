/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-photo-hosts.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession *posts_photo_fetch_new_session (void);
void posts_photo_fetch_async (SoupSession *session, PostsPhotoHosts *hosts, PostsNetworkKind kind,
                              const char *url, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
GBytes *posts_photo_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
