/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine-hls-playlist.h"
#include "engine-hls-store.h"
#include "engine-types.h"

/* A folder on a disk of this machine, or on one that is mounted. */
typedef struct {
  EngineHlsStore parent;
  char *path;
} Folder;

/* What is not yet whole has this name, which no web server shows and players never ask for. */
static char *
make_part_path (Folder *self, const char *name)
{
  g_autofree char *part = g_strdup_printf (".%s.part", name);

  return g_build_filename (self->path, part, NULL);
}

static void
set_errno (Folder *self, int number, GError **error)
{
  if (number == ENOSPC || number == EDQUOT)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_PLACE_FULL, "the disk of “%s” is full",
                 self->path);
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_PLACE_UNWRITABLE,
                 "the folder “%s” cannot be written: %s", self->path, g_strerror (number));
}

static gboolean
folder_write (EngineHlsStore *store, const char *name, GBytes *bytes, GCancellable *cancellable,
              GError **error)
{
  Folder *self = (Folder *) store;
  g_autofree char *part = make_part_path (self, name);
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  gsize size = 0, at = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const int fd = g_open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  int number = fd < 0 ? errno : 0;

  while (number == 0 && at < size) {
    const gssize n = write (fd, data + at, size - at);

    if (n > 0)
      at += (gsize) n;
    else if (errno != EINTR)
      number = errno;
  }
  if (fd >= 0 && close (fd) != 0 && number == 0)
    number = errno;
  if (number == 0 && g_rename (part, path) != 0)
    number = errno;
  if (number != 0) {
    g_unlink (part);
    set_errno (self, number, error);
    return FALSE;
  }
  if (store->sent != NULL)
    store->sent (size, store->user_data);
  return TRUE;
}

static gboolean
folder_open (EngineHlsStore *store, GCancellable *cancellable, GError **error)
{
  Folder *self = (Folder *) store;

  if (g_mkdir_with_parents (self->path, 0755) == 0)
    return TRUE;
  set_errno (self, errno, error);
  return FALSE;
}

static GBytes *
folder_read (EngineHlsStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  Folder *self = (Folder *) store;
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree guint8 *data = g_malloc (ENGINE_HLS_PLAYLIST_MAX_BYTES + 1);
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gsize at = 0;

  if (fd < 0) {
    if (errno != ENOENT)
      set_errno (self, errno, error);
    return NULL;
  }
  while (at <= ENGINE_HLS_PLAYLIST_MAX_BYTES) {
    const gssize n = read (fd, data + at, ENGINE_HLS_PLAYLIST_MAX_BYTES + 1 - at);

    if (n == 0 || (n < 0 && errno != EINTR))
      break;
    at += n > 0 ? (gsize) n : 0;
  }
  close (fd);
  return g_bytes_new (data, at);
}

static gboolean
folder_remove (EngineHlsStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  Folder *self = (Folder *) store;
  g_autofree char *path = g_build_filename (self->path, name, NULL);

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  set_errno (self, errno, error);
  return FALSE;
}

static GStrv
folder_list (EngineHlsStore *store)
{
  Folder *self = (Folder *) store;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  /* A folder that cannot be read is none of whose files we know. */
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_strv_builder_add (names, name);
  return g_strv_builder_end (names);
}

static void
folder_free (EngineHlsStore *store)
{
  Folder *self = (Folder *) store;

  g_free (self->path);
  g_free (self);
}

static const EngineHlsStoreClass folder_class = {
  folder_open, folder_read, folder_write, folder_remove, folder_list, folder_free,
};

/**
 * engine_hls_folder_new:
 * @path: an absolute path; made when it is not there
 *
 * Returns: (transfer full): a folder
 */
EngineHlsStore *
engine_hls_folder_new (const char *path)
{
  Folder *self = g_new0 (Folder, 1);

  self->parent.klass = &folder_class;
  self->path = g_strdup (path);
  return &self->parent;
}
