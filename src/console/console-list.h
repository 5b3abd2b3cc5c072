/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef GtkWidget *(*ConsoleListCreateFunc) (gpointer item, gpointer user_data);

void console_list_fill_box (GtkBox *box, GListModel *model, ConsoleListCreateFunc create,
                            gpointer user_data);

void console_list_set_name (GtkWidget *group, const char *name);

G_END_DECLS
