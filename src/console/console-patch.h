/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the dialogs ask the show to change in its event, as JSON. No widget, no state. */
JsonObject *console_patch_find_entry (const char *event_json, const char *list, const char *id);
JsonObject *console_patch_find_section (const char *event_json, const char *key);
JsonNode *console_patch_get (JsonObject *entry, const char *path);
void console_patch_set (JsonObject *patch, JsonObject *entry, const char *path, JsonNode *value);
char *console_patch_to_json (JsonObject *patch);
char *console_patch_make_id (const char *title, GListModel *items);
char *console_patch_new_source (const char *kind, const char *id, const char *title,
                                const char *value);
char *console_patch_new_shot (const char *id, const char *title, const char *source, guint key);

G_END_DECLS
