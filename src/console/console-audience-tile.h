/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audience.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_AUDIENCE_TILE (console_audience_tile_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleAudienceTile, console_audience_tile, CONSOLE, AUDIENCE_TILE, AdwBin)

/* Property: "audience" EngineAudience, nullable */

G_END_DECLS
