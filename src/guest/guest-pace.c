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

/* What arrives is sound, too, which is not made less. */
#define SOUND_BPS 80000

/* Each try whether a full line takes more costs some sound. So it is kept well below what the line
 * took for half a minute, and for twice as long each time it is full again, up to two minutes. */
#define BELOW_FULL   0.85
#define WAIT_REPORTS 60
#define MOST_DOUBLED 2

/* Who gets this far beyond what was full has another line now. */
#define ANOTHER_LINE 1.3

void
guest_pace_init (GuestPace *self)
{
  *self = (GuestPace){ .bps = GUEST_PACE_START_BPS, .arrived = 1, .n_calm = WARY_REPORTS };
}

static gboolean
is_full (double lost_share, double arrived)
{
  return lost_share > FULL_LOST_SHARE || arrived < FULL_ARRIVED;
}

static void
go_down (GuestPace *self)
{
  /* Reports of one and the same jam are one. */
  if (!self->jammed) {
    self->n_wait = WAIT_REPORTS << self->n_full;
    self->n_full = MIN (self->n_full + 1, MOST_DOUBLED);
  }
  self->full_bps = MAX (self->arrived_bps - SOUND_BPS, 0);
  self->jammed = TRUE;
  self->bps = MIN (self->bps, self->full_bps) * LESS;
  self->n_calm = 0;
}

static void
go_up (GuestPace *self, double sent_bps)
{
  const gboolean wary = ++self->n_calm < WARY_REPORTS || sent_bps < UNTRIED * self->bps;
  double bps = self->bps * (wary ? MORE_WARILY : MORE) + MORE_BPS;

  self->jammed = FALSE;
  if (self->n_wait > 0) {
    self->n_wait--;
    bps = MIN (bps, MAX (self->bps, self->full_bps * BELOW_FULL));
  } else if (self->full_bps > 0 && bps > self->full_bps * ANOTHER_LINE) {
    self->full_bps = 0;
    self->n_full = 0;
  }
  self->bps = bps;
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
  const double lost_share = CLAMP (report->lost_share, 0, 1);
  double arrived = self->arrived;

  if (report->sent_bps > 0) {
    arrived = CLAMP (report->arrived_bps / report->sent_bps, 0, 1);
    self->arrived += (arrived - self->arrived) * NEW_ARRIVED;
    self->arrived_bps += (MAX (report->arrived_bps, 0) - self->arrived_bps) *
                         (self->arrived_bps > 0 ? NEW_ARRIVED : 1);
    self->lost_share += (lost_share - self->lost_share) * NEW_LOST;
  }
  if (is_full (self->lost_share, self->arrived)) {
    /* What was lost before it was less is no reason to make it less again. */
    if (!self->jammed || is_full (lost_share, arrived))
      go_down (self);
  } else if (report->growth_ns > SLOWING_NS) {
    self->bps *= LESS_GENTLY;
    self->n_calm = 0;
  } else if (self->lost_share < FREE_LOST_SHARE) {
    go_up (self, report->sent_bps);
  }
  self->bps = CLAMP (self->bps, GUEST_PACE_MIN_BPS, GUEST_PACE_MAX_BPS);
  return (int) self->bps;
}
