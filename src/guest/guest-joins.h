/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuestJoins:
 *
 * How many connections a guest may have made: each costs a pipeline. Ten at once, and another one
 * every three seconds. All zero is the beginning.
 */
typedef struct {
  double used;
  gint64 since_us;
} GuestJoins;

gint64 guest_joins_ask (GuestJoins *self, gint64 now_us);

G_END_DECLS
