/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine-movie.h"
#include "show-export.h"

G_BEGIN_DECLS

/**
 * ShowExportJob:
 *
 * What a worker needs to know, and what came of it. Nobody else touches it while it runs, but for what
 * is atomic.
 */
typedef struct {
  ShowExportKind kind;
  GStrv parts;
  GArray *starts_ns; /* (element-type gint64) */
  char *title;
  char *speakers;    /* nullable */
  char *affiliation; /* nullable */
  char *event;
  char *language;      /* nullable */
  gint64 started_us;   /* when the recording began: microseconds since 1970, UTC */
  gint64 start_ms;     /* of a talk, in the recording */
  gint64 end_ms;       /* −1: its end */
  GPtrArray *chapters; /* (element-type EngineMovieChapter): in the recording */
  char *old_path;      /* nullable: the file that is made again */
  char *log_path;      /* beside which the files go */
  GCancellable *cancellable;
  gint growing;  /* atomic: the recording goes on */
  gint permille; /* atomic: how much is done */

  char *path;            /* nullable: what was made */
  GStrv left;            /* nullable: what the recording consists of now */
  gint64 duration_ms;    /* of what was made */
  gint64 from_ms, to_ms; /* what the file has, in the recording */
  gboolean repaired;
} ShowExportJob;

ShowExportJob *show_export_job_new (void);
void show_export_job_free (ShowExportJob *job);
gboolean show_export_job_run (ShowExportJob *job, GError **error);

/* A recording is finished or repaired by one Régie at a time. */
int show_export_job_lock (const char *path);
void show_export_job_unlock (int lock);

G_END_DECLS
