/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-graphics.h"

/* What graphics are is what the states of their actions say. */
static void
add_state (JsonBuilder *builder, const char *member, GActionGroup *actions, const char *action)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (actions, action);
  g_autoptr (JsonNode) node = json_gvariant_serialize (state);

  json_builder_set_member_name (builder, member);
  json_builder_add_value (builder, g_steal_pointer (&node));
}

/**
 * control_status_add_graphics:
 * @builder: (inout): within the object of the status line
 * @session: a session
 *
 * Adds what is laid over the picture.
 */
void
control_status_add_graphics (JsonBuilder *builder, ShowSession *session)
{
  static const struct {
    const char *member;
    const char *action;
  } parts[] = {
    { "name", "show-talk" },           { "name-style", "name-style" },
    { "post", "show-post" },           { "clock", "show-clock" },
    { "live-mark", "show-live-mark" }, { "countdown", "show-countdown" },
    { "draft-name", "draft-name" },    { "draft-post", "draft-post" },
  };

  json_builder_set_member_name (builder, "graphics");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    add_state (builder, parts[i].member, show_session_get_actions (session), parts[i].action);
  json_builder_end_object (builder);
}
