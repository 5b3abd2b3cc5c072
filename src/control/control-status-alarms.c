/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-alarms.h"

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
 * control_status_add_alarms:
 * @builder: within the object of the status line
 * @session: a session
 *
 * Adds `alarms`, the worst first.
 */
void
control_status_add_alarms (JsonBuilder *builder, ShowSession *session)
{
  GListModel *alarms = show_session_get_alarms (session);

  json_builder_set_member_name (builder, "alarms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);
    EngineSource *source = show_alarm_get_source (alarm);
    ShowShot *shot = show_alarm_get_shot (alarm);

    json_builder_begin_object (builder);
    add_string (builder, "id", show_alarm_get_id (alarm));
    add_string (builder, "kind",
                engine_enum_get_nick (SHOW_TYPE_ALARM_KIND, (int) show_alarm_get_kind (alarm)));
    add_string (builder, "severity",
                engine_enum_get_nick (SHOW_TYPE_SEVERITY, (int) show_alarm_get_severity (alarm)));
    add_string (builder, "source", source != NULL ? engine_source_get_id (source) : NULL);
    json_builder_set_member_name (builder, "since-ms");
    json_builder_add_int_value (builder, (gint64) show_alarm_get_since_ms (alarm));
    add_string (builder, "help",
                engine_enum_get_nick (SHOW_TYPE_HELP, (int) show_alarm_get_help (alarm)));
    add_string (builder, "shot", shot != NULL ? show_shot_get_id (shot) : NULL);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}
