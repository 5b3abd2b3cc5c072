/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-bluesky-parser.h"
#include "posts-json.h"

#define COLLECTION   "app.bsky.feed.post"
#define MAX_PROFILES 100

static gboolean
has_only (const char *text, const char *others, gsize longest)
{
  const gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > longest)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (others, *p) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_did (const char *did)
{
  return has_only (did, ":._%-", 256) && g_str_has_prefix (did, "did:");
}

static gboolean
is_cid (const char *cid)
{
  if (!has_only (cid, "", 64) || strlen (cid) < 50)
    return FALSE;
  return cid[strspn (cid, "abcdefghijklmnopqrstuvwxyz234567")] == '\0';
}

static char *
make_id (const char *did, const char *rkey)
{
  return g_strdup_printf ("bluesky:at://%s/" COLLECTION "/%s", did, rkey);
}

static gboolean
has_bytes (const char *data, gsize length, const char *needle)
{
  return g_strstr_len (data, (gssize) length, needle) != NULL;
}

/**
 * posts_bluesky_matters:
 * @tags: the event's tags
 * @data: a message, any bytes
 * @length: how many
 *
 * A cheap look: everyone's posts of the whole network come by.
 *
 * Returns: whether it is worth to be parsed
 */
gboolean
posts_bluesky_matters (PostsTags *tags, const char *data, gsize length)
{
  /* One that is cut is for the parser to count. */
  if (length == 0 || data[length - 1] != '}')
    return TRUE;
  /* Inside a text the quotes would be escaped. */
  if (has_bytes (data, length, "\"operation\":\"create\""))
    return posts_tags_may_be_in (tags, data, length);
  return TRUE;
}

static gboolean
has_type (JsonObject *object, const char *name)
{
  return g_strcmp0 (posts_json_string (object, "$type"), name) == 0;
}

static gboolean
is_tagged (JsonObject *record, PostsTags *tags)
{
  JsonArray *facets = posts_json_array (record, "facets");
  JsonArray *names = posts_json_array (record, "tags");
  const char *text = posts_json_string (record, "text");
  gboolean has_facet = FALSE;

  for (guint i = 0; i < posts_json_length (names); i++)
    if (posts_tags_has (tags, posts_json_string_at (names, i)))
      return TRUE;
  for (guint i = 0; i < posts_json_length (facets); i++) {
    JsonArray *features = posts_json_array (posts_json_object_at (facets, i), "features");

    for (guint j = 0; j < posts_json_length (features); j++) {
      JsonObject *feature = posts_json_object_at (features, j);

      if (!has_type (feature, "app.bsky.richtext.facet#tag"))
        continue;
      has_facet = TRUE;
      if (posts_tags_has (tags, posts_json_string (feature, "tag")))
        return TRUE;
    }
  }
  return !has_facet && text != NULL && posts_tags_is_in_text (tags, text);
}

static void
add_link (GPtrArray *links, const char *uri)
{
  if (uri != NULL)
    g_ptr_array_add (links, (gpointer) uri);
}

/* Where the facets lead; their offsets, which may lie, are not needed. */
static void
add_links (JsonObject *record, GPtrArray *links)
{
  JsonArray *facets = posts_json_array (record, "facets");

  for (guint i = 0; i < posts_json_length (facets); i++) {
    JsonArray *features = posts_json_array (posts_json_object_at (facets, i), "features");

    for (guint j = 0; j < posts_json_length (features); j++) {
      JsonObject *feature = posts_json_object_at (features, j);

      if (has_type (feature, "app.bsky.richtext.facet#link"))
        add_link (links, posts_json_string (feature, "uri"));
    }
  }
}

static const char *
get_cid (JsonObject *blob)
{
  const char *cid = posts_json_string (posts_json_object (blob, "ref"), "$link");

  return is_cid (cid) ? cid : NULL;
}

static void
add_photo (GPtrArray *media, const char *did, JsonObject *image)
{
  const char *cid = get_cid (posts_json_object (image, "image"));

  if (cid == NULL)
    return;
  g_autofree char *url =
    g_strdup_printf ("https://cdn.bsky.app/img/feed_thumbnail/plain/%s/%s@jpeg", did, cid);
  g_autofree char *full_url =
    g_strdup_printf ("https://cdn.bsky.app/img/feed_fullsize/plain/%s/%s@jpeg", did, cid);
  PostsMedia *photo = posts_media_new (FALSE, url, full_url, posts_json_string (image, "alt"));

  if (photo != NULL)
    g_ptr_array_add (media, photo);
}

static void
add_video (GPtrArray *media, const char *did, JsonObject *embed)
{
  const char *cid = get_cid (posts_json_object (embed, "video"));

  if (cid == NULL)
    return;
  g_autofree char *escaped = g_uri_escape_string (did, NULL, FALSE);
  g_autofree char *url =
    g_strdup_printf ("https://video.bsky.app/watch/%s/%s/thumbnail.jpg", escaped, cid);
  PostsMedia *still = posts_media_new (TRUE, url, NULL, posts_json_string (embed, "alt"));

  if (still != NULL)
    g_ptr_array_add (media, still);
}

static void
add_embed (JsonObject *embed, const char *did, GPtrArray *media, GPtrArray *links,
           const char **quote)
{
  const gboolean is_gallery = has_type (embed, "app.bsky.embed.gallery");

  if (is_gallery || has_type (embed, "app.bsky.embed.images")) {
    JsonArray *images = posts_json_array (embed, is_gallery ? "items" : "images");

    for (guint i = 0; i < posts_json_length (images); i++)
      add_photo (media, did, posts_json_object_at (images, i));
  } else if (has_type (embed, "app.bsky.embed.video")) {
    add_video (media, did, embed);
  } else if (has_type (embed, "app.bsky.embed.external")) {
    add_link (links, posts_json_string (posts_json_object (embed, "external"), "uri"));
  } else if (has_type (embed, "app.bsky.embed.record")) {
    *quote = posts_json_string (posts_json_object (embed, "record"), "uri");
  }
}

static PostsTraits
read_labels (JsonArray *labels, gboolean *sensitive)
{
  static const char *const adult[] = { "porn", "sexual", "nudity", "graphic-media", NULL };
  static const char *const removed[] = { "!hide", "!takedown", NULL };
  static const char *const doubtful[] = { "spam", "impersonation", "!warn", NULL };
  PostsTraits traits = POSTS_TRAIT_NONE;

  for (guint i = 0; i < posts_json_length (labels); i++) {
    JsonObject *label = posts_json_object_at (labels, i);
    const char *value = posts_json_string (label, "val");

    if (value == NULL || posts_json_flag (label, "neg"))
      continue;
    if (g_strv_contains (adult, value))
      *sensitive = TRUE;
    else if (g_strv_contains (removed, value))
      traits |= POSTS_TRAIT_WITHHELD;
    else if (g_strv_contains (doubtful, value))
      traits |= POSTS_TRAIT_LABELLED;
    else if (g_str_equal (value, "!no-unauthenticated"))
      traits |= POSTS_TRAIT_RESERVED;
    else if (g_str_equal (value, "bot"))
      traits |= POSTS_TRAIT_BOT;
  }
  return traits;
}

static PostsPost *
read_record (JsonObject *record, const char *id, const char *did, const char *rkey,
             GDateTime *received)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new (); /* the strings belong to the record */
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);
  JsonObject *embed = posts_json_object (record, "embed");
  JsonObject *labels = posts_json_object (record, "labels");
  const char *quote = NULL;
  const char *text = posts_json_string (record, "text");
  gboolean sensitive = FALSE;
  g_autofree char *url = g_strdup_printf ("https://bsky.app/profile/%s/post/%s", did, rkey);
  g_autofree char *author_id = g_strconcat ("bluesky:", did, NULL);
  g_autoptr (GDateTime) claimed = posts_json_date (record, "createdAt");
  g_autoptr (GDateTime) created = posts_news_clamp_time (claimed, received);
  PostsTraits traits = POSTS_TRAIT_UNKNOWN_AUTHOR;

  traits |= read_labels (posts_json_array (labels, "values"), &sensitive);
  if (posts_json_object (record, "reply") != NULL)
    traits |= POSTS_TRAIT_REPLY;
  add_links (record, links);
  if (has_type (embed, "app.bsky.embed.recordWithMedia")) {
    add_embed (posts_json_object (embed, "media"), did, media, links, &quote);
    quote =
      posts_json_string (posts_json_object (posts_json_object (embed, "record"), "record"), "uri");
  } else {
    add_embed (embed, did, media, links, &quote);
  }

  const PostsPostFields fields = {
    .id = id,
    .network = POSTS_NETWORK_KIND_BLUESKY,
    .author_id = author_id,
    .author_handle = did,
    .n_followers = -1,
    .text = text != NULL ? text : "",
    .url = url,
    .language = posts_json_string_at (posts_json_array (record, "langs"), 0),
    .sensitive = sensitive,
    .created = created,
    .traits = traits,
    .links = links,
    .media = media,
    .quote_id = quote,
  };
  return posts_post_new (&fields);
}

static gboolean
read_commit (JsonObject *commit, PostsTags *tags, GDateTime *received, PostsBlueskyEvent *event)
{
  const char *operation = posts_json_string (commit, "operation");
  const char *rkey = posts_json_string (commit, "rkey");
  JsonObject *record = posts_json_object (commit, "record");
  const char *type = posts_json_string (record, "$type");

  if (operation == NULL || !has_only (rkey, ".:_~-", 512))
    return FALSE;
  if (g_strcmp0 (posts_json_string (commit, "collection"), COLLECTION) != 0)
    return TRUE;

  g_autofree char *id = make_id (event->did, rkey);
  if (g_str_equal (operation, "delete")) {
    event->gone_id = g_steal_pointer (&id);
    return TRUE;
  }
  if (record == NULL || (type != NULL && !g_str_equal (type, COLLECTION)))
    return FALSE;
  if (is_tagged (record, tags))
    event->post = read_record (record, id, event->did, rkey, received);
  else if (g_str_equal (operation, "update"))
    event->untagged_id = g_steal_pointer (&id);
  return TRUE;
}

/* The second version of the protocol wraps its messages, and names them at the end of their type. */
static const char *
get_payload_kind (JsonObject *payload)
{
  const char *type = posts_json_string (payload, "$type");
  const char *hash = type != NULL ? strchr (type, '#') : NULL;

  return hash != NULL ? hash + 1 : NULL;
}

/**
 * posts_bluesky_read:
 * @data: a message, any bytes
 * @length: how many
 * @tags: the event's tags
 * @received: when it came
 * @event: (out caller-allocates): what it says; to be cleared even if it is nothing
 *
 * Returns: whether it could be understood; a kind that is not known can
 */
gboolean
posts_bluesky_read (const char *data, gsize length, PostsTags *tags, GDateTime *received,
                    PostsBlueskyEvent *event)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *message = NULL;

  *event = (PostsBlueskyEvent){ 0 };
  message = posts_json_parse_object (data, length, &root, NULL);
  JsonObject *payload = posts_json_object (message, "payload");
  JsonObject *commit = posts_json_object (message, "commit");
  const char *kind = posts_json_string (message, "kind");

  if (payload != NULL) {
    message = commit = payload;
    kind = get_payload_kind (payload);
  }
  const char *did = posts_json_string (message, "did");
  JsonObject *account = posts_json_object (message, "account");
  const char *handle = posts_json_string (posts_json_object (message, "identity"), "handle");

  if (kind == NULL)
    return has_type (message, "error"); /* it ends the stream; the reason is not for us */
  event->time_us = MAX (posts_json_int (message, "time_us", 0), 0);
  if (!is_did (did))
    return !g_str_equal (kind, "commit");
  event->did = g_strdup (did);
  if (g_str_equal (kind, "account") && account != NULL) {
    event->gone =
      json_object_has_member (account, "active") && !posts_json_flag (account, "active");
    return TRUE;
  }
  if (g_str_equal (kind, "identity")) {
    event->handle = g_strdup (handle);
    return TRUE;
  }
  if (!g_str_equal (kind, "commit"))
    return TRUE;
  return commit != NULL && read_commit (commit, tags, received, event);
}

void
posts_bluesky_event_clear (PostsBlueskyEvent *event)
{
  g_clear_pointer (&event->did, g_free);
  g_clear_object (&event->post);
  g_clear_pointer (&event->untagged_id, g_free);
  g_clear_pointer (&event->gone_id, g_free);
  g_clear_pointer (&event->handle, g_free);
}

static void
author_free (gpointer data)
{
  PostsBlueskyAuthor *author = data;

  g_free (author->did);
  g_free (author->handle);
  g_free (author->name);
  g_free (author->bio);
  g_free (author->avatar_url);
  g_clear_pointer (&author->created, g_date_time_unref);
  g_free (author);
}

/**
 * posts_bluesky_read_profiles:
 * @data: the answer of getProfiles, any bytes
 * @length: how many
 *
 * Returns: (transfer full) (nullable) (element-type PostsBlueskyAuthor): the authors that it names, in
 *   any order; `NULL` if it is no such answer
 */
GPtrArray *
posts_bluesky_read_profiles (const char *data, gsize length)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *answer = posts_json_parse_object (data, length, &root, NULL);
  JsonArray *profiles = posts_json_array (answer, "profiles");
  GPtrArray *authors = NULL;

  if (profiles == NULL)
    return NULL;
  authors = g_ptr_array_new_with_free_func (author_free);
  for (guint i = 0; i < MIN (posts_json_length (profiles), MAX_PROFILES); i++) {
    JsonObject *profile = posts_json_object_at (profiles, i);
    PostsBlueskyAuthor *author = NULL;

    if (!is_did (posts_json_string (profile, "did")))
      continue;
    author = g_new0 (PostsBlueskyAuthor, 1);
    author->did = g_strdup (posts_json_string (profile, "did"));
    author->handle = g_strdup (posts_json_string (profile, "handle"));
    author->name = g_strdup (posts_json_string (profile, "displayName"));
    author->bio = g_strdup (posts_json_string (profile, "description"));
    author->avatar_url = g_strdup (posts_json_string (profile, "avatar"));
    author->created = posts_json_date (profile, "createdAt");
    author->n_followers = MAX (posts_json_int (profile, "followersCount", -1), -1);
    author->n_posts = posts_json_int (profile, "postsCount", 0);
    author->traits = read_labels (posts_json_array (profile, "labels"), &author->sensitive);
    g_ptr_array_add (authors, author);
  }
  return authors;
}

/**
 * posts_bluesky_sign:
 * @post: a post as posts_bluesky_read () made it
 * @author: who wrote it
 *
 * Returns: (transfer full): the same post with its author
 */
PostsPost *
posts_bluesky_sign (PostsPost *post, const PostsBlueskyAuthor *author)
{
  const gboolean broken = author->handle == NULL || g_str_equal (author->handle, "handle.invalid");
  g_autofree char *handle = broken ? NULL : g_strconcat ("@", author->handle, NULL);
  g_autofree char *author_id = g_strconcat ("bluesky:", author->did, NULL);
  const PostsPostFields fields = {
    .author_id = author_id,
    .author_name = author->name,
    .author_handle = handle != NULL ? handle : author->did,
    .avatar_url = author->avatar_url,
    .author_created = author->created,
    .author_bio = author->bio,
    .n_followers = author->n_followers,
    .n_author_posts = author->n_posts,
    .sensitive = author->sensitive,
    .traits = author->traits | (broken ? POSTS_TRAIT_UNKNOWN_AUTHOR : POSTS_TRAIT_NONE),
  };

  return posts_post_new_signed (post, &fields);
}
