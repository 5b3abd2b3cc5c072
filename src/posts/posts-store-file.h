/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "posts-store.h"

G_BEGIN_DECLS

/* The file of a store, for its thread. */
sqlite3 *posts_store_file_open (const char *path, GError **error);
GError *posts_store_file_error (const char *path, sqlite3 *db);
void posts_store_file_purge (sqlite3 *db);
char *posts_store_file_get_salt (sqlite3 *db);
PostsStoreContents *posts_store_file_load (sqlite3 *db);

G_END_DECLS
