/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-audio-mixer.h"
#include "engine-limiter.h"

#define BLOCK        ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_VALUES (BLOCK * ENGINE_N_CHANNELS)

/* After more than this (a suspended machine) the mixer goes on from now instead of catching up. */
#define MAX_LATE_NS (2 * (gint64) GST_SECOND)

/* Levels are told every so many blocks: 20 times a second. */
#define BLOCKS_A_LEVEL 5

#define SILENCE_DB     (-120.0)

typedef struct {
  EngineSlot *slot; /* NULL: the program */
  float gain;       /* where the ramp is */
  float wanted;
  float peak[ENGINE_N_CHANNELS]; /* since the levels were last told */
  float shown[ENGINE_N_CHANNELS];
  EngineEar ear; /* before the fader; of the program: what goes out */
} Input;

/**
 * EngineAudioMixer:
 *
 * Makes the program's sound: a block of 10 ms at each of its times, from whatever the slots have
 * then; what is missing is silence. It has a thread of its own and never waits for a source, for
 * the picture, or for what comes after it. Gains move in ramps of one block, without clicks.
 *
 * Its setters belong to any thread and take effect with the next block.
 */
struct _EngineAudioMixer {
  GObject parent_instance;

  EngineClock *clock;
  GThread *thread; /* nullable */
  gint running;    /* atomic */

  GMutex lock;       /* guards all below */
  GPtrArray *inputs; /* of Input */
  Input program;
  EngineAudioMixerFunc func;
  EngineAudioMixerLevelsFunc levels_func;
  gpointer func_data;
  guint64 n_blocks;

  EngineLimiter limiter; /* only the thread */
};

G_DEFINE_FINAL_TYPE (EngineAudioMixer, engine_audio_mixer, G_TYPE_OBJECT)

static void
input_free (Input *input)
{
  g_object_unref (input->slot);
  g_free (input);
}

/* Brings a block from the gain it had to the gain that is wanted, and notes its peaks. */
static void
apply_gain (Input *input, float *samples)
{
  const float step = (input->wanted - input->gain) / BLOCK;

  for (guint i = 0; i < BLOCK; i++) {
    const float gain = input->gain + step * (float) (i + 1);

    for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
      samples[i * ENGINE_N_CHANNELS + c] *= gain;
  }
  input->gain = input->wanted;
}

static void
note_peaks (Input *input, const float *samples)
{
  for (guint i = 0; i < BLOCK; i++) {
    for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
      input->peak[c] = fmaxf (input->peak[c], fabsf (samples[i * ENGINE_N_CHANNELS + c]));
  }
}

static void
show_peaks (Input *input)
{
  memcpy (input->shown, input->peak, sizeof input->shown);
  memset (input->peak, 0, sizeof input->peak);
}

/* Locked. A muted source is read as well, so that it is on time when it comes back. */
static void
mix_input (Input *input, gint64 position, float *mix)
{
  float samples[BLOCK_VALUES];

  if (!engine_slot_read_sound (input->slot, position, BLOCK, samples)) {
    input->gain = input->wanted;
    engine_ear_forget (&input->ear);
    return;
  }
  engine_ear_listen (&input->ear, samples, BLOCK);
  apply_gain (input, samples);
  note_peaks (input, samples);
  for (guint i = 0; i < BLOCK_VALUES; i++) {
    /* A broken decoder's NaN would stay in the limiter for ever. */
    if (isfinite (samples[i]))
      mix[i] += CLAMP (samples[i], -8.0f, 8.0f);
  }
}

static void
mix_block (EngineAudioMixer *self, gint64 position)
{
  float mix[BLOCK_VALUES] = { 0 };
  EngineAudioMixerFunc func = NULL;
  EngineAudioMixerLevelsFunc levels_func = NULL;
  gpointer data = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->inputs->len; i++)
    mix_input (self->inputs->pdata[i], position, mix);
  apply_gain (&self->program, mix);
  engine_limiter_process (&self->limiter, mix, BLOCK);
  note_peaks (&self->program, mix);
  engine_ear_listen (&self->program.ear, mix, BLOCK);
  func = self->func;
  data = self->func_data;
  if (++self->n_blocks % BLOCKS_A_LEVEL == 0) {
    for (guint i = 0; i < self->inputs->len; i++)
      show_peaks (self->inputs->pdata[i]);
    show_peaks (&self->program);
    levels_func = self->levels_func;
  }
  g_mutex_unlock (&self->lock);

  const gint64 out_position = position - ENGINE_LIMITER_DELAY_FRAMES;
  if (func != NULL && out_position >= 0)
    func (mix, out_position * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ, data);
  if (levels_func != NULL)
    levels_func (data);
}

static gpointer
run (gpointer data)
{
  EngineAudioMixer *self = data;
  GstClock *clock = engine_clock_get_gst_clock (self->clock);
  const gint64 base = (gint64) engine_clock_get_base_time (self->clock);
  gint64 block = engine_clock_get_now (self->clock) / (10 * (gint64) GST_MSECOND) + 1;

  while (g_atomic_int_get (&self->running)) {
    const gint64 end_ns = (block + 1) * 10 * (gint64) GST_MSECOND;
    const gint64 late_ns = engine_clock_get_now (self->clock) - end_ns;

    if (late_ns < 0) {
      GstClockID id = gst_clock_new_single_shot_id (clock, (GstClockTime) (base + end_ns));

      gst_clock_id_wait (id, NULL);
      gst_clock_id_unref (id);
    } else if (late_ns > MAX_LATE_NS) {
      block += late_ns / (10 * (gint64) GST_MSECOND);
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
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_audio_mixer_parent_class)->dispose (object);
}

static void
engine_audio_mixer_finalize (GObject *object)
{
  g_mutex_clear (&ENGINE_AUDIO_MIXER (object)->lock);
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
  self->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) input_free);
  self->program.gain = self->program.wanted = 1;
  engine_limiter_init (&self->limiter);
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
static Input *
find_input (EngineAudioMixer *self, EngineSlot *slot)
{
  if (slot == NULL)
    return &self->program;
  for (guint i = 0; i < self->inputs->len; i++) {
    Input *input = self->inputs->pdata[i];

    if (input->slot == slot)
      return input;
  }
  return NULL;
}

void
engine_audio_mixer_add_slot (EngineAudioMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  Input *input = g_new0 (Input, 1);

  input->slot = g_object_ref (slot);
  input->gain = input->wanted = 1;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->inputs, input);
  g_mutex_unlock (&self->lock);
}

void
engine_audio_mixer_remove_slot (EngineAudioMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->inputs, find_input (self, slot));
  g_mutex_unlock (&self->lock);
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
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  Input *input = find_input (self, slot);
  if (input != NULL)
    input->wanted = (float) gain;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_audio_mixer_set_program_gain:
 * @self: a mixer
 * @gain: a factor for the whole program, 0 while it pauses
 */
void
engine_audio_mixer_set_program_gain (EngineAudioMixer *self, double gain)
{
  engine_audio_mixer_set_gain (self, NULL, gain);
}

/**
 * engine_audio_mixer_set_consumer:
 * @self: a mixer
 * @func: (nullable) (scope forever): gets each block, in the mixer's thread
 * @levels_func: (nullable) (scope forever): told that levels moved, in the mixer's thread
 * @user_data: for both; must outlive the mixer's thread
 */
void
engine_audio_mixer_set_consumer (EngineAudioMixer *self, EngineAudioMixerFunc func,
                                 EngineAudioMixerLevelsFunc levels_func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->func = func;
  self->levels_func = levels_func;
  self->func_data = user_data;
  g_mutex_unlock (&self->lock);
}

static double
to_db (float peak)
{
  return peak > 0 ? MAX (20 * log10 (peak), SILENCE_DB) : SILENCE_DB;
}

/**
 * engine_audio_mixer_get_levels:
 * @self: a mixer
 * @slot: (nullable): one of its slots, or `NULL` for the program
 * @left_db: (out): the highest sample of the last 50 ms, in dBFS, after fader and mute; −120 for
 *   silence
 * @right_db: (out): the same for the right channel
 *
 * Any thread.
 */
void
engine_audio_mixer_get_levels (EngineAudioMixer *self, EngineSlot *slot, double *left_db,
                               double *right_db)
{
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  const Input *input = find_input (self, slot);
  *left_db = input != NULL ? to_db (input->shown[0]) : SILENCE_DB;
  *right_db = input != NULL ? to_db (input->shown[1]) : SILENCE_DB;
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
  g_return_if_fail (ENGINE_IS_AUDIO_MIXER (self));

  g_mutex_lock (&self->lock);
  const Input *input = find_input (self, slot);
  *hearing = input != NULL ? input->ear.hearing : (EngineHearing){ 0 };
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

  g_mutex_lock (&self->lock);
  const guint64 n_blocks = self->n_blocks;
  g_mutex_unlock (&self->lock);
  return n_blocks;
}
