/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-audio-mixer.h"
#include "engine-priority.h"

#define BLOCK    ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_NS (10 * (gint64) GST_MSECOND)

/* After more than this (a suspended machine) the mixer goes on from now instead of catching up. */
#define MAX_LATE_NS (2 * (gint64) GST_SECOND)

/* It catches up in pieces: nobody may have a real-time thread that does not wait. */
#define MAX_BLOCKS_AT_ONCE 10

/* Levels are told every so many blocks: 20 times a second. */
#define BLOCKS_A_LEVEL 5

/* How long a source takes to come or go when no shot says it. */
#define SWITCH_FRAMES (ENGINE_SAMPLE_RATE_HZ / 50)

/**
 * EngineAudioMixer:
 *
 * Makes the program's sound: a block of 10 ms at each of its times, from whatever the slots have
 * then; what is missing is silence. It has a thread of its own and never waits for a source, for
 * the picture, for what comes after it, or for whoever changes something: what is wanted is written
 * under a lock that the thread only tries, and carried out with the next block. Gains move in ramps
 * of at least one block, without clicks.
 *
 * Its setters belong to any thread.
 */
struct _EngineAudioMixer {
  GObject parent_instance;

  EngineClock *clock;
  GThread *thread; /* nullable */
  gint running;    /* atomic */
  gint n_blocks;   /* atomic */

  EngineAudioMixerLevelsFunc levels_func;

  GMutex lock; /* guards the next four, and the first part of each input */
  EngineMixWish wish;
  EngineLevels program_levels;
  EngineHearing program_hearing;
  EngineLoudness loudness;

  EngineMix mix; /* only the thread */
};

G_DEFINE_FINAL_TYPE (EngineAudioMixer, engine_audio_mixer, G_TYPE_OBJECT)

static gboolean
drop_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* Where a source goes away, it takes megabytes with it: not in the mixer's thread. */
static void
drop_later (GPtrArray *array)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, drop_cb, array, (GDestroyNotify) g_ptr_array_unref);
}

/* Locked. */
static void
show_levels (EngineAudioMixer *self)
{
  for (guint i = 0; i < self->mix.now.inputs->len; i++) {
    EngineInput *input = self->mix.now.inputs->pdata[i];

    engine_gauge_read (&input->gauge, &input->levels);
    input->hearing = input->ear.hearing;
  }
  engine_gauge_read (&self->mix.gauge, &self->program_levels);
  self->program_hearing = self->mix.ear.hearing;
  self->loudness = self->mix.meter.loudness;
}

/* Takes up what is wanted now. When somebody is just writing it, the next block does.
 *
 * Returns: whether levels were shown */
static gboolean
exchange (EngineAudioMixer *self, gboolean show)
{
  GPtrArray *inputs = self->mix.now.inputs;
  GPtrArray *buses = self->mix.now.buses;

  if (!g_mutex_trylock (&self->lock))
    return FALSE;
  self->mix.now = self->wish;
  g_ptr_array_ref (self->mix.now.inputs);
  g_ptr_array_ref (self->mix.now.buses);
  for (guint i = 0; i < self->mix.now.inputs->len; i++) {
    EngineInput *input = self->mix.now.inputs->pdata[i];

    input->now = input->wish;
  }
  if (show)
    show_levels (self);
  g_mutex_unlock (&self->lock);
  if (inputs == self->mix.now.inputs)
    g_ptr_array_unref (inputs);
  else
    drop_later (inputs);
  if (buses == self->mix.now.buses)
    g_ptr_array_unref (buses);
  else
    drop_later (buses);
  return show;
}

static void
mix_block (EngineAudioMixer *self, gint64 position)
{
  const guint n_before = (guint) g_atomic_int_add (&self->n_blocks, 1);
  const gboolean shown = exchange (self, n_before % BLOCKS_A_LEVEL == BLOCKS_A_LEVEL - 1);

  engine_mix_run (&self->mix, position);
  if (shown && self->levels_func != NULL)
    self->levels_func (self->mix.now.func_data);
}

static gpointer
run (gpointer data)
{
  EngineAudioMixer *self = data;
  GstClock *clock = engine_clock_get_gst_clock (self->clock);
  const gint64 base = (gint64) engine_clock_get_base_time (self->clock);
  gint64 block = engine_clock_get_now (self->clock) / BLOCK_NS + 1;

  engine_priority_raise ();
  while (g_atomic_int_get (&self->running)) {
    const gint64 end_ns = (block + 1) * BLOCK_NS;
    const gint64 late_ns = engine_clock_get_now (self->clock) - end_ns;

    if (late_ns < 0) {
      GstClockID id = gst_clock_new_single_shot_id (clock, (GstClockTime) (base + end_ns));

      gst_clock_id_wait (id, NULL);
      gst_clock_id_unref (id);
    } else if (late_ns > MAX_LATE_NS) {
      block += late_ns / BLOCK_NS;
    } else if (block % MAX_BLOCKS_AT_ONCE == 0) {
      g_usleep (100);
    }
    mix_block (self, block * BLOCK);
    block++;
  }
  return NULL;
}

static void
engine_audio_mixer_dispose (GObject *object)
{
  EngineAudioMixer *self = ENGINE_AUDIO_MIXER (object);

  engine_audio_mixer_stop (self);
  g_clear_pointer (&self->mix.now.inputs, g_ptr_array_unref);
  g_clear_pointer (&self->mix.now.buses, g_ptr_array_unref);
  g_clear_pointer (&self->wish.inputs, g_ptr_array_unref);
  g_clear_pointer (&self->wish.buses, g_ptr_array_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_audio_mixer_parent_class)->dispose (object);
}

static void
engine_audio_mixer_finalize (GObject *object)
{
  EngineAudioMixer *self = ENGINE_AUDIO_MIXER (object);

  engine_mix_clear (&self->mix);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_audio_mixer_parent_class)->finalize (object);
}

static void
engine_audio_mixer_class_init (EngineAudioMixerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_audio_mixer_dispose;
  object_class->finalize = engine_audio_mixer_finalize;
}

static void
engine_audio_mixer_init (EngineAudioMixer *self)
{
  g_mutex_init (&self->lock);
  self->wish.inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_input_unref);
  self->wish.buses = g_ptr_array_new_with_free_func (g_object_unref);
  engine_mix_init (&self->mix);
  self->mix.now = self->wish;
  g_ptr_array_ref (self->mix.now.inputs);
  g_ptr_array_ref (self->mix.now.buses);
  self->program_levels = ENGINE_LEVELS_SILENCE;
  self->loudness = self->mix.meter.loudness;
}

EngineAudioMixer *
engine_audio_mixer_new (EngineClock *clock)
{
  EngineAudioMixer *self = g_object_new (ENGINE_TYPE_AUDIO_MIXER, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

void
engine_audio_mixer_start (EngineAudioMixer *self)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  if (self->thread != NULL)
    return;
  g_atomic_int_set (&self->running, TRUE);
  self->thread = g_thread_new ("audio-mixer", run, self);
}

/**
 * engine_audio_mixer_stop:
 * @self: a mixer
 *
 * Returns when the thread has ended, after two blocks at the most. May run twice.
 */
void
engine_audio_mixer_stop (EngineAudioMixer *self)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  if (self->thread == NULL)
    return;
  g_atomic_int_set (&self->running, FALSE);
  g_thread_join (g_steal_pointer (&self->thread));
}

/* Locked. */
static EngineInput *
find_input (EngineAudioMixer *self, EngineSlot *slot)
{
  for (guint i = 0; i < self->wish.inputs->len; i++) {
    EngineInput *input = self->wish.inputs->pdata[i];

    if (input->slot == slot)
      return input;
  }
  return NULL;
}

/* Takes @input, nullable, in and leaves out what belongs to @slot, nullable. */
static void
replace_inputs (EngineAudioMixer *self, EngineInput *input, EngineSlot *slot)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_input_unref);
  GPtrArray *before = NULL;

  g_mutex_lock (&self->lock);
  before = self->wish.inputs;
  for (guint i = 0; i < before->len; i++) {
    EngineInput *other = before->pdata[i];

    if (other->slot != slot)
      g_ptr_array_add (inputs, engine_input_ref (other));
  }
  if (input != NULL)
    g_ptr_array_add (inputs, input);
  self->wish.inputs = inputs;
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (before);
}

void
engine_audio_mixer_add_slot (EngineAudioMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  replace_inputs (self, engine_input_new (slot), NULL);
}

void
engine_audio_mixer_remove_slot (EngineAudioMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  replace_inputs (self, NULL, slot);
}

/**
 * engine_audio_mixer_set_gain:
 * @self: a mixer
 * @slot: one of its slots
 * @gain: a factor, 0 for silence
 */
void
engine_audio_mixer_set_gain (EngineAudioMixer *self, EngineSlot *slot, double gain)
{
  EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if ((input = find_input (self, slot)) != NULL)
    input->wish.gain = (float) gain;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_settings:
 * @self: a mixer
 * @slot: one of its slots
 * @settings: what is done to its sound before the fader
 */
void
engine_audio_mixer_set_settings (EngineAudioMixer *self, EngineSlot *slot,
                                 const EngineSoundSettings *settings)
{
  EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if ((input = find_input (self, slot)) != NULL) {
    if (input->wish.settings.follows != settings->follows)
      input->wish.ramp_frames = SWITCH_FRAMES;
    input->wish.settings = *settings;
  }
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_solo:
 * @self: a mixer
 * @slot: one of its slots
 * @solo: whether the headphones are to have it, and no other but those
 */
void
engine_audio_mixer_set_solo (EngineAudioMixer *self, EngineSlot *slot, gboolean solo)
{
  EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if ((input = find_input (self, slot)) != NULL)
    input->wish.solo = solo;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_seen:
 * @self: a mixer
 * @slots: (array length=n_slots): what the shot shows that goes on air
 * @n_slots: how many
 * @ramp_ms: how long the shot takes to come, 0 for a cut
 *
 * Sources that follow the shot come and go with it.
 */
void
engine_audio_mixer_set_seen (EngineAudioMixer *self, EngineSlot *const *slots, guint n_slots,
                             guint ramp_ms)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->wish.inputs->len; i++) {
    EngineInput *input = self->wish.inputs->pdata[i];
    gboolean seen = FALSE;

    for (guint s = 0; s < n_slots; s++)
      seen |= slots[s] == input->slot;
    if (input->wish.seen == seen)
      continue;
    input->wish.seen = seen;
    input->wish.ramp_frames = MAX (SWITCH_FRAMES, ramp_ms * ENGINE_SAMPLE_RATE_HZ / 1000);
  }
  g_mutex_unlock (&self->lock);
}

/* Leaves out @old, nullable, and takes in @bus, nullable. */
static void
replace_buses (EngineAudioMixer *self, EngineBus *bus, EngineBus *old)
{
  GPtrArray *buses = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *before = NULL;

  g_mutex_lock (&self->lock);
  before = self->wish.buses;
  for (guint i = 0; i < before->len; i++) {
    if (before->pdata[i] != old)
      g_ptr_array_add (buses, g_object_ref (before->pdata[i]));
  }
  if (bus != NULL)
    g_ptr_array_add (buses, g_object_ref (bus));
  self->wish.buses = buses;
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (before);
}

/**
 * engine_audio_mixer_add_bus:
 * @self: a mixer
 * @bus: gets the sound of all sources but its own, from the next block on
 */
void
engine_audio_mixer_add_bus (EngineAudioMixer *self, EngineBus *bus)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  replace_buses (self, bus, NULL);
}

void
engine_audio_mixer_remove_bus (EngineAudioMixer *self, EngineBus *bus)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  engine_bus_set_consumer (bus, NULL, NULL);
  replace_buses (self, NULL, bus);
}

/**
 * engine_audio_mixer_set_listener:
 * @self: a mixer that is not running
 * @func: (nullable) (scope forever): gets what the headphones are to play, in the mixer's thread
 * @user_data: for @func; must outlive the mixer's thread
 */
void
engine_audio_mixer_set_listener (EngineAudioMixer *self, EngineMixFunc func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->wish.listener = func;
  self->wish.listener_data = user_data;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_match:
 * @self: a mixer
 * @match: whether the program is brought to −16 LUFS, slowly, by 12 dB at the most
 */
void
engine_audio_mixer_set_match (EngineAudioMixer *self, gboolean match)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->wish.match = match;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_go_on_air:
 * @self: a mixer
 *
 * Integrated loudness and true peak begin anew.
 */
void
engine_audio_mixer_go_on_air (EngineAudioMixer *self)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->wish.n_air++;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_consumer:
 * @self: a mixer that is not running
 * @func: (nullable) (scope forever): gets each block, in the mixer's thread
 * @levels_func: (nullable) (scope forever): told that levels moved, in the mixer's thread
 * @user_data: for both; must outlive the mixer's thread
 */
void
engine_audio_mixer_set_consumer (EngineAudioMixer *self, EngineMixFunc func,
                                 EngineAudioMixerLevelsFunc levels_func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->wish.func = func;
  self->wish.func_data = user_data;
  g_mutex_unlock (&self->lock);
  self->levels_func = levels_func;
}

/**
 * engine_audio_mixer_get_levels:
 * @self: a mixer
 * @slot: (nullable): one of its slots, or `NULL` for the program
 * @levels: (out): what its meter shows; silence for a slot that is not there
 *
 * Any thread.
 */
void
engine_audio_mixer_get_levels (EngineAudioMixer *self, EngineSlot *slot, EngineLevels *levels)
{
  const EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if (slot == NULL)
    *levels = self->program_levels;
  else if ((input = find_input (self, slot)) != NULL)
    *levels = input->levels;
  else
    *levels = ENGINE_LEVELS_SILENCE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_get_hearing:
 * @self: a mixer
 * @slot: (nullable): one of its slots, or `NULL` for the program
 * @hearing: (out): what was heard of it lately; of a slot: before fader and mute
 *
 * Any thread.
 */
void
engine_audio_mixer_get_hearing (EngineAudioMixer *self, EngineSlot *slot, EngineHearing *hearing)
{
  const EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if (slot == NULL)
    *hearing = self->program_hearing;
  else if ((input = find_input (self, slot)) != NULL)
    *hearing = input->hearing;
  else
    *hearing = (EngineHearing){ 0 };
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_get_loudness:
 * @self: a mixer
 * @loudness: (out): how loud the program is that goes out
 *
 * Any thread.
 */
void
engine_audio_mixer_get_loudness (EngineAudioMixer *self, EngineLoudness *loudness)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  *loudness = self->loudness;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_clear_clipped:
 * @self: a mixer
 * @slot: (nullable): one of its slots, or `NULL` for the program
 *
 * Its clip lamp goes out until it clips again.
 */
void
engine_audio_mixer_clear_clipped (EngineAudioMixer *self, EngineSlot *slot)
{
  EngineInput *input = NULL;

  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  if (slot == NULL)
    self->program_levels.clipped = FALSE;
  else if ((input = find_input (self, slot)) != NULL)
    input->levels.clipped = FALSE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_get_n_blocks:
 * @self: a mixer
 *
 * Any thread.
 *
 * Returns: how many blocks of 10 ms have been mixed
 */
guint64
engine_audio_mixer_get_n_blocks (EngineAudioMixer *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIO_MIXER (self), 0);

  return (guint) g_atomic_int_get (&self->n_blocks);
}
