/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-transport.h"
#include "engine-whip-client.h"
#include "engine-whip-peer.h"

/* Receivers report every five seconds at the most (RFC 3550, 6.2); twice in vain is once too often. */
#define SILENT_US (11 * G_USEC_PER_SEC)

/* How long after the server's answer the two must have found a way to each other and exchanged keys. */
#define CONNECT_MS 8000

/* This share of packets lost is more than the uplink carries. */
#define CONGESTED_SHARE 0.1

/* The STUN and TURN servers that an endpoint named, by its address: the next try begins with them. They
 * may hold passwords. Main thread only. */
static GHashTable *known_servers;

/* Addresses of servers that take no H.264. Main thread only. */
static GHashTable *without_h264;

/**
 * EngineTransportWhip:
 *
 * WebRTC to a server that speaks WHIP: the shared H.264, or VP8 where it takes no H.264, and the sound
 * as Opus. It is connected when
 * the encrypted connection stands.
 */
#define ENGINE_TYPE_TRANSPORT_WHIP (engine_transport_whip_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportWhip, engine_transport_whip, ENGINE, TRANSPORT_WHIP,
                      EngineTransport)

struct _EngineTransportWhip {
  EngineTransport parent_instance;

  EngineWhipClient *client; /* nullable */
  EngineWhipPeer *peer;     /* nullable */
  EngineWriter *writer;     /* nullable */
  GstElement *bin;          /* nullable */
  guint patience_id;
};

G_DEFINE_FINAL_TYPE (EngineTransportWhip, engine_transport_whip, ENGINE_TYPE_TRANSPORT)

/* Whether VP8 is offered next, because the server takes no H.264. One that takes neither may have other
 * reasons, and is asked for H.264 again when a person has looked after it. */
static gboolean
turns_to_vp8 (EngineTransport *transport, const GError *error)
{
  const EngineOutputConfig *config = engine_transport_get_config (transport);
  g_autoptr (GError) ours = NULL;

  if (!g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_TAKEN) ||
      g_hash_table_remove (without_h264, config->url))
    return FALSE;
  g_hash_table_add (without_h264, g_strdup (config->url));
  g_message ("“%s” does not take H.264: the picture is encoded once more for it, as VP8",
             config->title);
  ours = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM,
                      "“%s” does not take H.264, and is offered VP8", config->title);
  engine_transport_fail (transport, ours);
  return TRUE;
}

/* The client's. A server may turn the codecs away by its status, and say when it wants to be asked
 * again. */
static void
turned_away_cb (EngineWhipClient *client, const GError *error, EngineTransport *transport)
{
  engine_transport_set_retry_after (transport, engine_whip_client_get_retry_after_ms (client));
  if (!turns_to_vp8 (transport, error))
    engine_transport_fail (transport, error);
}

/* The peer's. A server may answer without the picture, too. */
static void
peer_failed_cb (EngineWhipPeer *peer, const GError *error, EngineTransport *transport)
{
  if (!turns_to_vp8 (transport, error))
    engine_transport_fail (transport, error);
}

static void
offer_cb (EngineWhipPeer *peer, const char *sdp, EngineTransportWhip *self)
{
  engine_whip_client_offer (self->client, sdp);
}

static void
candidate_cb (EngineWhipPeer *peer, const char *fragment, EngineTransportWhip *self)
{
  engine_whip_client_trickle (self->client, fragment);
}

/* WebRTC asks for keys again and again, and for ever. */
static gboolean
out_of_patience_cb (gpointer data)
{
  EngineTransportWhip *self = data;
  const char *title = engine_transport_get_config (ENGINE_TRANSPORT (self))->title;
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
                 "“%s” answers, but picture and sound find no way to it", title);

  self->patience_id = 0;
  engine_transport_fail (ENGINE_TRANSPORT (self), error);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (EngineWhipClient *client, const char *sdp, EngineTransportWhip *self)
{
  const EngineOutputConfig *config = engine_transport_get_config (ENGINE_TRANSPORT (self));
  const char *const *servers = engine_whip_client_get_ice_servers (client);

  if (servers[0] != NULL)
    g_hash_table_replace (known_servers, g_strdup (config->url), g_strdupv ((char **) servers));
  g_clear_handle_id (&self->patience_id, g_source_remove);
  self->patience_id = g_timeout_add (CONNECT_MS, out_of_patience_cb, self);
  engine_whip_peer_answer (self->peer, sdp);
}

static void
connected_cb (EngineWhipPeer *peer, EngineTransport *transport)
{
  g_clear_handle_id (&ENGINE_TRANSPORT_WHIP (transport)->patience_id, g_source_remove);
  engine_transport_connected (transport);
}

static void
keyframe_wanted_cb (EngineWhipPeer *peer, EngineTransportWhip *self)
{
  engine_writer_want_keyframe (self->writer);
}

static GstElement *
engine_transport_whip_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                             GError **error)
{
  EngineTransportWhip *self = ENGINE_TRANSPORT_WHIP (transport);
  const char *url = engine_transport_get_config (transport)->url;

  self->writer = g_object_ref (writer);
  self->bin = gst_object_ref (bin);
  self->client = engine_whip_client_new (url, engine_transport_get_key (transport));
  self->peer = engine_whip_peer_new (
    g_hash_table_contains (without_h264, url) ? ENGINE_WHIP_PICTURE_VP8 : ENGINE_WHIP_PICTURE_H264);
  g_signal_connect_object (self->client, "failed", G_CALLBACK (turned_away_cb), self, 0);
  g_signal_connect_object (self->client, "answered", G_CALLBACK (answered_cb), self, 0);
  g_signal_connect_object (self->peer, "failed", G_CALLBACK (peer_failed_cb), self, 0);
  g_signal_connect_object (self->peer, "offer", G_CALLBACK (offer_cb), self, 0);
  g_signal_connect_object (self->peer, "candidate", G_CALLBACK (candidate_cb), self, 0);
  g_signal_connect_object (self->peer, "connected", G_CALLBACK (connected_cb), self, 0);
  g_signal_connect_object (self->peer, "keyframe-wanted", G_CALLBACK (keyframe_wanted_cb), self, 0);
  return engine_whip_peer_build (self->peer, writer, bin, g_hash_table_lookup (known_servers, url),
                                 error);
}

static void
engine_transport_whip_close (EngineTransport *transport)
{
  EngineTransportWhip *self = ENGINE_TRANSPORT_WHIP (transport);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->client != NULL) {
    g_signal_handlers_disconnect_by_data (self->client, self);
    engine_whip_client_close (self->client);
  }
  if (self->peer != NULL) {
    g_signal_handlers_disconnect_by_data (self->peer, self);
    engine_whip_peer_close (self->peer);
  }
  /* A stream by WebRTC has no end that would come out of the pipeline: it may go at once. */
  if (self->bin != NULL)
    gst_element_post_message (self->bin, gst_message_new_eos (GST_OBJECT (self->bin)));
  gst_clear_object (&self->bin);
  g_clear_object (&self->client);
  g_clear_object (&self->peer);
  g_clear_object (&self->writer);
}

static gboolean
engine_transport_whip_measure (EngineTransport *transport, EngineUplink *uplink)
{
  EngineTransportWhip *self = ENGINE_TRANSPORT_WHIP (transport);
  g_autoptr (GError) error = NULL;
  EngineWhipHealth health;

  if (self->peer == NULL || !engine_whip_peer_measure (self->peer, &health))
    return FALSE;
  uplink->rtt_ms = health.rtt_ms;
  uplink->lost_share = health.lost_share;
  uplink->congested = health.lost_share > CONGESTED_SHARE;
  engine_transport_set_last_sign (transport, health.heard_us);
  if (g_get_monotonic_time () - health.heard_us < SILENT_US)
    return TRUE;
  /* ICE notices nothing by itself here. */
  error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” is not heard of any more",
                       engine_transport_get_config (transport)->title);
  engine_transport_fail (transport, error);
  return TRUE;
}

static void
engine_transport_whip_class_init (EngineTransportWhipClass *klass)
{
  EngineTransportClass *transport_class = ENGINE_TRANSPORT_CLASS (klass);

  transport_class->build = engine_transport_whip_build;
  transport_class->close = engine_transport_whip_close;
  transport_class->measure = engine_transport_whip_measure;
  transport_class->says_connected = TRUE;
  without_h264 = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  known_servers =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
}

static void
engine_transport_whip_init (EngineTransportWhip *self)
{
}
