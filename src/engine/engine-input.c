/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-input.h"

#define BLOCK        ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_VALUES (BLOCK * ENGINE_N_CHANNELS)

/* No sound is as loud as this; what a broken decoder gives may be. */
#define HIGHEST 8.0f

EngineInput *
engine_input_new (EngineSlot *slot)
{
  EngineInput *self = g_new0 (EngineInput, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->slot = g_object_ref (slot);
  self->wish = (EngineInputWish){ .gain = 1, .ramp_frames = BLOCK };
  self->levels = ENGINE_LEVELS_SILENCE;
  self->now = self->wish;
  self->gain = 1;
  self->follow = 1;
  engine_strip_init (&self->strip, &self->now.settings);
  engine_gauge_init (&self->gauge);
  return self;
}

EngineInput *
engine_input_ref (EngineInput *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_input_unref (EngineInput *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count)) {
    g_object_unref (self->slot);
    g_free (self);
  }
}

static gboolean
is_heard (const EngineInput *self)
{
  switch (self->now.settings.follows) {
  case ENGINE_FOLLOW_ALWAYS:
    return TRUE;
  case ENGINE_FOLLOW_SEEN:
    return self->now.seen;
  case ENGINE_FOLLOW_NEVER:
    return FALSE;
  }
  g_return_val_if_reached (TRUE);
}

/* Sound that comes earlier than its picture is not to be had: then the picture is made to wait. */
static gboolean
read_delayed (EngineInput *self, gint64 position, float *samples)
{
  const gint64 wanted = MAX (0, self->now.settings.delay_ms) * ENGINE_SAMPLE_RATE_HZ / 1000;
  const gint64 before = self->delay_frames;
  float old[BLOCK_VALUES];
  gboolean any = engine_slot_read_sound (self->slot, position - wanted, BLOCK, samples);

  self->delay_frames = wanted;
  if (wanted == before || !self->has_sound)
    return any;

  /* From one place to another: across a block, or it would click. */
  any |= engine_slot_read_sound (self->slot, position - before, BLOCK, old);
  for (guint i = 0; i < BLOCK_VALUES; i++) {
    const float share = (float) (i / ENGINE_N_CHANNELS + 1) / BLOCK;

    samples[i] = old[i] + share * (samples[i] - old[i]);
  }
  return any;
}

/* A broken decoder's NaN would stay in filters and limiter for ever. */
static void
make_finite (float *samples)
{
  for (guint i = 0; i < BLOCK_VALUES; i++)
    samples[i] = isfinite (samples[i]) ? CLAMP (samples[i], -HIGHEST, HIGHEST) : 0;
}

/* From the gain it had to the gain that is wanted, and in or out with the shot. */
static void
apply_fader (EngineInput *self)
{
  const float gain_step = (self->now.gain - self->gain) / BLOCK;
  const float wanted = is_heard (self) ? 1 : 0;
  const float follow_step = 1.0f / (float) MAX (self->now.ramp_frames, BLOCK);
  float gain = self->gain;
  float follow = self->follow;

  for (guint i = 0; i < BLOCK; i++) {
    gain += gain_step;
    follow =
      follow < wanted ? MIN (wanted, follow + follow_step) : MAX (wanted, follow - follow_step);
    for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
      const guint at = i * ENGINE_N_CHANNELS + c;

      self->after_fader[at] = self->before_fader[at] * gain * follow;
    }
  }
  self->gain = self->now.gain;
  self->follow_from = self->follow;
  self->follow = follow;
}

/**
 * engine_input_run:
 * @self: an input
 * @position: the first frame of the block, counted from show time 0
 *
 * Makes the next block, before and after the fader. A source that is not heard is read as well, so
 * that it is on time when it comes back. The mixer's thread only.
 *
 * Returns: whether there is any sound; if not, the blocks have silence
 */
gboolean
engine_input_run (EngineInput *self, gint64 position)
{
  const gboolean had_sound = self->has_sound;
  EngineTap *tap = engine_slot_get_tap (self->slot, ENGINE_TAP_TRACK);

  self->has_sound = read_delayed (self, position, self->before_fader);
  if (!self->has_sound) {
    if (had_sound)
      memset (self->after_fader, 0, sizeof self->after_fader);
    engine_strip_init (&self->strip, &self->now.settings);
    self->gain = self->now.gain;
    self->follow = self->follow_from = is_heard (self) ? 1 : 0;
    engine_ear_forget (&self->ear);
    if (engine_tap_is_wanted (tap))
      engine_tap_push_block (tap, NULL, BLOCK, position);
    return FALSE;
  }
  make_finite (self->before_fader);
  engine_gauge_note_input (&self->gauge, self->before_fader, BLOCK);
  engine_ear_listen (&self->ear, self->before_fader, BLOCK);
  engine_strip_process (&self->strip, &self->now.settings, self->before_fader, BLOCK);
  if (engine_tap_is_wanted (tap))
    engine_tap_push_block (tap, self->before_fader, BLOCK, position);
  apply_fader (self);
  engine_gauge_note_output (&self->gauge, self->after_fader, BLOCK);
  return TRUE;
}
