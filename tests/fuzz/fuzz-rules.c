/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-rules.h"

/* Any bytes as the text, the name and the biography of an author, through every rule. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static PostsRules *rules;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *rest = g_strndup ((const char *) data + size / 2, size - size / 2);
  const PostsPostFields fields = { .id = "1",
                                   .author_handle = rest,
                                   .author_name = rest,
                                   .author_bio = rest,
                                   .text = text,
                                   .warning = rest,
                                   .n_followers = (gint64) size };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  if (rules == NULL)
    rules = posts_rules_new ();
  g_assert_true (g_utf8_validate (posts_post_get_text (post), -1, NULL));
  posts_rules_check (rules, post, NULL);
  return 0;
}
