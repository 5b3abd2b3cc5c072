/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* What an operator can do with an alarm. */

static void
dismiss_alarm_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const gboolean done =
    show_alarms_dismiss (self->alarms, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (self, done, error);
}

static void
help_alarm_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const gboolean done =
    show_alarms_help (self->alarms, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (self, done, error);
}

static void
light_previews_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  engine_program_set_light_previews (self->program, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

/**
 * _show_actions_add_alarms:
 * @self: a session with its alarms
 *
 * Adds to the session's group of actions.
 */
void
_show_actions_add_alarms (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "dismiss-alarm", dismiss_alarm_activated, "s", NULL, NULL, { 0 } },
    { "help-alarm", help_alarm_activated, "s", NULL, NULL, { 0 } },
    { "light-previews", NULL, NULL, "false", light_previews_changed, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}
