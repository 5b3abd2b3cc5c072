/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_WELCOME (console_welcome_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleWelcome, console_welcome, CONSOLE, WELCOME, AdwApplicationWindow)

GtkWindow *console_welcome_new (GtkApplication *application, const GError *error);

G_END_DECLS
