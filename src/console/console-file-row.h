/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_FILE_ROW (console_file_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleFileRow, console_file_row, CONSOLE, FILE_ROW, AdwActionRow)

G_END_DECLS
