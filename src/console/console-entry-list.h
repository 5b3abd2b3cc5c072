/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_ENTRY_LIST (console_entry_list_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleEntryList, console_entry_list, CONSOLE, ENTRY_LIST, AdwBin)

void console_entry_list_fill (ConsoleEntryList *self, ShowSession *session, ConsoleEntryKind kind);
void console_entry_list_select (ConsoleEntryList *self, const char *id);
void console_entry_list_select_none (ConsoleEntryList *self);
const char *console_entry_list_get_selected (ConsoleEntryList *self);

G_END_DECLS
