/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void posts_store_purge_folder_async (const char *folder, GAsyncReadyCallback callback,
                                     gpointer user_data);

G_END_DECLS
