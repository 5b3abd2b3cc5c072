/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the menu as it is to be now. */
typedef GMenuModel *(*ConsoleMenuFunc) (GtkWidget *widget);

void console_menu_attach (GtkWidget *widget, ConsoleMenuFunc create);
void console_menu_append (GMenu *menu, const char *label, const char *action, const char *target);

G_END_DECLS
