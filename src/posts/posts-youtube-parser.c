/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-youtube-parser.h"

#define MAX_ID_BYTES    256
#define MAX_TOKEN_BYTES 2048
#define MAX_ITEMS       2000
#define MAX_WAIT_MS     (5 * 60 * 1000)

/* Ids and tokens go into addresses and keys: only what is printed in one piece. */
static gboolean
is_plain (const char *text, gsize max_bytes)
{
  if (text == NULL || *text == '\0' || strlen (text) > max_bytes)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;
  return TRUE;
}

static char *
make_id (const char *id)
{
  return g_strconcat ("youtube:", id, NULL);
}

/* What someone wrote; a thank-you that cost money may have no words. */
static const char *
find_text (JsonObject *snippet, const char *type)
{
  static const struct {
    const char *type;
    const char *details;
    const char *member;
  } texts[] = {
    { "textMessageEvent", "textMessageDetails", "messageText" },
    { "superChatEvent", "superChatDetails", "userComment" },
    { "memberMilestoneChatEvent", "memberMilestoneChatDetails", "userComment" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (type, texts[i].type))
      return posts_json_string (posts_json_object (snippet, texts[i].details), texts[i].member);
  return NULL;
}

static PostsPost *
read_message (JsonObject *item, JsonObject *snippet, const char *text, GDateTime *received)
{
  JsonObject *author = posts_json_object (item, "authorDetails");
  const char *name = posts_json_string (author, "displayName");
  const char *channel = posts_json_string (author, "channelId");
  g_autofree char *id = make_id (posts_json_string (item, "id"));
  g_autofree char *author_id = NULL;
  g_autoptr (GDateTime) claimed = posts_json_date (snippet, "publishedAt");
  g_autoptr (GDateTime) created = posts_news_clamp_time (claimed, received);

  if (channel == NULL)
    channel = posts_json_string (snippet, "authorChannelId");
  if (!is_plain (channel, MAX_ID_BYTES) || name == NULL || *name == '\0')
    return NULL;
  author_id = make_id (channel);
  const PostsPostFields fields = {
    .id = id,
    .network = POSTS_NETWORK_KIND_YOUTUBE,
    .author_id = author_id,
    .author_name = name,
    /* Newer channels are called by their handle. */
    .author_handle = *name == '@' ? name : NULL,
    .avatar_url = posts_json_string (author, "profileImageUrl"),
    .n_followers = -1,
    .text = text,
    .created = created,
  };
  return posts_post_new (&fields);
}

static gboolean
take_gone (const char *id, GPtrArray *news)
{
  if (!is_plain (id, MAX_ID_BYTES))
    return FALSE;
  posts_news_add_gone (news, make_id (id));
  return TRUE;
}

static gboolean
take_banned (JsonObject *snippet, GPtrArray *news)
{
  JsonObject *details = posts_json_object (snippet, "userBannedDetails");
  const char *channel =
    posts_json_string (posts_json_object (details, "bannedUserDetails"), "channelId");

  if (!is_plain (channel, MAX_ID_BYTES))
    return FALSE;
  posts_news_add_gone_author (news, make_id (channel));
  return TRUE;
}

/* Returns: whether it could be understood; one that is not known can */
static gboolean
read_item (JsonObject *item, GDateTime *received, GPtrArray *news, PostsYoutubePage *page)
{
  JsonObject *snippet = posts_json_object (item, "snippet");
  const char *type = posts_json_string (snippet, "type");
  const char *text = type != NULL ? find_text (snippet, type) : NULL;
  PostsPost *post = NULL;

  if (type == NULL || !is_plain (posts_json_string (item, "id"), MAX_ID_BYTES))
    return FALSE;
  if (g_str_equal (type, "messageDeletedEvent"))
    return take_gone (posts_json_string (posts_json_object (snippet, "messageDeletedDetails"),
                                         "deletedMessageId"),
                      news);
  if (g_str_equal (type, "messageRetractedEvent"))
    return take_gone (posts_json_string (posts_json_object (snippet, "messageRetractedDetails"),
                                         "retractedMessageId"),
                      news);
  if (g_str_equal (type, "tombstone"))
    return take_gone (posts_json_string (item, "id"), news);
  if (g_str_equal (type, "userBannedEvent"))
    return take_banned (snippet, news);
  if (g_str_equal (type, "chatEndedEvent"))
    page->problem = POSTS_YOUTUBE_PROBLEM_ENDED;
  if (text == NULL || *text == '\0')
    return !g_str_equal (type, "textMessageEvent");
  post = read_message (item, snippet, text, received);
  if (post != NULL)
    posts_news_add_post (news, post);
  return post != NULL;
}

static PostsYoutubeProblem
to_problem (guint status, const char *reason)
{
  static const struct {
    const char *reason;
    PostsYoutubeProblem problem;
  } known[] = {
    { "liveChatEnded", POSTS_YOUTUBE_PROBLEM_ENDED },
    { "liveChatDisabled", POSTS_YOUTUBE_PROBLEM_DISABLED },
    { "liveChatNotFound", POSTS_YOUTUBE_PROBLEM_NO_CHAT },
    { "quotaExceeded", POSTS_YOUTUBE_PROBLEM_QUOTA },
    { "dailyLimitExceeded", POSTS_YOUTUBE_PROBLEM_QUOTA },
    { "rateLimitExceeded", POSTS_YOUTUBE_PROBLEM_RATE },
    { "userRateLimitExceeded", POSTS_YOUTUBE_PROBLEM_RATE },
    { "pageTokenInvalid", POSTS_YOUTUBE_PROBLEM_NO_CHAT },
  };

  for (gsize i = 0; reason != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (reason, known[i].reason))
      return known[i].problem;
  if (status == 429)
    return POSTS_YOUTUBE_PROBLEM_RATE;
  /* A wrong key is a bad request here. */
  if (status == 400 || status == 401 || status == 403)
    return POSTS_YOUTUBE_PROBLEM_KEY;
  return POSTS_YOUTUBE_PROBLEM_OTHER;
}

static PostsYoutubeProblem
read_error (guint status, JsonObject *error)
{
  JsonObject *first = posts_json_object_at (posts_json_array (error, "errors"), 0);
  const gint64 code = posts_json_int (error, "code", 0);

  return to_problem (code > 0 && code < 1000 ? (guint) code : status,
                     posts_json_string (first, "reason"));
}

/**
 * posts_youtube_read_page:
 * @data: a page of a chat, any bytes
 * @length: how many
 * @received: when it came
 * @news: (inout): gets what it says, oldest first
 * @page: (inout): gets the rest
 *
 * Returns: whether it is a page, or says why there is none
 */
gboolean
posts_youtube_read_page (const char *data, gsize length, GDateTime *received, GPtrArray *news,
                         PostsYoutubePage *page)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);
  JsonArray *items = posts_json_array (answer, "items");
  const char *token = posts_json_string (answer, "nextPageToken");

  if (posts_json_object (answer, "error") != NULL) {
    page->problem = read_error (0, posts_json_object (answer, "error"));
    return TRUE;
  }
  if (answer == NULL || (items == NULL && token == NULL))
    return FALSE;
  for (guint i = 0; i < MIN (posts_json_length (items), MAX_ITEMS); i++)
    if (!read_item (posts_json_object_at (items, i), received, news, page))
      page->n_malformed++;
  if (is_plain (token, MAX_TOKEN_BYTES)) {
    g_free (page->next_token);
    page->next_token = g_strdup (token);
  }
  page->wait_ms =
    (guint) CLAMP (posts_json_int (answer, "pollingIntervalMillis", 0), 0, MAX_WAIT_MS);
  if (posts_json_string (answer, "offlineAt") != NULL)
    page->problem = POSTS_YOUTUBE_PROBLEM_ENDED;
  return TRUE;
}

/**
 * posts_youtube_read_problem:
 * @status: of HTTP
 * @data: the answer, any bytes
 * @length: how many
 *
 * Returns: why it refuses, as far as it can be told
 */
PostsYoutubeProblem
posts_youtube_read_problem (guint status, const char *data, gsize length)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);

  return read_error (status, posts_json_object (answer, "error"));
}

/**
 * posts_youtube_read_video:
 * @data: what YouTube says of a video, any bytes
 * @length: how many
 * @is_there: (out): whether there is that video
 * @chat_id: (out) (nullable): its chat, if it is live and has one
 *
 * Returns: whether it is such an answer
 */
gboolean
posts_youtube_read_video (const char *data, gsize length, gboolean *is_there, char **chat_id)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);
  JsonArray *items = posts_json_array (answer, "items");
  JsonObject *details = posts_json_object (posts_json_object_at (items, 0), "liveStreamingDetails");
  const char *id = posts_json_string (details, "activeLiveChatId");

  *is_there = posts_json_length (items) > 0;
  *chat_id = is_plain (id, MAX_TOKEN_BYTES) ? g_strdup (id) : NULL;
  return items != NULL;
}

void
posts_youtube_page_clear (PostsYoutubePage *page)
{
  g_clear_pointer (&page->next_token, g_free);
}
