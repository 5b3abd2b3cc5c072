/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * EngineTapePlace:
 * @folder: where the file goes, absolute; made if it is not there
 * @name: what it is called, without number and ending
 * @ending: (nullable): such as `.mkv`; `NULL` is `.mp4`
 * @number: which part it is: 1 has no number in its name
 * @least_bytes: so much must be free, or there is no file
 * @disk: the disk that @folder was on before; 0 when it was not looked at yet
 */
typedef struct {
  const char *folder;
  const char *name;
  const char *ending;
  guint number;
  guint64 least_bytes;
  dev_t disk;
} EngineTapePlace;

/**
 * EngineTapeFileStatus:
 * @open: it can be written
 * @ended: nothing more will happen to it
 * @empty: nothing was in it when it ended, and it is gone
 * @fd: where to write
 * @disk: which disk it is on
 * @limit_bytes: how large it may become
 * @free_bytes: what is free on its disk for us
 * @durable_us: a moment: what was written before is on the disk whatever happens
 * @busy_us: since when the disk has not answered, or 0; monotonic time as well
 * @longest_us: how long the disk took for this at the most
 */
typedef struct {
  gboolean open;
  gboolean ended;
  gboolean empty;
  int fd;
  dev_t disk;
  guint64 limit_bytes;
  guint64 free_bytes;
  gint64 durable_us;
  gint64 busy_us;
  gint64 longest_us;
} EngineTapeFileStatus;

typedef void (*EngineTapeFileFunc) (gpointer owner);

typedef struct _EngineTapeFile EngineTapeFile;

EngineTapeFile *engine_tape_file_new (const EngineTapePlace *place, EngineTapeFileFunc changed,
                                      gpointer owner);
void engine_tape_file_set_sink (EngineTapeFile *self, GstElement *sink);
const char *engine_tape_file_get_path (EngineTapeFile *self);
void engine_tape_file_get_status (EngineTapeFile *self, EngineTapeFileStatus *status);
GError *engine_tape_file_dup_error (EngineTapeFile *self);
void engine_tape_file_close (EngineTapeFile *self);
void engine_tape_file_let_go (EngineTapeFile *self);

G_END_DECLS
