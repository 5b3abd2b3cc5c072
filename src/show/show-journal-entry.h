/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SHOW_TYPE_JOURNAL_ENTRY (show_journal_entry_get_type ())
G_DECLARE_FINAL_TYPE (ShowJournalEntry, show_journal_entry, SHOW, JOURNAL_ENTRY, GObject)

/* One line of the journal; does not change. Properties: "time" GDateTime, local · "live-ms" int64: since
 * the show went live; −1: it was not · "kind" string, such as "cut" · "id" string, nullable: of what it
 * is about · "text" string: an English sentence */
ShowJournalEntry *show_journal_entry_new (GDateTime *time, gint64 live_ms, const char *kind,
                                          const char *id, const char *text);
GDateTime *show_journal_entry_get_time (ShowJournalEntry *self);
gint64 show_journal_entry_get_live_ms (ShowJournalEntry *self);
const char *show_journal_entry_get_kind (ShowJournalEntry *self);
const char *show_journal_entry_get_id (ShowJournalEntry *self);
const char *show_journal_entry_get_text (ShowJournalEntry *self);

char *show_journal_entry_to_text (ShowJournalEntry *self);
char *show_journal_entry_to_json (ShowJournalEntry *self);

G_END_DECLS
