/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-encode.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_kbps (JsonBuilder *builder, const char *name, int bps)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, bps / 1000);
}

static void
add_tried (JsonBuilder *builder, EngineProgram *program)
{
  g_autoptr (GPtrArray) refusals = engine_program_get_encoder_refusals (program);

  json_builder_set_member_name (builder, "encoder-tried");
  json_builder_begin_array (builder);
  for (guint i = 0; i < refusals->len; i++) {
    const EngineRefusal *refusal = refusals->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "name", refusal->factory);
    add_string (builder, "reason", refusal->reason);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/**
 * control_status_add_encode:
 * @builder: in the object of the program
 * @session: a session
 *
 * How the program is encoded, and why.
 */
void
control_status_add_encode (JsonBuilder *builder, ShowSession *session)
{
  EngineProgram *program = show_session_get_program (session);
  const char *const *plan = show_session_get_plan (session);

  add_string (builder, "encoder", engine_program_get_encoder_name (program));
  add_string (builder, "encoder-preset", engine_program_get_encoder_preset (program));
  add_tried (builder, program);
  add_kbps (builder, "video-kbps", engine_program_get_video_bps (program));
  add_kbps (builder, "second-kbps", engine_program_get_second_bps (program));
  add_kbps (builder, "recording-kbps", engine_program_get_recording_bps (program));
  json_builder_set_member_name (builder, "plan");
  json_builder_begin_array (builder);
  for (guint i = 0; plan[i] != NULL; i++)
    json_builder_add_string_value (builder, plan[i]);
  json_builder_end_array (builder);
}
