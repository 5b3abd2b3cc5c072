/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-tags.h"
#include "posts-x-private.h"

/* The rules of the filtered stream: they stay on the server, and others may have theirs there. */

#define PREFIX         "regie:"
#define MAX_RULE_CHARS 512 /* what a search takes; the stream takes more */
#define RULES_PATH     "/2/tweets/search/stream/rules"
#define NOT_WANTED     " -is:retweet -is:nullcast"

/**
 * _posts_x_make_rules:
 * @tags: (array zero-terminated=1): tags without `#`
 *
 * Accents have to be the same in the stream: each tag is asked for without them too.
 *
 * Returns: (transfer full): as few rules as have room for all of them
 */
GStrv
_posts_x_make_rules (const char *const *tags)
{
  g_autoptr (GStrvBuilder) rules = g_strv_builder_new ();
  g_autoptr (GString) rule = g_string_new (NULL);

  for (gsize i = 0; tags[i] != NULL; i++) {
    g_autofree char *folded = posts_tags_fold (tags[i]);
    g_autofree char *lower = g_utf8_casefold (tags[i], -1);
    g_autofree char *term = g_str_equal (folded, lower) || *folded == '\0'
                              ? g_strdup_printf ("#%s", tags[i])
                              : g_strdup_printf ("#%s OR #%s", tags[i], folded);

    if (rule->len > 0 && rule->len + strlen (term) + 40 > MAX_RULE_CHARS) {
      g_autofree char *whole = g_strdup_printf ("(%s)" NOT_WANTED, rule->str);

      g_strv_builder_add (rules, whole);
      g_string_truncate (rule, 0);
    }
    g_string_append_printf (rule, "%s%s", rule->len > 0 ? " OR " : "", term);
  }
  g_autofree char *whole = g_strdup_printf ("(%s)" NOT_WANTED, rule->str);
  g_strv_builder_add (rules, whole);
  return g_strv_builder_end (rules);
}

static void
post_rules (PostsX *self, JsonBuilder *builder, PostsFeedAnswerFunc func)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "POST", self->server, RULES_PATH, TRUE);

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  _posts_feed_fetch (POSTS_FEED (self), message, func, NULL);
}

/* A rule that is there already is no trouble. */
static gboolean
is_only_duplicates (GBytes *body)
{
  g_autoptr (JsonNode) root = NULL;
  gsize length = 0;
  const char *data = g_bytes_get_data (body, &length);
  JsonObject *answer = data != NULL ? posts_json_parse_object (data, length, &root, NULL) : NULL;
  JsonArray *errors = posts_json_array (answer, "errors");

  for (guint i = 0; i < posts_json_length (errors); i++)
    if (g_strcmp0 (posts_json_string (posts_json_object_at (errors, i), "title"),
                   "DuplicateRule") != 0)
      return FALSE;
  return TRUE;
}

static void
added_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
          gpointer user_data)
{
  PostsX *self = POSTS_X (feed);
  const guint status = error == NULL ? soup_message_get_status (message) : 0;

  if (error == NULL && status < 400 && is_only_duplicates (body)) {
    _posts_x_connect (self);
  } else if (status == 400 || (status != 0 && status < 400)) {
    g_autoptr (GError) wrong =
      g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED, "X does not accept the rule for the tags");

    _posts_feed_refuse (feed, wrong);
  } else {
    _posts_x_refused (self, message, body, error);
  }
}

static void
add_missing (PostsX *self, JsonArray *there)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n = 0;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "add");
  json_builder_begin_array (builder);
  for (gsize i = 0; self->rules[i] != NULL; i++) {
    gboolean found = FALSE;

    for (guint j = 0; j < posts_json_length (there) && !found; j++)
      found = g_strcmp0 (posts_json_string (posts_json_object_at (there, j), "value"),
                         self->rules[i]) == 0;
    if (found)
      continue;
    g_autofree char *tag = g_strdup_printf (PREFIX "%" G_GSIZE_FORMAT, i + 1);
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "value");
    json_builder_add_string_value (builder, self->rules[i]);
    json_builder_set_member_name (builder, "tag");
    json_builder_add_string_value (builder, tag);
    json_builder_end_object (builder);
    n++;
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (n > 0)
    post_rules (self, builder, added_cb);
  else
    _posts_x_connect (self);
}

static void
deleted_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
            gpointer user_data)
{
  if (error != NULL || soup_message_get_status (message) >= 400)
    _posts_x_refused (POSTS_X (feed), message, body, error);
  else
    _posts_x_ask_rules (POSTS_X (feed)); /* what is missing is added now */
}

/* Those of ours that are not wanted any more; others' are left alone. */
static guint
add_former (PostsX *self, JsonArray *there, JsonBuilder *builder)
{
  guint n = 0;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "delete");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ids");
  json_builder_begin_array (builder);
  for (guint i = 0; i < posts_json_length (there); i++) {
    JsonObject *rule = posts_json_object_at (there, i);
    const char *tag = posts_json_string (rule, "tag");
    const char *value = posts_json_string (rule, "value");
    const char *id = posts_json_string (rule, "id");

    if (tag == NULL || id == NULL || value == NULL || !g_str_has_prefix (tag, PREFIX) ||
        g_strv_contains ((const char *const *) self->rules, value))
      continue;
    json_builder_add_string_value (builder, id);
    n++;
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return n;
}

static void
rules_cb (PostsFeed *feed, SoupMessage *message, GBytes *body, const GError *error,
          gpointer user_data)
{
  PostsX *self = POSTS_X (feed);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (error != NULL || soup_message_get_status (message) != 200) {
    _posts_x_refused (self, message, body, error);
    return;
  }
  JsonObject *answer = data != NULL ? posts_json_parse_object (data, length, &root, NULL) : NULL;
  JsonArray *there = posts_json_array (answer, "data");
  if (add_former (self, there, builder) > 0)
    post_rules (self, builder, deleted_cb);
  else
    add_missing (self, there);
}

/* Makes the rules on the server what they should be, then connects. */
void
_posts_x_ask_rules (PostsX *self)
{
  SoupMessage *message =
    _posts_feed_make_message (POSTS_FEED (self), "GET", self->server, RULES_PATH, TRUE);

  if (message != NULL) {
    _posts_feed_fetch (POSTS_FEED (self), message, rules_cb, NULL);
  } else {
    g_autoptr (GError) error = g_error_new (POSTS_ERROR, POSTS_ERROR_REFUSED,
                                            "“%s” is no address of a server", self->server);

    _posts_feed_refuse (POSTS_FEED (self), error);
  }
}

/* To ask for the rules costs nothing. */
SoupMessage *
_posts_x_ask_account (PostsFeed *feed, const char *token)
{
  return _posts_feed_make_test (feed, POSTS_X (feed)->server, RULES_PATH, token);
}

gboolean
_posts_x_judge_account (PostsFeed *feed, guint status, const char *data, gsize length,
                        GError **error)
{
  static const struct {
    PostsXProblem problem;
    PostsError code;
  } known[] = {
    { POSTS_X_PROBLEM_TOKEN, POSTS_ERROR_TOKEN },
    { POSTS_X_PROBLEM_PLAN, POSTS_ERROR_REFUSED },
    { POSTS_X_PROBLEM_CAP, POSTS_ERROR_QUOTA },
    { POSTS_X_PROBLEM_RATE, POSTS_ERROR_BUSY },
  };
  const PostsXProblem problem = posts_x_read_problem (status, data, length);
  PostsError code = POSTS_ERROR_SOURCE;

  if (status == 200)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].problem == problem)
      code = known[i].code;
  g_set_error (error, POSTS_ERROR, (int) code, "X answers %u", status);
  return FALSE;
}
