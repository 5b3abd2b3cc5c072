/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SHOW_TYPE_JOURNAL_WRITER (show_journal_writer_get_type ())
G_DECLARE_FINAL_TYPE (ShowJournalWriter, show_journal_writer, SHOW, JOURNAL_WRITER, GObject)

/* Writes the two files of a journal in a thread of its own, so that a disk that hangs holds nobody up.
 * Property "broken" boolean, on the main thread: what should be written cannot be. */
ShowJournalWriter *show_journal_writer_new (const char *base_path);
void show_journal_writer_add (ShowJournalWriter *self, const char *text, const char *json);
gboolean show_journal_writer_finish (ShowJournalWriter *self, guint timeout_ms);
gboolean show_journal_writer_get_broken (ShowJournalWriter *self);

G_END_DECLS
