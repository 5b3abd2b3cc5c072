/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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
};

G_DEFINE_FINAL_TYPE (EngineTransportRtmp, engine_transport_rtmp, ENGINE_TYPE_TRANSPORT)

/* rtmp://host/application/stream: without the last part the element has nothing to ask for. */
static gboolean
names_stream (const char *location)
{
  g_autoptr (GUri) uri = g_uri_parse (location, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *application = uri != NULL ? g_uri_get_path (uri) : "";
  const char *stream = *application == '/' ? strchr (application + 1, '/') : NULL;

  return stream != NULL && stream[1] != '\0';
}

static GstElement *
engine_transport_rtmp_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                             GError **error)
{
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
  g_object_set (muxer, "streamable", TRUE, NULL);
  g_object_set (sink, "location", location, "sync", FALSE, "async", FALSE, "chunk-size", CHUNK_SIZE,
                "async-connect", TRUE, NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static void
engine_transport_rtmp_class_init (EngineTransportRtmpClass *klass)
{
  ENGINE_TRANSPORT_CLASS (klass)->build = engine_transport_rtmp_build;
}

static void
engine_transport_rtmp_init (EngineTransportRtmp *self)
{
}
