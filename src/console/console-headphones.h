/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_HEADPHONES (console_headphones_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleHeadphones, console_headphones, CONSOLE, HEADPHONES, AdwBin)

G_END_DECLS
