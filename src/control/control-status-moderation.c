/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-moderation.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * control_status_add_moderation:
 * @builder: within an object
 * @session: a session
 *
 * Adds `moderation`: who may sort posts from a browser, and by which link.
 */
void
control_status_add_moderation (JsonBuilder *builder, ShowSession *session)
{
  ModpageRoom *room = show_session_get_moderation (session);
  const GError *error = room != NULL ? modpage_room_get_error (room) : NULL;
  g_autoptr (GEnumClass) reaches = g_type_class_ref (MODPAGE_TYPE_REACH);
  const ModpageReach reach = room != NULL ? modpage_room_get_reach (room) : MODPAGE_REACH_CLOSED;

  json_builder_set_member_name (builder, "moderation");
  json_builder_begin_object (builder);
  add_string (builder, "reach", g_enum_get_value (reaches, (int) reach)->value_nick);
  add_string (builder, "link", room != NULL ? modpage_room_get_link (room) : NULL);
  json_builder_set_member_name (builder, "moderators");
  json_builder_add_int_value (builder, room != NULL ? modpage_room_get_n_moderators (room) : 0);
  json_builder_set_member_name (builder, "may-show");
  json_builder_add_boolean_value (builder, room != NULL && modpage_room_get_may_show (room));
  add_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (builder);
}
