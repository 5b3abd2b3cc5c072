/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* What an operator does with a destination while the show goes on, or before it. */

static void
retry_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  EngineOutput *output =
    _show_session_find_output (self, g_variant_get_string (parameter, NULL), &error);
  const gboolean done = output != NULL && show_air_retry_output (self->air, output, &error);

  _show_actions_finish (self, done, error);
}

static void
test_destination_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  EngineOutput *output =
    _show_session_find_output (self, g_variant_get_string (parameter, NULL), &error);
  const gboolean done = output != NULL && show_air_test_output (self->air, output, &error);

  _show_actions_finish (self, done, error);
}

/**
 * _show_actions_add_destinations:
 * @self: a session
 *
 * Adds the actions for destinations.
 */
void
_show_actions_add_destinations (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "retry-destination", retry_destination_activated, "s", NULL, NULL, { 0 } },
    { "test-destination", test_destination_activated, "s", NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}
