/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_OUTSIDE_SETUP (console_outside_setup_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleOutsideSetup, console_outside_setup, CONSOLE, OUTSIDE_SETUP, AdwBin)

/* Properties: "entry" ConsoleEntry of a source, nullable · "address" string, nullable, read-only: where
 * it is to be sent to */

G_END_DECLS
