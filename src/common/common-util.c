/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common-util.h"

/**
 * common_set_string:
 * @field: (inout) (nullable): an owned string of the caller's
 * @value: (nullable): what it becomes
 *
 * What `g_set_str ()` of newer GLib does. Any thread, as long as no other one uses @field.
 *
 * Returns: whether @field changed
 */
gboolean
common_set_string (char **field, const char *value)
{
  g_return_val_if_fail (field != NULL, FALSE);

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;

  /* The new value may be a part of the old one. */
  char *copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  return TRUE;
}

/**
 * common_set_error:
 * @field: (inout) (nullable): an owned error of the caller's
 * @value: (nullable): what it becomes, copied
 *
 * Returns: whether domain, code or message changed
 */
gboolean
common_set_error (GError **field, const GError *value)
{
  g_return_val_if_fail (field != NULL, FALSE);

  if (*field == value)
    return FALSE;
  if (*field != NULL && value != NULL &&
      g_error_matches (value, (*field)->domain, (*field)->code) &&
      g_strcmp0 ((*field)->message, value->message) == 0)
    return FALSE;

  GError *copy = value != NULL ? g_error_copy (value) : NULL;
  g_clear_error (field);
  *field = copy;
  return TRUE;
}

/**
 * common_format_elapsed:
 * @seconds: a duration
 *
 * Returns: (transfer full): the duration as `00:42:10`
 */
char *
common_format_elapsed (guint64 seconds)
{
  return g_strdup_printf ("%02" G_GUINT64_FORMAT ":%02u:%02u", seconds / 3600,
                          (guint) (seconds / 60 % 60), (guint) (seconds % 60));
}

/**
 * common_format_bytes:
 * @bytes: a size
 *
 * Returns: (transfer full): the size in decimal units as the desktop writes it, such as `3.1 GB`
 */
char *
common_format_bytes (guint64 bytes)
{
  return g_format_size (bytes);
}

/**
 * common_find_data_file:
 * @relative_path: a path below Régie's data folder, such as `demo/demo.regie`
 *
 * Looks in `$REGIE_DATA_DIR` (set when run from the build folder), then where Régie is installed.
 *
 * Returns: (transfer full) (nullable): the full path, or `NULL` if there is no such file
 */
char *
common_find_data_file (const char *relative_path)
{
  const char *folders[] = { g_getenv ("REGIE_DATA_DIR"), PACKAGE_DATA_DIR };

  g_return_val_if_fail (relative_path != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = NULL;

    if (folders[i] == NULL || *folders[i] == '\0')
      continue;
    path = g_build_filename (folders[i], relative_path, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  return NULL;
}

/**
 * common_is_data_file:
 * @path: an absolute path without links in it
 *
 * Returns: whether it is below Régie's data folder
 */
gboolean
common_is_data_file (const char *path)
{
  const char *folders[] = { g_getenv ("REGIE_DATA_DIR"), PACKAGE_DATA_DIR };

  g_return_val_if_fail (path != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *folder = NULL;

    if (folders[i] == NULL || *folders[i] == '\0')
      continue;
    folder = realpath (folders[i], NULL);
    if (folder != NULL && g_str_has_prefix (path, folder) && path[strlen (folder)] == '/')
      return TRUE;
  }
  return FALSE;
}

/**
 * common_is_sandboxed:
 *
 * Returns: whether this runs inside a Flatpak, where the desktop's portals lead to what is outside
 */
gboolean
common_is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/**
 * common_host_is_loopback:
 * @host: (nullable): what a browser asked for, with or without a port
 *
 * Returns: whether it is `localhost`, `127.0.0.1` or `[::1]`, on any port
 */
gboolean
common_host_is_loopback (const char *host)
{
  static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

  for (gsize i = 0; host != NULL && i < G_N_ELEMENTS (names); i++) {
    const gsize length = strlen (names[i]);

    if (g_ascii_strncasecmp (host, names[i], length) != 0)
      continue;
    if (host[length] == '\0')
      return TRUE;
    if (host[length] == ':' &&
        strspn (host + length + 1, "0123456789") == strlen (host + length + 1))
      return TRUE;
  }
  return FALSE;
}
