/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-html.h"
#include "posts-json.h"
#include "posts-owncast-parser.h"

#define MAX_ID_BYTES    128
#define MAX_TOKEN_BYTES 1024
#define MAX_ITEMS       1000

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

/* Ids are those of one server. */
static char *
make_id (const char *host, const char *id)
{
  return g_strdup_printf ("owncast:%s:%s", host, id);
}

static gboolean
is_hidden (JsonObject *message)
{
  return (json_object_has_member (message, "visible") && !posts_json_flag (message, "visible")) ||
         posts_json_string (message, "hiddenAt") != NULL;
}

static PostsPost *
read_chat (JsonObject *message, const char *host, GDateTime *received)
{
  JsonObject *user = posts_json_object (message, "user");
  const char *id = posts_json_string (message, "id");
  const char *user_id = posts_json_string (user, "id");
  const char *body = posts_json_string (message, "body");
  const char *name = posts_json_string (user, "displayName");
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDateTime) born = posts_json_date (user, "createdAt");
  g_autoptr (GDateTime) claimed = posts_json_date (message, "timestamp");
  g_autoptr (GDateTime) created = posts_news_clamp_time (claimed, received);
  g_autofree char *post_id = NULL;
  g_autofree char *author_id = NULL;
  g_autofree char *text = NULL;

  if (!is_plain (id, MAX_ID_BYTES) || !is_plain (user_id, MAX_ID_BYTES) || body == NULL ||
      name == NULL || *name == '\0')
    return NULL;
  post_id = make_id (host, id);
  author_id = make_id (host, user_id);
  text = posts_html_to_text (body, POSTS_HTML_PLAIN, links);
  const PostsPostFields fields = {
    .id = post_id,
    .network = POSTS_NETWORK_KIND_OWNCAST,
    .author_id = author_id,
    .author_name = name,
    .author_created = born,
    .n_followers = -1,
    .text = text,
    .created = created,
    .traits = posts_json_flag (user, "isBot") ? POSTS_TRAIT_BOT : POSTS_TRAIT_NONE,
    .links = links,
  };
  return posts_post_new (&fields);
}

/* What is shown again after it was hidden stays away: its words did not come along. */
static gboolean
read_visibility (JsonObject *message, const char *host, GPtrArray *news)
{
  JsonArray *ids = posts_json_array (message, "ids");

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (posts_json_length (ids), MAX_ITEMS); i++) {
    const char *id = posts_json_string_at (ids, i);

    if (is_plain (id, MAX_ID_BYTES) && !posts_json_flag (message, "visible"))
      posts_news_add_gone (news, make_id (host, id));
  }
  return TRUE;
}

static gboolean
read_message (JsonObject *message, const char *host, GDateTime *received, GPtrArray *news)
{
  const char *type = posts_json_string (message, "type");
  PostsPost *post = NULL;

  if (type == NULL)
    return FALSE;
  if (g_str_equal (type, "VISIBILITY-UPDATE"))
    return read_visibility (message, host, news);
  if (!g_str_equal (type, "CHAT") || is_hidden (message))
    return TRUE;
  post = read_chat (message, host, received);
  if (post != NULL)
    posts_news_add_post (news, post);
  return post != NULL;
}

static PostsOwncastProblem
to_problem (const char *type)
{
  if (g_strcmp0 (type, "ERROR_NEEDS_REGISTRATION") == 0)
    return POSTS_OWNCAST_PROBLEM_UNKNOWN;
  if (g_strcmp0 (type, "ERROR_MAX_CONNECTIONS_EXCEEDED") == 0)
    return POSTS_OWNCAST_PROBLEM_FULL;
  if (g_strcmp0 (type, "ERROR_USER_DISABLED") == 0)
    return POSTS_OWNCAST_PROBLEM_DISABLED;
  return POSTS_OWNCAST_PROBLEM_NONE;
}

/**
 * posts_owncast_read_frame:
 * @data: a text message of the chat, any bytes; perhaps several objects, one a line
 * @length: how many
 * @host: the server that it came from
 * @received: when
 * @news: (inout): gets what it says, perhaps nothing
 * @n_malformed: (inout): counts what could not be understood
 *
 * Returns: why the server does not want us, if it says so
 */
PostsOwncastProblem
posts_owncast_read_frame (const char *data, gsize length, const char *host, GDateTime *received,
                          GPtrArray *news, guint *n_malformed)
{
  PostsOwncastProblem problem = POSTS_OWNCAST_PROBLEM_NONE;

  while (length > 0) {
    const char *end = memchr (data, '\n', length);
    const gsize n = end != NULL ? (gsize) (end - data) : length;

    if (n > 0) {
      g_autoptr (JsonNode) root = NULL;
      JsonObject *message = posts_json_parse_object (data, n, &root, NULL);

      if (message == NULL || !read_message (message, host, received, news))
        (*n_malformed)++;
      if (problem == POSTS_OWNCAST_PROBLEM_NONE)
        problem = to_problem (posts_json_string (message, "type"));
    }
    data += MIN (n + 1, length);
    length -= MIN (n + 1, length);
  }
  return problem;
}

/**
 * posts_owncast_read_history:
 * @data: what was said before, any bytes
 * @length: how many
 * @host: the server that it came from
 * @received: when
 * @news: (inout): gets its posts, as they stand there
 * @n_malformed: (inout): counts what could not be understood
 *
 * Returns: whether it is a list at all
 */
gboolean
posts_owncast_read_history (const char *data, gsize length, const char *host, GDateTime *received,
                            GPtrArray *news, guint *n_malformed)
{
  g_autoptr (JsonNode) root = posts_json_parse (data, length, NULL);
  JsonArray *list = NULL;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return FALSE;
  list = json_node_get_array (root);
  for (guint i = 0; i < MIN (posts_json_length (list), MAX_ITEMS); i++) {
    JsonObject *message = posts_json_object_at (list, i);

    if (message == NULL || !read_message (message, host, received, news))
      (*n_malformed)++;
  }
  return TRUE;
}

/**
 * posts_owncast_read_token:
 * @data: the answer to a registration, any bytes
 * @length: how many
 *
 * Returns: (transfer full) (nullable): what lets us in
 */
char *
posts_owncast_read_token (const char *data, gsize length)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);
  const char *token = posts_json_string (answer, "accessToken");

  return is_plain (token, MAX_TOKEN_BYTES) ? g_strdup (token) : NULL;
}
