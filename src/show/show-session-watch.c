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
  self->audiences = show_audiences_new (self);
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
  g_clear_object (&self->audiences);
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
 * show_session_get_audiences:
 * @self: a session
 *
 * Returns: (transfer none): of EngineAudience: one for each destination that the event says where to
 *   watch
 */
GListModel *
show_session_get_audiences (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_audiences_get_list (self->audiences);
}

/**
 * show_session_get_audience:
 * @self: a session
 * @output_id: a destination's id
 *
 * Returns: (transfer none) (nullable): what is seen of it there; `NULL` if the event does not say where
 */
EngineAudience *
show_session_get_audience (ShowSession *self, const char *output_id)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_audiences_find (self->audiences, output_id);
}

/**
 * show_session_find_bad_audience:
 * @self: a session
 * @state: what is wrong there
 *
 * Returns: (transfer none) (nullable): a destination that we send to without trouble, and whose
 *   audience is in that state
 */
EngineOutput *
show_session_find_bad_audience (ShowSession *self, EngineAudienceState state)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_audiences_find_bad (self->audiences, state);
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
