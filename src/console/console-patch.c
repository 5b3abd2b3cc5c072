/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-patch.h"

#include <string.h>

#define MAX_ID_CHARS   40
#define DEFAULT_COLOUR "#1d3c45"

/**
 * console_patch_find_entry:
 * @event_json: a whole event as JSON
 * @list: "sources" or "shots"
 * @id: which of them
 *
 * Returns: (transfer full) (nullable): that entry; `NULL` when there is none
 */
JsonObject *
console_patch_find_entry (const char *event_json, const char *list, const char *id)
{
  g_autoptr (JsonNode) root = json_from_string (event_json, NULL);
  JsonNode *member = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    member = json_object_get_member (json_node_get_object (root), list);
  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    return NULL;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (member)); i++) {
    JsonNode *node = json_array_get_element (json_node_get_array (member), i);
    JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (entry != NULL &&
        g_strcmp0 (json_object_get_string_member_with_default (entry, "id", NULL), id) == 0)
      return json_object_ref (entry);
  }
  return NULL;
}

/**
 * console_patch_find_section:
 * @event_json: a whole event as JSON
 * @key: a part of it that is an object
 *
 * Returns: (transfer full): it; empty when the event does not have it
 */
JsonObject *
console_patch_find_section (const char *event_json, const char *key)
{
  g_autoptr (JsonNode) root = json_from_string (event_json, NULL);
  JsonNode *member = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    member = json_object_get_member (json_node_get_object (root), key);
  return member != NULL && JSON_NODE_HOLDS_OBJECT (member) ? json_node_dup_object (member)
                                                           : json_object_new ();
}

/**
 * console_patch_get:
 * @entry: an entry of the event
 * @path: a key, or several with “/” between: each inside the one before
 *
 * Returns: (transfer none) (nullable): the value, or `NULL` when the entry does not say
 */
JsonNode *
console_patch_get (JsonObject *entry, const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);
  JsonNode *node = json_object_get_member (entry, keys[0]);

  for (guint i = 1; node != NULL && keys[i] != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node)
             ? json_object_get_member (json_node_get_object (node), keys[i])
             : NULL;
  return node != NULL && JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

/* json_node_copy () shares what is inside. */
static JsonObject *
copy_group (JsonObject *entry, const char *key)
{
  JsonNode *node = json_object_get_member (entry, key);
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *text = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();

  text = json_to_string (node, FALSE);
  copy = json_from_string (text, NULL);
  return json_node_dup_object (copy);
}

static void
set_inside (JsonObject *object, char **keys, JsonNode *value)
{
  JsonObject *group = NULL;

  if (keys[1] == NULL) {
    json_object_set_member (object, keys[0], value);
    return;
  }

  group = copy_group (object, keys[0]);
  set_inside (group, keys + 1, value);
  json_object_set_object_member (object, keys[0], group);
}

/**
 * console_patch_set:
 * @patch: what is to change
 * @entry: the entry as it is, with what @patch changed before
 * @path: as for console_patch_get ()
 * @value: (transfer full) (nullable): its new value; `NULL` forgets it
 *
 * Puts the change into both. A key inside a group brings the whole group along, so that the patch
 * means the same whether groups are merged or replaced.
 */
void
console_patch_set (JsonObject *patch, JsonObject *entry, const char *path, JsonNode *value)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);

  if (value == NULL)
    value = json_node_new (JSON_NODE_NULL);
  set_inside (entry, keys, value);
  json_object_set_member (patch, keys[0], json_node_copy (json_object_get_member (entry, keys[0])));
}

/**
 * console_patch_to_json:
 * @patch: a patch or an entry
 *
 * Returns: (transfer full): it as text, as the show's actions take it
 */
char *
console_patch_to_json (JsonObject *patch)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, patch);
  return json_to_string (node, FALSE);
}

static gboolean
has_id (GListModel *items, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (items, i);
    g_autofree char *other = NULL;

    g_object_get (item, "id", &other, NULL);
    if (g_strcmp0 (other, id) == 0)
      return TRUE;
  }
  return FALSE;
}

/**
 * console_patch_make_id:
 * @title: what people call it
 * @items: (element-type GObject): those that are there, each with a property "id"
 *
 * Returns: (transfer full): an id made from the title that none of them has
 */
char *
console_patch_make_id (const char *title, GListModel *items)
{
  g_autofree char *ascii = g_str_to_ascii (title, "C");
  g_autoptr (GString) stem = g_string_new (NULL);
  g_autofree char *id = NULL;

  for (const char *c = ascii; *c != '\0' && stem->len < MAX_ID_CHARS; c++) {
    if (g_ascii_isalnum (*c))
      g_string_append_c (stem, g_ascii_tolower (*c));
    else if (stem->len > 0 && stem->str[stem->len - 1] != '-')
      g_string_append_c (stem, '-');
  }
  while (stem->len > 0 && stem->str[stem->len - 1] == '-')
    g_string_truncate (stem, stem->len - 1);
  if (stem->len == 0)
    g_string_append (stem, "new");

  id = g_strdup (stem->str);
  for (guint n = 2; has_id (items, id); n++) {
    g_free (id);
    id = g_strdup_printf ("%s-%u", stem->str, n);
  }
  return g_steal_pointer (&id);
}

/* The key of the event file under which a kind keeps where it comes from. */
static const char *
get_place_key (const char *kind)
{
  if (g_str_equal (kind, "uri") || g_str_equal (kind, "whep"))
    return "uri";
  if (g_str_equal (kind, "guest"))
    return "screen-of"; /* guests themselves are invited */
  if (g_str_equal (kind, "still"))
    return "picture";
  if (g_str_equal (kind, "slides") || g_str_equal (kind, "film"))
    return "file";
  return g_str_equal (kind, "card") ? "text" : NULL;
}

/**
 * console_patch_new_source:
 * @kind: a kind of source, as the event file calls it
 * @id: its id
 * @title: its title
 * @value: (nullable): the address, the file's path or the card's text, for kinds that have one
 *
 * A new source is muted: whoever adds it looks and listens first.
 *
 * Returns: (transfer full): the whole entry as text
 */
char *
console_patch_new_source (const char *kind, const char *id, const char *title, const char *value)
{
  g_autoptr (JsonObject) entry = json_object_new ();
  const char *key = get_place_key (kind);

  json_object_set_string_member (entry, "id", id);
  json_object_set_string_member (entry, "title", title);
  json_object_set_string_member (entry, "kind", kind);
  if (key != NULL)
    json_object_set_string_member (entry, key, value != NULL ? value : "");
  if (g_str_equal (kind, "card")) {
    json_object_set_string_member (entry, "card", "text");
    json_object_set_string_member (entry, "background", DEFAULT_COLOUR);
  }
  json_object_set_boolean_member (entry, "muted", TRUE);
  return console_patch_to_json (entry);
}

/**
 * console_patch_new_shot:
 * @id: its id
 * @title: its title
 * @source: the id of the source that fills it
 * @key: the digit that takes it, 1 to 9; 0 for none
 *
 * Returns: (transfer full): the whole entry as text
 */
char *
console_patch_new_shot (const char *id, const char *title, const char *source, guint key)
{
  g_autoptr (JsonObject) entry = json_object_new ();
  JsonArray *sources = json_array_new ();

  json_array_add_string_element (sources, source);
  json_object_set_string_member (entry, "id", id);
  json_object_set_string_member (entry, "title", title);
  json_object_set_string_member (entry, "layout", "full");
  json_object_set_array_member (entry, "sources", sources);
  if (key > 0)
    json_object_set_int_member (entry, "key", key);
  return console_patch_to_json (entry);
}
