/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_STATUS (console_status_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleStatus, console_status, CONSOLE, STATUS, AdwBin)

/* Property: "overview" ConsoleOverview, nullable */

G_END_DECLS
