/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* A session goes from off air, perhaps through a rehearsal, on air, and to its end. */

static gboolean
elapsed_cb (gpointer data)
{
  g_object_notify (data, "elapsed-s");
  return G_SOURCE_CONTINUE;
}

static gboolean
is_active (ShowState state)
{
  return state == SHOW_STATE_REHEARSAL || state == SHOW_STATE_LIVE;
}

static void
set_state (ShowSession *self, ShowState state)
{
  if (self->state == state)
    return;
  self->elapsed_s = show_session_get_elapsed_s (self);
  self->state = state;
  g_clear_handle_id (&self->elapsed_id, g_source_remove);
  if (is_active (state)) {
    self->live_since_us = g_get_monotonic_time ();
    self->elapsed_id = g_timeout_add_seconds (1, elapsed_cb, self);
  }
  g_object_notify (G_OBJECT (self), "elapsed-s");
  g_object_notify (G_OBJECT (self), "state");
}

/**
 * _show_session_rehearse:
 * @self: a session that is neither live nor in rehearsal
 * @error: return location
 *
 * Everything runs and is recorded as it will be; nothing leaves this computer.
 *
 * Returns: whether it is a rehearsal now
 */
gboolean
_show_session_rehearse (ShowSession *self, GError **error)
{
  if (is_active (self->state)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 self->state == SHOW_STATE_LIVE ? "the show is live: end it before you rehearse"
                                                : "this is a rehearsal already");
    return FALSE;
  }
  show_encode_begin (self->encode);
  if (!show_air_rehearse (self->air, error)) {
    show_encode_end (self->encode);
    return FALSE;
  }
  engine_program_restart_loudness (self->program);
  set_state (self, SHOW_STATE_REHEARSAL);
  return TRUE;
}

/**
 * _show_session_go_live:
 * @self: a session that is not live
 * @error: return location
 *
 * From a rehearsal the recording goes on as it is.
 *
 * Returns: whether it is live now
 */
gboolean
_show_session_go_live (ShowSession *self, GError **error)
{
  if (self->state == SHOW_STATE_LIVE) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "the show is live already");
    return FALSE;
  }
  show_encode_begin (self->encode);
  if (!show_air_start (self->air, error)) {
    if (!is_active (self->state))
      show_encode_end (self->encode);
    return FALSE;
  }
  engine_program_restart_loudness (self->program);
  set_state (self, SHOW_STATE_LIVE);
  return TRUE;
}

/**
 * _show_session_end_live:
 * @self: a session that is live or in rehearsal
 * @error: return location
 *
 * After a rehearsal the show is off air, as if it had not been.
 *
 * Returns: whether there was something to end
 */
gboolean
_show_session_end_live (ShowSession *self, GError **error)
{
  if (!is_active (self->state)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "the show is not live");
    return FALSE;
  }
  show_air_stop (self->air);
  show_encode_end (self->encode);
  set_state (self, self->state == SHOW_STATE_LIVE ? SHOW_STATE_ENDED : SHOW_STATE_OFF_AIR);
  return TRUE;
}

ShowState
show_session_get_state (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), SHOW_STATE_OFF_AIR);

  return self->state;
}

/**
 * show_session_get_active:
 * @self: a session
 *
 * Returns: whether it is live or in rehearsal: everything runs, and is recorded
 */
gboolean
show_session_get_active (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return is_active (self->state);
}

/**
 * show_session_get_elapsed_s:
 * @self: a session
 *
 * Returns: for how long it is live, or in rehearsal, or was the last time, in seconds
 */
guint64
show_session_get_elapsed_s (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), 0);

  if (!is_active (self->state))
    return self->elapsed_s;
  return (guint64) ((g_get_monotonic_time () - self->live_since_us) / G_USEC_PER_SEC);
}
