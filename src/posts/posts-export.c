/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "posts-export.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_post (JsonBuilder *builder, PostsItem *item)
{
  PostsPost *post = posts_item_get_post (item);
  GPtrArray *media = posts_post_get_media (post);
  g_autoptr (GDateTime) created = g_date_time_to_utc (posts_post_get_created (post));
  g_autofree char *time = g_date_time_format_iso8601 (created);
  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);

  json_builder_begin_object (builder);
  add_string (builder, "id", posts_post_get_id (post));
  add_string (builder, "network",
              g_enum_get_value (kinds, (int) posts_post_get_network (post))->value_nick);
  add_string (builder, "name", posts_post_get_author_name (post));
  add_string (builder, "handle", posts_post_get_author_handle (post));
  add_string (builder, "text", posts_post_get_text (post));
  add_string (builder, "url", posts_post_get_url (post));
  add_string (builder, "language", posts_post_get_language (post));
  add_string (builder, "created", time);
  json_builder_set_member_name (builder, "media");
  json_builder_begin_array (builder);
  for (guint i = 0; i < media->len; i++) {
    const PostsMedia *each = media->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "kind", each->is_video ? "video" : "photo");
    add_string (builder, "url", each->url);
    add_string (builder, "description", each->description);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * posts_export_to_json:
 * @desk: the desk
 *
 * Returns: (transfer full): the approved posts, oldest first, as a list of objects
 */
char *
posts_export_to_json (PostsDesk *desk)
{
  g_return_val_if_fail (POSTS_IS_DESK (desk), NULL);

  GListModel *approved = posts_desk_get_list (desk, POSTS_STATE_APPROVED);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = g_list_model_get_n_items (approved); i > 0; i--) {
    g_autoptr (PostsItem) item = g_list_model_get_item (approved, i - 1);

    add_post (builder, item);
  }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

/**
 * posts_export_save:
 * @desk: the desk
 * @path: a file; it is written whole or not at all
 * @error: return location for a #GFileError
 *
 * Writes the approved posts, which are what people wrote under their names: for nobody else to read.
 *
 * Returns: whether it is written
 */
gboolean
posts_export_save (PostsDesk *desk, const char *path, GError **error)
{
  g_return_val_if_fail (POSTS_IS_DESK (desk), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  g_autofree char *json = posts_export_to_json (desk);

  return g_file_set_contents_full (path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
