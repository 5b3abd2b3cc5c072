/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-x-parser.h"

#define MAX_ID_BYTES 25
#define MAX_AUTHORS  20000

/* What came along with the posts of one answer. */
typedef struct {
  JsonObject *includes;
  GHashTable *authors; /* nullable: id → JsonObject */
  GDateTime *received;
} Context;

static gboolean
is_id (const char *id)
{
  return id != NULL && *id != '\0' && strlen (id) <= MAX_ID_BYTES &&
         id[strspn (id, "0123456789")] == '\0';
}

static char *
make_id (const char *id)
{
  return g_strconcat ("x:", id, NULL);
}

/* The newest description names things after posts, the older one after tweets. */
static JsonArray *
get_either_array (JsonObject *object, const char *name, const char *former)
{
  JsonArray *array = posts_json_array (object, name);

  return array != NULL ? array : posts_json_array (object, former);
}

static JsonObject *
find (JsonArray *array, const char *key, const char *value)
{
  for (guint i = 0; value != NULL && i < posts_json_length (array); i++) {
    JsonObject *each = posts_json_object_at (array, i);

    if (g_strcmp0 (posts_json_string (each, key), value) == 0)
      return each;
  }
  return NULL;
}

static JsonObject *
find_user (const Context *context, JsonObject *post)
{
  const char *id = posts_json_string (post, "author_id");
  JsonObject *user = find (posts_json_array (context->includes, "users"), "id", id);

  if (user == NULL && id != NULL && context->authors != NULL)
    user = g_hash_table_lookup (context->authors, id);
  return user;
}

/* Who comes once need not come along with every post. */
static void
remember_users (const Context *context, PostsXPage *page)
{
  JsonArray *users = posts_json_array (context->includes, "users");

  if (context->authors == NULL) {
    page->n_users += posts_json_length (users);
    return;
  }
  if (g_hash_table_size (context->authors) > MAX_AUTHORS)
    g_hash_table_remove_all (context->authors);
  for (guint i = 0; i < posts_json_length (users); i++) {
    JsonObject *user = posts_json_object_at (users, i);

    /* Who came before on the same day is paid for already. */
    if (is_id (posts_json_string (user, "id")) &&
        g_hash_table_replace (context->authors, g_strdup (posts_json_string (user, "id")),
                              json_object_ref (user)))
      page->n_users++;
  }
}

static const char *
find_reference (JsonObject *post, const char *type)
{
  JsonArray *references = get_either_array (post, "referenced_posts", "referenced_tweets");

  return posts_json_string (find (references, "type", type), "id");
}

static JsonObject *
find_post (const Context *context, const char *id)
{
  return find (get_either_array (context->includes, "posts", "tweets"), "id", id);
}

/* The long text, if there is one, with the entities that belong to it. */
static const char *
get_text (JsonObject *post, JsonArray **urls)
{
  JsonObject *note = posts_json_object (post, "note_post");

  if (note == NULL)
    note = posts_json_object (post, "note_tweet");
  const char *text = posts_json_string (note, "text");
  JsonObject *whole = text != NULL ? note : post;

  *urls = posts_json_array (posts_json_object (whole, "entities"), "urls");
  return text != NULL ? text : posts_json_string (post, "text");
}

/* X escapes these three, once. */
static char *
unescape (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0';) {
    static const struct {
      const char *escaped;
      char c;
    } entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' } };
    gsize length = 0;

    for (gsize i = 0; *p == '&' && length == 0 && i < G_N_ELEMENTS (entities); i++)
      if (g_str_has_prefix (p, entities[i].escaped)) {
        g_string_append_c (plain, entities[i].c);
        length = strlen (entities[i].escaped);
      }
    if (length == 0) {
      g_string_append_c (plain, *p);
      length = 1;
    }
    p += length;
  }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/* A link to the photo or the quoted post that is shown anyway. */
static gboolean
is_own_link (JsonObject *url, const char *quoted_id)
{
  const char *display = posts_json_string (url, "display_url");
  const char *expanded = posts_json_string (url, "expanded_url");

  if (posts_json_string (url, "media_key") != NULL)
    return TRUE;
  if (display != NULL &&
      (g_str_has_prefix (display, "pic.x.com") || g_str_has_prefix (display, "pic.twitter.com")))
    return TRUE;
  return quoted_id != NULL && expanded != NULL && g_str_has_suffix (expanded, quoted_id) &&
         (g_str_has_prefix (expanded, "https://x.com/") ||
          g_str_has_prefix (expanded, "https://twitter.com/"));
}

/* Where the shortened link is. Its indices, which count characters, are checked. */
static const char *
locate (const char *text, JsonObject *url, const char *shortened)
{
  const gint64 start = posts_json_int (url, "start", -1);
  const glong n_chars = g_utf8_strlen (text, -1);

  if (start >= 0 && start <= n_chars) {
    const char *there = g_utf8_offset_to_pointer (text, (glong) start);

    if (g_str_has_prefix (there, shortened))
      return there;
  }
  return strstr (text, shortened);
}

static void
add_links (JsonArray *urls, const char *quoted_id, GPtrArray *links)
{
  for (guint i = 0; i < posts_json_length (urls); i++) {
    JsonObject *url = posts_json_object_at (urls, i);
    const char *expanded = posts_json_string (url, "expanded_url");
    const char *unwound = posts_json_string (url, "unwound_url");

    if (is_own_link (url, quoted_id))
      continue;
    if (expanded != NULL)
      g_ptr_array_add (links, (gpointer) expanded);
    if (unwound != NULL && g_strcmp0 (unwound, expanded) != 0)
      g_ptr_array_add (links, (gpointer) unwound);
  }
}

static char *
read_text (JsonObject *post, const char *quoted_id, GPtrArray *links)
{
  JsonArray *urls = NULL;
  const char *raw = get_text (post, &urls);
  g_autoptr (GString) text = g_string_new (raw);

  /* From the last one, so that the indices of those before stay right. */
  for (guint i = MIN (posts_json_length (urls), 100); i > 0; i--) {
    JsonObject *url = posts_json_object_at (urls, i - 1);
    const char *shortened = posts_json_string (url, "url");
    const char *display = posts_json_string (url, "display_url");
    const char *there =
      shortened != NULL && *shortened != '\0' ? locate (text->str, url, shortened) : NULL;

    if (there == NULL)
      continue;
    const gssize position = there - text->str;
    if (is_own_link (url, quoted_id))
      display = "";
    if (display == NULL)
      continue;
    g_string_erase (text, position, (gssize) strlen (shortened));
    g_string_insert (text, position, display);
  }
  if (links != NULL)
    add_links (urls, quoted_id, links);
  return unescape (text->str);
}

static void
add_media (const Context *context, JsonObject *post, GPtrArray *media)
{
  JsonArray *keys = posts_json_array (posts_json_object (post, "attachments"), "media_keys");
  JsonArray *all = posts_json_array (context->includes, "media");

  for (guint i = 0; i < MIN (posts_json_length (keys), 20); i++) {
    JsonObject *each = find (all, "media_key", posts_json_string_at (keys, i));
    const char *type = posts_json_string (each, "type");
    const gboolean is_photo = g_strcmp0 (type, "photo") == 0;
    const gboolean is_video =
      g_strcmp0 (type, "video") == 0 || g_strcmp0 (type, "animated_gif") == 0;
    const char *url = posts_json_string (each, is_photo ? "url" : "preview_image_url");
    PostsMedia *kept = NULL;

    if (is_photo || is_video)
      kept = posts_media_new (is_video, url, NULL, posts_json_string (each, "alt_text"));
    if (kept != NULL)
      g_ptr_array_add (media, kept);
  }
}

static PostsTraits
read_traits (JsonObject *post, JsonObject *user)
{
  JsonArray *history = get_either_array (post, "edit_history_post_ids", "edit_history_tweet_ids");
  PostsTraits traits = POSTS_TRAIT_NONE;

  if (user == NULL)
    traits |= POSTS_TRAIT_UNKNOWN_AUTHOR;
  if (find_reference (post, "replied_to") != NULL)
    traits |= POSTS_TRAIT_REPLY;
  if (find_reference (post, "retweeted") != NULL)
    traits |= POSTS_TRAIT_REPOST;
  if (posts_json_length (history) > 1)
    traits |= POSTS_TRAIT_EDITED;
  if (posts_json_object (post, "withheld") != NULL || posts_json_flag (user, "protected"))
    traits |= POSTS_TRAIT_WITHHELD;
  return traits;
}

static char *
make_url (const char *username, const char *id)
{
  return g_strdup_printf ("https://x.com/%s/status/%s", username != NULL ? username : "i", id);
}

static PostsPost *
read_post (const Context *context, JsonObject *post)
{
  JsonObject *user = find_user (context, post);
  JsonObject *metrics = posts_json_object (user, "public_metrics");
  const char *id = posts_json_string (post, "id");
  const char *username = posts_json_string (user, "username");
  const char *author = posts_json_string (post, "author_id");
  const char *reposted = find_reference (post, "retweeted");
  const char *other_id = reposted != NULL ? reposted : find_reference (post, "quoted");
  JsonObject *other = find_post (context, other_id);
  const char *other_name = posts_json_string (find_user (context, other), "username");

  if (!is_id (id) || posts_json_string (post, "text") == NULL)
    return NULL;

  g_autofree char *post_id = make_id (id);
  g_autofree char *author_id = g_strconcat ("x:", author != NULL ? author : "?", NULL);
  g_autofree char *handle = username != NULL ? g_strconcat ("@", username, NULL) : NULL;
  g_autofree char *other_handle = other_name != NULL ? g_strconcat ("@", other_name, NULL) : NULL;
  g_autofree char *url = make_url (username, id);
  g_autoptr (GDateTime) born = posts_json_date (user, "created_at");
  g_autoptr (GDateTime) claimed = posts_json_date (post, "created_at");
  g_autoptr (GDateTime) created = posts_news_clamp_time (claimed, context->received);
  g_autoptr (GPtrArray) links = g_ptr_array_new (); /* the strings belong to the object */
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);
  g_autofree char *text = read_text (post, other_id, links);
  g_autofree char *other_text = other != NULL ? read_text (other, NULL, NULL) : NULL;

  add_media (context, post, media);
  const PostsPostFields fields = {
    .id = post_id,
    .network = POSTS_NETWORK_KIND_X,
    .author_id = author_id,
    .author_name = posts_json_string (user, "name"),
    .author_handle = handle,
    .avatar_url = posts_json_string (user, "profile_image_url"),
    .author_created = born,
    .author_bio = posts_json_string (user, "description"),
    .n_followers = MAX (posts_json_int (metrics, "followers_count", -1), -1),
    .n_author_posts = posts_json_int (metrics, "tweet_count", 0),
    .text = text,
    .url = url,
    .language = posts_json_string (post, "lang"),
    .sensitive = posts_json_flag (post, "possibly_sensitive"),
    .created = created,
    .traits = read_traits (post, user),
    .links = links,
    .media = media,
    .quote_id = other_id,
    .quote_author = other_handle,
    .quote_text = other_text,
  };
  return posts_post_new (&fields);
}

/* An edited post is a new one: those before it go. */
static void
add_post (const Context *context, JsonObject *object, GPtrArray *news, PostsXPage *page)
{
  PostsPost *post = read_post (context, object);
  JsonArray *history = get_either_array (object, "edit_history_post_ids", "edit_history_tweet_ids");
  const char *id = posts_json_string (object, "id");

  if (post == NULL) {
    page->n_malformed++;
    return;
  }
  page->n_posts++;
  for (guint i = 0; i < MIN (posts_json_length (history), 10); i++) {
    const char *former = posts_json_string_at (history, i);

    if (is_id (former) && posts_x_compare_ids (former, id) < 0)
      posts_news_add_gone (news, make_id (former));
  }
  posts_news_add_post (news, post);
  if (page->newest_id == NULL || posts_x_compare_ids (id, page->newest_id) > 0) {
    g_free (page->newest_id);
    page->newest_id = g_strdup (id);
  }
}

/* What a look-up says of posts that are not there any more. */
static void
add_missing (JsonArray *errors, GPtrArray *news)
{
  for (guint i = 0; i < posts_json_length (errors); i++) {
    JsonObject *each = posts_json_object_at (errors, i);
    const char *type = posts_json_string (each, "type");
    const char *id = posts_json_string (each, "resource_id");
    const char *kind = posts_json_string (each, "resource_type");

    if (id == NULL)
      id = posts_json_string (each, "value");
    if (type != NULL && is_id (id) && (kind == NULL || !g_str_equal (kind, "user")) &&
        g_strcmp0 (posts_json_string (each, "parameter"), "ids") == 0 &&
        (g_str_has_suffix (type, "/resource-not-found") ||
         g_str_has_suffix (type, "/not-authorized-for-resource")))
      posts_news_add_gone (news, make_id (id));
  }
}

static PostsXProblem
find_problem (JsonObject *object)
{
  const char *issue = posts_json_string (object, "connection_issue");
  const char *title = posts_json_string (object, "title");
  const char *type = posts_json_string (object, "type");
  const char *last = type != NULL && strrchr (type, '/') != NULL ? strrchr (type, '/') + 1 : type;

  if (posts_json_string (object, "disconnect_type") != NULL ||
      g_strcmp0 (last, "operational-disconnect") == 0)
    return POSTS_X_PROBLEM_DISCONNECT;
  if (g_strcmp0 (issue, "TooManyConnections") == 0)
    return POSTS_X_PROBLEM_CONNECTIONS;
  if (g_strcmp0 (issue, "RuleConfigurationIssue") == 0)
    return POSTS_X_PROBLEM_RULES;
  if (g_strcmp0 (title, "UsageCapExceeded") == 0 || g_strcmp0 (last, "usage-capped") == 0)
    return POSTS_X_PROBLEM_CAP;
  if (g_strcmp0 (last, "client-forbidden") == 0 || g_strcmp0 (last, "client-not-enrolled") == 0)
    return POSTS_X_PROBLEM_PLAN;
  if (g_strcmp0 (last, "streaming-connection") == 0)
    return POSTS_X_PROBLEM_CONNECTIONS;
  return POSTS_X_PROBLEM_NONE;
}

/**
 * posts_x_read_problem:
 * @status: of the answer; 200 in a stream
 * @data: its body, any bytes
 * @length: how many
 *
 * Returns: what is wrong
 */
PostsXProblem
posts_x_read_problem (guint status, const char *data, gsize length)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *body = posts_json_parse_object (data, length, &root, NULL);
  PostsXProblem problem = find_problem (body);

  if (problem == POSTS_X_PROBLEM_NONE)
    problem = find_problem (posts_json_object_at (posts_json_array (body, "errors"), 0));
  if (problem != POSTS_X_PROBLEM_NONE || status < 400)
    return problem;
  switch (status) {
  case 401:
    return POSTS_X_PROBLEM_TOKEN;
  case 402:
    return POSTS_X_PROBLEM_CAP;
  case 403:
    return POSTS_X_PROBLEM_PLAN;
  case 409:
    return POSTS_X_PROBLEM_RULES;
  case 429:
    return POSTS_X_PROBLEM_RATE;
  default:
    return POSTS_X_PROBLEM_OTHER;
  }
}

static gboolean
read_compliance (JsonObject *data, GPtrArray *news)
{
  JsonObject *deletion = posts_json_object (data, "delete");
  const char *id = posts_json_string (posts_json_object (deletion, "tweet"), "id");

  if (id == NULL)
    id = posts_json_string (posts_json_object (deletion, "post"), "id");
  if (!is_id (id))
    return FALSE;
  posts_news_add_gone (news, make_id (id));
  return TRUE;
}

/**
 * posts_x_read_line:
 * @data: a line of the stream, any bytes; an empty one is a sign of life
 * @length: how many
 * @received: when it came
 * @news: (inout): gets what it says
 * @page: (inout): gets counts, and the problem if it is one
 *
 * Returns: whether it could be understood
 */
gboolean
posts_x_read_line (const char *data, gsize length, GDateTime *received, GPtrArray *news,
                   PostsXPage *page)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *line = NULL;
  const guint n_malformed = page->n_malformed;

  if (length == 0)
    return TRUE;
  line = posts_json_parse_object (data, length, &root, NULL);
  JsonObject *post = posts_json_object (line, "data");
  Context context = { .includes = posts_json_object (line, "includes"),
                      .authors = page->authors,
                      .received = received };

  if (post != NULL && read_compliance (post, news))
    return TRUE;
  if (post != NULL) {
    add_post (&context, post, news, page);
    remember_users (&context, page);
    return page->n_malformed == n_malformed;
  }
  page->problem = line != NULL ? posts_x_read_problem (200, data, length) : POSTS_X_PROBLEM_NONE;
  if (page->problem != POSTS_X_PROBLEM_NONE)
    return TRUE;
  page->n_malformed++;
  return FALSE;
}

/**
 * posts_x_read_page:
 * @data: the answer of a search or a look-up, any bytes
 * @length: how many
 * @received: when it came
 * @news: (inout): gets its posts, oldest first, and what is gone
 * @page: (inout): gets counts and where it goes on
 *
 * Returns: whether it is such an answer
 */
gboolean
posts_x_read_page (const char *data, gsize length, GDateTime *received, GPtrArray *news,
                   PostsXPage *page)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);
  JsonArray *posts = posts_json_array (answer, "data");
  JsonObject *meta = posts_json_object (answer, "meta");
  Context context = { .includes = posts_json_object (answer, "includes"),
                      .authors = page->authors,
                      .received = received };

  if (answer == NULL)
    return FALSE;
  for (guint i = posts_json_length (posts); i > 0; i--)
    add_post (&context, posts_json_object_at (posts, i - 1), news, page);
  remember_users (&context, page);
  add_missing (posts_json_array (answer, "errors"), news);
  g_free (page->next_token);
  page->next_token = g_strdup (posts_json_string (meta, "next_token"));
  return posts != NULL || meta != NULL || posts_json_array (answer, "errors") != NULL;
}

/**
 * posts_x_authors_new:
 *
 * Returns: (transfer full): remembers who came along with one answer for the next ones
 */
GHashTable *
posts_x_authors_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) json_object_unref);
}

void
posts_x_page_clear (PostsXPage *page)
{
  g_clear_pointer (&page->newest_id, g_free);
  g_clear_pointer (&page->next_token, g_free);
}

/**
 * posts_x_compare_ids:
 * @a: digits
 * @b: digits
 *
 * They may be larger than any number type.
 *
 * Returns: less than, equal to or greater than zero
 */
int
posts_x_compare_ids (const char *a, const char *b)
{
  if (strlen (a) != strlen (b))
    return strlen (a) < strlen (b) ? -1 : 1;
  return strcmp (a, b);
}
