/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-pace.h"

/* Above the first, or with less arriving than this share of what is sent, the line is full; below the
 * second, there is room. In between it is a line that loses by itself, as radio does. */
#define FULL_LOST_SHARE 0.10
#define FREE_LOST_SHARE 0.02
#define FULL_ARRIVED    0.85

#define LESS            0.85

/* How much a new report counts. */
#define NEW_ARRIVED 0.5
#define NEW_LOST    0.3

/* When each packet takes this much longer than the one before it, a queue grows on the way. */
#define SLOWING_NS  1000000
#define LESS_GENTLY 0.95

/* A twentieth and a bit more each time doubles it in seven seconds; once it has gone wrong, the next
 * ten seconds are for a fiftieth only. */
#define MORE         1.05
#define MORE_WARILY  1.02
#define MORE_BPS     5000
#define WARY_REPORTS 20

/* Who sends less than this share of what he might does not learn whether the rest would fit. */
#define UNTRIED 0.5

void
guest_pace_init (GuestPace *self)
{
  *self = (GuestPace){ .bps = GUEST_PACE_START_BPS, .arrived = 1, .n_calm = WARY_REPORTS };
}

/**
 * guest_pace_take:
 * @self: what is believed
 * @report: what is new, every %GUEST_PACE_MS
 *
 * Returns: what the picture may take from now on, in bit/s, %GUEST_PACE_MIN_BPS to
 *   %GUEST_PACE_MAX_BPS
 */
int
guest_pace_take (GuestPace *self, const GuestPaceReport *report)
{
  gboolean full = FALSE;

  if (report->sent_bps > 0) {
    const double arrived = CLAMP (report->arrived_bps / report->sent_bps, 0, 1);

    self->arrived += (arrived - self->arrived) * NEW_ARRIVED;
    self->lost_share += (CLAMP (report->lost_share, 0, 1) - self->lost_share) * NEW_LOST;
    full = self->lost_share > FULL_LOST_SHARE || self->arrived < FULL_ARRIVED;
  }
  if (full) {
    self->bps = MIN (self->bps * LESS, MAX (report->arrived_bps, 0) * LESS);
    self->n_calm = 0;
  } else if (report->growth_ns > SLOWING_NS) {
    self->bps *= LESS_GENTLY;
    self->n_calm = 0;
  } else if (self->lost_share < FREE_LOST_SHARE) {
    const gboolean wary = ++self->n_calm < WARY_REPORTS || report->sent_bps < UNTRIED * self->bps;

    self->bps = self->bps * (wary ? MORE_WARILY : MORE) + MORE_BPS;
  }
  self->bps = CLAMP (self->bps, GUEST_PACE_MIN_BPS, GUEST_PACE_MAX_BPS);
  return (int) self->bps;
}
