/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TURN_FORM (console_turn_form_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTurnForm, console_turn_form, CONSOLE, TURN_FORM, AdwBin)

GtkWidget *console_turn_form_new (ShowSession *session, ConsoleEntry *entry);

G_END_DECLS
