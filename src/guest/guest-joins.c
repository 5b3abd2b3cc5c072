/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-joins.h"

#define MAX_JOINS    10
#define JOIN_EACH_US (3 * G_USEC_PER_SEC)

/**
 * guest_joins_ask:
 * @self: what was used
 * @now_us: the monotonic time
 *
 * Returns: 0: one may be made, and counts; else after how many microseconds to ask again
 */
gint64
guest_joins_ask (GuestJoins *self, gint64 now_us)
{
  self->used = MAX (0, self->used - (double) (now_us - self->since_us) / JOIN_EACH_US);
  self->since_us = now_us;
  if (self->used > MAX_JOINS - 1)
    return (gint64) ((self->used - (MAX_JOINS - 1)) * JOIN_EACH_US) + 1;
  self->used++;
  return 0;
}
