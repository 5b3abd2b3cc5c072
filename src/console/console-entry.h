/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  CONSOLE_ENTRY_SOURCE,
  CONSOLE_ENTRY_SHOT,
  CONSOLE_ENTRY_DESTINATION,
  CONSOLE_ENTRY_RECORDING, /* there is one only, and it has no id */
  CONSOLE_ENTRY_GUESTS,    /* the same */
} ConsoleEntryKind;

#define CONSOLE_TYPE_ENTRY (console_entry_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleEntry, console_entry, CONSOLE, ENTRY, GObject)

GListModel *console_entry_get_list (ShowSession *session, ConsoleEntryKind kind);
ConsoleEntry *console_entry_new (ShowSession *session, ConsoleEntryKind kind, const char *id);
const char *console_entry_get_id (ConsoleEntry *self);
ShowSession *console_entry_get_session (ConsoleEntry *self);
gboolean console_entry_exists (ConsoleEntry *self);

JsonNode *console_entry_get (ConsoleEntry *self, const char *path);
const char *console_entry_get_string (ConsoleEntry *self, const char *path, const char *fallback);
double console_entry_get_number (ConsoleEntry *self, const char *path, double fallback);
gboolean console_entry_get_boolean (ConsoleEntry *self, const char *path, gboolean fallback);
char **console_entry_get_strings (ConsoleEntry *self, const char *path);

void console_entry_set (ConsoleEntry *self, const char *path, JsonNode *value);
void console_entry_set_string (ConsoleEntry *self, const char *path, const char *value);
void console_entry_set_strings (ConsoleEntry *self, const char *path, const char *const *values);
void console_entry_flush (ConsoleEntry *self);

G_END_DECLS
