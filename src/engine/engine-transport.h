/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-writer.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_TRANSPORT (engine_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (EngineTransport, engine_transport, ENGINE, TRANSPORT, GObject)

/**
 * EngineTransportClass:
 * @build: fills the empty pipeline @bin: links the two sources of the writer on and returns the
 *   element whose pad `sink` shows what leaves; `NULL` with an error when it cannot be done
 * @started: the pipeline was started
 * @close: lets go, politely and within two seconds, without blocking; emits nothing afterwards.
 *   May be called twice
 * @cut: nothing of it is wanted any more: ends it at once, and tells the other side if it can
 * @measure: how well it gets rid of what it is given; returns FALSE while it cannot say. What it
 *   does not know it leaves as it is
 * @explain: (transfer full): what @error of its pipeline means; @detail, nullable, is what the
 *   element added, which may hold a secret. Without it errors stay as they are
 *
 * All of them on the main thread.
 */
struct _EngineTransportClass {
  GObjectClass parent_class;

  GstElement *(*build) (EngineTransport *self, EngineWriter *writer, GstElement *bin,
                        GError **error);
  void (*started) (EngineTransport *self);
  void (*close) (EngineTransport *self);
  void (*cut) (EngineTransport *self);
  gboolean (*measure) (EngineTransport *self, EngineUplink *uplink);
  GError *(*explain) (EngineTransport *self, const GError *error, const char *detail);

  /* It is connected only when it says so, not as soon as buffers flow. */
  gboolean says_connected;
  /* How long the pipeline is left alone at its end. */
  guint linger_ms;
};

/* Signals, on the main thread: "failed" (GError): this connection is over; "connected" ();
 * "lonely" (GError): it goes on, but nobody is there any more until "connected" comes again;
 * the live page's: "init-segment" (GBytes, char *codecs) and "segment" (GBytes, gint64 us). */
EngineTransport *engine_transport_new (const EngineOutputConfig *config, const char *key,
                                       GError **error);
GstElement *engine_transport_build (EngineTransport *self, EngineWriter *writer, GstElement *bin,
                                    GError **error);
void engine_transport_started (EngineTransport *self);
void engine_transport_close (EngineTransport *self);
void engine_transport_cut (EngineTransport *self);
gboolean engine_transport_measure (EngineTransport *self, EngineUplink *uplink);
GError *engine_transport_explain (EngineTransport *self, const GError *error, const char *detail);
gboolean engine_transport_says_connected (EngineTransport *self);
gint64 engine_transport_get_last_sign (EngineTransport *self);
guint engine_transport_get_retry_after (EngineTransport *self);

/* For those that derive from it. */
const EngineOutputConfig *engine_transport_get_config (EngineTransport *self);
const char *engine_transport_get_key (EngineTransport *self);
GstElement *engine_transport_mux (const char *factory, EngineWriter *writer, GstElement *bin,
                                  GError **error);
void engine_transport_fail (EngineTransport *self, const GError *error);
void engine_transport_connected (EngineTransport *self);
void engine_transport_lonely (EngineTransport *self, const GError *error);
void engine_transport_set_says_connected (EngineTransport *self, gboolean says_connected);
void engine_transport_set_last_sign (EngineTransport *self, gint64 monotonic_us);
void engine_transport_set_retry_after (EngineTransport *self, guint ms);

GType engine_transport_rtmp_get_type (void);
GType engine_transport_srt_get_type (void);
GType engine_transport_page_get_type (void);
GType engine_transport_hls_get_type (void);
GType engine_transport_whip_get_type (void);

G_END_DECLS
