/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-pipeline.h"
#include "engine-tape-file.h"

G_BEGIN_DECLS

/**
 * EngineTapeLook:
 * @file: what is known of the file
 * @n_bytes: how many were handed to the disk
 * @backlog_ns: how much picture waits for the disk
 * @n_missed: how many pictures were left out because it was too slow
 */
typedef struct {
  EngineTapeFileStatus file;
  guint64 n_bytes;
  guint64 backlog_ns;
  guint64 n_missed;
} EngineTapeLook;

#define ENGINE_TYPE_TAPE (engine_tape_get_type ())
G_DECLARE_FINAL_TYPE (EngineTape, engine_tape, ENGINE, TAPE, GObject)

/* Main thread only. Signals: "opened" (); "failed" (GError), once, and it is of no use any more;
 * "ended" (): after engine_tape_finish (), all of it is on the disk. */
EngineTape *engine_tape_new (EngineClock *clock, const EngineTapePlace *place);
EngineFeed *engine_tape_get_feed (EngineTape *self);
const char *engine_tape_get_path (EngineTape *self);
const char *engine_tape_get_folder (EngineTape *self);
gboolean engine_tape_is_open (EngineTape *self);
gboolean engine_tape_start (EngineTape *self, GError **error);
void engine_tape_finish (EngineTape *self);
void engine_tape_abandon (EngineTape *self);
void engine_tape_look (EngineTape *self, EngineTapeLook *look);
gboolean engine_tape_get_zero (EngineTape *self, GstClockTime *time_ns);

G_END_DECLS
