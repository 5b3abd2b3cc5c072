/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-recording-private.h"

/* Which folder the recording goes to. One is tried after the other, each in its own thread: one that
 * does not answer is left to itself, and used should it answer after all. */

/* How long a folder may take to be opened. */
#define OPEN_TIMEOUT_US (4 * G_USEC_PER_SEC)

/* When nothing can be written, or a move did not come about, try again. */
#define RETRY_US (5 * G_USEC_PER_SEC)

/* On a disk that was full a new file begins only when there is room for half a minute: else every try
 * would leave a short file behind. */
#define AGAIN_BYTES (20 * G_GUINT64_CONSTANT (1000000))

static void try_folder (EngineRecording *self, guint at);

static void
try_failed (EngineRecording *self, guint at, const GError *error)
{
  self->trying = -1;
  if (self->cause == NULL)
    self->cause = g_error_copy (error);
  if (self->n_tries > 0)
    self->n_tries--;
  if (self->n_tries > 0) {
    try_folder (self, (at + 1) % self->n_folders);
    return;
  }
  if (self->tape == NULL)
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_STOPPED, self->cause);
  g_clear_error (&self->cause);
  self->retry_us = g_get_monotonic_time () + RETRY_US;
}

static gboolean
find_opening (EngineRecording *self, EngineTape *tape, guint *at)
{
  for (*at = 0; *at < self->n_folders; (*at)++) {
    if (self->opening[*at] == tape)
      return TRUE;
  }
  return FALSE;
}

static void
open_failed_cb (EngineRecording *self, const GError *error, EngineTape *tape)
{
  guint at = 0;

  if (!find_opening (self, tape, &at))
    return;
  engine_tape_abandon (tape);
  g_clear_object (&self->opening[at]);
  if (self->trying == (int) at)
    try_failed (self, at, error);
}

/* What was being written, and why it is of no use any more. */
static void
tape_failed_cb (EngineRecording *self, const GError *error, EngineTape *tape)
{
  const gboolean other = !g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT);
  EngineTapeLook look;

  if (tape != self->tape)
    return;
  engine_tape_look (tape, &look);
  self->bytes_before += look.n_bytes;
  engine_reel_leave (self->reel, engine_tape_get_feed (tape));
  if (self->leaving != NULL)
    _engine_recording_end_tape (self, g_steal_pointer (&self->leaving));
  engine_tape_abandon (tape);
  g_clear_object (&self->tape);
  if (self->trying < 0)
    _engine_recording_look_for_folder (self, other ? (self->at + 1) % self->n_folders : self->at,
                                       error);
}

/* The files of one recording have one name, with a number. */
static void
take_name (EngineRecording *self, const char *path)
{
  if (self->n_parts++ > 0)
    return;
  g_free (self->name);
  self->name = g_path_get_basename (path);
  self->name[strlen (self->name) - strlen (".mp4")] = '\0';
}

/* @tape takes over: from a keyframe that the disk has perhaps not got, or with the next that comes. */
static void
put_in (EngineRecording *self, EngineTape *tape)
{
  EngineFeed *feed = engine_tape_get_feed (tape);

  if (self->tape == NULL || self->again) {
    engine_reel_follow (self->reel, feed, self->kept_from);
    if (self->tape != NULL) {
      engine_reel_leave (self->reel, engine_tape_get_feed (self->tape));
      _engine_recording_end_tape (self, g_steal_pointer (&self->tape));
    }
  } else {
    engine_reel_hand_over (self->reel, engine_tape_get_feed (self->tape), feed);
    if (self->leaving != NULL)
      _engine_recording_end_tape (self, g_steal_pointer (&self->leaving));
    self->leaving = g_steal_pointer (&self->tape);
  }
  self->tape = g_object_ref (tape);
  self->logged = FALSE;
  self->slow = FALSE;
  self->last_bytes = self->last_backlog_ns = self->moved_bytes = 0;
  self->last_us = self->moved_us = g_get_monotonic_time ();
}

static void
opened_cb (EngineRecording *self, EngineTape *tape)
{
  g_autoptr (EngineTape) opened = g_object_ref (tape);
  g_autoptr (GError) error = NULL;
  EngineTapeLook look;
  guint at = 0;

  if (!find_opening (self, tape, &at))
    return;
  if (self->tape != NULL && self->trying != (int) at) {
    /* It has taken so long that another folder was found. */
    engine_tape_abandon (tape);
    g_clear_object (&self->opening[at]);
    return;
  }
  if (!engine_tape_start (tape, &error)) {
    open_failed_cb (self, error, tape);
    return;
  }
  g_clear_object (&self->opening[at]);
  engine_tape_look (tape, &look);
  self->disks[at] = look.file.disk;
  take_name (self, engine_tape_get_path (tape));
  put_in (self, tape);
  self->at = at;
  self->trying = -1;
  self->again = FALSE;
  g_clear_error (&self->cause);
  _engine_recording_set_path (self, engine_tape_get_path (tape));
}

static void
open_folder (EngineRecording *self, guint at)
{
  const gboolean same = self->tape != NULL && self->at == at;
  const EngineTapePlace place = {
    .folder = self->folders[at],
    .name = self->name,
    .number = self->n_parts + 1,
    .least_bytes = self->least_bytes + (self->n_parts > 0 && !same ? AGAIN_BYTES : 0),
    .disk = self->disks[at],
  };

  self->opening[at] = engine_tape_new (self->clock, &place);
  self->opening_us[at] = g_get_monotonic_time ();
  g_signal_connect_object (self->opening[at], "opened", G_CALLBACK (opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opening[at], "failed", G_CALLBACK (open_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opening[at], "failed", G_CALLBACK (tape_failed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
try_folder (EngineRecording *self, guint at)
{
  self->trying = (int) at;
  if (self->opening[at] == NULL)
    open_folder (self, at);
  else
    _engine_recording_watch_opening (self, g_get_monotonic_time ());
}

/**
 * _engine_recording_look_for_folder:
 * @self: a recording that writes nothing
 * @first: which folder to try first
 * @cause: (nullable): why it does not
 *
 * Tries all folders; if none can be written the recording has stopped, until one can.
 */
void
_engine_recording_look_for_folder (EngineRecording *self, guint first, const GError *cause)
{
  g_clear_error (&self->cause);
  self->cause = cause != NULL ? g_error_copy (cause) : NULL;
  self->n_tries = self->n_folders;
  self->retry_us = 0;
  self->again = TRUE;
  try_folder (self, first);
}

/**
 * _engine_recording_move:
 * @self: a recording that writes
 * @to: which folder to go on in, in a new file
 * @again: whether what the disk may not have is to be in it; else there is not one picture more
 *
 * If that cannot be done it goes on as it is.
 */
void
_engine_recording_move (EngineRecording *self, guint to, gboolean again)
{
  g_clear_error (&self->cause);
  self->n_tries = 1;
  self->again = again;
  try_folder (self, to);
}

/**
 * _engine_recording_watch_opening:
 * @self: a recording
 * @now_us: monotonic time
 *
 * To be called a few times a second: goes on when a folder does not answer, and tries again.
 */
void
_engine_recording_watch_opening (EngineRecording *self, gint64 now_us)
{
  const int at = self->trying;
  g_autoptr (GError) error = NULL;

  if (at >= 0 && self->opening[at] != NULL && now_us - self->opening_us[at] > OPEN_TIMEOUT_US) {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_STALLED,
                         "the disk of the folder “%s” does not answer", self->folders[at]);
    try_failed (self, (guint) at, error);
  } else if (at < 0 && self->tape == NULL && now_us > self->retry_us) {
    _engine_recording_look_for_folder (self, 0, NULL);
  }
}
