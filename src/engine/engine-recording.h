/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-recording-log.h"
#include "engine-types.h"

G_BEGIN_DECLS

/**
 * EngineRecordingConfig:
 * @folder: where the files go; made if it is not there
 * @second_folder: (nullable): where they go when they cannot go there
 * @title: what they are called, after date and time
 * @sources: whether each source is recorded as it comes, too
 * @tracks: whether each source's sound is recorded by itself, too
 * @resume: (nullable): the log of a recording that a crash has cut off: what is recorded now are its
 *   next parts
 *
 * How to record. All of it is borrowed.
 */
typedef struct {
  const char *folder;
  const char *second_folder;
  const char *title;
  const char *resume;
  gboolean sources;
  gboolean tracks;
} EngineRecordingConfig;

/**
 * EngineExtraFunc:
 * @source_id: the source
 * @path: (nullable): the file beside the recording that has it
 * @error: (nullable): why it is not recorded now
 * @user_data: what was given
 */
typedef void (*EngineExtraFunc) (const char *source_id, const char *path, const GError *error,
                                 gpointer user_data);

#define ENGINE_TYPE_RECORDING (engine_recording_get_type ())
G_DECLARE_FINAL_TYPE (EngineRecording, engine_recording, ENGINE, RECORDING, GObject)

/* Properties, all on the main thread:
 *   "state" EngineRecordingState, "error"  GError, nullable; of a degraded one as well: none says that
 *                                          its disk is nearly full
 *   "path"                                 string, nullable: the file being written, or the last one
 *   "folder"                               string, nullable: where it is
 *   "bytes-written"                        uint64, about once a second
 *   "left-s"                               int64: for how long there is room, −1 when that is not known
 *   "log" EngineRecordingLog, nullable     the parts of the recording, once something was recorded
 * Signal: "written" (EngineRecordingLog): it was stopped, and all its parts are on the disk. */
EngineRecordingState engine_recording_get_state (EngineRecording *self);
const GError *engine_recording_get_error (EngineRecording *self);
const char *engine_recording_get_path (EngineRecording *self);
const char *engine_recording_get_folder (EngineRecording *self);
guint64 engine_recording_get_bytes_written (EngineRecording *self);
gint64 engine_recording_get_left_s (EngineRecording *self);
EngineRecordingLog *engine_recording_get_log (EngineRecording *self);
GPtrArray *engine_recording_get_parts (EngineRecording *self);
gint64 engine_recording_get_position_ns (EngineRecording *self);

G_END_DECLS
