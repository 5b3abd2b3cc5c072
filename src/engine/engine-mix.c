/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/gst.h>

#include "engine-mix.h"

#define BLOCK        ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_VALUES (BLOCK * ENGINE_N_CHANNELS)

/**
 * engine_mix_init:
 * @self: (out): a mix in which nothing is wanted: not even empty lists
 */
void
engine_mix_init (EngineMix *self)
{
  *self = (EngineMix){ 0 };
  engine_match_init (&self->match);
  engine_gauge_init (&self->gauge);
  engine_limiter_init (&self->limiter);
  engine_loudness_meter_init (&self->meter);
  engine_listening_init (&self->listening);
}

void
engine_mix_clear (EngineMix *self)
{
  engine_match_clear (&self->match);
  engine_loudness_meter_clear (&self->meter);
}

static void
mix_inputs (EngineMix *self, gint64 position, float *mix)
{
  engine_listening_begin (&self->listening);
  for (guint i = 0; i < self->now.inputs->len; i++) {
    EngineInput *input = self->now.inputs->pdata[i];
    const gboolean any = engine_input_run (input, position);

    engine_listening_add (&self->listening, input);
    for (guint v = 0; any && v < BLOCK_VALUES; v++)
      mix[v] += input->after_fader[v];
  }
}

/* @gain is the mix's before this block. */
static void
feed_buses (EngineMix *self, gint64 position, float gain)
{
  for (guint b = 0; b < self->now.buses->len; b++)
    engine_bus_process (self->now.buses->pdata[b], self->now.inputs, gain, self->match.gain,
                        position);
}

static void
feed_listener (EngineMix *self, gint64 time_ns, const float *program)
{
  float samples[BLOCK_VALUES];

  if (self->now.listener == NULL)
    return;
  engine_listening_mix (&self->listening, program, samples);
  self->now.listener (samples, time_ns, self->now.listener_data);
}

/**
 * engine_mix_run:
 * @self: a mix whose wish is set
 * @position: the first frame of the block, counted from show time 0; blocks follow on
 *
 * Makes a block and gives it to all who want it. What they get is %ENGINE_LIMITER_DELAY_FRAMES older.
 */
void
engine_mix_run (EngineMix *self, gint64 position)
{
  const float gain = self->match.gain;
  const gint64 out_position = position - ENGINE_LIMITER_DELAY_FRAMES;
  const gint64 time_ns = out_position * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ;
  float mix[BLOCK_VALUES] = { 0 };

  mix_inputs (self, position, mix);
  engine_match_process (&self->match, self->now.match, mix, BLOCK);
  feed_buses (self, position, gain);
  engine_gauge_note_input (&self->gauge, mix, BLOCK);
  engine_limiter_process (&self->limiter, mix, BLOCK);
  engine_gauge_note_output (&self->gauge, mix, BLOCK);
  engine_ear_listen (&self->ear, mix, BLOCK);
  engine_loudness_meter_add (&self->meter, mix, BLOCK, self->now.n_air);
  if (out_position < 0)
    return;
  if (self->now.func != NULL)
    self->now.func (mix, time_ns, self->now.func_data);
  feed_listener (self, time_ns, mix);
}
