/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-feed-private.h"
#include "posts-news.h"
#include "posts-owncast-parser.h"
#include "posts-owncast.h"

#define OUR_NAME    "{\"displayName\":\"R\xC3\xA9gie\"}"
#define SILENT_MS   (45 * 1000)
#define DEAD_MS     (65 * 1000)
#define MAX_UNKNOWN 3 /* registrations in a row that led to nothing */

static const guint steps_ms[] = { 1000, 2000, 5000, 10000, 30000, 60000 };

/**
 * PostsOwncast:
 *
 * The chat of a stream on an Owncast server.
 *
 * Whoever reads it is in it: Régie registers as “Régie”, without an account, and says nothing. After an
 * outage it asks for what was said meanwhile. Main thread only.
 */
struct _PostsOwncast {
  PostsFeed parent_instance;
  char *server;
  char *host;
  char *access; /* nullable: what the server knows us by, for as long as we run */
  guint n_unknown;
};

G_DEFINE_FINAL_TYPE (PostsOwncast, posts_owncast, POSTS_TYPE_FEED)

static void
posts_owncast_finalize (GObject *object)
{
  PostsOwncast *self = POSTS_OWNCAST (object);

  g_free (self->server);
  g_free (self->host);
  g_free (self->access);
  G_OBJECT_CLASS (posts_owncast_parent_class)->finalize (object);
}

static void
lost (PostsOwncast *self, PostsError code, const char *why)
{
  g_autoptr (GError) error = g_error_new (POSTS_ERROR, (int) code, "%s: %s", self->host, why);

  _posts_feed_retry_steps (POSTS_FEED (self), steps_ms, G_N_ELEMENTS (steps_ms), error);
}

static void
refuse (PostsOwncast *self, const char *why)
{
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED, "%s: %s", self->host, why);

  _posts_feed_refuse (POSTS_FEED (self), error);
}

static void
take_problem (PostsOwncast *self, PostsOwncastProblem problem)
{
  switch (problem) {
  case POSTS_OWNCAST_PROBLEM_NONE:
    break;
  case POSTS_OWNCAST_PROBLEM_UNKNOWN:
    g_clear_pointer (&self->access, g_free);
    if (++self->n_unknown < MAX_UNKNOWN)
      _posts_feed_reopen (POSTS_FEED (self));
    else
      lost (self, POSTS_ERROR_SOURCE, "the server forgets us at once");
    break;
  case POSTS_OWNCAST_PROBLEM_FULL:
    lost (self, POSTS_ERROR_BUSY, "too many are in the chat");
    break;
  case POSTS_OWNCAST_PROBLEM_DISABLED:
    g_clear_pointer (&self->access, g_free);
    refuse (self, "someone sent us out of the chat");
    break;
  }
}

static void
text_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  guint n_malformed = 0;
  const PostsOwncastProblem problem =
    posts_owncast_read_frame (data != NULL ? data : "", length, self->host, now, news,
                              &n_malformed);

  if (news->len > 0)
    self->n_unknown = 0;
  _posts_feed_count_malformed (feed, n_malformed);
  _posts_feed_take (feed, news);
  take_problem (self, problem);
}

/* What was said before; the chat goes on without it. */
static void
history_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
            gpointer user_data)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  guint n_malformed = 0;

  if (error != NULL || soup_message_get_status (message) != 200 || data == NULL)
    return;
  if (!posts_owncast_read_history (data, length, self->host, now, news, &n_malformed))
    n_malformed++;
  _posts_feed_count_malformed (feed, n_malformed);
  _posts_feed_take (feed, news);
}

static void
opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  g_autofree char *escaped = g_uri_escape_string (self->access, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/chat?accessToken=", escaped, NULL);
  SoupMessage *request = _posts_feed_make_message (feed, "GET", self->server, path, FALSE);

  _posts_feed_live (feed);
  if (request != NULL)
    _posts_feed_fetch (feed, request, history_cb, NULL);
}

static void
ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *cause,
          gpointer user_data)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  const guint status = message != NULL ? soup_message_get_status (message) : 0;

  /* A page instead of a WebSocket: the chat is switched off, or full. */
  if (status == 200)
    lost (self, POSTS_ERROR_BUSY, "the chat takes nobody now");
  else if (status >= 400 && status < 500 && status != 429)
    refuse (self, "there is no chat of Owncast");
  else
    lost (self, POSTS_ERROR_SOURCE, cause != NULL ? cause->message : "the server ended the chat");
}

static void
open_chat (PostsOwncast *self)
{
  g_autofree char *escaped = g_uri_escape_string (self->access, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/ws?accessToken=", escaped, NULL);
  g_autofree char *base = g_strconcat ("ws", self->server + strlen ("http"), NULL);
  SoupMessage *message = _posts_feed_make_message (POSTS_FEED (self), "GET", base, path, FALSE);

  if (message == NULL) {
    refuse (self, "that is no address of a server");
    return;
  }
  _posts_feed_set_limits (POSTS_FEED (self), SILENT_MS, DEAD_MS);
  _posts_feed_websocket (POSTS_FEED (self), message, NULL, opened_cb, text_cb, ended_cb);
}

static void
registered_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
               gpointer user_data)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  const guint status = error == NULL ? soup_message_get_status (message) : 0;
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL || status >= 500) {
    lost (self, POSTS_ERROR_SOURCE, error != NULL ? error->message : "the server has trouble");
    return;
  }
  if (status == 429) {
    lost (self, POSTS_ERROR_BUSY, "the server has had too many requests");
    return;
  }
  g_free (self->access);
  self->access = data != NULL ? posts_owncast_read_token (data, length) : NULL;
  if (status == 200 && self->access != NULL)
    open_chat (self);
  else
    refuse (self, "the chat does not take us in");
}

static void
open_feed (PostsFeed *feed)
{
  PostsOwncast *self = POSTS_OWNCAST (feed);
  g_autoptr (GBytes) bytes = g_bytes_new_static (OUR_NAME, strlen (OUR_NAME));
  SoupMessage *message = NULL;

  _posts_feed_set_way (feed, "websocket");
  _posts_feed_set_limits (feed, 0, 0);
  if (self->access != NULL) {
    open_chat (self);
    return;
  }
  message = g_str_has_prefix (self->server, "http")
              ? _posts_feed_make_message (feed, "POST", self->server, "/api/chat/register", FALSE)
              : NULL;
  if (message == NULL) {
    refuse (self, "that is no address of a server");
    return;
  }
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  _posts_feed_fetch (feed, message, registered_cb, NULL);
}

static void
posts_owncast_class_init (PostsOwncastClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_owncast_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
}

static void
posts_owncast_init (PostsOwncast *self)
{
}

/**
 * posts_owncast_new:
 * @server: its address, such as `https://stream.example.org`
 *
 * Returns: (transfer full): a network that has not been started
 */
PostsOwncast *
posts_owncast_new (const char *server)
{
  g_return_val_if_fail (server != NULL, NULL);

  PostsOwncast *self = g_object_new (POSTS_TYPE_OWNCAST, NULL);
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  self->server = g_strdup (server);
  self->host = g_strdup (host != NULL ? host : server);
  _posts_feed_set_title (POSTS_FEED (self), self->host);
  return self;
}
