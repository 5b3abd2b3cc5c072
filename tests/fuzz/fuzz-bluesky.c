/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "posts-bluesky-parser.h"

/* Any bytes as a message of a Jetstream and as profiles. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const all[] = { "NuitSolidaire26", NULL };
  static PostsTags *tags;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1790000000);
  g_auto (PostsBlueskyEvent) event = { 0 };
  g_autoptr (GPtrArray) authors = NULL;

  if (tags == NULL)
    tags = posts_tags_new (all);
  posts_bluesky_matters (tags, (const char *) data, size);
  posts_bluesky_read ((const char *) data, size, tags, now, &event);
  authors = posts_bluesky_read_profiles ((const char *) data, size);
  if (event.post != NULL && authors != NULL && authors->len > 0)
    g_object_unref (posts_bluesky_sign (event.post, authors->pdata[0]));
  return 0;
}
