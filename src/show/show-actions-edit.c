/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* Editing the event while it runs. An edit takes effect as a whole or not at all; one that the event
 * does not allow is told by "action-failed", in the words of the event file's reader. */

/* There is nothing of that name: the same sentence as from other actions. Or it is not to be changed
 * now. */
static gboolean
check_id (ShowSession *self, EventEntries entries, const char *id, GError **error)
{
  switch (entries) {
  case EVENT_ENTRIES_SOURCES:
    return _show_session_find_source (self, id, error) != NULL;
  case EVENT_ENTRIES_SHOTS:
    return _show_session_find_shot (self, id, error) != NULL;
  case EVENT_ENTRIES_DESTINATIONS:
    return _show_session_check_destination (self, id, error);
  }
  g_return_val_if_reached (FALSE);
}

static const char *
name_entry (EventEntries entries)
{
  switch (entries) {
  case EVENT_ENTRIES_SOURCES:
    return "source";
  case EVENT_ENTRIES_SHOTS:
    return "shot";
  case EVENT_ENTRIES_DESTINATIONS:
    return "destination";
  }
  g_return_val_if_reached (NULL);
}

/* What was changed is in the journal: later somebody may wonder why the show looked different. */
static void
note (ShowSession *self, EventEntries entries, const char *id, const char *what)
{
  show_journal_add (self->journal, "edit", id, "the %s “%s” was %s", name_entry (entries), id,
                    what);
}

static void
add (ShowSession *self, EventEntries entries, GVariant *parameter)
{
  GError *error = NULL;
  const gboolean done = event_file_add (show_session_get_event (self), entries,
                                        g_variant_get_string (parameter, NULL), &error);

  if (done)
    show_journal_add (self->journal, "edit", NULL, "a %s was added", name_entry (entries));
  _show_actions_finish (self, done, error);
}

static void
edit (ShowSession *self, EventEntries entries, GVariant *parameter)
{
  GError *error = NULL;
  const char *id = NULL, *json = NULL;
  gboolean done = FALSE;

  g_variant_get (parameter, "(&s&s)", &id, &json);
  done = check_id (self, entries, id, &error) &&
         event_file_edit (show_session_get_event (self), entries, id, json, &error);
  if (done)
    note (self, entries, id, "changed");
  _show_actions_finish (self, done, error);
}

static void
drop (ShowSession *self, EventEntries entries, GVariant *parameter)
{
  GError *error = NULL;
  const char *id = g_variant_get_string (parameter, NULL);
  const gboolean done = check_id (self, entries, id, &error) &&
                        event_file_remove (show_session_get_event (self), entries, id, &error);

  if (done)
    note (self, entries, id, "removed");
  _show_actions_finish (self, done, error);
}

static void
move (ShowSession *self, EventEntries entries, GVariant *parameter)
{
  GError *error = NULL;
  const char *id = NULL;
  gint32 index = 0;
  gboolean done = FALSE;

  g_variant_get (parameter, "(&si)", &id, &index);
  done = check_id (self, entries, id, &error) &&
         event_file_move (show_session_get_event (self), entries, id, index, &error);
  _show_actions_finish (self, done, error);
}

static void
add_source_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  add (user_data, EVENT_ENTRIES_SOURCES, parameter);
}

static void
edit_source_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  edit (user_data, EVENT_ENTRIES_SOURCES, parameter);
}

static void
remove_source_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  drop (user_data, EVENT_ENTRIES_SOURCES, parameter);
}

static void
move_source_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  move (user_data, EVENT_ENTRIES_SOURCES, parameter);
}

static void
add_shot_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  add (user_data, EVENT_ENTRIES_SHOTS, parameter);
}

static void
edit_shot_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  edit (user_data, EVENT_ENTRIES_SHOTS, parameter);
}

static void
remove_shot_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  drop (user_data, EVENT_ENTRIES_SHOTS, parameter);
}

static void
move_shot_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  move (user_data, EVENT_ENTRIES_SHOTS, parameter);
}

static void
add_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  add (user_data, EVENT_ENTRIES_DESTINATIONS, parameter);
}

static void
edit_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  edit (user_data, EVENT_ENTRIES_DESTINATIONS, parameter);
}

static void
remove_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  drop (user_data, EVENT_ENTRIES_DESTINATIONS, parameter);
}

static void
move_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *id = NULL;
  gint32 index = 0;
  GError *error = NULL;
  gboolean done = FALSE;

  /* Its place in the list changes nothing that is sent. */
  g_variant_get (parameter, "(&si)", &id, &index);
  done = event_file_move (show_session_get_event (user_data), EVENT_ENTRIES_DESTINATIONS, id, index,
                          &error);
  _show_actions_finish (user_data, done, error);
}

/* A section of the event that is no list was edited, or could not be. */
static void
finish_section (ShowSession *self, gboolean done, const char *text, GError *error)
{
  if (done)
    show_journal_add (self->journal, "edit", NULL, "%s", text);
  _show_actions_finish (self, done, error);
}

static void
edit_recording_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = event_file_edit_recording (show_session_get_event (user_data),
                                                   g_variant_get_string (parameter, NULL), &error);

  finish_section (user_data, done, "how the show is recorded was changed", error);
}

static void
edit_guests_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = event_file_edit_guests (show_session_get_event (user_data),
                                                g_variant_get_string (parameter, NULL), &error);

  finish_section (user_data, done, "how guests reach the show was changed", error);
}

static void
save_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_save (user_data, NULL, &error);

  _show_actions_finish (user_data, done, error);
}

static void
save_as_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done =
    _show_session_save (user_data, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (user_data, done, error);
}

static void
update_save (ShowSession *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "save");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), show_session_get_savable (self));
}

/**
 * _show_actions_add_edit:
 * @self: a session
 *
 * Adds the actions that edit the event.
 */
void
_show_actions_add_edit (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "add-source", add_source_activated, "s", NULL, NULL, { 0 } },
    { "edit-source", edit_source_activated, "(ss)", NULL, NULL, { 0 } },
    { "remove-source", remove_source_activated, "s", NULL, NULL, { 0 } },
    { "move-source", move_source_activated, "(si)", NULL, NULL, { 0 } },
    { "add-shot", add_shot_activated, "s", NULL, NULL, { 0 } },
    { "edit-shot", edit_shot_activated, "(ss)", NULL, NULL, { 0 } },
    { "remove-shot", remove_shot_activated, "s", NULL, NULL, { 0 } },
    { "move-shot", move_shot_activated, "(si)", NULL, NULL, { 0 } },
    { "add-destination", add_destination_activated, "s", NULL, NULL, { 0 } },
    { "edit-destination", edit_destination_activated, "(ss)", NULL, NULL, { 0 } },
    { "remove-destination", remove_destination_activated, "s", NULL, NULL, { 0 } },
    { "move-destination", move_destination_activated, "(si)", NULL, NULL, { 0 } },
    { "edit-recording", edit_recording_activated, "s", NULL, NULL, { 0 } },
    { "edit-guests", edit_guests_activated, "s", NULL, NULL, { 0 } },
    { "save", save_activated, NULL, NULL, NULL, { 0 } },
    { "save-as", save_as_activated, "s", NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect (self, "notify::savable", G_CALLBACK (update_save), NULL);
  update_save (self);
}
