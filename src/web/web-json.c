/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "web-json.h"

#define MAX_DEPTH 4

static guint
read_hex (const char *text, gsize length)
{
  guint value = 0;

  for (gsize i = 2; i < 6; i++) {
    if (i >= length || !g_ascii_isxdigit (text[i]))
      return G_MAXUINT;
    value = value * 16 + (guint) g_ascii_xdigit_value (text[i]);
  }
  return value;
}

/* One escape in a string: how long it is; 0: half a character, which the parser leaks on. */
static gsize
skip_escape (const char *text, gsize length)
{
  if (length < 2 || text[1] != 'u')
    return 2;

  const guint first = read_hex (text, length);
  if (first < 0xd800 || (first > 0xdfff && first <= 0xffff))
    return 6;
  if (first > 0xdbff || length < 12 || text[6] != '\\' || text[7] != 'u')
    return 0;
  const guint second = read_hex (text + 6, length - 6);
  return second >= 0xdc00 && second <= 0xdfff ? 12 : 0;
}

/* Looked at before the parser is let near it: one object, not too deep. The parser calls itself for
 * every level, and would run out of stack; it forgets to free the first of several values; and it
 * knows comments and other quotes, in which it would see other levels than we do. */
static gboolean
is_shallow_object (const char *text, gsize length)
{
  gboolean in_string = FALSE;
  guint n_objects = 0;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    const char letter = text[i];

    if (in_string) {
      const gsize n = letter == '\\' ? skip_escape (text + i, length - i) : 1;

      if (n == 0)
        return FALSE;
      i += n - 1;
      if (letter == '"')
        in_string = FALSE;
    } else if (letter == '{' || letter == '[') {
      if (depth == 0 && (letter == '[' || n_objects++ > 0))
        return FALSE;
      if (++depth > MAX_DEPTH)
        return FALSE;
    } else if (letter == '}' || letter == ']') {
      if (--depth < 0)
        return FALSE;
    } else if (letter == '/' || letter == '\'' || letter == '#') {
      return FALSE;
    } else if (depth == 0 && !g_ascii_isspace (letter)) {
      return FALSE;
    } else if (letter == '"') {
      in_string = TRUE;
    }
  }
  return n_objects == 1 && depth == 0 && !in_string;
}

/**
 * web_json_read_string:
 * @object: an object
 * @name: of a member
 * @max_bytes: how long it may be
 * @value: (out) (transfer none): UTF-8
 *
 * Returns: whether it is there, and is one
 */
gboolean
web_json_read_string (JsonObject *object, const char *name, gsize max_bytes, const char **value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *value = json_node_get_string (node);
  return *value != NULL && strlen (*value) <= max_bytes && g_utf8_validate (*value, -1, NULL);
}

/* Whether there is such a number, not below @min, nor above @max. */
gboolean
web_json_read_number (JsonObject *object, const char *name, double min, double max, double *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    *value = json_node_get_double (node);
  else
    return FALSE;
  return isfinite (*value) && *value >= min && *value <= max;
}

/* The same, for a whole number from 0. */
gboolean
web_json_read_integer (JsonObject *object, const char *name, gint64 max, gint64 *value)
{
  double number = 0;

  if (!web_json_read_number (object, name, 0, (double) max, &number) || number != floor (number))
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

gboolean
web_json_read_flag (JsonObject *object, const char *name, gboolean *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * web_json_parse:
 * @text: what came, of anybody
 * @length: its bytes
 * @max_bytes: how many it may have
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): one object, not too deep; `NULL` if it is anything else
 */
JsonNode *
web_json_parse (const char *text, gsize length, gsize max_bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (JsonNode) root = NULL;

  if (length > max_bytes || !g_utf8_validate_len (text, length, NULL) ||
      !is_shallow_object (text, length) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_steal_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return g_steal_pointer (&root);
}
