/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-fold.h"

/* Letters that look like Latin ones, after case folding; some stand for two. */
static const struct {
  gunichar from;
  const char *to;
} lookalikes[] = {
  { 0x0430, "a" },  { 0x0441, "c" },  { 0x0435, "e" }, { 0x043E, "o" }, { 0x0440, "p" },
  { 0x0445, "x" },  { 0x0443, "y" },  { 0x0456, "i" }, { 0x0455, "s" }, { 0x0458, "j" },
  { 0x043A, "k" },  { 0x043C, "m" },  { 0x0442, "t" }, { 0x0432, "b" }, { 0x043D, "h" },
  { 0x03BF, "o" },  { 0x03B1, "a" },  { 0x03B5, "e" }, { 0x03BD, "v" }, { 0x03C1, "p" },
  { 0x03C4, "t" },  { 0x03C5, "u" },  { 0x03B9, "i" }, { 0x03BA, "k" }, { 0x0131, "i" },
  { 0x0153, "oe" }, { 0x00E6, "ae" }, { 0x00F8, "o" }, { 0x0142, "l" }, { 0x0111, "d" },
};

static const struct {
  char from;
  char to;
} leet[] = {
  { '0', 'o' }, { '1', 'i' }, { '3', 'e' }, { '4', 'a' }, { '5', 's' },
  { '7', 't' }, { '@', 'a' }, { '$', 's' }, { '!', 'i' },
};

static void
append_lookalike (GString *folded, gunichar c)
{
  if (c >= 0x80)
    for (gsize i = 0; i < G_N_ELEMENTS (lookalikes); i++)
      if (lookalikes[i].from == c) {
        g_string_append (folded, lookalikes[i].to);
        return;
      }
  g_string_append_unichar (folded, c);
}

/* The text with every letter in its plainest form; punctuation is still there. */
static char *
make_skeleton (const char *text)
{
  g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_NFKD);
  g_autoptr (GString) bare = g_string_sized_new (strlen (text));
  GString *skeleton = g_string_sized_new (strlen (text));

  for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (!g_unichar_ismark (c) && g_unichar_type (c) != G_UNICODE_FORMAT)
      g_string_append_unichar (bare, c);
  }
  g_autofree char *lower = g_utf8_casefold (bare->str, (gssize) bare->len);
  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    append_lookalike (skeleton, g_utf8_get_char (p));
  return g_string_free (skeleton, FALSE);
}

/* " word word ": one space around each word and nothing else. */
static char *
split_words (const char *skeleton)
{
  GString *words = g_string_new (" ");

  for (const char *p = skeleton; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (g_unichar_isalnum (c))
      g_string_append_unichar (words, c);
    else if (words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  }
  if (words->str[words->len - 1] != ' ')
    g_string_append_c (words, ' ');
  return g_string_free (words, FALSE);
}

static char
leet_letter (char c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (leet); i++)
    if (leet[i].from == c)
      return leet[i].to;
  return c;
}

/* p0rn becomes porn, 2024 and @name stay what they are. Returns whether anything changed. */
static gboolean
read_leet (char *skeleton)
{
  gboolean changed = FALSE;

  for (char *word = skeleton; *word != '\0';) {
    const gsize length = strcspn (word, " \t\n");
    gboolean has_letter = FALSE;

    for (gsize i = 0; i < length; i++)
      has_letter |= g_ascii_isalpha (word[i]);
    /* A sign at the start is a mention or a price, one at the end is a cry. */
    for (gsize i = 0; has_letter && i < length; i++) {
      const gboolean at_edge = i == 0 || i + 1 == length;

      if (!at_edge || g_ascii_isdigit (word[i])) {
        const char letter = leet_letter (word[i]);

        changed |= letter != word[i];
        word[i] = letter;
      }
    }
    word += length;
    word += strspn (word, " \t\n");
  }
  return changed;
}

static gboolean
is_single_letter (const char *word)
{
  return g_ascii_isalpha (word[0]) && word[1] == ' ';
}

/* " s e x e " becomes " sexe "; from three letters on. */
static char *
join_letters (const char *words)
{
  g_autoptr (GString) joined = g_string_new (" ");
  gboolean changed = FALSE;

  for (const char *p = words + 1; *p != '\0';) {
    gsize n_letters = 0;

    while (is_single_letter (p + 2 * n_letters))
      n_letters++;
    if (n_letters >= 3) {
      for (gsize i = 0; i < n_letters; i++)
        g_string_append_c (joined, p[2 * i]);
      p += 2 * n_letters;
      changed = TRUE;
    } else {
      const gsize length = strcspn (p, " ");

      g_string_append_len (joined, p, (gssize) length);
      p += length + 1;
    }
    g_string_append_c (joined, ' ');
  }
  return changed ? g_string_free (g_steal_pointer (&joined), FALSE) : NULL;
}

/* Three or more of the same letter become @n_kept. */
static char *
squeeze (const char *words, guint n_kept)
{
  g_autoptr (GString) squeezed = g_string_new (NULL);
  gboolean changed = FALSE;

  for (const char *p = words; *p != '\0';) {
    gsize n_same = 1;

    while (p[n_same] == *p && g_ascii_isalpha (*p))
      n_same++;
    for (gsize i = 0; i < (n_same >= 3 ? n_kept : n_same); i++)
      g_string_append_c (squeezed, *p);
    changed |= n_same >= 3;
    p += n_same;
  }
  return changed ? g_string_free (g_steal_pointer (&squeezed), FALSE) : NULL;
}

/**
 * posts_fold:
 * @text: valid UTF-8
 *
 * Brings a text down to its bare words: no accents, no capitals, no punctuation, lookalikes from
 * other alphabets read as Latin letters. For comparing, never for showing. Any thread.
 *
 * Returns: (transfer full): the words, with one space before, between and after
 */
char *
posts_fold (const char *text)
{
  g_autofree char *skeleton = make_skeleton (text);

  return split_words (skeleton);
}

/**
 * posts_fold_variants:
 * @text: valid UTF-8
 *
 * Like posts_fold (), followed by the other ways the text can be read: digits as letters, single
 * letters as one word, repeated letters as one or two. Any thread.
 *
 * Returns: (transfer full): one reading per line
 */
char *
posts_fold_variants (const char *text)
{
  g_autofree char *skeleton = make_skeleton (text);
  g_autofree char *words = split_words (skeleton);
  GString *variants = g_string_new (words);

  if (read_leet (skeleton)) {
    g_free (words);
    words = split_words (skeleton);
    g_string_append_printf (variants, "\n%s", words);
  }
  g_autofree char *joined = join_letters (words);
  if (joined != NULL)
    g_string_append_printf (variants, "\n%s", joined);
  for (guint n_kept = 1; n_kept <= 2; n_kept++) {
    g_autofree char *squeezed = squeeze (joined != NULL ? joined : words, n_kept);

    if (squeezed != NULL)
      g_string_append_printf (variants, "\n%s", squeezed);
  }
  return g_string_free (variants, FALSE);
}
