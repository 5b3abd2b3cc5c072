/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TEXT_ROW (console_text_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTextRow, console_text_row, CONSOLE, TEXT_ROW, AdwEntryRow)

G_END_DECLS
