/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-actions.h"

/**
 * control_export_actions:
 * @map: an application, which has its actions on D-Bus as `org.gtk.Actions`
 * @group: a show's actions
 *
 * Puts the show's actions into the application, where others find them.
 */
void
control_export_actions (GActionMap *map, GActionGroup *group)
{
  g_auto (GStrv) names = g_action_group_list_actions (group);

  for (guint i = 0; names[i] != NULL; i++)
    g_action_map_add_action (map, g_action_map_lookup_action (G_ACTION_MAP (group), names[i]));
}

/**
 * control_unexport_actions:
 * @map: an application
 * @group: a show's actions
 *
 * Takes them out again.
 */
void
control_unexport_actions (GActionMap *map, GActionGroup *group)
{
  g_auto (GStrv) names = g_action_group_list_actions (group);

  for (guint i = 0; names[i] != NULL; i++)
    g_action_map_remove_action (map, names[i]);
}
