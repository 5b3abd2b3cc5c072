/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-governor.h"

/* Below this a picture says nothing any more, unless it was chosen. */
#define MIN_FLOOR_BPS 600000
#define FLOOR_SHARE   0.25

/* Picture that waits this long, in ms, is too much; less than this is nothing. */
#define SLOW_QUEUE_MS 1500
#define CALM_QUEUE_MS 500

/* Packets that had to be sent again. */
#define SLOW_LOSS 0.1
#define CALM_LOSS 0.03

/* One step down, and what is left of what the uplink was seen to take: the queue has to go, too. */
#define DOWN_SHARE  0.75
#define TAKEN_SHARE 0.8

/* A queue that shrinks by this share in a second goes away by itself. */
#define SHRINKS_SHARE 0.97

/* One step up. */
#define UP_SHARE 1.15

/* How long a step takes to show; how long it must have been calm before one up. */
#define SETTLE_MS 3000
#define CALM_MS   12000

/* This near to what was too much, it must have been calm for so long, twice as long each time. */
#define NEAR_SHARE      0.92
#define NEAR_CALM_MS    60000
#define MAX_NEAR_DOUBLE 3

/**
 * show_governor_init:
 * @self: (out): a governor
 * @chosen_bps: how much picture there is to be
 */
void
show_governor_init (ShowGovernor *self, int chosen_bps)
{
  *self = (ShowGovernor){ .chosen_bps = chosen_bps, .bps = chosen_bps, .calm_since_ms = -1 };
  self->floor_bps = MIN (chosen_bps, MAX (MIN_FLOOR_BPS, (int) (FLOOR_SHARE * chosen_bps)));
}

/**
 * show_governor_set_chosen:
 * @self: a governor
 * @chosen_bps: what it never goes above from now on
 */
void
show_governor_set_chosen (ShowGovernor *self, int chosen_bps)
{
  self->chosen_bps = chosen_bps;
  self->floor_bps = MIN (self->floor_bps, chosen_bps);
  self->bps = MIN (self->bps, chosen_bps);
}

/**
 * show_governor_is_slow:
 * @uplink: an uplink
 *
 * Returns: whether it cannot get rid of what it is given
 */
gboolean
show_governor_is_slow (const EngineUplink *uplink)
{
  return uplink->congested || uplink->queue_ms > SLOW_QUEUE_MS || uplink->lost_share > SLOW_LOSS;
}

static gboolean
is_calm (const EngineUplink *uplink)
{
  return !uplink->congested && uplink->queue_ms < CALM_QUEUE_MS && uplink->lost_share < CALM_LOSS;
}

/**
 * show_governor_get_share:
 * @uplink: one that is slow
 * @video_bps: how much picture it was given
 *
 * Returns: how much it is to be given, in bits per second
 */
int
show_governor_get_share (const EngineUplink *uplink, int video_bps)
{
  const int step = (int) (DOWN_SHARE * video_bps);

  /* What leaves while something waits is all that can. */
  if (uplink->sent_bps > 0 && uplink->queue_ms > CALM_QUEUE_MS)
    return MIN (step, (int) (TAKEN_SHARE * uplink->sent_bps));
  return step;
}

static void
go_down (ShowGovernor *self, const EngineUplink *uplink, gint64 now_ms)
{
  const int before = self->bps;

  if (now_ms < self->settled_ms || self->bps <= self->floor_bps)
    return;
  /* It was too much already, and drains: that takes its time. */
  if (self->failed_bps > 0 && uplink->queue_ms < SHRINKS_SHARE * self->last_queue_ms)
    return;
  self->bps = MAX (self->floor_bps, show_governor_get_share (uplink, self->bps));
  self->n_failed = self->failed_bps > 0 && before >= NEAR_SHARE * self->failed_bps
                     ? self->n_failed + 1
                     : MAX (1, self->n_failed);
  self->failed_bps = before;
  self->settled_ms = now_ms + SETTLE_MS;
}

static void
go_up (ShowGovernor *self, gint64 now_ms)
{
  const int next = MIN (self->chosen_bps, (int) (UP_SHARE * self->bps));
  gint64 calm_ms = CALM_MS;

  if (self->bps >= self->chosen_bps)
    return;
  if (self->failed_bps > 0 && next >= NEAR_SHARE * self->failed_bps)
    calm_ms = (gint64) NEAR_CALM_MS << MIN (self->n_failed - 1, MAX_NEAR_DOUBLE);
  if (now_ms - self->calm_since_ms < calm_ms)
    return;
  /* Once it has gone past what was too much, that is no longer so. */
  if (self->failed_bps > 0 && next > self->failed_bps)
    self->failed_bps = 0;
  self->bps = next;
  self->calm_since_ms = now_ms;
}

/**
 * show_governor_step:
 * @self: a governor
 * @uplinks: (array length=n_uplinks): those that share the picture and are connected
 * @n_uplinks: how many; none tell nothing
 * @now_ms: the time, which only ever grows
 *
 * To be called about once a second.
 *
 * Returns: how much picture there is to be from now on, in bits per second
 */
int
show_governor_step (ShowGovernor *self, const EngineUplink *uplinks, guint n_uplinks, gint64 now_ms)
{
  const EngineUplink *slowest = NULL;
  gboolean calm = n_uplinks > 0;

  for (guint i = 0; i < n_uplinks; i++) {
    calm = calm && is_calm (&uplinks[i]);
    if (show_governor_is_slow (&uplinks[i]) &&
        (slowest == NULL || uplinks[i].queue_ms > slowest->queue_ms))
      slowest = &uplinks[i];
  }
  if (slowest != NULL)
    go_down (self, slowest, now_ms);
  if (!calm)
    self->calm_since_ms = -1;
  else if (self->calm_since_ms < 0)
    self->calm_since_ms = now_ms;
  else
    go_up (self, now_ms);
  self->last_queue_ms = slowest != NULL ? slowest->queue_ms : 0;
  return self->bps;
}
