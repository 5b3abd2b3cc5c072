/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_SOURCE_SETUP (console_source_setup_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleSourceSetup, console_source_setup, CONSOLE, SOURCE_SETUP, AdwBin)

G_END_DECLS
