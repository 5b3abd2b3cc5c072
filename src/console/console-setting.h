/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

G_BEGIN_DECLS

#define CONSOLE_TYPE_SETTING (console_setting_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleSetting, console_setting, CONSOLE, SETTING, GObject)

/* Properties, all on the main thread:
 *   "entry" ConsoleEntry, nullable · "path" string, which of its values
 *   "number" double, times "factor" what the file says · "active" boolean · "text" string ·
 *   "index" uint, the position in "choices" ("one|two|three"): the value, each in its own clothes
 *   "neutral" double, "neutral-text" string, "neutral-active" boolean: when the file does not say */

G_END_DECLS
