/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

char *console_text_left (gint64 left_s);
char *console_text_recording (EngineRecordingState state, gboolean wanted, gboolean saved,
                              guint64 elapsed_s, gint64 left_s);
char *console_text_rate (double bps);
char *console_text_span (gint64 ms);
char *console_text_output_state (EngineOutputState state, guint retry_in_s, double sent_bps);
char *console_text_missed (gint64 missed_ms, gboolean recorded);
char *console_text_uplink (const EngineUplink *uplink);
char *console_text_upload (const EngineUpload *upload);

char *console_text_audience (EngineAudienceState state, int delay_ms);

const char *console_text_locked (ShowState state);
char *console_text_plan (const char *const *sentences);

G_END_DECLS
