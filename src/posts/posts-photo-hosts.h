/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PostsPhotoTrust:
 * @POSTS_PHOTO_TRUST_NONE: nothing is fetched from there
 * @POSTS_PHOTO_TRUST_PUBLIC: what is there may be fetched if it is on the internet
 * @POSTS_PHOTO_TRUST_OWN: the same, and where the event's own server is, if that is elsewhere
 */
typedef enum {
  POSTS_PHOTO_TRUST_NONE,
  POSTS_PHOTO_TRUST_PUBLIC,
  POSTS_PHOTO_TRUST_OWN,
} PostsPhotoTrust;

/* From where pictures of which network may be fetched. Main thread. */
typedef struct _PostsPhotoHosts PostsPhotoHosts;

PostsPhotoHosts *posts_photo_hosts_new (void);
void posts_photo_hosts_free (PostsPhotoHosts *self);
void posts_photo_hosts_add_server (PostsPhotoHosts *self, PostsNetworkKind kind,
                                   const char *server);
PostsPhotoTrust posts_photo_hosts_check (PostsPhotoHosts *self, PostsNetworkKind kind, GUri *uri);
gboolean posts_photo_hosts_is_public (GInetAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsPhotoHosts, posts_photo_hosts_free)

G_END_DECLS
