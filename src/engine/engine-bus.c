/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-bus.h"
#include "engine-limiter.h"
#include "engine-lock.h"

#define BLOCK ENGINE_AUDIO_BLOCK_FRAMES

/**
 * EngineBus:
 *
 * The program's sound without one source in it: what a guest hears, who must not hear themself. It
 * is the sum of all the others after their faders, with a limiter of its own, so that the one who is
 * left out does not make the others softer either. Costs nothing while nobody consumes it.
 *
 * Any thread, but for what belongs to the mixer's.
 */
struct _EngineBus {
  GObject parent_instance;

  EngineSlot *excluded; /* nullable */

  EngineLock lock;    /* guards the next two */
  EngineBusFunc func; /* nullable */
  gpointer user_data;

  EngineLimiter limiter; /* only the mixer's thread */
};

G_DEFINE_FINAL_TYPE (EngineBus, engine_bus, G_TYPE_OBJECT)

static void
engine_bus_finalize (GObject *object)
{
  EngineBus *self = ENGINE_BUS (object);

  g_clear_object (&self->excluded);
  engine_lock_clear (&self->lock);
  G_OBJECT_CLASS (engine_bus_parent_class)->finalize (object);
}

static void
engine_bus_class_init (EngineBusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_bus_finalize;
}

static void
engine_bus_init (EngineBus *self)
{
  engine_lock_init (&self->lock);
  engine_limiter_init (&self->limiter);
}

/**
 * engine_bus_new:
 * @excluded: (nullable): whose sound is left out, or `NULL` for everything
 *
 * Returns: (transfer full): a bus that is not in a mixer
 */
EngineBus *
engine_bus_new (EngineSlot *excluded)
{
  EngineBus *self = g_object_new (ENGINE_TYPE_BUS, NULL);

  self->excluded = excluded != NULL ? g_object_ref (excluded) : NULL;
  return self;
}

EngineSlot *
engine_bus_get_excluded (EngineBus *self)
{
  g_return_val_if_fail (ENGINE_IS_BUS (self), NULL);

  return self->excluded;
}

/**
 * engine_bus_set_consumer:
 * @self: a bus
 * @func: (nullable) (scope forever): gets each block; not called any more once another one, or
 *   `NULL`, is set and this has returned
 * @user_data: for @func
 *
 * Not from within @func.
 */
void
engine_bus_set_consumer (EngineBus *self, EngineBusFunc func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_BUS (self));

  engine_lock_take (&self->lock);
  self->func = func;
  self->user_data = user_data;
  engine_lock_give (&self->lock);
}

/**
 * engine_bus_process:
 * @self: a bus
 * @mix: the sum of all sources, %ENGINE_AUDIO_BLOCK_FRAMES × 2 samples
 * @own: (nullable): the part of it that is left out, as it was before the gain of the whole mix
 * @own_gain: that gain before this block
 * @own_gain_end: and at its end
 * @position: the first frame, counted from show time 0
 *
 * The mixer's thread only.
 */
void
engine_bus_process (EngineBus *self, const float *mix, const float *own, float own_gain,
                    float own_gain_end, gint64 position)
{
  const gint64 out_position = position - ENGINE_LIMITER_DELAY_FRAMES;
  const float step = (own_gain_end - own_gain) / BLOCK;
  float samples[BLOCK * ENGINE_N_CHANNELS];

  engine_lock_take (&self->lock);
  if (self->func != NULL) {
    memcpy (samples, mix, sizeof samples);
    for (guint i = 0; own != NULL && i < BLOCK; i++) {
      const float gain = own_gain + step * (float) (i + 1);

      samples[i * ENGINE_N_CHANNELS] -= own[i * ENGINE_N_CHANNELS] * gain;
      samples[i * ENGINE_N_CHANNELS + 1] -= own[i * ENGINE_N_CHANNELS + 1] * gain;
    }
    engine_limiter_process (&self->limiter, samples, BLOCK);
    if (out_position >= 0)
      self->func (samples, out_position * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ,
                  self->user_data);
  }
  engine_lock_give (&self->lock);
}
