/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-whip-health.h"

/* What one who receives reports of one of our streams; the worse of the two counts. */
static void
look_at_source (const GstStructure *source, EngineWhipHealth *health)
{
  gboolean reported = FALSE;
  guint lost = 0, round_trip = 0;

  if (!gst_structure_get (source, "have-rb", G_TYPE_BOOLEAN, &reported, "rb-fractionlost",
                          G_TYPE_UINT, &lost, "rb-round-trip", G_TYPE_UINT, &round_trip, NULL) ||
      !reported)
    return;
  health->lost_share = MAX (health->lost_share, lost / 256.0);
  /* In units of a 65,536th of a second. */
  health->rtt_ms = MAX (health->rtt_ms, round_trip * 1000.0 / 65536);
}

/**
 * engine_whip_health_read:
 * @webrtc: a `webrtcbin`
 * @health: (inout): gets round trip and loss, as RTCP reports them
 *
 * Its own statistics mix the streams of one connection up (GStreamer 1.22): those of RTP's session do
 * not.
 */
void
engine_whip_health_read (GstElement *webrtc, EngineWhipHealth *health)
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
    look_at_source (gst_value_get_structure (&sources->values[i]), health);
}
