/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-transport.h"

/* Twice what SRT usually keeps for repairs: what it was given leaves before it goes. */
#define LINGER_MS 400

/**
 * EngineTransportSrt:
 *
 * An MPEG transport stream over SRT.
 */
#define ENGINE_TYPE_TRANSPORT_SRT (engine_transport_srt_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportSrt, engine_transport_srt, ENGINE, TRANSPORT_SRT,
                      EngineTransport)

struct _EngineTransportSrt {
  EngineTransport parent_instance;
};

G_DEFINE_FINAL_TYPE (EngineTransportSrt, engine_transport_srt, ENGINE_TYPE_TRANSPORT)

static void
set_key (EngineTransport *transport, GstElement *sink)
{
  const EngineOutputConfig *config = engine_transport_get_config (transport);
  const char *key = engine_transport_get_key (transport);

  if (key == NULL || *key == '\0')
    return;
  if (config->key_kind == ENGINE_KEY_PASSPHRASE)
    g_object_set (sink, "passphrase", key, NULL);
  else if (strstr (config->url, "streamid=") == NULL)
    g_object_set (sink, "streamid", key, NULL);
}

static GstElement *
engine_transport_srt_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                            GError **error)
{
  const EngineOutputConfig *config = engine_transport_get_config (transport);
  GstElement *muxer = engine_transport_mux ("mpegtsmux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "srtsink", "sink", error) : NULL;

  if (sink == NULL)
    return NULL;
  /* Seven packets of 188 bytes fill one SRT packet. */
  g_object_set (muxer, "alignment", 7, NULL);
  g_object_set (sink, "uri", config->url, "sync", FALSE, "async", FALSE, NULL);
  if (strstr (config->url, "latency=") == NULL && config->latency_ms > 0)
    g_object_set (sink, "latency", config->latency_ms, NULL);
  set_key (transport, sink);
  /* We reconnect ourselves, and say so: the element would do it silently. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "auto-reconnect") != NULL)
    g_object_set (sink, "auto-reconnect", FALSE, NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static void
engine_transport_srt_class_init (EngineTransportSrtClass *klass)
{
  ENGINE_TRANSPORT_CLASS (klass)->build = engine_transport_srt_build;
  ENGINE_TRANSPORT_CLASS (klass)->linger_ms = LINGER_MS;
}

static void
engine_transport_srt_init (EngineTransportSrt *self)
{
}
