/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web-words.h"

/* A JSON object that is being written. Calls are chained; the last one frees it. */
struct _WebWords {
  JsonObject *object;
};

WebWords *
web_words_new (const char *type)
{
  WebWords *self = g_new0 (WebWords, 1);

  self->object = json_object_new ();
  return web_words_text (self, "type", type);
}

/* @value: (nullable): an empty text then */
WebWords *
web_words_text (WebWords *self, const char *name, const char *value)
{
  json_object_set_string_member (self->object, name, value != NULL ? value : "");
  return self;
}

WebWords *
web_words_number (WebWords *self, const char *name, gint64 value)
{
  json_object_set_int_member (self->object, name, value);
  return self;
}

WebWords *
web_words_flag (WebWords *self, const char *name, gboolean value)
{
  json_object_set_boolean_member (self->object, name, !!value);
  return self;
}

/* @value: (transfer full) */
WebWords *
web_words_node (WebWords *self, const char *name, JsonNode *value)
{
  json_object_set_member (self->object, name, value);
  return self;
}

/**
 * web_words_end:
 * @self: (transfer full): a message
 *
 * Returns: (transfer full): its JSON
 */
char *
web_words_end (WebWords *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, self->object);
  g_free (self);
  return json_to_string (root, FALSE);
}
