/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_DIAGRAM (console_diagram_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDiagram, console_diagram, CONSOLE, DIAGRAM, GtkWidget)

GtkWidget *console_diagram_new (const char *layout);

G_END_DECLS
