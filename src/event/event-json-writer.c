/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-json.h"

/* JsonGenerator is not used: it writes 0.1 as 0.10000000000000001 and every list, however short, on
 * as many lines as it has entries. People edit this file by hand. */

#define LINE_WIDTH 100

static void write_node (GString *out, JsonNode *node, int depth);

static void
write_string (GString *out, const char *text)
{
  static const char codes[] = "\"\\bfnrt";
  static const char meanings[] = "\"\\\b\f\n\r\t";

  g_string_append_c (out, '"');
  for (; *text != '\0'; text++) {
    const char *meaning = strchr (meanings, *text);

    if (meaning != NULL)
      g_string_append_printf (out, "\\%c", codes[meaning - meanings]);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (out, "\\u%04x", (guint) *text);
    else
      g_string_append_c (out, *text);
  }
  g_string_append_c (out, '"');
}

/* The shortest number that reads back as this one. */
static void
write_double (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 15; digits <= 17; digits++) {
    char format[8];

    g_snprintf (format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd (text, sizeof text, format, value);
    if (memcmp (&(double){ g_ascii_strtod (text, NULL) }, &value, sizeof value) == 0)
      break;
  }
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
write_scalar (GString *out, JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    write_double (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

/* Ends the line, or only the word when everything goes on one line (@depth < 0). */
static void
write_break (GString *out, int depth)
{
  if (depth < 0)
    g_string_append_c (out, ' ');
  else
    g_string_append_printf (out, "\n%*s", depth * 2, "");
}

static void
write_object (GString *out, JsonObject *object, int depth)
{
  const int inner = depth < 0 ? -1 : depth + 1;
  JsonObjectIter iter;
  const char *key = NULL;
  JsonNode *value = NULL;
  gboolean first = TRUE;

  if (json_object_get_size (object) == 0) {
    g_string_append (out, "{}");
    return;
  }
  g_string_append_c (out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    if (!first)
      g_string_append_c (out, ',');
    first = FALSE;
    write_break (out, inner);
    write_string (out, key);
    g_string_append (out, ": ");
    write_node (out, value, inner);
  }
  write_break (out, depth);
  g_string_append_c (out, '}');
}

static void
write_array (GString *out, JsonArray *array, int depth)
{
  const int inner = depth < 0 ? -1 : depth + 1;

  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++) {
    if (i > 0)
      g_string_append (out, depth < 0 ? ", " : ",");
    if (depth >= 0)
      write_break (out, inner);
    write_node (out, json_array_get_element (array, i), inner);
  }
  if (depth >= 0)
    write_break (out, depth);
  g_string_append_c (out, ']');
}

static void
write_container (GString *out, JsonNode *node, int depth)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (out, json_node_get_object (node), depth);
  else
    write_array (out, json_node_get_array (node), depth);
}

/* Values only, or in an object also lists of values. */
static gboolean
is_simple (JsonNode *node)
{
  g_autoptr (GList) children = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    children = json_object_get_values (json_node_get_object (node));
  else
    children = json_array_get_elements (json_node_get_array (node));
  for (GList *item = children; item != NULL; item = item->next) {
    if (JSON_NODE_HOLDS_OBJECT (item->data))
      return FALSE;
    if (JSON_NODE_HOLDS_ARRAY (item->data) &&
        (JSON_NODE_HOLDS_ARRAY (node) || !is_simple (item->data)))
      return FALSE;
  }
  return TRUE;
}

/* What is short and simple stays on one line. */
static void
write_node (GString *out, JsonNode *node, int depth)
{
  if (JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node)) {
    write_scalar (out, node);
    return;
  }
  if (depth >= 0 && is_simple (node)) {
    const char *newline = strrchr (out->str, '\n');
    const gsize before = newline != NULL ? (gsize) (newline - out->str) + 1 : 0;
    const gsize start = out->len;

    write_container (out, node, -1);
    if (g_utf8_strlen (out->str + before, -1) < LINE_WIDTH)
      return;
    g_string_truncate (out, start);
  }
  write_container (out, node, depth);
}

/**
 * event_json_write:
 * @root: an object or array
 *
 * Returns: (transfer full): its text, laid out for people, keys in their order
 */
char *
event_json_write (JsonNode *root)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (root != NULL, NULL);

  write_node (out, root, 0);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
