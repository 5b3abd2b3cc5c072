/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-listening.h"

#define BLOCK        ENGINE_AUDIO_BLOCK_FRAMES
#define BLOCK_VALUES (BLOCK * ENGINE_N_CHANNELS)

void
engine_listening_init (EngineListening *self)
{
  *self = (EngineListening){ 0 };
  engine_limiter_init (&self->limiter);
}

void
engine_listening_begin (EngineListening *self)
{
  memset (self->solo, 0, sizeof self->solo);
  self->n_solo = 0;
}

/**
 * engine_listening_add:
 * @self: a listening that was begun for this block
 * @input: an input that has run
 */
void
engine_listening_add (EngineListening *self, EngineInput *input)
{
  const float wanted = input->now.solo ? 1 : 0;
  const float step = (wanted - input->solo) / BLOCK;

  self->n_solo += input->now.solo ? 1 : 0;
  if (input->has_sound && (wanted > 0 || input->solo > 0)) {
    for (guint i = 0; i < BLOCK; i++) {
      const float gain = input->solo + step * (float) (i + 1);

      for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
        self->solo[i * ENGINE_N_CHANNELS + c] +=
          gain * input->before_fader[i * ENGINE_N_CHANNELS + c];
    }
  }
  input->solo = wanted;
}

/**
 * engine_listening_mix:
 * @self: a listening to which all inputs were added
 * @program: the block of the program that goes out
 * @samples: (out): what is to be heard: of the same time
 */
void
engine_listening_mix (EngineListening *self, const float *program, float *samples)
{
  const float wanted = self->n_solo > 0 ? 1 : 0;
  const float step = (wanted - self->share) / BLOCK;

  engine_limiter_process (&self->limiter, self->solo, BLOCK);
  for (guint i = 0; i < BLOCK_VALUES; i++) {
    const float share = self->share + step * (float) (i / ENGINE_N_CHANNELS + 1);

    samples[i] = program[i] + share * (self->solo[i] - program[i]);
  }
  self->share = wanted;
}
