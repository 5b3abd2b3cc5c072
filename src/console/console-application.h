/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_APPLICATION (console_application_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleApplication, console_application, CONSOLE, APPLICATION, AdwApplication)

ConsoleApplication *console_application_new (void);

G_END_DECLS
