/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is said of a talk, or of a whole recording. */
typedef struct {
  const char *title;
  const char *speakers;    /* nullable */
  const char *affiliation; /* nullable */
  const char *event;
  const char *language; /* nullable */
  GDateTime *date;
  GPtrArray *chapters; /* (element-type EngineMovieChapter): in the file's own time */
} ShowExportText;

char *show_export_text_make (const ShowExportText *about);

G_END_DECLS
