/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EnginePace:
 *
 * Decides whether every frame of the program is made anew, or only every second one. Plain data,
 * told about each frame; knows no clock.
 */
typedef struct {
  int rate_fps;
  gboolean halved;
  gint64 first_late; /* frames are late again and again since this one */
  gint64 last_late;  /* up to this one */
  guint n_late;      /* how many */
  gint64 since;      /* halved: the first frame of the calm; else: of the full rate */
  gint64 calm_s;     /* how long a calm must be now */
} EnginePace;

void engine_pace_init (EnginePace *self, int rate_fps);
gboolean engine_pace_repeats (const EnginePace *self, gint64 n);
void engine_pace_note (EnginePace *self, gint64 n, gint64 took_ns);

G_END_DECLS
