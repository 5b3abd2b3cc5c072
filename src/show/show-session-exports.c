/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"
#include "show-exports-private.h"
#include "show-snapshot.h"

/* What becomes of a session's recording: which talk is where in it, and files of talks. */

/* Where what is mixed now is in the recording. While that is not known, it is reckoned from when it
 * was. */
static gint64
get_position_ms (ShowSession *self)
{
  const gint64 position_ns = engine_recording_get_position_ns (show_session_get_recording (self));
  const gint64 now_ms = g_get_monotonic_time () / 1000;

  if (position_ns >= 0)
    self->recording_offset_ms = position_ns / 1000000 - now_ms;
  return self->recording_offset_ms != G_MININT64 ? self->recording_offset_ms + now_ms : 0;
}

static void
begin_talk (ShowSession *self)
{
  ShowTalk *talk = show_session_get_current_talk (self);

  if (talk == NULL || !show_session_get_active (self))
    return;
  show_exports_begin_talk (self->exports, talk, get_position_ms (self),
                           self->state == SHOW_STATE_LIVE);
  self->talk_began_ms = g_get_monotonic_time () / 1000;
}

/* As soon as something is written, what is on air has a place in the recording: 0, or after a crash
 * where it goes on. */
static void
log_changed_cb (ShowSession *self)
{
  const gboolean known = self->recording_offset_ms != G_MININT64;

  get_position_ms (self);
  if (!known && self->recording_offset_ms != G_MININT64)
    show_exports_place_talk (self->exports,
                             MAX (0, self->recording_offset_ms + self->talk_began_ms));
}

/* A rehearsal's talks are marked, and are no files unless somebody asks for them. */
static void
state_cb (ShowSession *self)
{
  if (show_session_get_active (self)) {
    begin_talk (self);
    return;
  }
  show_exports_end_talk (self->exports, get_position_ms (self));
  self->recording_offset_ms = G_MININT64;
}

static void
log_cb (ShowSession *self)
{
  EngineRecordingLog *log = engine_recording_get_log (show_session_get_recording (self));

  /* One that has ended is let go of when it is on the disk. */
  if (log == NULL)
    return;
  show_exports_set_recording (self->exports, log);
  g_signal_connect_object (log, "changed", G_CALLBACK (log_changed_cb), self, G_CONNECT_SWAPPED);
}

/* It has no talks; nobody else touches it either. */
static void
clean_log_cb (ShowSession *self)
{
  EngineRecording *clean = engine_program_get_clean_recording (self->program);
  EngineRecordingLog *log = engine_recording_get_log (clean);

  if (log != NULL)
    _show_exports_take_recording (self->exports, log, -1);
}

static void
written_cb (EngineRecording *recording, EngineRecordingLog *log, ShowSession *self)
{
  show_exports_end_recording (self->exports, log);
}

static void
look_for_orphans (ShowSession *self)
{
  g_auto (GStrv) folders = show_air_get_folders (self->air);
  const char *recording = self->interrupted != NULL
                            ? show_snapshot_get_string (self->interrupted->state, "recording")
                            : NULL;

  show_exports_look_for_orphans (self->exports, (const char *const *) folders, recording);
}

/* Nobody goes on with it: it is finished as it is. */
static void
interrupted_cb (ShowSession *self)
{
  if (self->running && self->interrupted == NULL && !self->resumed)
    look_for_orphans (self);
}

/**
 * _show_session_prepare_exports:
 * @self: a session that is built
 */
void
_show_session_prepare_exports (ShowSession *self)
{
  EngineRecording *recording = show_session_get_recording (self);
  EngineRecording *clean = engine_program_get_clean_recording (self->program);

  self->recording_offset_ms = G_MININT64;
  self->exports =
    show_exports_new (event_file_get_title (self->event), event_file_get_language (self->event),
                      event_file_get_recording (self->event)->talks);
  g_signal_connect (self, "notify::state", G_CALLBACK (state_cb), NULL);
  g_signal_connect (self, "notify::current-talk", G_CALLBACK (begin_talk), NULL);
  g_signal_connect (self, "notify::interrupted", G_CALLBACK (interrupted_cb), NULL);
  g_signal_connect_object (recording, "notify::log", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (recording, "written", G_CALLBACK (written_cb), self, 0);
  g_signal_connect_object (clean, "notify::log", G_CALLBACK (clean_log_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (clean, "written", G_CALLBACK (written_cb), self, 0);
  _show_actions_add_exports (self);
}

/**
 * _show_session_start_exports:
 * @self: a session that starts
 *
 * What another time left unfinished is finished now.
 */
void
_show_session_start_exports (ShowSession *self)
{
  look_for_orphans (self);
}

/**
 * _show_session_end_talk:
 * @self: a session that is live or in rehearsal
 * @error: return location
 *
 * The talk is over, and no other has begun: there is a break.
 *
 * Returns: whether there was a talk
 */
gboolean
_show_session_end_talk (ShowSession *self, GError **error)
{
  if (!show_exports_get_in_talk (self->exports)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "no talk is being given");
    return FALSE;
  }
  show_exports_end_talk (self->exports, get_position_ms (self));
  return TRUE;
}

/**
 * show_session_get_exports:
 * @self: a session
 *
 * Returns: (transfer none): of ShowExport: the talks of its recordings, and the recordings
 */
GListModel *
show_session_get_exports (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->exports);
}

static gboolean
wake_up_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/**
 * show_session_wait_for_exports:
 * @self: a session that was stopped
 * @timeout_ms: how long at the most
 *
 * For the end of the process: lets a recording become an ordinary file, and what is nearly done be done.
 * What is not is finished by the next start.
 */
void
show_session_wait_for_exports (ShowSession *self, guint timeout_ms)
{
  const gint64 end_us = g_get_monotonic_time () + timeout_ms * (gint64) 1000;
  guint wake_up_id = 0;

  g_return_if_fail (SHOW_IS_SESSION (self));

  wake_up_id = g_timeout_add (20, wake_up_cb, NULL);
  /* That the recording is on the disk is told by the main loop. */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  while (show_exports_get_busy (self->exports) && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  show_exports_stop (self->exports);
  /* The thread takes a moment to notice. */
  while (show_exports_get_busy (self->exports) && g_get_monotonic_time () < end_us + 500000)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake_up_id);
}
