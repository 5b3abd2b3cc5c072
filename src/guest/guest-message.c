/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-message.h"
#include "web-json.h"

#define MAX_TOKEN_BYTES     64
#define MAX_LANGUAGE_BYTES  35
#define MAX_SDP_BYTES       (60 * 1024)
#define MAX_CANDIDATE_BYTES 512
#define MAX_INDEX           3
#define MAX_STAT            1e6

/* What a double holds without rounding, as a page's numbers are. */
#define MAX_ID 9007199254740991

/* One of the words of an enum's nicks. */
static gboolean
read_word (JsonObject *object, const char *name, GType type, int *value)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (type);
  const char *word = NULL;

  if (!web_json_read_string (object, name, 32, &word))
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

  if (!web_json_read_string (object, "view", 16, &view))
    return FALSE;
  self->room = g_str_equal (view, "room");
  return self->room || g_str_equal (view, "program");
}

static gboolean
read_hello (GuestMessage *self, JsonObject *object)
{
  if (!web_json_read_string (object, "token", MAX_TOKEN_BYTES, &self->token))
    return FALSE;
  return !json_object_has_member (object, "language") ||
         web_json_read_string (object, "language", MAX_LANGUAGE_BYTES, &self->language);
}

static gboolean
read_candidate (GuestMessage *self, JsonObject *object)
{
  gint64 index = 0;

  if (!read_channel (self, object) || !web_json_read_integer (object, "index", MAX_INDEX, &index))
    return FALSE;
  self->index = (guint) index;
  return web_json_read_string (object, "candidate", MAX_CANDIDATE_BYTES, &self->candidate);
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

  if (json_object_has_member (object, "reduced") &&
      !web_json_read_flag (object, "reduced", &self->reduced))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    *fields[i].value = -1;
    if (json_object_has_member (object, fields[i].name) &&
        !json_object_get_null_member (object, fields[i].name) &&
        !web_json_read_number (object, fields[i].name, -1, MAX_STAT, fields[i].value))
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
    return read_channel (self, object) &&
           web_json_read_string (object, "sdp", MAX_SDP_BYTES, &self->sdp);
  case GUEST_MESSAGE_CANDIDATE:
    return read_candidate (self, object);
  case GUEST_MESSAGE_PLACE:
    return read_place (self, object);
  case GUEST_MESSAGE_DEVICES:
    return web_json_read_flag (object, "camera", &self->camera) &&
           web_json_read_flag (object, "microphone", &self->microphone) &&
           web_json_read_flag (object, "music", &self->music);
  case GUEST_MESSAGE_VIEW:
    return read_view (self, object);
  case GUEST_MESSAGE_STATS:
    return read_stats (self, object);
  case GUEST_MESSAGE_PING:
  case GUEST_MESSAGE_CUE_SEEN:
    return web_json_read_integer (object, "id", MAX_ID, &self->id);
  case GUEST_MESSAGE_ECHO:
    return web_json_read_integer (object, "id", MAX_ID, &self->id) &&
           web_json_read_string (object, "payload", GUEST_MESSAGE_MAX_PAYLOAD, &self->payload);
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
  const char *type = NULL;

  self->root = web_json_parse (text, length, GUEST_MESSAGE_MAX_BYTES);
  if (self->root == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID, "A message is not JSON");
    return NULL;
  }
  if (!web_json_read_string (json_node_get_object (self->root), "type", 32, &type)) {
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
