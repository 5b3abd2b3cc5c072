/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-cutter.h"
#include "engine-transport.h"

/**
 * EngineTransportPage:
 *
 * Segments for the live page, which keeps them in memory.
 */
#define ENGINE_TYPE_TRANSPORT_PAGE (engine_transport_page_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportPage, engine_transport_page, ENGINE, TRANSPORT_PAGE,
                      EngineTransport)

struct _EngineTransportPage {
  EngineTransport parent_instance;

  EngineCutter *cutter; /* nullable */
};

G_DEFINE_FINAL_TYPE (EngineTransportPage, engine_transport_page, ENGINE_TYPE_TRANSPORT)

static void
cut_cb (GBytes *init, const char *codecs, GBytes *segment, gint64 duration_us, gpointer owner)
{
  if (init != NULL)
    g_signal_emit_by_name (owner, "init-segment", init, codecs);
  else
    g_signal_emit_by_name (owner, "segment", segment, duration_us);
}

static GstElement *
engine_transport_page_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                             GError **error)
{
  EngineTransportPage *self = ENGINE_TRANSPORT_PAGE (transport);
  GstElement *muxer = engine_transport_mux ("mp4mux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "appsink", "sink", error) : NULL;

  if (sink == NULL)
    return NULL;
  g_object_set (muxer, "fragment-duration", ENGINE_CUTTER_FRAGMENT_MS, NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  self->cutter = engine_cutter_new (sink, cut_cb, self);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static void
engine_transport_page_close (EngineTransport *transport)
{
  g_clear_pointer (&ENGINE_TRANSPORT_PAGE (transport)->cutter, engine_cutter_detach);
}

static void
engine_transport_page_class_init (EngineTransportPageClass *klass)
{
  ENGINE_TRANSPORT_CLASS (klass)->build = engine_transport_page_build;
  ENGINE_TRANSPORT_CLASS (klass)->close = engine_transport_page_close;
}

static void
engine_transport_page_init (EngineTransportPage *self)
{
}
