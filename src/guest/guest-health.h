/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuestHealth:
 * @rtt_ms: how long a packet and its answer are under way; −1: not known
 * @lost_in_share: of what he sends, 0 to 1; −1: not known
 * @lost_out_share: of what he is sent, 0 to 1; −1: not known
 * @width_px, @height_px: of his picture; 0: none
 * @rate_fps: pictures of his that came in the last second
 * @heard: sound of his came in the last second
 * @in_bps: what comes from him
 * @out_bps: what goes to him
 * @relayed: over a TURN server, if the way is known
 * @known_way: whether it is
 * @heard_us: monotonic time at which anything last came from him; 0: never
 * @weak: his line does not carry what it should
 *
 * How a connection to a guest goes, as of the last second.
 */
typedef struct {
  double rtt_ms;
  double lost_in_share;
  double lost_out_share;
  int width_px;
  int height_px;
  double rate_fps;
  gboolean heard;
  int in_bps;
  int out_bps;
  gboolean relayed;
  gboolean known_way;
  gint64 heard_us;
  gboolean weak;
} GuestHealth;

#define GUEST_HEALTH_NONE ((GuestHealth){ .rtt_ms = -1, .lost_in_share = -1, .lost_out_share = -1 })

/**
 * GuestWeakness:
 *
 * Tells a weak line from a moment's trouble. All zero is the beginning.
 */
typedef struct {
  gint64 bad_since_us;  /* 0: it is good */
  gint64 good_since_us; /* 0: it is bad */
  gboolean weak;
} GuestWeakness;

gboolean guest_weakness_judge (GuestWeakness *self, const GuestHealth *health,
                               gboolean expects_picture, gint64 now_us);

G_END_DECLS
