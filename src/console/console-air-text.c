/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-air-text.h"

#include "common-util.h"

#include <glib/gi18n.h>

/* What goes out and what is recorded, in the operator's language. */

#define S_PER_MINUTE 60
#define S_PER_HOUR   3600

/**
 * console_text_left:
 * @left_s: for how long there is room for the recording; below 0: not known
 *
 * Returns: (transfer full): it in words, or an empty string
 */
char *
console_text_left (gint64 left_s)
{
  const int hours = (int) (left_s / S_PER_HOUR);
  const int minutes = (int) (left_s / S_PER_MINUTE % 60);

  if (left_s < 0)
    return g_strdup ("");
  if (hours >= 24)
    return g_strdup (_ ("more than a day left"));
  if (hours > 0)
    /* Translators: how long the disk lasts: hours, minutes */
    return g_strdup_printf (_ ("%d h %02d left"), hours, minutes);
  if (minutes > 0)
    /* Translators: how long the disk lasts, in minutes */
    return g_strdup_printf (_ ("%d min left"), minutes);
  return g_strdup (_ ("less than a minute left"));
}

/**
 * console_text_recording:
 * @state: the recording's state
 * @wanted: whether the event is to be recorded
 * @saved: whether there is a recording already
 * @elapsed_s: for how long it goes on
 * @left_s: for how long there is room; below 0: not known
 *
 * Returns: (transfer full): what the recording pill says
 */
char *
console_text_recording (EngineRecordingState state, gboolean wanted, gboolean saved,
                        guint64 elapsed_s, gint64 left_s)
{
  g_autofree char *elapsed = common_format_elapsed (elapsed_s);
  g_autofree char *left = console_text_left (left_s);
  g_autofree char *times =
    *left != '\0' ? g_strdup_printf ("%s · %s", elapsed, left) : g_strdup (elapsed);

  switch (state) {
  case ENGINE_RECORDING_STATE_OFF:
    if (!wanted)
      return g_strdup (_ ("✕ NOT RECORDING"));
    return g_strdup (saved ? _ ("Recording saved") : _ ("Records with the show"));
  case ENGINE_RECORDING_STATE_RECORDING:
    /* Translators: a recording goes on; %s is for how long, such as “00:42:10 · 3 h 10 left” */
    return g_strdup_printf (_ ("⏺ REC %s"), times);
  case ENGINE_RECORDING_STATE_STOPPING:
    return g_strdup (_ ("Saving the recording…"));
  case ENGINE_RECORDING_STATE_DEGRADED:
    /* Translators: a recording goes on with trouble; %s is as before */
    return g_strdup_printf (_ ("⚠ REC %s"), times);
  case ENGINE_RECORDING_STATE_STOPPED:
    return g_strdup (_ ("⚠ Recording stopped"));
  }
  return g_strdup ("");
}

/**
 * console_text_output_state:
 * @state: a destination's state
 * @retry_in_s: while it waits, seconds to the next try
 *
 * Returns: (transfer full): the state in words
 */
char *
console_text_output_state (EngineOutputState state, guint retry_in_s)
{
  switch (state) {
  case ENGINE_OUTPUT_STATE_OFF:
    return g_strdup (_ ("Off, starts when you go live"));
  case ENGINE_OUTPUT_STATE_CONNECTING:
    return g_strdup (_ ("Connecting…"));
  case ENGINE_OUTPUT_STATE_LIVE:
    return g_strdup (_ ("Live"));
  case ENGINE_OUTPUT_STATE_WAITING:
    if (retry_in_s == 0)
      return g_strdup (_ ("Connection lost — trying again now"));
    return g_strdup_printf (ngettext ("Connection lost — trying again in %u second",
                                      "Connection lost — trying again in %u seconds", retry_in_s),
                            retry_in_s);
  case ENGINE_OUTPUT_STATE_REFUSED:
    return g_strdup (_ ("Refused — needs you"));
  }
  return g_strdup ("");
}
