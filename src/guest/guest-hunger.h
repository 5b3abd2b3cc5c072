/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuestHunger:
 *
 * Tells what is to be done when a guest is connected and what he sends does not come. All zero is
 * the beginning.
 */
typedef struct {
  gint64 fed_us;     /* when nothing was missing last; 0: not judged yet */
  gint64 renewed_us; /* 0: never */
  guint n_renewed;   /* since nothing was missing for long */
} GuestHunger;

/* What he is said to send, and what came of it. */
typedef struct {
  gboolean picture;
  gboolean sound;
} GuestFood;

typedef enum {
  GUEST_HUNGER_NONE,   /* nothing is missing, or only for a moment */
  GUEST_HUNGER_ASKS,   /* it is asked for, and told */
  GUEST_HUNGER_RENEWS, /* only another connection may help */
} GuestHungerStep;

void guest_hunger_begin (GuestHunger *self, gint64 now_us);
GuestHungerStep guest_hunger_judge (GuestHunger *self, const GuestFood *expected,
                                    const GuestFood *got, gint64 now_us);

G_END_DECLS
