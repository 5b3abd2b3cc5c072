/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TAKE_BAR (console_take_bar_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTakeBar, console_take_bar, CONSOLE, TAKE_BAR, AdwBin)

/* Property: "session" ShowSession, nullable */

G_END_DECLS
