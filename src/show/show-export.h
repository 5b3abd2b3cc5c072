/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  SHOW_EXPORT_TALK,      /* a file of its own for a talk */
  SHOW_EXPORT_RECORDING, /* the recording becomes one ordinary file */
} ShowExportKind;

#define SHOW_TYPE_EXPORT_KIND (show_export_kind_get_type ())
GType show_export_kind_get_type (void);

/* waiting → working → done or failed; and again when that is asked for */
typedef enum {
  SHOW_EXPORT_STATE_OFF, /* nobody has asked for it: a talk of a rehearsal, or one still going on */
  SHOW_EXPORT_STATE_WAITING,
  SHOW_EXPORT_STATE_WORKING,
  SHOW_EXPORT_STATE_DONE,
  SHOW_EXPORT_STATE_FAILED,
} ShowExportState;

#define SHOW_TYPE_EXPORT_STATE (show_export_state_get_type ())
GType show_export_state_get_type (void);

#define SHOW_TYPE_EXPORT (show_export_get_type ())
G_DECLARE_FINAL_TYPE (ShowExport, show_export, SHOW, EXPORT, GObject)

/* Properties, main thread:
 *   "kind" ShowExportKind · "title" string · "speakers" string, perhaps empty
 *   "state" ShowExportState · "progress" double, 0 to 1 · "error" GError, nullable
 *   "path" string, nullable: the file that was made
 *   "start-ms", "end-ms" int64: in the recording, −1 for an end that is not known yet
 *   "repaired" boolean: the recording was cut off by a crash or a power cut, and is whole again
 *   "duration-ms" int64: of the file that was made */
ShowExportKind show_export_get_kind (ShowExport *self);
const char *show_export_get_title (ShowExport *self);
const char *show_export_get_speakers (ShowExport *self);
ShowExportState show_export_get_state (ShowExport *self);
double show_export_get_progress (ShowExport *self);
const GError *show_export_get_error (ShowExport *self);
const char *show_export_get_path (ShowExport *self);
gint64 show_export_get_start_ms (ShowExport *self);
gint64 show_export_get_end_ms (ShowExport *self);
gboolean show_export_get_repaired (ShowExport *self);
gint64 show_export_get_duration_ms (ShowExport *self);
GStrv show_export_dup_parts (ShowExport *self, GArray **starts_ns);

G_END_DECLS
