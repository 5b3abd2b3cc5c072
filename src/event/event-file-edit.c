/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-edit.h"
#include "event-file-private.h"
#include "event-json.h"

/* Changing an event while it runs: each change takes effect as a whole or not at all. */

#define MAX_PAST_LISTS 3000 /* three for each change */

static const char *
get_word (EventEntries entries)
{
  switch (entries) {
  case EVENT_ENTRIES_SOURCES:
    return "source";
  case EVENT_ENTRIES_SHOTS:
    return "shot";
  case EVENT_ENTRIES_DESTINATIONS:
    return "destination";
  }
  g_return_val_if_reached (NULL);
}

static void G_GNUC_PRINTF (3, 4)
  set_error (EventFile *self, GError **error, const char *format, ...)
{
  g_autofree char *name = _event_file_get_name (self);
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, EVENT_ERROR, EVENT_ERROR_INVALID, "%s: %s", name, what);
}

static void
replace_list (EventFile *self, GPtrArray **list, GPtrArray **replacement)
{
  g_queue_push_tail (&self->past, *list);
  *list = g_steal_pointer (replacement);
}

/* Whoever holds a text of what they were goes on holding it: the old records stay. */
static void
replace_sections (EventFile *self, EventContents **replacement)
{
  const EventRecording recording = self->contents->recording;
  const EventGuests guests = self->contents->guests;

  self->contents->recording = (*replacement)->recording;
  (*replacement)->recording = recording;
  self->contents->guests = (*replacement)->guests;
  (*replacement)->guests = guests;
  g_ptr_array_add (self->past_contents, g_steal_pointer (replacement));
}

static gboolean
is_same_section (JsonNode *before, JsonNode *after, const char *section)
{
  JsonNode *old = json_object_get_member (json_node_get_object (before), section);
  JsonNode *present = json_object_get_member (json_node_get_object (after), section);

  if (old == NULL || present == NULL)
    return old == present;
  return json_node_equal (old, present);
}

/* Takes @changed in place of what the event was, if that is an event. */
static gboolean
apply (EventFile *self, JsonNode *changed, GError **error)
{
  g_autofree char *name = _event_file_get_name (self);
  g_autofree char *before = event_json_write (self->root);
  g_autofree char *after = event_json_write (changed);
  g_autoptr (EventContents) contents = event_contents_new (changed, name, error);

  if (contents == NULL)
    return FALSE;
  if (strlen (after) > EVENT_MAX_FILE_BYTES) {
    set_error (self, error, "would be larger than 4 MiB, expected a smaller entry");
    return FALSE;
  }
  if (g_str_equal (before, after))
    return TRUE;

  replace_list (self, &self->contents->sources, &contents->sources);
  replace_list (self, &self->contents->shots, &contents->shots);
  replace_list (self, &self->contents->destinations, &contents->destinations);
  if (!is_same_section (self->root, changed, "recording") ||
      !is_same_section (self->root, changed, "guests"))
    replace_sections (self, &contents);
  json_node_unref (self->root);
  self->root = json_node_ref (changed);
  while (g_queue_get_length (&self->past) > MAX_PAST_LISTS)
    g_ptr_array_unref (g_queue_pop_head (&self->past));
  _event_file_add_change (self);
  _event_file_tell_changed (self);
  return TRUE;
}

/**
 * _event_file_move_paths:
 * @self: an event
 * @old_folder: what its paths are relative to
 *
 * Makes them absolute. All records are new then, and the old ones stay.
 */
void
_event_file_move_paths (EventFile *self, const char *old_folder)
{
  g_autofree char *name = _event_file_get_name (self);
  g_autoptr (JsonNode) root = event_edit_copy (self->root);
  g_autoptr (GError) error = NULL;
  EventContents *contents = NULL;

  event_edit_move_paths (root, old_folder);
  contents = event_contents_new (root, name, &error);
  if (contents == NULL) {
    /* A path that is too long to be absolute. */
    g_warning ("the paths of the event stay relative: %s", error->message);
    return;
  }
  json_node_unref (self->root);
  self->root = g_steal_pointer (&root);
  g_ptr_array_add (self->past_contents, self->contents);
  self->contents = contents;
  _event_file_tell_changed (self);
}

/* Returns: (transfer full) (nullable): the tree of an object; the caller may change it */
static JsonNode *
parse_entry (EventFile *self, const char *json, GError **error)
{
  g_autoptr (JsonNode) entry = NULL;

  if (json[strspn (json, " \t\r\n")] == '\0') {
    set_error (self, error, "the entry is empty, expected an object {…}");
    return NULL;
  }
  entry = event_json_parse (json, strlen (json), "the entry", error);
  if (entry == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (entry)) {
    set_error (self, error, "the entry is no object, expected an object {…}");
    return NULL;
  }
  return g_steal_pointer (&entry);
}

/* Returns: where the entry is, or −1 with @error */
static int
find (EventFile *self, EventEntries entries, const char *id, GError **error)
{
  const int index = event_edit_find (self->root, entries, id);

  if (index < 0)
    set_error (self, error, "there is no %s “%.64s”", get_word (entries), id);
  return index;
}

/**
 * event_file_add:
 * @self: an event
 * @entries: which list
 * @json: an entry as the event file has it, an object; nulls are left out
 *
 * Adds an entry at the end of a list.
 *
 * Fails with `EVENT_ERROR_SYNTAX` or `EVENT_ERROR_INVALID`, in the words of [ctor@Event.File.parse];
 * then nothing changed.
 *
 * Returns: whether it was added
 */
gboolean
event_file_add (EventFile *self, EventEntries entries, const char *json, GError **error)
{
  g_autoptr (JsonNode) changes = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonObject) entry = json_object_new ();

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  changes = parse_entry (self, json, error);
  if (changes == NULL)
    return FALSE;
  root = event_edit_copy (self->root);
  event_edit_merge (entry, json_node_get_object (changes));
  event_edit_append (root, entries, entry);
  return apply (self, root, error);
}

/**
 * event_file_edit:
 * @self: an event
 * @entries: which list
 * @id: an entry's id; it keeps it
 * @json: an object that is merged into the entry: a null takes a key away, an object is merged into
 *   the one that is there, all else takes the place of what is there
 *
 * Changes an entry. Keys that are not named stay as they are, those that are not known as well.
 *
 * Fails as [method@Event.File.add] does.
 *
 * Returns: whether the entry is as asked for
 */
gboolean
event_file_edit (EventFile *self, EventEntries entries, const char *id, const char *json,
                 GError **error)
{
  g_autoptr (JsonNode) changes = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *entry = NULL;
  int index = -1;

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (id != NULL && json != NULL, FALSE);

  index = find (self, entries, id, error);
  changes = index >= 0 ? parse_entry (self, json, error) : NULL;
  if (changes == NULL)
    return FALSE;
  root = event_edit_copy (self->root);
  entry = event_edit_get (root, entries, index);
  event_edit_merge (entry, json_node_get_object (changes));
  if (g_strcmp0 (json_object_get_string_member_with_default (entry, "id", NULL), id) != 0) {
    set_error (self, error, "%ss[%d].id cannot be changed, expected “%.64s”", get_word (entries),
               index, id);
    return FALSE;
  }
  return apply (self, root, error);
}

/**
 * event_file_remove:
 * @self: an event
 * @entries: which list
 * @id: an entry's id
 *
 * Takes an entry away. The shots that show a source lose its place and become the layout that is
 * nearest; those that showed nothing else go, too. A film whose shot goes has none to go on with.
 *
 * Fails with `EVENT_ERROR_INVALID` when there is no such entry, or when no source or no shot would be
 * left; then nothing changed.
 *
 * Returns: whether it is gone
 */
gboolean
event_file_remove (EventFile *self, EventEntries entries, const char *id, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  int index = -1;

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  index = find (self, entries, id, error);
  if (index < 0)
    return FALSE;
  root = event_edit_copy (self->root);
  event_edit_remove (root, entries, index);
  if (event_edit_count (root, EVENT_ENTRIES_SOURCES) == 0 ||
      event_edit_count (root, EVENT_ENTRIES_SHOTS) == 0) {
    set_error (self, error,
               "the %s “%s” cannot be removed, expected one source and one shot to be left",
               get_word (entries), id);
    return FALSE;
  }
  return apply (self, root, error);
}

/**
 * event_file_move:
 * @self: an event
 * @entries: which list
 * @id: an entry's id
 * @index: its new place, from 0; one beyond the last is the last
 *
 * Fails with `EVENT_ERROR_INVALID` when there is no such entry.
 *
 * Returns: whether it is there
 */
gboolean
event_file_move (EventFile *self, EventEntries entries, const char *id, int index, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  int from = -1;

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  from = find (self, entries, id, error);
  if (from < 0)
    return FALSE;
  root = event_edit_copy (self->root);
  event_edit_move (root, entries, from, index);
  return apply (self, root, error);
}

/* Merges @json into the section of that name. */
static gboolean
edit_section (EventFile *self, const char *section, const char *json, GError **error)
{
  g_autoptr (JsonNode) changes = parse_entry (self, json, error);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonObject) wrapped = json_object_new ();

  if (changes == NULL)
    return FALSE;
  root = event_edit_copy (self->root);
  json_object_set_object_member (wrapped, section,
                                 json_object_ref (json_node_get_object (changes)));
  event_edit_merge (json_node_get_object (root), wrapped);
  return apply (self, root, error);
}

/**
 * event_file_edit_recording:
 * @self: an event
 * @json: an object that is merged into the section `recording`, as [method@Event.File.edit] does
 *
 * Fails as [method@Event.File.add] does.
 *
 * Returns: whether it is as asked for
 */
gboolean
event_file_edit_recording (EventFile *self, const char *json, GError **error)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  return edit_section (self, "recording", json, error);
}

/**
 * event_file_edit_guests:
 * @self: an event
 * @json: an object that is merged into the section `guests`, as [method@Event.File.edit] does
 *
 * Fails as [method@Event.File.add] does.
 *
 * Returns: whether it is as asked for
 */
gboolean
event_file_edit_guests (EventFile *self, const char *json, GError **error)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  return edit_section (self, "guests", json, error);
}

/**
 * event_file_edit_posts:
 * @self: an event
 * @json: an object that is merged into the section `posts`, as [method@Event.File.edit] does
 *
 * Fails as [method@Event.File.add] does.
 *
 * Returns: whether it is as asked for
 */
gboolean
event_file_edit_posts (EventFile *self, const char *json, GError **error)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  return edit_section (self, "posts", json, error);
}
