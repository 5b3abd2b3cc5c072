/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-socket.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The shortest timeout that is given away. Nobody else asks for more than a day; outputs know sooner
 * that nothing moves. */
#define FIRST_TIMEOUT_S 100003u

/* What was sent and not confirmed for so long never will be: the system gives up then. */
#define USER_TIMEOUT_MS 8000

/* What the system may hold back unsent: the rest waits with us, where it can be counted and left
 * out. */
#define MAX_UNSENT_BYTES 65536

/**
 * EngineSocket:
 *
 * Eyes on a TCP connection that an element makes for itself. RTMP's element shows neither its
 * socket nor what is wrong with a certificate; but it connects with a GSocketClient, which says in
 * a signal what it does. Whose client that is tells its timeout: each connection that is expected
 * gets one of its own, in whole seconds, to give to its element.
 *
 * Main thread, but for the signal.
 */
struct _EngineSocket {
  guint timeout_s;

  /* Guarded by the lock below. */
  EngineSocketStep step;
  GTlsCertificateFlags certificate_errors;
  GSocket *socket; /* nullable */
};

static GMutex lock;
static GPtrArray *expected; /* of EngineSocket */

/* Locked. */
static EngineSocket *
find (guint timeout_s)
{
  for (guint i = 0; expected != NULL && i < expected->len; i++) {
    EngineSocket *self = expected->pdata[i];

    if (self->timeout_s == timeout_s)
      return self;
  }
  return NULL;
}

/* The thread that connects. */
static gboolean
accept_certificate_cb (GTlsConnection *connection, GTlsCertificate *certificate,
                       GTlsCertificateFlags errors, gpointer timeout_s)
{
  g_mutex_lock (&lock);
  EngineSocket *self = find (GPOINTER_TO_UINT (timeout_s));

  if (self != NULL)
    self->certificate_errors = errors;
  g_mutex_unlock (&lock);
  return FALSE;
}

static void
set_options (GSocket *socket)
{
  /* Either may be unknown to another system: then a broken line is noticed later, no more. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, MAX_UNSENT_BYTES, NULL);
}

/* Locked. */
static void
note (EngineSocket *self, GSocketClientEvent event, GIOStream *stream)
{
  switch (event) {
  case G_SOCKET_CLIENT_RESOLVING:
  case G_SOCKET_CLIENT_RESOLVED:
    self->step = MAX (self->step, ENGINE_SOCKET_STEP_RESOLVING);
    break;
  case G_SOCKET_CLIENT_CONNECTING:
    self->step = MAX (self->step, ENGINE_SOCKET_STEP_CONNECTING);
    break;
  case G_SOCKET_CLIENT_CONNECTED:
    self->step = ENGINE_SOCKET_STEP_CONNECTED;
    if (G_IS_SOCKET_CONNECTION (stream)) {
      g_set_object (&self->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
      set_options (self->socket);
    }
    break;
  case G_SOCKET_CLIENT_TLS_HANDSHAKING:
    self->step = ENGINE_SOCKET_STEP_SECURING;
    if (G_IS_TLS_CONNECTION (stream))
      g_signal_connect (stream, "accept-certificate", G_CALLBACK (accept_certificate_cb),
                        GUINT_TO_POINTER (self->timeout_s));
    break;
  case G_SOCKET_CLIENT_COMPLETE:
    /* It comes without a stream when nothing came of it. */
    if (stream != NULL)
      self->step = ENGINE_SOCKET_STEP_READY;
    break;
  case G_SOCKET_CLIENT_PROXY_NEGOTIATING:
  case G_SOCKET_CLIENT_PROXY_NEGOTIATED:
  case G_SOCKET_CLIENT_TLS_HANDSHAKED:
    break;
  }
}

/* The thread that connects. */
static gboolean
client_event_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GSocketClient *client = g_value_get_object (&values[0]);

  g_mutex_lock (&lock);
  EngineSocket *self = find (g_socket_client_get_timeout (client));

  if (self != NULL)
    note (self, (GSocketClientEvent) g_value_get_enum (&values[1]),
          g_value_get_object (&values[3]));
  g_mutex_unlock (&lock);
  return TRUE;
}

static void
start_listening (void)
{
  static gsize started;

  if (g_once_init_enter (&started)) {
    /* Its signals exist only once the class does. */
    g_type_class_ref (G_TYPE_SOCKET_CLIENT);
    g_signal_add_emission_hook (g_signal_lookup ("event", G_TYPE_SOCKET_CLIENT), 0, client_event_cb,
                                NULL, NULL);
    g_once_init_leave (&started, 1);
  }
}

/**
 * engine_socket_expect:
 *
 * Returns: (transfer full): eyes on the connection of whatever is given its timeout
 */
EngineSocket *
engine_socket_expect (void)
{
  EngineSocket *self = g_new0 (EngineSocket, 1);

  start_listening ();
  g_mutex_lock (&lock);
  if (expected == NULL)
    expected = g_ptr_array_new ();
  self->timeout_s = FIRST_TIMEOUT_S;
  while (find (self->timeout_s) != NULL)
    self->timeout_s++;
  g_ptr_array_add (expected, self);
  g_mutex_unlock (&lock);
  return self;
}

void
engine_socket_free (EngineSocket *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&lock);
  g_ptr_array_remove_fast (expected, self);
  g_mutex_unlock (&lock);
  g_clear_object (&self->socket);
  g_free (self);
}

guint
engine_socket_get_timeout_s (EngineSocket *self)
{
  return self->timeout_s;
}

EngineSocketStep
engine_socket_get_step (EngineSocket *self)
{
  g_mutex_lock (&lock);
  const EngineSocketStep step = self->step;
  g_mutex_unlock (&lock);
  return step;
}

/**
 * engine_socket_get_certificate_errors:
 * @self: eyes on a connection
 *
 * Returns: what is wrong with the certificate that the other side has shown
 */
GTlsCertificateFlags
engine_socket_get_certificate_errors (EngineSocket *self)
{
  g_mutex_lock (&lock);
  const GTlsCertificateFlags errors = self->certificate_errors;
  g_mutex_unlock (&lock);
  return errors;
}

/**
 * engine_socket_cut:
 * @self: eyes on a connection
 *
 * Ends it at once, whoever holds it: what is unsent is dropped, and the other side is told that there
 * will be no more (RST). A server then knows that the name is free before the next connection asks for
 * it, which a slow line would bring seconds later otherwise.
 */
void
engine_socket_cut (EngineSocket *self)
{
  const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

  g_mutex_lock (&lock);
  /* Linux: a connection to nobody dissolves the one that is there. Elsewhere it fails, and the end takes
   * its time. */
  if (self->socket != NULL && !g_socket_is_closed (self->socket) &&
      connect (g_socket_get_fd (self->socket), &nobody, sizeof nobody) != 0)
    g_debug ("a connection could not be cut: %s", g_strerror (errno));
  g_mutex_unlock (&lock);
}

/**
 * engine_socket_measure:
 * @self: eyes on a connection
 * @facts: (out): what the system knows about it
 *
 * Returns: FALSE while there is no connection, or once it is closed
 */
gboolean
engine_socket_measure (EngineSocket *self, EngineSocketFacts *facts)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;
  gboolean known = FALSE;

  g_mutex_lock (&lock);
  if (self->socket != NULL && !g_socket_is_closed (self->socket))
    known = getsockopt (g_socket_get_fd (self->socket), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
            size >= sizeof info;
  g_mutex_unlock (&lock);
  if (!known)
    return FALSE;
  facts->rtt_ms = info.tcpi_rtt / 1000.0;
  facts->unsent_bytes = info.tcpi_notsent_bytes;
  facts->unacked_bytes = (guint64) info.tcpi_unacked * info.tcpi_snd_mss;
  facts->acked_bytes = info.tcpi_bytes_acked;
  facts->edge_bytes = info.tcpi_bytes_acked + info.tcpi_snd_wnd;
  facts->n_sent = info.tcpi_data_segs_out;
  facts->n_resent = info.tcpi_total_retrans;
  return TRUE;
}
