/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-recording-log.h"
#include "show-export.h"

G_BEGIN_DECLS

struct _ShowExport {
  GObject parent_instance;

  ShowExportKind kind;
  EngineRecordingLog *log; /* of the recording that it is in */
  char *title;
  char *speakers;
  char *affiliation; /* nullable */
  char *event;       /* the event's title */
  char *language;    /* nullable */
  gint64 start_ms;
  gint64 end_ms; /* −1: it goes on */
  gboolean wanted;

  ShowExportState state;
  double progress;
  GError *error; /* nullable */
  char *path;    /* nullable */
  gboolean repaired;
  gint64 duration_ms;
};

ShowExport *_show_export_new (ShowExportKind kind, EngineRecordingLog *log, const char *title);
void _show_export_set_state (ShowExport *self, ShowExportState state, const GError *error);
void _show_export_set_progress (ShowExport *self, double progress);
void _show_export_set_path (ShowExport *self, const char *path);
void _show_export_set_times (ShowExport *self, gint64 start_ms, gint64 end_ms);
void _show_export_set_result (ShowExport *self, gint64 duration_ms, gboolean repaired);

G_END_DECLS
