/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "modpage-message.h"
#include "web-json.h"
#include "web-token.h"
#include "web-types.h"

#define MAX_TOKEN_BYTES 64
#define MAX_POST_BYTES  1024

/* What a double holds without rounding, as a page's numbers are. */
#define MAX_ID 9007199254740991

static const char *const list_names[MODPAGE_N_LISTS] = {
  [MODPAGE_LIST_INCOMING] = "incoming",   [MODPAGE_LIST_HELD] = "held",
  [MODPAGE_LIST_APPROVED] = "approved",   [MODPAGE_LIST_HIDDEN] = "hidden",
  [MODPAGE_LIST_QUESTIONS] = "questions",
};

const char *
modpage_list_get_name (ModpageList list)
{
  g_return_val_if_fail ((guint) list < MODPAGE_N_LISTS, NULL);

  return list_names[list];
}

/* What may be decided from elsewhere: nothing but what sorts posts. */
static gboolean
read_act (ModpageMessage *self, JsonObject *object)
{
  static const struct {
    const char *name;
    PostsAct act;
  } acts[] = {
    { "approve", POSTS_ACT_APPROVE },   { "show", POSTS_ACT_SHOW },
    { "take-off", POSTS_ACT_TAKE_OFF }, { "hide", POSTS_ACT_HIDE },
    { "block", POSTS_ACT_BLOCK },       { "ask", POSTS_ACT_ASK },
    { "answer", POSTS_ACT_ANSWER },
  };
  const char *name = NULL;

  if (!web_json_read_string (object, "act", 16, &name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++) {
    if (g_str_equal (acts[i].name, name))
      self->act = acts[i].act;
  }
  return self->act != POSTS_ACT_NONE;
}

static gboolean
read_list (ModpageMessage *self, JsonObject *object)
{
  const char *name = NULL;
  gint64 count = 0;

  if (!web_json_read_string (object, "list", 16, &name) ||
      !web_json_read_integer (object, "count", MODPAGE_MAX_SHOWN, &count))
    return FALSE;
  self->count = (guint) count;
  for (guint i = 0; i < MODPAGE_N_LISTS; i++) {
    if (g_str_equal (list_names[i], name)) {
      self->list = (ModpageList) i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
read_hello (ModpageMessage *self, JsonObject *object)
{
  return web_json_read_string (object, "token", MAX_TOKEN_BYTES, &self->token) &&
         web_json_read_string (object, "me", MAX_TOKEN_BYTES, &self->me) &&
         web_token_is_valid (self->me);
}

static gboolean
read_fields (ModpageMessage *self, JsonObject *object)
{
  switch (self->type) {
  case MODPAGE_MESSAGE_HELLO:
    return read_hello (self, object);
  case MODPAGE_MESSAGE_LIST:
    return read_list (self, object);
  case MODPAGE_MESSAGE_DO:
    return web_json_read_integer (object, "id", MAX_ID, &self->id) && read_act (self, object) &&
           web_json_read_string (object, "post", MAX_POST_BYTES, &self->post);
  case MODPAGE_MESSAGE_UNDO:
  case MODPAGE_MESSAGE_PING:
    return web_json_read_integer (object, "id", MAX_ID, &self->id);
  case MODPAGE_MESSAGE_UNKNOWN:
    return TRUE;
  }
  g_assert_not_reached ();
}

static ModpageMessageType
find_type (const char *name)
{
  static const char *const names[] = {
    [MODPAGE_MESSAGE_HELLO] = "hello", [MODPAGE_MESSAGE_LIST] = "list", [MODPAGE_MESSAGE_DO] = "do",
    [MODPAGE_MESSAGE_UNDO] = "undo",   [MODPAGE_MESSAGE_PING] = "ping",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (names[i], name) == 0)
      return (ModpageMessageType) i;
  }
  return MODPAGE_MESSAGE_UNKNOWN;
}

/**
 * modpage_message_parse:
 * @text: what came, of anybody
 * @length: its bytes
 * @error: return location
 *
 * Any thread.
 *
 * Returns: (transfer full): the message; `NULL` with `WEB_ERROR_INVALID` if it is none, or not as its
 *   type must be
 */
ModpageMessage *
modpage_message_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (ModpageMessage) self = g_new0 (ModpageMessage, 1);
  const char *type = NULL;

  self->root = web_json_parse (text, length, MODPAGE_MESSAGE_MAX_BYTES);
  if (self->root == NULL) {
    g_set_error_literal (error, WEB_ERROR, WEB_ERROR_INVALID, "A message is not JSON");
    return NULL;
  }
  if (!web_json_read_string (json_node_get_object (self->root), "type", 32, &type)) {
    g_set_error_literal (error, WEB_ERROR, WEB_ERROR_INVALID, "A message has no type");
    return NULL;
  }
  self->type = find_type (type);
  if (!read_fields (self, json_node_get_object (self->root))) {
    g_set_error (error, WEB_ERROR, WEB_ERROR_INVALID,
                 "A message of type %s has not what it should have", type);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
modpage_message_free (ModpageMessage *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self);
}
