/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-mastodon-parser.h"
#include "posts-mastodon-private.h"
#include "posts-sse.h"

#define HEARTBEAT_MS   (15 * 1000) /* what the server promises on a stream of events */
#define CHECK_MS       (10 * 60 * 1000)
#define MAX_EVENT_TAGS 4 /* more streams at once are too many: one WebSocket has them all */
#define MAX_WATCHED    100

/* The events of one tag. */
typedef struct {
  PostsMastodon *self;
  PostsSse *sse;
} Reader;

static void network_init (PostsNetworkInterface *iface);
static PostsNetworkInterface *parent_iface;

G_DEFINE_FINAL_TYPE_WITH_CODE (PostsMastodon, posts_mastodon, POSTS_TYPE_FEED,
                               G_IMPLEMENT_INTERFACE (POSTS_TYPE_NETWORK, network_init))

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  posts_sse_free (reader->sse);
  g_free (reader);
}

static void
reset (PostsFeed *feed)
{
  PostsMastodon *self = POSTS_MASTODON (feed);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_handle_id (&self->check_id, g_source_remove);
  self->n_streams = 0;
  self->n_pending = 0;
  g_clear_pointer (&self->checking, g_free);
}

static void
posts_mastodon_finalize (GObject *object)
{
  PostsMastodon *self = POSTS_MASTODON (object);

  g_free (self->server);
  g_free (self->streaming);
  g_free (self->host);
  g_strfreev (self->tags);
  g_strfreev (self->watched);
  g_clear_error (&self->warning);
  g_ptr_array_unref (self->readers);
  g_ptr_array_unref (self->pages);
  g_hash_table_unref (self->cursors);
  G_OBJECT_CLASS (posts_mastodon_parent_class)->finalize (object);
}

/* This way does not work here. */
static void
next_way (PostsMastodon *self, SoupMessage *message, GBytes *body)
{
  const guint status = message != NULL ? soup_message_get_status (message) : 0;

  if ((status == 401 || status == 403) && _posts_feed_get_token (POSTS_FEED (self)) != NULL) {
    g_autofree char *words = _posts_mastodon_describe (message, body);

    g_clear_error (&self->warning);
    self->warning = g_error_new (POSTS_ERROR, POSTS_ERROR_TOKEN, "%s: %s", self->host, words);
  }
  if (self->way != WAY_POLLING)
    self->way++;
  g_message ("%s: reads in another way (%u)", self->host, status);
  _posts_feed_reopen (POSTS_FEED (self));
}

static void
stream_ended (PostsMastodon *self, SoupMessage *message, GBytes *body, const GError *error)
{
  const guint status = message != NULL ? soup_message_get_status (message) : 0;

  if (status == 429)
    _posts_mastodon_wait_as_told (self, message);
  else if (status >= 500)
    _posts_mastodon_lost (self, "the server has trouble");
  else if ((status >= 300 && status < 500) || (body != NULL && status < 300))
    next_way (self, message, body);
  else
    _posts_mastodon_lost (self, error != NULL ? error->message : "the server ended the stream");
}

static void
event_cb (const char *event, const char *data, gsize length, gpointer user_data)
{
  Reader *reader = user_data;
  PostsMastodon *self = reader->self;
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (!posts_mastodon_read_event (event, data, length, self->host, now, news))
    _posts_feed_count_malformed (POSTS_FEED (self), 1);
  _posts_feed_take (POSTS_FEED (self), news);
}

static void
events_opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  const char *type =
    soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  if (g_strcmp0 (type, "text/event-stream") != 0) {
    next_way (self, message, NULL);
    return;
  }
  if (++self->n_streams < g_strv_length (self->tags))
    return;
  _posts_mastodon_live (self);
  _posts_mastodon_fill_hole (self);
}

static void
events_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  Reader *reader = user_data;
  const guint n_dropped = posts_sse_get_n_dropped (reader->sse);

  posts_sse_push (reader->sse, data, length);
  _posts_feed_count_malformed (feed, posts_sse_get_n_dropped (reader->sse) - n_dropped);
}

static void
events_ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
                 gpointer user_data)
{
  stream_ended (POSTS_MASTODON (feed), message, body, error);
}

static void
open_events (PostsMastodon *self)
{
  g_ptr_array_set_size (self->readers, 0);
  _posts_feed_set_limits (POSTS_FEED (self), 2 * HEARTBEAT_MS, 2 * HEARTBEAT_MS + 5000);
  for (guint i = 0; self->tags[i] != NULL; i++) {
    g_autofree char *escaped = g_uri_escape_string (self->tags[i], NULL, FALSE);
    g_autofree char *path = g_strconcat ("/api/v1/streaming/hashtag?tag=", escaped, NULL);
    SoupMessage *message =
      _posts_feed_make_message (POSTS_FEED (self), "GET", self->streaming, path, TRUE);
    Reader *reader = g_new0 (Reader, 1);

    reader->self = self;
    reader->sse = posts_sse_new (event_cb, reader);
    g_ptr_array_add (self->readers, reader);
    if (message == NULL) {
      next_way (self, NULL, NULL);
      return;
    }
    soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                  "text/event-stream");
    _posts_feed_stream (POSTS_FEED (self), message, events_opened_cb, events_cb, events_ended_cb,
                        reader);
  }
}

static void
websocket_opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);

  /* The first tag is in the address, where every server looks. */
  for (guint i = 1; self->tags[i] != NULL; i++) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *text = NULL;

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "type");
    json_builder_add_string_value (builder, "subscribe");
    json_builder_set_member_name (builder, "stream");
    json_builder_add_string_value (builder, "hashtag");
    json_builder_set_member_name (builder, "tag");
    json_builder_add_string_value (builder, self->tags[i]);
    json_builder_end_object (builder);
    root = json_builder_get_root (builder);
    text = json_to_string (root, FALSE);
    _posts_feed_send (feed, text);
  }
  _posts_mastodon_live (self);
  _posts_mastodon_fill_hole (self);
}

static void
websocket_text_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GError) error = NULL;

  if (posts_mastodon_read_frame (data != NULL ? data : "", length, self->host, now, news, &error)) {
    _posts_feed_take (feed, news);
  } else if (g_error_matches (error, POSTS_ERROR, POSTS_ERROR_PARSE)) {
    _posts_feed_count_malformed (feed, 1);
  } else if (g_error_matches (error, POSTS_ERROR, POSTS_ERROR_TOKEN)) {
    g_clear_error (&self->warning);
    self->warning = g_error_copy (error);
    next_way (self, NULL, NULL);
  } else {
    g_message ("%s: %s", self->host, error->message); /* the stream goes on */
  }
}

static void
websocket_ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
                    gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);

  /* A server that answers as if it were a page has no WebSocket. */
  if (message != NULL && soup_message_get_status (message) == 200)
    next_way (self, message, NULL);
  else
    stream_ended (self, message, body, error);
}

static void
open_websocket (PostsMastodon *self)
{
  const char *token = _posts_feed_get_token (POSTS_FEED (self));
  char *protocols[] = { (char *) token, NULL };
  g_autofree char *escaped = g_uri_escape_string (self->tags[0], NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/streaming?stream=hashtag&tag=", escaped, NULL);
  g_autofree char *base = g_str_has_prefix (self->streaming, "http")
                            ? g_strconcat ("ws", self->streaming + strlen ("http"), NULL)
                            : g_strdup (self->streaming);
  SoupMessage *message = _posts_feed_make_message (POSTS_FEED (self), "GET", base, path, TRUE);

  if (message == NULL) {
    next_way (self, NULL, NULL);
    return;
  }
  _posts_feed_set_limits (POSTS_FEED (self), 45 * 1000, 65 * 1000);
  _posts_feed_websocket (POSTS_FEED (self), message, token != NULL ? protocols : NULL,
                         websocket_opened_cb, websocket_text_cb, websocket_ended_cb);
}

static void
open_stream (PostsMastodon *self)
{
  static const char *const ways[] = { "events", "websocket", "polling" };

  if (self->way == WAY_EVENTS && g_strv_length (self->tags) > MAX_EVENT_TAGS)
    self->way = WAY_WEBSOCKET;
  _posts_feed_set_way (POSTS_FEED (self), ways[self->way]);
  _posts_feed_set_limits (POSTS_FEED (self), 0, 0);
  switch (self->way) {
  case WAY_EVENTS:
    open_events (self);
    break;
  case WAY_WEBSOCKET:
    open_websocket (self);
    break;
  case WAY_POLLING:
    _posts_mastodon_fill_hole (self);
    break;
  }
}

static void
open_all (PostsMastodon *self)
{
  self->check_id =
    g_timeout_add (_posts_feed_pace (POSTS_FEED (self), CHECK_MS), _posts_mastodon_check_cb, self);
  _posts_mastodon_check_cb (self);
  open_stream (self);
}

/* The streams may be on another host than the pages. */
static void
instance_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
             gpointer user_data)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  g_autoptr (JsonNode) root = NULL;
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL) {
    _posts_mastodon_lost (self, error->message);
    return;
  }
  if (soup_message_get_status (message) == 429) {
    _posts_mastodon_wait_as_told (self, message);
    return;
  }
  if (soup_message_get_status (message) >= 500) {
    _posts_mastodon_lost (self, "the server has trouble");
    return;
  }
  JsonObject *answer = data != NULL ? posts_json_parse_object (data, length, &root, NULL) : NULL;
  JsonObject *urls = posts_json_object (posts_json_object (answer, "configuration"), "urls");
  const char *streaming = posts_json_string (urls, "streaming");
  const gboolean secure = g_str_has_prefix (self->server, "https://");

  /* The token does not go where anyone could read it. */
  if (streaming != NULL && g_str_has_prefix (streaming, "wss://"))
    self->streaming = g_strconcat ("https", streaming + strlen ("wss"), NULL);
  else if (streaming != NULL && g_str_has_prefix (streaming, "ws://") && !secure)
    self->streaming = g_strconcat ("http", streaming + strlen ("ws"), NULL);
  else
    self->streaming = g_strdup (self->server);
  open_all (self);
}

static void
open_feed (PostsFeed *feed)
{
  PostsMastodon *self = POSTS_MASTODON (feed);
  SoupMessage *message = NULL;

  if (self->streaming != NULL) {
    open_all (self);
    return;
  }
  message = _posts_feed_make_message (feed, "GET", self->server, "/api/v2/instance", FALSE);
  if (message != NULL) {
    _posts_feed_fetch (feed, message, instance_cb, NULL);
  } else {
    g_autoptr (GError) error = g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED,
                                            "“%s” is no address of a server", self->server);

    _posts_feed_refuse (feed, error);
  }
}

static void
set_token (PostsNetwork *network, const char *token)
{
  PostsMastodon *self = POSTS_MASTODON (network);

  self->way = WAY_EVENTS;
  g_clear_error (&self->warning);
  parent_iface->set_token (network, token);
}

static void
watch (PostsNetwork *network, const char *const *post_ids)
{
  PostsMastodon *self = POSTS_MASTODON (network);
  g_autofree char *prefix = g_strdup_printf ("mastodon:%s:", self->host);
  g_autoptr (GStrvBuilder) ours = g_strv_builder_new ();
  guint n = 0;

  for (gsize i = 0; post_ids[i] != NULL && n < MAX_WATCHED; i++)
    if (g_str_has_prefix (post_ids[i], prefix)) {
      g_strv_builder_add (ours, post_ids[i]);
      n++;
    }
  g_strfreev (self->watched);
  self->watched = g_strv_builder_end (ours);
  self->next_check = MIN (self->next_check, n);
}

static void
network_init (PostsNetworkInterface *iface)
{
  parent_iface = g_type_interface_peek_parent (iface);
  iface->set_token = set_token;
  iface->watch = watch;
}

static void
posts_mastodon_class_init (PostsMastodonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_mastodon_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
  POSTS_FEED_CLASS (klass)->reset = reset;
  POSTS_FEED_CLASS (klass)->ask_account = _posts_mastodon_ask_account;
  POSTS_FEED_CLASS (klass)->judge_account = _posts_mastodon_judge_account;
}

static void
posts_mastodon_init (PostsMastodon *self)
{
  self->readers = g_ptr_array_new_with_free_func (reader_free);
  self->pages = g_ptr_array_new_with_free_func (_posts_mastodon_page_free);
  self->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * posts_mastodon_new:
 * @server: its address, such as `https://mastodon.social`
 * @tags: (array zero-terminated=1): the event's tags without `#`, at least one
 *
 * Returns: (transfer full): a network that has not been started
 */
PostsMastodon *
posts_mastodon_new (const char *server, const char *const *tags)
{
  g_return_val_if_fail (server != NULL, NULL);
  g_return_val_if_fail (tags != NULL && tags[0] != NULL, NULL);

  PostsMastodon *self = g_object_new (POSTS_TYPE_MASTODON, NULL);
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  self->server = g_strdup (server);
  self->host = g_strdup (host != NULL ? host : server);
  self->tags = g_strdupv ((char **) tags);
  g_autofree char *secret_id = g_strconcat ("mastodon:", self->host, NULL);
  _posts_feed_set_title (POSTS_FEED (self), self->host);
  _posts_feed_set_account (POSTS_FEED (self), FALSE, secret_id, server);
  return self;
}
