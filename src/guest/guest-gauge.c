/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-gauge.h"

/* Regular reports, which round trip and loss are read from. GStreamer's own five seconds, and the rules
 * for who may report when (RFC 4585), can keep them away for good beside those on single packets. */
#define REPORT_EACH_NS (1 * (guint64) GST_SECOND)

/* A twentieth of a session's bandwidth is for reports, and what is asked for again is one. Taken from
 * what comes in, as is usual, that is so little of a small picture that one in eight was not repaired
 * at 3 % loss; with this share, which is never used up, all of 300 were. */
#define SESSION_BYTES_PER_S (25e6 / 8)

/**
 * guest_gauge_let_report:
 * @webrtc: a `webrtcbin` that is connected
 *
 * Has it say at once what it misses, and each second how it goes. Not from within a signal of its
 * elements, which hold a lock.
 */
void
guest_gauge_let_report (GstElement *webrtc)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;

  if (rtpbin != NULL)
    g_signal_emit_by_name (rtpbin, "get-internal-session", 0u, &session);
  if (session != NULL)
    g_object_set (session, "rtcp-min-interval", REPORT_EACH_NS, "bandwidth", SESSION_BYTES_PER_S,
                  NULL);
}

/**
 * guest_gauge_read_report:
 * @self: a gauge
 * @webrtc: a `webrtcbin`
 * @report: (out): what the other side says of what it got
 *
 * Returns: whether there is a report, and another one than the last
 */
gboolean
guest_gauge_read_report (GuestGauge *self, GstElement *webrtc, GuestPaceReport *report)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GstElement) session = NULL;
  g_autoptr (GstStructure) stats = NULL;
  guint sent_bps = 0, arrived_bps = 0;
  double lost_percent = 0;
  gint64 growth_ns = 0;

  if (rtpbin != NULL)
    g_signal_emit_by_name (rtpbin, "get-session", 0u, &session);
  if (session == NULL)
    return FALSE;
  g_object_get (session, "twcc-stats", &stats, NULL);
  if (stats == NULL ||
      !gst_structure_get (stats, "bitrate-sent", G_TYPE_UINT, &sent_bps, "bitrate-recv",
                          G_TYPE_UINT, &arrived_bps, "packet-loss-pct", G_TYPE_DOUBLE,
                          &lost_percent, "avg-delta-of-delta", G_TYPE_INT64, &growth_ns, NULL))
    return FALSE;
  /* The same to the last bit is one that was seen already. */
  if (self->reported && self->sent_bps == sent_bps && self->arrived_bps == arrived_bps)
    return FALSE;
  self->reported = TRUE;
  self->sent_bps = sent_bps;
  self->arrived_bps = arrived_bps;
  self->lost_out_share = CLAMP (lost_percent / 100, 0, 1);
  *report = (GuestPaceReport){ sent_bps, arrived_bps, self->lost_out_share, growth_ns };
  return TRUE;
}

/* One of the other side's streams, or of ours. */
static void
add_source (const GstStructure *source, GuestGaugeCounts *now, GuestHealth *health)
{
  gboolean internal = FALSE, reported = FALSE;
  guint64 octets = 0, n_packets = 0;
  int n_lost = 0;
  guint lost = 0, round_trip = 0;

  gst_structure_get_boolean (source, "internal", &internal);
  if (internal) {
    if (gst_structure_get_uint64 (source, "octets-sent", &octets))
      now->out_bytes += octets;
  } else if (gst_structure_get (source, "octets-received", G_TYPE_UINT64, &octets,
                                "packets-received", G_TYPE_UINT64, &n_packets, "packets-lost",
                                G_TYPE_INT, &n_lost, NULL)) {
    now->in_bytes += octets;
    now->n_received += n_packets;
    now->n_lost += n_lost;
  }
  if (!gst_structure_get (source, "have-rb", G_TYPE_BOOLEAN, &reported, "rb-fractionlost",
                          G_TYPE_UINT, &lost, "rb-round-trip", G_TYPE_UINT, &round_trip, NULL) ||
      !reported)
    return;
  health->lost_out_share = MAX (health->lost_out_share, lost / 256.0);
  /* In units of a 65,536th of a second; 0 is one that has not been measured. */
  if (round_trip > 0)
    health->rtt_ms = MAX (health->rtt_ms, round_trip * 1000.0 / 65536);
}

static void
add_sources (GstElement *webrtc, GuestGaugeCounts *now, GuestHealth *health)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  g_autoptr (GstStructure) stats = NULL;
  const GValue *value = NULL;
  const GValueArray *sources = NULL;

  if (rtpbin != NULL)
    g_signal_emit_by_name (rtpbin, "get-internal-session", 0u, &session);
  if (session == NULL)
    return;
  g_object_get (session, "stats", &stats, NULL);
  value = stats != NULL ? gst_structure_get_value (stats, "source-stats") : NULL;
  sources = value != NULL ? g_value_get_boxed (value) : NULL;
  for (guint i = 0; sources != NULL && i < sources->n_values; i++)
    add_source (gst_value_get_structure (&sources->values[i]), now, health);
}

/* A stream that is forgotten takes its count with it: that is no traffic. */
static int
get_bps (guint64 before, guint64 now, gint64 time_us)
{
  return now > before && time_us > 0
           ? (int) MIN ((now - before) * 8 * G_USEC_PER_SEC / (guint64) time_us, G_MAXINT)
           : 0;
}

/**
 * guest_gauge_read:
 * @self: a gauge
 * @webrtc: a `webrtcbin`
 * @n_pictures: his pictures that were decoded so far
 * @now_us: the monotonic time
 * @health: (inout): gets rates, loss, round trip and pictures a second, since the last call
 */
void
guest_gauge_read (GuestGauge *self, GstElement *webrtc, guint n_pictures, gint64 now_us,
                  GuestHealth *health)
{
  GuestGaugeCounts now = { .n_pictures = n_pictures, .time_us = now_us };
  const GuestGaugeCounts before = self->before;
  const gint64 time_us = before.time_us > 0 ? now_us - before.time_us : 0;

  health->rtt_ms = -1;
  health->lost_in_share = health->lost_out_share = -1;
  add_sources (webrtc, &now, health);
  self->before = now;
  /* Reports on single packets are newer than the counts that come every few seconds. */
  if (self->reported)
    health->lost_out_share = self->lost_out_share;
  health->in_bps = get_bps (before.in_bytes, now.in_bytes, time_us);
  health->out_bps = get_bps (before.out_bytes, now.out_bytes, time_us);
  if (time_us > 0)
    health->rate_fps =
      (double) (now.n_pictures - before.n_pictures) * G_USEC_PER_SEC / (double) time_us;
  if (now.n_received > before.n_received) {
    const double received = (double) (now.n_received - before.n_received);
    const double lost = (double) MAX (now.n_lost - before.n_lost, 0);

    health->lost_in_share = lost / (lost + received);
  }
}

static gboolean
find_relay_cb (GQuark field, const GValue *value, gpointer user_data)
{
  guint *found = user_data; /* 1: a way is known; 2: it is relayed */
  const GstStructure *entry = NULL;
  const char *type = NULL;

  if (!GST_VALUE_HOLDS_STRUCTURE (value))
    return TRUE;
  entry = gst_value_get_structure (value);
  type = gst_structure_get_string (entry, "candidate-type");
  if (type != NULL)
    *found = MAX (*found, g_str_equal (type, "relay") ? 2u : 1u);
  return TRUE;
}

/**
 * guest_gauge_read_way:
 * @stats: what `webrtcbin` answers to "get-stats"
 * @relayed: (out): whether it goes over a TURN server
 *
 * Returns: whether the way is known
 */
gboolean
guest_gauge_read_way (const GstStructure *stats, gboolean *relayed)
{
  guint found = 0;

  gst_structure_foreach (stats, find_relay_cb, &found);
  *relayed = found == 2;
  return found > 0;
}
