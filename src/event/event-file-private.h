/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-contents.h"
#include "event-file.h"

G_BEGIN_DECLS

#define EVENT_MAX_FILE_BYTES (4 * 1024 * 1024)

/**
 * EventStamp:
 *
 * Which file it was that was read or written: another program's is another one.
 */
typedef struct {
  guint64 device;
  guint64 inode;
  gint64 size;
  gint64 modified_ns; /* 0: no file */
} EventStamp;

/**
 * EventFile:
 *
 * What is prepared beforehand: the event as a `.regie` file says it.
 *
 * A file that loads is right in every part this version knows, and stays so whatever is edited. What
 * it does not know it keeps, in its place, for the next time it is saved. All calls belong to the main
 * thread.
 */
struct _EventFile {
  GObject parent_instance;
  char *path; /* (nullable) absolute */
  JsonNode *root;
  EventContents *contents;
  GQueue past; /* of GPtrArray: lists that were replaced; somebody may still look at them */
  GPtrArray *past_contents; /* of EventContents: the same, from before it went to another folder */
  guint64 n_changes;        /* so far */
  guint64 n_saved;          /* how many of them are in the file */
  gboolean savable;
  EventStamp stamp; /* of the file at path, as far as is known */
};

char *_event_file_get_name (EventFile *self);
void _event_file_move_paths (EventFile *self, const char *old_folder);
void _event_file_set_path (EventFile *self, const char *path);
void _event_file_get_stamp (const char *path, EventStamp *stamp);
void _event_file_add_change (EventFile *self);
void _event_file_set_saved (EventFile *self, guint64 n_changes);
void _event_file_tell_changed (EventFile *self);

G_END_DECLS
