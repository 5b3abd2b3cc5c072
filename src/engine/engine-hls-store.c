/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-hls-store.h"

#define DEFAULT_MASTER "index.m3u8"

/**
 * engine_hls_split_address:
 * @address: a path or web address of a folder, or of the playlist in it
 * @master: (out): what the multivariant playlist is called
 *
 * Returns: (transfer full): the folder, with what a web address has after its path
 */
char *
engine_hls_split_address (const char *address, char **master)
{
  const char *end = strpbrk (address, "?#");
  const gsize n =
    end != NULL && strstr (address, "://") != NULL ? (gsize) (end - address) : strlen (address);
  g_autofree char *path = g_strndup (address, n);
  char *last = strrchr (path, '/');

  if (last != NULL && g_str_has_suffix (last, ".m3u8") && strlen (last) > strlen ("/.m3u8")) {
    *master = g_strdup (last + 1);
    last[1] = '\0';
  } else {
    *master = g_strdup (DEFAULT_MASTER);
  }
  return g_strconcat (path, address + n, NULL);
}

void
engine_hls_store_free (EngineHlsStore *self)
{
  self->klass->free (self);
}

/**
 * engine_hls_store_set_sent_func:
 * @self: a store that is not used yet
 * @func: (scope forever): told of the bytes that left
 * @user_data: for @func
 */
void
engine_hls_store_set_sent_func (EngineHlsStore *self, EngineHlsSentFunc func, gpointer user_data)
{
  self->sent = func;
  self->user_data = user_data;
}

/**
 * engine_hls_store_open:
 * @self: a store
 * @cancellable: (nullable): ends it
 *
 * Returns: whether files may be written
 */
gboolean
engine_hls_store_open (EngineHlsStore *self, GCancellable *cancellable, GError **error)
{
  return self->klass->open (self, cancellable, error);
}

/**
 * engine_hls_store_read:
 * @self: a store
 * @name: of a playlist
 * @cancellable: (nullable): ends it
 *
 * Returns: (transfer full) (nullable): what is in it, its beginning if it is too long for a playlist;
 *   `NULL` without an error if it is not there
 */
GBytes *
engine_hls_store_read (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                       GError **error)
{
  return self->klass->read (self, name, cancellable, error);
}

gboolean
engine_hls_store_write (EngineHlsStore *self, const char *name, GBytes *bytes,
                        GCancellable *cancellable, GError **error)
{
  return self->klass->write (self, name, bytes, cancellable, error);
}

/**
 * engine_hls_store_remove:
 * @self: a store
 * @name: of a file that we wrote
 * @cancellable: (nullable): ends it
 *
 * Returns: whether it is not there any more
 */
gboolean
engine_hls_store_remove (EngineHlsStore *self, const char *name, GCancellable *cancellable,
                         GError **error)
{
  return self->klass->remove (self, name, cancellable, error);
}

/**
 * engine_hls_store_list:
 * @self: a store
 *
 * Returns: (transfer full) (nullable): the names of what is there; `NULL` when that cannot be known
 */
GStrv
engine_hls_store_list (EngineHlsStore *self)
{
  return self->klass->list != NULL ? self->klass->list (self) : NULL;
}
