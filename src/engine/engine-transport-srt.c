/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-transport.h"

/* Twice what SRT usually keeps for repairs: what it was given leaves before it goes. */
#define LINGER_MS 400

/* SRT calls for three seconds. A server that says no does so after one round trip; one that is not
 * there says nothing at all. */
#define ANSWER_US      (2500 * G_TIME_SPAN_MILLISECOND)

#define MIN_PASSPHRASE 10u
#define MAX_PASSPHRASE 79u

/**
 * EngineTransportSrt:
 *
 * An MPEG transport stream over SRT. As a caller it goes to a server; as a listener it waits, and
 * whoever calls gets the stream: then it is connected while anybody is there.
 */
#define ENGINE_TYPE_TRANSPORT_SRT (engine_transport_srt_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportSrt, engine_transport_srt, ENGINE, TRANSPORT_SRT,
                      EngineTransport)

struct _EngineTransportSrt {
  EngineTransport parent_instance;

  GstElement *sink; /* nullable */
  gboolean listens;
  guint n_callers;
  gint64 began_us;
  gint64 looked_us;
  guint64 n_bytes;
  gint64 n_packets;
  gint64 n_lost;
  gint64 n_dropped;
  gint64 n_acks;
};

G_DEFINE_FINAL_TYPE (EngineTransportSrt, engine_transport_srt, ENGINE_TYPE_TRANSPORT)

static void
say_lonely (EngineTransportSrt *self)
{
  EngineTransport *transport = ENGINE_TRANSPORT (self);
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, ENGINE_ERROR_UNCALLED, "“%s” waits for the other side to call",
                 engine_transport_get_config (transport)->title);

  engine_transport_lonely (transport, error);
}

/* What came from SRT's threads, on its way to the main thread. */
typedef struct {
  GWeakRef transport;
  int n_more; /* callers: 1 or −1 */
} Call;

static Call *
call_new (EngineTransportSrt *self, int n_more)
{
  Call *call = g_new0 (Call, 1);

  g_weak_ref_init (&call->transport, self);
  call->n_more = n_more;
  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_weak_ref_clear (&call->transport);
  g_free (call);
}

static void
call_free_closure (gpointer data, GClosure *closure)
{
  call_free (data);
}

static gboolean
callers_changed_cb (gpointer data)
{
  Call *call = data;
  g_autoptr (EngineTransportSrt) self = g_weak_ref_get (&call->transport);

  if (self == NULL || (call->n_more < 0 && self->n_callers == 0))
    return G_SOURCE_REMOVE;
  self->n_callers += (guint) call->n_more;
  if (call->n_more > 0 && self->n_callers == 1)
    engine_transport_connected (ENGINE_TRANSPORT (self));
  else if (call->n_more < 0 && self->n_callers == 0)
    say_lonely (self);
  return G_SOURCE_REMOVE;
}

/* SRT's threads; the transport may be gone. */
static void
caller_cb (GstElement *sink, int unused, GSocketAddress *address, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (EngineTransportSrt) self = g_weak_ref_get (&call->transport);

  if (self != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, callers_changed_cb, call_new (self, call->n_more),
                     call_free);
}

static void
listen_for_callers (EngineTransportSrt *self, GstElement *sink)
{
  self->listens = TRUE;
  engine_transport_set_says_connected (ENGINE_TRANSPORT (self), TRUE);
  /* Nobody there is no reason to keep old pictures for him. */
  g_object_set (sink, "wait-for-connection", FALSE, NULL);
  g_signal_connect_data (sink, "caller-added", G_CALLBACK (caller_cb), call_new (self, 1),
                         call_free_closure, 0);
  g_signal_connect_data (sink, "caller-removed", G_CALLBACK (caller_cb), call_new (self, -1),
                         call_free_closure, 0);
}

static gboolean
set_key (EngineTransport *transport, GstElement *sink, GError **error)
{
  const EngineOutputConfig *config = engine_transport_get_config (transport);
  const char *key = engine_transport_get_key (transport);
  const gsize length = key != NULL ? strlen (key) : 0;

  if (length == 0)
    return TRUE;
  if (config->key_kind != ENGINE_KEY_PASSPHRASE) {
    if (strstr (config->url, "streamid=") == NULL)
      g_object_set (sink, "streamid", key, NULL);
    return TRUE;
  }
  if (length < MIN_PASSPHRASE || length > MAX_PASSPHRASE) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "the passphrase of “%s” must have %u to %u characters", config->title,
                 MIN_PASSPHRASE, MAX_PASSPHRASE);
    return FALSE;
  }
  g_object_set (sink, "passphrase", key, NULL);
  return TRUE;
}

static GstElement *
engine_transport_srt_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                            GError **error)
{
  EngineTransportSrt *self = ENGINE_TRANSPORT_SRT (transport);
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
  if (!set_key (transport, sink, error))
    return NULL;
  /* We reconnect ourselves, and say so: the element would do it silently. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "auto-reconnect") != NULL)
    g_object_set (sink, "auto-reconnect", FALSE, NULL);
  if (strstr (config->url, "mode=listener") != NULL)
    listen_for_callers (self, sink);
  self->sink = gst_object_ref (sink);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static void
engine_transport_srt_started (EngineTransport *transport)
{
  EngineTransportSrt *self = ENGINE_TRANSPORT_SRT (transport);

  self->began_us = g_get_monotonic_time ();
  if (self->listens)
    say_lonely (self);
}

/* What SRT has counted, of one connection or of all callers. */
typedef struct {
  guint64 n_bytes;
  gint64 n_packets;
  gint64 n_lost;
  gint64 n_dropped;
  gint64 n_acks;
  double rtt_ms;
} Counts;

static void
add_counts (const GstStructure *stats, Counts *counts)
{
  gint64 n_packets = 0;
  guint64 n_bytes = 0;
  int n_lost = 0, n_dropped = 0, n_acks = 0;
  double rtt_ms = 0;

  if (!gst_structure_get_int64 (stats, "packets-sent", &n_packets))
    return;
  gst_structure_get_uint64 (stats, "bytes-sent", &n_bytes);
  gst_structure_get_int (stats, "packets-sent-lost", &n_lost);
  gst_structure_get_int (stats, "packets-sent-dropped", &n_dropped);
  gst_structure_get_double (stats, "rtt-ms", &rtt_ms);
  counts->n_bytes += n_bytes;
  counts->n_packets += n_packets;
  counts->n_lost += n_lost;
  gst_structure_get_int (stats, "packet-ack-received", &n_acks);
  counts->n_dropped += n_dropped;
  counts->n_acks += n_acks;
  counts->rtt_ms = MAX (counts->rtt_ms, rtt_ms);
}

static void
count (GstElement *sink, Counts *counts)
{
  g_autoptr (GstStructure) stats = NULL;
  const GValue *callers = NULL;

  g_object_get (sink, "stats", &stats, NULL);
  if (stats == NULL)
    return;
  add_counts (stats, counts);
  callers = gst_structure_get_value (stats, "callers");
  if (callers == NULL)
    return;
  /* The element answers with this, deprecated or not. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const GValueArray *array = g_value_get_boxed (callers);

  for (guint i = 0; array != NULL && i < array->n_values; i++)
    add_counts (gst_value_get_structure (&array->values[i]), counts);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static gboolean
engine_transport_srt_measure (EngineTransport *transport, EngineUplink *uplink)
{
  EngineTransportSrt *self = ENGINE_TRANSPORT_SRT (transport);
  const gint64 now_us = g_get_monotonic_time ();
  Counts counts = { 0 };

  if (self->sink == NULL)
    return FALSE;
  count (self->sink, &counts);
  if (counts.n_packets == 0)
    return FALSE;
  uplink->rtt_ms = counts.rtt_ms;
  /* Fewer than before: one of several callers has gone. */
  if (self->looked_us != 0 && counts.n_packets >= self->n_packets &&
      counts.n_bytes >= self->n_bytes) {
    const gint64 n_packets = counts.n_packets - self->n_packets;

    uplink->sent_bps =
      (counts.n_bytes - self->n_bytes) * 8.0 * G_USEC_PER_SEC / MAX (1, now_us - self->looked_us);
    uplink->lost_share =
      n_packets > 0 ? CLAMP ((counts.n_lost - self->n_lost) / (double) n_packets, 0, 1) : 0;
    uplink->congested = counts.n_dropped > self->n_dropped;
  }
  if (counts.n_acks != self->n_acks)
    engine_transport_set_last_sign (transport, now_us);
  self->n_acks = counts.n_acks;
  self->looked_us = now_us;
  self->n_bytes = counts.n_bytes;
  self->n_packets = counts.n_packets;
  self->n_lost = counts.n_lost;
  self->n_dropped = counts.n_dropped;
  return TRUE;
}

static GError *
explain_no (EngineTransportSrt *self)
{
  const EngineOutputConfig *config = engine_transport_get_config (ENGINE_TRANSPORT (self));
  const char *key = engine_transport_get_key (ENGINE_TRANSPORT (self));
  const gboolean encrypted =
    key != NULL && *key != '\0' && config->key_kind == ENGINE_KEY_PASSPHRASE;
  const gboolean named =
    strstr (config->url, "streamid=") != NULL || (key != NULL && *key != '\0' && !encrypted);

  if (encrypted)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_PASSPHRASE,
                        "“%s” turns the call away: its passphrase is probably another one",
                        config->title);
  if (named)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CLOSED_AT_ONCE,
                        "“%s” turns the call away: the stream id is probably wrong, or it wants a "
                        "passphrase",
                        config->title);
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_PASSPHRASE,
                      "“%s” turns the call away: it probably wants a passphrase", config->title);
}

/* The element does not say why a call came to nothing; how long it took does. */
static GError *
engine_transport_srt_explain (EngineTransport *transport, const GError *error, const char *detail)
{
  EngineTransportSrt *self = ENGINE_TRANSPORT_SRT (transport);
  const char *title = engine_transport_get_config (transport)->title;
  Counts counts = { 0 };

  if (strstr (error->message, "authenticate") != NULL)
    return explain_no (self);
  if (detail != NULL && strstr (detail, "Failed to resolve") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NAME,
                        "the server of “%s” is not known by its name", title);
  if (detail != NULL && strstr (detail, "Cannot bind") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
                        "the port of “%s” is taken by another program", title);
  if (self->sink != NULL)
    count (self->sink, &counts);
  if (counts.n_bytes > 0 || self->looked_us != 0)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "“%s” broke off", title);
  if (g_get_monotonic_time () - self->began_us < ANSWER_US)
    return explain_no (self);
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the server of “%s” does not answer",
                      title);
}

static void
engine_transport_srt_close (EngineTransport *transport)
{
  gst_clear_object (&ENGINE_TRANSPORT_SRT (transport)->sink);
}

static void
engine_transport_srt_class_init (EngineTransportSrtClass *klass)
{
  ENGINE_TRANSPORT_CLASS (klass)->build = engine_transport_srt_build;
  ENGINE_TRANSPORT_CLASS (klass)->started = engine_transport_srt_started;
  ENGINE_TRANSPORT_CLASS (klass)->measure = engine_transport_srt_measure;
  ENGINE_TRANSPORT_CLASS (klass)->explain = engine_transport_srt_explain;
  ENGINE_TRANSPORT_CLASS (klass)->close = engine_transport_srt_close;
  ENGINE_TRANSPORT_CLASS (klass)->linger_ms = LINGER_MS;
}

static void
engine_transport_srt_init (EngineTransportSrt *self)
{
}
