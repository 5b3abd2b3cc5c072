/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "event-reader.h"

/* Longer words and values are cut in messages. */
#define QUOTED_CHARS     60

#define MAX_COLOUR_CHARS 64

/**
 * event_reader_init:
 * @self: (out caller-allocates): a reader
 * @name: how messages name the file; must live as long as the reader
 */
void
event_reader_init (EventReader *self, const char *name)
{
  *self = (EventReader){ .name = name, .path = g_string_new (NULL) };
}

/**
 * event_reader_clear:
 * @self: a reader
 *
 * Frees what the reader holds, but not the reader.
 */
void
event_reader_clear (EventReader *self)
{
  g_string_free (self->path, TRUE);
  self->path = NULL;
  g_clear_error (&self->error);
}

/**
 * event_reader_enter:
 * @self: a reader
 * @key: the key, or `[1]`, that is read next
 *
 * Returns: a mark for [func@event_reader_leave]
 */
gsize
event_reader_enter (EventReader *self, const char *key)
{
  const gsize mark = self->path->len;

  if (mark > 0 && *key != '[')
    g_string_append_c (self->path, '.');
  g_string_append (self->path, key);
  return mark;
}

/**
 * event_reader_leave:
 * @self: a reader
 * @mark: what entering returned
 */
void
event_reader_leave (EventReader *self, gsize mark)
{
  g_string_truncate (self->path, mark);
}

/**
 * event_reader_fail:
 * @self: a reader
 * @key: (nullable): the key that is wrong, below the present path; `NULL` for the path itself
 * @format: what is wrong and what was expected, as the end of a sentence that begins with the path
 *
 * Keeps this as the error, unless there is one already.
 */
void
event_reader_fail (EventReader *self, const char *key, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;
  gsize mark = 0;

  if (self->error != NULL)
    return;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  mark = event_reader_enter (self, key != NULL ? key : "");
  if (key == NULL)
    event_reader_leave (self, mark);
  self->error = g_error_new (EVENT_ERROR, EVENT_ERROR_INVALID, "%s: %s %s", self->name,
                             self->path->len > 0 ? self->path->str : "the event", what);
  event_reader_leave (self, mark);
}

/* How many letters differ, at most; words longer than that are never near. */
static guint
count_edits (const char *a, const char *b)
{
  guint row[32] = { 0 };
  const gsize length = strlen (b);

  if (length >= G_N_ELEMENTS (row))
    return G_MAXUINT;
  for (guint j = 0; j <= length; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1] != '\0'; i++) {
    guint diagonal = row[0];

    row[0] = i;
    for (guint j = 1; j <= length; j++) {
      const guint above = row[j];
      const gboolean same = g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 1]);

      row[j] = MIN (MIN (above, row[j - 1]) + 1, diagonal + (same ? 0 : 1));
      diagonal = above;
    }
  }
  return row[length];
}

/**
 * event_reader_suggest:
 * @word: what someone wrote
 * @known: (array zero-terminated=1): what they may have meant
 *
 * Returns: (transfer full): the end of a sentence, such as `; is “camera” meant?`, or an empty text
 */
char *
event_reader_suggest (const char *word, const char *const *known)
{
  const char *best = NULL;
  guint fewest = (guint) MIN (2, strlen (word) / 2) + 1;

  if (strlen (word) > 30)
    return g_strdup ("");
  for (; *known != NULL; known++) {
    const guint edits = count_edits (word, *known);

    if (edits < fewest) {
      fewest = edits;
      best = *known;
    }
  }
  return best != NULL ? g_strdup_printf ("; is “%s” meant?", best) : g_strdup ("");
}

/* Returns: (transfer full): the value as a message quotes it */
static char *
describe_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup ("an object {…}");
  if (JSON_NODE_HOLDS_ARRAY (node))
    return g_strdup ("a list […]");
  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("null");
  if (json_node_get_value_type (node) == G_TYPE_STRING) {
    const char *text = json_node_get_string (node);
    const gboolean cut = g_utf8_strlen (text, -1) > QUOTED_CHARS;
    g_autofree char *start = g_utf8_substring (text, 0, cut ? QUOTED_CHARS : -1);
    g_autofree char *escaped = g_strescape (start, NULL);

    /* Only control characters are escaped, accents stay as they are. */
    for (const char *at = start; *at != '\0'; at++) {
      if (g_ascii_iscntrl (*at))
        return g_strdup_printf ("“%s%s”", escaped, cut ? "…" : "");
    }
    return g_strdup_printf ("“%s%s”", start, cut ? "…" : "");
  }
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return g_strdup_printf ("%g", json_node_get_double (node));
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

/**
 * event_reader_fail_value:
 * @self: a reader
 * @key: (nullable): the key that is wrong, below the present path; `NULL` for the path itself
 * @node: what is there; it is quoted
 * @expected: what was expected, as the end of a sentence
 */
void
event_reader_fail_value (EventReader *self, const char *key, JsonNode *node, const char *expected)
{
  g_autofree char *found = describe_node (node);

  event_reader_fail (self, key, "is %s, expected %s", found, expected);
}

static void
fail_missing (EventReader *self, JsonObject *object, const char *key, const char *expected)
{
  g_autoptr (GList) members = json_object_get_members (object);
  const char *const known[] = { key, NULL };

  for (GList *item = members; item != NULL; item = item->next) {
    g_autofree char *hint = event_reader_suggest (item->data, known);

    if (*hint != '\0') {
      event_reader_fail (self, key, "is missing, expected %s; is “%s” meant to be “%s”?", expected,
                         (const char *) item->data, key);
      return;
    }
  }
  event_reader_fail (self, key, "is missing, expected %s", expected);
}

/* Returns: (nullable): the value; `NULL` if there is none or an error is kept already */
static JsonNode *
get_member (EventReader *self, JsonObject *object, const char *key)
{
  return self->error == NULL ? json_object_get_member (object, key) : NULL;
}

static gboolean
holds_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 ||
                                          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
holds_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/**
 * event_reader_object:
 *
 * Returns: (transfer none) (nullable): the object under @key, `NULL` if it is not there
 */
JsonObject *
event_reader_object (EventReader *self, JsonObject *object, const char *key)
{
  JsonNode *node = get_member (self, object, key);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  event_reader_fail_value (self, key, node, "an object {…}");
  return NULL;
}

/**
 * event_reader_boolean:
 *
 * Returns: the value under @key, or @fallback
 */
gboolean
event_reader_boolean (EventReader *self, JsonObject *object, const char *key, gboolean fallback)
{
  JsonNode *node = get_member (self, object, key);

  if (node == NULL)
    return fallback;
  if (holds_type (node, G_TYPE_BOOLEAN))
    return json_node_get_boolean (node);
  event_reader_fail_value (self, key, node, "true or false");
  return fallback;
}

/**
 * event_reader_double:
 *
 * Returns: the number under @key, @lowest to @highest, or @fallback
 */
double
event_reader_double (EventReader *self, JsonObject *object, const char *key, double lowest,
                     double highest, double fallback)
{
  g_autofree char *expected = NULL;
  JsonNode *node = get_member (self, object, key);

  if (node == NULL)
    return fallback;
  if (holds_number (node)) {
    const double value = json_node_get_double (node);

    if (value >= lowest && value <= highest)
      return value;
  }
  expected = g_strdup_printf ("a number from %g to %g", lowest, highest);
  event_reader_fail_value (self, key, node, expected);
  return fallback;
}

/**
 * event_reader_int:
 *
 * Returns: the whole number under @key, @lowest to @highest, or @fallback
 */
int
event_reader_int (EventReader *self, JsonObject *object, const char *key, int lowest, int highest,
                  int fallback)
{
  g_autofree char *expected = NULL;
  JsonNode *node = get_member (self, object, key);

  if (node == NULL)
    return fallback;
  if (holds_number (node)) {
    const double value = json_node_get_double (node);

    if (value >= lowest && value <= highest && trunc (value) == value)
      return (int) value;
  }
  expected = g_strdup_printf ("a whole number from %d to %d", lowest, highest);
  event_reader_fail_value (self, key, node, expected);
  return fallback;
}

/* Returns: (transfer none) (nullable): a text without line breaks and such, `NULL` if it is not good */
static const char *
check_string (EventReader *self, const char *key, JsonNode *node, guint longest_chars)
{
  const char *text = holds_type (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
  g_autofree char *expected = NULL;

  if (text == NULL) {
    event_reader_fail_value (self, key, node, "a text");
    return NULL;
  }
  if (*text == '\0') {
    event_reader_fail (self, key, "is empty, expected a text");
    return NULL;
  }
  if (g_utf8_strlen (text, -1) > longest_chars) {
    event_reader_fail (self, key, "has %ld characters, expected %u at most",
                       g_utf8_strlen (text, -1), longest_chars);
    return NULL;
  }
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    if (g_unichar_iscntrl (g_utf8_get_char (at))) {
      event_reader_fail_value (self, key, node, "one line without control characters");
      return NULL;
    }
  }
  return text;
}

/**
 * event_reader_optional_string:
 *
 * Returns: (transfer full) (nullable): the text under @key, `NULL` if it is not there
 */
char *
event_reader_optional_string (EventReader *self, JsonObject *object, const char *key,
                              guint longest_chars)
{
  JsonNode *node = get_member (self, object, key);

  return node != NULL ? g_strdup (check_string (self, key, node, longest_chars)) : NULL;
}

/**
 * event_reader_string:
 * @fallback: (nullable): what it is if it is not there; `NULL` if it must be there
 *
 * Returns: (transfer full) (nullable): the text under @key, `NULL` on error
 */
char *
event_reader_string (EventReader *self, JsonObject *object, const char *key, guint longest_chars,
                     const char *fallback)
{
  if (get_member (self, object, key) != NULL)
    return event_reader_optional_string (self, object, key, longest_chars);
  if (fallback == NULL)
    fail_missing (self, object, key, "a text");
  return g_strdup (fallback);
}

/**
 * event_reader_text:
 *
 * Returns: (transfer full) (nullable): the text under @key, which may be empty, and is if it is not
 *   there; `NULL` on error
 */
char *
event_reader_text (EventReader *self, JsonObject *object, const char *key, guint longest_chars)
{
  JsonNode *node = get_member (self, object, key);

  if (node == NULL || (holds_type (node, G_TYPE_STRING) && *json_node_get_string (node) == '\0'))
    return g_strdup ("");
  return g_strdup (check_string (self, key, node, longest_chars));
}

/**
 * event_reader_colour:
 * @fallback: what it is if it is not there; serves as the example in messages
 *
 * Returns: (transfer full) (nullable): the colour under @key, such as `#3584e4`; `NULL` on error
 */
char *
event_reader_colour (EventReader *self, JsonObject *object, const char *key, const char *fallback)
{
  char *colour = event_reader_string (self, object, key, MAX_COLOUR_CHARS, fallback);

  if (colour != NULL && (strlen (colour) != 7 || *colour != '#' ||
                         strspn (colour + 1, G_CSET_DIGITS "abcdefABCDEF") != 6))
    event_reader_fail (self, key, "is “%s”, expected a colour such as %s", colour, fallback);
  return colour;
}

/**
 * event_reader_choice:
 * @choices: (array zero-terminated=1): the texts it can be
 * @fallback: what it is if it is not there; −1 if it must be there
 *
 * Returns: which of @choices is under @key, or @fallback, but never less than 0
 */
int
event_reader_choice (EventReader *self, JsonObject *object, const char *key,
                     const char *const *choices, int fallback)
{
  JsonNode *node = get_member (self, object, key);
  g_autofree char *list = g_strjoinv (", ", (char **) choices);
  g_autofree char *hint = NULL;
  g_autofree char *expected = NULL;

  if (node == NULL) {
    expected = g_strdup_printf ("one of %s", list);
    if (fallback < 0)
      fail_missing (self, object, key, expected);
    return MAX (fallback, 0);
  }
  if (holds_type (node, G_TYPE_STRING)) {
    for (int i = 0; choices[i] != NULL; i++) {
      if (g_str_equal (choices[i], json_node_get_string (node)))
        return i;
    }
    hint = event_reader_suggest (json_node_get_string (node), choices);
  }
  expected = g_strdup_printf ("one of %s%s", list, hint != NULL ? hint : "");
  event_reader_fail_value (self, key, node, expected);
  return MAX (fallback, 0);
}

/* Returns: (transfer none) (nullable): the list under @key, of at most @most entries */
static JsonArray *
get_list (EventReader *self, JsonObject *object, const char *key, guint most)
{
  JsonNode *node = get_member (self, object, key);
  JsonArray *list = NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    event_reader_fail_value (self, key, node, "a list […]");
    return NULL;
  }
  list = json_node_get_array (node);
  if (json_array_get_length (list) > most) {
    event_reader_fail (self, key, "has %u entries, expected %u at most",
                       json_array_get_length (list), most);
    return NULL;
  }
  return list;
}

static gsize
enter_entry (EventReader *self, const char *key, guint index)
{
  g_autofree char *entry = g_strdup_printf ("%s[%u]", key, index);

  return event_reader_enter (self, entry);
}

/**
 * event_reader_strings:
 *
 * Returns: (transfer full): the list of texts under @key, perhaps empty
 */
GStrv
event_reader_strings (EventReader *self, JsonObject *object, const char *key, guint most,
                      guint longest_chars)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *list = get_list (self, object, key, most);
  const guint length = list != NULL ? json_array_get_length (list) : 0;

  for (guint i = 0; i < length && self->error == NULL; i++) {
    const gsize mark = enter_entry (self, key, i);
    const char *text = check_string (self, NULL, json_array_get_element (list, i), longest_chars);

    if (text != NULL)
      g_strv_builder_add (builder, text);
    event_reader_leave (self, mark);
  }
  return g_strv_builder_end (builder);
}

/**
 * event_reader_records:
 * @fewest: how many entries the list needs; 0 if it may be left out
 * @most: how many it can have
 * @read_record: makes one record of an entry; never returns `NULL`
 *
 * Returns: (transfer full): the records of the list under @key
 */
GPtrArray *
event_reader_records (EventReader *self, JsonObject *object, const char *key, guint fewest,
                      guint most, EventReaderFunc read_record, GDestroyNotify free_record,
                      gpointer user_data)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (free_record);
  JsonArray *list = get_list (self, object, key, most);
  const guint length = list != NULL ? json_array_get_length (list) : 0;

  if (fewest > 0 && list == NULL)
    fail_missing (self, object, key, "a list with one entry at least");
  else if (length < fewest)
    event_reader_fail (self, key, "is empty, expected one entry at least");

  for (guint i = 0; i < length && self->error == NULL; i++) {
    JsonNode *node = json_array_get_element (list, i);
    const gsize mark = enter_entry (self, key, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (records, read_record (self, json_node_get_object (node), user_data));
    else
      event_reader_fail_value (self, NULL, node, "an object {…}");
    event_reader_leave (self, mark);
  }
  return records;
}
