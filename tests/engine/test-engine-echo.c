/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-echo.h"

#include <math.h>

/* Packets of AAC: 1024 samples. */
#define PACKET_SAMPLES 1024
#define RATE_HZ        48000

static guint32
mix (guint32 value)
{
  value ^= value >> 16;
  value *= 0x7feb352du;
  value ^= value >> 15;
  value *= 0x846ca68bu;
  return value ^ value >> 16;
}

/* How loud a speaker is at a time: syllables, words and pauses, never the same twice. */
static double
get_speech (guint seed, gint64 time_ms)
{
  const guint32 syllable = mix ((guint32) (time_ms / 230) + seed * 1000003u);
  const guint32 phrase = mix ((guint32) (time_ms / 1900) + seed * 7000003u);
  const gboolean pause = phrase % 5 == 0;

  return pause ? 0.002 : 0.01 + (double) (syllable % 100) / 300;
}

static double
get_noise (GRand *rand)
{
  return g_rand_double_range (rand, 0.85, 1.15);
}

/* From one time to another, @delay_ms after it was made, @gain times as loud. */
static void
listen (EngineEcho *echo, gint64 from_ms, gint64 to_ms, int delay_ms, double gain, GRand *rand)
{
  const double packet_ms = 1000.0 * PACKET_SAMPLES / RATE_HZ;

  for (double at_ms = (double) from_ms; at_ms < (double) to_ms; at_ms += packet_ms) {
    const double level = gain * get_speech (1, (gint64) at_ms - delay_ms) * get_noise (rand);

    engine_echo_note_sound (echo, (gint64) at_ms, level * level * PACKET_SAMPLES, PACKET_SAMPLES);
  }
}

static void
draw (guint8 *fields, gint64 time_ms, int brighter)
{
  for (guint i = 0; i < ENGINE_ECHO_N_FIELDS; i++) {
    fields[i] = (guint8) (40 + mix ((guint32) (time_ms / 40) * 256 + i) % 150 + (guint) brighter);
  }
}

static void
test_delay_of_speech (void)
{
  static const int delays_ms[] = { 0, 340, 2150, 7960, 31070, 74990 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint i = 0; i < G_N_ELEMENTS (delays_ms); i++) {
    EngineEcho sent, back;
    int found_ms = 0;

    engine_echo_init (&sent);
    engine_echo_init (&back);
    listen (&sent, 1000000, 1150000, 0, 1, rand);
    /* Others encode it anew, and make it softer. */
    listen (&back, 1130000, 1150000, delays_ms[i], 0.4, rand);
    found_ms = engine_echo_find_delay_of_sound (&sent, &back, 1150000);
    g_test_message ("%d ms: %d ms", delays_ms[i], found_ms);
    /* What came back of before the hundred seconds that are kept cannot be known. */
    g_assert_cmpint (ABS (found_ms - delays_ms[i]), <=, 100);
  }
}

/* Where it cannot be told it is not: too little, a tone, a beat, or another programme. */
static void
test_unknown (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  EngineEcho sent, back;

  engine_echo_init (&sent);
  engine_echo_init (&back);
  g_assert_cmpint (engine_echo_find_delay (&sent, &back, 1000), ==, -1);
  listen (&sent, 1000000, 1100000, 0, 1, rand);
  g_assert_cmpint (engine_echo_find_delay (&sent, &back, 1100000), ==, -1);
  listen (&back, 1095000, 1100000, 3000, 1, rand);
  g_assert_cmpint (engine_echo_find_delay (&sent, &back, 1100000), ==, -1);

  for (guint kind = 0; kind < 3; kind++) {
    engine_echo_init (&sent);
    engine_echo_init (&back);
    for (gint64 at_ms = 1000000; at_ms < 1100000; at_ms += 20) {
      const double beat = at_ms % 500 < 60 ? 0.5 : 0.01;
      const double level = kind == 0 ? 0.3 : kind == 1 ? beat : get_speech (1, at_ms);
      const double other = kind == 2 ? get_speech (2, at_ms) : level;

      engine_echo_note_sound (&sent, at_ms, level * level * 960, 960);
      engine_echo_note_sound (&back, at_ms, other * other * 960, 960);
    }
    g_assert_cmpint (engine_echo_find_delay (&sent, &back, 1100000), ==, -1);
  }
}

/* Somebody who breaks off and comes back later is late by more from then on. */
static void
test_gap (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  EngineEcho sent, back;
  int found_ms = 0;

  engine_echo_init (&sent);
  engine_echo_init (&back);
  listen (&sent, 1000000, 1200000, 0, 1, rand);
  listen (&back, 1100000, 1150000, 2000, 1, rand);
  listen (&back, 1169000, 1200000, 9000, 1, rand);
  found_ms = engine_echo_find_delay_of_sound (&sent, &back, 1200000);
  g_assert_cmpint (ABS (found_ms - 9000), <=, 100);
  /* What has not come for long says nothing of now. */
  g_assert_cmpint (engine_echo_find_delay_of_sound (&sent, &back, 1230000), ==, -1);
}

static void
test_delay_of_pictures (void)
{
  EngineEcho sent, back;
  guint8 fields[ENGINE_ECHO_N_FIELDS];
  int found_ms = 0;

  engine_echo_init (&sent);
  engine_echo_init (&back);
  for (gint64 at_ms = 1000000; at_ms < 1090000; at_ms += 2000) {
    draw (fields, at_ms, 0);
    engine_echo_note_picture (&sent, at_ms, fields);
    draw (fields, at_ms, 3);
    engine_echo_note_picture (&back, at_ms + 6250, fields);
  }
  found_ms = engine_echo_find_delay_of_pictures (&sent, &back, 1096000);
  g_assert_cmpint (found_ms, ==, 6250);
  g_assert_cmpint (engine_echo_find_delay (&sent, &back, 1096000), ==, 6250);

  /* Slides that stand still could be from any time. */
  engine_echo_init (&sent);
  engine_echo_init (&back);
  draw (fields, 0, 0);
  for (gint64 at_ms = 1000000; at_ms < 1090000; at_ms += 2000) {
    engine_echo_note_picture (&sent, at_ms, fields);
    engine_echo_note_picture (&back, at_ms + 6250, fields);
  }
  g_assert_cmpint (engine_echo_find_delay_of_pictures (&sent, &back, 1096000), ==, -1);
}

static void
test_still (void)
{
  EngineEcho echo;
  guint8 fields[ENGINE_ECHO_N_FIELDS];

  engine_echo_init (&echo);
  g_assert_cmpuint (engine_echo_get_still_ms (&echo, 1000), ==, 0);
  g_assert_false (engine_echo_moves_throughout (&echo, 0, 1000));
  for (gint64 at_ms = 100000; at_ms < 120000; at_ms += 2000) {
    draw (fields, at_ms, 0);
    engine_echo_note_picture (&echo, at_ms, fields);
  }
  g_assert_cmpuint (engine_echo_get_still_ms (&echo, 119000), ==, 0);
  g_assert_true (engine_echo_moves_throughout (&echo, 100000, 119000));
  for (gint64 at_ms = 120000; at_ms < 134000; at_ms += 2000) {
    draw (fields, 118000, (int) (at_ms / 2000 % 3)); /* as an encoder leaves it */
    engine_echo_note_picture (&echo, at_ms, fields);
  }
  g_assert_cmpuint (engine_echo_get_still_ms (&echo, 134000), ==, 16000);
  g_assert_false (engine_echo_moves_throughout (&echo, 100000, 134000));
}

static void
test_quiet (void)
{
  EngineEcho echo;

  engine_echo_init (&echo);
  g_assert_cmpint (engine_echo_get_longest_quiet_ms (&echo, 0, 5000), ==, 5000);
  for (gint64 at_ms = 100000; at_ms < 120000; at_ms += 20) {
    const double level = at_ms >= 108000 && at_ms < 113000 ? 0.001 : 0.1;

    engine_echo_note_sound (&echo, at_ms, level * level * 960, 960);
  }
  g_assert_cmpint (engine_echo_get_longest_quiet_ms (&echo, 100000, 120000), ==, 5000);
  g_assert_cmpint (engine_echo_get_longest_quiet_ms (&echo, 113000, 120000), ==, 0);
  g_assert_cmpint (engine_echo_get_longest_quiet_ms (&echo, 113000, 124000), ==, 4000);
  /* Much later the old is forgotten, and a time before it is left out. */
  engine_echo_note_sound (&echo, 1000000, 1, 960);
  engine_echo_note_sound (&echo, 100000, 1, 960);
  g_assert_cmpint (engine_echo_get_longest_quiet_ms (&echo, 990000, 1000000), ==, 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/echo/delay-of-speech", test_delay_of_speech);
  g_test_add_func ("/engine/echo/unknown-is-said", test_unknown);
  g_test_add_func ("/engine/echo/longer-after-a-gap", test_gap);
  g_test_add_func ("/engine/echo/delay-of-pictures", test_delay_of_pictures);
  g_test_add_func ("/engine/echo/still-pictures", test_still);
  g_test_add_func ("/engine/echo/quiet", test_quiet);
  return g_test_run ();
}
