/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "event-address.h"
#include "event-edit.h"
#include "event-json.h"
#include "event-list.h"

static const char *
get_key (EventEntries entries)
{
  switch (entries) {
  case EVENT_ENTRIES_SOURCES:
    return "sources";
  case EVENT_ENTRIES_SHOTS:
    return "shots";
  case EVENT_ENTRIES_DESTINATIONS:
    return "destinations";
  }
  g_return_val_if_reached (NULL);
}

/* Returns: (nullable): an event need not have every list */
static JsonArray *
get_list (JsonNode *root, EventEntries entries)
{
  JsonObject *top = json_node_get_object (root);

  if (!json_object_has_member (top, get_key (entries)))
    return NULL;
  return json_object_get_array_member (top, get_key (entries));
}

static JsonObject *
get_section (JsonObject *top, const char *key)
{
  return json_object_has_member (top, key) ? json_object_get_object_member (top, key) : NULL;
}

/**
 * event_edit_copy:
 * @root: a tree
 *
 * Returns: (transfer full): the same tree, sharing nothing with @root
 */
JsonNode *
event_edit_copy (JsonNode *root)
{
  g_autofree char *text = event_json_write (root);

  return event_json_parse (text, strlen (text), "event", NULL); /* it was written here */
}

/**
 * event_edit_merge:
 * @object: what is changed
 * @changes: what is new: a null takes a key away, an object is merged into the one that is there, all
 *   else takes the place of what is there
 *
 * As RFC 7396 has it.
 */
void
event_edit_merge (JsonObject *object, JsonObject *changes)
{
  JsonObjectIter iter;
  const char *key = NULL;
  JsonNode *change = NULL;

  json_object_iter_init_ordered (&iter, changes);
  while (json_object_iter_next_ordered (&iter, &key, &change)) {
    JsonNode *present = json_object_get_member (object, key);
    g_autoptr (JsonObject) inner = NULL;

    if (JSON_NODE_HOLDS_NULL (change)) {
      json_object_remove_member (object, key);
    } else if (!JSON_NODE_HOLDS_OBJECT (change)) {
      json_object_set_member (object, key, json_node_copy (change));
    } else {
      if (present != NULL && JSON_NODE_HOLDS_OBJECT (present))
        inner = json_object_ref (json_node_get_object (present));
      else
        inner = json_object_new ();
      event_edit_merge (inner, json_node_get_object (change));
      json_object_set_object_member (object, key, g_steal_pointer (&inner));
    }
  }
}

guint
event_edit_count (JsonNode *root, EventEntries entries)
{
  JsonArray *list = get_list (root, entries);

  return list != NULL ? json_array_get_length (list) : 0;
}

/**
 * event_edit_find:
 * @root: the tree of an event that was checked
 * @entries: which list
 * @id: an entry's id
 *
 * Returns: its place in the list, or −1
 */
int
event_edit_find (JsonNode *root, EventEntries entries, const char *id)
{
  JsonArray *list = get_list (root, entries);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++) {
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (list, i), "id"),
                     id))
      return (int) i;
  }
  return -1;
}

JsonObject *
event_edit_get (JsonNode *root, EventEntries entries, int index)
{
  return json_array_get_object_element (get_list (root, entries), (guint) index);
}

void
event_edit_append (JsonNode *root, EventEntries entries, JsonObject *entry)
{
  if (get_list (root, entries) == NULL)
    json_object_set_array_member (json_node_get_object (root), get_key (entries),
                                  json_array_new ());
  json_array_add_object_element (get_list (root, entries), json_object_ref (entry));
}

/**
 * event_edit_move:
 * @root: a tree
 * @entries: which list
 * @from: the place of an entry
 * @to: its new place; one beyond the last is the last
 */
void
event_edit_move (JsonNode *root, EventEntries entries, int from, int to)
{
  JsonArray *list = get_list (root, entries);
  const int n_entries = (int) json_array_get_length (list);
  g_autoptr (JsonNode) moved = json_array_dup_element (list, (guint) from);
  g_autoptr (JsonArray) reordered = json_array_sized_new ((guint) n_entries);

  to = CLAMP (to, 0, n_entries - 1);
  json_array_remove_element (list, (guint) from);
  for (int i = 0, n_left = 0; i < n_entries; i++)
    json_array_add_element (reordered, i == to ? g_steal_pointer (&moved)
                                               : json_array_dup_element (list, (guint) n_left++));
  json_object_set_array_member (json_node_get_object (root), get_key (entries),
                                g_steal_pointer (&reordered));
}

/* What a shot becomes when one of its places is empty; FALSE if nothing is left of it. */
static gboolean
find_smaller_layout (EventLayout layout, guint place, guint n_left, EventLayout *smaller)
{
  switch (layout) {
  case EVENT_LAYOUT_FULL:
    return FALSE;
  case EVENT_LAYOUT_SIDE_BY_SIDE:
  case EVENT_LAYOUT_PICTURE_IN_PICTURE:
  case EVENT_LAYOUT_SLIDES_AND_SPEAKER:
    *smaller = EVENT_LAYOUT_FULL;
    return TRUE;
  case EVENT_LAYOUT_SLIDES_AND_TWO:
    /* Without the slides, two people are left. */
    *smaller = place == 0 ? EVENT_LAYOUT_SIDE_BY_SIDE : EVENT_LAYOUT_SLIDES_AND_SPEAKER;
    return TRUE;
  case EVENT_LAYOUT_EVERYONE:
    *smaller = EVENT_LAYOUT_EVERYONE;
    return n_left > 0;
  case EVENT_LAYOUT_PAUSE:
    return FALSE; /* it has no places */
  }
  g_return_val_if_reached (FALSE);
}

static EventLayout
get_layout (JsonObject *shot)
{
  const char *name = json_object_get_string_member (shot, "layout");
  EventLayout layout = EVENT_LAYOUT_FULL;

  while (!g_str_equal (event_shot_get_layout_name (layout), name))
    layout++;
  return layout;
}

/* Takes a source out of a shot. Returns: whether the shot is still one */
static gboolean
leave_shot (JsonObject *shot, const char *id)
{
  JsonArray *sources = json_object_has_member (shot, "sources")
                         ? json_object_get_array_member (shot, "sources")
                         : NULL;
  const guint n_sources = sources != NULL ? json_array_get_length (sources) : 0;
  EventLayout layout = EVENT_LAYOUT_FULL;

  for (guint i = 0; i < n_sources; i++) {
    if (!g_str_equal (json_array_get_string_element (sources, i), id))
      continue;
    if (!find_smaller_layout (get_layout (shot), i, n_sources - 1, &layout))
      return FALSE;
    json_array_remove_element (sources, i);
    json_object_set_string_member (shot, "layout", event_shot_get_layout_name (layout));
    return TRUE;
  }
  return TRUE;
}

/* A film whose shot is no more ends as one that never had any. */
static void
forget_shot (JsonNode *root, const char *id)
{
  JsonArray *sources = get_list (root, EVENT_ENTRIES_SOURCES);

  for (guint i = 0; i < json_array_get_length (sources); i++) {
    JsonObject *source = json_array_get_object_element (sources, i);
    const char *then = json_object_get_string_member_with_default (source, "then", NULL);

    if (then != NULL && g_str_equal (then, id))
      json_object_remove_member (source, "then");
  }
}

static void
remove_shot (JsonNode *root, guint index)
{
  JsonArray *shots = get_list (root, EVENT_ENTRIES_SHOTS);
  JsonObject *shot = json_array_get_object_element (shots, index);

  forget_shot (root, json_object_get_string_member (shot, "id"));
  json_array_remove_element (shots, index);
}

static gboolean
names (JsonObject *object, const char *key, const char *id)
{
  return g_strcmp0 (json_object_get_string_member_with_default (object, key, NULL), id) == 0;
}

static void
remove_source (JsonNode *root, guint index)
{
  JsonArray *sources = get_list (root, EVENT_ENTRIES_SOURCES);
  JsonArray *shots = get_list (root, EVENT_ENTRIES_SHOTS);
  JsonObject *guests = get_section (json_node_get_object (root), "guests");
  g_autofree char *id =
    g_strdup (json_object_get_string_member (json_array_get_object_element (sources, index), "id"));

  json_array_remove_element (sources, index);
  for (guint i = json_array_get_length (shots); i > 0; i--) {
    if (!leave_shot (json_array_get_object_element (shots, i - 1), id))
      remove_shot (root, i - 1);
  }
  if (guests != NULL && names (guests, "view", id))
    json_object_remove_member (guests, "view");
  for (guint i = json_array_get_length (sources); i > 0; i--) {
    if (names (json_array_get_object_element (sources, i - 1), "screen-of", id)) {
      remove_source (root, i - 1);
      return; /* there is one at most */
    }
  }
}

/**
 * event_edit_remove:
 * @root: the tree of an event that was checked
 * @entries: which list
 * @index: the place of an entry
 *
 * Whoever names the entry is seen to as well. A shot loses the place of a source that goes, and
 * becomes the layout that is nearest: full, or with slides the one with a speaker less; one that
 * showed nothing else goes, too. A film loses the shot to go on with. The screen that a guest shares
 * goes with him, and guests no longer see a room whose source is gone.
 */
void
event_edit_remove (JsonNode *root, EventEntries entries, int index)
{
  switch (entries) {
  case EVENT_ENTRIES_SOURCES:
    remove_source (root, (guint) index);
    return;
  case EVENT_ENTRIES_SHOTS:
    remove_shot (root, (guint) index);
    return;
  case EVENT_ENTRIES_DESTINATIONS:
    json_array_remove_element (get_list (root, entries), (guint) index);
    return;
  }
}

static void
move_path (JsonObject *object, const char *key, const char *old_folder)
{
  const char *path =
    object != NULL ? json_object_get_string_member_with_default (object, key, NULL) : NULL;
  g_autofree char *absolute = NULL;

  if (path == NULL || event_address_is_uri (path) || g_path_is_absolute (path) ||
      g_str_has_prefix (path, "~/"))
    return;
  absolute = g_canonicalize_filename (path, old_folder);
  json_object_set_string_member (object, key, absolute);
}

static void
move_list_paths (JsonObject *object, const char *list_key, const char *const *keys,
                 const char *old_folder)
{
  JsonArray *list = object != NULL && json_object_has_member (object, list_key)
                      ? json_object_get_array_member (object, list_key)
                      : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++) {
    for (guint k = 0; keys[k] != NULL; k++)
      move_path (json_array_get_object_element (list, i), keys[k], old_folder);
  }
}

/**
 * event_edit_move_paths:
 * @root: the tree of an event that was checked
 * @old_folder: what its paths are relative to
 *
 * Makes the paths that this version knows absolute, so that the file may go to another folder.
 */
void
event_edit_move_paths (JsonNode *root, const char *old_folder)
{
  static const char *const source_keys[] = { "uri", "file", "picture", NULL };
  static const char *const shot_keys[] = { "background", NULL };
  static const char *const network_keys[] = { "file", NULL };
  static const char *const destination_keys[] = { "url", NULL };
  JsonObject *top = json_node_get_object (root);

  move_list_paths (top, "sources", source_keys, old_folder);
  move_list_paths (top, "shots", shot_keys, old_folder);
  move_list_paths (top, "destinations", destination_keys, old_folder);
  move_list_paths (get_section (top, "posts"), "networks", network_keys, old_folder);
  move_path (get_section (top, "graphics"), "logo", old_folder);
  move_path (get_section (top, "graphics"), "music", old_folder);
  move_path (get_section (top, "recording"), "folder", old_folder);
  move_path (get_section (top, "recording"), "second-folder", old_folder);
  move_path (get_section (top, "guests"), "certificate", old_folder);
  move_path (get_section (top, "guests"), "certificate-key", old_folder);
}
