/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-words.h"

/* A JSON object that is being written. Calls are chained; the last one frees it. */
struct _GuestWords {
  JsonObject *object;
};

GuestWords *
guest_words_new (const char *type)
{
  GuestWords *self = g_new0 (GuestWords, 1);

  self->object = json_object_new ();
  return guest_words_text (self, "type", type);
}

/* @value: (nullable): an empty text then */
GuestWords *
guest_words_text (GuestWords *self, const char *name, const char *value)
{
  json_object_set_string_member (self->object, name, value != NULL ? value : "");
  return self;
}

GuestWords *
guest_words_number (GuestWords *self, const char *name, gint64 value)
{
  json_object_set_int_member (self->object, name, value);
  return self;
}

GuestWords *
guest_words_flag (GuestWords *self, const char *name, gboolean value)
{
  json_object_set_boolean_member (self->object, name, !!value);
  return self;
}

/* @value: (transfer full) */
GuestWords *
guest_words_node (GuestWords *self, const char *name, JsonNode *value)
{
  json_object_set_member (self->object, name, value);
  return self;
}

/**
 * guest_words_end:
 * @self: (transfer full): a message
 *
 * Returns: (transfer full): its JSON
 */
char *
guest_words_end (GuestWords *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, self->object);
  g_free (self);
  return json_to_string (root, FALSE);
}
