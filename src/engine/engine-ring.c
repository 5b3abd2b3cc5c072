/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "engine-lock.h"
#include "engine-ring.h"
#include "engine-stretch.h"

/* Ten seconds: more than the longest delays of a source and of its sound together. */
#define RING_FRAMES (10 * ENGINE_SAMPLE_RATE_HZ)

/* Sound that is this far from where it should be is moved there at once. */
#define JUMP_FRAMES (ENGINE_SAMPLE_RATE_HZ / 10)

/* A clock of a device is some hundred millionths off at the most. From this distance on it is
 * followed, by a share of the distance in each frame: 500 millionths for 2 ms, which is a tenth of
 * what anybody hears as another pitch. */
#define DRIFT_FRAMES (ENGINE_SAMPLE_RATE_HZ / 2000)
#define DRIFT_SHARE  (0.0005 / (0.002 * ENGINE_SAMPLE_RATE_HZ))
#define MAX_DRIFT    0.003

/* Times are off by some milliseconds, one way and the other: what counts is their mean over this. */
#define SMOOTH_FRAMES (2 * ENGINE_SAMPLE_RATE_HZ)

struct _EngineRing {
  GMutex push_lock; /* guards the next two; never taken by who reads */
  EngineStretch stretch;
  double drift; /* smoothed distance of arriving sound from where it belongs, in frames */

  EngineLock lock; /* guards all below */
  float *frames;   /* interleaved; allocated with the first sound */
  gint64 written;  /* the frame that follows the newest one, counted from show time 0 */
  gint64 start;    /* what is before this frame in the ring is of an earlier life */
  gboolean has_sound;
  gboolean moved; /* the next sound goes exactly where it belongs */
};

EngineRing *
engine_ring_new (void)
{
  EngineRing *self = g_new0 (EngineRing, 1);

  g_mutex_init (&self->push_lock);
  engine_lock_init (&self->lock);
  engine_stretch_reset (&self->stretch);
  return self;
}

void
engine_ring_free (EngineRing *self)
{
  engine_lock_clear (&self->lock);
  g_mutex_clear (&self->push_lock);
  g_free (self->frames);
  g_free (self);
}

/* Writes frames at the end of the ring; @samples NULL writes silence. Locked. */
static void
append (EngineRing *self, const float *samples, gint64 n_frames)
{
  while (n_frames > 0) {
    const gint64 at = self->written % RING_FRAMES;
    const gint64 n = MIN (n_frames, RING_FRAMES - at);
    float *to = self->frames + at * ENGINE_N_CHANNELS;
    const gsize size = (gsize) n * ENGINE_N_CHANNELS * sizeof (float);

    if (samples != NULL) {
      memcpy (to, samples, size);
      samples += n * ENGINE_N_CHANNELS;
    } else {
      memset (to, 0, size);
    }
    self->written += n;
    n_frames -= n;
  }
}

static void
write_frames (EngineRing *self, const float *samples, guint n_frames)
{
  engine_lock_take (&self->lock);
  append (self, samples, n_frames);
  engine_lock_give (&self->lock);
}

/* Begins anew at @position where sound does not follow on. Returns by how much it is off where it
 * does. For who has the lock for pushing. */
static double
place (EngineRing *self, gint64 position)
{
  const double waiting = engine_stretch_get_waiting (&self->stretch);
  double distance = 0;

  engine_lock_take (&self->lock);
  if (self->frames == NULL)
    self->frames = g_new0 (float, RING_FRAMES *ENGINE_N_CHANNELS);
  distance = (double) (position - self->written) - waiting;
  if (!self->has_sound || self->moved || fabs (distance) > JUMP_FRAMES) {
    if (self->has_sound && distance > 0)
      append (self, NULL, MIN ((gint64) distance, RING_FRAMES));
    if (!self->has_sound || position < self->start)
      self->start = position;
    self->written = position;
    self->has_sound = TRUE;
    self->moved = FALSE;
    engine_stretch_reset (&self->stretch);
    self->drift = distance = 0;
  }
  engine_lock_give (&self->lock);
  return distance;
}

/* For who has the lock for pushing. */
static void
stretch (EngineRing *self, const float *samples, guint n_frames)
{
  const double step = 1 - CLAMP (self->drift * DRIFT_SHARE, -MAX_DRIFT, MAX_DRIFT);
  float out[ENGINE_STRETCH_MAX_OUT * ENGINE_N_CHANNELS];

  while (n_frames > 0) {
    const guint n = MIN (n_frames, ENGINE_STRETCH_MAX_IN);

    write_frames (self, out, engine_stretch_process (&self->stretch, step, samples, n, out));
    samples += (gsize) n * ENGINE_N_CHANNELS;
    n_frames -= n;
  }
}

/**
 * engine_ring_push:
 * @self: a ring
 * @samples: @n_frames × 2 interleaved samples at 48 kHz
 * @n_frames: how many, at most five seconds
 * @time_ns: the show time at which the first is to be heard
 *
 * Sound that follows on is laid end to end, whatever small errors its times have, sample by sample
 * as it came; where a clock runs too fast or slow, sound is made shorter or longer by as little as
 * that; a larger jump is followed at once. Any thread.
 */
void
engine_ring_push (EngineRing *self, const float *samples, guint n_frames, gint64 time_ns)
{
  const gint64 position = time_ns * ENGINE_SAMPLE_RATE_HZ / (gint64) GST_SECOND;

  g_return_if_fail (n_frames <= RING_FRAMES / 2);

  if (n_frames == 0 || position < 0)
    return;

  g_mutex_lock (&self->push_lock);
  const double distance = place (self, position);
  self->drift += (distance - self->drift) * n_frames / (n_frames + SMOOTH_FRAMES);
  if (!self->stretch.begun && fabs (self->drift) > DRIFT_FRAMES)
    engine_stretch_begin (&self->stretch);
  if (self->stretch.begun) {
    stretch (self, samples, n_frames);
  } else {
    engine_stretch_remember (&self->stretch, samples, n_frames);
    write_frames (self, samples, n_frames);
  }
  g_mutex_unlock (&self->push_lock);
}

/**
 * engine_ring_move:
 * @self: a ring
 *
 * The times of what comes were changed on purpose: the next sound does not follow on, it goes to
 * its time at once. Any thread.
 */
void
engine_ring_move (EngineRing *self)
{
  engine_lock_take (&self->lock);
  self->moved = TRUE;
  engine_lock_give (&self->lock);
}

/**
 * engine_ring_clear:
 * @self: a ring
 *
 * Forgets all of it. Any thread.
 */
void
engine_ring_clear (EngineRing *self)
{
  engine_lock_take (&self->lock);
  self->has_sound = FALSE;
  engine_lock_give (&self->lock);
}

/**
 * engine_ring_read:
 * @self: a ring
 * @position: the first frame to read, counted from show time 0
 * @n_frames: how many, at most five seconds
 * @samples: (out): @n_frames × 2 interleaved samples; silence where nothing came
 *
 * Any thread.
 *
 * Returns: whether any of it was there
 */
gboolean
engine_ring_read (EngineRing *self, gint64 position, guint n_frames, float *samples)
{
  gboolean any = FALSE;

  memset (samples, 0, n_frames * ENGINE_N_CHANNELS * sizeof (float));

  engine_lock_take (&self->lock);
  if (self->has_sound) {
    const gint64 first = MAX (position, MAX (self->start, self->written - RING_FRAMES));
    const gint64 end = MIN (position + n_frames, self->written);

    for (gint64 i = first; i < end;) {
      const gint64 at = i % RING_FRAMES;
      const gint64 n = MIN (end - i, RING_FRAMES - at);

      memcpy (samples + (i - position) * ENGINE_N_CHANNELS, self->frames + at * ENGINE_N_CHANNELS,
              (gsize) n * ENGINE_N_CHANNELS * sizeof (float));
      i += n;
      any = TRUE;
    }
  }
  engine_lock_give (&self->lock);
  return any;
}
