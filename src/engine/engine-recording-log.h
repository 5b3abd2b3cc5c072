/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * EngineRecordingPart:
 * @path: the file, absolute
 * @starts_ns: where it begins in the recording, whose first part begins at 0; what the part before
 *   holds after this time is here once more
 * @wall_us: the same as a time of the day: microseconds since 1970, UTC
 */
typedef struct {
  char *path;
  gint64 starts_ns;
  gint64 wall_us;
} EngineRecordingPart;

void engine_recording_part_free (EngineRecordingPart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineRecordingPart, engine_recording_part_free)

#define ENGINE_TYPE_RECORDING_LOG (engine_recording_log_get_type ())
G_DECLARE_FINAL_TYPE (EngineRecordingLog, engine_recording_log, ENGINE, RECORDING_LOG, GObject)

/* Main thread only, but for engine_recording_log_load (). Signal: "changed" (), after any change. */
EngineRecordingLog *engine_recording_log_new (const char *title, gint64 started_us);
EngineRecordingLog *engine_recording_log_load (const char *path, GError **error);

const char *engine_recording_log_get_path (EngineRecordingLog *self);
const char *engine_recording_log_get_title (EngineRecordingLog *self);
gint64 engine_recording_log_get_started_us (EngineRecordingLog *self);

void engine_recording_log_add_part (EngineRecordingLog *self, const char *path, gint64 starts_ns,
                                    gint64 wall_us);
void engine_recording_log_remove_part (EngineRecordingLog *self, const char *path);
GPtrArray *engine_recording_log_get_parts (EngineRecordingLog *self);

void engine_recording_log_set_talks (EngineRecordingLog *self, JsonArray *talks);
JsonArray *engine_recording_log_get_talks (EngineRecordingLog *self);
void engine_recording_log_set_finished (EngineRecordingLog *self, gboolean finished);
gboolean engine_recording_log_get_finished (EngineRecordingLog *self);

void engine_recording_log_save (EngineRecordingLog *self);
void engine_recording_log_delete (EngineRecordingLog *self);

G_END_DECLS
