/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_CHANNEL (console_channel_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleChannel, console_channel, CONSOLE, CHANNEL, AdwBin)

GtkWidget *console_channel_new (EngineSource *source);

G_END_DECLS
