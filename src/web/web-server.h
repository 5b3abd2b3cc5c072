/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "web-line.h"

G_BEGIN_DECLS

/* Lines that are open at once; of them, such as have not said who they are, or wrongly. */
#define WEB_SERVER_MAX_LINES   64
#define WEB_SERVER_MAX_UNKNOWN 24

/**
 * WebServerPage:
 * @resources: where the page's files are in this program
 * @permissions: its `Permissions-Policy`
 * @socket: the path of its WebSocket
 * @max_message_bytes: of one message that comes on it
 * @folder: (nullable): the path below which requests are asked for by "request"
 */
typedef struct {
  const char *resources;
  const char *permissions;
  const char *socket;
  gsize max_message_bytes;
  const char *folder;
} WebServerPage;

/**
 * WebServerLan:
 * @port: 0: any free one
 * @certificate_path, @key_path: (nullable): PEM files; `NULL`: one is made
 * @folder: (nullable): where the made certificate is kept; `NULL`: in memory only
 *
 * How the page is served to the network.
 */
typedef struct {
  guint port;
  const char *certificate_path;
  const char *key_path;
  const char *folder;
} WebServerLan;

#define WEB_TYPE_SERVER (web_server_get_type ())
G_DECLARE_FINAL_TYPE (WebServer, web_server, WEB, SERVER, GObject)

/* Main thread only. Signals:
 *   "line" (WebLine *): somebody's, who has not said yet who he is;
 *   "request" (SoupServerMessage *, char *path) → gboolean: one below the page's folder, with at most
 *     64 KiB; who says yes answers it;
 *   "lan-changed" (): the address in the network, or what is wrong with it */
WebServer *web_server_new (const WebServerPage *page);
gboolean web_server_listen (WebServer *self, const char *address, guint port, GError **error);
gboolean web_server_listen_lan (WebServer *self, const WebServerLan *lan, GError **error);
void web_server_close_lan (WebServer *self);
void web_server_set_public_uri (WebServer *self, const char *public_uri);
guint web_server_get_port (WebServer *self);
const char *web_server_get_lan_address (WebServer *self); /* nullable */
const GError *web_server_get_lan_error (WebServer *self); /* nullable */
guint web_server_get_n_lines (WebServer *self);
guint web_server_get_n_streams (WebServer *self);
void web_server_turn_away (WebServer *self, WebLine *line);
void web_server_close (WebServer *self);

G_END_DECLS
