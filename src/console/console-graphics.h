/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_GRAPHICS (console_graphics_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleGraphics, console_graphics, CONSOLE, GRAPHICS, AdwBin)

G_END_DECLS
