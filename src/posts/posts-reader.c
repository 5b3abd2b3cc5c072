/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "posts-json.h"
#include "posts-reader.h"

#define MAX_AT_S (7.0 * 24 * 3600)

static gboolean
read_at (JsonObject *object, double *at_s)
{
  JsonNode *node = json_object_get_member (object, "at");
  const GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *at_s = json_node_get_double (node);
  return *at_s >= 0 && *at_s <= MAX_AT_S;
}

static PostsNetworkKind
read_network (JsonObject *object)
{
  const char *name = posts_json_string (object, "network");
  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);
  const GEnumValue *kind = name != NULL ? g_enum_get_value_by_nick (kinds, name) : NULL;

  return kind != NULL ? (PostsNetworkKind) kind->value : POSTS_NETWORK_KIND_OTHER;
}

/* The photo's real path, if it is a file in the folder or below, also after its links. */
static char *
find_photo (const char *folder, const char *relative_path)
{
  if (folder == NULL || relative_path == NULL || *relative_path == '\0' ||
      g_path_is_absolute (relative_path))
    return NULL;

  g_autofree char *joined = g_build_filename (folder, relative_path, NULL);
  char *real_folder = realpath (folder, NULL);
  char *real_path = realpath (joined, NULL);
  char *photo = NULL;

  if (real_folder != NULL && real_path != NULL) {
    g_autofree char *prefix = g_str_has_suffix (real_folder, "/")
                                ? g_strdup (real_folder)
                                : g_strconcat (real_folder, "/", NULL);

    if (g_str_has_prefix (real_path, prefix) && g_file_test (real_path, G_FILE_TEST_IS_REGULAR))
      photo = g_strdup (real_path);
  }
  free (real_folder);
  free (real_path);
  return photo;
}

static PostsPost *
read_post (JsonObject *object, const char *folder, GError **error)
{
  JsonObject *author = posts_json_object (object, "author");
  g_autofree char *photo = find_photo (folder, posts_json_string (object, "photo"));
  g_autoptr (GDateTime) author_created = posts_json_date (author, "created");
  const PostsPostFields fields = {
    .id = posts_json_string (object, "id"),
    .network = read_network (object),
    .author_id = posts_json_string (author, "id"),
    .author_name = posts_json_string (author, "name"),
    .author_handle = posts_json_string (author, "handle"),
    .author_created = author_created,
    .n_followers = MAX (posts_json_int (author, "followers", -1), -1),
    .text = posts_json_string (object, "text"),
    .photo_path = photo,
    .photo_description = posts_json_string (object, "photo-description"),
    .url = posts_json_string (object, "url"),
    .language = posts_json_string (object, "lang"),
    .sensitive = posts_json_flag (object, "sensitive"),
  };

  if (fields.id == NULL || *fields.id == '\0' || fields.text == NULL ||
      (fields.author_name == NULL && fields.author_handle == NULL)) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE,
                         "a post needs \"id\", \"text\" and an \"author\" with \"name\" or "
                         "\"handle\", all strings");
    return NULL;
  }
  return posts_post_new (&fields);
}

static PostsEntry *
read_entry (JsonObject *object, const char *folder, GError **error)
{
  g_autoptr (PostsEntry) entry = g_new0 (PostsEntry, 1);

  if (!read_at (object, &entry->at_s)) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE,
                         "\"at\" must be a number of seconds from 0 to a week");
    return NULL;
  }
  if (json_object_has_member (object, "take-down")) {
    entry->taken_down_id = g_strdup (posts_json_string (object, "take-down"));
    if (entry->taken_down_id == NULL) {
      g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE,
                           "\"take-down\" must be the id of a post");
      return NULL;
    }
    return g_steal_pointer (&entry);
  }
  entry->post = read_post (object, folder, error);
  return entry->post != NULL ? g_steal_pointer (&entry) : NULL;
}

void
posts_entry_free (PostsEntry *entry)
{
  g_clear_object (&entry->post);
  g_free (entry->taken_down_id);
  g_free (entry);
}

/**
 * posts_reader_read_line:
 * @line: a line, any bytes
 * @length: its length in bytes
 * @folder: (nullable): where photos are; those elsewhere are left out
 * @error: return location
 *
 * Reads one line of our own format, one JSON object. Any thread.
 *
 * Returns: (transfer full): what the line says; `NULL` with `POSTS_ERROR_PARSE` if it is wrong
 */
PostsEntry *
posts_reader_read_line (const char *line, gsize length, const char *folder, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  if (length > POSTS_READER_MAX_LINE_BYTES) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "longer than any post");
    return NULL;
  }
  JsonObject *object = posts_json_parse_object (line, length, &root, error);
  return object != NULL ? read_entry (object, folder, error) : NULL;
}
