/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarms-private.h"
#include "show-nearest.h"

/* What is known of a session at one moment. */

/* A fader this far down is as good as closed. */
#define CLOSED_DB (-40.0)

static const EventSource *
find_entry (ShowSession *session, const char *id)
{
  GPtrArray *sources = event_file_get_sources (show_session_get_event (session));

  for (guint i = 0; i < sources->len; i++) {
    const EventSource *source = sources->pdata[i];

    if (g_str_equal (source->id, id))
      return source;
  }
  return NULL;
}

/* Where a shot has a place for slides, what is in it is slides, whatever it comes from: a grabber of
 * the speaker's computer is a camera as well. */
static gboolean
is_slides (ShowSession *session, const char *id)
{
  GPtrArray *shots = event_file_get_shots (show_session_get_event (session));

  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    if ((shot->layout == EVENT_LAYOUT_SLIDES_AND_SPEAKER ||
         shot->layout == EVENT_LAYOUT_SLIDES_AND_TWO) &&
        g_strcmp0 (shot->sources[0], id) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_somebody (ShowSession *session, const EventSource *entry)
{
  g_autofree char *scheme = NULL;

  if (entry == NULL || is_slides (session, entry->id))
    return FALSE;
  switch (entry->kind) {
  case EVENT_SOURCE_CAMERA:
  case EVENT_SOURCE_WHIP:
  case EVENT_SOURCE_WHEP:
    return TRUE;
  case EVENT_SOURCE_GUEST:
    return entry->screen_of == NULL;
  case EVENT_SOURCE_DRAWN:
    return entry->drawing != EVENT_DRAWING_SLIDES;
  case EVENT_SOURCE_URI:
    /* A clip may well be silent, or still, for a while. */
    scheme = g_uri_parse_scheme (entry->uri);
    return scheme != NULL && !g_str_equal (scheme, "file");
  case EVENT_SOURCE_STILL:
  case EVENT_SOURCE_SLIDES:
  case EVENT_SOURCE_SCREEN:
  case EVENT_SOURCE_FILM:
  case EVENT_SOURCE_CARD:
    break;
  }
  return FALSE;
}

static gboolean
is_heard (EngineSource *source, const EngineSoundSettings *settings)
{
  if (engine_source_get_muted (source) || engine_source_get_volume_db (source) <= CLOSED_DB)
    return FALSE;
  switch (settings->follows) {
  case ENGINE_FOLLOW_ALWAYS:
    return TRUE;
  case ENGINE_FOLLOW_SEEN:
    return engine_source_get_on_air (source);
  case ENGINE_FOLLOW_NEVER:
    break;
  }
  return FALSE;
}

static void
look_at_source (ShowSession *session, EngineSource *source, ShowAlarmsCorrections *corrections,
                ShowSourceFacts *facts)
{
  EngineProgram *program = show_session_get_program (session);
  const char *id = engine_source_get_id (source);
  const EventSource *entry = find_entry (session, id);
  GuestGuest *guest = show_session_find_guest (session, id);
  const EngineSourceState state = engine_source_get_state (source);
  const EngineSoundSettings *settings = engine_source_get_sound_settings (source);

  *facts = (ShowSourceFacts){
    .id = id,
    .somebody = is_somebody (session, entry),
    .microphone = entry != NULL && entry->kind == EVENT_SOURCE_CAMERA,
    .has_sound = engine_source_get_has_sound (source),
    .live = state == ENGINE_SOURCE_STATE_LIVE,
    .lost = state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED,
    .on_air = engine_source_get_on_air (source),
    .heard = is_heard (source, settings),
    .one_ear = settings->channels != ENGINE_CHANNELS_STEREO,
    .low_cut = settings->low_cut,
    .weak = guest != NULL && guest_guest_get_weak (guest),
    .late_ms = engine_program_get_source_lateness_ms (program, source) -
               GPOINTER_TO_INT (g_hash_table_lookup (corrections, id)),
  };
  engine_program_get_source_hearing (program, source, &facts->hearing);
}

/* Those who are not there are not in “everyone” either, as long as somebody is. */
static void
leave_out_of_everyone (ShowSession *session, GArray *sources)
{
  ShowShot *on_air = show_session_get_on_air_shot (session);
  gboolean anybody = FALSE;

  if (on_air == NULL || show_shot_get_layout (on_air) != EVENT_LAYOUT_EVERYONE)
    return;
  for (guint i = 0; i < sources->len; i++) {
    const ShowSourceFacts *source = &g_array_index (sources, ShowSourceFacts, i);

    anybody |= source->on_air && !source->lost;
  }
  for (guint i = 0; anybody && i < sources->len; i++) {
    ShowSourceFacts *source = &g_array_index (sources, ShowSourceFacts, i);

    source->on_air &= !source->lost;
  }
}

static gboolean
is_bad_there (ShowSession *session, EngineAudienceState state)
{
  return show_session_find_bad_audience (session, state) != NULL;
}

/**
 * _show_alarms_look:
 * @session: a session
 * @corrections: what was corrected before
 * @facts: (out): what is known of it now, but for what ShowAlarms knows itself
 * @sources: (inout) (element-type ShowSourceFacts): gets what @facts points into
 */
void
_show_alarms_look (ShowSession *session, ShowAlarmsCorrections *corrections, ShowFacts *facts,
                   GArray *sources)
{
  EngineProgram *program = show_session_get_program (session);
  GListModel *list = show_session_get_sources (session);
  const EngineRecordingState recording =
    engine_recording_get_state (show_session_get_recording (session));

  g_array_set_size (sources, g_list_model_get_n_items (list));
  for (guint i = 0; i < sources->len; i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (list, i);

    look_at_source (session, source, corrections, &g_array_index (sources, ShowSourceFacts, i));
  }
  leave_out_of_everyone (session, sources);
  *facts = (ShowFacts){
    .time_ms = g_get_monotonic_time () / 1000,
    .watched = show_session_get_active (session) ||
               event_file_get_alarms (show_session_get_event (session))->off_air,
    .paused = show_session_get_paused (session),
    .sight = engine_program_get_sight (program),
    .audience_frozen = is_bad_there (session, ENGINE_AUDIENCE_FROZEN),
    .audience_silent = is_bad_there (session, ENGINE_AUDIENCE_SILENT),
    .audience_gone = is_bad_there (session, ENGINE_AUDIENCE_GONE),
    .overloaded = show_session_get_overloaded (session),
    .disk_low = recording == ENGINE_RECORDING_STATE_DEGRADED &&
                engine_recording_get_error (show_session_get_recording (session)) == NULL,
    .recording_stopped = recording == ENGINE_RECORDING_STATE_STOPPED,
    .battery_percent = -1,
    .sources = (const ShowSourceFacts *) sources->data,
    .n_sources = sources->len,
  };
  engine_program_get_hearing (program, &facts->hearing);
}

/* Returns: (transfer full): ids of the sources that the shot should be without; of a black or frozen
 *   picture nobody knows which one it comes from, so that is all that is seen */
static GStrv
find_bad (const ShowFacts *facts, gboolean all_seen)
{
  g_autoptr (GStrvBuilder) bad = g_strv_builder_new ();

  for (guint i = 0; i < facts->n_sources; i++) {
    const ShowSourceFacts *source = &facts->sources[i];

    if (source->lost || (all_seen && source->on_air))
      g_strv_builder_add (bad, source->id);
  }
  return g_strv_builder_end (bad);
}

static ShowShot *
suggest_shot (ShowSession *session, const ShowFacts *facts, gboolean without_all_seen)
{
  GListModel *shots = show_session_get_shots (session);
  const guint n_shots = g_list_model_get_n_items (shots);
  g_autofree ShowArrangement *arrangements = g_new0 (ShowArrangement, n_shots);
  g_auto (GStrv) bad = find_bad (facts, without_all_seen);
  ShowShot *on_air = show_session_get_on_air_shot (session);
  ShowArrangement current = { 0 };
  g_autoptr (ShowShot) found = NULL;
  int nearest = -1;

  if (on_air == NULL)
    return NULL;
  current = (ShowArrangement){ show_shot_get_layout (on_air), show_shot_get_sources (on_air) };
  for (guint i = 0; i < n_shots; i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    /* The list keeps what is borrowed here. */
    arrangements[i] =
      (ShowArrangement){ show_shot_get_layout (shot), show_shot_get_sources (shot) };
  }
  nearest = show_nearest_find (arrangements, n_shots, &current, (const char *const *) bad);
  found = nearest >= 0 ? g_list_model_get_item (shots, (guint) nearest) : NULL;
  return found != on_air ? found : NULL; /* the list keeps it */
}

/* Who is seen, and should be heard. */
static EngineSource *
find_speaker (ShowSession *session, const ShowFacts *facts)
{
  GListModel *sources = show_session_get_sources (session);

  for (guint i = 0; i < facts->n_sources; i++) {
    const ShowSourceFacts *source = &facts->sources[i];

    if (source->on_air && source->somebody && source->has_sound) {
      g_autoptr (EngineSource) found = g_list_model_get_item (sources, i);

      return found; /* the list keeps it */
    }
  }
  return NULL;
}

static const ShowSourceFacts *
find_facts (const ShowFacts *facts, EngineSource *source)
{
  for (guint i = 0; source != NULL && i < facts->n_sources; i++) {
    if (g_str_equal (facts->sources[i].id, engine_source_get_id (source)))
      return &facts->sources[i];
  }
  return NULL;
}

static ShowHelp
choose_for_silence (ShowSession *session, const ShowFacts *facts, ShowAlarm *alarm)
{
  EngineSource *speaker = find_speaker (session, facts);
  const ShowSourceFacts *known = find_facts (facts, speaker);

  _show_alarm_set_source (alarm, speaker);
  if (known == NULL)
    return SHOW_HELP_NONE;
  return known->heard ? SHOW_HELP_LISTEN : SHOW_HELP_UNMUTE;
}

/* Which destination it is about: the last one, while it ends. */
static void
choose_output (ShowSession *session, ShowAlarm *alarm, EngineAudienceState state)
{
  EngineOutput *output = show_session_find_bad_audience (session, state);

  if (output != NULL)
    _show_alarm_set_output (alarm, output);
}

static int
get_value (ShowAlarm *alarm, const ShowFacts *facts)
{
  const ShowSourceFacts *source = find_facts (facts, show_alarm_get_source (alarm));

  switch (show_alarm_get_kind (alarm)) {
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_BATTERY_LOW:
    return facts->battery_percent >= 0 ? facts->battery_percent : show_alarm_get_value (alarm);
  case SHOW_ALARM_CHANNEL:
    if (source != NULL && source->hearing.missing != ENGINE_CHANNEL_NONE)
      return (int) source->hearing.missing;
    break;
  case SHOW_ALARM_LIPS:
    if (source != NULL && source->late_ms > 0)
      return source->late_ms;
    break;
  case SHOW_ALARM_HUM:
    if (source != NULL && source->hearing.hum_hz != 0)
      return (int) source->hearing.hum_hz;
    break;
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_SILENCE:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_AUDIENCE_FROZEN:
  case SHOW_ALARM_AUDIENCE_SILENT:
  case SHOW_ALARM_AUDIENCE_GONE:
  case SHOW_ALARM_OVERLOAD:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_JOURNAL:
  case SHOW_ALARM_SOURCE_LOST:
  case SHOW_ALARM_MICROPHONE:
  case SHOW_ALARM_CLIPPING:
  case SHOW_ALARM_GUEST_WEAK:
  case SHOW_N_ALARMS:
    break;
  }
  return show_alarm_get_value (alarm);
}

/**
 * _show_alarms_choose_help:
 * @session: a session
 * @facts: what is known of it now
 * @alarm: one of its alarms
 *
 * Gives the alarm the button that helps now.
 */
void
_show_alarms_choose_help (ShowSession *session, const ShowFacts *facts, ShowAlarm *alarm)
{
  const ShowAlarmKind kind = show_alarm_get_kind (alarm);
  const ShowSourceFacts *source = find_facts (facts, show_alarm_get_source (alarm));
  ShowHelp help = SHOW_HELP_NONE;
  ShowShot *shot = NULL;

  switch (kind) {
  case SHOW_ALARM_SILENCE:
    help = choose_for_silence (session, facts, alarm);
    break;
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_SOURCE_LOST:
    shot = suggest_shot (session, facts, kind != SHOW_ALARM_SOURCE_LOST);
    help = shot != NULL ? SHOW_HELP_TAKE_SHOT : SHOW_HELP_NONE;
    break;
  case SHOW_ALARM_AUDIENCE_FROZEN:
    choose_output (session, alarm, ENGINE_AUDIENCE_FROZEN);
    break;
  case SHOW_ALARM_AUDIENCE_SILENT:
    choose_output (session, alarm, ENGINE_AUDIENCE_SILENT);
    break;
  case SHOW_ALARM_AUDIENCE_GONE:
    choose_output (session, alarm, ENGINE_AUDIENCE_GONE);
    break;
  case SHOW_ALARM_MICROPHONE:
    help = source != NULL && source->microphone ? SHOW_HELP_RESTART : SHOW_HELP_LISTEN;
    break;
  case SHOW_ALARM_CHANNEL:
    help = SHOW_HELP_USE_ONE_CHANNEL;
    break;
  case SHOW_ALARM_CLIPPING:
    help = SHOW_HELP_TURN_DOWN;
    break;
  case SHOW_ALARM_LIPS:
    help = SHOW_HELP_CORRECT_LIPS;
    break;
  case SHOW_ALARM_HUM:
    help = SHOW_HELP_LOW_CUT;
    break;
  case SHOW_ALARM_OVERLOAD:
    help = SHOW_HELP_LIGHTEN_PREVIEWS;
    break;
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_JOURNAL:
    help = SHOW_HELP_OPEN_FOLDER;
    break;
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_GUEST_WEAK:
  case SHOW_N_ALARMS:
    break;
  }
  _show_alarm_set_value (alarm, get_value (alarm, facts));
  _show_alarm_set_help (alarm, help, shot);
}
