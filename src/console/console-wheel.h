/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void console_wheel_scroll_sideways (GtkWidget *inside);

G_END_DECLS
