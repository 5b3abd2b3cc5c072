/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A drawn picture of what a browser says of a certificate that a computer has made itself. */
#define CONSOLE_TYPE_BROWSER_WARNING (console_browser_warning_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleBrowserWarning, console_browser_warning, CONSOLE, BROWSER_WARNING,
                      AdwBin)

G_END_DECLS
