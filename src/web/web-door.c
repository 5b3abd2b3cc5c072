/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "web-door.h"
#include "web-types.h"

/* A request with its headers, which libsoup bounds by itself at 100 KiB, and a body. */
#define REQUEST_BYTES (192 * 1024)

/* To send a request, and then to be silent between two. */
#define REQUEST_S 15

/* While we think about the answer, and send it. */
#define ANSWER_S    30
#define HANDSHAKE_S 10

/**
 * WebDoor:
 *
 * One port that strangers knock at. Whoever comes in has little time for a request, may send only
 * so much, and there is room for %WEB_DOOR_MAX_STREAMS of them; a SoupServer does the talking.
 */
struct _WebDoor {
  GObject parent_instance;

  SoupServer *soup;
  GSocketService *service;      /* nullable: closed */
  GInetAddress *address;        /* nullable: closed */
  GTlsCertificate *certificate; /* nullable: without TLS */
  guint port;
  GPtrArray *streams; /* of WebStream, not owned: they are libsoup's */
  guint n_handshakes;
  guint sweep_id;
};

G_DEFINE_FINAL_TYPE (WebDoor, web_door, G_TYPE_OBJECT)

typedef struct {
  WebDoor *door;
  GSocketConnection *connection;
  GIOStream *tls;
  GCancellable *cancellable;
  guint timeout_id;
} Handshake;

static void
handshake_free (Handshake *self)
{
  self->door->n_handshakes--;
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_object_unref (self->door);
  g_object_unref (self->connection);
  g_object_unref (self->tls);
  g_object_unref (self->cancellable);
  g_free (self);
}

static gint64
in_seconds (guint seconds)
{
  return g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;
}

static void
stream_gone_cb (gpointer user_data, GObject *stream)
{
  WebDoor *self = user_data;

  g_ptr_array_remove_fast (self->streams, stream);
}

static void
let_in (WebDoor *self, GIOStream *base, GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GError) error = NULL;

  /* He hung up already. */
  if (local == NULL || remote == NULL || self->service == NULL)
    return;

  g_autoptr (WebStream) stream = web_stream_new (base, socket, remote);
  web_stream_allow (stream, REQUEST_BYTES);
  web_stream_set_deadline (stream, in_seconds (REQUEST_S));
  g_ptr_array_add (self->streams, stream);
  g_object_weak_ref (G_OBJECT (stream), stream_gone_cb, self);
  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), local, remote, &error))
    g_debug ("A connection was not taken: %s", error->message);
}

static void
shaken_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;

  /* Scanners, browsers that do not know the certificate yet: nothing to tell anybody. */
  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, NULL))
    let_in (handshake->door, handshake->tls, handshake->connection);
  handshake_free (handshake);
}

static gboolean
shakes_too_long_cb (gpointer user_data)
{
  Handshake *handshake = user_data;

  handshake->timeout_id = 0;
  g_cancellable_cancel (handshake->cancellable);
  return G_SOURCE_REMOVE;
}

static void
shake_hands (WebDoor *self, GSocketConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls =
    g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, &error);

  if (tls == NULL) {
    g_warning ("TLS cannot be used: %s", error->message);
    return;
  }

  /* A browser that closes without goodbye has still read what it wanted. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  Handshake *handshake = g_new0 (Handshake, 1);
  handshake->door = g_object_ref (self);
  handshake->connection = g_object_ref (connection);
  handshake->tls = g_object_ref (tls);
  handshake->cancellable = g_cancellable_new ();
  handshake->timeout_id = g_timeout_add_seconds (HANDSHAKE_S, shakes_too_long_cb, handshake);
  self->n_handshakes++;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    handshake->cancellable, shaken_cb, handshake);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source_object,
             gpointer user_data)
{
  WebDoor *self = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);

  if (self->streams->len + self->n_handshakes >= WEB_DOOR_MAX_STREAMS) {
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
    return TRUE;
  }
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (self->certificate != NULL)
    shake_hands (self, connection);
  else
    let_in (self, G_IO_STREAM (connection), connection);
  return TRUE;
}

static gboolean
sweep_cb (gpointer user_data)
{
  WebDoor *self = user_data;
  const gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->streams->len; i++) {
    WebStream *stream = self->streams->pdata[i];

    if (web_stream_get_deadline (stream) <= now_us)
      web_stream_cut (stream);
  }
  return G_SOURCE_CONTINUE;
}

static void
request_read_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  WebStream *stream = web_door_find (user_data, message);

  if (stream != NULL && web_stream_get_deadline (stream) != G_MAXINT64)
    web_stream_set_deadline (stream, in_seconds (ANSWER_S));
}

static void
request_over_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  WebStream *stream = web_door_find (user_data, message);

  if (stream == NULL || web_stream_get_deadline (stream) == G_MAXINT64)
    return;
  web_stream_allow (stream, REQUEST_BYTES);
  web_stream_set_deadline (stream, in_seconds (REQUEST_S));
}

static void
web_door_dispose (GObject *object)
{
  WebDoor *self = WEB_DOOR (object);

  web_door_close (self);
  g_clear_object (&self->soup);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (web_door_parent_class)->dispose (object);
}

static void
web_door_finalize (GObject *object)
{
  WebDoor *self = WEB_DOOR (object);

  for (guint i = 0; i < self->streams->len; i++)
    g_object_weak_unref (self->streams->pdata[i], stream_gone_cb, self);
  g_ptr_array_unref (self->streams);
  G_OBJECT_CLASS (web_door_parent_class)->finalize (object);
}

static void
web_door_class_init (WebDoorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_door_dispose;
  object_class->finalize = web_door_finalize;
}

static void
web_door_init (WebDoor *self)
{
  self->streams = g_ptr_array_new ();
}

/**
 * web_door_new:
 * @soup: who answers; it does not listen by itself
 *
 * Returns: (transfer full): a door that is closed
 */
WebDoor *
web_door_new (SoupServer *soup)
{
  WebDoor *self = g_object_new (WEB_TYPE_DOOR, NULL);

  self->soup = g_object_ref (soup);
  g_signal_connect_object (soup, "request-read", G_CALLBACK (request_read_cb), self, 0);
  g_signal_connect_object (soup, "request-finished", G_CALLBACK (request_over_cb), self, 0);
  return self;
}

static void
stop_listening (WebDoor *self)
{
  if (self->service == NULL)
    return;
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}

static gboolean
listen_at (WebDoor *self, GInetAddress *address, guint port, GError **error)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, (guint16) port);
  g_autoptr (GSocketAddress) had = NULL;
  g_autoptr (GError) cause = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &had, &cause)) {
    g_autofree char *name = g_inet_address_to_string (address);

    if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
      g_set_error (error, WEB_ERROR, WEB_ERROR_LISTEN, "Another program uses port %u of %s already",
                   port, name);
    else
      g_set_error (error, WEB_ERROR, WEB_ERROR_LISTEN, "Cannot listen at port %u of %s: %s", port,
                   name, cause->message);
    return FALSE;
  }
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (had));
  g_set_object (&self->address, address);
  self->service = g_steal_pointer (&service);
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);
  if (self->sweep_id == 0)
    self->sweep_id = g_timeout_add_seconds (1, sweep_cb, self);
  return TRUE;
}

/**
 * web_door_listen:
 * @self: a door
 * @address: where
 * @port: 0: any free one
 * @error: return location
 *
 * If it is open elsewhere, it moves: who is in stays in, and if it cannot, it stays where it is.
 *
 * Returns: `FALSE` with `WEB_ERROR_LISTEN` if it cannot be had
 */
gboolean
web_door_listen (WebDoor *self, GInetAddress *address, guint port, GError **error)
{
  g_return_val_if_fail (WEB_IS_DOOR (self), FALSE);

  const gboolean was_open = self->service != NULL;

  /* The same port of two addresses cannot always be had at the same time. */
  stop_listening (self);
  if (listen_at (self, address, port, error))
    return TRUE;
  if (was_open) {
    g_autoptr (GInetAddress) former = g_object_ref (self->address);
    g_autoptr (GError) lost = NULL;

    if (!listen_at (self, former, self->port, &lost))
      g_message ("The former port of a page is lost: %s", lost->message);
  }
  return FALSE;
}

/**
 * web_door_set_certificate:
 * @self: a door
 * @certificate: (nullable): for who comes from now on; `NULL`: without TLS
 */
void
web_door_set_certificate (WebDoor *self, GTlsCertificate *certificate)
{
  g_return_if_fail (WEB_IS_DOOR (self));

  g_set_object (&self->certificate, certificate);
}

guint
web_door_get_port (WebDoor *self)
{
  g_return_val_if_fail (WEB_IS_DOOR (self), 0);

  return self->port;
}

guint
web_door_get_n_streams (WebDoor *self)
{
  g_return_val_if_fail (WEB_IS_DOOR (self), 0);

  return self->streams->len + self->n_handshakes;
}

/**
 * web_door_find:
 * @self: a door
 * @message: a request
 *
 * Returns: (transfer none) (nullable): the connection it came by, if it came by this door
 */
WebStream *
web_door_find (WebDoor *self, SoupServerMessage *message)
{
  g_return_val_if_fail (WEB_IS_DOOR (self), NULL);

  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  for (guint i = 0; i < self->streams->len; i++) {
    if (web_stream_get_remote (self->streams->pdata[i]) == remote)
      return self->streams->pdata[i];
  }
  return NULL;
}

/**
 * web_door_close:
 * @self: a door
 *
 * Nobody comes in any more, and who is in is cut off. May be called twice.
 */
void
web_door_close (WebDoor *self)
{
  g_return_if_fail (WEB_IS_DOOR (self));

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  if (self->service == NULL)
    return;
  stop_listening (self);
  g_clear_object (&self->address);
  soup_server_disconnect (self->soup);
}

/**
 * web_door_shut:
 * @self: a door
 *
 * As web_door_close (), but the server's other doors, and who came by them, stay as they are.
 */
void
web_door_shut (WebDoor *self)
{
  g_return_if_fail (WEB_IS_DOOR (self));

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  stop_listening (self);
  g_clear_object (&self->address);
  /* From the end: one that is cut takes itself out, at once or later. */
  for (guint i = self->streams->len; i > 0; i--)
    web_stream_cut (self->streams->pdata[i - 1]);
}

gboolean
web_door_get_open (WebDoor *self)
{
  g_return_val_if_fail (WEB_IS_DOOR (self), FALSE);

  return self->service != NULL;
}
