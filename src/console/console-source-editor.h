/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SOURCE_EDITOR (console_source_editor_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleSourceEditor, console_source_editor, CONSOLE, SOURCE_EDITOR, AdwBin)

GtkWidget *console_source_editor_new (ShowSession *session, EngineSource *source);

G_END_DECLS
