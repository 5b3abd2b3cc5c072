/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-text.h"

#include "common-util.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * console_text_show_state:
 * @state: a show's state
 * @elapsed_s: how long it has been on air
 *
 * Returns: (transfer full): what the big pill in the header says
 */
char *
console_text_show_state (ShowState state, guint64 elapsed_s)
{
  g_autofree char *elapsed = common_format_elapsed (elapsed_s);

  switch (state) {
  case SHOW_STATE_OFF_AIR:
    return g_strdup (_ ("Off air"));
  case SHOW_STATE_REHEARSAL:
    /* Translators: %s is a time such as 00:42:10 */
    return g_strdup_printf (_ ("◎ REHEARSAL %s"), elapsed);
  case SHOW_STATE_LIVE:
    /* Translators: %s is a time such as 00:42:10 */
    return g_strdup_printf (_ ("● ON AIR %s"), elapsed);
  case SHOW_STATE_ENDED:
    if (elapsed_s == 0)
      return g_strdup (_ ("Ended"));
    return g_strdup_printf (_ ("Ended after %s"), elapsed);
  }
  return g_strdup ("");
}

/**
 * console_text_tally:
 * @in_program: it is in the program's picture
 * @next: it is in the shot being prepared
 * @state: the show's state: what is in the program goes out only while it is live
 *
 * Returns: (transfer full): a word for a small badge, or an empty string
 */
char *
console_text_tally (gboolean in_program, gboolean next, ShowState state)
{
  if (in_program)
    return g_strdup (state == SHOW_STATE_LIVE ? _ ("ON AIR") : _ ("NOW"));
  return g_strdup (next ? _ ("NEXT") : "");
}

/**
 * console_text_tally_class:
 * @in_program: it is in the program's picture
 * @next: it is in the shot being prepared
 * @state: the show's state
 *
 * Returns: (nullable): the style class that goes with the word
 */
const char *
console_text_tally_class (gboolean in_program, gboolean next, ShowState state)
{
  if (in_program)
    return state == SHOW_STATE_LIVE ? "on-air" : "program";
  return next ? "next" : NULL;
}

/**
 * console_text_source_is_missing:
 * @state: a source's state
 * @error: (nullable): why it is lost or failed
 * @was_live: whether it has ever been live in this show
 *
 * Returns: whether it was never there: not plugged in, or without its file
 */
gboolean
console_text_source_is_missing (EngineSourceState state, const GError *error, gboolean was_live)
{
  return (state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED) && !was_live &&
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
}

/**
 * console_text_missing_source:
 * @title: a source that was never there
 * @has_address: whether it comes over a network
 *
 * Returns: (transfer full): what may be wrong with it
 */
char *
console_text_missing_source (const char *title, gboolean has_address)
{
  if (has_address)
    /* Translators: %s is a source */
    return g_strdup_printf (_ ("%s: nothing answers at its address yet. Régie tries again by "
                               "itself."),
                            title);
  /* Translators: %s is a source */
  return g_strdup_printf (_ ("%s is not plugged in, or its file is missing."), title);
}

/**
 * console_text_source_state:
 * @state: a source's state
 * @missing: whether it was never there, see console_text_source_is_missing ()
 *
 * Returns: (transfer full): the state in words
 */
char *
console_text_source_state (EngineSourceState state, gboolean missing)
{
  switch (state) {
  case ENGINE_SOURCE_STATE_OFF:
    return g_strdup (_ ("Off"));
  case ENGINE_SOURCE_STATE_STARTING:
    return g_strdup (_ ("Starting…"));
  case ENGINE_SOURCE_STATE_LIVE:
    return g_strdup (_ ("Live"));
  case ENGINE_SOURCE_STATE_LOST:
    return g_strdup (missing ? _ ("Not found — trying again") : _ ("Signal lost — trying again"));
  case ENGINE_SOURCE_STATE_FAILED:
    return g_strdup (missing ? _ ("Not found") : _ ("Does not work"));
  }
  return g_strdup ("");
}

/**
 * console_text_destinations:
 * @n_live: how many destinations receive the show
 * @n_destinations: how many there are
 *
 * Returns: (transfer full): what the destinations pill says
 */
char *
console_text_destinations (guint n_live, guint n_destinations)
{
  if (n_destinations == 0)
    return g_strdup (_ ("No destination"));
  if (n_live == 0)
    return g_strdup_printf (ngettext ("%u destination", "%u destinations", n_destinations),
                            n_destinations);
  /* Translators: how many destinations receive the show, of how many */
  return g_strdup_printf (_ ("%u / %u live"), n_live, n_destinations);
}

/**
 * console_text_reasons:
 * @reasons: why a post was held back
 *
 * Returns: (transfer full): all reasons in words
 */
char *
console_text_reasons (PostsReason reasons)
{
  const struct {
    PostsReason reason;
    const char *words;
  } all[] = {
    { POSTS_REASON_ADULT_WORDS, _ ("adult words") },
    { POSTS_REASON_UNKNOWN_LINK, _ ("unknown link") },
    { POSTS_REASON_NEW_ACCOUNT, _ ("new account") },
    { POSTS_REASON_MONEY, _ ("money") },
    { POSTS_REASON_INSULT, _ ("insult") },
    { POSTS_REASON_REPEATED, _ ("repeated text") },
    { POSTS_REASON_SENSITIVE, _ ("marked sensitive by its author") },
    { POSTS_REASON_BLOCKED_AUTHOR, _ ("blocked author") },
    { POSTS_REASON_NOISE, _ ("too many tags, mentions or capitals") },
    { POSTS_REASON_BOT, _ ("written by a machine") },
    { POSTS_REASON_WITHHELD, _ ("hidden by its network") },
    { POSTS_REASON_LABELLED, _ ("called spam or an impostor by its network") },
    { POSTS_REASON_RESERVED, _ ("its author wants no readers without an account") },
    { POSTS_REASON_UNKNOWN_AUTHOR, _ ("nothing is known of its author") },
    { POSTS_REASON_EMPTY_ACCOUNT, _ ("account with hardly any followers and posts") },
    { POSTS_REASON_FREQUENT, _ ("many posts in a row by the same author") },
    { POSTS_REASON_IMITATION, _ ("imitates the name of a trusted author") },
    { POSTS_REASON_REPLY, _ ("answer to another post") },
    { POSTS_REASON_REPOST, _ ("repost") },
    { POSTS_REASON_LANGUAGE, _ ("another language than the event’s") },
    { POSTS_REASON_DISGUISED, _ ("disguised letters or hidden signs") },
    { POSTS_REASON_EDITED, _ ("changed by its author after it was approved") },
    { POSTS_REASON_EVENT_WORDS, _ ("words that this event does not want") },
  };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    if ((reasons & all[i].reason) != 0)
      g_ptr_array_add (words, (gpointer) all[i].words);
  }
  if (words->len == 0)
    return g_strdup (_ ("Held back"));

  g_ptr_array_add (words, NULL);
  list = g_strjoinv (", ", (char **) words->pdata);
  /* Translators: %s is a list of reasons, such as “new account, unknown link” */
  return g_strdup_printf (_ ("Held back: %s"), list);
}

/**
 * console_text_age:
 * @age_s: seconds since something was written; below 0 counts as 0
 *
 * Returns: (transfer full): a short age such as “2 min”
 */
char *
console_text_age (gint64 age_s)
{
  const gint64 minutes = age_s / 60;

  if (minutes < 1)
    return g_strdup (_ ("now"));
  if (minutes < 60)
    return g_strdup_printf (_ ("%d min"), (int) minutes);
  if (minutes < 24 * 60)
    return g_strdup_printf (_ ("%d h"), (int) (minutes / 60));
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) (minutes / (24 * 60))),
                          (int) (minutes / (24 * 60)));
}

/**
 * console_text_decibels:
 * @level_db: a level
 *
 * Returns: (transfer full): the level as people write it, with sign and unit
 */
char *
console_text_decibels (double level_db)
{
  const int rounded = (int) lround (level_db);

  if (rounded <= -60)
    return g_strdup (_ ("silent"));
  if (rounded == 0)
    return g_strdup (_ ("0 dB"));
  /* The minus sign, not the hyphen. */
  return g_strdup_printf (rounded < 0 ? _ ("−%d dB") : _ ("+%d dB"), ABS (rounded));
}

/**
 * console_text_talk:
 * @speakers: (nullable): who speaks
 * @title: (nullable): about what
 *
 * Returns: (transfer full): one line that names the talk
 */
char *
console_text_talk (const char *speakers, const char *title)
{
  if (title == NULL || *title == '\0')
    return g_strdup (speakers != NULL ? speakers : "");
  if (speakers == NULL || *speakers == '\0')
    return g_strdup (title);
  /* Translators: speaker, then the talk's title */
  return g_strdup_printf (_ ("%s — %s"), speakers, title);
}

/**
 * console_text_strip:
 * @volume_db: where a fader stands
 * @muted: whether it is muted
 * @settings: (nullable): how the sound is treated
 *
 * Returns: (transfer full): what a sound strip says under its fader, the least usual first
 */
char *
console_text_strip (double volume_db, gboolean muted, const EngineSoundSettings *settings)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *volume = console_text_decibels (volume_db);

  if (muted)
    g_string_append (text, _ ("muted"));
  else if (settings != NULL && settings->follows == ENGINE_FOLLOW_NEVER)
    g_string_append (text, _ ("never heard"));
  else if (settings != NULL && settings->follows == ENGINE_FOLLOW_SEEN)
    g_string_append (text, _ ("when seen"));
  if (settings != NULL && settings->delay_ms != 0) {
    g_string_append (text, text->len > 0 ? " · " : "");
    /* The minus sign, not the hyphen. */
    g_string_append_printf (text, settings->delay_ms < 0 ? _ ("−%d ms") : _ ("+%d ms"),
                            ABS (settings->delay_ms));
  }
  g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", volume);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
get_loudness_word (EngineLoudnessWord word)
{
  switch (word) {
  case ENGINE_LOUDNESS_SILENT:
    return _ ("silent");
  case ENGINE_LOUDNESS_QUIET:
    return _ ("too quiet");
  case ENGINE_LOUDNESS_GOOD:
    return _ ("good");
  case ENGINE_LOUDNESS_LOUD:
    return _ ("too loud");
  }
  return "";
}

/**
 * console_text_loudness:
 * @loudness: the program's
 *
 * Returns: (transfer full): how loud it is over some seconds, and one word for it
 */
char *
console_text_loudness (const EngineLoudness *loudness)
{
  const char *word = get_loudness_word (loudness->word);
  g_autofree char *number = NULL;

  if (loudness->word == ENGINE_LOUDNESS_SILENT)
    return g_strdup (word);
  number = g_strdup_printf ("%.1f", fabs (loudness->short_lufs));
  /* Translators: loudness such as “−16.2 LUFS: good”; the minus sign, a number, a word */
  return g_strdup_printf (_ ("%s%s LUFS: %s"), loudness->short_lufs < 0 ? "−" : "", number, word);
}

/**
 * console_text_time_left:
 * @left_ms: how long a film still lasts; below 0: not known
 *
 * Returns: (transfer full): it as people read it, or an empty string
 */
char *
console_text_time_left (gint64 left_ms)
{
  const int left_s = (int) ((left_ms + 999) / 1000);

  if (left_ms < 0)
    return g_strdup ("");
  if (left_s >= 3600)
    /* Translators: how long a film still lasts: hours, minutes, seconds */
    return g_strdup_printf (_ ("−%d:%02d:%02d"), left_s / 3600, left_s / 60 % 60, left_s % 60);
  /* Translators: how long a film still lasts: minutes, seconds */
  return g_strdup_printf (_ ("−%d:%02d"), left_s / 60, left_s % 60);
}

/**
 * console_text_format:
 * @format: a translated sentence with one “%s”
 * @word: what stands for it
 *
 * Returns: (transfer full): the sentence
 */
char *
console_text_format (const char *format, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  return g_strconcat (parts[0], word, parts[1], NULL);
}
