/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "guest-message.h"

#define MAX_DEPTH           4
#define MAX_TOKEN_BYTES     64
#define MAX_LANGUAGE_BYTES  35
#define MAX_SDP_BYTES       (60 * 1024)
#define MAX_CANDIDATE_BYTES 512
#define MAX_INDEX           3
#define MAX_STAT            1e6

/* What a double holds without rounding, as a page's numbers are. */
#define MAX_ID 9007199254740991

static guint
read_hex (const char *text, gsize length)
{
  guint value = 0;

  for (gsize i = 2; i < 6; i++) {
    if (i >= length || !g_ascii_isxdigit (text[i]))
      return G_MAXUINT;
    value = value * 16 + (guint) g_ascii_xdigit_value (text[i]);
  }
  return value;
}

/* One escape in a string: how long it is; 0: half a character, which the parser leaks on. */
static gsize
skip_escape (const char *text, gsize length)
{
  if (length < 2 || text[1] != 'u')
    return 2;

  const guint first = read_hex (text, length);
  if (first < 0xd800 || (first > 0xdfff && first <= 0xffff))
    return 6;
  if (first > 0xdbff || length < 12 || text[6] != '\\' || text[7] != 'u')
    return 0;
  const guint second = read_hex (text + 6, length - 6);
  return second >= 0xdc00 && second <= 0xdfff ? 12 : 0;
}

/* Looked at before the parser is let near it: one object, not too deep. The parser calls itself for
 * every level, and would run out of stack; it forgets to free the first of several values; and it
 * knows comments and other quotes, in which it would see other levels than we do. */
static gboolean
is_shallow_object (const char *text, gsize length)
{
  gboolean in_string = FALSE;
  guint n_objects = 0;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    const char letter = text[i];

    if (in_string) {
      const gsize n = letter == '\\' ? skip_escape (text + i, length - i) : 1;

      if (n == 0)
        return FALSE;
      i += n - 1;
      if (letter == '"')
        in_string = FALSE;
    } else if (letter == '{' || letter == '[') {
      if (depth == 0 && (letter == '[' || n_objects++ > 0))
        return FALSE;
      if (++depth > MAX_DEPTH)
        return FALSE;
    } else if (letter == '}' || letter == ']') {
      if (--depth < 0)
        return FALSE;
    } else if (letter == '/' || letter == '\'' || letter == '#') {
      return FALSE;
    } else if (depth == 0 && !g_ascii_isspace (letter)) {
      return FALSE;
    } else if (letter == '"') {
      in_string = TRUE;
    }
  }
  return n_objects == 1 && depth == 0 && !in_string;
}

static gboolean
read_string (JsonObject *object, const char *name, gsize max_bytes, const char **value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *value = json_node_get_string (node);
  return *value != NULL && strlen (*value) <= max_bytes && g_utf8_validate (*value, -1, NULL);
}

static gboolean
read_number (JsonObject *object, const char *name, double min, double max, double *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    *value = json_node_get_double (node);
  else
    return FALSE;
  return isfinite (*value) && *value >= min && *value <= max;
}

static gboolean
read_integer (JsonObject *object, const char *name, gint64 max, gint64 *value)
{
  double number = 0;

  if (!read_number (object, name, 0, (double) max, &number) || number != floor (number))
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

static gboolean
read_flag (JsonObject *object, const char *name, gboolean *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

/* One of the words of an enum's nicks. */
static gboolean
read_word (JsonObject *object, const char *name, GType type, int *value)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (type);
  const char *word = NULL;

  if (!read_string (object, name, 32, &word))
    return FALSE;
  const GEnumValue *found = g_enum_get_value_by_nick (enum_class, word);
  if (found == NULL)
    return FALSE;
  *value = found->value;
  return TRUE;
}

static gboolean
read_channel (GuestMessage *self, JsonObject *object)
{
  int channel = 0;

  if (!read_word (object, "channel", GUEST_TYPE_CHANNEL, &channel))
    return FALSE;
  self->channel = (GuestChannel) channel;
  return TRUE;
}

static gboolean
read_place (GuestMessage *self, JsonObject *object)
{
  int place = 0;

  /* Nobody puts himself on air. */
  if (!read_word (object, "place", GUEST_TYPE_PLACE, &place) || place == GUEST_PLACE_ON_AIR)
    return FALSE;
  self->place = (GuestPlace) place;
  return TRUE;
}

static gboolean
read_view (GuestMessage *self, JsonObject *object)
{
  const char *view = NULL;

  if (!read_string (object, "view", 16, &view))
    return FALSE;
  self->room = g_str_equal (view, "room");
  return self->room || g_str_equal (view, "program");
}

static gboolean
read_hello (GuestMessage *self, JsonObject *object)
{
  if (!read_string (object, "token", MAX_TOKEN_BYTES, &self->token))
    return FALSE;
  return !json_object_has_member (object, "language") ||
         read_string (object, "language", MAX_LANGUAGE_BYTES, &self->language);
}

static gboolean
read_candidate (GuestMessage *self, JsonObject *object)
{
  gint64 index = 0;

  if (!read_channel (self, object) || !read_integer (object, "index", MAX_INDEX, &index))
    return FALSE;
  self->index = (guint) index;
  return read_string (object, "candidate", MAX_CANDIDATE_BYTES, &self->candidate);
}

static gboolean
read_stats (GuestMessage *self, JsonObject *object)
{
  const struct {
    const char *name;
    double *value;
  } fields[] = {
    { "fps", &self->fps },         { "width", &self->width_px }, { "height", &self->height_px },
    { "lost", &self->lost_share }, { "rtt", &self->rtt_ms },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    *fields[i].value = -1;
    if (json_object_has_member (object, fields[i].name) &&
        !json_object_get_null_member (object, fields[i].name) &&
        !read_number (object, fields[i].name, -1, MAX_STAT, fields[i].value))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_fields (GuestMessage *self, JsonObject *object)
{
  switch (self->type) {
  case GUEST_MESSAGE_HELLO:
    return read_hello (self, object);
  case GUEST_MESSAGE_JOIN:
  case GUEST_MESSAGE_QUIT:
    return read_channel (self, object);
  case GUEST_MESSAGE_ANSWER:
    return read_channel (self, object) && read_string (object, "sdp", MAX_SDP_BYTES, &self->sdp);
  case GUEST_MESSAGE_CANDIDATE:
    return read_candidate (self, object);
  case GUEST_MESSAGE_PLACE:
    return read_place (self, object);
  case GUEST_MESSAGE_DEVICES:
    return read_flag (object, "camera", &self->camera) &&
           read_flag (object, "microphone", &self->microphone) &&
           read_flag (object, "music", &self->music);
  case GUEST_MESSAGE_VIEW:
    return read_view (self, object);
  case GUEST_MESSAGE_STATS:
    return read_stats (self, object);
  case GUEST_MESSAGE_PING:
  case GUEST_MESSAGE_CUE_SEEN:
    return read_integer (object, "id", MAX_ID, &self->id);
  case GUEST_MESSAGE_ECHO:
    return read_integer (object, "id", MAX_ID, &self->id) &&
           read_string (object, "payload", GUEST_MESSAGE_MAX_PAYLOAD, &self->payload);
  case GUEST_MESSAGE_LEAVE:
  case GUEST_MESSAGE_UNKNOWN:
    return TRUE;
  }
  g_assert_not_reached ();
}

static GuestMessageType
find_type (const char *name)
{
  static const char *const names[] = {
    [GUEST_MESSAGE_HELLO] = "hello",     [GUEST_MESSAGE_JOIN] = "join",
    [GUEST_MESSAGE_ANSWER] = "answer",   [GUEST_MESSAGE_CANDIDATE] = "candidate",
    [GUEST_MESSAGE_QUIT] = "quit",       [GUEST_MESSAGE_PLACE] = "place",
    [GUEST_MESSAGE_DEVICES] = "devices", [GUEST_MESSAGE_VIEW] = "view",
    [GUEST_MESSAGE_STATS] = "stats",     [GUEST_MESSAGE_PING] = "ping",
    [GUEST_MESSAGE_ECHO] = "echo",       [GUEST_MESSAGE_CUE_SEEN] = "cue-seen",
    [GUEST_MESSAGE_LEAVE] = "leave",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (names[i], name) == 0)
      return (GuestMessageType) i;
  }
  return GUEST_MESSAGE_UNKNOWN;
}

/**
 * guest_message_parse:
 * @text: what came, of anybody
 * @length: its bytes
 * @error: return location
 *
 * Any thread.
 *
 * Returns: (transfer full): the message; `NULL` with `GUEST_ERROR_INVALID` if it is none, or not as
 *   its type must be
 */
GuestMessage *
guest_message_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GuestMessage) self = g_new0 (GuestMessage, 1);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  const char *type = NULL;

  if (length > GUEST_MESSAGE_MAX_BYTES || !g_utf8_validate_len (text, length, NULL) ||
      !is_shallow_object (text, length) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL)) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID, "A message is not JSON");
    return NULL;
  }

  self->root = json_parser_steal_root (parser);
  if (self->root == NULL || !JSON_NODE_HOLDS_OBJECT (self->root) ||
      !read_string (json_node_get_object (self->root), "type", 32, &type)) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID, "A message has no type");
    return NULL;
  }
  self->type = find_type (type);
  if (!read_fields (self, json_node_get_object (self->root))) {
    g_set_error (error, GUEST_ERROR, GUEST_ERROR_INVALID,
                 "A message of type %s has not what it should have", type);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
guest_message_free (GuestMessage *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self);
}
