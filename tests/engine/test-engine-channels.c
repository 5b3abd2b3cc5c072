/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-strip.h"

#include <math.h>

#define BLOCK 480u

/* What the channels carry, so that it is seen where each goes. */
#define LEFT  0.5f
#define RIGHT (-0.25f)

static void
run (EngineStrip *strip, EngineChannels channels, float *samples)
{
  const EngineSoundSettings settings = { .channels = channels };

  for (guint i = 0; i < BLOCK; i++) {
    samples[i * 2] = LEFT;
    samples[i * 2 + 1] = RIGHT;
  }
  engine_strip_process (strip, &settings, samples, BLOCK);
}

static void
assert_all (const float *samples, float left, float right)
{
  for (guint i = 0; i < BLOCK; i++) {
    g_assert_cmpfloat_with_epsilon (samples[i * 2], left, 1e-6);
    g_assert_cmpfloat_with_epsilon (samples[i * 2 + 1], right, 1e-6);
  }
}

static void
test_choices (void)
{
  static const struct {
    EngineChannels channels;
    float left, right;
  } choices[] = {
    { ENGINE_CHANNELS_STEREO, LEFT, RIGHT },
    { ENGINE_CHANNELS_LEFT, LEFT, LEFT },
    { ENGINE_CHANNELS_RIGHT, RIGHT, RIGHT },
    { ENGINE_CHANNELS_BOTH, (LEFT + RIGHT) / 2, (LEFT + RIGHT) / 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    const EngineSoundSettings settings = { .channels = choices[i].channels };
    float samples[BLOCK * ENGINE_N_CHANNELS];
    EngineStrip strip;

    engine_strip_init (&strip, &settings);
    run (&strip, choices[i].channels, samples);
    assert_all (samples, choices[i].left, choices[i].right);
  }
}

/* Across a block, without a jump that would be heard, and back to exactly what came. */
static void
test_moves_without_a_click (void)
{
  const EngineSoundSettings stereo = { .channels = ENGINE_CHANNELS_STEREO };
  const float step = 2 * (LEFT - RIGHT) / BLOCK;
  float samples[BLOCK * ENGINE_N_CHANNELS];
  EngineStrip strip;

  engine_strip_init (&strip, &stereo);
  run (&strip, ENGINE_CHANNELS_LEFT, samples);
  for (guint i = 1; i < BLOCK; i++)
    g_assert_cmpfloat (fabsf (samples[i * 2 + 1] - samples[i * 2 - 1]), <, step);
  g_assert_cmpfloat_with_epsilon (samples[BLOCK * 2 - 1], LEFT, 1e-6);
  run (&strip, ENGINE_CHANNELS_LEFT, samples);
  assert_all (samples, LEFT, LEFT);
  run (&strip, ENGINE_CHANNELS_STEREO, samples);
  g_assert_cmpfloat (samples[1], >, 0);
  run (&strip, ENGINE_CHANNELS_STEREO, samples);
  assert_all (samples, LEFT, RIGHT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/channels/each-goes-where-it-should", test_choices);
  g_test_add_func ("/engine/channels/moves-without-a-click", test_moves_without_a_click);

  return g_test_run ();
}
