/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "posts-twitch-parser.h"

/* Any bytes as lines of a chat: a post has an id and an author, and what is gone has an id. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_line (const PostsTwitchLine *line)
{
  g_assert_true ((line->post != NULL) == (line->kind == POSTS_TWITCH_POST));
  if (line->post != NULL) {
    g_assert_true (g_str_has_prefix (posts_post_get_id (line->post), "twitch:"));
    g_assert_true (g_str_has_prefix (posts_post_get_author_id (line->post), "twitch:"));
    g_assert_true (g_utf8_validate (posts_post_get_text (line->post), -1, NULL));
  }
  if (line->kind == POSTS_TWITCH_GONE || line->kind == POSTS_TWITCH_AUTHOR_GONE)
    g_assert_true (g_str_has_prefix (line->text, "twitch:"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  const char *rest = (const char *) data;

  while (size > 0) {
    const char *end = memchr (rest, '\n', size);
    const size_t n = end != NULL ? (size_t) (end - rest) : size;
    g_auto (PostsTwitchLine) line = { 0 };

    posts_twitch_read_line (rest, n, "nuitsolidair", now, &line);
    check_line (&line);
    rest += MIN (n + 1, size);
    size -= MIN (n + 1, size);
  }
  return 0;
}
