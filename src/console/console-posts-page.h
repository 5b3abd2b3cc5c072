/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONSOLE_TYPE_POSTS_PAGE (console_posts_page_get_type ())
G_DECLARE_FINAL_TYPE (ConsolePostsPage, console_posts_page, CONSOLE, POSTS_PAGE, AdwBin)

/* Properties: "desk" PostsDesk, nullable · "state" PostsState, construct-only: which list ·
 * "search" string: shows only what contains it · "now" int64, unix seconds ·
 * "count" uint: how many posts the list has · "n-new" uint: how many came in since the operator
 * started to read, and wait above */

G_END_DECLS
