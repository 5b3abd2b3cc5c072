/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SHOT_EDITOR (console_shot_editor_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleShotEditor, console_shot_editor, CONSOLE, SHOT_EDITOR, AdwBin)

GtkWidget *console_shot_editor_new (ShowSession *session, ShowShot *shot);

G_END_DECLS
