/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-rules-private.h"

/* What the rules see in a text without any list of words. */

#define MAX_TAGS              6
#define MAX_MENTIONS          4
#define MIN_CAPITALS_LETTERS  20
#define MAX_CAPITALS_PERCENT  70
#define MANY_SUGGESTIVE_EMOJI 3

#define WALLETS               "\\b(?:bc1[a-z0-9]{20,80}|0x[0-9a-fA-F]{40}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\\b"
#define ACCOUNTS              "\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\\b"

gboolean
_posts_rules_has_suggestive_emoji (const char *text)
{
  /* underage sign, splash, peach, aubergine, lips, kiss, smiling devil, fire */
  static const gunichar suggestive[] = { 0x1F51E, 0x1F4A6, 0x1F351, 0x1F346,
                                         0x1F445, 0x1F48B, 0x1F608, 0x1F525 };
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    for (gsize i = 0; i < G_N_ELEMENTS (suggestive); i++)
      n += g_utf8_get_char (p) == suggestive[i] ? 1 : 0;
  return n >= MANY_SUGGESTIVE_EMOJI;
}

/* The check digits of ISO 13616, so that a reference or a room number is no bank account. */
static gboolean
is_iban (const char *candidate)
{
  g_autoptr (GString) compact = g_string_new (NULL);
  guint rest = 0;

  for (const char *p = candidate; *p != '\0'; p++)
    if (*p != ' ')
      g_string_append_c (compact, *p);
  if (compact->len < 15 || compact->len > 34)
    return FALSE;
  for (gsize i = 0; i < compact->len; i++) {
    const char c = compact->str[(i + 4) % compact->len];

    if (g_ascii_isdigit (c))
      rest = (rest * 10 + (guint) (c - '0')) % 97;
    else
      rest = (rest * 100 + (guint) (c - 'A') + 10) % 97;
  }
  return rest == 1;
}

gboolean
_posts_rules_has_account_number (const char *text)
{
  static GRegex *wallets;
  static GRegex *accounts;
  g_autoptr (GMatchInfo) match = NULL;

  if (g_once_init_enter (&accounts)) {
    wallets = g_regex_new (WALLETS, G_REGEX_OPTIMIZE, 0, NULL); /* ours: it compiles */
    g_once_init_leave (&accounts, g_regex_new (ACCOUNTS, G_REGEX_OPTIMIZE, 0, NULL));
  }
  if (g_regex_match (wallets, text, 0, NULL))
    return TRUE;
  g_regex_match (accounts, text, 0, &match);
  while (g_match_info_matches (match)) {
    g_autofree char *candidate = g_match_info_fetch (match, 0);

    if (is_iban (candidate))
      return TRUE;
    if (!g_match_info_next (match, NULL))
      break;
  }
  return FALSE;
}

/* "раypal" with a Russian а, or 𝐬𝐭𝐲𝐥𝐞𝐝 letters: nobody types that by accident. */
gboolean
_posts_rules_is_disguised (const char *text)
{
  gboolean latin = FALSE;
  gboolean other = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (c >= 0x1D400 && c <= 0x1D7FF)
      return TRUE;
    if (!g_unichar_isalpha (c)) {
      latin = other = FALSE;
      continue;
    }
    const GUnicodeScript script = g_unichar_get_script (c);
    latin |= script == G_UNICODE_SCRIPT_LATIN;
    other |= script == G_UNICODE_SCRIPT_CYRILLIC || script == G_UNICODE_SCRIPT_GREEK;
    if (latin && other)
      return TRUE;
  }
  return FALSE;
}

gboolean
_posts_rules_is_noisy (const char *text)
{
  guint n_tags = 0;
  guint n_mentions = 0;
  guint n_capitals = 0;
  guint n_small = 0;
  gunichar before = ' ';

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (!g_unichar_isalnum (before)) {
      n_tags += c == '#' ? 1 : 0;
      n_mentions += c == '@' ? 1 : 0;
    }
    n_capitals += g_unichar_isupper (c) ? 1 : 0;
    n_small += g_unichar_islower (c) ? 1 : 0;
    before = c;
  }
  return n_tags > MAX_TAGS || n_mentions > MAX_MENTIONS ||
         (n_capitals + n_small > MIN_CAPITALS_LETTERS &&
          n_capitals * 100 > (n_capitals + n_small) * MAX_CAPITALS_PERCENT);
}
