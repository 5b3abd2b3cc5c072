/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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
  JsonObject *object = json_object_new ();

  add_string (object, "id", posts_post_get_id (post));
  add_string (object, "network",
              g_enum_get_value (kinds, (int) posts_post_get_network (post))->value_nick);
  add_string (object, "author-id", posts_post_get_author_id (post));
  add_string (object, "author-name", posts_post_get_author_name (post));
  add_string (object, "author-handle", posts_post_get_author_handle (post));
  add_date (object, "author-created", posts_post_get_author_created (post));
  json_object_set_int_member (object, "followers", posts_post_get_n_followers (post));
  add_string (object, "text", posts_post_get_text (post));
  add_string (object, "photo", posts_post_get_photo_path (post));
  add_string (object, "photo-description", posts_post_get_photo_description (post));
  add_string (object, "url", posts_post_get_url (post));
  add_string (object, "language", posts_post_get_language (post));
  json_object_set_boolean_member (object, "sensitive", posts_post_is_sensitive (post));
  add_date (object, "created", posts_post_get_created (post));
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
get_member (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == type ? node : NULL;
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

static GDateTime *
get_date (JsonObject *object, const char *name)
{
  const char *text = get_string (object, name);

  return text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
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
  JsonNode *followers = get_member (object, "followers", G_TYPE_INT64);
  JsonNode *sensitive = get_member (object, "sensitive", G_TYPE_BOOLEAN);
  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);
  const char *network = get_string (object, "network");
  const GEnumValue *kind = network != NULL ? g_enum_get_value_by_nick (kinds, network) : NULL;
  g_autoptr (GDateTime) author_created = get_date (object, "author-created");
  g_autoptr (GDateTime) created = get_date (object, "created");
  const PostsPostFields fields = {
    .id = get_string (object, "id"),
    .network = kind != NULL ? (PostsNetworkKind) kind->value : POSTS_NETWORK_KIND_OTHER,
    .author_id = get_string (object, "author-id"),
    .author_name = get_string (object, "author-name"),
    .author_handle = get_string (object, "author-handle"),
    .author_created = author_created,
    .n_followers = followers != NULL ? MAX (json_node_get_int (followers), -1) : -1,
    .text = get_string (object, "text"),
    .photo_path = get_string (object, "photo"),
    .photo_description = get_string (object, "photo-description"),
    .url = get_string (object, "url"),
    .language = get_string (object, "language"),
    .sensitive = sensitive != NULL && json_node_get_boolean (sensitive),
    .created = created,
  };

  if (fields.id == NULL || *fields.id == '\0' || fields.text == NULL ||
      (fields.author_name == NULL && fields.author_handle == NULL))
    return NULL;
  return posts_post_new (&fields);
}
