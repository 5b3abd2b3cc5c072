/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUEST_PACE_MIN_BPS   100000
#define GUEST_PACE_START_BPS 900000
#define GUEST_PACE_MAX_BPS   1500000

/* How often it is to be asked. */
#define GUEST_PACE_MS 500

/**
 * GuestPace:
 * @bps: what the line is believed to take for the picture
 *
 * How much of the return picture a guest's line takes: a little more while all arrives, a good deal
 * less when it does not.
 */
typedef struct {
  double bps;
  double lost_share; /* of the last few reports: one alone is of some thirty packets */
  double arrived;    /* the same: what share of what is sent arrives */
  double arrived_bps;
  guint n_calm;    /* reports since the last one that was bad */
  gboolean jammed; /* the line is full, and has not been free since */
  double full_bps; /* so much arrived when the line was full; 0: it has not been */
  guint n_full;    /* how often it was, one time soon after the other */
  guint n_wait;    /* so many reports until more than that is tried */
} GuestPace;

/**
 * GuestPaceReport:
 * @sent_bps: what left, of picture and sound
 * @arrived_bps: what of it arrived
 * @lost_share: what was lost, 0 to 1
 * @growth_ns: by how much a packet takes longer than the one before it, on the average
 *
 * What the other side reports of the last half second or so.
 */
typedef struct {
  double sent_bps;
  double arrived_bps;
  double lost_share;
  gint64 growth_ns;
} GuestPaceReport;

void guest_pace_init (GuestPace *self);
int guest_pace_take (GuestPace *self, const GuestPaceReport *report);

G_END_DECLS
