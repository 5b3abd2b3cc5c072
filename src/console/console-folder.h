/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-file.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @path is an event's. */
typedef void (*ConsoleFolderFunc) (const char *path, gpointer user_data);

void console_folder_choose (GtkWindow *parent, const char *wanted, ConsoleFolderFunc callback,
                            gpointer user_data);
void console_folder_offer (GtkWindow *window, EventFile *event);

G_END_DECLS
