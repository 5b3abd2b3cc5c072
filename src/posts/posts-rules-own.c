/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-fold.h"
#include "posts-rules-private.h"

/* An event's own words, as whoever prepares it writes them: nothing in them is a pattern but `*`. */

/* A word of a phrase, which folding may take apart, or leave nothing of. */
static void
add_word (GString *pattern, const char *word)
{
  const gboolean open_ended = g_str_has_suffix (word, "*");
  g_autofree char *folded = posts_fold (word);
  g_autofree char *escaped = g_regex_escape_string (g_strstrip (folded), -1);

  if (*escaped == '\0')
    return;
  if (pattern->len > 0)
    g_string_append_c (pattern, ' ');
  g_string_append (pattern, escaped);
  if (open_ended)
    g_string_append (pattern, "\\w*");
}

static char *
to_pattern (const char *phrase)
{
  g_auto (GStrv) words = g_strsplit_set (phrase, " \t\n", -1);
  GString *pattern = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    add_word (pattern, words[i]);
  return g_string_free (pattern, FALSE);
}

GRegex *
_posts_rules_compile (const char *const *words)
{
  g_autoptr (GString) pattern = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GRegex *regex = NULL;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++) {
    g_autofree char *one = to_pattern (words[i]);

    if (*one != '\0')
      g_string_append_printf (pattern, "%s%s", pattern->len > 0 ? "|" : "", one);
  }
  if (pattern->len == 0)
    return NULL;
  g_string_prepend (pattern, "(?<= )(?:");
  g_string_append (pattern, ")(?= )");
  regex = g_regex_new (pattern->str, G_REGEX_OPTIMIZE, 0, &error);
  if (regex == NULL)
    g_warning ("The event's own words cannot be looked for: %s", error->message);
  return regex;
}
