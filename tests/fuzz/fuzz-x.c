/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-splitter.h"
#include "posts-x-parser.h"

/* Any bytes as a stream of lines, as a page of a search and as a refusal. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
line_cb (const char *line, gsize length, gpointer user_data)
{
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsXPage) page = { 0 };

  posts_x_read_line (line, length, user_data, news, &page);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  g_autoptr (PostsSplitter) splitter = posts_splitter_new (size % 2);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsXPage) page = { 0 };
  const size_t half = size / 2;

  posts_splitter_push (splitter, (const char *) data, half, line_cb, now);
  posts_splitter_push (splitter, (const char *) data + half, size - half, line_cb, now);
  posts_x_read_page ((const char *) data, size, now, news, &page);
  posts_x_read_problem (400 + (guint) size % 200, (const char *) data, size);
  return 0;
}
