/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-x-private.h"

#define POST_USD     0.005
#define USER_USD     0.010
#define SILENT_MS    (20 * 1000)
#define DEAD_MS      (45 * 1000)
#define SEARCH_MS    (30 * 1000)
#define LOOK_UP_MS   (5 * 60 * 1000)
#define MAX_LOOK_UPS 100
#define MAX_PAGES    3
#define DROP_STEP_MS 250
#define MAX_DROP_MS  (16 * 1000)
#define HTTP_WAIT_MS (5 * 1000)
#define MAX_HTTP_MS  (320 * 1000)
#define RATE_WAIT_MS (60 * 1000)
#define MAX_RATE_MS  (15 * 60 * 1000)

#define FIELDS                                                                                   \
  "tweet.fields=created_at,author_id,lang,entities,attachments,referenced_tweets,"               \
  "in_reply_to_user_id,possibly_sensitive,note_tweet,edit_history_tweet_ids,withheld"            \
  "&expansions=author_id,attachments.media_keys,referenced_tweets.id,"                           \
  "referenced_tweets.id.author_id"                                                               \
  "&user.fields=name,username,profile_image_url,created_at,public_metrics,protected,description" \
  "&media.fields=media_key,type,url,preview_image_url,alt_text,width,height"

/* One page of a search for one rule. */
typedef struct {
  guint rule;
  guint n_pages;
  char *since_id;
} Search;

static void network_init (PostsNetworkInterface *iface);
static void search (PostsX *self, guint rule, guint n_pages, const char *since_id,
                    const char *next_token);

G_DEFINE_FINAL_TYPE_WITH_CODE (PostsX, posts_x, POSTS_TYPE_FEED,
                               G_IMPLEMENT_INTERFACE (POSTS_TYPE_NETWORK, network_init))

static void
search_free (gpointer data)
{
  Search *job = data;

  g_free (job->since_id);
  g_free (job);
}

static void
reset (PostsFeed *feed)
{
  PostsX *self = POSTS_X (feed);

  g_clear_handle_id (&self->search_id, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_ptr_array_set_size (self->searches_open, 0);
}

static void
posts_x_finalize (GObject *object)
{
  PostsX *self = POSTS_X (object);

  g_free (self->server);
  g_strfreev (self->rules);
  g_strfreev (self->watched);
  g_free (self->newest_id);
  g_hash_table_unref (self->authors);
  g_ptr_array_unref (self->searches_open);
  g_hash_table_unref (self->looked_up);
  g_clear_pointer (&self->splitter, posts_splitter_free);
  G_OBJECT_CLASS (posts_x_parent_class)->finalize (object);
}

static void
spend (PostsX *self, double usd)
{
  self->cost_usd += usd;
  _posts_feed_set_cost (POSTS_FEED (self), self->cost_usd);
}

/* Returns: whether the budget is spent, and the feed closed */
static gboolean
stop_if_spent (PostsX *self)
{
  g_autoptr (GError) error = NULL;

  if (self->cost_usd < self->max_cost_usd)
    return FALSE;
  error = g_error_new (POSTS_ERROR, POSTS_ERROR_QUOTA, "%.2f of %.2f US dollars are spent",
                       self->cost_usd, self->max_cost_usd);
  _posts_feed_refuse (POSTS_FEED (self), error);
  return TRUE;
}

/* What is asked for twice on one day of UTC is paid for once. */
static void
begin_day (PostsX *self)
{
  const gint64 day = g_get_real_time () / G_TIME_SPAN_DAY;

  if (self->day == day)
    return;
  if (self->day != 0)
    g_hash_table_remove_all (self->looked_up);
  self->day = day;
}

/* Only what did not come before is paid for. */
static void
take (PostsX *self, GPtrArray *news, const PostsXPage *page)
{
  guint n_new = 0;

  for (guint i = 0; i < news->len; i++) {
    const PostsNews *each = news->pdata[i];

    n_new +=
      each->post != NULL && !_posts_feed_knows (POSTS_FEED (self), posts_post_get_id (each->post))
        ? 1
        : 0;
  }
  spend (self, n_new * POST_USD + page->n_users * USER_USD);
  _posts_feed_count_malformed (POSTS_FEED (self), page->n_malformed);
  if (page->newest_id != NULL &&
      (self->newest_id == NULL || posts_x_compare_ids (page->newest_id, self->newest_id) > 0)) {
    g_free (self->newest_id);
    self->newest_id = g_strdup (page->newest_id);
  }
  if (n_new > 0) {
    self->n_drops = 0;
    self->n_ghosts = 0;
    self->http_wait_ms = HTTP_WAIT_MS;
    self->rate_wait_ms = RATE_WAIT_MS;
  }
  _posts_feed_take (POSTS_FEED (self), news);
}

static gint64
get_reset_ms (SoupMessage *message)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                   "x-rate-limit-reset");
  guint64 then_s = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &then_s, NULL))
    return 0;
  return (gint64) then_s * 1000 - g_get_real_time () / 1000;
}

static void
wait_for_rate (PostsX *self, SoupMessage *message, const char *why)
{
  const gint64 reset_ms = get_reset_ms (message);
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, POSTS_ERROR_BUSY, why);
  const gint64 wait_ms = CLAMP (reset_ms, self->rate_wait_ms, MAX_RATE_MS);

  self->rate_wait_ms = MIN (self->rate_wait_ms * 2, MAX_RATE_MS);
  _posts_feed_retry (POSTS_FEED (self), (guint) wait_ms, error);
}

/* The connection broke: at once again, then a bit later each time. */
static void
drop (PostsX *self, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, POSTS_ERROR_SOURCE, why);
  const guint wait_ms = MIN (self->n_drops * DROP_STEP_MS, MAX_DROP_MS);

  self->n_drops++;
  _posts_feed_retry (POSTS_FEED (self), wait_ms, error);
}

static void
closed_others_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
                  gpointer user_data)
{
  PostsX *self = POSTS_X (feed);

  if (error != NULL || soup_message_get_status (message) >= 400) {
    wait_for_rate (self, message, "another connection to X is open");
    return;
  }
  self->n_ghosts = 0;
  drop (self, "another connection to X was open");
}

/* The ghost of our own goes away by itself; if it does not, it is chased. */
static void
meet_ghost (PostsX *self, SoupMessage *message)
{
  SoupMessage *request = NULL;

  if (++self->n_ghosts < 2 || message == NULL) {
    if (message != NULL)
      wait_for_rate (self, message, "another connection to X is open");
    else
      drop (self, "another connection to X is open");
    return;
  }
  request = _posts_feed_make_message (POSTS_FEED (self), "DELETE", self->server,
                                      "/2/connections/all", TRUE);
  _posts_feed_fetch (POSTS_FEED (self), request, closed_others_cb, NULL);
}

static void
stop_for (PostsX *self, PostsError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, (int) code, why);

  _posts_feed_refuse (POSTS_FEED (self), error);
}

/* What to do about a refusal, or no answer at all. */
void
_posts_x_refused (PostsX *self, SoupMessage *message, GBytes *body, const GError *error)
{
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  const guint status = error == NULL ? soup_message_get_status (message) : 0;
  g_autoptr (GError) trouble = NULL;

  if (error != NULL) {
    drop (self, error->message);
    return;
  }
  switch (posts_x_read_problem (status, data != NULL ? data : "", length)) {
  case POSTS_X_PROBLEM_TOKEN:
    stop_for (self, POSTS_ERROR_TOKEN, "X does not accept the token");
    break;
  case POSTS_X_PROBLEM_PLAN:
    if (self->searches) {
      stop_for (self, POSTS_ERROR_REFUSED, "X does not allow this account to read posts");
    } else {
      self->searches = TRUE;
      _posts_feed_reopen (POSTS_FEED (self));
    }
    break;
  case POSTS_X_PROBLEM_CAP:
    stop_for (self, POSTS_ERROR_QUOTA, "the account has no credit left");
    break;
  case POSTS_X_PROBLEM_CONNECTIONS:
    meet_ghost (self, message);
    break;
  case POSTS_X_PROBLEM_RATE:
    wait_for_rate (self, message, "X has had too many requests");
    break;
  case POSTS_X_PROBLEM_NONE:
  case POSTS_X_PROBLEM_DISCONNECT:
  case POSTS_X_PROBLEM_RULES:
  case POSTS_X_PROBLEM_OTHER:
    trouble = g_error_new (POSTS_ERROR, POSTS_ERROR_SOURCE, "X answers %u", status);
    _posts_feed_retry (POSTS_FEED (self), self->http_wait_ms, trouble);
    self->http_wait_ms = MIN (self->http_wait_ms * 2, MAX_HTTP_MS);
    break;
  }
}

static gboolean
search_cb (gpointer user_data)
{
  PostsX *self = user_data;

  self->search_id = 0;
  for (guint i = 0; self->rules[i] != NULL; i++)
    search (self, i, 0, self->newest_id, NULL);
  return G_SOURCE_REMOVE;
}

static void
searched_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
             gpointer user_data)
{
  PostsX *self = POSTS_X (feed);
  const Search job = *(const Search *) user_data;
  g_autofree char *since_id = g_strdup (job.since_id);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_auto (PostsXPage) page = { .authors = self->authors };
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL || soup_message_get_status (message) != 200) {
    /* The stream goes on without what it missed. */
    if (self->searches)
      _posts_x_refused (self, message, body, error);
    return;
  }
  g_ptr_array_remove (self->searches_open, user_data);
  if (self->searches)
    _posts_feed_live (feed);
  if (data == NULL || !posts_x_read_page (data, length, now, news, &page))
    page.n_malformed++;
  take (self, news, &page);
  if (stop_if_spent (self))
    return;
  if (page.next_token != NULL && job.n_pages + 1 < MAX_PAGES && since_id != NULL)
    search (self, job.rule, job.n_pages + 1, since_id, page.next_token);
  else if (self->searches && self->search_id == 0)
    self->search_id = g_timeout_add (_posts_feed_pace (feed, SEARCH_MS), search_cb, self);
}

static void
search (PostsX *self, guint rule, guint n_pages, const char *since_id, const char *next_token)
{
  g_autofree char *query = g_uri_escape_string (self->rules[rule], NULL, FALSE);
  g_autofree char *token =
    next_token != NULL ? g_uri_escape_string (next_token, NULL, FALSE) : NULL;
  /* Without a place to go on from, only the latest ones: each of them costs. */
  g_autofree char *path =
    g_strdup_printf ("/2/tweets/search/recent?query=%s&max_results=%d%s%s%s%s&" FIELDS, query,
                     since_id != NULL ? 100 : 10, since_id != NULL ? "&since_id=" : "",
                     since_id != NULL ? since_id : "", token != NULL ? "&next_token=" : "",
                     token != NULL ? token : "");
  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, path, TRUE);
  Search *job = NULL;

  if (message == NULL)
    return;
  job = g_new0 (Search, 1);
  job->rule = rule;
  job->n_pages = n_pages;
  job->since_id = g_strdup (since_id);
  g_ptr_array_add (self->searches_open, job);
  _posts_feed_fetch (POSTS_FEED (self), message, searched_cb, job);
}

static void
line_cb (const char *line, gsize length, gpointer user_data)
{
  PostsX *self = user_data;
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_auto (PostsXPage) page = { .authors = self->authors };

  posts_x_read_line (line, length, now, news, &page);
  self->is_broken |= page.problem != POSTS_X_PROBLEM_NONE;
  if (page.problem == POSTS_X_PROBLEM_CONNECTIONS)
    self->n_ghosts++;
  take (self, news, &page);
}

static void
bytes_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsX *self = POSTS_X (feed);
  const guint n_dropped = posts_splitter_get_n_dropped (self->splitter);

  posts_splitter_push (self->splitter, data, length, line_cb, self);
  _posts_feed_count_malformed (feed, posts_splitter_get_n_dropped (self->splitter) - n_dropped);
  if (stop_if_spent (self) || !self->is_broken)
    return;
  if (self->n_ghosts >= 2)
    meet_ghost (self, NULL);
  else
    drop (self, "X ends the stream");
}

static void
opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  PostsX *self = POSTS_X (feed);

  _posts_feed_live (feed);
  if (self->newest_id != NULL)
    search_cb (self);
}

static void
ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
          gpointer user_data)
{
  PostsX *self = POSTS_X (feed);

  if (error == NULL && body == NULL)
    drop (self, "X ended the stream");
  else
    _posts_x_refused (self, message, body, error);
}

/* Opens the stream, whose rules are on the server. */
void
_posts_x_connect (PostsX *self)
{
  SoupMessage *message = _posts_feed_make_message (POSTS_FEED (self), "GET", self->server,
                                                   "/2/tweets/search/stream?" FIELDS, TRUE);

  g_clear_pointer (&self->splitter, posts_splitter_free);
  self->splitter = posts_splitter_new (FALSE);
  self->is_broken = FALSE;
  _posts_feed_set_limits (POSTS_FEED (self), SILENT_MS, DEAD_MS);
  _posts_feed_stream (POSTS_FEED (self), message, opened_cb, bytes_cb, ended_cb, NULL);
}

static void
looked_up_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
              gpointer user_data)
{
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_auto (PostsXPage) page = { 0 };
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL || soup_message_get_status (message) != 200 || data == NULL)
    return;
  posts_x_read_page (data, length, now, news, &page);
  /* Those that are there come without their authors: only those that are not count. */
  for (guint i = news->len; i > 0; i--)
    if (((const PostsNews *) news->pdata[i - 1])->post != NULL)
      g_ptr_array_remove_index (news, i - 1);
  _posts_feed_take (feed, news);
}

/* The stream says nothing of posts that are deleted: those that people see are looked up. */
static gboolean
look_up_cb (gpointer user_data)
{
  PostsX *self = user_data;
  g_autoptr (GString) path = g_string_new ("/2/tweets?ids=");
  SoupMessage *message = NULL;

  if (self->watched == NULL || self->watched[0] == NULL)
    return G_SOURCE_CONTINUE;
  if (stop_if_spent (self))
    return G_SOURCE_REMOVE;
  begin_day (self);
  for (guint i = 0; self->watched[i] != NULL; i++) {
    g_string_append_printf (path, "%s%s", i > 0 ? "," : "", self->watched[i]);
    if (g_hash_table_add (self->looked_up, g_strdup (self->watched[i])))
      spend (self, POST_USD);
  }
  message = _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, path->str, TRUE);
  if (message != NULL)
    _posts_feed_fetch (POSTS_FEED (self), message, looked_up_cb, NULL);
  return G_SOURCE_CONTINUE;
}

static void
open_feed (PostsFeed *feed)
{
  PostsX *self = POSTS_X (feed);

  if (_posts_feed_get_token (feed) == NULL) {
    stop_for (self, POSTS_ERROR_TOKEN, "X needs a token");
    return;
  }
  if (stop_if_spent (self))
    return;
  self->watch_id = g_timeout_add (_posts_feed_pace (feed, LOOK_UP_MS), look_up_cb, self);
  _posts_feed_set_way (feed, self->searches ? "search" : "stream");
  _posts_feed_set_limits (feed, 0, 0);
  if (self->searches)
    search_cb (self);
  else
    _posts_x_ask_rules (self);
}

static void
watch (PostsNetwork *network, const char *const *post_ids)
{
  PostsX *self = POSTS_X (network);
  g_autoptr (GStrvBuilder) ours = g_strv_builder_new ();
  guint n = 0;

  for (gsize i = 0; post_ids[i] != NULL && n < MAX_LOOK_UPS; i++)
    if (g_str_has_prefix (post_ids[i], "x:")) {
      g_strv_builder_add (ours, post_ids[i] + 2);
      n++;
    }
  g_strfreev (self->watched);
  self->watched = g_strv_builder_end (ours);
}

static void
network_init (PostsNetworkInterface *iface)
{
  iface->watch = watch;
}

static void
posts_x_class_init (PostsXClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_x_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
  POSTS_FEED_CLASS (klass)->reset = reset;
  POSTS_FEED_CLASS (klass)->ask_account = _posts_x_ask_account;
  POSTS_FEED_CLASS (klass)->judge_account = _posts_x_judge_account;
}

static void
posts_x_init (PostsX *self)
{
  self->authors = posts_x_authors_new ();
  self->searches_open = g_ptr_array_new_with_free_func (search_free);
  self->looked_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->http_wait_ms = HTTP_WAIT_MS;
  self->rate_wait_ms = RATE_WAIT_MS;
}

/**
 * posts_x_new:
 * @server: (nullable): its address; `NULL` for X's own
 * @tags: (array zero-terminated=1): the event's tags without `#`, at least one
 * @max_cost_usd: what may be spent
 *
 * Returns: (transfer full): a network that has not been started; it needs a token
 */
PostsX *
posts_x_new (const char *server, const char *const *tags, double max_cost_usd)
{
  g_return_val_if_fail (tags != NULL && tags[0] != NULL, NULL);

  PostsX *self = g_object_new (POSTS_TYPE_X, NULL);

  self->server = g_strdup (server != NULL ? server : POSTS_X_SERVER);
  self->rules = _posts_x_make_rules (tags);
  self->max_cost_usd = max_cost_usd;
  _posts_feed_set_title (POSTS_FEED (self), "X");
  _posts_feed_set_account (POSTS_FEED (self), TRUE, "x", self->server);
  _posts_feed_set_cost (POSTS_FEED (self), 0);
  return self;
}
