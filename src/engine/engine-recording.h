/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_RECORDING (engine_recording_get_type ())
G_DECLARE_FINAL_TYPE (EngineRecording, engine_recording, ENGINE, RECORDING, GObject)

/* Properties, all on the main thread:
 *   "state" EngineRecordingState, "error"  GError, nullable
 *   "path"                                 string, nullable: the file being written, or the last one
 *   "bytes-written"                        uint64, about once a second */
EngineRecordingState engine_recording_get_state (EngineRecording *self);
const GError *engine_recording_get_error (EngineRecording *self);
const char *engine_recording_get_path (EngineRecording *self);
guint64 engine_recording_get_bytes_written (EngineRecording *self);

G_END_DECLS
