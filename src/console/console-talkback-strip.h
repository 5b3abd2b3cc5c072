/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_TALKBACK_STRIP (console_talkback_strip_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleTalkbackStrip, console_talkback_strip, CONSOLE, TALKBACK_STRIP, AdwBin)

/* Properties: "session" ShowSession, nullable · "talkback" EngineTalkback, nullable, "microphone" string,
 * nullable, both read-only */

G_END_DECLS
