/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-bus.h"
#include "engine-limiter.h"
#include "engine-lock.h"

#define BLOCK        ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_VALUES (BLOCK * ENGINE_N_CHANNELS)

/* Extras and talkers come and go in so many blocks. */
#define RAMP_BLOCKS 3

/* No sound is as loud as this; what a broken device gives may be. */
#define HIGHEST 8.0f

/* A source that is heard here though it is not in the program. */
typedef struct {
  EngineSlot *slot;
  gboolean wanted;
  float share; /* 0: not heard, 1: heard */
} Extra;

/**
 * EngineBus:
 *
 * The program's sound without one source in it: what a guest hears, who must not hear themself. It
 * is the sum of all the others after their faders, made anew and not by taking away, so that of the one
 * who is left out there is not a trace; with a limiter of its own, so that they do not make the others
 * softer either. Extras are added before their faders as far as they are not in the program; and a
 * talker, with all else softer. Costs nothing while nobody consumes it.
 *
 * Any thread, but for what belongs to the mixer's.
 */
struct _EngineBus {
  GObject parent_instance;

  EngineSlot *excluded; /* nullable */

  EngineLock lock;    /* guards the next six */
  EngineBusFunc func; /* nullable */
  gpointer user_data;
  GArray *extras; /* of Extra; those that are not wanted any more fade out, and stay for a while */
  EngineSlot *talker; /* nullable: nobody has talked yet */
  gboolean talking;
  float talk; /* 0: all else as it is, 1: the talker */

  EngineLimiter limiter; /* only the mixer's thread */
};

G_DEFINE_FINAL_TYPE (EngineBus, engine_bus, G_TYPE_OBJECT)

static void
extra_clear (gpointer data)
{
  g_object_unref (((Extra *) data)->slot);
}

static void
engine_bus_finalize (GObject *object)
{
  EngineBus *self = ENGINE_BUS (object);

  g_array_unref (self->extras);
  g_clear_object (&self->talker);
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
  self->extras = g_array_new (FALSE, FALSE, sizeof (Extra));
  g_array_set_clear_func (self->extras, extra_clear);
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

static gboolean
has_slot (EngineSlot *const *slots, guint n_slots, const EngineSlot *slot)
{
  gboolean has = FALSE;

  for (guint i = 0; i < n_slots; i++)
    has |= slots[i] == slot;
  return has;
}

/* Marks those that are not wanted any more, and forgets those that have faded out. */
static GArray *
renew_extras (EngineBus *self, EngineSlot *const *slots, guint n_slots)
{
  GArray *extras = g_array_new (FALSE, FALSE, sizeof (Extra));

  g_array_set_clear_func (extras, extra_clear);
  for (guint i = 0; i < self->extras->len; i++) {
    Extra extra = g_array_index (self->extras, Extra, i);

    extra.wanted = has_slot (slots, n_slots, extra.slot);
    if (extra.wanted || extra.share > 0) {
      g_object_ref (extra.slot);
      g_array_append_val (extras, extra);
    }
  }
  for (guint i = 0; i < n_slots; i++) {
    gboolean known = slots[i] == self->excluded || has_slot (slots, i, slots[i]);

    for (guint e = 0; !known && e < self->extras->len; e++)
      known = g_array_index (self->extras, Extra, e).slot == slots[i];
    if (!known) {
      const Extra extra = { .slot = g_object_ref (slots[i]), .wanted = TRUE };

      g_array_append_val (extras, extra);
    }
  }
  return extras;
}

/**
 * engine_bus_set_extras:
 * @self: a bus
 * @slots: (array length=n_slots): what is also heard here, before its fader, while it is not in the
 *   program; the one that is left out never is
 * @n_slots: how many
 *
 * The others are not any more. They come and go without a click. Main thread.
 */
void
engine_bus_set_extras (EngineBus *self, EngineSlot *const *slots, guint n_slots)
{
  GArray *before = NULL;

  g_return_if_fail (ENGINE_IS_BUS (self));

  engine_lock_take (&self->lock);
  before = self->extras;
  self->extras = renew_extras (self, slots, n_slots);
  engine_lock_give (&self->lock);
  g_array_unref (before);
}

/**
 * engine_bus_set_talker:
 * @self: a bus
 * @talker: (nullable): whose sound is heard here and nowhere else, with all else softer; `NULL` for
 *   nobody
 *
 * Main thread.
 */
void
engine_bus_set_talker (EngineBus *self, EngineSlot *talker)
{
  EngineSlot *before = NULL;

  g_return_if_fail (ENGINE_IS_BUS (self));

  engine_lock_take (&self->lock);
  self->talking = talker != NULL;
  if (talker != NULL && talker != self->talker) {
    before = self->talker;
    self->talker = g_object_ref (talker);
  }
  engine_lock_give (&self->lock);
  g_clear_object (&before);
}

/* All but one. */
static void
add_inputs (EngineBus *self, const GPtrArray *inputs, float *samples)
{
  for (guint i = 0; i < inputs->len; i++) {
    const EngineInput *input = inputs->pdata[i];

    if (!input->has_sound || input->slot == self->excluded)
      continue;
    for (guint v = 0; v < BLOCK_VALUES; v++)
      samples[v] += input->after_fader[v];
  }
}

static void
apply_gain (float *samples, float gain, float gain_end)
{
  const float step = (gain_end - gain) / BLOCK;

  if (gain == 1 && gain_end == 1)
    return;
  for (guint i = 0; i < BLOCK; i++) {
    gain += step;
    samples[i * ENGINE_N_CHANNELS] *= gain;
    samples[i * ENGINE_N_CHANNELS + 1] *= gain;
  }
}

/* A step of a ramp between 0 and 1, for one block. */
static float
ramp (float from, gboolean up)
{
  return CLAMP (from + (up ? 1.0f : -1.0f) / RAMP_BLOCKS, 0, 1);
}

/* What is in the program already is not heard twice. */
static void
add_extra (const EngineInput *input, float share, float share_end, float *samples)
{
  const float first = share * (1 - input->follow_from);
  const float step = (share_end * (1 - input->follow) - first) / BLOCK;

  for (guint i = 0; i < BLOCK; i++) {
    const float gain = first + step * (float) (i + 1);

    for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
      samples[i * ENGINE_N_CHANNELS + c] += gain * input->before_fader[i * ENGINE_N_CHANNELS + c];
  }
}

static void
add_extras (EngineBus *self, const GPtrArray *inputs, float *samples)
{
  for (guint e = 0; e < self->extras->len; e++) {
    Extra *extra = &g_array_index (self->extras, Extra, e);
    const float before = extra->share;

    extra->share = ramp (before, extra->wanted);
    for (guint i = 0; before + extra->share > 0 && i < inputs->len; i++) {
      const EngineInput *input = inputs->pdata[i];

      if (input->slot == extra->slot && input->has_sound)
        add_extra (input, before, extra->share, samples);
    }
  }
}

static void
add_talker (EngineBus *self, gint64 position, float *samples)
{
  const float before = self->talk;
  float voice[BLOCK_VALUES];

  self->talk = ramp (before, self->talking);
  if (before + self->talk <= 0)
    return;
  engine_slot_read_sound (self->talker, position, BLOCK, voice);
  for (guint v = 0; v < BLOCK_VALUES; v++) {
    const float share =
      before + (self->talk - before) * (float) (v / ENGINE_N_CHANNELS + 1) / BLOCK;
    const float said = isfinite (voice[v]) ? CLAMP (voice[v], -HIGHEST, HIGHEST) : 0;

    samples[v] += share * (said - (1 - ENGINE_BUS_DUCKED) * samples[v]);
  }
}

/**
 * engine_bus_process:
 * @self: a bus
 * @inputs: (element-type EngineInput): all that have run for this block
 * @gain: of the whole mix before this block
 * @gain_end: and at its end
 * @position: the first frame, counted from show time 0
 *
 * The mixer's thread only.
 */
void
engine_bus_process (EngineBus *self, const GPtrArray *inputs, float gain, float gain_end,
                    gint64 position)
{
  const gint64 out_position = position - ENGINE_LIMITER_DELAY_FRAMES;
  float samples[BLOCK_VALUES] = { 0 };

  engine_lock_take (&self->lock);
  if (self->func != NULL) {
    add_inputs (self, inputs, samples);
    apply_gain (samples, gain, gain_end);
    add_extras (self, inputs, samples);
    add_talker (self, position, samples);
    engine_limiter_process (&self->limiter, samples, BLOCK);
    if (out_position >= 0)
      self->func (samples, out_position * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ,
                  self->user_data);
  }
  engine_lock_give (&self->lock);
}
