/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

gboolean common_set_string (char **field, const char *value);
gboolean common_set_error (GError **field, const GError *value);
char *common_format_elapsed (guint64 seconds);
char *common_format_bytes (guint64 bytes);
char *common_find_data_file (const char *relative_path);
gboolean common_is_data_file (const char *path);
gboolean common_is_sandboxed (void);
gboolean common_host_is_loopback (const char *host);

G_END_DECLS
