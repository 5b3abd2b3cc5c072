/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SHOT_BUTTON (console_shot_button_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleShotButton, console_shot_button, CONSOLE, SHOT_BUTTON, AdwBin)

GtkWidget *console_shot_button_new (ShowSession *session, ShowShot *shot);

G_END_DECLS
