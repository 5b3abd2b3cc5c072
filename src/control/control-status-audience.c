/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-audience.h"

/**
 * control_status_add_audience:
 * @builder: within the object of a destination
 * @session: a session
 * @output_id: the destination's id
 *
 * Adds `audience`; null where the event does not say where it is watched.
 */
void
control_status_add_audience (JsonBuilder *builder, ShowSession *session, const char *output_id)
{
  EngineAudience *audience = show_session_get_audience (session, output_id);
  const GError *error = NULL;

  json_builder_set_member_name (builder, "audience");
  if (audience == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  error = engine_audience_get_error (audience);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "state");
  json_builder_add_string_value (builder,
                                 engine_enum_get_nick (ENGINE_TYPE_AUDIENCE_STATE,
                                                       (int) engine_audience_get_state (audience)));
  json_builder_set_member_name (builder, "delay-ms");
  json_builder_add_int_value (builder, engine_audience_get_delay_ms (audience));
  json_builder_set_member_name (builder, "error");
  if (error != NULL)
    json_builder_add_string_value (builder, error->message);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}
