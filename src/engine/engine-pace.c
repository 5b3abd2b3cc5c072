/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pace.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)

/* So many late frames, none of them further from the one before than this, over at least as long:
 * what is shorter is a hiccup, in which the window gives way first. */
#define MANY_LATE 6
#define NEAR_S    0.5

/* A frame that was ready within this share of its time leaves enough for twice as many. */
#define CALM_SHARE 0.6

/* How long a calm must be to be believed: each time that the full rate lasts no longer than this,
 * twice as long. */
#define FIRST_CALM_S   2
#define LONGEST_CALM_S 32
#define RELAPSE_S      20

void
engine_pace_init (EnginePace *self, int rate_fps)
{
  *self = (EnginePace){ .rate_fps = rate_fps, .calm_s = FIRST_CALM_S };
}

/**
 * engine_pace_repeats:
 * @self: a pace
 * @n: the number of a frame of the program
 *
 * Returns: whether the frame before it is shown once more instead
 */
gboolean
engine_pace_repeats (const EnginePace *self, gint64 n)
{
  return self->halved && n % 2 != 0;
}

static void
halve (EnginePace *self, gint64 n)
{
  /* Full rate did not last: the next calm must be longer to be believed. */
  if (self->since > 0 && n - self->since < (gint64) RELAPSE_S * self->rate_fps)
    self->calm_s = MIN (2 * self->calm_s, LONGEST_CALM_S);
  else
    self->calm_s = FIRST_CALM_S;
  self->halved = TRUE;
  self->since = n;
}

static void
note_late (EnginePace *self, gint64 n)
{
  const double near = NEAR_S * self->rate_fps;

  if (self->n_late == 0 || (double) (n - self->last_late) > near) {
    self->first_late = n;
    self->n_late = 0;
  }
  self->last_late = n;
  self->n_late++;
  if (self->n_late >= MANY_LATE && (double) (n - self->first_late) >= near)
    halve (self, n);
}

/**
 * engine_pace_note:
 * @self: a pace
 * @n: the number of a frame that was made anew
 * @took_ns: from its time until it was made and sent
 *
 * Halves the rate when frames are late again and again, and goes back to all of them after a calm.
 */
void
engine_pace_note (EnginePace *self, gint64 n, gint64 took_ns)
{
  const gint64 frame_ns = SECOND_NS / self->rate_fps;

  if (!self->halved) {
    if (took_ns >= frame_ns)
      note_late (self, n);
    return;
  }
  if ((double) took_ns > CALM_SHARE * (double) frame_ns)
    self->since = n;
  if (n - self->since < self->calm_s * self->rate_fps)
    return;
  self->halved = FALSE;
  self->n_late = 0;
  self->since = n;
}
