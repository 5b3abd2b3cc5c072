/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "posts-triage.h"

G_BEGIN_DECLS

#define MODPAGE_MESSAGE_MAX_BYTES 4096
#define MODPAGE_MAX_SHOWN         200

/* What a moderator looks at. */
typedef enum {
  MODPAGE_LIST_INCOMING,
  MODPAGE_LIST_HELD,
  MODPAGE_LIST_APPROVED,
  MODPAGE_LIST_HIDDEN,
  MODPAGE_LIST_QUESTIONS,
} ModpageList;

#define MODPAGE_N_LISTS 5

/* What a moderator's page may say. */
typedef enum {
  MODPAGE_MESSAGE_UNKNOWN, /* of a page that is newer than we are: ignored */
  MODPAGE_MESSAGE_HELLO,
  MODPAGE_MESSAGE_LIST,
  MODPAGE_MESSAGE_DO,
  MODPAGE_MESSAGE_UNDO,
  MODPAGE_MESSAGE_PING,
} ModpageMessageType;

/**
 * ModpageMessage:
 * @me: what a page calls itself, so that it is the same one after it came back
 *
 * One message, checked: what its type has is there and within bounds, the rest is zero.
 */
typedef struct {
  ModpageMessageType type;
  JsonNode *root; /* owns the texts */
  const char *token;
  const char *me;
  ModpageList list;
  guint count;
  gint64 id;
  PostsAct act;
  const char *post;
} ModpageMessage;

const char *modpage_list_get_name (ModpageList list);
ModpageMessage *modpage_message_parse (const char *text, gsize length, GError **error);
void modpage_message_free (ModpageMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModpageMessage, modpage_message_free)

G_END_DECLS
