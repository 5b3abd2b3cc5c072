/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_MONITOR (console_monitor_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleMonitor, console_monitor, CONSOLE, MONITOR, AdwBin)

/* Properties: "session" ShowSession, nullable · "program" boolean, construct-only: shows what is on
 * air rather than what comes next */

G_END_DECLS
