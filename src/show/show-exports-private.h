/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-export-job.h"
#include "show-export-private.h"
#include "show-exports.h"

G_BEGIN_DECLS

/* A recording that is not finished yet, and nobody else's. */
typedef struct {
  EngineRecordingLog *log;
  int lock;
  gboolean over;     /* nothing more is recorded */
  gboolean orphaned; /* whoever recorded it did not end it */
} ShowExportsRecording;

struct _ShowExports {
  GObject parent_instance;

  char *event;
  char *language; /* nullable */
  gboolean talks; /* each has a file of its own, without being asked for */
  GListStore *items;

  EngineRecordingLog *log; /* nullable: what is being recorded */
  GPtrArray *recordings;   /* (element-type ShowExportsRecording) */

  ShowTalk *talk; /* nullable: the one that is given */
  gint64 talk_start_ms;
  gboolean talk_wanted;
  ShowExport *current; /* nullable: of @talk, once something was recorded */
  gboolean taken_up;   /* that was given before a crash already, and goes on */
  ShowExport *cut_off; /* nullable: was given when it crashed, and does not go on */

  GQueue *waiting;     /* of ShowExport */
  ShowExport *working; /* nullable */
  ShowExportJob *job;  /* nullable: what the worker has */
  guint progress_id;
  guint n_looking;
  GCancellable *cancellable;
};

/* Any thread may load; the rest belongs to the main one. */
void _show_exports_load_talks (ShowExports *self, EngineRecordingLog *log);
void _show_exports_save_talks (ShowExports *self, EngineRecordingLog *log);

ShowExportsRecording *_show_exports_take_recording (ShowExports *self, EngineRecordingLog *log,
                                                    int lock);
void _show_exports_queue (ShowExports *self, ShowExport *item);
ShowExportsRecording *_show_exports_find_recording (ShowExports *self, EngineRecordingLog *log);
void _show_exports_tell_finished (ShowExports *self, ShowExport *item);
void _show_exports_queue_recording (ShowExports *self, EngineRecordingLog *log);

G_END_DECLS
