/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "guest-types.h"

G_BEGIN_DECLS

#define GUEST_MESSAGE_MAX_BYTES   (64 * 1024)
#define GUEST_MESSAGE_MAX_PAYLOAD (16 * 1024)

/* What a guest's page may say. */
typedef enum {
  GUEST_MESSAGE_UNKNOWN, /* of a page that is newer than we are: ignored */
  GUEST_MESSAGE_HELLO,
  GUEST_MESSAGE_JOIN,
  GUEST_MESSAGE_ANSWER,
  GUEST_MESSAGE_CANDIDATE,
  GUEST_MESSAGE_QUIT,
  GUEST_MESSAGE_PLACE,
  GUEST_MESSAGE_DEVICES,
  GUEST_MESSAGE_VIEW,
  GUEST_MESSAGE_STATS,
  GUEST_MESSAGE_PING,
  GUEST_MESSAGE_ECHO,
  GUEST_MESSAGE_CUE_SEEN,
  GUEST_MESSAGE_LEAVE,
} GuestMessageType;

/**
 * GuestMessage:
 *
 * One message, checked: what its type has is there and within bounds, the rest is zero.
 */
typedef struct {
  GuestMessageType type;
  JsonNode *root; /* owns the texts */
  const char *token;
  const char *language; /* nullable */
  GuestChannel channel;
  const char *sdp;
  const char *candidate;
  guint index;
  GuestPlace place;
  gboolean camera;
  gboolean microphone;
  gboolean music;
  gboolean room; /* he looks at the room, not at the program */
  gint64 id;
  const char *payload;
  double fps, width_px, height_px, lost_share, rtt_ms; /* −1: not told */
  gboolean reduced;
} GuestMessage;

GuestMessage *guest_message_parse (const char *text, gsize length, GError **error);
void guest_message_free (GuestMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestMessage, guest_message_free)

G_END_DECLS
