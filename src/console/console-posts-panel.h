/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_POSTS_PANEL (console_posts_panel_get_type ())
G_DECLARE_FINAL_TYPE (ConsolePostsPanel, console_posts_panel, CONSOLE, POSTS_PANEL, AdwBin)

/* Properties: "overview" ConsoleOverview, nullable: the show that the posts belong to */
void console_posts_panel_start_search (ConsolePostsPanel *self);

G_END_DECLS
