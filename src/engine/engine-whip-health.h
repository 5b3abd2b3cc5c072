/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * EngineWhipHealth:
 * @rtt_ms: −1: not known
 * @lost_share: 0 to 1; −1: not known
 * @heard_us: monotonic time at which the other side was last heard of; 0: never
 */
typedef struct {
  double rtt_ms;
  double lost_share;
  gint64 heard_us;
} EngineWhipHealth;

void engine_whip_health_read (GstElement *webrtc, EngineWhipHealth *health);

G_END_DECLS
