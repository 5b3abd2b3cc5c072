/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine-recording-log.h"
#include "show-export.h"
#include "show-talk.h"

G_BEGIN_DECLS

#define SHOW_TYPE_EXPORTS (show_exports_get_type ())
G_DECLARE_FINAL_TYPE (ShowExports, show_exports, SHOW, EXPORTS, GObject)

/* Main thread. A GListModel of ShowExport. Signal: "finished" (ShowExport), done or failed. */
ShowExports *show_exports_new (const char *event, const char *language, gboolean talks);

void show_exports_set_recording (ShowExports *self, EngineRecordingLog *log);
void show_exports_begin_talk (ShowExports *self, ShowTalk *talk, gint64 position_ms,
                              gboolean wanted);
void show_exports_place_talk (ShowExports *self, gint64 position_ms);
void show_exports_end_talk (ShowExports *self, gint64 position_ms);
gboolean show_exports_get_in_talk (ShowExports *self);
void show_exports_end_recording (ShowExports *self, EngineRecordingLog *log);
void show_exports_look_for_orphans (ShowExports *self, const char *const *folders,
                                    const char *left_alone);

gboolean show_exports_export (ShowExports *self, guint index, GError **error);
gboolean show_exports_trim (ShowExports *self, guint index, gint64 start_ms, gint64 end_ms,
                            GError **error);
gboolean show_exports_get_busy (ShowExports *self);
void show_exports_stop (ShowExports *self);

G_END_DECLS
