/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-movie.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TRIM_STRIP (console_trim_strip_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTrimStrip, console_trim_strip, CONSOLE, TRIM_STRIP, GtkBox)

/* Properties: "title" string · "index" uint: which keyframe is chosen. Signal: "wanted" (): pictures are
 * to be drawn for console_trim_strip_get_wanted (). */
void console_trim_strip_set_times (ConsoleTrimStrip *self, GArray *times_ms, guint index);
guint console_trim_strip_get_index (ConsoleTrimStrip *self);
GArray *console_trim_strip_get_wanted (ConsoleTrimStrip *self);
void console_trim_strip_take_pictures (ConsoleTrimStrip *self, GArray *times_ms, GPtrArray *frames);
char *console_trim_format_time (gint64 time_ms);

G_END_DECLS
