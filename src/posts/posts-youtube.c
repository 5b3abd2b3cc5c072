/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-feed-private.h"
#include "posts-news.h"
#include "posts-pages.h"
#include "posts-youtube-parser.h"
#include "posts-youtube.h"

#define SERVER      "https://youtube.googleapis.com"
#define VIDEO_PATH  "/youtube/v3/videos?part=liveStreamingDetails&id="
#define CHAT_PATH   "/youtube/v3/liveChat/messages"
#define KEY_HEADER  "X-Goog-Api-Key"
#define NOT_YET_MS  (60 * 1000) /* until a video that is not live is looked at again */
#define RATE_MS     (30 * 1000)
#define POLL_MS     (5 * 1000)   /* a day's quota is 2000 such questions */
#define SHORT_MS    (5 * 1000)   /* a stream that ends sooner costs too much */
#define SILENT_MS   (120 * 1000) /* a chat without a word is quiet, not broken */
#define DEAD_MS     (180 * 1000)
#define MAX_RESULTS "500"

static const guint steps_ms[] = { 1000, 2000, 5000, 10000, 30000, 60000 };

/**
 * PostsYoutube:
 *
 * The live chat of a video on YouTube; it needs a key of the YouTube Data API.
 *
 * The chat comes as a list that goes on; where there is none, it is asked for page by page, as often as
 * YouTube allows. Either goes on where it was after an outage. Main thread only.
 */
struct _PostsYoutube {
  PostsFeed parent_instance;
  char *server;
  char *video;
  char *chat_id;  /* nullable: until the video was asked for it */
  char *token;    /* nullable: of the next page */
  gboolean polls; /* there is no stream here */
  PostsPages *pages;
  PostsYoutubePage page; /* the latest one */
  gint64 opened_us;
  guint poll_id;
};

G_DEFINE_FINAL_TYPE (PostsYoutube, posts_youtube, POSTS_TYPE_FEED)

static void poll (PostsYoutube *self);

static void
reset (PostsFeed *feed)
{
  g_clear_handle_id (&POSTS_YOUTUBE (feed)->poll_id, g_source_remove);
}

static void
posts_youtube_finalize (GObject *object)
{
  PostsYoutube *self = POSTS_YOUTUBE (object);

  g_free (self->server);
  g_free (self->video);
  g_free (self->chat_id);
  g_free (self->token);
  g_clear_pointer (&self->pages, posts_pages_free);
  posts_youtube_page_clear (&self->page);
  G_OBJECT_CLASS (posts_youtube_parent_class)->finalize (object);
}

static void
lost (PostsYoutube *self, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, POSTS_ERROR_SOURCE, why);

  _posts_feed_retry_steps (POSTS_FEED (self), steps_ms, G_N_ELEMENTS (steps_ms), error);
}

static void
wait_for (PostsYoutube *self, guint wait_ms, PostsError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, (int) code, why);

  _posts_feed_retry (POSTS_FEED (self), wait_ms, error);
}

static void
stop_for (PostsYoutube *self, PostsError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (POSTS_ERROR, (int) code, why);

  _posts_feed_refuse (POSTS_FEED (self), error);
}

/* The chat is not where it was: the video is asked again. */
static void
forget_chat (PostsYoutube *self)
{
  g_clear_pointer (&self->chat_id, g_free);
  g_clear_pointer (&self->token, g_free);
}

static void
take_problem (PostsYoutube *self, PostsYoutubeProblem problem)
{
  switch (problem) {
  case POSTS_YOUTUBE_PROBLEM_NONE:
    break;
  case POSTS_YOUTUBE_PROBLEM_KEY:
    stop_for (self, POSTS_ERROR_TOKEN, "YouTube does not accept the key");
    break;
  case POSTS_YOUTUBE_PROBLEM_QUOTA:
    stop_for (self, POSTS_ERROR_QUOTA, "the key has asked as often as it may in a day");
    break;
  case POSTS_YOUTUBE_PROBLEM_RATE:
    wait_for (self, RATE_MS, POSTS_ERROR_BUSY, "YouTube has had too many requests");
    break;
  case POSTS_YOUTUBE_PROBLEM_ENDED:
    forget_chat (self);
    _posts_feed_end (POSTS_FEED (self));
    break;
  case POSTS_YOUTUBE_PROBLEM_DISABLED:
    stop_for (self, POSTS_ERROR_REFUSED, "the video has its chat switched off");
    break;
  case POSTS_YOUTUBE_PROBLEM_NO_CHAT:
    forget_chat (self);
    lost (self, "the video's chat is not there any more");
    break;
  case POSTS_YOUTUBE_PROBLEM_OTHER:
    lost (self, "YouTube has trouble");
    break;
  }
}

/* No answer, or one that is none. */
static void
take_refusal (PostsYoutube *self, SoupMessage *message, GBytes *body, const GError *error)
{
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL)
    lost (self, error->message);
  else
    take_problem (self, posts_youtube_read_problem (soup_message_get_status (message),
                                                    data != NULL ? data : "", length));
}

static void
page_cb (const char *data, gsize length, gpointer user_data)
{
  PostsYoutube *self = user_data;
  g_autoptr (GPtrArray) news = posts_news_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  self->page.n_malformed = 0;
  if (!posts_youtube_read_page (data, length, now, news, &self->page))
    self->page.n_malformed++;
  _posts_feed_count_malformed (POSTS_FEED (self), self->page.n_malformed);
  if (self->page.next_token != NULL) {
    g_free (self->token);
    self->token = g_steal_pointer (&self->page.next_token);
  }
  _posts_feed_take (POSTS_FEED (self), news);
}

/* The key goes in a header: an address is logged in too many places. */
static SoupMessage *
ask (PostsYoutube *self, const char *path)
{
  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, path, FALSE);

  if (message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), KEY_HEADER,
                                  _posts_feed_get_token (POSTS_FEED (self)));
  return message;
}

static SoupMessage *
ask_chat (PostsYoutube *self, const char *what)
{
  g_autofree char *chat = g_uri_escape_string (self->chat_id, NULL, FALSE);
  g_autofree char *token =
    self->token != NULL ? g_uri_escape_string (self->token, NULL, FALSE) : NULL;
  g_autofree char *path = g_strdup_printf (
    CHAT_PATH "%s?liveChatId=%s&part=id,snippet,authorDetails&maxResults=" MAX_RESULTS "%s%s", what,
    chat, token != NULL ? "&pageToken=" : "", token != NULL ? token : "");

  self->page.problem = POSTS_YOUTUBE_PROBLEM_NONE;
  self->page.wait_ms = 0;
  return ask (self, path);
}

static gboolean
poll_cb (gpointer user_data)
{
  PostsYoutube *self = user_data;

  self->poll_id = 0;
  poll (self);
  return G_SOURCE_REMOVE;
}

static void
polled_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
           gpointer user_data)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL || soup_message_get_status (message) != 200) {
    take_refusal (self, message, body, error);
    return;
  }
  _posts_feed_live (feed);
  page_cb (data != NULL ? data : "", length, self);
  if (self->page.problem != POSTS_YOUTUBE_PROBLEM_NONE)
    take_problem (self, self->page.problem);
  else
    self->poll_id =
      g_timeout_add (_posts_feed_pace (feed, MAX (self->page.wait_ms, POLL_MS)), poll_cb, self);
}

static void
poll (PostsYoutube *self)
{
  _posts_feed_fetch (POSTS_FEED (self), ask_chat (self, ""), polled_cb, NULL);
}

static void
opened_cb (PostsFeed *feed, SoupMessage *message, gpointer user_data)
{
  _posts_feed_live (feed);
}

static void
bytes_cb (PostsFeed *feed, const char *data, gsize length, gpointer user_data)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  const guint n_dropped = posts_pages_get_n_dropped (self->pages);

  posts_pages_push (self->pages, data, length, page_cb, self);
  _posts_feed_count_malformed (feed, posts_pages_get_n_dropped (self->pages) - n_dropped);
  take_problem (self, self->page.problem);
}

/* Such a list ends after a while, and goes on in another one. */
static void
ended_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
          gpointer user_data)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  const gint64 lasted_ms = (g_get_monotonic_time () - self->opened_us) / 1000;
  const guint status = error == NULL ? soup_message_get_status (message) : 0;
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (status == 404 && posts_youtube_read_problem (404, data != NULL ? data : "", length) ==
                         POSTS_YOUTUBE_PROBLEM_OTHER) {
    self->polls = TRUE;
    _posts_feed_reopen (feed);
  } else if (error != NULL || body != NULL) {
    take_refusal (self, message, body, error);
  } else if (lasted_ms >= _posts_feed_pace (feed, SHORT_MS)) {
    _posts_feed_reopen (feed);
  } else {
    wait_for (self, SHORT_MS, POSTS_ERROR_SOURCE, "YouTube ended the chat's list at once");
  }
}

static void
open_chat (PostsYoutube *self)
{
  _posts_feed_set_way (POSTS_FEED (self), self->polls ? "polling" : "stream");
  if (self->polls) {
    _posts_feed_set_limits (POSTS_FEED (self), 0, 0);
    poll (self);
    return;
  }
  g_clear_pointer (&self->pages, posts_pages_free);
  self->pages = posts_pages_new ();
  self->opened_us = g_get_monotonic_time ();
  _posts_feed_set_limits (POSTS_FEED (self), SILENT_MS, DEAD_MS);
  _posts_feed_stream (POSTS_FEED (self), ask_chat (self, "/stream"), opened_cb, bytes_cb, ended_cb,
                      NULL);
}

static void
video_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
          gpointer user_data)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  gboolean is_there = FALSE;

  if (error != NULL || soup_message_get_status (message) != 200) {
    take_refusal (self, message, body, error);
    return;
  }
  forget_chat (self);
  if (!posts_youtube_read_video (data != NULL ? data : "", length, &is_there, &self->chat_id))
    lost (self, "YouTube's answer is none");
  else if (!is_there)
    stop_for (self, POSTS_ERROR_REFUSED, "there is no such video");
  else if (self->chat_id == NULL)
    wait_for (self, NOT_YET_MS, POSTS_ERROR_BUSY, "the video has no live chat now");
  else
    open_chat (self);
}

static void
open_feed (PostsFeed *feed)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  g_autofree char *video = g_uri_escape_string (self->video, NULL, FALSE);
  g_autofree char *path = g_strconcat (VIDEO_PATH, video, NULL);
  SoupMessage *message = NULL;

  if (_posts_feed_get_token (feed) == NULL) {
    stop_for (self, POSTS_ERROR_TOKEN, "YouTube needs a key");
    return;
  }
  if (self->chat_id != NULL) {
    open_chat (self);
    return;
  }
  message = ask (self, path);
  if (message != NULL)
    _posts_feed_fetch (feed, message, video_cb, NULL);
  else
    stop_for (self, POSTS_ERROR_REFUSED, "that is no address of a server");
}

static SoupMessage *
ask_account (PostsFeed *feed, const char *token)
{
  PostsYoutube *self = POSTS_YOUTUBE (feed);
  g_autofree char *video = g_uri_escape_string (self->video, NULL, FALSE);
  g_autofree char *path = g_strconcat (VIDEO_PATH, video, NULL);
  SoupMessage *message = _posts_feed_make_message (feed, "GET", self->server, path, FALSE);

  if (message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), KEY_HEADER, token);
  return message;
}

static gboolean
judge_account (PostsFeed *feed, guint status, const char *data, gsize length, GError **error)
{
  g_autofree char *chat_id = NULL;
  gboolean is_there = FALSE;
  PostsError code = POSTS_ERROR_SOURCE;

  if (status == 200 && posts_youtube_read_video (data, length, &is_there, &chat_id) && is_there)
    return TRUE;
  switch (posts_youtube_read_problem (status, data, length)) {
  case POSTS_YOUTUBE_PROBLEM_KEY:
    code = POSTS_ERROR_TOKEN;
    break;
  case POSTS_YOUTUBE_PROBLEM_QUOTA:
    code = POSTS_ERROR_QUOTA;
    break;
  case POSTS_YOUTUBE_PROBLEM_RATE:
    code = POSTS_ERROR_BUSY;
    break;
  case POSTS_YOUTUBE_PROBLEM_NONE:
  case POSTS_YOUTUBE_PROBLEM_ENDED:
  case POSTS_YOUTUBE_PROBLEM_DISABLED:
  case POSTS_YOUTUBE_PROBLEM_NO_CHAT:
  case POSTS_YOUTUBE_PROBLEM_OTHER:
    break;
  }
  /* The key works, but there is no such video. */
  if (status == 200)
    code = POSTS_ERROR_REFUSED;
  g_set_error (error, POSTS_ERROR, (int) code, "YouTube answers %u", status);
  return FALSE;
}

static void
posts_youtube_class_init (PostsYoutubeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_youtube_finalize;
  POSTS_FEED_CLASS (klass)->open = open_feed;
  POSTS_FEED_CLASS (klass)->reset = reset;
  POSTS_FEED_CLASS (klass)->ask_account = ask_account;
  POSTS_FEED_CLASS (klass)->judge_account = judge_account;
}

static void
posts_youtube_init (PostsYoutube *self)
{
}

/**
 * posts_youtube_new:
 * @server: (nullable): its address, `https://…`; `NULL` for YouTube's own
 * @video: the id of the video, as it stands in its address
 *
 * Returns: (transfer full): a network that has not been started; it needs a key
 */
PostsYoutube *
posts_youtube_new (const char *server, const char *video)
{
  g_return_val_if_fail (video != NULL, NULL);

  PostsYoutube *self = g_object_new (POSTS_TYPE_YOUTUBE, NULL);

  self->server = g_strdup (server != NULL ? server : SERVER);
  self->video = g_strdup (video);
  _posts_feed_set_title (POSTS_FEED (self), "YouTube");
  _posts_feed_set_account (POSTS_FEED (self), TRUE, "youtube", self->server);
  return self;
}
