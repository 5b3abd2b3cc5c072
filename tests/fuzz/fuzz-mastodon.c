/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-mastodon-parser.h"
#include "posts-sse.h"

/* Any bytes as a stream of events, as a message of a WebSocket and as a page. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
event_cb (const char *event, const char *data, gsize length, gpointer user_data)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  posts_mastodon_read_event (event, data, length, "a.example", user_data, news);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  g_autoptr (PostsSse) sse = posts_sse_new (event_cb, now);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autofree char *newest = NULL;
  const size_t half = size / 2;
  guint n_malformed = 0;

  posts_sse_push (sse, (const char *) data, half);
  posts_sse_push (sse, (const char *) data + half, size - half);
  posts_mastodon_read_frame ((const char *) data, size, "a.example", now, news, NULL);
  posts_mastodon_read_timeline ((const char *) data, size, "a.example", now, news, &newest,
                                &n_malformed);
  return 0;
}
