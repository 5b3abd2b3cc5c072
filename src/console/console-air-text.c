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
 * console_text_rate:
 * @bps: bits per second
 *
 * Returns: (transfer full): it as people write it
 */
char *
console_text_rate (double bps)
{
  if (bps < 1e6)
    return g_strdup_printf (_ ("%d kbit/s"), (int) (bps / 1000 + 0.5));
  return g_strdup_printf (_ ("%.1f Mbit/s"), bps / 1e6);
}

/**
 * console_text_span:
 * @ms: a time
 *
 * Returns: (transfer full): it in minutes and seconds, with hours only when there are some
 */
char *
console_text_span (gint64 ms)
{
  const int s = (int) ((ms + 999) / 1000);

  if (s >= S_PER_HOUR)
    return g_strdup_printf ("%d:%02d:%02d", s / S_PER_HOUR, s / S_PER_MINUTE % 60, s % 60);
  return g_strdup_printf ("%d:%02d", s / S_PER_MINUTE, s % 60);
}

/**
 * console_text_output_state:
 * @state: a destination's state
 * @retry_in_s: while it waits, seconds to the next try
 * @sent_bps: what it sends; below 0: not known
 *
 * Returns: (transfer full): the state in words, with a sign before them
 */
char *
console_text_output_state (EngineOutputState state, guint retry_in_s, double sent_bps)
{
  g_autofree char *rate = sent_bps > 0 ? console_text_rate (sent_bps) : NULL;

  switch (state) {
  case ENGINE_OUTPUT_STATE_OFF:
    return g_strdup (_ ("○ Off, starts when you go live"));
  case ENGINE_OUTPUT_STATE_CONNECTING:
    return g_strdup (_ ("◌ Connecting…"));
  case ENGINE_OUTPUT_STATE_LIVE:
    if (rate == NULL)
      return g_strdup (_ ("● Live"));
    /* Translators: a destination is live; %s is what is sent, such as 4.6 Mbit/s */
    return g_strdup_printf (_ ("● Live · %s"), rate);
  case ENGINE_OUTPUT_STATE_WAITING:
    if (retry_in_s == 0)
      return g_strdup (_ ("↻ Not connected — again now"));
    return g_strdup_printf (ngettext ("↻ Not connected — again in %u s",
                                      "↻ Not connected — again in %u s", retry_in_s),
                            retry_in_s);
  case ENGINE_OUTPUT_STATE_REFUSED:
    return g_strdup (_ ("✕ Refused — needs you"));
  }
  return g_strdup ("");
}

/**
 * console_text_missed:
 * @missed_ms: what a destination has missed
 * @recorded: whether there is a recording of it
 *
 * Returns: (transfer full): it in words, or an empty string
 */
char *
console_text_missed (gint64 missed_ms, gboolean recorded)
{
  g_autofree char *span = console_text_span (missed_ms);

  if (missed_ms < 1000)
    return g_strdup ("");
  /* Translators: %s is a time such as 0:42 */
  return g_strdup_printf (recorded ? _ ("Missed %s; the recording has it") : _ ("Missed %s"), span);
}

/**
 * console_text_uplink:
 * @uplink: how well a live destination gets rid of what it is given
 *
 * Returns: (transfer full): a sentence when the network is weak, or an empty string
 */
char *
console_text_uplink (const EngineUplink *uplink)
{
  if (!uplink->congested)
    return g_strdup ("");
  if (uplink->queue_ms < 100)
    return g_strdup (_ ("⚠ Weak network: less gets through than is sent."));
  /* Translators: %.1f is a number of seconds */
  return g_strdup_printf (_ ("⚠ Weak network: %.1f s of the show wait to be sent."),
                          uplink->queue_ms / 1000);
}

/**
 * console_text_upload:
 * @upload: a private test of an upload
 *
 * Returns: (transfer full): how it goes, or what it has found; an empty string when there was none
 */
char *
console_text_upload (const EngineUpload *upload)
{
  g_autofree char *wanted = console_text_rate (upload->wanted_bps);
  g_autofree char *sent = console_text_rate (upload->sent_bps);

  switch (upload->verdict) {
  case ENGINE_VERDICT_NONE:
    return g_strdup ("");
  case ENGINE_VERDICT_RUNNING:
    if (upload->left_s == 0)
      return g_strdup (_ ("◌ Test: connecting…"));
    /* Translators: seconds to go, then what is sent, such as 4.6 Mbit/s */
    return g_strdup_printf (_ ("◌ Test: %u s to go · %s"), upload->left_s, sent);
  case ENGINE_VERDICT_GOOD:
    /* Translators: %s is what the show sends, such as 4.6 Mbit/s */
    return g_strdup_printf (_ ("✓ Test: good. The network carries %s with room to spare."), wanted);
  case ENGINE_VERDICT_TIGHT:
    /* Translators: %s is what the show sends, such as 4.6 Mbit/s */
    return g_strdup_printf (_ (
                              "⚠ Test: tight. The network just carries %s: nothing else should use "
                              "it, or send less."),
                            wanted);
  case ENGINE_VERDICT_TOO_SLOW:
    /* Translators: what the show sends, and what got through */
    return g_strdup_printf (_ ("✕ Test: too slow. The show sends %s, and %s got through: send "
                               "less, or use a cable."),
                            wanted, sent);
  case ENGINE_VERDICT_REFUSED:
    return g_strdup (_ ("✕ Test: refused. Check the key."));
  case ENGINE_VERDICT_UNREACHABLE:
    return g_strdup (
      _ ("✕ Test: the server cannot be reached. Check the address and the network."));
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_text_audience:
 * @state: what the audience of a destination sees
 * @delay_ms: how long the show takes to get there; below 0: not known
 *
 * Returns: (transfer full): it in words; an empty string while nobody looks
 */
char *
console_text_audience (EngineAudienceState state, int delay_ms)
{
  switch (state) {
  case ENGINE_AUDIENCE_OFF:
    return g_strdup ("");
  case ENGINE_AUDIENCE_OPENING:
    return g_strdup (_ ("◌ Waiting until the audience sees it…"));
  case ENGINE_AUDIENCE_SEEN:
    if (delay_ms < 0)
      return g_strdup (_ ("● The audience sees it"));
    return g_strdup_printf (ngettext ("● The audience sees it %d s later",
                                      "● The audience sees it %d s later",
                                      (gulong) ((delay_ms + 500) / 1000)),
                            (delay_ms + 500) / 1000);
  case ENGINE_AUDIENCE_FROZEN:
    return g_strdup (_ ("⚠ The picture stands still for the audience there"));
  case ENGINE_AUDIENCE_SILENT:
    return g_strdup (_ ("⚠ The audience there hears nothing"));
  case ENGINE_AUDIENCE_GONE:
    return g_strdup (_ ("✕ It cannot be watched there now"));
  }
  g_return_val_if_reached (NULL);
}

/**
 * console_text_plan:
 * @sentences: (nullable) (array zero-terminated=1): how the program is encoded, and why
 *
 * Returns: (transfer full): each on a line of its own
 */
char *
console_text_plan (const char *const *sentences)
{
  return sentences != NULL ? g_strjoinv ("\n", (char **) sentences) : g_strdup ("");
}

/**
 * console_text_locked:
 * @state: the show's state
 *
 * Returns: (transfer none): why a destination that is in use cannot be changed
 */
const char *
console_text_locked (ShowState state)
{
  if (state == SHOW_STATE_LIVE)
    return _ ("The show is being sent there now. What is written here can be changed when it is "
              "off air.");
  return _ ("The upload is being tested. What is written here can be changed when the test has "
            "ended.");
}
