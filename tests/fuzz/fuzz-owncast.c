/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-owncast-parser.h"

/* Any bytes as a message of a chat, as what was said before and as the answer to a registration. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autofree char *token = NULL;
  guint n_malformed = 0;

  posts_owncast_read_frame ((const char *) data, size, "a.example", now, news, &n_malformed);
  posts_owncast_read_history ((const char *) data, size, "a.example", now, news, &n_malformed);
  token = posts_owncast_read_token ((const char *) data, size);
  g_assert_true (token == NULL || g_str_is_ascii (token));
  return 0;
}
