/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-recording-private.h"

/* What is watched while a recording is written: whether its disk keeps up, and how long it will last. */

/* The operator is warned when there is room for less than this. */
#define LOW_S (30 * 60)

/* With so much left a second folder is taken: there is time for the disk to be slow in between. */
#define MOVE_S 75

/* It ends cleanly before the disk is full: with room left for the end of the file, and for a picture
 * or two of the journal. */
#define LAST_S     2
#define LAST_BYTES (256 * G_GUINT64_CONSTANT (1024))

/* Below this a file is not made larger: until the next keyframe some more will come. */
#define LIMIT_MARGIN_S 6

/* Lagging behind so far is worth a word; so little is not any more. */
#define SLOW_NS      (3 * GST_SECOND)
#define QUICK_NS     GST_SECOND
#define TOO_SLOW_NS  (10 * GST_SECOND)
#define SLOW_SYNC_US (4 * G_USEC_PER_SEC)

/* A disk that has taken nothing for so long does not answer any more. */
#define STALLED_US (5 * G_USEC_PER_SEC)

/* Fragments are made of pictures that have come out of the encoder, which takes its time: what was
 * written at some time is as old as this, at the most. */
#define BEHIND_NS (3 * GST_SECOND / 2)

/* How fast the measured rate follows. */
#define RATE_SHARE (1.0 / 16)

static void
update_bytes (EngineRecording *self, const EngineTapeLook *look)
{
  const guint64 n_bytes = self->bytes_before + look->n_bytes;

  if (self->bytes_written == n_bytes)
    return;
  self->bytes_written = n_bytes;
  g_object_notify (G_OBJECT (self), "bytes-written");
}

/* What is free for it. */
static guint64
get_room (EngineRecording *self, const EngineTapeLook *look)
{
  return look->file.free_bytes - MIN (look->file.free_bytes, self->least_bytes);
}

/* Once a second. */
static void
update_rate (EngineRecording *self, const EngineTapeLook *look, gint64 now_us)
{
  const double elapsed_s = (double) (now_us - self->last_us) / G_USEC_PER_SEC;
  gint64 left_s = -1;

  if (elapsed_s < 1)
    return;
  /* Nothing at all, or a heap that had waited, says nothing of the show. */
  if (look->n_bytes > self->last_bytes && look->backlog_ns < QUICK_NS &&
      self->last_backlog_ns < QUICK_NS)
    self->bytes_per_s +=
      RATE_SHARE * ((double) (look->n_bytes - self->last_bytes) / elapsed_s - self->bytes_per_s);
  self->last_bytes = look->n_bytes;
  self->last_us = now_us;
  if (look->file.free_bytes != G_MAXUINT64 && self->bytes_per_s >= 1)
    left_s =
      (gint64) ((double) get_room (self, look) / (self->bytes_per_s + self->beside_bps / 8.0));
  if (self->left_s == left_s)
    return;
  self->left_s = left_s;
  g_object_notify (G_OBJECT (self), "left-s");
}

/* What is on the disk need not be kept. */
static void
update_kept (EngineRecording *self, const EngineTapeLook *look, gint64 now_us)
{
  const guint64 backlog_ns = MAX (look->backlog_ns, self->last_backlog_ns);
  const gint64 durable_ns =
    engine_clock_get_now (self->clock) - (now_us - look->file.durable_us) * 1000;

  self->last_backlog_ns = look->backlog_ns;
  if (look->n_bytes == 0 || durable_ns < (gint64) (backlog_ns + BEHIND_NS))
    return;
  self->kept_from = MAX (self->kept_from, (guint64) durable_ns - backlog_ns - BEHIND_NS);
  engine_reel_keep_from (self->reel, self->kept_from);
}

/* Another encoder, or an encode that is not the recording's own any more: a new file begins with it. */
static void
follow_change (EngineRecording *self, GstClockTime time_ns, gint64 now_us)
{
  self->kept_from = time_ns;
  engine_reel_keep_from (self->reel, time_ns);
  if (self->trying < 0 && now_us >= self->retry_us)
    _engine_recording_move (self, self->at, TRUE);
}

static gboolean
is_stalled (EngineRecording *self, const EngineTapeLook *look, gint64 now_us)
{
  if (look->backlog_ns < SLOW_NS || look->n_bytes != self->moved_bytes)
    self->moved_us = now_us;
  self->moved_bytes = look->n_bytes;
  /* What the system has taken over may take long: where there is another disk it need not. */
  return now_us - self->moved_us > STALLED_US || (self->n_folders > 1 && look->file.busy_us > 0 &&
                                                  now_us - look->file.busy_us > STALLED_US);
}

static void
update_slow (EngineRecording *self, const EngineTapeLook *look, gint64 now_us)
{
  const gint64 undurable_us = now_us - look->file.durable_us;

  if (look->backlog_ns > SLOW_NS || undurable_us > SLOW_SYNC_US)
    self->slow = TRUE;
  else if (look->backlog_ns < QUICK_NS && undurable_us < SLOW_SYNC_US / 2)
    self->slow = FALSE;
}

static void
update_state (EngineRecording *self, const EngineTapeLook *look)
{
  g_autoptr (GError) error = NULL;

  if (look->n_bytes == 0 && self->state == ENGINE_RECORDING_STATE_STOPPED)
    return;
  if (self->slow) {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_SLOW,
                         "the disk of the folder “%s” is too slow", self->folders[self->at]);
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_DEGRADED, error);
  } else if (self->left_s >= 0 && self->left_s < LOW_S) {
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_DEGRADED, NULL);
  } else {
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_RECORDING, NULL);
  }
}

static void
consider_moving (EngineRecording *self, const EngineTapeLook *look, gint64 now_us)
{
  const guint64 limit_bytes = MIN (look->file.limit_bytes, self->limit_bytes);
  const guint64 margin_bytes = (guint64) (self->bytes_per_s * LIMIT_MARGIN_S);

  if (self->trying >= 0 || self->leaving != NULL || now_us < self->retry_us)
    return;
  if (look->n_bytes + MIN (margin_bytes, limit_bytes / 2) > limit_bytes)
    _engine_recording_move (self, self->at, FALSE);
  else if (self->n_folders > 1 && self->left_s >= 0 && self->left_s < MOVE_S)
    _engine_recording_move (self, (self->at + 1) % self->n_folders, FALSE);
  else if (self->n_folders > 1 && self->slow && look->backlog_ns > TOO_SLOW_NS)
    _engine_recording_move (self, (self->at + 1) % self->n_folders, TRUE);
}

static gboolean
is_full (EngineRecording *self, const EngineTapeLook *look)
{
  return look->n_bytes > 0 &&
         get_room (self, look) < (guint64) (self->bytes_per_s * LAST_S) + LAST_BYTES;
}

/* What was written gets its end while there is room for it. */
static void
end_full (EngineRecording *self)
{
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_FULL, "the disk of the folder “%s” is full",
                 self->folders[self->at]);

  engine_reel_leave (self->reel, engine_tape_get_feed (self->tape));
  _engine_recording_end_tape (self, g_steal_pointer (&self->tape));
  if (self->trying < 0)
    _engine_recording_look_for_folder (self, (self->at + 1) % self->n_folders, error);
}

/**
 * _engine_recording_watch_tape:
 * @self: a recording
 * @now_us: monotonic time
 *
 * To be called a few times a second.
 */
void
_engine_recording_watch_tape (EngineRecording *self, gint64 now_us)
{
  GstClockTime change_ns = 0;
  EngineTapeLook look;

  if (self->leaving != NULL &&
      !engine_reel_follows (self->reel, engine_tape_get_feed (self->leaving)))
    _engine_recording_end_tape (self, g_steal_pointer (&self->leaving));
  if (self->tape == NULL)
    return;
  engine_tape_look (self->tape, &look);
  update_bytes (self, &look);
  if (engine_reel_get_change (self->reel, engine_tape_get_feed (self->tape), &change_ns))
    follow_change (self, change_ns, now_us);
  else
    update_kept (self, &look, now_us);
  update_rate (self, &look, now_us);
  update_slow (self, &look, now_us);
  _engine_recording_log_tape (self);
  if (is_stalled (self, &look, now_us)) {
    g_autoptr (GError) error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_DISK_STALLED,
                   "the disk of the folder “%s” does not answer", self->folders[self->at]);

    g_signal_emit_by_name (self->tape, "failed", error);
    return;
  }
  update_state (self, &look);
  if (is_full (self, &look))
    end_full (self);
  else
    consider_moving (self, &look, now_us);
}
