/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "event-types.h"

G_BEGIN_DECLS

/* For this room only. Changes to the tree of an event file; whether the event is still right is for
 * event_contents_new () to say. */

JsonNode *event_edit_copy (JsonNode *root);
void event_edit_merge (JsonObject *object, JsonObject *changes);
guint event_edit_count (JsonNode *root, EventEntries entries);
int event_edit_find (JsonNode *root, EventEntries entries, const char *id);
JsonObject *event_edit_get (JsonNode *root, EventEntries entries, int index);
void event_edit_append (JsonNode *root, EventEntries entries, JsonObject *entry);
void event_edit_move (JsonNode *root, EventEntries entries, int from, int to);
void event_edit_remove (JsonNode *root, EventEntries entries, int index);
void event_edit_move_paths (JsonNode *root, const char *old_folder);

G_END_DECLS
