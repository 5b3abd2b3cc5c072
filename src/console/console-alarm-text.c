/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-alarm-text.h"

#include "engine-ear.h"

#include <glib/gi18n.h>

/* Alarms in the operator's language. */

static char *
describe_of_source (ShowAlarm *alarm, const char *title)
{
  const int value = show_alarm_get_value (alarm);

  switch (show_alarm_get_kind (alarm)) {
  case SHOW_ALARM_SOURCE_LOST:
    /* Translators: in all of these, %s is a source */
    return g_strdup_printf (_ ("%s is on air and gives no picture. Régie tries again by itself."),
                            title);
  case SHOW_ALARM_MICROPHONE:
    return g_strdup_printf (_ ("The microphone of %s gives nothing at all. Is it switched on and "
                               "plugged in?"),
                            title);
  case SHOW_ALARM_CHANNEL:
    return g_strdup_printf (value == ENGINE_CHANNEL_LEFT ? _ ("%s is heard on the right only.")
                                                         : _ ("%s is heard on the left only."),
                            title);
  case SHOW_ALARM_CLIPPING:
    return g_strdup_printf (_ ("%s is too loud and distorts. Turn it down at the microphone or the "
                               "mixing desk as well."),
                            title);
  case SHOW_ALARM_LIPS:
    return g_strdup_printf (_ ("The picture of %s is %d ms behind its sound."), title, value);
  case SHOW_ALARM_HUM:
    return g_strdup_printf (_ ("%s hums at %d Hz: a cable or a power supply."), title, value);
  case SHOW_ALARM_GUEST_WEAK:
    return g_strdup_printf (_ ("The network of %s is weak: the sound is kept, the picture becomes "
                               "smaller."),
                            title);
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_SILENCE:
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_AUDIENCE_FROZEN:
  case SHOW_ALARM_AUDIENCE_SILENT:
  case SHOW_ALARM_AUDIENCE_GONE:
  case SHOW_ALARM_OVERLOAD:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_JOURNAL:
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (NULL);
}

static char *
describe_of_audience (ShowAlarm *alarm)
{
  EngineOutput *output = show_alarm_get_output (alarm);
  const char *title = output != NULL ? engine_output_get_title (output) : "";

  switch (show_alarm_get_kind (alarm)) {
  case SHOW_ALARM_AUDIENCE_FROZEN:
    /* Translators: in all of these, %s is a destination */
    return g_strdup_printf (_ ("The picture stands still at %s although we send it. Look at the "
                               "page there, and end and begin the broadcast there if it stays so."),
                            title);
  case SHOW_ALARM_AUDIENCE_SILENT:
    return g_strdup_printf (_ ("Nothing is heard at %s although we send sound. Look at the page "
                               "there: is it muted, or are there two broadcasts?"),
                            title);
  case SHOW_ALARM_AUDIENCE_GONE:
    return g_strdup_printf (_ (
                              "The stream cannot be watched at %s although we send it. Check there "
                              "that the broadcast is started and public."),
                            title);
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_SILENCE:
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_OVERLOAD:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_JOURNAL:
  case SHOW_ALARM_SOURCE_LOST:
  case SHOW_ALARM_MICROPHONE:
  case SHOW_ALARM_CHANNEL:
  case SHOW_ALARM_CLIPPING:
  case SHOW_ALARM_LIPS:
  case SHOW_ALARM_HUM:
  case SHOW_ALARM_GUEST_WEAK:
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_alarm_describe:
 * @alarm: an alarm
 *
 * Returns: (transfer full): what is wrong, in one sentence for the operator
 */
char *
console_alarm_describe (ShowAlarm *alarm)
{
  EngineSource *source = show_alarm_get_source (alarm);

  switch (show_alarm_get_kind (alarm)) {
  case SHOW_ALARM_RECORDING:
    return g_strdup (
      _ ("Nothing is recorded: the disk is full or its folder is gone. The show goes "
         "on."));
  case SHOW_ALARM_BLACK:
    return g_strdup (_ ("The audience sees black."));
  case SHOW_ALARM_SILENCE:
    if (source != NULL)
      /* Translators: %s is the source that is seen */
      return g_strdup_printf (_ ("The audience sees %s and hears nothing."),
                              engine_source_get_title (source));
    return g_strdup (_ ("The audience hears nothing."));
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_BATTERY:
    return g_strdup_printf (_ ("The battery is at %d %%. Plug in the charger."),
                            show_alarm_get_value (alarm));
  case SHOW_ALARM_FROZEN:
    return g_strdup (_ ("The picture stands still for the audience."));
  case SHOW_ALARM_AUDIENCE_FROZEN:
  case SHOW_ALARM_AUDIENCE_SILENT:
  case SHOW_ALARM_AUDIENCE_GONE:
    return describe_of_audience (alarm);
  case SHOW_ALARM_OVERLOAD:
    return g_strdup (_ ("This computer cannot keep up: the picture stutters, the sound is kept. "
                        "Close other programs."));
  case SHOW_ALARM_DISK:
    return g_strdup (
      _ ("The disk is nearly full. Free some space so that the recording can go on."));
  case SHOW_ALARM_JOURNAL:
    return g_strdup (_ ("The journal cannot be written beside the recording."));
  case SHOW_ALARM_SOURCE_LOST:
  case SHOW_ALARM_MICROPHONE:
  case SHOW_ALARM_CHANNEL:
  case SHOW_ALARM_CLIPPING:
  case SHOW_ALARM_LIPS:
  case SHOW_ALARM_HUM:
  case SHOW_ALARM_GUEST_WEAK:
    return describe_of_source (alarm, engine_source_get_title (source));
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_alarm_button:
 * @alarm: an alarm
 *
 * Returns: (transfer full) (nullable): what its button says; `NULL` when it has none
 */
char *
console_alarm_button (ShowAlarm *alarm)
{
  switch (show_alarm_get_help (alarm)) {
  case SHOW_HELP_NONE:
    return NULL;
  case SHOW_HELP_UNMUTE:
    return g_strdup (_ ("Unmute"));
  case SHOW_HELP_LISTEN:
    return g_strdup (_ ("Listen"));
  case SHOW_HELP_RESTART:
    return g_strdup (_ ("Restart the microphone"));
  case SHOW_HELP_USE_ONE_CHANNEL:
    return g_strdup (_ ("Use it on both sides"));
  case SHOW_HELP_TURN_DOWN:
    return g_strdup (_ ("Turn down 6 dB"));
  case SHOW_HELP_LOW_CUT:
    return g_strdup (_ ("Switch on low cut"));
  case SHOW_HELP_TAKE_SHOT:
    /* Translators: %s is a shot */
    return g_strdup_printf (_ ("Take “%s”"), show_shot_get_title (show_alarm_get_shot (alarm)));
  case SHOW_HELP_CORRECT_LIPS:
    return g_strdup (_ ("Correct"));
  case SHOW_HELP_LIGHTEN_PREVIEWS:
    return g_strdup (_ ("Lighter previews"));
  case SHOW_HELP_OPEN_FOLDER:
    return g_strdup (_ ("Open the folder"));
  }
  g_return_val_if_reached (NULL);
}
