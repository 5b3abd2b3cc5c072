/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* Who keeps an eye on a session, and its journal. */

/**
 * _show_session_prepare_watch:
 * @self: a session whose lists and actions are filled
 */
void
_show_session_prepare_watch (ShowSession *self)
{
  self->alarms = show_alarms_new (self);
  self->journal = show_journal_new ();
  self->reporter = show_reporter_new (self, self->alarms, self->journal);
  _show_actions_add_alarms (self);
}

void
_show_session_clear_watch (ShowSession *self)
{
  g_clear_object (&self->reporter);
  g_clear_object (&self->journal);
  g_clear_object (&self->alarms);
}

/**
 * show_session_get_alarms:
 * @self: a session
 *
 * Returns: (transfer none): of ShowAlarm: what the operator has to know of, the worst first
 */
GListModel *
show_session_get_alarms (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_alarms_get_list (self->alarms);
}

/**
 * show_session_note:
 * @self: a session
 * @kind: one word
 * @text: an English sentence
 *
 * For what happens around the show and belongs into its journal.
 */
void
show_session_note (ShowSession *self, const char *kind, const char *text)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  show_journal_add (self->journal, kind, NULL, "%s", text);
}

/**
 * show_session_get_journal:
 * @self: a session
 *
 * Returns: (transfer none): of ShowJournalEntry: what happened, the newest last, 2000 at the most
 */
GListModel *
show_session_get_journal (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_journal_get_entries (self->journal);
}
