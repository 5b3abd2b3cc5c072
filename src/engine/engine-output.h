/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_OUTPUT (engine_output_get_type ())
G_DECLARE_FINAL_TYPE (EngineOutput, engine_output, ENGINE, OUTPUT, GObject)

/* Properties, all on the main thread:
 *   "id", "title"                            strings
 *   "state" EngineOutputState, "error"       GError, nullable: why it is waiting or refused
 *   "bytes-sent"                             uint64, about once a second while it sends
 *   "retry-in-s"                             uint: while waiting, seconds to the next try
 *   "on-backup"                              boolean: this try goes to the backup's address
 *   "missed-ms"                              int64: what it has missed since it was started
 *   "upload"                                 notifies only: see engine_output_get_upload ()
 * Signals: "measured" (), once a second while it is started: what its uplink does may have changed;
 * "missed" (gint64 begin_ns, gint64 length_ms): a gap is over, in show time.
 * Signals of the live page's output: "init-segment" (GBytes, char *codecs), then "segment" (GBytes,
 * gint64 duration_us) for each two seconds. */
gboolean engine_output_is_configured_as (EngineOutput *self, const EngineOutputConfig *config);
const char *engine_output_get_id (EngineOutput *self);
EngineOutputKind engine_output_get_kind (EngineOutput *self);
const char *engine_output_get_title (EngineOutput *self);
EngineOutputState engine_output_get_state (EngineOutput *self);
const GError *engine_output_get_error (EngineOutput *self);
guint64 engine_output_get_bytes_sent (EngineOutput *self);
guint engine_output_get_n_reconnects (EngineOutput *self);
guint engine_output_get_retry_in_s (EngineOutput *self);
gboolean engine_output_get_on_backup (EngineOutput *self);
void engine_output_retry_now (EngineOutput *self);

gboolean engine_output_get_uplink (EngineOutput *self, EngineUplink *uplink);
gint64 engine_output_get_missed_ms (EngineOutput *self);
GArray *engine_output_get_gaps (EngineOutput *self);
const EngineUpload *engine_output_get_upload (EngineOutput *self);
const GError *engine_output_get_upload_error (EngineOutput *self);

G_END_DECLS
