/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-recording.h"

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
add_parts (JsonBuilder *builder, EngineRecording *recording)
{
  GPtrArray *parts = engine_recording_get_parts (recording); /* nullable */

  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    const EngineRecordingPart *part = parts->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "path", part->path);
    json_builder_set_member_name (builder, "starts-ms");
    json_builder_add_int_value (builder, part->starts_ns / 1000000);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_extra (const char *source_id, const char *path, const GError *error, gpointer user_data)
{
  JsonBuilder *builder = user_data;

  json_builder_begin_object (builder);
  add_string (builder, "source", source_id);
  add_string (builder, "path", path);
  add_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (builder);
}

static void
add_state (JsonBuilder *builder, EngineRecording *recording)
{
  add_string (builder, "state",
              engine_enum_get_nick (ENGINE_TYPE_RECORDING_STATE,
                                    (int) engine_recording_get_state (recording)));
}

/* The program without graphics. */
static void
add_clean (JsonBuilder *builder, EngineProgram *program)
{
  EngineRecording *recording = engine_program_get_clean_recording (program);
  const GError *error = engine_recording_get_error (recording);

  json_builder_set_member_name (builder, "clean");
  json_builder_begin_object (builder);
  add_state (builder, recording);
  add_string (builder, "error", error != NULL ? error->message : NULL);
  add_string (builder, "path", engine_recording_get_path (recording));
  json_builder_set_member_name (builder, "frames-dropped");
  json_builder_add_int_value (builder, engine_program_get_clean_dropped (program));
  json_builder_end_object (builder);
}

/* Adds the object `recording`. */
void
_control_status_add_recording (JsonBuilder *builder, ShowSession *session)
{
  EngineRecording *recording = show_session_get_recording (session);
  const GError *error = engine_recording_get_error (recording);
  const gint64 left_s = engine_recording_get_left_s (recording);
  const char *code = NULL;

  if (error != NULL)
    code = error->domain == ENGINE_ERROR ? engine_enum_get_nick (ENGINE_TYPE_ERROR, error->code)
                                         : g_quark_to_string (error->domain);
  json_builder_set_member_name (builder, "recording");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "enabled");
  json_builder_add_boolean_value (
    builder, event_file_get_recording (show_session_get_event (session))->enabled);
  add_state (builder, recording);
  add_string (builder, "error-code", code);
  add_string (builder, "error", error != NULL ? error->message : NULL);
  add_string (builder, "path", engine_recording_get_path (recording));
  add_string (builder, "folder", engine_recording_get_folder (recording));
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, (gint64) engine_recording_get_bytes_written (recording));
  json_builder_set_member_name (builder, "left-s");
  if (left_s >= 0)
    json_builder_add_int_value (builder, left_s);
  else
    json_builder_add_null_value (builder);
  add_parts (builder, recording);
  add_clean (builder, show_session_get_program (session));
  json_builder_set_member_name (builder, "extras");
  json_builder_begin_array (builder);
  engine_program_list_extras (show_session_get_program (session), add_extra, builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}
