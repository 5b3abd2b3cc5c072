/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "livepage-server.h"

G_BEGIN_DECLS

/* What came back: status line and headers, and the body behind them. */
typedef struct {
  guint status;
  char *headers;
  char *body;
  gsize body_length;
} LivepageReply;

void livepage_reply_free (LivepageReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LivepageReply, livepage_reply_free)

/* One request over a connection of its own, while the main context runs. */
LivepageReply *livepage_client_send_raw (LivepageServer *server, char *text);
LivepageReply *livepage_client_send (LivepageServer *server, const char *method, const char *path,
                                     const char *headers);
LivepageReply *livepage_client_get (LivepageServer *server, const char *path);
char *livepage_client_find_header (const LivepageReply *reply, const char *name);
void livepage_client_assert_header (const LivepageReply *reply, const char *name,
                                    const char *value);

G_END_DECLS
