/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-graphics.h"

G_BEGIN_DECLS

#define SHOW_TYPE_MARKS (show_marks_get_type ())
G_DECLARE_FINAL_TYPE (ShowMarks, show_marks, SHOW, MARKS, GObject)

/* Main thread only. Properties (all notify): "clock" boolean, writable: the event's local time is on
 * screen · "live-mark" boolean, writable: the word is on screen while the show is live ·
 * "countdown" string, "" for none: what time it counts down to, as it was given. */
ShowMarks *show_marks_new (ShowGraphics *graphics, EventFile *event);
void show_marks_set_clock (ShowMarks *self, gboolean clock);
gboolean show_marks_get_clock (ShowMarks *self);
void show_marks_set_live_mark (ShowMarks *self, gboolean live_mark);
gboolean show_marks_get_live_mark (ShowMarks *self);
void show_marks_set_live (ShowMarks *self, gboolean live);
gboolean show_marks_set_countdown (ShowMarks *self, const char *until, GError **error);
const char *show_marks_get_countdown (ShowMarks *self);

char *show_marks_describe_time (GDateTime *now);
char *show_marks_describe_left (gint64 left_s);
guint show_marks_get_wait_ms (GDateTime *now, gboolean seconds);

G_END_DECLS
