/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-reader.h"
#include "engine-transport.h"

/* RTMP cuts what it sends into chunks; the standard's 128 bytes cost a third more work. */
#define CHUNK_SIZE 4096u

/**
 * EngineTransportRtmp:
 *
 * RTMP, and RTMPS with the server's certificate checked.
 */
#define ENGINE_TYPE_TRANSPORT_RTMP (engine_transport_rtmp_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportRtmp, engine_transport_rtmp, ENGINE, TRANSPORT_RTMP,
                      EngineTransport)

struct _EngineTransportRtmp {
  EngineTransport parent_instance;

  EngineSocket *socket; /* nullable */
  EngineReader reader;
};

G_DEFINE_FINAL_TYPE (EngineTransportRtmp, engine_transport_rtmp, ENGINE_TYPE_TRANSPORT)

/* rtmp://host/application/stream: without the last part the element has nothing to ask for. */
static gboolean
names_stream (const char *location)
{
  const char *host = strstr (location, "://");
  const char *application = host != NULL ? strchr (host + 3, '/') : NULL;
  const char *stream = application != NULL ? strrchr (application + 1, '/') : NULL;

  return stream != NULL && stream > application + 1 && stream[1] != '\0';
}

static GstElement *
engine_transport_rtmp_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                             GError **error)
{
  EngineTransportRtmp *self = ENGINE_TRANSPORT_RTMP (transport);
  const char *url = engine_transport_get_config (transport)->url;
  const char *key = engine_transport_get_key (transport);
  GstElement *muxer = engine_transport_mux ("flvmux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "rtmp2sink", "sink", error) : NULL;
  g_autofree char *location = NULL;

  if (sink == NULL)
    return NULL;
  location = key != NULL && *key != '\0'
               ? g_strdup_printf ("%s%s%s", url, g_str_has_suffix (url, "/") ? "" : "/", key)
               : g_strdup (url);
  if (!names_stream (location)) {
    g_set_error (
      error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
      "the address names no stream: it needs a stream key, or a name after the application");
    return NULL;
  }
  self->socket = engine_socket_expect ();
  g_object_set (muxer, "streamable", TRUE, NULL);
  g_object_set (sink, "location", location, "sync", FALSE, "async", FALSE, "chunk-size", CHUNK_SIZE,
                "async-connect", TRUE, "timeout", engine_socket_get_timeout_s (self->socket), NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static gboolean
engine_transport_rtmp_measure (EngineTransport *transport, EngineUplink *uplink)
{
  EngineTransportRtmp *self = ENGINE_TRANSPORT_RTMP (transport);
  EngineSocketFacts facts = { 0 };

  if (self->socket == NULL || !engine_socket_measure (self->socket, &facts))
    return FALSE;
  engine_reader_look (&self->reader, &facts, g_get_monotonic_time (), uplink);
  engine_transport_set_last_sign (transport, MIN (self->reader.confirmed_us, self->reader.read_us));
  if (engine_reader_is_dead (&self->reader, g_get_monotonic_time ())) {
    g_autoptr (GError) error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” takes nothing any more",
                   engine_transport_get_config (transport)->title);

    engine_transport_fail (transport, error);
  }
  return TRUE;
}

static GError *
explain_certificate (GTlsCertificateFlags errors, const char *title)
{
  if ((errors & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_EXPIRED,
                        "the certificate of “%s” has expired", title);
  if ((errors & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_EXPIRED,
                        "the certificate of “%s” is not valid yet, by this computer's clock",
                        title);
  if ((errors & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_HOST,
                        "the certificate of “%s” is that of another server", title);
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_UNKNOWN,
                      "the certificate of “%s” is signed by nobody that this computer knows",
                      title);
}

/* The element has one code for nearly everything; what happened is in its words, which are not
 * translated, and in how far the connection had come. */
static GError *
engine_transport_rtmp_explain (EngineTransport *transport, const GError *error, const char *detail)
{
  EngineTransportRtmp *self = ENGINE_TRANSPORT_RTMP (transport);
  const char *title = engine_transport_get_config (transport)->title;
  const char *said = error->message;
  const EngineSocketStep step =
    self->socket != NULL ? engine_socket_get_step (self->socket) : ENGINE_SOCKET_STEP_NONE;

  if (step == ENGINE_SOCKET_STEP_SECURING &&
      engine_socket_get_certificate_errors (self->socket) != 0)
    return explain_certificate (engine_socket_get_certificate_errors (self->socket), title);
  if (strstr (said, "Not authorized") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_REFUSED,
                        "“%s” refuses: the stream key or the password is wrong", title);
  if (strstr (said, "stream already exists") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_BUSY,
                        "somebody is already publishing to “%s” with this stream key", title);
  if (strstr (said, "cmd failed") != NULL || strstr (said, "publish denied") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CLOSED_AT_ONCE,
                        "“%s” takes the connection and closes it when it hears the stream key: the "
                        "key is probably wrong",
                        title);
  if (step == ENGINE_SOCKET_STEP_RESOLVING)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NAME,
                        "the server of “%s” is not known by its name", title);
  if (step == ENGINE_SOCKET_STEP_CONNECTING)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the server of “%s” does not answer",
                        title);
  if (strstr (said, "Connection error") == NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
                        "the server of “%s” answers, but not as one that takes RTMP", title);
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "“%s” closed the connection", title);
}

static void
engine_transport_rtmp_cut (EngineTransport *transport)
{
  if (ENGINE_TRANSPORT_RTMP (transport)->socket != NULL)
    engine_socket_cut (ENGINE_TRANSPORT_RTMP (transport)->socket);
}

static void
engine_transport_rtmp_close (EngineTransport *transport)
{
  g_clear_pointer (&ENGINE_TRANSPORT_RTMP (transport)->socket, engine_socket_free);
}

static void
engine_transport_rtmp_class_init (EngineTransportRtmpClass *klass)
{
  ENGINE_TRANSPORT_CLASS (klass)->build = engine_transport_rtmp_build;
  ENGINE_TRANSPORT_CLASS (klass)->measure = engine_transport_rtmp_measure;
  ENGINE_TRANSPORT_CLASS (klass)->explain = engine_transport_rtmp_explain;
  ENGINE_TRANSPORT_CLASS (klass)->cut = engine_transport_rtmp_cut;
  ENGINE_TRANSPORT_CLASS (klass)->close = engine_transport_rtmp_close;
}

static void
engine_transport_rtmp_init (EngineTransportRtmp *self)
{
}
