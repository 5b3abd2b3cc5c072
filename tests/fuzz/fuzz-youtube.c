/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "posts-pages.h"
#include "posts-youtube-parser.h"

/* Any bytes as a list that goes on, in two pieces, as a page of it, as a refusal and as a video. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
page_cb (const char *data, gsize length, gpointer user_data)
{
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsYoutubePage) page = { 0 };

  g_assert_true (length >= 2 && data[0] == '{' && data[length] == '\0');
  posts_youtube_read_page (data, length, user_data, news, &page);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  g_autoptr (PostsPages) pages = posts_pages_new ();
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_auto (PostsYoutubePage) page = { 0 };
  g_autofree char *chat_id = NULL;
  const size_t half = size / 2;
  gboolean is_there = FALSE;

  posts_pages_push (pages, (const char *) data, half, page_cb, now);
  posts_pages_push (pages, (const char *) data + half, size - half, page_cb, now);
  posts_youtube_read_page ((const char *) data, size, now, news, &page);
  posts_youtube_read_problem (400 + (guint) size % 200, (const char *) data, size);
  posts_youtube_read_video ((const char *) data, size, &is_there, &chat_id);
  return 0;
}
