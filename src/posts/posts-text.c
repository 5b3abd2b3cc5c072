/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-text.h"

/* Much more than any network lets people write; what is behind is not even looked at. */
#define MAX_INPUT_BYTES    (256 * 1024)
#define MAX_REPEATS        40
#define MAX_NEWLINES       2
#define MAX_MARKS          4
#define MAX_MARKS_STACKING 8
#define MAX_CLUSTER        32
/* How many characters of the text as it came may make one of it composed; more are cut off. */
#define MAX_DECOMPOSED        4

#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER     0x200D
#define BLACK_FLAG            0x1F3F4
#define TAG_END               0xE007F

typedef struct {
  gunichar first;
  gunichar last;
} Range;

/* clang-format off */
static const Range emoji_ranges[] = {
  { 0x00A9, 0x00A9 }, { 0x00AE, 0x00AE }, { 0x203C, 0x203C }, { 0x2049, 0x2049 }, { 0x20E3, 0x20E3 },
  { 0x2122, 0x2122 }, { 0x2139, 0x2139 }, { 0x2190, 0x21FF }, { 0x2300, 0x23FF }, { 0x24C2, 0x24C2 },
  { 0x25A0, 0x27BF }, { 0x2900, 0x297F }, { 0x2B00, 0x2BFF }, { 0x3030, 0x3030 }, { 0x303D, 0x303D },
  { 0x3297, 0x3299 }, { 0x1F000, 0x1FAFF },
};

/* Letters and marks that show nothing, and that Unicode does not call format characters. */
static const Range invisible_ranges[] = {
  { 0x034F, 0x034F }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x2065, 0x2065 },
  { 0x3164, 0x3164 }, { 0xFFA0, 0xFFA0 }, { 0xFFFC, 0xFFFC },
};

/* Format characters that Arabic, Syriac and Kaithi show. */
static const Range shown_format_ranges[] = {
  { 0x0600, 0x0605 }, { 0x06DD, 0x06DD }, { 0x070F, 0x070F }, { 0x0890, 0x0891 }, { 0x08E2, 0x08E2 },
  { 0x110BD, 0x110BD }, { 0x110CD, 0x110CD },
};

static const GUnicodeScript joining_scripts[] = {
  G_UNICODE_SCRIPT_ARABIC, G_UNICODE_SCRIPT_SYRIAC, G_UNICODE_SCRIPT_MONGOLIAN, G_UNICODE_SCRIPT_NKO,
  G_UNICODE_SCRIPT_DEVANAGARI, G_UNICODE_SCRIPT_BENGALI, G_UNICODE_SCRIPT_GURMUKHI,
  G_UNICODE_SCRIPT_GUJARATI, G_UNICODE_SCRIPT_ORIYA, G_UNICODE_SCRIPT_TAMIL, G_UNICODE_SCRIPT_TELUGU,
  G_UNICODE_SCRIPT_KANNADA, G_UNICODE_SCRIPT_MALAYALAM, G_UNICODE_SCRIPT_SINHALA,
  G_UNICODE_SCRIPT_MYANMAR, G_UNICODE_SCRIPT_KHMER, G_UNICODE_SCRIPT_TIBETAN,
};

static const GUnicodeScript stacking_scripts[] = {
  G_UNICODE_SCRIPT_THAI, G_UNICODE_SCRIPT_LAO, G_UNICODE_SCRIPT_HEBREW,
};
/* clang-format on */

typedef struct {
  const gunichar *in;
  gsize n_in;
  GArray *out; /* of gunichar */
  guint n_marks;
  guint max_marks;
  guint n_repeats;
  guint n_newlines;
  gboolean in_flag; /* between a black flag and the end of its tags */
  gboolean one_line;
  PostsTextFlags flags;
} Cleaning;

static gboolean
in_ranges (gunichar c, const Range *ranges, gsize n_ranges)
{
  for (gsize i = 0; i < n_ranges; i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;
  return FALSE;
}

static gboolean
in_scripts (gunichar c, const GUnicodeScript *scripts, gsize n_scripts)
{
  const GUnicodeScript script = g_unichar_get_script (c);

  for (gsize i = 0; i < n_scripts; i++)
    if (script == scripts[i])
      return TRUE;
  return FALSE;
}

static gboolean
is_joining (gunichar c)
{
  return c >= 0x600 && in_scripts (c, joining_scripts, G_N_ELEMENTS (joining_scripts));
}

static gboolean
is_stacking (gunichar c)
{
  return c >= 0x590 &&
         (is_joining (c) || in_scripts (c, stacking_scripts, G_N_ELEMENTS (stacking_scripts)));
}

static gboolean
is_variation_selector (gunichar c)
{
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static gboolean
is_tag (gunichar c)
{
  return c >= 0xE0020 && c <= TAG_END;
}

/**
 * posts_text_is_emoji:
 * @c: a character
 *
 * Any thread.
 *
 * Returns: whether @c is drawn as a picture, or may be
 */
gboolean
posts_text_is_emoji (gunichar c)
{
  return in_ranges (c, emoji_ranges, G_N_ELEMENTS (emoji_ranges));
}

static gunichar
last_kept (const Cleaning *cleaning)
{
  if (cleaning->out->len == 0)
    return 0;
  return g_array_index (cleaning->out, gunichar, cleaning->out->len - 1);
}

static gboolean
keeps_joiner (const Cleaning *cleaning, gsize i)
{
  const gunichar before = last_kept (cleaning);
  const gunichar after = i + 1 < cleaning->n_in ? cleaning->in[i + 1] : 0;

  if (is_joining (before))
    return TRUE;
  return cleaning->in[i] == ZERO_WIDTH_JOINER && posts_text_is_emoji (after) &&
         (posts_text_is_emoji (before) || is_variation_selector (before));
}

static gboolean
keeps_variation (const Cleaning *cleaning, gunichar c)
{
  const gunichar before = last_kept (cleaning);

  if (c >= 0xE0100)
    return g_unichar_get_script (before) == G_UNICODE_SCRIPT_HAN;
  return posts_text_is_emoji (before) || (before < 0x80 && g_ascii_isdigit ((char) before)) ||
         before == '#' || before == '*' || g_unichar_get_script (before) == G_UNICODE_SCRIPT_HAN;
}

static gboolean
keeps_format (Cleaning *cleaning, gsize i)
{
  const gunichar c = cleaning->in[i];

  if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER)
    return keeps_joiner (cleaning, i);
  if (is_tag (c))
    return cleaning->in_flag;
  if (c == 0x202D || c == 0x202E)
    cleaning->flags |= POSTS_TEXT_OVERRIDE;
  return in_ranges (c, shown_format_ranges, G_N_ELEMENTS (shown_format_ranges));
}

static gboolean
keeps_mark (Cleaning *cleaning, gunichar c)
{
  if (is_variation_selector (c))
    return keeps_variation (cleaning, c);
  if (++cleaning->n_marks <= cleaning->max_marks)
    return TRUE;
  cleaning->flags |= POSTS_TEXT_STACKED;
  return FALSE;
}

static gboolean
keeps_character (Cleaning *cleaning, gsize i)
{
  const gunichar c = cleaning->in[i];
  const GUnicodeType type = g_unichar_type (c);

  if (type == G_UNICODE_CONTROL || type == G_UNICODE_UNASSIGNED || type == G_UNICODE_PRIVATE_USE ||
      type == G_UNICODE_SURROGATE ||
      in_ranges (c, invisible_ranges, G_N_ELEMENTS (invisible_ranges)))
    return FALSE;
  if (type == G_UNICODE_FORMAT)
    return keeps_format (cleaning, i);
  if (g_unichar_ismark (c))
    return keeps_mark (cleaning, c);

  cleaning->n_marks = 0;
  cleaning->max_marks = is_stacking (c) ? MAX_MARKS_STACKING : MAX_MARKS;
  return TRUE;
}

static void
add_newline (Cleaning *cleaning)
{
  while (last_kept (cleaning) == ' ' || last_kept (cleaning) == '\t')
    g_array_set_size (cleaning->out, cleaning->out->len - 1);
  if (cleaning->out->len > 0 && ++cleaning->n_newlines <= MAX_NEWLINES) {
    const gunichar newline = '\n';

    g_array_append_val (cleaning->out, newline);
  }
  cleaning->n_marks = 0;
  cleaning->max_marks = MAX_MARKS;
}

static void
add_character (Cleaning *cleaning, gunichar c)
{
  const gunichar before = last_kept (cleaning);

  cleaning->n_repeats = c == before ? cleaning->n_repeats + 1 : 1;
  if (cleaning->n_repeats > MAX_REPEATS)
    return;
  if ((c == ' ' || c == '\t') && (before == 0 || (cleaning->one_line && before == ' ')))
    return;
  if (c != ' ' && c != '\t')
    cleaning->n_newlines = 0;
  cleaning->in_flag = c == BLACK_FLAG || (cleaning->in_flag && is_tag (c) && c != TAG_END);
  g_array_append_val (cleaning->out, c);
}

static void
clean_character (Cleaning *cleaning, gsize i)
{
  gunichar c = cleaning->in[i];
  const gboolean ends_line =
    c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029;

  if (ends_line && c == '\r' && i + 1 < cleaning->n_in && cleaning->in[i + 1] == '\n')
    return;
  if (ends_line && !cleaning->one_line) {
    add_newline (cleaning);
    return;
  }
  if (cleaning->one_line && (ends_line || g_unichar_isspace (c)))
    c = ' ';
  if (c == '\t' || c == ' ') {
    cleaning->n_marks = 0;
    cleaning->max_marks = MAX_MARKS;
    add_character (cleaning, c);
  } else if (keeps_character (cleaning, i)) {
    add_character (cleaning, c);
  }
}

/* One pass: takes away what must not be shown. */
static char *
filter (const char *text, gboolean one_line, PostsTextFlags *flags, gsize *n_chars)
{
  glong n_in = 0;
  g_autofree gunichar *in = g_utf8_to_ucs4_fast (text, -1, &n_in);
  g_autoptr (GArray) out = g_array_sized_new (FALSE, FALSE, sizeof (gunichar), (guint) n_in + 1);
  Cleaning cleaning = {
    .in = in,
    .n_in = (gsize) n_in,
    .out = out,
    .max_marks = MAX_MARKS,
    .one_line = one_line,
  };

  for (gsize i = 0; i < cleaning.n_in; i++)
    clean_character (&cleaning, i);
  while (out->len > 0 && g_unichar_isspace (last_kept (&cleaning)))
    g_array_set_size (out, out->len - 1);

  *flags |= cleaning.flags;
  *n_chars = out->len;
  return g_ucs4_to_utf8 ((const gunichar *) (void *) out->data, out->len, NULL, NULL, NULL);
}

/* Whether what is before and what is after would still look right if cut between the two. */
static gboolean
may_cut (gunichar before, gunichar after)
{
  if (g_unichar_ismark (after) || after == ZERO_WIDTH_JOINER || before == ZERO_WIDTH_JOINER ||
      is_tag (after) || (after >= 0x1F3FB && after <= 0x1F3FF))
    return FALSE;
  if (before >= 0x1F1E6 && before <= 0x1F1FF && after >= 0x1F1E6 && after <= 0x1F1FF)
    return FALSE;
  return !(after >= 0x1160 && after <= 0x11FF); /* the rest of a Korean syllable */
}

static void
cut (char *text, gsize max_chars)
{
  char *end = g_utf8_offset_to_pointer (text, (glong) max_chars);
  char *safe_end = end;

  for (guint i = 0; i < MAX_CLUSTER && safe_end > text; i++) {
    char *before = g_utf8_prev_char (safe_end);

    if (may_cut (g_utf8_get_char (before), g_utf8_get_char (safe_end))) {
      *safe_end = '\0';
      return;
    }
    safe_end = before;
  }
  *end = '\0';
}

static char *
clean (const char *text, gsize max_chars, gboolean one_line, PostsTextFlags *flags)
{
  PostsTextFlags found = POSTS_TEXT_PLAIN;
  gsize n_chars = 0;

  if (text == NULL)
    return g_strdup ("");

  const gsize length = strnlen (text, MAX_INPUT_BYTES);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  /* Filtered and cut first: GLib sorts a run of marks, and composes a text, in quadratic time. And
   * filtered again, as composing may bring marks back: U+0344 becomes two. */
  g_autofree char *filtered = filter (valid, one_line, &found, &n_chars);
  if (n_chars > max_chars * MAX_DECOMPOSED) {
    cut (filtered, max_chars * MAX_DECOMPOSED);
    found |= POSTS_TEXT_CUT;
  }
  g_autofree char *composed = g_utf8_normalize (filtered, -1, G_NORMALIZE_NFC);
  char *cleaned = filter (composed, one_line, &found, &n_chars);

  if (n_chars > max_chars) {
    cut (cleaned, max_chars);
    g_strchomp (cleaned);
    found |= POSTS_TEXT_CUT;
  }
  if (flags != NULL)
    *flags |= found;
  return cleaned;
}

/**
 * posts_text_clean:
 * @text: (nullable): what a stranger wrote; any bytes
 * @max_chars: how many characters to keep, cut where no character falls apart
 * @flags: (inout) (optional): gets what had to be taken away added
 *
 * Makes a text that can be shown: valid UTF-8 in NFC, no control character but newline and tab,
 * nothing that turns the direction of its surroundings or that hides, at most two newlines in a
 * row, and few enough marks on each letter to stay in its line. Any thread.
 *
 * Returns: (transfer full): the text, perhaps empty
 */
char *
posts_text_clean (const char *text, gsize max_chars, PostsTextFlags *flags)
{
  return clean (text, max_chars, FALSE, flags);
}

/**
 * posts_text_clean_line:
 * @text: (nullable): what a stranger wrote; any bytes
 * @max_chars: how many characters to keep
 * @flags: (inout) (optional): gets what had to be taken away added
 *
 * Like posts_text_clean (), for names: every run of spaces and line ends becomes one space.
 *
 * Returns: (transfer full): the text, perhaps empty
 */
char *
posts_text_clean_line (const char *text, gsize max_chars, PostsTextFlags *flags)
{
  return clean (text, max_chars, TRUE, flags);
}
