/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

G_BEGIN_DECLS

/* Main thread only. */
char *posts_export_to_json (PostsDesk *desk);
gboolean posts_export_save (PostsDesk *desk, const char *path, GError **error);

G_END_DECLS
