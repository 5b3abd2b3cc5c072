/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-journal-entry.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SHOW_TYPE_JOURNAL (show_journal_get_type ())
G_DECLARE_FINAL_TYPE (ShowJournal, show_journal, SHOW, JOURNAL, GObject)

/* What happened in a show: the last 2000 entries in memory, and all of the time on air beside the
 * recording. Main thread only. Property "broken" boolean: the files cannot be written. */
ShowJournal *show_journal_new (void);
void show_journal_add (ShowJournal *self, const char *kind, const char *id, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
void show_journal_begin (ShowJournal *self);
void show_journal_set_recording (ShowJournal *self, const char *path);
void show_journal_end (ShowJournal *self);
GListModel *show_journal_get_entries (ShowJournal *self);
gboolean show_journal_get_broken (ShowJournal *self);

G_END_DECLS
