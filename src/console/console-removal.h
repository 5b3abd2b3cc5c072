/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

char *console_removal_describe (ShowSession *session, ConsoleEntryKind kind, const char *id);
void console_removal_ask (GtkWindow *parent, ShowSession *session, ConsoleEntryKind kind,
                          const char *id);

G_END_DECLS
