/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "control-status-destinations.h"

/* The newest ones: a status line is no log. */
#define MAX_GAPS 20u

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* Below 0 it is not known. */
static void
add_known (JsonBuilder *builder, const char *name, double value, double unit)
{
  json_builder_set_member_name (builder, name);
  if (value < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, round (value / unit) * unit);
}

static void
add_uplink (JsonBuilder *builder, EngineOutput *output)
{
  EngineUplink uplink = { 0 };

  json_builder_set_member_name (builder, "uplink");
  if (!engine_output_get_uplink (output, &uplink)) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  add_int (builder, "queue-ms", (gint64) uplink.queue_ms);
  add_known (builder, "rtt-ms", uplink.rtt_ms, 0.01);
  add_int (builder, "sent-kbps", (gint64) (uplink.sent_bps / 1000));
  add_known (builder, "lost", uplink.lost_share, 0.0001);
  json_builder_set_member_name (builder, "congested");
  json_builder_add_boolean_value (builder, uplink.congested);
  json_builder_end_object (builder);
}

static void
add_gaps (JsonBuilder *builder, EngineOutput *output)
{
  GArray *gaps = engine_output_get_gaps (output);

  json_builder_set_member_name (builder, "gaps");
  json_builder_begin_array (builder);
  for (guint i = gaps->len > MAX_GAPS ? gaps->len - MAX_GAPS : 0; i < gaps->len; i++) {
    const EngineGap *gap = &g_array_index (gaps, EngineGap, i);
    g_autoptr (GDateTime) begin =
      g_date_time_new_from_unix_local (gap->begin_real_us / G_USEC_PER_SEC);
    g_autofree char *time = g_date_time_format_iso8601 (begin);

    json_builder_begin_object (builder);
    add_int (builder, "show-ms", gap->begin_ns / 1000000);
    add_string (builder, "time", time);
    add_int (builder, "length-ms", gap->length_ms);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_test (JsonBuilder *builder, EngineOutput *output)
{
  const EngineUpload *upload = engine_output_get_upload (output);
  const GError *error = engine_output_get_upload_error (output);

  json_builder_set_member_name (builder, "test");
  if (upload->verdict == ENGINE_VERDICT_NONE) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  add_string (builder, "verdict",
              engine_enum_get_nick (ENGINE_TYPE_VERDICT, (int) upload->verdict));
  add_int (builder, "left-s", upload->left_s);
  add_int (builder, "wanted-kbps", (gint64) (upload->wanted_bps / 1000));
  add_int (builder, "sent-kbps", (gint64) (upload->sent_bps / 1000));
  add_int (builder, "max-queue-ms", (gint64) upload->max_queue_ms);
  add_known (builder, "rtt-ms", upload->rtt_ms, 0.01);
  add_known (builder, "lost", upload->lost_share, 0.0001);
  json_builder_set_member_name (builder, "error");
  if (error != NULL)
    json_builder_add_string_value (builder, error->message);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

/* Adds the members of a destination that are about its way there. */
void
control_status_add_destination (JsonBuilder *builder, EngineOutput *output)
{
  add_string (builder, "kind",
              engine_enum_get_nick (ENGINE_TYPE_OUTPUT_KIND,
                                    (int) engine_output_get_kind (output)));
  json_builder_set_member_name (builder, "on-backup");
  json_builder_add_boolean_value (builder, engine_output_get_on_backup (output));
  add_int (builder, "retry-in-s", engine_output_get_retry_in_s (output));
  add_int (builder, "missed-ms", engine_output_get_missed_ms (output));
  add_gaps (builder, output);
  add_uplink (builder, output);
  add_test (builder, output);
}
