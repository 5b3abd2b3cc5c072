/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "web-reply.h"
#include "web-server-private.h"
#include "web-types.h"

#define HEALTH_PATH   "/health"
#define MAX_BODY_SIZE (64 * 1024)

/* A mistyped link may be tried thrice; then it takes longer and longer. */
#define FREE_TRIES    3
#define MAX_DELAY_S   30
#define FORGET_US     (10 * G_TIME_SPAN_MINUTE)
#define MAX_ADDRESSES 1024

/* How often an address came with a token that is nobody's. */
typedef struct {
  guint n;
  gint64 last_us;
} Wrong;

G_DEFINE_FINAL_TYPE (WebServer, web_server, G_TYPE_OBJECT)

enum {
  SIGNAL_LINE,
  SIGNAL_REQUEST,
  SIGNAL_LAN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
_web_server_lan_changed (WebServer *self)
{
  g_signal_emit (self, signals[SIGNAL_LAN_CHANGED], 0);
}

static gboolean
is_loopback_address (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return G_IS_INET_SOCKET_ADDRESS (address) &&
         g_inet_address_get_is_loopback (
           g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* Behind a tunnel everybody comes from this computer; its end says from where, last. */
static char *
find_address (WebServer *self, SoupServerMessage *message)
{
  const char *forwarded = web_reply_get_header (message, "X-Forwarded-For");

  if (forwarded != NULL && self->public_uri != NULL && is_loopback_address (message)) {
    const char *comma = strrchr (forwarded, ',');
    g_autofree char *last = g_strstrip (g_strndup (comma != NULL ? comma + 1 : forwarded, 64));
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (last);

    if (address != NULL)
      return g_inet_address_to_string (address);
  }
  return g_strdup (soup_server_message_get_remote_host (message));
}

/* A page elsewhere can make its own name point to 127.0.0.1, but the browser still tells that name.
 * What listens to the network is asked for by whatever name this computer has there. */
static gboolean
is_for_us (WebServer *self, SoupServerMessage *message)
{
  const char *host = web_reply_get_header (message, "Host");

  if (!self->on_loopback || web_door_find (self->door, message) == NULL)
    return TRUE;
  return common_host_is_loopback (host) || (host != NULL && self->public_host != NULL &&
                                            g_ascii_strcasecmp (host, self->public_host) == 0);
}

/* ---- pages ---- */

static gboolean
is_below (const char *path, const char *folder)
{
  return path != NULL && folder != NULL && g_str_has_prefix (path, folder) &&
         (path[strlen (folder)] == '/' || path[strlen (folder)] == '\0');
}

static gboolean
answer_request (WebServer *self, SoupServerMessage *message, const char *path)
{
  gboolean answered = FALSE;

  if (soup_server_message_get_request_body (message)->length > MAX_BODY_SIZE)
    web_reply_status (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
  else
    g_signal_emit (self, signals[SIGNAL_REQUEST], 0, message, path, &answered);
  return answered || soup_server_message_get_status (message) != 0;
}

/* What anybody sends along is thrown away as it comes, unless somebody is there for it. */
static void
request_begun_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                  gpointer user_data)
{
  WebServer *self = user_data;

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message),
                                    is_below (path, self->page.folder));
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  WebServer *self = user_data;
  const char *method = soup_server_message_get_method (message);

  web_reply_secure (message, self->page.permissions);
  if (!is_for_us (self, message))
    web_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (is_below (path, self->page.folder) && answer_request (self, message, path))
    return;
  else if (!g_str_equal (method, SOUP_METHOD_GET) && !g_str_equal (method, SOUP_METHOD_HEAD))
    web_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "GET, HEAD");
  else if (g_strcmp0 (path, HEALTH_PATH) == 0)
    web_reply_text (message, "regie");
  else
    web_reply_page (message, self->page.resources, path);
}

/* ---- lines ---- */

static guint
count_unknown (WebServer *self, guint *oldest)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    WebLine *line = self->lines->pdata[i];

    if (web_line_get_known (line) && web_line_get_open (line))
      continue;
    if (n++ == 0)
      *oldest = i;
  }
  return n;
}

/* Refused before it is a WebSocket: answered, and the upgrade does not happen. */
static void
socket_request_cb (SoupServer *soup, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer user_data)
{
  WebServer *self = user_data;
  const char *upgrade = web_reply_get_header (message, "Upgrade");

  web_reply_secure (message, self->page.permissions);
  if (!is_for_us (self, message))
    web_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (g_strcmp0 (path, self->page.socket) != 0)
    web_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    web_reply_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
  else if (!web_reply_origin_is (message, self->public_uri))
    web_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (self->lines->len >= WEB_SERVER_MAX_LINES)
    web_reply_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
}

static guint
note_wrong (WebServer *self, const char *address)
{
  const gint64 now_us = g_get_monotonic_time ();
  Wrong *wrong = g_hash_table_lookup (self->wrong, address);

  if (wrong == NULL) {
    /* Who fills this has more addresses than we can tell apart: then nobody is told apart. */
    if (g_hash_table_size (self->wrong) >= MAX_ADDRESSES)
      return MAX_DELAY_S;
    wrong = g_new0 (Wrong, 1);
    g_hash_table_insert (self->wrong, g_strdup (address), wrong);
  }
  wrong->last_us = now_us;
  wrong->n++;
  if (wrong->n <= FREE_TRIES)
    return 0;
  return MIN (1u << MIN (wrong->n - FREE_TRIES - 1, 5), MAX_DELAY_S);
}

static void
line_closed_cb (WebLine *line, gpointer user_data)
{
  WebServer *self = user_data;

  g_ptr_array_remove (self->lines, line);
}

static void
websocket_cb (SoupServer *soup, SoupServerMessage *message, const char *path,
              SoupWebsocketConnection *connection, gpointer user_data)
{
  WebServer *self = user_data;
  WebStream *stream = web_door_find (self->door, message);
  guint oldest = 0;

  if (stream == NULL)
    stream = web_door_find (self->lan_door, message);
  if (stream == NULL || self->check_id == 0)
    return;
  /* Who knocks and says nothing makes room for who comes next. */
  if (count_unknown (self, &oldest) >= WEB_SERVER_MAX_UNKNOWN)
    web_line_bye (self->lines->pdata[oldest], "busy");

  g_autofree char *address = find_address (self, message);
  WebLine *line = web_line_new (connection, stream, address, self->page.max_message_bytes);
  g_ptr_array_add (self->lines, line);
  g_signal_connect_object (line, "closed", G_CALLBACK (line_closed_cb), self, 0);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, line);
}

static gboolean
is_long_ago (gpointer address, gpointer wrong, gpointer now_us)
{
  return *(gint64 *) now_us - ((Wrong *) wrong)->last_us > FORGET_US;
}

static gboolean
check_cb (gpointer user_data)
{
  WebServer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  /* From the end: one that closes takes itself out. */
  for (guint i = self->lines->len; i > 0; i--)
    web_line_check (self->lines->pdata[i - 1], now_us);
  g_hash_table_foreach_remove (self->wrong, is_long_ago, &now_us);
  return G_SOURCE_CONTINUE;
}

/* ---- */

static void
web_server_dispose (GObject *object)
{
  WebServer *self = WEB_SERVER (object);

  web_server_close (self);
  g_clear_object (&self->door);
  g_clear_object (&self->lan_door);
  g_clear_object (&self->soup);
  G_OBJECT_CLASS (web_server_parent_class)->dispose (object);
}

static void
web_server_finalize (GObject *object)
{
  WebServer *self = WEB_SERVER (object);

  g_ptr_array_unref (self->lines);
  g_hash_table_unref (self->wrong);
  g_free (self->public_uri);
  g_free (self->public_host);
  g_free (self->lan_address);
  g_clear_error (&self->lan_error);
  G_OBJECT_CLASS (web_server_parent_class)->finalize (object);
}

static void
web_server_class_init (WebServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_server_dispose;
  object_class->finalize = web_server_finalize;

  signals[SIGNAL_LINE] = g_signal_new ("line", WEB_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, WEB_TYPE_LINE);
  signals[SIGNAL_REQUEST] =
    g_signal_new ("request", WEB_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2,
                  SOUP_TYPE_SERVER_MESSAGE, G_TYPE_STRING);
  signals[SIGNAL_LAN_CHANGED] = g_signal_new ("lan-changed", WEB_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
web_server_init (WebServer *self)
{
  self->soup = soup_server_new (NULL, NULL);
  self->door = web_door_new (self->soup);
  self->lan_door = web_door_new (self->soup);
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->wrong = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * web_server_new:
 * @page: what it serves; its texts live longer than the server
 *
 * Returns: (transfer full): a server that listens nowhere
 */
WebServer *
web_server_new (const WebServerPage *page)
{
  WebServer *self = g_object_new (WEB_TYPE_SERVER, NULL);

  self->page = *page;
  /* A small message could blow up to gigabytes. */
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_early_handler (self->soup, NULL, request_begun_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  soup_server_add_early_handler (self->soup, page->socket, request_begun_cb, self, NULL);
  soup_server_add_handler (self->soup, page->socket, socket_request_cb, self, NULL);
  soup_server_add_websocket_handler (self->soup, page->socket, NULL, NULL, websocket_cb, self,
                                     NULL);
  return self;
}

void
_web_server_begin_checks (WebServer *self)
{
  if (self->check_id == 0)
    self->check_id = g_timeout_add_seconds (1, check_cb, self);
}

/**
 * web_server_listen:
 * @self: a server
 * @address: of this computer: `127.0.0.1`, unless a proxy on another one comes from there
 * @port: 0: any free one
 * @error: return location
 *
 * Serves without TLS; from now on there, if it has listened elsewhere: who is there stays.
 *
 * Returns: `FALSE` with `WEB_ERROR_LISTEN`
 */
gboolean
web_server_listen (WebServer *self, const char *address, guint port, GError **error)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), FALSE);

  g_autoptr (GInetAddress) inet_address = g_inet_address_new_from_string (address);

  if (inet_address == NULL || port > G_MAXUINT16) {
    g_set_error (error, WEB_ERROR, WEB_ERROR_LISTEN,
                 "Cannot listen at port %u of %s: not an address of a computer", port, address);
    return FALSE;
  }
  if (!web_door_listen (self->door, inet_address, port, error))
    return FALSE;
  self->on_loopback = g_inet_address_get_is_loopback (inet_address);
  _web_server_begin_checks (self);
  return TRUE;
}

/**
 * web_server_set_public_uri:
 * @self: a server
 * @public_uri: (nullable): where the page is seen from far away
 *
 * Requests for it are ours, and what comes from this computer then says where it really comes from.
 */
void
web_server_set_public_uri (WebServer *self, const char *public_uri)
{
  g_return_if_fail (WEB_IS_SERVER (self));

  g_autoptr (GUri) uri =
    public_uri != NULL ? g_uri_parse (public_uri, G_URI_FLAGS_NONE, NULL) : NULL;

  common_set_string (&self->public_uri, public_uri);
  g_clear_pointer (&self->public_host, g_free);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return;
  self->public_host = g_uri_get_port (uri) > 0
                        ? g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri))
                        : g_strdup (g_uri_get_host (uri));
}

guint
web_server_get_port (WebServer *self)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), 0);

  return web_door_get_port (self->door);
}

guint
web_server_get_n_lines (WebServer *self)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), 0);

  return self->lines->len;
}

guint
web_server_get_n_streams (WebServer *self)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), 0);

  return web_door_get_n_streams (self->door) + web_door_get_n_streams (self->lan_door);
}

/**
 * web_server_turn_away:
 * @self: a server
 * @line: of somebody who knows no token
 *
 * Says so: at once the first times, then later and later.
 */
void
web_server_turn_away (WebServer *self, WebLine *line)
{
  g_return_if_fail (WEB_IS_SERVER (self));

  web_line_bye_later (line, "invalid", note_wrong (self, web_line_get_address (line)));
}

/**
 * web_server_close:
 * @self: a server
 *
 * Closes all lines and both doors. May be called twice.
 */
void
web_server_close (WebServer *self)
{
  g_return_if_fail (WEB_IS_SERVER (self));

  g_clear_handle_id (&self->check_id, g_source_remove);
  while (self->lines->len > 0)
    web_line_bye (self->lines->pdata[self->lines->len - 1], "ended");
  web_door_close (self->door);
  web_door_close (self->lan_door);
  _web_server_forget_lan (self);
}
