/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void console_dialogs_ask_end_live (GtkWindow *parent);
void console_dialogs_ask_quit (GtkWindow *parent, gboolean *may_close);
void console_dialogs_ask_unsaved (GtkWindow *parent, gboolean *may_discard);
void console_dialogs_show_about (GtkWindow *parent);

G_END_DECLS
