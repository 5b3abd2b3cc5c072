/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_PROGRAM_STRIP (console_program_strip_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleProgramStrip, console_program_strip, CONSOLE, PROGRAM_STRIP, AdwBin)

G_END_DECLS
