/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-post.h"

G_BEGIN_DECLS

#define POSTS_TEXT_MAX_CHARS 4000
#define POSTS_NAME_MAX_CHARS 200

char *posts_text_clean (const char *text, gsize max_chars, PostsTextFlags *flags);
char *posts_text_clean_line (const char *text, gsize max_chars, PostsTextFlags *flags);
gboolean posts_text_is_emoji (gunichar c);

G_END_DECLS
