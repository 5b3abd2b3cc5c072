/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-hunger.h"

/* A camera that is opened, or a first keyframe, may take a while. */
#define MOMENT_US (4 * G_USEC_PER_SEC)

/* After so long another connection is made; twice as long each time after. */
#define RENEW_US     (8 * G_USEC_PER_SEC)
#define MAX_DOUBLING 4

/* Who is heard is not cut off again and again for want of a picture. */
#define MAX_RENEWED_WHILE_SOME 2

/* After so long with all there, what was before is forgotten. */
#define CALM_US (60 * G_USEC_PER_SEC)

/**
 * guest_hunger_begin:
 * @self: a hunger
 * @now_us: the monotonic time
 *
 * A connection was made: it has its moment.
 */
void
guest_hunger_begin (GuestHunger *self, gint64 now_us)
{
  self->fed_us = now_us;
}

/**
 * guest_hunger_judge:
 * @self: a hunger
 * @expected: what he is said to send
 * @got: what came in the last second
 * @now_us: the monotonic time, not before that of the last call
 *
 * To be called about once a second while he is connected.
 *
 * Returns: what is to be done
 */
GuestHungerStep
guest_hunger_judge (GuestHunger *self, const GuestFood *expected, const GuestFood *got,
                    gint64 now_us)
{
  const gboolean misses = (expected->picture && !got->picture) || (expected->sound && !got->sound);
  const gboolean has_some = got->picture || got->sound;

  if (self->fed_us == 0 || !misses)
    self->fed_us = now_us;
  if (!misses) {
    if (self->n_renewed > 0 && now_us - self->renewed_us >= CALM_US)
      self->n_renewed = 0;
    return GUEST_HUNGER_NONE;
  }
  if (now_us - self->fed_us < MOMENT_US)
    return GUEST_HUNGER_NONE;
  if (now_us - self->fed_us < RENEW_US << MIN (self->n_renewed, MAX_DOUBLING) ||
      (has_some && self->n_renewed >= MAX_RENEWED_WHILE_SOME))
    return GUEST_HUNGER_ASKS;
  self->n_renewed++;
  self->renewed_us = self->fed_us = now_us;
  return GUEST_HUNGER_RENEWS;
}
