/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-post.h"

/* json-glib reads by recursion: a line of brackets would eat the stack. */
#define MAX_DEPTH      64
#define MAX_DATE_BYTES 40

/* How deep it goes, outside strings; and whether an escaped NUL is in one, which cuts C strings. */
static guint
scan (const char *data, gsize length, gboolean *has_nul)
{
  guint depth = 0;
  guint deepest = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++) {
    const char c = data[i];

    if (in_string && c == '\\') {
      i++;
      if (i + 5 <= length && memcmp (data + i, "u0000", 5) == 0)
        *has_nul = TRUE;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      deepest = MAX (deepest, ++depth);
    } else if (!in_string && (c == ']' || c == '}') && depth > 0) {
      depth--;
    }
  }
  return deepest;
}

/* With a replacement character in the place of each escaped NUL. */
static char *
replace_nuls (const char *data, gsize length)
{
  char *copy = g_strndup (data, length);

  for (gsize i = 0; i + 5 < length; i++)
    if (copy[i] == '\\') {
      i++;
      if (memcmp (copy + i, "u0000", 5) == 0)
        memcpy (copy + i, "ufffd", 5);
    }
  return copy;
}

/**
 * posts_json_parse:
 * @data: any bytes
 * @length: how many
 * @error: return location
 *
 * Returns: (transfer full): any JSON; `NULL` with `POSTS_ERROR_PARSE` if it is none, is no UTF-8 or
 *   goes too deep
 */
JsonNode *
posts_json_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) json_error = NULL;
  g_autofree char *copy = NULL;
  gboolean has_nul = FALSE;

  if (scan (data, length, &has_nul) > MAX_DEPTH) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "deeper than any post");
    return NULL;
  }
  if (memchr (data, '\0', length) != NULL || !g_utf8_validate (data, (gssize) length, NULL)) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "not UTF-8");
    return NULL;
  }
  if (has_nul)
    data = copy = replace_nuls (data, length);
  if (length == 0 || !json_parser_load_from_data (parser, data, (gssize) length, &json_error)) {
    g_set_error (error, POSTS_ERROR, POSTS_ERROR_PARSE, "not JSON: %s",
                 json_error != NULL ? json_error->message : "empty");
    return NULL;
  }
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "not JSON: nothing in it");
    return NULL;
  }
  return json_node_ref (root);
}

/**
 * posts_json_parse_object:
 * @data: any bytes
 * @length: how many
 * @root: (out) (transfer full): keeps the object alive
 * @error: return location
 *
 * Returns: (transfer none): an object; `NULL` with `POSTS_ERROR_PARSE` if it is anything else
 */
JsonObject *
posts_json_parse_object (const char *data, gsize length, JsonNode **root, GError **error)
{
  g_autoptr (JsonNode) node = posts_json_parse (data, length, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_PARSE, "not a JSON object");
    return NULL;
  }
  *root = g_steal_pointer (&node);
  return json_node_get_object (*root);
}

static JsonNode *
get_member (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
           ? node
           : NULL;
}

const char *
posts_json_string (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

JsonObject *
posts_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
posts_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gint64
posts_json_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = get_member (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : otherwise;
}

gboolean
posts_json_flag (JsonObject *object, const char *name)
{
  JsonNode *node = get_member (object, name, G_TYPE_BOOLEAN);

  return node != NULL && json_node_get_boolean (node);
}

/**
 * posts_json_date:
 *
 * Returns: (transfer full) (nullable): the ISO 8601 date, in UTC if it does not say where
 */
GDateTime *
posts_json_date (JsonObject *object, const char *name)
{
  const char *text = posts_json_string (object, name);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  if (text == NULL || strlen (text) > MAX_DATE_BYTES)
    return NULL;
  return g_date_time_new_from_iso8601 (text, utc);
}

guint
posts_json_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

JsonObject *
posts_json_object_at (JsonArray *array, guint index)
{
  JsonNode *node = index < posts_json_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
posts_json_string_at (JsonArray *array, guint index)
{
  JsonNode *node = index < posts_json_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}
