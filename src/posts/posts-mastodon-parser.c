/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-html.h"
#include "posts-json.h"
#include "posts-mastodon-parser.h"

#define MAX_ID_BYTES 64
/* A post from afar may come with an id from before the newest one here: ids are milliseconds, shifted. */
#define OVERLAP_MS (10 * 60 * 1000)
#define ID_SHIFT   16

static gboolean
is_id (const char *id)
{
  if (id == NULL || *id == '\0' || strlen (id) > MAX_ID_BYTES)
    return FALSE;
  for (const char *p = id; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      return FALSE;
  return TRUE;
}

static char *
make_id (const char *host, const char *id)
{
  return g_strdup_printf ("mastodon:%s:%s", host, id);
}

/* Those of this server come without its name. */
static char *
make_address (const char *acct, const char *host)
{
  return strchr (acct, '@') != NULL ? g_strdup (acct) : g_strdup_printf ("%s@%s", acct, host);
}

static void
add_media (JsonObject *status, GPtrArray *media)
{
  JsonArray *attachments = posts_json_array (status, "media_attachments");

  for (guint i = 0; i < posts_json_length (attachments); i++) {
    JsonObject *each = posts_json_object_at (attachments, i);
    const char *type = posts_json_string (each, "type");
    const char *url = posts_json_string (each, "url");
    const char *preview = posts_json_string (each, "preview_url");
    const gboolean is_photo = g_strcmp0 (type, "image") == 0;
    const gboolean is_video = g_strcmp0 (type, "video") == 0 || g_strcmp0 (type, "gifv") == 0;
    PostsMedia *kept = NULL;

    if ((is_photo && url != NULL) || (is_video && preview != NULL))
      kept = posts_media_new (is_video, preview != NULL ? preview : url, is_photo ? url : NULL,
                              posts_json_string (each, "description"));
    if (kept != NULL)
      g_ptr_array_add (media, kept);
  }
}

static char *
read_text (JsonObject *status, GPtrArray *links)
{
  const gboolean has_quote = posts_json_object (status, "quote") != NULL;
  g_autofree char *text =
    posts_html_to_text (posts_json_string (status, "content"),
                        has_quote ? POSTS_HTML_DROP_QUOTE : POSTS_HTML_PLAIN, links);
  JsonArray *options = posts_json_array (posts_json_object (status, "poll"), "options");
  GString *whole = g_string_new (text);

  for (guint i = 0; i < MIN (posts_json_length (options), 10); i++) {
    const char *title = posts_json_string (posts_json_object_at (options, i), "title");

    if (title != NULL)
      g_string_append_printf (whole, "\n\xE2\x80\xA2 %s", title);
  }
  return g_string_free (whole, FALSE);
}

static PostsTraits
read_traits (JsonObject *status, JsonObject *account)
{
  PostsTraits traits = POSTS_TRAIT_NONE;

  if (posts_json_flag (account, "bot"))
    traits |= POSTS_TRAIT_BOT;
  if (posts_json_flag (account, "limited"))
    traits |= POSTS_TRAIT_LABELLED;
  if (posts_json_flag (account, "suspended"))
    traits |= POSTS_TRAIT_WITHHELD;
  if (posts_json_string (status, "in_reply_to_id") != NULL)
    traits |= POSTS_TRAIT_REPLY;
  if (posts_json_string (status, "edited_at") != NULL)
    traits |= POSTS_TRAIT_EDITED;
  if (posts_json_object (status, "reblog") != NULL)
    traits |= POSTS_TRAIT_REPOST;
  return traits;
}

/* Only for everyone: what reaches us by mistake must not reach the screen. */
static gboolean
is_public (JsonObject *status)
{
  static const char *const few[] = { "private", "direct", "local", "list", "mutuals_only", NULL };
  const char *visibility = posts_json_string (status, "visibility");

  return visibility == NULL || !g_strv_contains (few, visibility);
}

/* The post that this one quotes, if its author agreed, or passes on. */
static JsonObject *
get_other (JsonObject *status)
{
  JsonObject *reblog = posts_json_object (status, "reblog");
  JsonObject *quote = posts_json_object (status, "quote");

  if (reblog != NULL)
    return reblog;
  return g_strcmp0 (posts_json_string (quote, "state"), "accepted") == 0
           ? posts_json_object (quote, "quoted_status")
           : NULL;
}

/**
 * posts_mastodon_read_status:
 * @status: any object
 * @host: the server that it came from
 * @received: when
 *
 * Returns: (transfer full) (nullable): the post; `NULL` if it is none, or not for everyone
 */
PostsPost *
posts_mastodon_read_status (JsonObject *status, const char *host, GDateTime *received)
{
  JsonObject *account = posts_json_object (status, "account");
  JsonObject *other = get_other (status);
  JsonObject *other_account = posts_json_object (other, "account");
  const char *id = posts_json_string (status, "id");
  const char *acct = posts_json_string (account, "acct");
  const char *other_acct = posts_json_string (other_account, "acct");
  const char *url = posts_json_string (status, "url");
  const char *warning = posts_json_string (status, "spoiler_text");

  if (!is_id (id) || acct == NULL || *acct == '\0' || !is_public (status))
    return NULL;

  g_autofree char *post_id = make_id (host, id);
  g_autofree char *address = make_address (acct, host);
  g_autofree char *handle = g_strconcat ("@", address, NULL);
  g_autofree char *author_id = g_strconcat ("mastodon:", address, NULL);
  g_autofree char *bio =
    posts_html_to_text (posts_json_string (account, "note"), POSTS_HTML_PLAIN, NULL);
  g_autoptr (GDateTime) born = posts_json_date (account, "created_at");
  g_autoptr (GDateTime) claimed = posts_json_date (status, "created_at");
  g_autoptr (GDateTime) created = posts_news_clamp_time (claimed, received);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);
  g_autofree char *text = read_text (status, links);
  g_autofree char *other_text = other != NULL ? read_text (other, NULL) : NULL;
  g_autofree char *other_address = other_acct != NULL ? make_address (other_acct, host) : NULL;
  g_autofree char *other_handle =
    other_address != NULL ? g_strconcat ("@", other_address, NULL) : NULL;

  add_media (status, media);
  const PostsPostFields fields = {
    .id = post_id,
    .network = POSTS_NETWORK_KIND_MASTODON,
    .uri = posts_json_string (status, "uri"),
    .author_id = author_id,
    .author_name = posts_json_string (account, "display_name"),
    .author_handle = handle,
    .avatar_url = posts_json_string (account, "avatar_static"),
    .author_created = born,
    .author_bio = bio,
    .n_followers = MAX (posts_json_int (account, "followers_count", -1), -1),
    .n_author_posts = posts_json_int (account, "statuses_count", 0),
    .text = text,
    .warning = warning,
    .url = url != NULL ? url : posts_json_string (status, "uri"),
    .language = posts_json_string (status, "language"),
    .sensitive = posts_json_flag (status, "sensitive"),
    .created = created,
    .traits = read_traits (status, account),
    .links = links,
    .media = media,
    .quote_id = posts_json_string (other, "id"),
    .quote_author = other_handle,
    .quote_text = other_text,
  };
  return posts_post_new (&fields);
}

static gboolean
read_post (const char *data, gsize length, const char *host, GDateTime *received, GPtrArray *news)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *status = posts_json_parse_object (data, length, &root, NULL);
  PostsPost *post = status != NULL ? posts_mastodon_read_status (status, host, received) : NULL;

  if (post != NULL)
    posts_news_add_post (news, post);
  /* A post for few is no mistake, only not for us. */
  return post != NULL || (status != NULL && !is_public (status));
}

/**
 * posts_mastodon_read_event:
 * @event: its name
 * @data: its payload, any bytes, followed by a NUL
 * @length: without that NUL
 * @host: the server that it came from
 * @received: when
 * @news: (inout): gets what it says, perhaps nothing
 *
 * Returns: whether it could be understood; one that is not known can
 */
gboolean
posts_mastodon_read_event (const char *event, const char *data, gsize length, const char *host,
                           GDateTime *received, GPtrArray *news)
{
  if (g_str_equal (event, "update") || g_str_equal (event, "status.update"))
    return read_post (data, length, host, received, news);
  if (!g_str_equal (event, "delete"))
    return TRUE;
  if (strlen (data) != length || !is_id (data))
    return FALSE;
  posts_news_add_gone (news, make_id (host, data));
  return TRUE;
}

/**
 * posts_mastodon_read_frame:
 * @data: a text message of a WebSocket, any bytes
 * @length: how many
 * @host: the server that it came from
 * @received: when
 * @news: (inout): gets what it says, perhaps nothing
 * @error: return location for what the server complains about
 *
 * Fails with `POSTS_ERROR_PARSE` if it cannot be understood, with `POSTS_ERROR_TOKEN` or
 * `POSTS_ERROR_SOURCE` if the server refuses something.
 *
 * Returns: whether it could be understood and is no complaint
 */
gboolean
posts_mastodon_read_frame (const char *data, gsize length, const char *host, GDateTime *received,
                           GPtrArray *news, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *frame = posts_json_parse_object (data, length, &root, error);
  const char *event = posts_json_string (frame, "event");
  const char *payload = posts_json_string (frame, "payload");
  const char *complaint = posts_json_string (frame, "error");
  const gint64 status = posts_json_int (frame, "status", 400);

  if (frame == NULL)
    return FALSE;
  if (complaint != NULL) {
    g_set_error (error, POSTS_ERROR,
                 status == 401 || status == 403 ? POSTS_ERROR_TOKEN : POSTS_ERROR_SOURCE, "%s",
                 complaint);
    return FALSE;
  }
  if (event == NULL || payload == NULL)
    return TRUE;
  if (posts_mastodon_read_event (event, payload, strlen (payload), host, received, news))
    return TRUE;
  g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "the payload is no post");
  return FALSE;
}

/**
 * posts_mastodon_read_timeline:
 * @data: the answer, any bytes
 * @length: how many
 * @host: the server that it came from
 * @received: when
 * @news: (inout): gets its posts, oldest first
 * @newest_id: (inout) (nullable): the newest id of all, so far
 * @n_malformed: (inout): counts what is no post
 *
 * Returns: whether it is a list at all
 */
gboolean
posts_mastodon_read_timeline (const char *data, gsize length, const char *host, GDateTime *received,
                              GPtrArray *news, char **newest_id, guint *n_malformed)
{
  g_autoptr (JsonNode) root = posts_json_parse (data, length, NULL);

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return FALSE;
  JsonArray *array = json_node_get_array (root);
  for (guint i = posts_json_length (array); i > 0; i--) {
    JsonObject *status = posts_json_object_at (array, i - 1);
    PostsPost *post = posts_mastodon_read_status (status, host, received);
    const char *id = posts_json_string (status, "id");

    if (post == NULL) {
      (*n_malformed)++;
      continue;
    }
    if (*newest_id == NULL || posts_mastodon_compare_ids (id, *newest_id) > 0) {
      g_free (*newest_id);
      *newest_id = g_strdup (id);
    }
    posts_news_add_post (news, post);
  }
  return TRUE;
}

static gboolean
is_number (const char *id)
{
  return id[strspn (id, "0123456789")] == '\0';
}

/**
 * posts_mastodon_compare_ids:
 * @a: an id
 * @b: an id of the same server
 *
 * Numbers by their value, however long; others, which are sorted texts, by their bytes.
 *
 * Returns: less than, equal to or greater than zero
 */
int
posts_mastodon_compare_ids (const char *a, const char *b)
{
  if (is_number (a) && is_number (b) && strlen (a) != strlen (b))
    return strlen (a) < strlen (b) ? -1 : 1;
  return strcmp (a, b);
}

/**
 * posts_mastodon_make_cursor:
 * @id: the newest id seen
 *
 * Returns: (transfer full): the id to ask from, which leaves time for posts from afar
 */
char *
posts_mastodon_make_cursor (const char *id)
{
  const guint64 overlap = (guint64) OVERLAP_MS << ID_SHIFT;
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (id, 10, 0, G_MAXUINT64, &number, NULL) || number <= overlap)
    return g_strdup (id);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, number - overlap);
}
