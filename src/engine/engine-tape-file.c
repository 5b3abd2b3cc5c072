/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine-ending.h"
#include "engine-tape-file.h"
#include "engine-types.h"

/* What has been written is brought to the disk so often, unless there is nothing new. With fragments
 * of 0.4 s a power cut costs less than a second of a disk that keeps up. */
#define SYNC_INTERVAL_US (200 * 1000)

/* How often the free room, and that the file is still where it was, are looked at. */
#define LOOK_INTERVAL_US G_USEC_PER_SEC

/* FAT32 has no files of 4 GiB. What is left below that takes what comes until a keyframe. */
#define FAT_MAGIC       0x4d44
#define FAT_LIMIT_BYTES (G_GUINT64_CONSTANT (3900) * 1024 * 1024)

#define MAX_TRIES       1000u

/**
 * EngineTapeFile:
 *
 * A file that a recording is written to, in the care of a thread of its own: all that may have to wait
 * for the disk is done there — making the folder, finding a name, opening, bringing what was written to
 * the disk, looking at the free room, closing. So a disk that hangs holds up nobody but this thread,
 * which nobody joins. Writing itself is the business of a `fdsink`.
 *
 * What is durable and when: the folder entry before the first byte; then everything that has been
 * written, by fdatasync (), within 0.2 s and what the disk takes for it. Writing goes on meanwhile.
 */
struct _EngineTapeFile {
  gatomicrefcount ref_count;
  char *folder;
  char *name;
  char *ending;
  guint number;
  guint64 least_bytes;
  dev_t wanted_disk;
  EngineTapeFileFunc changed;
  gpointer owner; /* nullable once let go of; main thread only */

  GMutex lock; /* guards all below */
  GCond cond;
  char *path; /* nullable until it is open, then it stays */
  EngineTapeFileStatus status;
  GError *error;
  gboolean closing;
  gboolean has_sink;

  /* The thread only. */
  off_t synced_bytes;
  gint64 looked_us;
};

static EngineTapeFile *
file_ref (EngineTapeFile *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
file_unref (EngineTapeFile *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->ending);
  g_free (self);
}

static gboolean
changed_cb (gpointer data)
{
  EngineTapeFile *self = data;

  if (self->owner != NULL)
    self->changed (self->owner);
  return G_SOURCE_REMOVE;
}

static void
tell (EngineTapeFile *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, changed_cb, file_ref (self), (GDestroyNotify) file_unref);
}

static EngineError
code_of (int error)
{
  switch (error) {
  case ENOSPC:
  case EDQUOT:
    return ENGINE_ERROR_DISK_FULL;
  case EIO:
  case ENODEV:
  case ENXIO:
  case ENOTCONN:
  case ESTALE:
  case EHOSTDOWN:
  case EREMOTEIO:
  case ETIMEDOUT:
    return ENGINE_ERROR_DISK_GONE;
  default: /* an errno is no enum of ours */
    return ENGINE_ERROR_UNWRITABLE;
  }
}

static gboolean
set_errno (GError **error, const char *folder, int number)
{
  g_set_error (error, ENGINE_ERROR, (int) code_of (number), "the folder “%s” cannot be written: %s",
               folder, g_strerror (number));
  return FALSE;
}

static gboolean
set_gone (GError **error, const char *folder)
{
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_DISK_GONE, "the disk of the folder “%s” is gone",
               folder);
  return FALSE;
}

static void
sync_folder (const char *folder)
{
  const int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  /* Some file systems cannot do this; the file's own data are brought to them all the same. */
  (void) fsync (fd);
  close (fd);
}

static dev_t
disk_of (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 ? info.st_dev : 0;
}

/* Makes the folder, and those above it that are not there, each one durably in the one above. Where a
 * disk was unplugged another one shows through: nothing is made there. */
static gboolean
make_folder (EngineTapeFile *self, const char *folder, GError **error)
{
  g_autofree char *above = g_path_get_dirname (folder);
  struct stat info;

  if (stat (folder, &info) == 0) {
    if (self->wanted_disk != 0 && info.st_dev != self->wanted_disk && info.st_dev == disk_of ("/"))
      return set_gone (error, self->folder);
    return S_ISDIR (info.st_mode) || set_errno (error, self->folder, ENOTDIR);
  }
  if (errno != ENOENT || g_str_equal (above, folder))
    return set_errno (error, self->folder, errno);
  if (!make_folder (self, above, error))
    return FALSE;
  if (self->wanted_disk != 0 && disk_of (above) != self->wanted_disk)
    return set_gone (error, self->folder);
  if (mkdir (folder, 0755) != 0 && errno != EEXIST)
    return set_errno (error, self->folder, errno);
  sync_folder (above);
  return TRUE;
}

static gboolean
has_room (EngineTapeFile *self, GError **error)
{
  struct statvfs room;

  if (statvfs (self->folder, &room) != 0)
    return set_errno (error, self->folder, errno);
  if ((guint64) room.f_bavail * room.f_frsize >= self->least_bytes)
    return TRUE;
  return set_errno (error, self->folder, ENOSPC);
}

/* `NAME.mp4`, `NAME (2).mp4` for a recording of the same minute; `NAME – 2.mp4` for its second part. */
static char *
build_path (EngineTapeFile *self, guint try)
{
  g_autofree char *file = NULL;

  if (self->number > 1)
    file = g_strdup_printf ("%s – %u%s", self->name, self->number + try, self->ending);
  else if (try > 0)
    file = g_strdup_printf ("%s (%u)%s", self->name, try + 1, self->ending);
  else
    file = g_strdup_printf ("%s%s", self->name, self->ending);
  return g_build_filename (self->folder, file, NULL);
}

/* Whether the name is that of another recording: one that was made into something else and moved, but
 * whose log or parts are there. */
static gboolean
is_taken (EngineTapeFile *self, const char *path)
{
  g_autofree char *name = g_strndup (path, strlen (path) - strlen (self->ending));
  g_autofree char *log = g_strconcat (name, ".regie.json", NULL);
  g_autofree char *second = g_strconcat (name, " – 2", self->ending, NULL);
  struct stat info;

  return self->number <= 1 && (lstat (log, &info) == 0 || lstat (second, &info) == 0);
}

/* A file that did not exist before: neither another nor what a link leads to is ever overwritten. */
static int
create_file (EngineTapeFile *self, char **path, GError **error)
{
  for (guint try = 0; try < MAX_TRIES; try++) {
    g_autofree char *candidate = build_path (self, try);
    int fd = -1;

    if (is_taken (self, candidate))
      continue;
    fd = open (candidate, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd >= 0) {
      *path = g_steal_pointer (&candidate);
      return fd;
    }
    if (errno != EEXIST && errno != ELOOP) {
      set_errno (error, self->folder, errno);
      return -1;
    }
  }
  set_errno (error, self->folder, EEXIST);
  return -1;
}

static guint64
limit_of (int fd)
{
  struct statfs info;

  return fstatfs (fd, &info) == 0 && info.f_type == FAT_MAGIC ? FAT_LIMIT_BYTES : G_MAXUINT64;
}

static guint64
free_of (int fd)
{
  struct statvfs room;

  return fstatvfs (fd, &room) == 0 ? (guint64) room.f_bavail * room.f_frsize : G_MAXUINT64;
}

static gboolean
open_file (EngineTapeFile *self, GError **error)
{
  g_autofree char *path = NULL;
  guint64 limit_bytes = 0, free_bytes = 0;
  int fd = -1;

  if (!make_folder (self, self->folder, error) || !has_room (self, error) ||
      (fd = create_file (self, &path, error)) < 0)
    return FALSE;
  sync_folder (self->folder);
  limit_bytes = limit_of (fd);
  free_bytes = free_of (fd);
  g_mutex_lock (&self->lock);
  self->path = g_steal_pointer (&path);
  self->status.fd = fd;
  self->status.disk = disk_of (self->folder);
  self->status.limit_bytes = limit_bytes;
  self->status.free_bytes = free_bytes;
  self->status.durable_us = g_get_monotonic_time ();
  self->status.open = TRUE;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Whether the file is still the one with its name: a disk may be taken away and the file be written
 * on into nowhere. */
static gboolean
is_in_place (EngineTapeFile *self)
{
  struct stat ours, there;

  return fstat (self->status.fd, &ours) == 0 && stat (self->path, &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static gboolean
look (EngineTapeFile *self, gint64 now_us, GError **error)
{
  guint64 free_bytes = 0;

  if (now_us - self->looked_us < LOOK_INTERVAL_US)
    return TRUE;
  self->looked_us = now_us;
  if (!is_in_place (self))
    return set_gone (error, self->folder);
  free_bytes = free_of (self->status.fd);
  g_mutex_lock (&self->lock);
  self->status.free_bytes = free_bytes;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gboolean
sync_file (EngineTapeFile *self, gint64 now_us, GError **error)
{
  struct stat info;

  if (fstat (self->status.fd, &info) != 0)
    return set_errno (error, self->folder, errno);
  if (info.st_size != self->synced_bytes && fdatasync (self->status.fd) != 0)
    return set_errno (error, self->folder, errno);
  self->synced_bytes = info.st_size;
  g_mutex_lock (&self->lock);
  self->status.durable_us = now_us;
  self->status.longest_us = MAX (self->status.longest_us, g_get_monotonic_time () - now_us);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
set_busy (EngineTapeFile *self, gint64 since_us)
{
  g_mutex_lock (&self->lock);
  self->status.busy_us = since_us;
  g_mutex_unlock (&self->lock);
}

/* Until nobody writes any more. What fails is said once; closing is still waited for. */
static void
care (EngineTapeFile *self)
{
  gboolean failed = FALSE;

  while (TRUE) {
    const gint64 end_us = g_get_monotonic_time () + SYNC_INTERVAL_US;
    g_autoptr (GError) error = NULL;
    gboolean over = FALSE;
    gint64 now_us = 0;

    g_mutex_lock (&self->lock);
    while (!(over = self->closing && !self->has_sink) &&
           g_cond_wait_until (&self->cond, &self->lock, end_us))
      ;
    g_mutex_unlock (&self->lock);
    now_us = g_get_monotonic_time ();
    set_busy (self, now_us);
    if (!failed && (!sync_file (self, now_us, &error) || (!over && !look (self, now_us, &error)))) {
      failed = TRUE;
      g_mutex_lock (&self->lock);
      self->error = g_steal_pointer (&error);
      g_mutex_unlock (&self->lock);
      tell (self);
    }
    if (over)
      return;
    set_busy (self, 0);
  }
}

/* An empty file helps nobody. */
static gboolean
close_file (EngineTapeFile *self)
{
  struct stat info;
  const gboolean empty = fstat (self->status.fd, &info) == 0 && info.st_size == 0;

  if (empty && is_in_place (self))
    g_unlink (self->path);
  close (self->status.fd);
  sync_folder (self->folder);
  return empty;
}

static gpointer
file_thread (gpointer data)
{
  EngineTapeFile *self = data;
  g_autoptr (GError) error = NULL;
  const gboolean open = open_file (self, &error);
  gboolean empty = FALSE, awaited = FALSE;

  if (!open) {
    g_mutex_lock (&self->lock);
    self->error = g_steal_pointer (&error);
    g_mutex_unlock (&self->lock);
  }
  set_busy (self, 0);
  tell (self);
  if (open) {
    care (self);
    empty = close_file (self);
  }
  g_mutex_lock (&self->lock);
  self->status.open = FALSE;
  self->status.empty = empty;
  self->status.ended = TRUE;
  self->status.busy_us = 0;
  awaited = self->closing;
  g_mutex_unlock (&self->lock);
  tell (self);
  if (awaited)
    engine_ending_done ();
  file_unref (self);
  return NULL;
}

/**
 * engine_tape_file_new:
 * @place: where and how
 * @changed: (scope forever): called on the main thread when it opened, failed or ended
 * @owner: for @changed
 *
 * Returns: (transfer full): a file that is being opened; end it with engine_tape_file_let_go ()
 */
EngineTapeFile *
engine_tape_file_new (const EngineTapePlace *place, EngineTapeFileFunc changed, gpointer owner)
{
  EngineTapeFile *self = g_new0 (EngineTapeFile, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->folder = g_strdup (place->folder);
  self->name = g_strdup (place->name);
  self->ending = g_strdup (place->ending != NULL ? place->ending : ".mp4");
  self->number = place->number;
  self->least_bytes = place->least_bytes;
  self->wanted_disk = place->disk;
  self->changed = changed;
  self->owner = owner;
  self->status.fd = -1;
  self->status.busy_us = g_get_monotonic_time ();
  g_thread_unref (g_thread_new ("recording-file", file_thread, file_ref (self)));
  return self;
}

/* Any thread: whoever lets go of the sink last. */
static void
sink_gone_cb (gpointer data)
{
  EngineTapeFile *self = data;

  g_mutex_lock (&self->lock);
  self->has_sink = FALSE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  file_unref (self);
}

/**
 * engine_tape_file_set_sink:
 * @self: a file that is open
 * @sink: what writes to it: it is not closed before @sink is gone
 */
void
engine_tape_file_set_sink (EngineTapeFile *self, GstElement *sink)
{
  g_mutex_lock (&self->lock);
  self->has_sink = TRUE;
  g_mutex_unlock (&self->lock);
  g_object_set_data_full (G_OBJECT (sink), "engine-tape-file", file_ref (self), sink_gone_cb);
}

/**
 * engine_tape_file_get_path:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): where it is; `NULL` before it is open
 */
const char *
engine_tape_file_get_path (EngineTapeFile *self)
{
  g_mutex_lock (&self->lock);
  const char *path = self->path;
  g_mutex_unlock (&self->lock);
  return path;
}

void
engine_tape_file_get_status (EngineTapeFile *self, EngineTapeFileStatus *status)
{
  g_mutex_lock (&self->lock);
  *status = self->status;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_tape_file_dup_error:
 * @self: a file
 *
 * Returns: (transfer full) (nullable): why it could not be opened, or is of no use any more
 */
GError *
engine_tape_file_dup_error (EngineTapeFile *self)
{
  GError *error = NULL;

  g_mutex_lock (&self->lock);
  error = self->error != NULL ? g_error_copy (self->error) : NULL;
  g_mutex_unlock (&self->lock);
  return error;
}

/**
 * engine_tape_file_close:
 * @self: a file
 *
 * Once what writes to it is gone as well, it is brought to the disk for the last time and closed.
 */
void
engine_tape_file_close (EngineTapeFile *self)
{
  g_mutex_lock (&self->lock);
  if (!self->closing && !self->status.ended)
    engine_ending_begin ();
  self->closing = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_tape_file_let_go:
 * @self: (transfer full): a file
 *
 * Closes it, if that was not done; the owner hears nothing more.
 */
void
engine_tape_file_let_go (EngineTapeFile *self)
{
  self->owner = NULL;
  engine_tape_file_close (self);
  file_unref (self);
}
