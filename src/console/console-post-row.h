/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_POST_ROW (console_post_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsolePostRow, console_post_row, CONSOLE, POST_ROW, AdwBin)

/* Properties: "item" PostsItem, nullable · "now" int64, unix seconds, for the post's age */
GtkWidget *console_post_row_new (void);
void console_post_row_set_item (ConsolePostRow *self, PostsItem *item);

G_END_DECLS
