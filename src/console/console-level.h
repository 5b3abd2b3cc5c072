/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CONSOLE_LEVEL_MIN_DB (-60.0)
#define CONSOLE_LEVEL_MAX_DB 12.0

double console_level_from_fader (double position);
double console_level_to_fader (double level_db);
double console_level_to_meter (double level_db);

G_END_DECLS
