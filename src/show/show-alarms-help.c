/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarms-private.h"
#include "show-secrets.h"
#include "show-session-private.h"

/* What the buttons of alarms do. */

#define TURN_DOWN_DB 6.0

static void
unmute (EngineSource *source)
{
  EngineSoundSettings settings = *engine_source_get_sound_settings (source);

  engine_source_set_muted (source, FALSE);
  if (engine_source_get_volume_db (source) < -TURN_DOWN_DB)
    engine_source_set_volume_db (source, 0);
  if (settings.follows == ENGINE_FOLLOW_NEVER) {
    settings.follows = ENGINE_FOLLOW_SEEN;
    engine_source_set_sound_settings (source, &settings);
  }
}

static void
use_one_channel (EngineSource *source, EngineChannel missing)
{
  EngineSoundSettings settings = *engine_source_get_sound_settings (source);

  settings.channels = missing == ENGINE_CHANNEL_LEFT ? ENGINE_CHANNELS_RIGHT : ENGINE_CHANNELS_LEFT;
  engine_source_set_sound_settings (source, &settings);
}

static void
switch_on_low_cut (EngineSource *source)
{
  EngineSoundSettings settings = *engine_source_get_sound_settings (source);

  settings.low_cut = TRUE;
  engine_source_set_sound_settings (source, &settings);
}

/* The picture cannot come earlier, so the sound waits for it. */
static void
correct_lips (EngineSource *source, ShowAlarmsCorrections *corrections, int late_ms)
{
  EngineSoundSettings settings = *engine_source_get_sound_settings (source);
  const char *id = engine_source_get_id (source);
  const int before_ms = GPOINTER_TO_INT (g_hash_table_lookup (corrections, id));
  const int delay_ms = CLAMP (settings.delay_ms + late_ms, -1000, 1000);

  g_hash_table_insert (corrections, g_strdup (id),
                       GINT_TO_POINTER (before_ms + delay_ms - settings.delay_ms));
  settings.delay_ms = delay_ms;
  engine_source_set_sound_settings (source, &settings);
}

static void
folder_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowSession) session = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    _show_session_tell_failure (session, error);
}

static gboolean
open_folder (ShowSession *session, GError **error)
{
  const char *path = engine_recording_get_path (show_session_get_recording (session));
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *uri = folder != NULL ? g_filename_to_uri (folder, NULL, error) : NULL;

  if (uri == NULL) {
    if (error != NULL && *error == NULL)
      g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no recording yet");
    return FALSE;
  }
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, folder_opened_cb,
                                           g_object_ref (session));
  return TRUE;
}

/**
 * _show_alarms_do_help:
 * @session: a session
 * @corrections: gets what is corrected
 * @alarm: one of its alarms
 *
 * Does what its button says. Fails with a `SHOW_ERROR`.
 *
 * Returns: whether it was done
 */
gboolean
_show_alarms_do_help (ShowSession *session, ShowAlarmsCorrections *corrections, ShowAlarm *alarm,
                      GError **error)
{
  EngineSource *source = show_alarm_get_source (alarm);

  switch (show_alarm_get_help (alarm)) {
  case SHOW_HELP_NONE:
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "nothing helps but what the alarm says");
    return FALSE;
  case SHOW_HELP_UNMUTE:
    unmute (source);
    return TRUE;
  case SHOW_HELP_LISTEN:
    engine_source_set_solo (source, TRUE);
    return TRUE;
  case SHOW_HELP_RESTART:
    engine_source_restart (source);
    return TRUE;
  case SHOW_HELP_USE_ONE_CHANNEL:
    use_one_channel (source, (EngineChannel) show_alarm_get_value (alarm));
    return TRUE;
  case SHOW_HELP_TURN_DOWN:
    engine_source_set_volume_db (source, engine_source_get_volume_db (source) - TURN_DOWN_DB);
    return TRUE;
  case SHOW_HELP_LOW_CUT:
    switch_on_low_cut (source);
    return TRUE;
  case SHOW_HELP_TAKE_SHOT:
    return _show_session_take (session, show_shot_get_id (show_alarm_get_shot (alarm)),
                               ENGINE_TRANSITION_CUT, error);
  case SHOW_HELP_CORRECT_LIPS:
    correct_lips (source, corrections, show_alarm_get_value (alarm));
    return TRUE;
  case SHOW_HELP_LIGHTEN_PREVIEWS:
    g_action_group_change_action_state (show_session_get_actions (session), "light-previews",
                                        g_variant_new_boolean (TRUE));
    return TRUE;
  case SHOW_HELP_OPEN_FOLDER:
    return open_folder (session, error);
  }
  g_return_val_if_reached (FALSE);
}
