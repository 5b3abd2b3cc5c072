/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_FIELD (console_field_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleField, console_field, CONSOLE, FIELD, AdwBin)

/* Returns: (transfer full) (nullable): what is wrong with @text, in a sentence; NULL: nothing */
typedef char *(*ConsoleFieldCheck) (const char *text, gpointer user_data);

/* Properties: "title" string, what the field is · "hint" string, nullable, said under it while nothing
 * is wrong · "placeholder" string · "entry" ConsoleEntry, nullable, and "path": where it is kept ·
 * "optional" boolean: nothing is a good answer · "text" string, as typed, without spaces around it ·
 * "secret" boolean, construct-only: it is masked ·
 * "valid" boolean, read-only: there is nothing wrong with it
 * Signal "activated": Enter was pressed and it is valid. */
GtkWidget *console_field_new (const char *title, const char *placeholder);
void console_field_set_check (ConsoleField *self, ConsoleFieldCheck check, gpointer user_data);
void console_field_check (ConsoleField *self);
void console_field_forget (char *text);
char *console_field_get_text (ConsoleField *self);
void console_field_set_text (ConsoleField *self, const char *text);
gboolean console_field_get_valid (ConsoleField *self);

G_END_DECLS
