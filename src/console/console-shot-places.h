/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SHOT_PLACES (console_shot_places_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleShotPlaces, console_shot_places, CONSOLE, SHOT_PLACES, AdwBin)

void console_shot_places_set_entry (ConsoleShotPlaces *self, ConsoleEntry *entry);

G_END_DECLS
