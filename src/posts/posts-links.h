/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostsLinks:
 *
 * What the links in a text lead to.
 */
typedef enum {
  POSTS_LINKS_NONE,
  POSTS_LINKS_ALLOWED, /* only to hosts on the list */
  POSTS_LINKS_UNKNOWN, /* to another one at least */
} PostsLinks;

PostsLinks posts_links_check (const char *text, const char *const *allowed_hosts);
char *posts_links_remove (const char *text);

G_END_DECLS
