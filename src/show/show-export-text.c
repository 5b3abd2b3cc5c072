/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-movie.h"
#include "show-export-text.h"

/* The text that is pasted where a film is uploaded: in the event's language, as its audience reads it. */

static const char *const english_months[] = { "January",   "February", "March",    "April",
                                              "May",       "June",     "July",     "August",
                                              "September", "October",  "November", "December" };
static const char *const french_months[] = { "janvier",   "février", "mars",     "avril",
                                             "mai",       "juin",    "juillet",  "août",
                                             "septembre", "octobre", "novembre", "décembre" };

/* How a language calls itself. */
static const char *const languages[][2] = {
  { "ar", "العربية" },    { "ca", "Català" },   { "cs", "Čeština" },  { "da", "Dansk" },
  { "de", "Deutsch" },    { "el", "Ελληνικά" }, { "en", "English" },  { "es", "Español" },
  { "eu", "Euskara" },    { "fi", "Suomi" },    { "fr", "Français" }, { "he", "עברית" },
  { "hu", "Magyar" },     { "it", "Italiano" }, { "ja", "日本語" },   { "ko", "한국어" },
  { "nl", "Nederlands" }, { "no", "Norsk" },    { "pl", "Polski" },   { "pt", "Português" },
  { "ro", "Română" },     { "ru", "Русский" },  { "sv", "Svenska" },  { "tr", "Türkçe" },
  { "uk", "Українська" }, { "zh", "中文" },
};

static gboolean
is_language (const char *language, const char *code)
{
  return language != NULL && g_ascii_strncasecmp (language, code, 2) == 0 &&
         !g_ascii_isalpha (language[2]);
}

static const char *
name_language (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    if (is_language (language, languages[i][0]))
      return languages[i][1];
  }
  return language;
}

static char *
format_date (const char *language, GDateTime *date)
{
  const int day = g_date_time_get_day_of_month (date);
  const int month = g_date_time_get_month (date) - 1;

  if (is_language (language, "fr"))
    return g_strdup_printf ("%d%s %s %d", day, day == 1 ? "er" : "", french_months[month],
                            g_date_time_get_year (date));
  if (language == NULL || is_language (language, "en"))
    return g_strdup_printf ("%d %s %d", day, english_months[month], g_date_time_get_year (date));
  return g_date_time_format (date, "%F");
}

static void
add_chapters (GString *text, GPtrArray *chapters)
{
  const EngineMovieChapter *last = chapters->len > 0 ? chapters->pdata[chapters->len - 1] : NULL;
  const gboolean hours = last != NULL && last->start_ms >= 3600000;

  for (guint i = 0; i < chapters->len; i++) {
    const EngineMovieChapter *chapter = chapters->pdata[i];
    const int s = (int) (chapter->start_ms / 1000);

    if (hours)
      g_string_append_printf (text, "%d:%02d:%02d %s\n", s / 3600, s / 60 % 60, s % 60,
                              chapter->title);
    else
      g_string_append_printf (text, "%d:%02d %s\n", s / 60, s % 60, chapter->title);
  }
}

/**
 * show_export_text_make:
 * @about: what the film is
 *
 * Returns: (transfer full): what can be said of it where it is uploaded: a title on the first line, then
 *   who, where, when, in which language, and what begins when
 */
char *
show_export_text_make (const ShowExportText *about)
{
  const gboolean french = is_language (about->language, "fr");
  const char *colon = french ? "\u00a0: " : ": ";
  g_autofree char *date = format_date (about->language, about->date);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n", about->title);
  if (about->speakers != NULL && *about->speakers != '\0') {
    g_string_append (text, about->speakers);
    if (about->affiliation != NULL && *about->affiliation != '\0')
      g_string_append_printf (text, " (%s)", about->affiliation);
    g_string_append_c (text, '\n');
  }
  if (g_strcmp0 (about->event, about->title) != 0)
    g_string_append_printf (text, "%s%s%s\n", french ? "Événement" : "Event", colon, about->event);
  g_string_append_printf (text, "%s%s%s\n", "Date", colon, date);
  if (about->language != NULL)
    g_string_append_printf (text, "%s%s%s\n", french ? "Langue" : "Language", colon,
                            name_language (about->language));
  if (about->chapters->len > 0) {
    g_string_append_printf (text, "\n%s%s\n", french ? "Chapitres" : "Chapters",
                            french ? "\u00a0:" : ":");
    add_chapters (text, about->chapters);
  }
  return g_string_free (text, FALSE);
}
