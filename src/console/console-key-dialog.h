/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

void console_key_dialog_ask (GtkWindow *parent, ShowSession *session, EngineOutput *output);

G_END_DECLS
