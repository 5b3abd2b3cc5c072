/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_DESTINATION_ROW (console_destination_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDestinationRow, console_destination_row, CONSOLE, DESTINATION_ROW,
                      AdwBin)

GtkWidget *console_destination_row_new (ShowSession *session, EngineOutput *output,
                                        gboolean compact);

G_END_DECLS
