/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-pipeline.h"
#include "engine-recording.h"
#include "engine-reel.h"
#include "engine-tape.h"

G_BEGIN_DECLS

#define ENGINE_RECORDING_N_FOLDERS 2

struct _EngineRecording {
  GObject parent_instance;

  EngineClock *clock;
  EngineReel *reel;

  EngineRecordingState state;
  GError *error;         /* nullable */
  char *path;            /* nullable */
  guint64 bytes_written; /* of all files since the start */
  guint64 bytes_before;  /* of those that are over */
  gint64 left_s;

  char *folders[ENGINE_RECORDING_N_FOLDERS];
  guint n_folders;
  dev_t disks[ENGINE_RECORDING_N_FOLDERS]; /* 0: not known yet */
  char *title;
  char *name;          /* of all files, without number and ending */
  guint n_parts;       /* that were opened */
  guint64 limit_bytes; /* of a file, when smaller than what its disk can have */
  guint64 least_bytes; /* of the disk, that are left to others */
  int beside_bps;      /* what others write there meanwhile */

  EngineTape *tape;    /* nullable: what is being written */
  guint at;            /* the folder it is in */
  EngineTape *leaving; /* nullable: it ends with the next keyframe */
  GPtrArray *ending;   /* of EngineTape: writing their end */

  /* A look for a folder that can be written. */
  EngineTape *opening[ENGINE_RECORDING_N_FOLDERS]; /* nullable: they may hang, and go on to */
  gint64 opening_us[ENGINE_RECORDING_N_FOLDERS];
  int trying;      /* the folder that is waited for, or −1 */
  guint n_tries;   /* how many are left, with that one */
  gboolean again;  /* what the disk may not have is to be written once more */
  GError *cause;   /* nullable: why there is a look at all, or why its first try failed */
  gint64 retry_us; /* not before this time */

  EngineRecordingLog *log;   /* nullable */
  gboolean logged;           /* it knows of @tape */
  gint64 base_ns;            /* the show time at which the recording began */
  GCancellable *cancellable; /* nullable */

  guint tick_id;
  guint64 last_bytes; /* of @tape, a moment ago */
  gint64 last_us;
  gint64 moved_us; /* when @tape took something for the last time */
  guint64 moved_bytes;
  guint64 last_backlog_ns;
  double bytes_per_s;
  gboolean slow;
  GstClockTime kept_from;
};

EngineRecording *_engine_recording_new (EngineClock *clock, EngineFeed *feed);
void _engine_recording_start (EngineRecording *self, const EngineRecordingConfig *config,
                              int expected_bps);
void _engine_recording_stop (EngineRecording *self);

/* For tests: as if the disk could have no larger files. */
void _engine_recording_set_limit (EngineRecording *self, guint64 limit_bytes);

/* For a recording beside another one: it begins, and goes on, only while more than this is free. */
void _engine_recording_set_least (EngineRecording *self, guint64 least_bytes);
/* What is written beside it takes room as well. */
void _engine_recording_set_beside (EngineRecording *self, int bps);

/* What the parts of it have in common. */
void _engine_recording_set_state (EngineRecording *self, EngineRecordingState state,
                                  const GError *error);
void _engine_recording_set_path (EngineRecording *self, const char *path);
void _engine_recording_end_tape (EngineRecording *self, EngineTape *tape);
void _engine_recording_log_tape (EngineRecording *self);
void _engine_recording_look_for_folder (EngineRecording *self, guint first, const GError *cause);
void _engine_recording_move (EngineRecording *self, guint to, gboolean again);
void _engine_recording_watch_opening (EngineRecording *self, gint64 now_us);
void _engine_recording_watch_tape (EngineRecording *self, gint64 now_us);
char *_engine_recording_make_name (const char *title);

G_END_DECLS
