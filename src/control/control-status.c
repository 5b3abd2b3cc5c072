/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <unistd.h>

#include "control-status-alarms.h"
#include "control-status-audience.h"
#include "control-status-destinations.h"
#include "control-status-encode.h"
#include "control-status-exports.h"
#include "control-status-graphics.h"
#include "control-status-guests.h"
#include "control-status-moderation.h"
#include "control-status-posts.h"
#include "control-status-recording.h"
#include "control-status-sound.h"
#include "control-status.h"

#include <json-glib/json-glib.h>

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
add_int (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

static void
add_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* Half a decibel is less than anybody hears, and prints well. */
static void
add_levels (JsonBuilder *builder, double left_db, double right_db)
{
  const double levels[] = { left_db, right_db };

  json_builder_set_member_name (builder, "peak-db");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    json_builder_add_double_value (builder, round (levels[i] * 2) / 2);
  json_builder_end_array (builder);
}

static void
add_error (JsonBuilder *builder, const GError *error)
{
  const char *code = NULL;

  if (error != NULL && error->domain == ENGINE_ERROR)
    code = engine_enum_get_nick (ENGINE_TYPE_ERROR, error->code);
  else if (error != NULL)
    code = g_quark_to_string (error->domain);
  add_string (builder, "error-code", code);
  add_string (builder, "error", error != NULL ? error->message : NULL);
}

/* Only a film comes to an end. */
static void
add_left (JsonBuilder *builder, EngineSource *source)
{
  const gint64 left_ms = engine_source_get_left_ms (source);

  json_builder_set_member_name (builder, "left-ms");
  if (left_ms >= 0)
    json_builder_add_int_value (builder, left_ms);
  else
    json_builder_add_null_value (builder);
}

static void
add_sources (JsonBuilder *builder, ShowSession *session)
{
  GListModel *sources = show_session_get_sources (session);

  json_builder_set_member_name (builder, "sources");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);
    double left_db = 0, right_db = 0;

    engine_source_get_levels (source, &left_db, &right_db);
    json_builder_begin_object (builder);
    add_string (builder, "id", engine_source_get_id (source));
    add_string (builder, "title", engine_source_get_title (source));
    add_string (builder, "state",
                engine_enum_get_nick (ENGINE_TYPE_SOURCE_STATE,
                                      (int) engine_source_get_state (source)));
    add_error (builder, engine_source_get_error (source));
    add_string (builder, "description", engine_source_get_description (source));
    add_bool (builder, "frozen", engine_source_get_frozen (source));
    add_left (builder, source);
    add_int (builder, "page", engine_source_get_page (source));
    add_int (builder, "n-pages", engine_source_get_n_pages (source));
    add_bool (builder, "on-air", engine_source_get_on_air (source));
    add_bool (builder, "muted", engine_source_get_muted (source));
    add_levels (builder, left_db, right_db);
    control_status_add_source_sound (builder, source);
    control_status_add_guest (builder, session, source);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_shots (JsonBuilder *builder, ShowSession *session)
{
  GListModel *shots = show_session_get_shots (session);

  json_builder_set_member_name (builder, "shots");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    json_builder_begin_object (builder);
    add_string (builder, "id", show_shot_get_id (shot));
    add_string (builder, "title", show_shot_get_title (shot));
    add_int (builder, "key", show_shot_get_number (shot));
    add_bool (builder, "suggested", show_shot_get_suggested (shot));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_destinations (JsonBuilder *builder, ShowSession *session)
{
  GListModel *destinations = show_session_get_destinations (session);

  json_builder_set_member_name (builder, "destinations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (destinations, i);

    json_builder_begin_object (builder);
    add_string (builder, "id", engine_output_get_id (output));
    add_string (builder, "state",
                engine_enum_get_nick (ENGINE_TYPE_OUTPUT_STATE,
                                      (int) engine_output_get_state (output)));
    add_error (builder, engine_output_get_error (output));
    add_int (builder, "bytes", engine_output_get_bytes_sent (output));
    add_int (builder, "reconnects", engine_output_get_n_reconnects (output));
    control_status_add_destination (builder, output);
    control_status_add_audience (builder, session, engine_output_get_id (output));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_program (JsonBuilder *builder, ShowSession *session)
{
  EngineProgram *program = show_session_get_program (session);
  const EngineVideoMixerStats stats = engine_program_get_stats (program);
  ShowShot *on_air = show_session_get_on_air_shot (session);
  ShowShot *next = show_session_get_next_shot (session);
  double left_db = 0, right_db = 0;

  show_session_get_program_levels (session, &left_db, &right_db);
  json_builder_set_member_name (builder, "program");
  json_builder_begin_object (builder);
  add_bool (builder, "overloaded", show_session_get_overloaded (session));
  add_bool (builder, "paused", show_session_get_paused (session));
  add_string (builder, "on-air", on_air != NULL ? show_shot_get_id (on_air) : NULL);
  add_string (builder, "next", next != NULL ? show_shot_get_id (next) : NULL);
  control_status_add_encode (builder, session);
  add_int (builder, "mixed", stats.n_mixed);
  add_int (builder, "repeated", stats.n_repeated);
  add_int (builder, "halved", stats.n_halved);
  add_int (builder, "dropped", stats.n_dropped);
  add_levels (builder, left_db, right_db);
  control_status_add_program_sound (builder, program);
  json_builder_end_object (builder);
}

/**
 * control_status_to_json:
 * @session: a session
 * @final: this is the last line
 *
 * Returns: (transfer full): the state of the show as one line of JSON, as README.md documents it
 */
char *
control_status_to_json (ShowSession *session, gboolean final)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_bool (builder, "final", final);
  add_int (builder, "running-ms",
           engine_program_get_running_ms (show_session_get_program (session)));
  add_string (builder, "state",
              engine_enum_get_nick (SHOW_TYPE_STATE, (int) show_session_get_state (session)));
  add_int (builder, "pid", (guint64) getpid ());
  add_bool (builder, "resumed", show_session_get_resumed (session));
  add_bool (builder, "modified", show_session_get_modified (session));
  add_int (builder, "live-s", show_session_get_elapsed_s (session));
  add_program (builder, session);
  add_sources (builder, session);
  add_shots (builder, session);
  control_status_add_headphones (builder, show_session_get_program (session));
  add_destinations (builder, session);
  _control_status_add_recording (builder, session);
  control_status_add_posts (builder, session);
  control_status_add_moderation (builder, session);
  control_status_add_alarms (builder, session);
  control_status_add_exports (builder, session);
  control_status_add_graphics (builder, session);
  control_status_add_guests (builder, session);
  add_string (builder, "live-page", show_session_get_live_page_uri (session));
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Whether it is for others to come, and they may well go again; on air nobody may be missing. */
static gboolean
may_be_away (ShowSession *session, EngineSource *source)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (session));

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (g_str_equal (record->id, engine_source_get_id (source)))
      return (record->kind == EVENT_SOURCE_GUEST || record->kind == EVENT_SOURCE_WHIP) &&
             !engine_source_get_on_air (source);
  }
  return FALSE;
}

static gboolean
sources_are_good (ShowSession *session, char **reason)
{
  GListModel *sources = show_session_get_sources (session);

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);
    const GError *error = engine_source_get_error (source);

    if ((engine_source_get_state (source) == ENGINE_SOURCE_STATE_LIVE && error == NULL) ||
        may_be_away (session, source))
      continue;
    *reason = g_strdup_printf ("source “%s”: %s", engine_source_get_id (source),
                               error != NULL ? error->message : "nothing came in");
    return FALSE;
  }
  return TRUE;
}

static gboolean
destinations_are_good (ShowSession *session, char **reason)
{
  GListModel *destinations = show_session_get_destinations (session);

  for (guint i = 0; i < g_list_model_get_n_items (destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (destinations, i);
    const GError *error = engine_output_get_error (output);

    if (engine_output_get_state (output) == ENGINE_OUTPUT_STATE_LIVE)
      continue;
    *reason = g_strdup_printf ("destination “%s”: %s", engine_output_get_id (output),
                               error != NULL ? error->message : "never connected");
    return FALSE;
  }
  return TRUE;
}

/**
 * control_status_is_good:
 * @session: a session
 * @asked_for_live: whether it should be on air, or in rehearsal: then nothing is published
 * @reason: (out) (nullable): what does not work, in English
 *
 * Returns: whether everything that was asked for works now
 */
gboolean
control_status_is_good (ShowSession *session, gboolean asked_for_live, char **reason)
{
  EngineRecording *recording = show_session_get_recording (session);
  const GError *error = engine_recording_get_error (recording);

  *reason = NULL;
  if (!sources_are_good (session, reason))
    return FALSE;
  if (!asked_for_live)
    return TRUE;
  if (show_session_get_state (session) != SHOW_STATE_REHEARSAL &&
      !destinations_are_good (session, reason))
    return FALSE;
  if (!event_file_get_recording (show_session_get_event (session))->enabled)
    return TRUE;
  /* A disk that is slow, or nearly full, has all of it so far. */
  if (engine_recording_get_state (recording) == ENGINE_RECORDING_STATE_DEGRADED)
    error = NULL;
  if (error == NULL && engine_recording_get_bytes_written (recording) > 0)
    return TRUE;
  *reason =
    g_strdup_printf ("recording: %s", error != NULL ? error->message : "nothing was written");
  return FALSE;
}
