/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "guest-door.h"
#include "guest-reply.h"
#include "guest-server.h"
#include "guest-token.h"
#include "guest-types.h"

#define SIGNAL_PATH   "/signal"
#define WHIP_PATH     "/whip"
#define HEALTH_PATH   "/health"
#define MAX_BODY_SIZE (64 * 1024)

/* A mistyped link may be tried thrice; then it takes longer and longer. */
#define FREE_TRIES    3
#define MAX_DELAY_S   30
#define FORGET_US     (10 * G_TIME_SPAN_MINUTE)
#define MAX_ADDRESSES 1024

/**
 * GuestServer:
 *
 * What the guests' browsers talk to: the page, the lines, and the way in for other programs. It
 * knows no guest; it asks with its signals.
 */
struct _GuestServer {
  GObject parent_instance;

  SoupServer *soup;
  GuestDoor *door;
  GuestDoor *lan_door;
  gboolean on_loopback;
  char *public_uri;  /* nullable */
  char *public_host; /* nullable */
  char *probe_token;
  GPtrArray *lines;  /* of GuestLine */
  GHashTable *wrong; /* address → Wrong */
  guint check_id;
};

/* How often an address came with a token that is nobody's. */
typedef struct {
  guint n;
  gint64 last_us;
} Wrong;

G_DEFINE_FINAL_TYPE (GuestServer, guest_server, G_TYPE_OBJECT)

enum {
  SIGNAL_HELLO,
  SIGNAL_WHIP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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
find_address (GuestServer *self, SoupServerMessage *message)
{
  const char *forwarded = guest_reply_get_header (message, "X-Forwarded-For");

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
is_for_us (GuestServer *self, SoupServerMessage *message)
{
  const char *host = guest_reply_get_header (message, "Host");

  if (!self->on_loopback || guest_door_find (self->door, message) == NULL)
    return TRUE;
  return common_host_is_loopback (host) || (host != NULL && self->public_host != NULL &&
                                            g_ascii_strcasecmp (host, self->public_host) == 0);
}

/* ---- pages ---- */

static void
reply_whip (GuestServer *self, SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);
  g_auto (GStrv) parts = g_strsplit (path + strlen (WHIP_PATH), "/", 4);
  const guint n_parts = g_strv_length (parts);
  g_autofree char *bearer = guest_reply_get_bearer (message);
  const char *token = n_parts > 1 && *parts[1] != '\0' ? parts[1] : bearer;
  const char *session = n_parts > 2 && *parts[2] != '\0' ? parts[2] : NULL;
  gboolean taken = FALSE;

  guest_reply_share (message);
  if (g_str_equal (method, SOUP_METHOD_OPTIONS))
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  else if (!g_str_equal (method, SOUP_METHOD_POST) && !g_str_equal (method, "PATCH") &&
           !g_str_equal (method, SOUP_METHOD_DELETE))
    guest_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "POST, PATCH, DELETE, OPTIONS");
  else if (soup_server_message_get_request_body (message)->length > MAX_BODY_SIZE)
    guest_reply_status (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
  else if (n_parts > 3 || !guest_token_is_valid (token))
    guest_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else {
    g_signal_emit (self, signals[SIGNAL_WHIP], 0, message, token, session, &taken);
    if (!taken)
      guest_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  }
}

static gboolean
is_whip (const char *path)
{
  return g_str_has_prefix (path, WHIP_PATH) &&
         (path[strlen (WHIP_PATH)] == '/' || path[strlen (WHIP_PATH)] == '\0');
}

/* What anybody sends along is thrown away as it comes, unless it may be an offer. */
static void
request_begun_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                  gpointer user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message),
                                    path != NULL && is_whip (path));
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  GuestServer *self = user_data;
  const char *method = soup_server_message_get_method (message);

  guest_reply_secure (message);
  if (!is_for_us (self, message))
    guest_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (path != NULL && is_whip (path))
    reply_whip (self, message, path);
  else if (!g_str_equal (method, SOUP_METHOD_GET) && !g_str_equal (method, SOUP_METHOD_HEAD))
    guest_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "GET, HEAD");
  else if (g_strcmp0 (path, HEALTH_PATH) == 0)
    guest_reply_text (message, "regie");
  else
    guest_reply_page (message, path);
}

/* ---- lines ---- */

static guint
count_unknown (GuestServer *self, guint *oldest)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    GuestLine *line = self->lines->pdata[i];

    if (guest_line_get_greeted (line) && guest_line_get_open (line))
      continue;
    if (n++ == 0)
      *oldest = i;
  }
  return n;
}

/* Refused before it is a WebSocket: answered, and the upgrade does not happen. */
static void
signal_request_cb (SoupServer *soup, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer user_data)
{
  GuestServer *self = user_data;
  const char *upgrade = guest_reply_get_header (message, "Upgrade");

  guest_reply_secure (message);
  if (!is_for_us (self, message))
    guest_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (g_strcmp0 (path, SIGNAL_PATH) != 0)
    guest_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    guest_reply_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
  else if (!guest_reply_origin_is (message, self->public_uri))
    guest_reply_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (self->lines->len >= GUEST_SERVER_MAX_LINES)
    guest_reply_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
}

static guint
note_wrong (GuestServer *self, const char *address)
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
line_message_cb (GuestLine *line, const GuestMessage *message, gpointer user_data)
{
  GuestServer *self = user_data;
  gboolean taken = FALSE;

  if (message->type != GUEST_MESSAGE_HELLO)
    return;
  /* Our own question whether we can be reached: it may ping and echo. */
  if (guest_token_equal (message->token, self->probe_token))
    return;
  if (guest_token_is_valid (message->token))
    g_signal_emit (self, signals[SIGNAL_HELLO], 0, line, message->token, message->language, &taken);
  if (!taken)
    guest_line_bye_later (line, "invalid", note_wrong (self, guest_line_get_address (line)));
}

static void
line_closed_cb (GuestLine *line, gpointer user_data)
{
  GuestServer *self = user_data;

  g_ptr_array_remove (self->lines, line);
}

static void
websocket_cb (SoupServer *soup, SoupServerMessage *message, const char *path,
              SoupWebsocketConnection *connection, gpointer user_data)
{
  GuestServer *self = user_data;
  GuestStream *stream = guest_door_find (self->door, message);
  guint oldest = 0;

  if (stream == NULL)
    stream = guest_door_find (self->lan_door, message);
  if (stream == NULL || self->check_id == 0)
    return;
  /* Who knocks and says nothing makes room for who comes next. */
  if (count_unknown (self, &oldest) >= GUEST_SERVER_MAX_UNKNOWN)
    guest_line_bye (self->lines->pdata[oldest], "busy");

  g_autofree char *address = find_address (self, message);
  GuestLine *line = guest_line_new (connection, stream, address);
  g_ptr_array_add (self->lines, line);
  g_signal_connect_object (line, "message", G_CALLBACK (line_message_cb), self, 0);
  g_signal_connect_object (line, "closed", G_CALLBACK (line_closed_cb), self, 0);
}

static gboolean
is_long_ago (gpointer address, gpointer wrong, gpointer now_us)
{
  return *(gint64 *) now_us - ((Wrong *) wrong)->last_us > FORGET_US;
}

static gboolean
check_cb (gpointer user_data)
{
  GuestServer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  /* From the end: one that closes takes itself out. */
  for (guint i = self->lines->len; i > 0; i--)
    guest_line_check (self->lines->pdata[i - 1], now_us);
  g_hash_table_foreach_remove (self->wrong, is_long_ago, &now_us);
  return G_SOURCE_CONTINUE;
}

/* ---- */

static void
guest_server_dispose (GObject *object)
{
  GuestServer *self = GUEST_SERVER (object);

  guest_server_close (self);
  g_clear_object (&self->door);
  g_clear_object (&self->lan_door);
  g_clear_object (&self->soup);
  G_OBJECT_CLASS (guest_server_parent_class)->dispose (object);
}

static void
guest_server_finalize (GObject *object)
{
  GuestServer *self = GUEST_SERVER (object);

  g_ptr_array_unref (self->lines);
  g_hash_table_unref (self->wrong);
  g_free (self->public_uri);
  g_free (self->public_host);
  g_free (self->probe_token);
  G_OBJECT_CLASS (guest_server_parent_class)->finalize (object);
}

static void
guest_server_class_init (GuestServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_server_dispose;
  object_class->finalize = guest_server_finalize;

  signals[SIGNAL_HELLO] =
    g_signal_new ("hello", GUEST_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3, GUEST_TYPE_LINE,
                  G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_WHIP] =
    g_signal_new ("whip", GUEST_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3,
                  SOUP_TYPE_SERVER_MESSAGE, G_TYPE_STRING, G_TYPE_STRING);
}

static void
guest_server_init (GuestServer *self)
{
  self->soup = soup_server_new (NULL, NULL);
  self->door = guest_door_new (self->soup);
  self->lan_door = guest_door_new (self->soup);
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->wrong = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->probe_token = guest_token_new ();

  /* A small message could blow up to gigabytes. */
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_early_handler (self->soup, NULL, request_begun_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  soup_server_add_early_handler (self->soup, SIGNAL_PATH, request_begun_cb, self, NULL);
  soup_server_add_handler (self->soup, SIGNAL_PATH, signal_request_cb, self, NULL);
  soup_server_add_websocket_handler (self->soup, SIGNAL_PATH, NULL, NULL, websocket_cb, self, NULL);
}

GuestServer *
guest_server_new (void)
{
  return g_object_new (GUEST_TYPE_SERVER, NULL);
}

static void
begin_checks (GuestServer *self)
{
  if (self->check_id == 0)
    self->check_id = g_timeout_add_seconds (1, check_cb, self);
}

/**
 * guest_server_listen:
 * @self: a server
 * @address: of this computer: `127.0.0.1`, unless a proxy on another one comes from there
 * @port: 0: any free one
 * @error: return location
 *
 * Serves without TLS.
 *
 * Returns: `FALSE` with `GUEST_ERROR_LISTEN`
 */
gboolean
guest_server_listen (GuestServer *self, const char *address, guint port, GError **error)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), FALSE);

  g_autoptr (GInetAddress) inet_address = g_inet_address_new_from_string (address);

  if (inet_address == NULL || port > G_MAXUINT16) {
    g_set_error (error, GUEST_ERROR, GUEST_ERROR_LISTEN,
                 "Cannot listen at port %u of %s: not an address of a computer", port, address);
    return FALSE;
  }
  if (!guest_door_listen (self->door, inet_address, port, error))
    return FALSE;
  self->on_loopback = g_inet_address_get_is_loopback (inet_address);
  begin_checks (self);
  return TRUE;
}

/**
 * guest_server_listen_lan:
 * @self: a server
 * @port: 0: any free one
 * @certificate: with its key
 * @error: return location
 *
 * Serves with TLS to everybody who can reach this computer.
 *
 * Returns: `FALSE` with `GUEST_ERROR_LISTEN`
 */
gboolean
guest_server_listen_lan (GuestServer *self, guint port, GTlsCertificate *certificate,
                         GError **error)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), FALSE);
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  /* The listener for IPv6 takes IPv4 as well, where there is IPv6 at all. */
  g_autoptr (GInetAddress) any_v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any_v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);

  guest_door_set_certificate (self->lan_door, certificate);
  if (!guest_door_listen (self->lan_door, any_v6, port, NULL) &&
      !guest_door_listen (self->lan_door, any_v4, port, error))
    return FALSE;
  begin_checks (self);
  return TRUE;
}

void
guest_server_set_certificate (GuestServer *self, GTlsCertificate *certificate)
{
  g_return_if_fail (GUEST_IS_SERVER (self));
  g_return_if_fail (G_IS_TLS_CERTIFICATE (certificate));

  guest_door_set_certificate (self->lan_door, certificate);
}

/**
 * guest_server_set_public_uri:
 * @self: a server
 * @public_uri: (nullable): where the page is seen from far away
 *
 * Requests for it are ours, and what comes from this computer then says where it really comes from.
 */
void
guest_server_set_public_uri (GuestServer *self, const char *public_uri)
{
  g_return_if_fail (GUEST_IS_SERVER (self));

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
guest_server_get_port (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), 0);

  return guest_door_get_port (self->door);
}

guint
guest_server_get_lan_port (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), 0);

  return guest_door_get_port (self->lan_door);
}

guint
guest_server_get_n_lines (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), 0);

  return self->lines->len;
}

guint
guest_server_get_n_streams (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), 0);

  return guest_door_get_n_streams (self->door) + guest_door_get_n_streams (self->lan_door);
}

/**
 * guest_server_get_probe_token:
 * @self: a server
 *
 * Returns: what a line says hello with that wants to ping and echo only
 */
const char *
guest_server_get_probe_token (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), NULL);

  return self->probe_token;
}

/**
 * guest_server_close:
 * @self: a server
 *
 * Closes all lines and both doors. May be called twice.
 */
void
guest_server_close (GuestServer *self)
{
  g_return_if_fail (GUEST_IS_SERVER (self));

  g_clear_handle_id (&self->check_id, g_source_remove);
  while (self->lines->len > 0)
    guest_line_bye (self->lines->pdata[self->lines->len - 1], "ended");
  guest_door_close (self->door);
  guest_door_close (self->lan_door);
}
