/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "posts-author.h"

G_BEGIN_DECLS

/* Who stays blocked or trusted at the next events: a small file, for the operator alone to read. */
GPtrArray *posts_authors_file_load (const char *path);
void posts_authors_file_save (const char *path, GListModel *authors);
void posts_authors_file_flush (void);

G_END_DECLS
