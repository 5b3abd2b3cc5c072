/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "guest-health.h"
#include "guest-pace.h"

G_BEGIN_DECLS

/* What was counted up to some moment. */
typedef struct {
  guint64 in_bytes;
  guint64 out_bytes;
  guint64 n_received;
  gint64 n_lost;
  guint n_pictures;
  gint64 time_us;
} GuestGaugeCounts;

/**
 * GuestGauge:
 *
 * Reads what a connection's elements count. Their own summary mixes the streams of one connection up
 * (GStreamer 1.22); those of RTP's session do not. All zero is the beginning.
 */
typedef struct {
  GuestGaugeCounts before;
  double sent_bps; /* of the newest report that was passed on */
  double arrived_bps;
  double lost_out_share;
  gboolean reported;
} GuestGauge;

void guest_gauge_let_report (GstElement *webrtc);
gboolean guest_gauge_read_report (GuestGauge *self, GstElement *webrtc, GuestPaceReport *report);
void guest_gauge_read (GuestGauge *self, GstElement *webrtc, guint n_pictures, gint64 now_us,
                       GuestHealth *health);
gboolean guest_gauge_read_way (const GstStructure *stats, gboolean *relayed);

G_END_DECLS
