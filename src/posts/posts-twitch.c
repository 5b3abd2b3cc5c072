/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-feed-private.h"
#include "posts-news.h"
#include "posts-twitch-parser.h"
#include "posts-twitch.h"

#define SERVER     "wss://irc-ws.chat.twitch.tv"
#define JOIN_MS    (20 * 1000)
#define PING_MS    (30 * 1000)
#define SILENT_MS  (45 * 1000)
#define DEAD_MS    (75 * 1000)
#define MAX_RECENT 2000

static const guint steps_ms[] = { 1000, 2000, 5000, 10000, 30000, 60000 };

/**
 * PostsTwitch:
 *
 * The chat of a channel on Twitch, read as anyone may, without an account.
 *
 * It is IRC over a WebSocket, which tells nothing of the time before it was joined: what was written in
 * an outage is lost. Main thread only.
 */
struct _PostsTwitch {
  PostsFeed parent_instance;
  char *server;
  char *channel;
  GQueue *recent; /* of char*: ids, so that all can go when the chat is cleared */
  GStrv watched;  /* nullable: what people see of it, however old */
  guint join_id;
  guint ping_id;
};

static void network_init (PostsNetworkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PostsTwitch, posts_twitch, POSTS_TYPE_FEED,
                               G_IMPLEMENT_INTERFACE (POSTS_TYPE_NETWORK, network_init))

static void
reset (PostsFeed *feed)
{
  PostsTwitch *self = POSTS_TWITCH (feed);

  g_clear_handle_id (&self->join_id, g_source_remove);
  g_clear_handle_id (&self->ping_id, g_source_remove);
}

static void
posts_twitch_finalize (GObject *object)
{
  PostsTwitch *self = POSTS_TWITCH (object);

  g_free (self->server);
  g_free (self->channel);
  g_queue_free_full (self->recent, g_free);
  g_strfreev (self->watched);
  G_OBJECT_CLASS (posts_twitch_parent_class)->finalize (object);
}

static void
lost (PostsTwitch *self, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, POSTS_ERROR_SOURCE, why);

  _posts_feed_retry_steps (POSTS_FEED (self), steps_ms, G_N_ELEMENTS (steps_ms), error);
}

static void
refuse (PostsTwitch *self, const char *why)
{
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED, "Twitch does not let us in: %.200s", why);

  _posts_feed_refuse (POSTS_FEED (self), error);
}

/* A channel that is not there is not answered at all. */
static gboolean
not_joined_cb (gpointer user_data)
{
  PostsTwitch *self = user_data;

  self->join_id = 0;
  lost (self, "the channel does not answer: perhaps it is called otherwise");
  return G_SOURCE_REMOVE;
}

/* Twitch asks every five minutes whether we are there: too rarely to notice a dead line. */
static gboolean
ping_cb (gpointer user_data)
{
  _posts_feed_send (user_data, "PING :regie\r\n");
  return G_SOURCE_CONTINUE;
}

static void
take_post (PostsTwitch *self, PostsPost *post)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  if (!_posts_feed_knows (POSTS_FEED (self), posts_post_get_id (post))) {
    g_queue_push_tail (self->recent, g_strdup (posts_post_get_id (post)));
    if (g_queue_get_length (self->recent) > MAX_RECENT)
      g_free (g_queue_pop_head (self->recent));
  }
  posts_news_add_post (news, g_object_ref (post));
  _posts_feed_take (POSTS_FEED (self), news);
}

static void
take_all_gone (PostsTwitch *self)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  while (!g_queue_is_empty (self->recent))
    posts_news_add_gone (news, g_queue_pop_head (self->recent));
  for (gsize i = 0; self->watched != NULL && self->watched[i] != NULL; i++)
    posts_news_add_gone (news, g_strdup (self->watched[i]));
  _posts_feed_take (POSTS_FEED (self), news);
}

static void
take_gone (PostsTwitch *self, PostsTwitchLine *line)
{
  g_autoptr (GPtrArray) news = posts_news_new ();

  if (line->kind == POSTS_TWITCH_GONE)
    posts_news_add_gone (news, g_steal_pointer (&line->text));
  else
    posts_news_add_gone_author (news, g_steal_pointer (&line->text));
  _posts_feed_take (POSTS_FEED (self), news);
}

/* Returns: whether the connection stays */
static gboolean
take_line (PostsTwitch *self, const char *data, gsize length, GDateTime *now)
{
  g_auto (PostsTwitchLine) line = { 0 };
  g_autofree char *pong = NULL;

  if (!posts_twitch_read_line (data, length, self->channel, now, &line))
    _posts_feed_count_malformed (POSTS_FEED (self), 1);
  switch (line.kind) {
  case POSTS_TWITCH_POST:
    take_post (self, line.post);
    break;
  case POSTS_TWITCH_GONE:
  case POSTS_TWITCH_AUTHOR_GONE:
    take_gone (self, &line);
    break;
  case POSTS_TWITCH_ALL_GONE:
    take_all_gone (self);
    break;
  case POSTS_TWITCH_PING:
    pong = g_strdup_printf ("PONG :%.200s\r\n", line.text != NULL ? line.text : "");
    if (g_utf8_validate (pong, -1, NULL))
      _posts_feed_send (POSTS_FEED (self), pong);
    break;
  case POSTS_TWITCH_JOINED:
    g_clear_handle_id (&self->join_id, g_source_remove);
    _posts_feed_live (POSTS_FEED (self));
    break;
  case POSTS_TWITCH_RECONNECT:
    _posts_feed_reopen (POSTS_FEED (self));
    return FALSE;
  case POSTS_TWITCH_REFUSED:
    refuse (self, line.text);
    return FALSE;
  case POSTS_TWITCH_OTHER:
    break;
  }
  return TRUE;
}

static void
text_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsTwitch *self = POSTS_TWITCH (feed);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  while (length > 0) {
    const char *end = memchr (data, '\n', length);
    gsize n = end != NULL ? (gsize) (end - data) : length;
    const gsize whole = MIN (n + 1, length);

    while (n > 0 && data[n - 1] == '\r')
      n--;
    if (!take_line (self, data, n, now))
      return;
    data += whole;
    length -= whole;
  }
}

static void
opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  PostsTwitch *self = POSTS_TWITCH (feed);
  g_autofree char *join = g_strdup_printf ("JOIN #%s\r\n", self->channel);
  g_autofree char *nick =
    g_strdup_printf ("NICK justinfan%d\r\n", g_random_int_range (10000, 100000));

  _posts_feed_send (feed, "CAP REQ :twitch.tv/tags twitch.tv/commands\r\n");
  _posts_feed_send (feed, "PASS SCHMOOPIIE\r\n");
  _posts_feed_send (feed, nick);
  _posts_feed_send (feed, join);
  self->join_id = g_timeout_add (_posts_feed_pace (feed, JOIN_MS), not_joined_cb, self);
  self->ping_id = g_timeout_add (_posts_feed_pace (feed, PING_MS), ping_cb, self);
}

static void
ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *cause,
          gpointer user_data)
{
  PostsTwitch *self = POSTS_TWITCH (feed);
  const guint status = message != NULL ? soup_message_get_status (message) : 0;

  if (status >= 400 && status < 500 && status != 429)
    refuse (self, soup_message_get_reason_phrase (message));
  else
    lost (self, cause != NULL ? cause->message : "the server ended the chat");
}

static void
open_feed (PostsFeed *feed)
{
  PostsTwitch *self = POSTS_TWITCH (feed);
  SoupMessage *message = _posts_feed_make_message (feed, "GET", self->server, "/", FALSE);

  if (message == NULL) {
    refuse (self, "that is no address of a server");
    return;
  }
  _posts_feed_set_way (feed, "websocket");
  _posts_feed_set_limits (feed, SILENT_MS, DEAD_MS);
  _posts_feed_websocket (feed, message, NULL, opened_cb, text_cb, ended_cb);
}

static void
watch (PostsNetwork *network, const char *const *post_ids)
{
  PostsTwitch *self = POSTS_TWITCH (network);
  g_autoptr (GStrvBuilder) ours = g_strv_builder_new ();

  for (gsize i = 0; post_ids[i] != NULL; i++)
    if (g_str_has_prefix (post_ids[i], "twitch:"))
      g_strv_builder_add (ours, post_ids[i]);
  g_strfreev (self->watched);
  self->watched = g_strv_builder_end (ours);
}

static void
network_init (PostsNetworkInterface *iface)
{
  iface->watch = watch;
}

static void
posts_twitch_class_init (PostsTwitchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_twitch_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
  POSTS_FEED_CLASS (klass)->reset = reset;
}

static void
posts_twitch_init (PostsTwitch *self)
{
  self->recent = g_queue_new ();
}

/**
 * posts_twitch_new:
 * @server: (nullable): its address, `wss://…`; `NULL` for Twitch's own
 * @channel: the channel's name, as it stands in its address
 *
 * Returns: (transfer full): a network that has not been started
 */
PostsTwitch *
posts_twitch_new (const char *server, const char *channel)
{
  g_return_val_if_fail (channel != NULL, NULL);

  PostsTwitch *self = g_object_new (POSTS_TYPE_TWITCH, NULL);
  g_autofree char *title = g_strdup_printf ("Twitch %s", channel);

  self->server = g_strdup (server != NULL ? server : SERVER);
  self->channel = g_ascii_strdown (channel, -1);
  _posts_feed_set_title (POSTS_FEED (self), title);
  return self;
}
