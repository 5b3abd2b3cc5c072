/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "show-reporter.h"

#define MAX_POST_CHARS 100

/**
 * ShowReporter:
 *
 * Decides what of a session goes into its journal, and in which words. It names ids, titles and
 * errors, which never quote a secret.
 */
struct _ShowReporter {
  GObject parent_instance;

  ShowSession *session; /* borrowed: it owns us */
  ShowJournal *journal;
  ShowShot *shot;       /* nullable: the last that was noted */
  PostsItem *post;      /* nullable: the same */
  ShowState state;      /* the last that was noted */
  GHashTable *troubled; /* (element-type GObject): sources and outputs whose outage was noted */
};

G_DEFINE_FINAL_TYPE (ShowReporter, show_reporter, G_TYPE_OBJECT)

static void
shot_cb (ShowReporter *self)
{
  ShowShot *shot = show_session_get_on_air_shot (self->session);

  if (shot == self->shot || shot == NULL)
    return;
  if (show_shot_get_pause (shot))
    show_journal_add (self->journal, "pause", show_shot_get_id (shot), "the audience sees “%s”",
                      show_shot_get_title (shot));
  else if (self->shot != NULL && show_shot_get_pause (self->shot))
    show_journal_add (self->journal, "resume", show_shot_get_id (shot),
                      "the pause is over, “%s” is on air", show_shot_get_title (shot));
  else
    show_journal_add (self->journal, "cut", show_shot_get_id (shot), "“%s” is on air",
                      show_shot_get_title (shot));
  g_set_object (&self->shot, shot);
}

/* The journal goes with the recording, which a rehearsal has, too, and hands on when it goes live. */
static void
state_cb (ShowReporter *self)
{
  const ShowState before = self->state;
  const char *title = show_session_get_title (self->session);

  self->state = show_session_get_state (self->session);
  switch (self->state) {
  case SHOW_STATE_REHEARSAL:
    show_journal_begin (self->journal);
    show_journal_add (self->journal, "rehearsal", NULL,
                      "“%s” is rehearsed: it is recorded, nothing is published", title);
    break;
  case SHOW_STATE_LIVE:
    if (before != SHOW_STATE_REHEARSAL)
      show_journal_begin (self->journal);
    show_journal_add (self->journal, "live", NULL, "“%s” is live", title);
    break;
  case SHOW_STATE_OFF_AIR:
  case SHOW_STATE_ENDED:
    show_journal_add (self->journal, "ended", NULL,
                      before == SHOW_STATE_REHEARSAL ? "the rehearsal of “%s” has ended"
                                                     : "“%s” has ended",
                      title);
    show_journal_end (self->journal);
    return;
  }
  if (self->shot != NULL)
    show_journal_add (self->journal, "cut", show_shot_get_id (self->shot), "“%s” is on air",
                      show_shot_get_title (self->shot));
}

static void
post_cb (ShowReporter *self)
{
  PostsItem *item = posts_desk_get_on_screen (show_session_get_desk (self->session));

  if (item == self->post)
    return;
  if (item != NULL) {
    PostsPost *post = posts_item_get_post (item);
    const char *text = posts_post_get_text (post);
    const gboolean cut = g_utf8_strlen (text, -1) > MAX_POST_CHARS;
    g_autofree char *start = g_utf8_substring (text, 0, cut ? MAX_POST_CHARS : -1);

    show_journal_add (self->journal, "post", posts_post_get_id (post),
                      "the post of %s is on screen: %s%s", posts_post_get_author_name (post), start,
                      cut ? "…" : "");
  } else {
    show_journal_add (self->journal, "post-off",
                      posts_post_get_id (posts_item_get_post (self->post)),
                      "the post is off the screen");
  }
  g_set_object (&self->post, item);
}

static void
talk_cb (ShowReporter *self)
{
  ShowTalk *talk = show_session_get_current_talk (self->session);

  if (!show_session_get_talk_shown (self->session))
    show_journal_add (self->journal, "name-off", NULL, "the name is off the screen");
  else if (talk != NULL)
    show_journal_add (self->journal, "name", NULL, "the name of “%s” is on screen",
                      *show_talk_get_speakers (talk) != '\0' ? show_talk_get_speakers (talk)
                                                             : show_talk_get_title (talk));
}

static void
current_talk_cb (ShowReporter *self)
{
  ShowTalk *talk = show_session_get_current_talk (self->session);

  if (talk != NULL)
    show_journal_add (self->journal, "talk", NULL, "the talk is “%s”", show_talk_get_title (talk));
}

static void
failed_cb (ShowReporter *self, const GError *error)
{
  show_journal_add (self->journal, "failed", NULL, "%s", error->message);
}

static void
alarm_began_cb (ShowReporter *self, ShowAlarm *alarm)
{
  g_autofree char *sentence = show_alarm_describe (alarm);

  show_journal_add (self->journal, "alarm", show_alarm_get_id (alarm), "%s", sentence);
}

static void
alarm_ended_cb (ShowReporter *self, ShowAlarm *alarm)
{
  g_autofree char *sentence = show_alarm_describe (alarm);

  show_journal_add (self->journal, "alarm-over", show_alarm_get_id (alarm), "it is over: %s",
                    sentence);
}

/* An outage and its end; that something comes up for the first time is none. */
static void
note_outage (ShowReporter *self, GObject *object, gboolean troubled, gboolean well,
             const char *kind, const char *id, const char *title, const GError *error)
{
  const gboolean was_troubled = g_hash_table_contains (self->troubled, object);

  if (troubled && !was_troubled) {
    g_hash_table_add (self->troubled, g_object_ref (object));
    show_journal_add (self->journal, kind, id, "“%s” is lost: %s", title,
                      error != NULL ? error->message : "nothing is known of why");
  } else if (well && was_troubled) {
    g_hash_table_remove (self->troubled, object);
    show_journal_add (self->journal, kind, id, "“%s” is back", title);
  }
}

static void
source_cb (EngineSource *source, GParamSpec *pspec, gpointer user_data)
{
  ShowReporter *self = user_data;
  const EngineSourceState state = engine_source_get_state (source);

  /* What becomes of a guest is noted in other words. */
  if (show_session_find_guest (self->session, engine_source_get_id (source)) != NULL)
    return;
  note_outage (self, G_OBJECT (source),
               state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED,
               state == ENGINE_SOURCE_STATE_LIVE, "source", engine_source_get_id (source),
               engine_source_get_title (source), engine_source_get_error (source));
}

static void
output_cb (EngineOutput *output, GParamSpec *pspec, gpointer user_data)
{
  const EngineOutputState state = engine_output_get_state (output);

  note_outage (user_data, G_OBJECT (output),
               state == ENGINE_OUTPUT_STATE_WAITING || state == ENGINE_OUTPUT_STATE_REFUSED,
               state == ENGINE_OUTPUT_STATE_LIVE, "destination", engine_output_get_id (output),
               engine_output_get_title (output), engine_output_get_error (output));
}

static void
missed_cb (EngineOutput *output, gint64 begin_ns, gint64 length_ms, ShowReporter *self)
{
  GArray *gaps = engine_output_get_gaps (output);
  const gint64 real_us = g_array_index (gaps, EngineGap, gaps->len - 1).begin_real_us;
  g_autoptr (GDateTime) begin = g_date_time_new_from_unix_local (real_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format (begin, "%H:%M:%S");

  show_journal_add (self->journal, "missed", engine_output_get_id (output),
                    "“%s” has missed %.1f s of the show, from %s on; the recording has them",
                    engine_output_get_title (output), length_ms / 1000.0, time);
}

static void
backup_cb (EngineOutput *output, GParamSpec *pspec, gpointer user_data)
{
  ShowReporter *self = user_data;

  if (engine_output_get_on_backup (output))
    show_journal_add (self->journal, "destination", engine_output_get_id (output),
                      "“%s”: trying the backup's address", engine_output_get_title (output));
}

static void
recording_cb (ShowReporter *self)
{
  EngineRecording *recording = show_session_get_recording (self->session);
  const GError *error = engine_recording_get_error (recording);

  switch (engine_recording_get_state (recording)) {
  case ENGINE_RECORDING_STATE_STOPPED:
    show_journal_add (self->journal, "recording", NULL, "nothing is recorded: %s",
                      error != NULL ? error->message : "nothing is known of why");
    break;
  case ENGINE_RECORDING_STATE_DEGRADED:
    show_journal_add (self->journal, "recording", NULL, "%s",
                      error != NULL ? error->message : "the disk is nearly full");
    break;
  case ENGINE_RECORDING_STATE_OFF:
  case ENGINE_RECORDING_STATE_RECORDING:
  case ENGINE_RECORDING_STATE_STOPPING:
    break;
  }
}

static void
path_cb (ShowReporter *self)
{
  const char *path = engine_recording_get_path (show_session_get_recording (self->session));

  show_journal_set_recording (self->journal, path);
  if (path != NULL)
    show_journal_add (self->journal, "recording", NULL, "recording to %s", path);
}

static void
export_cb (ShowReporter *self, ShowExport *item)
{
  const char *path = show_export_get_path (item);
  const gboolean talk = show_export_get_kind (item) == SHOW_EXPORT_TALK;
  const GError *error = show_export_get_error (item);
  g_autofree char *length =
    common_format_elapsed ((guint64) show_export_get_duration_ms (item) / 1000);

  if (error != NULL)
    show_journal_add (self->journal, "export", NULL, "the %s “%s” could not be made a file: %s",
                      talk ? "talk" : "recording", show_export_get_title (item), error->message);
  else if (talk)
    show_journal_add (self->journal, "export", NULL, "the talk “%s” is a file of %s: %s",
                      show_export_get_title (item), length, path);
  else
    show_journal_add (self->journal, "export", NULL, "the recording of “%s” was %s, %s: %s",
                      show_export_get_title (item),
                      show_export_get_repaired (item) ? "repaired" : "finished", length, path);
}

static void
broken_cb (ShowJournal *journal, GParamSpec *pspec, gpointer user_data)
{
  show_alarms_set_journal_broken (user_data, show_journal_get_broken (journal));
}

static void
follow_items (ShowReporter *self, GListModel *list, guint first, guint n, GCallback callback)
{
  for (guint i = first; i < first + n; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (list, i);

    /* A list that is sorted anew brings the same ones again. */
    g_signal_handlers_disconnect_by_func (item, callback, self);
    g_signal_connect_object (item, "notify::state", callback, self, 0);
  }
}

static void
sources_cb (ShowReporter *self, guint position, guint n_removed, guint n_added, GListModel *sources)
{
  follow_items (self, sources, position, n_added, G_CALLBACK (source_cb));
}

static void
outputs_cb (ShowReporter *self, guint position, guint n_removed, guint n_added, GListModel *outputs)
{
  follow_items (self, outputs, position, n_added, G_CALLBACK (output_cb));
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (outputs, i);

    g_signal_handlers_disconnect_by_func (output, G_CALLBACK (missed_cb), self);
    g_signal_handlers_disconnect_by_func (output, G_CALLBACK (backup_cb), self);
    g_signal_connect_object (output, "missed", G_CALLBACK (missed_cb), self, 0);
    g_signal_connect_object (output, "notify::on-backup", G_CALLBACK (backup_cb), self, 0);
  }
}

static void
show_reporter_dispose (GObject *object)
{
  ShowReporter *self = SHOW_REPORTER (object);

  g_clear_object (&self->shot);
  g_clear_object (&self->post);
  g_clear_object (&self->journal);
  g_clear_pointer (&self->troubled, g_hash_table_unref);
  G_OBJECT_CLASS (show_reporter_parent_class)->dispose (object);
}

static void
show_reporter_class_init (ShowReporterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_reporter_dispose;
}

static void
show_reporter_init (ShowReporter *self)
{
  self->troubled = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

static void
follow (ShowReporter *self, gpointer object, const char *signal, GCallback callback)
{
  g_signal_connect_object (object, signal, callback, self, G_CONNECT_SWAPPED);
}

/**
 * show_reporter_new:
 * @session: a session whose lists are filled; owns the reporter
 * @alarms: its alarms
 * @journal: gets what happens
 *
 * Returns: (transfer full): a reporter
 */
ShowReporter *
show_reporter_new (ShowSession *session, ShowAlarms *alarms, ShowJournal *journal)
{
  ShowReporter *self = g_object_new (SHOW_TYPE_REPORTER, NULL);
  EngineRecording *recording = show_session_get_recording (session);
  GListModel *sources = show_session_get_sources (session);
  GListModel *outputs = show_session_get_destinations (session);

  self->session = session;
  self->journal = g_object_ref (journal);
  follow (self, session, "notify::on-air-shot", G_CALLBACK (shot_cb));
  follow (self, session, "notify::state", G_CALLBACK (state_cb));
  follow (self, session, "notify::talk-shown", G_CALLBACK (talk_cb));
  follow (self, session, "notify::current-talk", G_CALLBACK (current_talk_cb));
  follow (self, session, "action-failed", G_CALLBACK (failed_cb));
  follow (self, show_session_get_desk (session), "notify::on-screen", G_CALLBACK (post_cb));
  follow (self, alarms, "began", G_CALLBACK (alarm_began_cb));
  follow (self, alarms, "ended", G_CALLBACK (alarm_ended_cb));
  follow (self, recording, "notify::state", G_CALLBACK (recording_cb));
  follow (self, recording, "notify::path", G_CALLBACK (path_cb));
  follow (self, show_session_get_exports (session), "finished", G_CALLBACK (export_cb));
  follow (self, sources, "items-changed", G_CALLBACK (sources_cb));
  follow (self, outputs, "items-changed", G_CALLBACK (outputs_cb));
  g_signal_connect_object (journal, "notify::broken", G_CALLBACK (broken_cb), alarms, 0);
  sources_cb (self, 0, 0, g_list_model_get_n_items (sources), sources);
  outputs_cb (self, 0, 0, g_list_model_get_n_items (outputs), outputs);
  return self;
}
