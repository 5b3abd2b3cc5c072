/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define POSTS_HTML_MAX_BYTES (4 * 1024 * 1024)
#define POSTS_HTML_MAX_CHARS 20000

/**
 * PostsHtmlFlags:
 * @POSTS_HTML_DROP_QUOTE: leave out the paragraph that stands for a quoted post
 */
typedef enum {
  POSTS_HTML_PLAIN = 0,
  POSTS_HTML_DROP_QUOTE = 1 << 0,
} PostsHtmlFlags;

/* Any thread. */
char *posts_html_to_text (const char *html, PostsHtmlFlags flags, GPtrArray *links);

G_END_DECLS
