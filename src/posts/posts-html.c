/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-html.h"

/* Elements inside one another that are told apart; those deeper count as text of the last one. */
#define MAX_OPEN        256
#define MAX_NAME_BYTES  16
#define MAX_VALUE_BYTES 2048
#define MAX_LINKS       50
#define MAX_NUMBER      999

/* What an element does to the text in it. */
typedef enum {
  ELEMENT_OTHER,
  ELEMENT_SPAN,
  ELEMENT_LINK,
  ELEMENT_BREAK,
  ELEMENT_BLOCK,
  ELEMENT_PRE,
  ELEMENT_BULLETS,
  ELEMENT_NUMBERS,
  ELEMENT_ENTRY,
  ELEMENT_RAW, /* script and the like: its body is no text */
} Element;

/* clang-format off */
static const struct {
  const char *name;
  Element element;
} elements[] = {
  { "span", ELEMENT_SPAN }, { "a", ELEMENT_LINK }, { "br", ELEMENT_BREAK }, { "p", ELEMENT_BLOCK },
  { "blockquote", ELEMENT_BLOCK }, { "div", ELEMENT_BLOCK }, { "h1", ELEMENT_BLOCK },
  { "h2", ELEMENT_BLOCK }, { "h3", ELEMENT_BLOCK }, { "h4", ELEMENT_BLOCK }, { "h5", ELEMENT_BLOCK },
  { "h6", ELEMENT_BLOCK }, { "hr", ELEMENT_BLOCK }, { "table", ELEMENT_BLOCK }, { "tr", ELEMENT_BREAK },
  { "pre", ELEMENT_PRE }, { "ul", ELEMENT_BULLETS }, { "ol", ELEMENT_NUMBERS }, { "li", ELEMENT_ENTRY },
  { "script", ELEMENT_RAW }, { "style", ELEMENT_RAW }, { "template", ELEMENT_RAW },
  { "title", ELEMENT_RAW }, { "textarea", ELEMENT_RAW }, { "iframe", ELEMENT_RAW },
  { "noscript", ELEMENT_RAW }, { "svg", ELEMENT_RAW }, { "math", ELEMENT_RAW },
};

/* U+00A0 to U+00FF, in order. */
static const char *const latin_names[] = {
  "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
  "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
  "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
  "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute",
  "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
  "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde",
  "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
  "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave",
  "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
};

static const struct {
  const char *name;
  gunichar c;
} other_names[] = {
  { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "hellip", 0x2026 },
  { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "sbquo", 0x201A },
  { "ldquo", 0x201C }, { "rdquo", 0x201D }, { "bdquo", 0x201E }, { "lsaquo", 0x2039 }, { "rsaquo", 0x203A },
  { "bull", 0x2022 }, { "euro", 0x20AC }, { "trade", 0x2122 }, { "larr", 0x2190 }, { "rarr", 0x2192 },
  { "oelig", 0x0153 }, { "OElig", 0x0152 }, { "scaron", 0x0161 }, { "Scaron", 0x0160 }, { "Yuml", 0x0178 },
  { "fnof", 0x0192 }, { "circ", 0x02C6 }, { "tilde", 0x02DC }, { "ensp", 0x2002 }, { "emsp", 0x2003 },
  { "thinsp", 0x2009 }, { "zwnj", 0x200C }, { "zwj", 0x200D }, { "lrm", 0x200E }, { "rlm", 0x200F },
  { "dagger", 0x2020 }, { "permil", 0x2030 }, { "prime", 0x2032 }, { "hearts", 0x2665 }, { "minus", 0x2212 },
  { "infin", 0x221E }, { "ne", 0x2260 }, { "le", 0x2264 }, { "ge", 0x2265 }, { "NewLine", '\n' }, { "Tab", '\t' },
};
/* clang-format on */

typedef struct {
  Element element;
  gboolean hidden;
  gboolean ellipsis; /* was cut by the server, which says so with this class only */
  guint n_entries;   /* of a numbered list */
} Open;

typedef struct {
  const char *p;
  const char *end;
  PostsHtmlFlags flags;
  GPtrArray *links; /* nullable: of char* */
  GString *out;
  gsize n_chars;
  guint n_newlines; /* due before the next character */
  gboolean space;   /* due before the next character */
  guint n_hidden;   /* open elements whose text is left out */
  guint n_pre;
  GArray *open; /* of Open */
} Reading;

typedef struct {
  char name[MAX_NAME_BYTES];
  gboolean closes;
  char *classes; /* nullable */
  char *address; /* nullable */
} Tag;

static void
put (Reading *reading, gunichar c)
{
  if (reading->n_chars >= POSTS_HTML_MAX_CHARS)
    return;
  g_string_append_unichar (reading->out, c);
  reading->n_chars++;
}

/* A character of the text, after what is due before it. */
static void
add (Reading *reading, gunichar c)
{
  const gboolean blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';

  if (reading->n_hidden > 0)
    return;
  if (blank && reading->n_pre == 0) {
    reading->space = TRUE;
    return;
  }
  if (c == '\n') {
    reading->n_newlines++;
    return;
  }
  if (reading->out->len > 0)
    for (guint i = 0; i < MIN (reading->n_newlines, 2); i++)
      put (reading, '\n');
  if (reading->space && reading->out->len > 0 && reading->n_newlines == 0)
    put (reading, ' ');
  reading->n_newlines = 0;
  reading->space = FALSE;
  put (reading, c);
}

static void
add_string (Reading *reading, const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    add (reading, g_utf8_get_char (p));
  if (g_str_has_suffix (text, " "))
    reading->space = TRUE;
}

static void
break_lines (Reading *reading, guint n_newlines)
{
  if (reading->n_hidden == 0)
    reading->n_newlines = MAX (reading->n_newlines, n_newlines);
}

static gunichar
find_named (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (other_names); i++)
    if (strlen (other_names[i].name) == length && memcmp (other_names[i].name, name, length) == 0)
      return other_names[i].c;
  for (gsize i = 0; i < G_N_ELEMENTS (latin_names); i++)
    if (strlen (latin_names[i]) == length && memcmp (latin_names[i], name, length) == 0)
      return (gunichar) (0xA0 + i);
  return 0;
}

static gunichar
read_number (const char *digits, gsize length)
{
  const gboolean hex = length > 0 && (digits[0] == 'x' || digits[0] == 'X');
  guint64 number = 0;

  if (length == (hex ? 1 : 0))
    return 0xFFFD;
  for (gsize i = hex ? 1 : 0; i < length; i++) {
    const int digit = hex ? g_ascii_xdigit_value (digits[i]) : g_ascii_digit_value (digits[i]);

    if (digit < 0)
      return 0xFFFD;
    number = MIN (number * (hex ? 16 : 10) + (guint) digit, 0x110000);
  }
  return number > 0 && g_unichar_validate ((gunichar) number) ? (gunichar) number : 0xFFFD;
}

/* The character of the entity at @p, and its length; 0 if there is none. */
static gunichar
read_entity (const char *p, const char *end, gsize *length)
{
  const gsize longest = MIN ((gsize) (end - p), 32);
  const char *stop = memchr (p, ';', longest);
  gunichar c = 0;

  if (stop == NULL || stop == p + 1)
    return 0;
  if (p[1] == '#')
    c = read_number (p + 2, (gsize) (stop - p - 2));
  else
    c = find_named (p + 1, (gsize) (stop - p - 1));
  *length = (gsize) (stop - p) + 1;
  return c;
}

static char *
decode (const char *start, gsize length)
{
  const char *end = start + MIN (length, MAX_VALUE_BYTES);
  GString *value = g_string_new (NULL);

  for (const char *p = start; p < end;) {
    gsize n_bytes = 1;
    const gunichar c = *p == '&' ? read_entity (p, end, &n_bytes) : 0;

    if (c != 0)
      g_string_append_unichar (value, c);
    else
      g_string_append_c (value, *p);
    p += c != 0 ? n_bytes : 1;
  }
  if (!g_utf8_validate (value->str, (gssize) value->len, NULL))
    g_string_truncate (value, 0);
  return g_string_free (value, FALSE);
}

static gboolean
is_blank (char c)
{
  return g_ascii_isspace (c) || c == '/';
}

/* One `name="value"` of a tag. */
static void
read_attribute (Reading *reading, Tag *tag)
{
  const char *name = reading->p;
  const char *value = NULL;
  gsize length = 0;

  while (reading->p < reading->end && !is_blank (*reading->p) && *reading->p != '=' &&
         *reading->p != '>')
    reading->p++;
  const gsize name_length = (gsize) (reading->p - name);
  while (reading->p < reading->end && g_ascii_isspace (*reading->p))
    reading->p++;
  if (reading->p < reading->end && *reading->p == '=') {
    reading->p++;
    while (reading->p < reading->end && g_ascii_isspace (*reading->p))
      reading->p++;
    const char quote = reading->p < reading->end ? *reading->p : '\0';
    if (quote == '"' || quote == '\'') {
      value = ++reading->p;
      const char *stop = memchr (value, quote, (gsize) (reading->end - value));
      length = (gsize) ((stop != NULL ? stop : reading->end) - value);
      reading->p = stop != NULL ? stop + 1 : reading->end;
    } else {
      value = reading->p;
      while (reading->p < reading->end && !g_ascii_isspace (*reading->p) && *reading->p != '>')
        reading->p++;
      length = (gsize) (reading->p - value);
    }
  } else if (reading->p == name) {
    reading->p++; /* a stray sign */
  }
  if (value != NULL && tag->classes == NULL && name_length == 5 &&
      g_ascii_strncasecmp (name, "class", 5) == 0)
    tag->classes = decode (value, length);
  if (value != NULL && tag->address == NULL && name_length == 4 &&
      g_ascii_strncasecmp (name, "href", 4) == 0)
    tag->address = decode (value, length);
}

/* Leaves the reading after the `>` of the tag, or at the end. */
static void
read_tag (Reading *reading, Tag *tag)
{
  gsize length = 0;

  tag->closes = *reading->p == '/';
  if (tag->closes)
    reading->p++;
  while (reading->p < reading->end && !is_blank (*reading->p) && *reading->p != '>') {
    if (length + 1 < MAX_NAME_BYTES)
      tag->name[length++] = g_ascii_tolower (*reading->p);
    reading->p++;
  }
  while (reading->p < reading->end && *reading->p != '>') {
    if (is_blank (*reading->p))
      reading->p++;
    else
      read_attribute (reading, tag);
  }
  if (reading->p < reading->end)
    reading->p++;
}

static gboolean
has_class (const Tag *tag, const char *name)
{
  g_auto (GStrv) classes = tag->classes != NULL ? g_strsplit (tag->classes, " ", 16) : NULL;

  return classes != NULL && g_strv_contains ((const char *const *) classes, name);
}

static Element
find_element (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (elements[i].name, name))
      return elements[i].element;
  return ELEMENT_OTHER;
}

/* Past the end tag of @name; to the end if there is none. */
static void
skip_body (Reading *reading, const char *name)
{
  const gsize length = strlen (name);

  while (reading->p < reading->end) {
    const char *tag = memchr (reading->p, '<', (gsize) (reading->end - reading->p));

    if (tag == NULL)
      break;
    reading->p = tag + 1;
    if ((gsize) (reading->end - reading->p) > length && *reading->p == '/' &&
        g_ascii_strncasecmp (reading->p + 1, name, length) == 0) {
      Tag end = { 0 };

      read_tag (reading, &end);
      g_free (end.classes);
      g_free (end.address);
      return;
    }
  }
  reading->p = reading->end;
}

static void
note_link (Reading *reading, const Tag *tag)
{
  const char *address = tag->address;

  if (reading->links == NULL || address == NULL || reading->links->len >= MAX_LINKS ||
      has_class (tag, "mention") || has_class (tag, "hashtag"))
    return;
  if (g_ascii_strncasecmp (address, "https://", 8) != 0 &&
      g_ascii_strncasecmp (address, "http://", 7) != 0)
    return;
  if (!g_ptr_array_find_with_equal_func (reading->links, address, g_str_equal, NULL))
    g_ptr_array_add (reading->links, g_strdup (address));
}

static void
start_entry (Reading *reading)
{
  g_autofree char *number = NULL;

  for (guint i = reading->open->len; i > 0 && number == NULL; i--) {
    Open *open = &g_array_index (reading->open, Open, i - 1);

    if (open->element == ELEMENT_BULLETS)
      break;
    if (open->element == ELEMENT_NUMBERS) {
      open->n_entries = MIN (open->n_entries + 1, MAX_NUMBER);
      number = g_strdup_printf ("%u. ", open->n_entries);
    }
  }
  break_lines (reading, 1);
  if (reading->n_hidden == 0)
    add_string (reading, number != NULL ? number : "\xE2\x80\xA2 ");
}

static void
start_element (Reading *reading, Element element, const Tag *tag)
{
  Open open = { .element = element };

  switch (element) {
  case ELEMENT_RAW:
    skip_body (reading, tag->name);
    return;
  case ELEMENT_BREAK:
    if (reading->n_hidden == 0)
      reading->n_newlines++;
    return;
  case ELEMENT_LINK:
    note_link (reading, tag);
    break;
  case ELEMENT_SPAN:
    open.hidden = has_class (tag, "invisible");
    open.ellipsis = has_class (tag, "ellipsis");
    break;
  case ELEMENT_ENTRY:
    start_entry (reading);
    break;
  case ELEMENT_BLOCK:
  case ELEMENT_PRE:
  case ELEMENT_BULLETS:
  case ELEMENT_NUMBERS:
    /* The paragraph of an entry follows its bullet. */
    break_lines (reading, 2);
    open.hidden = (reading->flags & POSTS_HTML_DROP_QUOTE) != 0 && has_class (tag, "quote-inline");
    break;
  case ELEMENT_OTHER:
    return;
  }
  if (reading->open->len >= MAX_OPEN)
    return;
  reading->n_hidden += open.hidden ? 1 : 0;
  reading->n_pre += element == ELEMENT_PRE ? 1 : 0;
  g_array_append_val (reading->open, open);
}

static void
end_top (Reading *reading)
{
  const Open open = g_array_index (reading->open, Open, reading->open->len - 1);

  g_array_set_size (reading->open, reading->open->len - 1);
  reading->n_hidden -= open.hidden ? 1 : 0;
  reading->n_pre -= open.element == ELEMENT_PRE ? 1 : 0;
  if (open.ellipsis)
    add (reading, 0x2026);
  if (open.element == ELEMENT_ENTRY)
    break_lines (reading, 1);
  else if (open.element != ELEMENT_SPAN && open.element != ELEMENT_LINK)
    break_lines (reading, 2);
}

static void
end_element (Reading *reading, Element element)
{
  guint n = reading->open->len;

  while (n > 0 && g_array_index (reading->open, Open, n - 1).element != element)
    n--;
  while (n > 0 && reading->open->len >= n)
    end_top (reading);
}

/* What starts with `<!` or `<?`. */
static void
skip_declaration (Reading *reading)
{
  static const struct {
    const char *start;
    const char *stop;
  } kinds[] = { { "!--", "-->" }, { "![CDATA[", "]]>" }, { "", ">" } };
  const gsize left = (gsize) (reading->end - reading->p);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const gsize length = strlen (kinds[i].start);

    if (left >= length && memcmp (reading->p, kinds[i].start, length) == 0) {
      const char *stop =
        g_strstr_len (reading->p + length, (gssize) (left - length), kinds[i].stop);

      reading->p = stop != NULL ? stop + strlen (kinds[i].stop) : reading->end;
      return;
    }
  }
}

static void
read_markup (Reading *reading)
{
  const char next = reading->p + 1 < reading->end ? reading->p[1] : '\0';
  Tag tag = { 0 };

  if (next == '!' || next == '?') {
    reading->p++;
    skip_declaration (reading);
    return;
  }
  if (!g_ascii_isalpha (next) && next != '/') {
    add (reading, '<');
    reading->p++;
    return;
  }
  reading->p++;
  read_tag (reading, &tag);

  const Element element = find_element (tag.name);
  if (!tag.closes)
    start_element (reading, element, &tag);
  else if (element != ELEMENT_OTHER && element != ELEMENT_BREAK && element != ELEMENT_RAW)
    end_element (reading, element);
  g_free (tag.classes);
  g_free (tag.address);
}

/**
 * posts_html_to_text:
 * @html: (nullable): valid UTF-8, any HTML or what looks like it; what is behind four MiB is left
 * @flags: what to leave out
 * @links: (nullable) (inout) (element-type utf8): gets the addresses of its links, but not those
 *   of tags and mentions
 *
 * Reads the text that a browser would show, without one: linear in time, flat in stack. Entities
 * are decoded once. Any thread.
 *
 * Returns: (transfer full): the text, POSTS_HTML_MAX_CHARS long at most; not yet cleaned
 */
char *
posts_html_to_text (const char *html, PostsHtmlFlags flags, GPtrArray *links)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Open));
  Reading reading = { .flags = flags, .links = links, .out = g_string_new (NULL), .open = open };

  if (html == NULL)
    html = "";
  reading.p = html;
  reading.end = html + strnlen (html, POSTS_HTML_MAX_BYTES);
  while (reading.p < reading.end && reading.n_chars < POSTS_HTML_MAX_CHARS) {
    gsize length = 1;

    if (*reading.p == '<') {
      read_markup (&reading);
      continue;
    }
    const gunichar entity = *reading.p == '&' ? read_entity (reading.p, reading.end, &length) : 0;
    const gunichar c =
      entity != 0 ? entity : g_utf8_get_char_validated (reading.p, reading.end - reading.p);
    if (c >= (gunichar) -2) {
      add (&reading, 0xFFFD);
      reading.p++;
      continue;
    }
    add (&reading, c);
    reading.p += entity != 0 ? length : (gsize) g_utf8_skip[(guchar) *reading.p];
  }
  return g_string_free (reading.out, FALSE);
}
