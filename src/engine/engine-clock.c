/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-clock.h"

/**
 * EngineClock:
 *
 * The one clock of a show, and the moment the show's time began.
 *
 * Every pipeline uses this clock, so that a time in one is a time in all: show time is the clock's
 * time less the base time, in nanoseconds. Immutable; any thread.
 */
struct _EngineClock {
  GObject parent_instance;
  GstClock *clock;
  GstClockTime base_time;
};

G_DEFINE_FINAL_TYPE (EngineClock, engine_clock, G_TYPE_OBJECT)

static void
engine_clock_dispose (GObject *object)
{
  EngineClock *self = ENGINE_CLOCK (object);

  gst_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_clock_parent_class)->dispose (object);
}

static void
engine_clock_class_init (EngineClockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_clock_dispose;
}

static void
engine_clock_init (EngineClock *self)
{
  self->clock = gst_system_clock_obtain ();
  self->base_time = gst_clock_get_time (self->clock);
}

EngineClock *
engine_clock_new (void)
{
  return g_object_new (ENGINE_TYPE_CLOCK, NULL);
}

/**
 * engine_clock_get_gst_clock:
 * @self: a clock
 *
 * Returns: (transfer none): what pipelines are to use
 */
GstClock *
engine_clock_get_gst_clock (EngineClock *self)
{
  g_return_val_if_fail (ENGINE_IS_CLOCK (self), NULL);

  return self->clock;
}

GstClockTime
engine_clock_get_base_time (EngineClock *self)
{
  g_return_val_if_fail (ENGINE_IS_CLOCK (self), GST_CLOCK_TIME_NONE);

  return self->base_time;
}

/**
 * engine_clock_get_now:
 * @self: a clock
 *
 * Returns: the show time, in nanoseconds
 */
gint64
engine_clock_get_now (EngineClock *self)
{
  g_return_val_if_fail (ENGINE_IS_CLOCK (self), 0);

  return (gint64) (gst_clock_get_time (self->clock) - self->base_time);
}
