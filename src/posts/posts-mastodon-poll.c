/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-mastodon-parser.h"
#include "posts-mastodon-private.h"

/* What is asked of a server page by page: all there is where it has no stream, what came meanwhile after
 * an outage, and whether the posts that people see are still there. */

#define POLL_MS         (20 * 1000)
#define FRESH_EVERY     3 /* polls: each of these asks for the newest without a cursor */
#define MAX_PAGES       10
#define PAGE_SIZE       40
#define MAX_WAIT_S      (15 * 60)
#define MANY_REQUESTS_S 300 /* the period of the server's limit */

static const guint steps_ms[] = { 1000, 2000, 5000, 10000, 30000, 60000 };

/* One page of the posts of one tag. */
typedef struct {
  char *tag;
  guint n_pages;
  gboolean fresh; /* the newest ones, not those behind the cursor */
} Page;

static void ask_page (PostsMastodon *self, const char *tag, guint n_pages, gboolean fresh);

void
_posts_mastodon_page_free (gpointer data)
{
  Page *page = data;

  g_free (page->tag);
  g_free (page);
}

char *
_posts_mastodon_describe (SoupMessage *message, GBytes *body)
{
  g_autoptr (JsonNode) root = NULL;
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  JsonObject *answer = data != NULL ? posts_json_parse_object (data, length, &root, NULL) : NULL;
  const char *words = posts_json_string (answer, "error");
  const char *header =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "X-Error-Message");

  if (words == NULL)
    words = header;
  return g_strdup_printf ("the server answers %u%s%s", soup_message_get_status (message),
                          words != NULL ? ": " : "", words != NULL ? words : "");
}

/* How long the server wants us to wait. */
static guint
get_wait_ms (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *reset = soup_message_headers_get_one (headers, "X-RateLimit-Reset");
  const char *after = soup_message_headers_get_one (headers, "Retry-After");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = reset != NULL ? g_date_time_new_from_iso8601 (reset, NULL) : NULL;
  gint64 wait_s = MANY_REQUESTS_S;
  guint64 seconds = 0;

  if (then != NULL)
    wait_s = g_date_time_difference (then, now) / G_TIME_SPAN_SECOND + 1;
  else if (after != NULL && g_ascii_string_to_unsigned (after, 10, 0, MAX_WAIT_S, &seconds, NULL))
    wait_s = (gint64) seconds;
  /* A clock that is wrong must not keep us from coming back. */
  return (guint) CLAMP (wait_s, 5, MAX_WAIT_S) * 1000;
}

void
_posts_mastodon_wait_as_told (PostsMastodon *self, SoupMessage *message)
{
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_BUSY, "%s has had too many requests", self->host);

  _posts_feed_retry (POSTS_FEED (self), get_wait_ms (message), error);
}

void
_posts_mastodon_lost (PostsMastodon *self, const char *why)
{
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_SOURCE, "%s: %s", self->host, why);

  _posts_feed_retry_steps (POSTS_FEED (self), steps_ms, G_N_ELEMENTS (steps_ms), error);
}

void
_posts_mastodon_refuse (PostsMastodon *self, PostsError code, SoupMessage *message, GBytes *body)
{
  g_autofree char *words = _posts_mastodon_describe (message, body);
  g_autoptr (GError) error = g_error_new (POSTS_ERROR, (int) code, "%s: %s", self->host, words);

  _posts_feed_refuse (POSTS_FEED (self), error);
}

static void
take_page (PostsMastodon *self, const Page *page, GBytes *body)
{
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *newest = g_strdup (g_hash_table_lookup (self->cursors, page->tag));
  guint n_malformed = 0;
  gsize length = 0;
  const char *data = g_bytes_get_data (body, &length);

  if (!posts_mastodon_read_timeline (data != NULL ? data : "", length, self->host, now, news,
                                     &newest, &n_malformed))
    n_malformed++;
  _posts_feed_count_malformed (POSTS_FEED (self), n_malformed);
  const gboolean is_full = news->len + n_malformed >= PAGE_SIZE;
  const gboolean moved = g_strcmp0 (newest, g_hash_table_lookup (self->cursors, page->tag)) != 0;
  if (newest != NULL)
    g_hash_table_replace (self->cursors, g_strdup (page->tag), g_steal_pointer (&newest));
  _posts_feed_take (POSTS_FEED (self), news);

  /* More than a page came since: on with it, unless nothing moves any more. */
  if (is_full && moved && !page->fresh && page->n_pages + 1 < MAX_PAGES)
    ask_page (self, page->tag, page->n_pages + 1, FALSE);
}

void
_posts_mastodon_live (PostsMastodon *self)
{
  _posts_feed_live (POSTS_FEED (self));
  if (self->warning != NULL)
    _posts_feed_warn (POSTS_FEED (self), self->warning);
}

static gboolean
poll_cb (gpointer user_data)
{
  PostsMastodon *self = user_data;

  self->poll_id = 0;
  self->n_polls++;
  g_ptr_array_set_size (self->pages, 0); /* all of them have come */
  for (guint i = 0; self->tags[i] != NULL; i++)
    ask_page (self, self->tags[i], 0, FALSE);
  return G_SOURCE_REMOVE;
}

/* A page that did not come: only those who have no other way mind. */
static void
page_failed (PostsMastodon *self, SoupMessage *message, GBytes *body, const GError *error)
{
  const guint status = error == NULL ? soup_message_get_status (message) : 0;

  if (status == 429) {
    if (self->way == WAY_POLLING)
      _posts_mastodon_wait_as_told (self, message);
    return;
  }
  if (self->way != WAY_POLLING)
    return;
  if (error != NULL)
    _posts_mastodon_lost (self, error->message);
  else if (status == 401 || status == 422)
    _posts_mastodon_refuse (self, POSTS_ERROR_TOKEN, message, body);
  else if (status >= 500)
    _posts_mastodon_lost (self, "the server has trouble");
  else
    _posts_mastodon_refuse (self, POSTS_ERROR_REFUSED, message, body);
}

static void
page_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
         gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  Page *page = user_data;

  self->n_pending--;
  if (error != NULL || soup_message_get_status (message) != 200) {
    page_failed (self, message, body, error);
    return;
  }
  if (self->way == WAY_POLLING)
    _posts_mastodon_live (self);
  take_page (self, page, body);
  if (self->way == WAY_POLLING && self->n_pending == 0 && self->poll_id == 0)
    self->poll_id = g_timeout_add (_posts_feed_pace (feed, POLL_MS), poll_cb, self);
}

/* A wrong token is refused even where none is needed. */
static gboolean
uses_token (PostsMastodon *self)
{
  return self->warning == NULL;
}

static void
ask_page (PostsMastodon *self, const char *tag, guint n_pages, gboolean fresh)
{
  const char *newest = g_hash_table_lookup (self->cursors, tag);
  g_autofree char *escaped = g_uri_escape_string (tag, NULL, FALSE);
  g_autofree char *cursor = NULL;
  g_autofree char *path = NULL;
  Page *page = g_new0 (Page, 1);

  page->tag = g_strdup (tag);
  page->n_pages = n_pages;
  page->fresh = fresh || newest == NULL || (n_pages == 0 && self->n_polls % FRESH_EVERY == 0);
  if (!page->fresh)
    cursor = n_pages == 0 ? posts_mastodon_make_cursor (newest) : g_strdup (newest);
  path = g_strdup_printf ("/api/v1/timelines/tag/%s?limit=%d%s%s", escaped, PAGE_SIZE,
                          cursor != NULL ? "&min_id=" : "", cursor != NULL ? cursor : "");

  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, path, uses_token (self));
  g_ptr_array_add (self->pages, page);
  if (message == NULL)
    return;
  self->n_pending++;
  _posts_feed_fetch (POSTS_FEED (self), message, page_cb, page);
}

/* After an outage: what came meanwhile, then what is new. */
void
_posts_mastodon_fill_hole (PostsMastodon *self)
{
  g_ptr_array_set_size (self->pages, 0);
  for (guint i = 0; self->tags[i] != NULL; i++) {
    if (g_hash_table_contains (self->cursors, self->tags[i])) {
      self->n_polls |= 1; /* behind the cursor */
      ask_page (self, self->tags[i], 0, FALSE);
    }
    ask_page (self, self->tags[i], 0, TRUE);
  }
}

static void check_next (PostsMastodon *self);

static void
checked_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
            gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  const guint status = error == NULL ? soup_message_get_status (message) : 0;
  g_autofree char *id = g_steal_pointer (&self->checking);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (JsonNode) root = NULL;
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (status == 404 || status == 410) {
    posts_news_add_gone (news, g_steal_pointer (&id));
  } else if (status == 200 && data != NULL) {
    JsonObject *object = posts_json_parse_object (data, length, &root, NULL);
    PostsPost *post = object != NULL ? posts_mastodon_read_status (object, self->host, now) : NULL;

    if (post != NULL)
      posts_news_add_post (news, post);
  }
  _posts_feed_take (feed, news);
  if (status != 0 && status != 429)
    check_next (self);
}

/* Whether the posts that people see are still there, one after the other. */
static void
check_next (PostsMastodon *self)
{
  g_autofree char *prefix = g_strdup_printf ("mastodon:%s:", self->host);

  while (self->watched != NULL && self->watched[self->next_check] != NULL) {
    const char *id = self->watched[self->next_check++];

    if (g_str_has_prefix (id, prefix)) {
      g_autofree char *path = g_strconcat ("/api/v1/statuses/", id + strlen (prefix), NULL);
      SoupMessage *message =
        _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, path, uses_token (self));

      g_free (self->checking);
      self->checking = g_strdup (id);
      if (message != NULL)
        _posts_feed_fetch (POSTS_FEED (self), message, checked_cb, NULL);
      return;
    }
  }
}

gboolean
_posts_mastodon_check_cb (gpointer user_data)
{
  PostsMastodon *self = user_data;

  if (self->checking != NULL)
    return G_SOURCE_CONTINUE;
  self->next_check = 0;
  check_next (self);
  return G_SOURCE_CONTINUE;
}

/* A wrong token is refused even where none is needed. */
SoupMessage *
_posts_mastodon_ask_account (PostsFeed *feed, const char *token)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  g_autofree char *escaped = g_uri_escape_string (self->tags[0], NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/timelines/tag/", escaped, "?limit=1", NULL);

  return _posts_feed_make_test (feed, self->server, path, token);
}

gboolean
_posts_mastodon_judge_account (PostsFeed *feed, guint status, const char *data, gsize length,
                               GError **error)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  g_autoptr (JsonNode) root = posts_json_parse (data, length, NULL);
  const gboolean is_list = root != NULL && JSON_NODE_HOLDS_ARRAY (root);
  PostsError code = POSTS_ERROR_REFUSED;

  if (status == 200 && is_list)
    return TRUE;
  if (status == 401 || status == 403 || status == 422)
    code = POSTS_ERROR_TOKEN;
  else if (status == 429)
    code = POSTS_ERROR_BUSY;
  else if (status >= 500)
    code = POSTS_ERROR_SOURCE;
  g_set_error (error, POSTS_ERROR, (int) code, "%s answers %u", self->host, status);
  return FALSE;
}
