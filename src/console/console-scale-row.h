/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SCALE_ROW (console_scale_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleScaleRow, console_scale_row, CONSOLE, SCALE_ROW, AdwActionRow)

G_END_DECLS
