/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SOURCE_TILE (console_source_tile_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleSourceTile, console_source_tile, CONSOLE, SOURCE_TILE, AdwBin)

GtkWidget *console_source_tile_new (ShowSession *session, EngineSource *source);

G_END_DECLS
