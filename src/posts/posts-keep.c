/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-json.h"
#include "posts-keep.h"

static void
add_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static void
add_date (JsonObject *object, const char *name, GDateTime *date)
{
  g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  add_string (object, name, text);
}

static void
add_attached (JsonObject *object, PostsPost *post)
{
  const char *const *links = posts_post_get_links (post);
  GPtrArray *media = posts_post_get_media (post);
  JsonArray *array = json_array_new ();

  json_object_set_int_member (object, "traits", (gint64) posts_post_get_traits (post));
  json_object_set_int_member (object, "author-posts", posts_post_get_n_author_posts (post));
  add_string (object, "author-bio", posts_post_get_author_bio (post));
  add_string (object, "warning", posts_post_get_warning (post));
  add_string (object, "uri", posts_post_get_uri (post));
  add_string (object, "quote", posts_post_get_quote_id (post));
  add_string (object, "quote-author", posts_post_get_quote_author (post));
  add_string (object, "quote-text", posts_post_get_quote_text (post));
  for (gsize i = 0; links[i] != NULL; i++)
    json_array_add_string_element (array, links[i]);
  json_object_set_array_member (object, "links", array);
  array = json_array_new ();
  for (guint i = 0; i < media->len; i++) {
    const PostsMedia *each = media->pdata[i];
    JsonObject *entry = json_object_new ();

    json_object_set_boolean_member (entry, "video", each->is_video);
    add_string (entry, "url", each->url);
    add_string (entry, "full-url", each->full_url);
    add_string (entry, "description", each->description);
    json_array_add_object_element (array, entry);
  }
  json_object_set_array_member (object, "media", array);
}

/**
 * posts_keep_to_json:
 * @post: a post
 *
 * Returns: (transfer full): all of it, as an object
 */
JsonNode *
posts_keep_to_json (PostsPost *post)
{
  g_return_val_if_fail (POSTS_IS_POST (post), NULL);

  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  add_string (object, "id", posts_post_get_id (post));
  add_string (object, "network",
              g_enum_get_value (kinds, (int) posts_post_get_network (post))->value_nick);
  add_string (object, "author-id", posts_post_get_author_id (post));
  add_string (object, "author-name", posts_post_get_author_name (post));
  add_string (object, "author-handle", posts_post_get_author_handle (post));
  add_string (object, "avatar", posts_post_get_avatar_url (post));
  add_date (object, "author-created", posts_post_get_author_created (post));
  json_object_set_int_member (object, "followers", posts_post_get_n_followers (post));
  add_string (object, "text", posts_post_get_text (post));
  add_string (object, "photo", posts_post_get_photo_path (post));
  add_string (object, "photo-description", posts_post_get_photo_description (post));
  add_string (object, "url", posts_post_get_url (post));
  add_string (object, "language", posts_post_get_language (post));
  json_object_set_boolean_member (object, "sensitive", posts_post_is_sensitive (post));
  add_date (object, "created", posts_post_get_created (post));
  add_attached (object, post);
  return node;
}

static GPtrArray *
get_links (JsonObject *object)
{
  JsonArray *array = posts_json_array (object, "links");
  GPtrArray *links = g_ptr_array_new (); /* the strings belong to the object */

  for (guint i = 0; i < posts_json_length (array); i++)
    if (posts_json_string_at (array, i) != NULL)
      g_ptr_array_add (links, (gpointer) posts_json_string_at (array, i));
  return links;
}

static GPtrArray *
get_media (JsonObject *object)
{
  JsonArray *array = posts_json_array (object, "media");
  GPtrArray *media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);

  for (guint i = 0; i < posts_json_length (array); i++) {
    JsonObject *entry = posts_json_object_at (array, i);
    PostsMedia *each =
      posts_media_new (posts_json_flag (entry, "video"), posts_json_string (entry, "url"),
                       posts_json_string (entry, "full-url"),
                       posts_json_string (entry, "description"));

    if (each != NULL)
      g_ptr_array_add (media, each);
  }
  return media;
}

/**
 * posts_keep_from_json:
 * @node: anything
 *
 * Returns: (transfer full) (nullable): the post, cleaned again; `NULL` if @node is none
 */
PostsPost *
posts_keep_from_json (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  JsonObject *object = json_node_get_object (node);
  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);
  const char *network = posts_json_string (object, "network");
  const GEnumValue *kind = network != NULL ? g_enum_get_value_by_nick (kinds, network) : NULL;
  g_autoptr (GDateTime) author_created = posts_json_date (object, "author-created");
  g_autoptr (GDateTime) created = posts_json_date (object, "created");
  g_autoptr (GPtrArray) links = get_links (object);
  g_autoptr (GPtrArray) media = get_media (object);
  const PostsPostFields fields = {
    .id = posts_json_string (object, "id"),
    .network = kind != NULL ? (PostsNetworkKind) kind->value : POSTS_NETWORK_KIND_OTHER,
    .author_id = posts_json_string (object, "author-id"),
    .author_name = posts_json_string (object, "author-name"),
    .author_handle = posts_json_string (object, "author-handle"),
    .avatar_url = posts_json_string (object, "avatar"),
    .author_created = author_created,
    .n_followers = MAX (posts_json_int (object, "followers", -1), -1),
    .text = posts_json_string (object, "text"),
    .photo_path = posts_json_string (object, "photo"),
    .photo_description = posts_json_string (object, "photo-description"),
    .url = posts_json_string (object, "url"),
    .language = posts_json_string (object, "language"),
    .sensitive = posts_json_flag (object, "sensitive"),
    .created = created,
    .traits = (PostsTraits) (posts_json_int (object, "traits", 0) & G_MAXUINT16),
    .n_author_posts = posts_json_int (object, "author-posts", 0),
    .author_bio = posts_json_string (object, "author-bio"),
    .warning = posts_json_string (object, "warning"),
    .links = links,
    .media = media,
    .uri = posts_json_string (object, "uri"),
    .quote_id = posts_json_string (object, "quote"),
    .quote_author = posts_json_string (object, "quote-author"),
    .quote_text = posts_json_string (object, "quote-text"),
  };

  if (fields.id == NULL || *fields.id == '\0' || fields.text == NULL ||
      (fields.author_name == NULL && fields.author_handle == NULL))
    return NULL;
  return posts_post_new (&fields);
}
