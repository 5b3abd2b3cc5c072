/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-exports.h"

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
add_export (JsonBuilder *builder, ShowExport *item)
{
  const GError *error = show_export_get_error (item);

  json_builder_begin_object (builder);
  add_string (builder, "kind",
              engine_enum_get_nick (SHOW_TYPE_EXPORT_KIND, (int) show_export_get_kind (item)));
  add_string (builder, "title", show_export_get_title (item));
  add_string (builder, "speakers", show_export_get_speakers (item));
  add_string (builder, "state",
              engine_enum_get_nick (SHOW_TYPE_EXPORT_STATE, (int) show_export_get_state (item)));
  json_builder_set_member_name (builder, "progress");
  json_builder_add_double_value (builder, show_export_get_progress (item));
  json_builder_set_member_name (builder, "start-ms");
  json_builder_add_int_value (builder, show_export_get_start_ms (item));
  json_builder_set_member_name (builder, "end-ms");
  json_builder_add_int_value (builder, show_export_get_end_ms (item));
  add_string (builder, "path", show_export_get_path (item));
  json_builder_set_member_name (builder, "duration-ms");
  json_builder_add_int_value (builder, show_export_get_duration_ms (item));
  json_builder_set_member_name (builder, "repaired");
  json_builder_add_boolean_value (builder, show_export_get_repaired (item));
  add_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (builder);
}

/**
 * control_status_add_exports:
 * @builder: within the object of the status line
 * @session: a session
 *
 * Adds `exports`: files that are made of recordings; their places are what actions take.
 */
void
control_status_add_exports (JsonBuilder *builder, ShowSession *session)
{
  GListModel *exports = show_session_get_exports (session);

  json_builder_set_member_name (builder, "exports");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (exports); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (exports, i);

    add_export (builder, item);
  }
  json_builder_end_array (builder);
}
