/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-news.h"

static void
news_free (gpointer data)
{
  PostsNews *news = data;

  g_clear_object (&news->post);
  g_free (news->gone_id);
  g_free (news->gone_author);
  g_free (news);
}

GPtrArray *
posts_news_new (void)
{
  return g_ptr_array_new_with_free_func (news_free);
}

/**
 * posts_news_add_post:
 * @news: a list
 * @post: (transfer full): a post
 */
void
posts_news_add_post (GPtrArray *news, PostsPost *post)
{
  PostsNews *each = g_new0 (PostsNews, 1);

  each->post = post;
  g_ptr_array_add (news, each);
}

/**
 * posts_news_add_gone:
 * @news: a list
 * @id: (transfer full): the id of a post
 */
void
posts_news_add_gone (GPtrArray *news, char *id)
{
  PostsNews *each = g_new0 (PostsNews, 1);

  each->gone_id = id;
  g_ptr_array_add (news, each);
}

/**
 * posts_news_add_gone_author:
 * @news: a list
 * @author_id: (transfer full): an author
 */
void
posts_news_add_gone_author (GPtrArray *news, char *author_id)
{
  PostsNews *each = g_new0 (PostsNews, 1);

  each->gone_author = author_id;
  g_ptr_array_add (news, each);
}

/**
 * posts_news_clamp_time:
 * @claimed: (nullable): when a post says that it was written
 * @received: when it came
 *
 * Returns: (transfer full): @claimed if it can be, else @received
 */
GDateTime *
posts_news_clamp_time (GDateTime *claimed, GDateTime *received)
{
  const GTimeSpan age = claimed != NULL ? g_date_time_difference (received, claimed) : 0;

  if (claimed == NULL || age > 7 * G_TIME_SPAN_DAY || age < -G_TIME_SPAN_MINUTE)
    return g_date_time_ref (received);
  return g_date_time_ref (claimed);
}
