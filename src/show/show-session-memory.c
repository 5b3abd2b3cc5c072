/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "show-actions-private.h"
#include "show-snapshot.h"

/* What a session keeps of itself while it is on air or in rehearsal, and how it goes on after a crash or
 * a power cut as it was. */

/* What changes is on the disk within a second: this, and the time to write it. */
#define KEEP_AFTER_MS 400

static void
set_interrupted (ShowSession *self, ShowMemories *interrupted)
{
  if (self->interrupted == NULL && interrupted == NULL)
    return;
  g_clear_pointer (&self->interrupted, show_memories_free);
  self->interrupted = interrupted;
  g_object_notify (G_OBJECT (self), "interrupted");
}

static guint
get_page_port (ShowSession *self)
{
  const char *page = show_session_get_live_page_uri (self);
  g_autoptr (GUri) uri = page != NULL ? g_uri_parse (page, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL && g_uri_get_port (uri) > 0 ? (guint) g_uri_get_port (uri) : 0;
}

/* In time of the day, which goes on through a restart. */
static char *
get_since (ShowSession *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) since =
    g_date_time_add (now, self->live_since_us - g_get_monotonic_time ());

  return g_date_time_format_iso8601 (since);
}

static void
keep (ShowSession *self)
{
  JsonNode *node = show_snapshot_take (self);
  JsonObject *state = json_node_get_object (node);
  const char *recording = engine_recording_get_path (show_session_get_recording (self));
  const char *event_path = event_file_get_path (self->event);
  g_autofree char *since = get_since (self);

  json_object_set_boolean_member (state, "live", self->state == SHOW_STATE_LIVE);
  json_object_set_string_member (state, "since", since);
  json_object_set_int_member (state, "page-port", get_page_port (self));
  json_object_set_int_member (state, "guests-port", _show_session_get_guests_port (self));
  if (recording != NULL)
    json_object_set_string_member (state, "recording", recording);
  if (self->recording_log != NULL)
    json_object_set_string_member (state, "recording-log", self->recording_log);
  if (event_file_get_modified (self->event) && !event_file_get_savable (self->event)) {
    g_autofree char *json = event_file_to_json (self->event);

    json_object_set_string_member (state, "event-json", json);
  }
  if (self->memory != NULL && g_strcmp0 (self->memory_event, event_path) != 0) {
    show_memory_forget (self->memory);
    g_clear_object (&self->memory);
  }
  if (self->memory == NULL)
    self->memory = show_memory_new (event_path);
  common_set_string (&self->memory_event, event_path);
  show_memory_keep (self->memory, node);
}

static gboolean
keep_cb (gpointer data)
{
  ShowSession *self = data;

  self->memory_id = 0;
  keep (self);
  return G_SOURCE_REMOVE;
}

/**
 * _show_session_remember:
 * @self: a session
 *
 * Something has changed: while it is live or in rehearsal, that is kept soon.
 */
void
_show_session_remember (ShowSession *self)
{
  if (self->memory_id == 0 && show_session_get_active (self) &&
      event_file_get_path (self->event) != NULL)
    self->memory_id = g_timeout_add (KEEP_AFTER_MS, keep_cb, self);
}

static void
property_changed_cb (ShowSession *self, GParamSpec *pspec)
{
  /* Each second is no change. */
  if (g_str_equal (pspec->name, "elapsed-s"))
    return;
  _show_session_remember (self);
  /* The recording knows at once that another talk has begun: this must not say something else. */
  if (g_str_equal (pspec->name, "current-talk") && self->memory_id != 0) {
    g_clear_handle_id (&self->memory_id, g_source_remove);
    keep (self);
  }
}

static void
state_changed_cb (ShowSession *self)
{
  g_clear_handle_id (&self->memory_id, g_source_remove);
  if (show_session_get_active (self) && event_file_get_path (self->event) != NULL) {
    set_interrupted (self, NULL);
    keep (self);
  } else {
    g_clear_pointer (&self->recording_log, g_free);
    if (self->memory != NULL)
      show_memory_forget (self->memory);
  }
}

/* Its file is there a moment after the first part. */
static void
log_cb (ShowSession *self)
{
  EngineRecordingLog *log = engine_recording_get_log (show_session_get_recording (self));
  const char *path = log != NULL ? engine_recording_log_get_path (log) : NULL;

  if (path != NULL && common_set_string (&self->recording_log, path))
    _show_session_remember (self);
}

static void
log_changed_cb (ShowSession *self)
{
  EngineRecordingLog *log = engine_recording_get_log (show_session_get_recording (self));

  if (log != NULL)
    g_signal_connect_object (log, "changed", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  log_cb (self);
}

static void
sources_changed_cb (GListModel *sources, guint position, guint n_removed, guint n_added,
                    gpointer user_data)
{
  ShowSession *self = user_data;

  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    g_signal_handlers_disconnect_by_func (source, _show_session_remember, self);
    g_signal_connect_object (source, "notify::page", G_CALLBACK (_show_session_remember), self,
                             G_CONNECT_SWAPPED);
  }
  _show_session_remember (self);
}

static void
update_actions (ShowSession *self)
{
  const gboolean offered = self->interrupted != NULL && !show_session_get_active (self);
  static const char *const names[] = { "resume-show", "forget-show" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), names[i])),
      offered);
}

static void
resume_show_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_resume (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

static void
forget_show_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;

  if (self->memory == NULL)
    self->memory = show_memory_new (event_file_get_path (self->event));
  show_memory_forget (self->memory);
  set_interrupted (self, NULL);
}

/**
 * _show_session_follow_memory:
 * @self: a session that is built
 *
 * From now on how the show is arranged is kept whenever it is live or in rehearsal.
 */
void
_show_session_follow_memory (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "resume-show", resume_show_activated, NULL, NULL, NULL, { 0 } },
    { "forget-show", forget_show_activated, NULL, NULL, NULL, { 0 } },
  };
  static const PostsState lists[] = { POSTS_STATE_APPROVED, POSTS_STATE_HIDDEN };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  update_actions (self);
  g_signal_connect (self, "notify::interrupted", G_CALLBACK (update_actions), NULL);
  g_signal_connect (self, "notify::state", G_CALLBACK (state_changed_cb), NULL);
  g_signal_connect (self, "notify::state", G_CALLBACK (update_actions), NULL);
  g_signal_connect (self, "notify", G_CALLBACK (property_changed_cb), NULL);
  g_signal_connect_object (self->event, "notify::path", G_CALLBACK (_show_session_remember), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "action-state-changed",
                           G_CALLBACK (_show_session_remember), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "notify::on-screen", G_CALLBACK (_show_session_remember),
                           self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_signal_connect_object (posts_desk_get_list (self->desk, lists[i]), "items-changed",
                             G_CALLBACK (_show_session_remember), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_recording (self), "notify::path",
                           G_CALLBACK (_show_session_remember), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_recording (self), "notify::log",
                           G_CALLBACK (log_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sources, "items-changed", G_CALLBACK (sources_changed_cb), self,
                           0);
  sources_changed_cb (G_LIST_MODEL (self->sources), 0, 0,
                      g_list_model_get_n_items (G_LIST_MODEL (self->sources)), self);
}

/**
 * _show_session_look_back:
 * @self: a session that is about to start
 *
 * Finds out whether this event was interrupted while it was on air.
 */
void
_show_session_look_back (ShowSession *self)
{
  const char *event_path = event_file_get_path (self->event);
  g_autoptr (GError) error = NULL;

  if (event_path == NULL)
    return;
  set_interrupted (self, show_memory_load (event_path, &error));
  if (error != NULL)
    _show_session_tell_failure (self, error);
}

static guint
get_former_port (ShowSession *self, const char *key)
{
  const gint64 port =
    self->interrupted != NULL ? show_snapshot_get_int (self->interrupted->state, key, 0) : 0;

  return port > 0 && port <= G_MAXUINT16 ? (guint) port : 0;
}

/* Returns: the port that the live page had, where any would do; 0 if there was none */
guint
_show_session_get_former_port (ShowSession *self)
{
  return get_former_port (self, "page-port");
}

/* Returns: the port that the guests' page had, where any would do; 0 if there was none */
guint
_show_session_get_former_guests_port (ShowSession *self)
{
  return get_former_port (self, "guests-port");
}

/* For how long it has been on air goes on to be counted. */
static void
take_over_since (ShowSession *self, JsonObject *state)
{
  const char *text = show_snapshot_get_string (state, "since");
  g_autoptr (GDateTime) since = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  const GTimeSpan elapsed_us = since != NULL ? g_date_time_difference (now, since) : -1;

  if (elapsed_us < 0 || elapsed_us > 7 * G_TIME_SPAN_DAY)
    return;
  self->live_since_us = g_get_monotonic_time () - elapsed_us;
  g_object_notify (G_OBJECT (self), "elapsed-s");
}

/**
 * _show_session_resume:
 * @self: a session that was interrupted
 * @error: return location
 *
 * Arranges it as it was, and goes on air or on with the rehearsal. Fails with %SHOW_ERROR_STATE when
 * there is nothing to go on with.
 *
 * Returns: whether it goes on
 */
gboolean
_show_session_resume (ShowSession *self, GError **error)
{
  g_autoptr (ShowMemories) memories = NULL;
  g_autofree char *time = NULL;
  const char *recording = NULL;
  gboolean done = FALSE;

  if (self->interrupted == NULL || show_session_get_active (self)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "no show was interrupted");
    return FALSE;
  }
  memories = g_steal_pointer (&self->interrupted);
  self->resumed = TRUE;
  g_object_notify (G_OBJECT (self), "interrupted");
  show_snapshot_apply (self, memories->state);
  common_set_string (&self->recording_log,
                     show_snapshot_get_string (memories->state, "recording-log"));
  show_air_set_resumed_recording (self->air, self->recording_log);
  done = show_snapshot_get_boolean (memories->state, "live") ? _show_session_go_live (self, error)
                                                             : _show_session_rehearse (self, error);
  if (!done)
    return FALSE;
  take_over_since (self, memories->state);
  time = g_date_time_format (memories->time, "%T");
  recording = show_snapshot_get_string (memories->state, "recording");
  show_journal_add (self->journal, "resumed", NULL,
                    "the show goes on; it was interrupted after %s, what was recorded before: %s",
                    time, recording != NULL ? recording : "nothing");
  return TRUE;
}

void
_show_session_forget_memory (ShowSession *self)
{
  g_clear_handle_id (&self->memory_id, g_source_remove);
  g_clear_object (&self->memory); /* waits for the disk */
  g_clear_pointer (&self->memory_event, g_free);
  g_clear_pointer (&self->recording_log, g_free);
  g_clear_pointer (&self->interrupted, show_memories_free);
}

/**
 * show_session_get_interrupted:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): when this event was interrupted while on air or in rehearsal, in
 *   local time, if `resume-show` can go on with it
 */
GDateTime *
show_session_get_interrupted (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->interrupted != NULL ? self->interrupted->time : NULL;
}

/**
 * show_session_get_resumed:
 * @self: a session
 *
 * Returns: whether it goes on with what a crash or a power cut interrupted
 */
gboolean
show_session_get_resumed (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return self->resumed;
}

/**
 * show_session_open:
 * @path: (type filename): of an event
 * @recover: whether changes that were not saved when it was interrupted are to be there again
 * @error: return location
 *
 * Fails with an `EVENT_ERROR`.
 *
 * Returns: (transfer full) (nullable): the event
 */
EventFile *
show_session_open (const char *path, gboolean recover, GError **error)
{
  g_autofree char *full_path = g_canonicalize_filename (path, NULL);
  g_autoptr (ShowMemories) memories = NULL;
  const char *json = NULL;
  EventFile *event = NULL;

  if (recover)
    memories = show_memory_load (full_path, NULL); /* whoever starts it says what is wrong */
  if (memories != NULL)
    json = show_snapshot_get_string (memories->state, "event-json");
  if (json != NULL)
    event = event_file_parse (json, -1, path, NULL); /* else as it was saved */
  if (event != NULL)
    event_file_set_unsaved (event);
  return event != NULL ? event : event_file_load (path, error);
}
