/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-mix.h"
#include "engine-testing-tone.h"

#define BLOCK     ENGINE_AUDIO_BLOCK_FRAMES
#define RATE      ENGINE_SAMPLE_RATE_HZ
#define N_SOURCES 4
#define TALKER    3 /* not in the mix */
#define AMPLITUDE 0.2f
#define FULL_DB   (-13.98)

static const double tones_hz[N_SOURCES] = { 440, 1000, 1500, 2200 };

/* What a guest hears: 0 is the guest on air, 1 one in the green room, 2 the room itself. */
typedef struct {
  EngineMix mix;
  EngineSlot *slots[N_SOURCES];
  EngineInput *inputs[TALKER];
  EngineBus *bus;   /* without 0 */
  EngineBus *other; /* without 1 */
  GArray *program;
  GArray *heard;
  GArray *heard_by_other;
  gint64 n_blocks;
} Fixture;

static void
hear_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  for (guint i = 0; i < BLOCK; i++)
    g_array_append_val ((GArray *) user_data, samples[i * 2]);
}

static EngineBus *
add_bus (Fixture *self, guint excluded, GArray *heard)
{
  EngineBus *bus = engine_bus_new (self->slots[excluded]);

  engine_bus_set_consumer (bus, hear_cb, heard);
  g_ptr_array_add (self->mix.now.buses, bus);
  return bus;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->program = g_array_new (FALSE, FALSE, sizeof (float));
  self->heard = g_array_new (FALSE, FALSE, sizeof (float));
  self->heard_by_other = g_array_new (FALSE, FALSE, sizeof (float));
  engine_mix_init (&self->mix);
  self->mix.now = (EngineMixWish){
    .inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_input_unref),
    .buses = g_ptr_array_new_with_free_func (g_object_unref),
    .func = hear_cb,
    .func_data = self->program,
  };
  self->n_blocks = 0;
  for (guint i = 0; i < N_SOURCES; i++)
    self->slots[i] = engine_slot_new (30);
  for (guint i = 0; i < TALKER; i++) {
    self->inputs[i] = engine_input_new (self->slots[i]);
    g_ptr_array_add (self->mix.now.inputs, self->inputs[i]);
  }
  self->bus = add_bus (self, 0, self->heard);
  self->other = add_bus (self, 1, self->heard_by_other);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->mix.now.inputs);
  g_ptr_array_unref (self->mix.now.buses);
  engine_mix_clear (&self->mix);
  for (guint i = 0; i < N_SOURCES; i++)
    g_assert_finalize_object (self->slots[i]);
  g_array_unref (self->program);
  g_array_unref (self->heard);
  g_array_unref (self->heard_by_other);
}

/* A second in which those of @sources (bits) say their tones. */
static void
run_second (Fixture *self, guint sources)
{
  g_autofree float *samples = g_new (float, RATE * 2);
  const gint64 first = self->n_blocks * BLOCK;

  for (guint s = 0; s < N_SOURCES; s++) {
    if ((sources & (1u << s)) == 0)
      continue;
    for (guint i = 0; i < RATE; i++) {
      const double t = (double) (first + i) / RATE;

      samples[i * 2] = samples[i * 2 + 1] = AMPLITUDE * (float) sin (2 * G_PI * tones_hz[s] * t);
    }
    engine_slot_push_sound (self->slots[s], samples, RATE,
                            first * (gint64) GST_SECOND / RATE + 1000);
  }
  for (guint block = 0; block < 100; block++)
    engine_mix_run (&self->mix, self->n_blocks++ * BLOCK);
}

static void
run_two (Fixture *self, guint sources)
{
  run_second (self, sources);
  run_second (self, sources);
}

/* In the last half of a second. */
static double
level_of (GArray *heard, guint source)
{
  const guint n = RATE / 2;

  return engine_testing_tone_db ((const float *) heard->data + heard->len - n, n, tones_hz[source]);
}

static void
assert_level (GArray *heard, guint source, double level_db)
{
  if (level_db < -150)
    g_assert_cmpfloat (level_of (heard, source), <, -100);
  else
    g_assert_cmpfloat_with_epsilon (level_of (heard, source), level_db, 0.15);
}

/* No tone of those that are heard together moves faster than this, and a little for the ramps. */
static void
assert_no_click (GArray *heard, guint from, guint sources)
{
  const float *samples = (const float *) heard->data;
  double allowed = 0;

  for (guint s = 0; s < N_SOURCES; s++) {
    if ((sources & (1u << s)) != 0)
      allowed += AMPLITUDE * (2 * sin (G_PI * tones_hz[s] / RATE) + 1.5 / BLOCK);
  }
  for (guint i = MAX (from, 1); i < heard->len; i++)
    g_assert_cmpfloat (fabs ((double) (samples[i] - samples[i - 1])), <=, allowed);
}

/* Of oneself there is not a single bit, whatever faders and loudness do. */
static void
test_own_is_zero (Fixture *self, gconstpointer data)
{
  self->mix.now.match = TRUE;
  self->inputs[0]->now.gain = 1.7f;
  for (guint i = 0; i < 4; i++)
    run_second (self, 1u << 0);
  g_assert_cmpfloat (level_of (self->program, 0), >, -20);
  for (guint i = 0; i < self->heard->len; i++)
    g_assert_true (g_array_index (self->heard, float, i) == 0);
  assert_level (self->heard_by_other, 0, level_of (self->program, 0));
}

/* The green room: heard by who is set to hear it, as it is before the fader, and by nobody else. */
static void
test_extras (Fixture *self, gconstpointer data)
{
  EngineSlot *const extras[] = { self->slots[1], self->slots[0], self->slots[1] };
  const guint all = 0x7;
  guint from = 0;

  self->inputs[1]->now.settings.follows = ENGINE_FOLLOW_SEEN;
  self->inputs[1]->now.gain = 0.25f;
  run_two (self, all);
  from = self->heard->len;
  engine_bus_set_extras (self->bus, extras, G_N_ELEMENTS (extras));
  run_two (self, all);
  assert_level (self->heard, 1, FULL_DB);
  assert_level (self->heard, 2, FULL_DB);
  assert_level (self->heard, 0, -200);
  assert_level (self->program, 1, -200);
  assert_level (self->heard_by_other, 1, -200);
  engine_bus_set_extras (self->bus, NULL, 0);
  run_two (self, all);
  assert_level (self->heard, 1, -200);
  assert_level (self->heard, 2, FULL_DB);
  assert_no_click (self->heard, from, all);
  /* Not yet faded out, and wanted again. */
  for (guint i = 0; i < 20; i++) {
    engine_bus_set_extras (self->bus, extras, i % 2);
    engine_mix_run (&self->mix, self->n_blocks++ * BLOCK);
  }
}

/* On air the program has it: not twice, at its fader, and not at all when it is muted. */
static void
test_extra_on_air (Fixture *self, gconstpointer data)
{
  EngineSlot *const extras[] = { self->slots[1] };
  EngineInputWish *wish = &self->inputs[1]->now;
  const guint all = 0x7;
  guint from = 0;

  wish->settings.follows = ENGINE_FOLLOW_SEEN;
  wish->ramp_frames = RATE / 2;
  engine_bus_set_extras (self->bus, extras, 1);
  run_two (self, all);
  from = self->heard->len;
  wish->seen = TRUE;
  run_two (self, all);
  assert_level (self->heard, 1, FULL_DB);
  assert_level (self->program, 1, FULL_DB);
  /* On the way from one to the other nothing was louder or softer. */
  for (guint i = from; i + RATE / 10 < self->heard->len; i += RATE / 10)
    g_assert_cmpfloat_with_epsilon (engine_testing_tone_db ((const float *) self->heard->data + i,
                                                            RATE / 10, tones_hz[1]),
                                    FULL_DB, 0.2);
  wish->gain = 0.5f;
  run_two (self, all);
  assert_level (self->heard, 1, FULL_DB - 6.02);
  wish->gain = 0;
  run_two (self, all);
  assert_level (self->heard, 1, -200);
  wish->gain = 1;
  wish->seen = FALSE;
  run_two (self, all);
  assert_level (self->heard, 1, FULL_DB);
  assert_level (self->program, 1, -200);
  assert_no_click (self->heard, from, all);
}

/* Heard by those who are talked to, with all else a quarter as loud; by nobody else. */
static void
test_talker (Fixture *self, gconstpointer data)
{
  const guint all = 0xf;
  guint from = 0;

  run_two (self, all);
  from = self->heard->len;
  engine_bus_set_talker (self->bus, self->slots[TALKER]);
  run_two (self, all);
  assert_level (self->heard, TALKER, FULL_DB);
  assert_level (self->heard, 1, FULL_DB - 12);
  assert_level (self->heard, 2, FULL_DB - 12);
  assert_level (self->heard, 0, -200);
  assert_level (self->heard_by_other, TALKER, -200);
  assert_level (self->heard_by_other, 2, FULL_DB);
  assert_level (self->program, TALKER, -200);
  assert_level (self->program, 1, FULL_DB);
  engine_bus_set_talker (self->bus, NULL);
  run_two (self, all);
  assert_level (self->heard, TALKER, -200);
  assert_level (self->heard, 1, FULL_DB);
  assert_no_click (self->heard, from, all);
  g_assert_cmpfloat (level_of (self->heard, 0), <, -150);
}

/* A device that gives what is no number harms nobody for longer than it gives it. */
static void
test_broken_talker (Fixture *self, gconstpointer data)
{
  float samples[BLOCK * 2];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = i % 3 == 0 ? (float) NAN : 1e30f;
  engine_bus_set_talker (self->bus, self->slots[TALKER]);
  engine_slot_push_sound (self->slots[TALKER], samples, BLOCK, 0);
  run_two (self, 0x7);
  for (guint i = 0; i < self->heard->len; i++)
    g_assert_true (fabsf (g_array_index (self->heard, float, i)) <= 1);
  assert_level (self->heard, 1, FULL_DB - 12);
}

#define ADD(path, func) g_test_add ("/engine/bus/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("own-is-zero", test_own_is_zero);
  ADD ("extras", test_extras);
  ADD ("extra-on-air", test_extra_on_air);
  ADD ("talker", test_talker);
  ADD ("broken-talker", test_broken_talker);
  return g_test_run ();
}
