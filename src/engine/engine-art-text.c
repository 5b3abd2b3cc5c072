/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <string.h>

#define FONT_FAMILIES    "Noto Sans,Cantarell,sans-serif"
#define MAX_FAMILY_BYTES 800

/* Nobody sees more bytes than these, however few characters they make. */
#define MAX_BYTES 65536

/* Letters of real languages carry up to three marks, and emoji are joined by single characters that
 * nobody sees; the flags of regions are spelled with six of those. */
#define MAX_MARKS_IN_ROW 3
#define MAX_TAGS_IN_ROW  7

#define NO_BREAK_SPACE   "\xc2\xa0"

typedef enum {
  CHAR_SEEN,
  CHAR_MARK,   /* stands on the one before it */
  CHAR_UNSEEN, /* joins, or chooses a form */
  CHAR_TAG,    /* the same, in a flag */
  CHAR_SPACE,
  CHAR_BREAK,
  CHAR_REFUSED,
} CharKind;

static CharKind
classify (gunichar c)
{
  const GUnicodeType type = g_unichar_type (c);

  /* They would turn what comes after them, even in another text: who writes from right to left is
   * told by the letters themselves. */
  if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x206f))
    return CHAR_REFUSED;
  if (c == '\n' || c == 0x2028 || c == 0x2029)
    return CHAR_BREAK;
  /* Letters that are nothing but room, and what stands for something that is not text. */
  if (c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x2800)
    return CHAR_SPACE;
  if (c == 0xfffc || (c >= 0xfff9 && c <= 0xfffb))
    return CHAR_REFUSED;
  if (c >= 0xe0000 && c <= 0xe007f)
    return CHAR_TAG;
  if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef))
    return CHAR_UNSEEN;

  if (type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK)
    return CHAR_MARK;
  if (type == G_UNICODE_FORMAT)
    return CHAR_UNSEEN;
  return type == G_UNICODE_CONTROL || g_unichar_isspace (c) ? CHAR_SPACE : CHAR_SEEN;
}

/* What _engine_art_clean () remembers from one character to the next. */
typedef struct {
  GString *text;
  int n_marks;
  int n_unseen;
  int n_tags;
  int n_breaks;
  gboolean space;
  gboolean seen; /* anything at all */
  gunichar last;
} Cleaner;

/* French sets a space inside quotes and before high marks, at which no line may end. */
static gboolean
is_bound (gunichar before, gunichar after)
{
  return before == 0xab || after == 0xbb || after == ';' || after == ':' || after == '!' ||
         after == '?';
}

static void
append (Cleaner *self, gunichar c)
{
  if (self->seen && self->n_breaks > 0)
    g_string_append (self->text, self->n_breaks > 1 ? "\n\n" : "\n");
  else if (self->seen && self->space)
    g_string_append (self->text, is_bound (self->last, c) ? NO_BREAK_SPACE : " ");
  g_string_append_unichar (self->text, c);
  self->last = c;
  self->n_breaks = 0;
  self->space = FALSE;
}

/* Returns whether a character was added. */
static gboolean
clean_char (Cleaner *self, gunichar c, gboolean keep_lines)
{
  const CharKind kind = classify (c);
  const gboolean at_start = !self->seen || self->space || self->n_breaks > 0;

  switch (kind) {
  case CHAR_SEEN:
    self->n_marks = self->n_unseen = self->n_tags = 0;
    append (self, c);
    self->seen = TRUE;
    return TRUE;
  case CHAR_MARK:
    /* Without a letter of its own it would stand on whatever is before the text. */
    if (at_start || ++self->n_marks > MAX_MARKS_IN_ROW)
      return FALSE;
    append (self, c);
    return TRUE;
  case CHAR_UNSEEN:
    if (at_start || ++self->n_unseen > 2)
      return FALSE;
    append (self, c);
    return TRUE;
  case CHAR_TAG:
    if (at_start || ++self->n_tags > MAX_TAGS_IN_ROW)
      return FALSE;
    append (self, c);
    return TRUE;
  case CHAR_BREAK:
    self->n_breaks += keep_lines;
    self->space = TRUE;
    return FALSE;
  case CHAR_SPACE:
    self->space = TRUE;
    return FALSE;
  case CHAR_REFUSED:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

/**
 * _engine_art_clean:
 * @text: (nullable): anything, even invalid UTF-8
 * @keep_lines: whether line breaks stay (never more than one empty line) or become spaces
 * @max_chars: longer texts are cut there
 *
 * Makes a text fit to be laid out: valid, without control characters and such as turn the direction
 * of what follows, without piles of marks or of characters that nobody sees. What shows nothing at
 * all is empty.
 *
 * Returns: (transfer full): the text, perhaps empty
 */
char *
_engine_art_clean (const char *text, gboolean keep_lines, int max_chars)
{
  const gssize n_bytes = text != NULL ? (gssize) strnlen (text, MAX_BYTES) : 0;
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", n_bytes);
  Cleaner cleaner = { .text = g_string_new (NULL) };
  int n_chars = 0;

  for (const char *p = valid; *p != '\0' && n_chars < max_chars; p = g_utf8_next_char (p))
    n_chars += clean_char (&cleaner, g_utf8_get_char (p), keep_lines);
  return g_string_free (cleaner.text, FALSE);
}

/* Han characters are written differently in Japan, Korea and China: the letters around them tell. */
static const char *
find_language (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (c >= 0x3040 && c <= 0x30ff)
      return "ja";
    if (c >= 0xac00 && c <= 0xd7a3)
      return "ko";
  }
  return NULL;
}

/**
 * _engine_art_create_layout:
 * @cr: where it will be drawn
 * @text: a clean text
 * @size_px: height of the letters' body
 * @weight: thin or bold
 * @width_px: lines break there
 * @max_lines: the rest is replaced by “…”; 0 for all lines
 *
 * Lays a text out, the same way whatever the screen's settings. Uses the font map of the calling
 * thread.
 *
 * Returns: (transfer full): the layout
 */
PangoLayout *
_engine_art_create_layout (cairo_t *cr, const char *text, double size_px, PangoWeight weight,
                           double width_px, int max_lines)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoContext *context = pango_layout_get_context (layout);
  PangoFontDescription *font = pango_font_description_new ();
  cairo_font_options_t *options = cairo_font_options_create ();
  const char *language = find_language (text);

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  if (language != NULL)
    pango_context_set_language (context, pango_language_from_string (language));

  pango_font_description_set_family_static (font, FONT_FAMILIES);
  pango_font_description_set_weight (font, weight);
  pango_font_description_set_absolute_size (font, size_px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);

  pango_layout_set_width (layout, (int) (width_px * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (max_lines > 0) {
    pango_layout_set_height (layout, -max_lines);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  }
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static gboolean
is_family (const char *family)
{
  return family != NULL && *family != '\0' && strlen (family) <= MAX_FAMILY_BYTES &&
         strchr (family, ',') == NULL && g_utf8_validate (family, -1, NULL);
}

/**
 * _engine_art_set_font:
 * @layout: (inout): a layout
 * @family: (nullable): a font family; letters that it lacks, or all if it is not installed, come
 *   from Régie's own
 */
void
_engine_art_set_font (PangoLayout *layout, const char *family)
{
  PangoFontDescription *font = NULL;
  g_autofree char *families = NULL;

  if (!is_family (family))
    return;
  families = g_strconcat (family, ",", FONT_FAMILIES, NULL);
  font = pango_font_description_copy (pango_layout_get_font_description (layout));
  pango_font_description_set_family (font, families);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

/**
 * engine_art_has_font:
 * @family: a font family, such as an event file names
 *
 * Any thread; looks at the installed fonts, so not the main one.
 *
 * Returns: whether it is installed
 */
gboolean
engine_art_has_font (const char *family)
{
  PangoFontFamily **families = NULL;
  int n_families = 0;
  gboolean found = FALSE;

  if (!is_family (family))
    return FALSE;
  pango_font_map_list_families (pango_cairo_font_map_get_default (), &families, &n_families);
  for (int i = 0; i < n_families && !found; i++)
    found = g_ascii_strcasecmp (pango_font_family_get_name (families[i]), family) == 0;
  g_free (families);
  return found;
}

/* How much smaller a text that was cut must be to fit, roughly. */
static double
guess_scale (PangoLayout *layout, double width_px, int max_lines)
{
  g_autoptr (PangoLayout) whole = pango_layout_copy (layout);
  double whole_px = 0;

  pango_layout_set_width (whole, -1);
  pango_layout_set_ellipsize (whole, PANGO_ELLIPSIZE_NONE);
  _engine_art_measure (whole, &whole_px, NULL);
  /* Words leave some room at the ends of lines. */
  return width_px * max_lines * (max_lines > 1 ? 0.9 : 0.995) / MAX (whole_px, 1);
}

/**
 * _engine_art_fit_layout:
 * @cr: where it will be drawn
 * @text: a clean text
 * @family: (nullable): a font family
 * @size_px: of the letters, if there is room
 * @min_size_px: how small they may get
 * @weight: thin or bold
 * @width_px: lines break there
 * @max_lines: how many there may be
 *
 * Lays a text out in letters as large as possible; if even the smallest are too large, it ends in
 * “…”.
 *
 * Returns: (transfer full): the layout
 */
PangoLayout *
_engine_art_fit_layout (cairo_t *cr, const char *text, const char *family, double size_px,
                        double min_size_px, PangoWeight weight, double width_px, int max_lines)
{
  const double sizes[] = { size_px, 0, min_size_px };
  PangoLayout *layout = NULL;
  double scale = 1;

  /* Each size is a font of its own to load: three are enough. */
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const double size = i == 1 ? size_px * scale : sizes[i];

    if (size < min_size_px)
      continue;
    g_clear_object (&layout);
    layout = _engine_art_create_layout (cr, text, size, weight, width_px, max_lines);
    _engine_art_set_font (layout, family);
    if (!pango_layout_is_ellipsized (layout) || min_size_px >= size)
      break;
    if (i == 0)
      scale = guess_scale (layout, width_px, max_lines);
  }
  return layout;
}

/* The blocks that Unicode keeps for scripts written from right to left. */
static gboolean
is_rtl_letter (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff) ||
         (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
         (c >= 0x1e800 && c <= 0x1efff);
}

/**
 * _engine_art_is_rtl:
 * @text: a clean text
 *
 * Returns: whether its first letter with a direction is written from right to left
 */
gboolean
_engine_art_is_rtl (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (g_unichar_isalpha (c))
      return is_rtl_letter (c);
  }
  return FALSE;
}

void
_engine_art_measure (PangoLayout *layout, double *width_px, double *height_px)
{
  PangoRectangle logical = { 0 };

  pango_layout_get_extents (layout, NULL, &logical);
  if (width_px != NULL)
    *width_px = (double) PANGO_PIXELS_CEIL (logical.width);
  if (height_px != NULL)
    *height_px = (double) PANGO_PIXELS_CEIL (logical.height);
}
