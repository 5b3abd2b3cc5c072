/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "event-json.h"

/* Strict JSON (RFC 8259) to a tree of json-glib. JsonParser itself is not used: it lets through what
 * is not JSON, hides that a key stands twice, recurses as deep as a file asks it to, and its messages
 * speak of tokens. */

typedef struct {
  const char *name; /* borrowed: the file, for messages */
  const char *start;
  const char *at;
  const char *end;
  guint depth;
  GError *error; /* owned: the first one; nothing is read after it */
} Parser;

static JsonNode *parse_value (Parser *self);

/* Says what is wrong at a place: line and column count from 1, columns in characters. */
static void G_GNUC_PRINTF (3, 4) fail_at (Parser *self, const char *place, const char *format, ...)
{
  g_autofree char *what = NULL;
  const char *line_start = self->start;
  guint line = 1;
  va_list arguments;

  if (self->error != NULL)
    return;

  for (const char *at = self->start; at < place; at++) {
    if (*at == '\n') {
      line++;
      line_start = at + 1;
    }
  }
  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->error =
    g_error_new (EVENT_ERROR, EVENT_ERROR_SYNTAX, "%s: line %u, column %ld: %s", self->name, line,
                 g_utf8_strlen (line_start, place - line_start) + 1, what);
}

/* What stands at the place, in words. */
static char *
describe_found (Parser *self)
{
  gsize length = 0;

  if (self->at >= self->end)
    return g_strdup ("the file ends");
  while (length < 20 && self->at + length < self->end && g_ascii_isalnum (self->at[length]))
    length++;
  if (length == 0)
    length = (gsize) (g_utf8_next_char (self->at) - self->at);
  if (g_ascii_iscntrl (*self->at))
    return g_strdup ("a control character is here");
  return g_strdup_printf ("“%.*s” is here", (int) length, self->at);
}

static void
fail_expected (Parser *self, const char *expected)
{
  g_autofree char *found = describe_found (self);

  if (self->at < self->end && (*self->at == '/' || *self->at == '#'))
    fail_at (self, self->at, "expected %s, but %s; comments are not possible", expected, found);
  else if (self->at < self->end && *self->at == '\'')
    fail_at (self, self->at, "expected %s, but %s; texts stand in \"double quotes\"", expected,
             found);
  else
    fail_at (self, self->at, "expected %s, but %s", expected, found);
}

static void
skip_space (Parser *self)
{
  while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL)
    self->at++;
}

/* Takes the character if it comes next. */
static gboolean
take (Parser *self, char character)
{
  if (self->error != NULL || self->at >= self->end || *self->at != character)
    return FALSE;
  self->at++;
  return TRUE;
}

/* Four hexadecimal digits, or -1. */
static int
take_hex4 (Parser *self)
{
  int value = 0;

  for (int i = 0; i < 4; i++, self->at++) {
    if (self->at >= self->end || !g_ascii_isxdigit (*self->at))
      return -1;
    value = value * 16 + g_ascii_xdigit_value (*self->at);
  }
  return value;
}

/* Reads what follows “\u”: one character, perhaps written as two halves. */
static void
parse_unicode_escape (Parser *self, GString *text)
{
  const char *place = self->at - 2;
  int first = take_hex4 (self);
  int second = 0;

  if (first >= 0xd800 && first <= 0xdbff && take (self, '\\') && take (self, 'u')) {
    second = take_hex4 (self);
    if (second >= 0xdc00 && second <= 0xdfff)
      first = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
  }
  if (first < 0 || second < 0)
    fail_at (self, place, "expected four hexadecimal digits after “\\u”");
  else if (first >= 0xd800 && first <= 0xdfff)
    fail_at (self, place, "expected a whole character, this “\\u” escape is half of one");
  else if (first == 0)
    fail_at (self, place, "expected a character, texts cannot hold “\\u0000”");
  else
    g_string_append_unichar (text, (gunichar) first);
}

static void
parse_escape (Parser *self, GString *text)
{
  static const char codes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *code = NULL;

  if (take (self, 'u')) {
    parse_unicode_escape (self, text);
    return;
  }
  if (self->at < self->end)
    code = strchr (codes, *self->at);
  if (code == NULL) {
    fail_at (self, self->at - 1,
             "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash");
    return;
  }
  g_string_append_c (text, meanings[code - codes]);
  self->at++;
}

/* Returns: (transfer full) (nullable): the text of the string that starts here */
static char *
parse_string (Parser *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *place = self->at;

  if (!take (self, '"'))
    return NULL;
  while (self->error == NULL && !take (self, '"')) {
    if (self->at >= self->end || *self->at == '\n' || *self->at == '\r')
      fail_at (self, place, "expected a closing \" on the same line as this one");
    else if (g_ascii_iscntrl (*self->at) && *self->at != 0x7f)
      fail_at (self, self->at, "expected text, but a control character is here");
    else if (take (self, '\\'))
      parse_escape (self, text);
    else
      g_string_append_c (text, *self->at++);
  }
  return self->error == NULL ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static gboolean
skip_digits (Parser *self)
{
  const char *first = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return self->at > first;
}

static JsonNode *
parse_number (Parser *self)
{
  g_autofree char *text = NULL;
  const char *first = self->at;
  gboolean whole = TRUE, good = TRUE;
  gint64 integer = 0;

  take (self, '-');
  good = take (self, '0') || skip_digits (self);
  if (good && take (self, '.')) {
    whole = FALSE;
    good = skip_digits (self);
  }
  if (good && (take (self, 'e') || take (self, 'E'))) {
    whole = FALSE;
    if (!take (self, '+'))
      take (self, '-');
    good = skip_digits (self);
  }
  if (!good || (self->at < self->end && (g_ascii_isalnum (*self->at) || *self->at == '.'))) {
    fail_at (self, first, "expected a number such as 12, -3 or 0.5");
    return NULL;
  }

  text = g_strndup (first, (gsize) (self->at - first));
  if (whole && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    return json_node_init_int (json_node_alloc (), integer);
  /* A long whole number would come back from a double as another one. */
  if (whole || !isfinite (g_ascii_strtod (text, NULL))) {
    fail_at (self, first, "expected a number of ordinary size");
    return NULL;
  }
  return json_node_init_double (json_node_alloc (), g_ascii_strtod (text, NULL));
}

/* Reads “"key": value” into the object. */
static void
parse_member (Parser *self, JsonObject *object)
{
  const char *place = self->at;
  g_autofree char *key = parse_string (self);
  g_autoptr (JsonNode) value = NULL;

  if (self->error != NULL)
    return;
  if (key == NULL) {
    fail_expected (self, "a \"key\" in double quotes");
    return;
  }
  if (*key == '\0') {
    fail_at (self, place, "expected a key, but it is empty");
    return;
  }
  if (json_object_has_member (object, key)) {
    fail_at (self, place, "expected each key once, but “%.40s” is here twice", key);
    return;
  }
  skip_space (self);
  if (!take (self, ':')) {
    fail_expected (self, "“:” after a key");
    return;
  }
  value = parse_value (self);
  if (value != NULL)
    json_object_set_member (object, key, g_steal_pointer (&value));
}

static void
parse_element (Parser *self, JsonArray *array)
{
  g_autoptr (JsonNode) value = parse_value (self);

  if (value != NULL)
    json_array_add_element (array, g_steal_pointer (&value));
}

/* Reads the members of an object or the elements of an array, after the bracket that opens it. */
static void
parse_items (Parser *self, JsonObject *object, JsonArray *array)
{
  const char closing = object != NULL ? '}' : ']';
  const char *comma = NULL;

  if (self->depth >= EVENT_JSON_MAX_DEPTH) {
    fail_at (self, self->at - 1, "expected at most %d brackets inside each other",
             EVENT_JSON_MAX_DEPTH);
    return;
  }
  self->depth++;
  while (self->error == NULL) {
    skip_space (self);
    if (take (self, closing)) {
      if (comma != NULL)
        fail_at (self, comma, "expected no “,” after the last entry before “%c”", closing);
      break;
    }
    if (object != NULL)
      parse_member (self, object);
    else
      parse_element (self, array);
    skip_space (self);
    comma = self->at;
    if (take (self, ','))
      continue;
    comma = NULL;
    if (self->error == NULL && (self->at >= self->end || *self->at != closing))
      fail_expected (self,
                     object != NULL ? "“,” or “}” after an entry" : "“,” or “]” after an entry");
  }
  self->depth--;
}

static JsonNode *
parse_word (Parser *self)
{
  static const char *const words[] = { "true", "false", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    const gsize length = strlen (words[i]);
    const gsize left = (gsize) (self->end - self->at);

    if (left < length || strncmp (self->at, words[i], length) != 0 ||
        (left > length && g_ascii_isalnum (self->at[length])))
      continue;
    self->at += length;
    if (i == 2)
      return json_node_init_null (json_node_alloc ());
    return json_node_init_boolean (json_node_alloc (), i == 0);
  }
  fail_expected (self, "a value: \"text\", a number, true, false, {…} or […]");
  return NULL;
}

static JsonNode *
parse_value (Parser *self)
{
  g_autoptr (JsonNode) node = NULL;

  skip_space (self);
  if (self->at < self->end && *self->at == '"') {
    g_autofree char *text = parse_string (self);

    if (text != NULL)
      node = json_node_init_string (json_node_alloc (), text);
  } else if (take (self, '{')) {
    g_autoptr (JsonObject) object = json_object_new ();

    parse_items (self, object, NULL);
    node = json_node_init_object (json_node_alloc (), object);
  } else if (take (self, '[')) {
    g_autoptr (JsonArray) array = json_array_new ();

    parse_items (self, NULL, array);
    node = json_node_init_array (json_node_alloc (), array);
  } else if (self->at < self->end && (*self->at == '-' || g_ascii_isdigit (*self->at))) {
    node = parse_number (self);
  } else {
    node = parse_word (self);
  }
  return self->error == NULL ? g_steal_pointer (&node) : NULL;
}

/* Says no to what is not text at all, before anything is taken apart. */
static void
check_text (Parser *self)
{
  const char *bad = NULL;

  if (!g_utf8_validate_len (self->at, (gsize) (self->end - self->at), &bad)) {
    if (*bad == '\0')
      fail_at (self, bad, "expected text, but a zero byte is here");
    else
      fail_at (self, bad, "expected UTF-8 text, but a byte is here that is not");
    return;
  }
  skip_space (self);
  if (self->at == self->end)
    fail_at (self, self->at, "the file is empty, expected an event such as { \"regie\": 1, … }");
}

/**
 * event_json_parse:
 * @text: what a file holds; needs no zero byte at its end
 * @length: its bytes
 * @name: how messages name the file
 *
 * Reads strict JSON: at most [const@EVENT_JSON_MAX_DEPTH] brackets deep, each key once.
 *
 * Fails with `EVENT_ERROR_SYNTAX`, naming file, line and column.
 *
 * Returns: (transfer full): the tree; `NULL` on error
 */
JsonNode *
event_json_parse (const char *text, gsize length, const char *name, GError **error)
{
  Parser parser = { .name = name, .start = text, .at = text, .end = text + length };
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  /* Some editors begin every file with a byte order mark. */
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    parser.start = parser.at = text + 3;
  check_text (&parser);
  if (parser.error == NULL)
    root = parse_value (&parser);
  if (parser.error == NULL) {
    skip_space (&parser);
    if (parser.at < parser.end)
      fail_expected (&parser, "nothing after the event");
  }
  if (parser.error != NULL) {
    g_propagate_error (error, parser.error);
    return NULL;
  }
  return g_steal_pointer (&root);
}
