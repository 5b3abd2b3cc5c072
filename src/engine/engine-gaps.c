/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-gaps.h"

/* Shorter ones are rounding, or a picture or two. */
#define MIN_GAP_MS 100

/* A connection that breaks every few seconds for a day must not fill the memory. */
#define MAX_GAPS 1000u

/**
 * EngineGaps:
 *
 * What one place has missed of the show: a list of stretches, one of which may be going on. Times
 * are the show's, in nanoseconds. Main thread only.
 */
struct _EngineGaps {
  GArray *gaps; /* of EngineGap: the latest ones that are over */
  gint64 total_ms;
  gint64 open_ns; /* −1: none is going on */
};

EngineGaps *
engine_gaps_new (void)
{
  EngineGaps *self = g_new0 (EngineGaps, 1);

  self->gaps = g_array_new (FALSE, FALSE, sizeof (EngineGap));
  self->open_ns = -1;
  return self;
}

void
engine_gaps_free (EngineGaps *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->gaps);
  g_free (self);
}

void
engine_gaps_clear (EngineGaps *self)
{
  g_array_set_size (self->gaps, 0);
  self->total_ms = 0;
  self->open_ns = -1;
}

/**
 * engine_gaps_open:
 * @self: gaps
 * @begin_ns: the show time from which on nothing arrives; does nothing when one is going on already
 */
void
engine_gaps_open (EngineGaps *self, gint64 begin_ns)
{
  if (self->open_ns < 0)
    self->open_ns = MAX (begin_ns, 0);
}

gboolean
engine_gaps_is_open (EngineGaps *self)
{
  return self->open_ns >= 0;
}

/**
 * engine_gaps_close:
 * @self: gaps
 * @end_ns: the show time at which it goes on
 * @now_ns: the show time now
 *
 * Returns: (transfer none) (nullable): the gap, if one was going on and is worth a word
 */
const EngineGap *
engine_gaps_close (EngineGaps *self, gint64 end_ns, gint64 now_ns)
{
  EngineGap gap = { 0 };

  if (self->open_ns < 0)
    return NULL;
  gap.begin_ns = self->open_ns;
  gap.begin_real_us = g_get_real_time () - (now_ns - gap.begin_ns) / 1000;
  gap.length_ms = (end_ns - gap.begin_ns) / 1000000;
  self->open_ns = -1;
  if (gap.length_ms < MIN_GAP_MS)
    return NULL;
  self->total_ms += gap.length_ms;
  if (self->gaps->len >= MAX_GAPS)
    g_array_remove_index (self->gaps, 0);
  g_array_append_val (self->gaps, gap);
  return &g_array_index (self->gaps, EngineGap, self->gaps->len - 1);
}

/**
 * engine_gaps_get_total_ms:
 * @self: gaps
 * @now_ns: the show time now
 *
 * Returns: what was missed up to now
 */
gint64
engine_gaps_get_total_ms (EngineGaps *self, gint64 now_ns)
{
  return self->total_ms + (self->open_ns >= 0 ? MAX (0, now_ns - self->open_ns) / 1000000 : 0);
}

/**
 * engine_gaps_get_list:
 * @self: gaps
 *
 * Returns: (transfer none) (element-type EngineGap): those that are over, oldest first
 */
GArray *
engine_gaps_get_list (EngineGaps *self)
{
  return self->gaps;
}
