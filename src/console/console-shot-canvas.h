/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SHOT_CANVAS (console_shot_canvas_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleShotCanvas, console_shot_canvas, CONSOLE, SHOT_CANVAS, GtkWidget)

void console_shot_canvas_set_shot (ConsoleShotCanvas *self, ConsoleEntry *entry,
                                   EnginePreview *preview);

G_END_DECLS
