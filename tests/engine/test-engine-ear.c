/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ear.h"

#include <math.h>

#define BLOCK 480u

/* What a source sounds like at a time: the two channels. */
typedef void (*Sound) (double time_s, float *left, float *right);

static guint random_seed;

static double
noise (void)
{
  random_seed = random_seed * 1664525u + 1013904223u;
  return (double) (random_seed >> 8) / (double) (1u << 23) - 1;
}

static double
from_db (double level_db)
{
  return pow (10, level_db / 20);
}

static double
sine (double time_s, double hz, double level_db)
{
  return from_db (level_db) * sqrt (2) * sin (2 * G_PI * hz * time_s);
}

static void
both (double value, float *left, float *right)
{
  *left = *right = (float) value;
}

/* A man's voice: syllables with harmonics of a pitch that moves, breath, and pauses between words
 * and sentences. */
static double
speak (double time_s)
{
  const double syllable = fmod (time_s, 0.22) / 0.22;
  const gboolean pause = fmod (time_s, 1.1) > 0.85 || fmod (time_s, 5) > 4;
  const double pitch = 112 + 14 * sin (2 * G_PI * 0.4 * time_s);
  double value = 0;

  if (pause)
    return from_db (-65) * noise ();
  for (int i = 1; i <= 12; i++)
    value += sin (2 * G_PI * pitch * i * time_s) / i;
  return 0.12 * sin (G_PI * syllable) * value + from_db (-60) * noise ();
}

/* Listens for so long with a new ear. */
static EngineHearing
hear (Sound sound, double seconds)
{
  static EngineEar ear; /* zero once more below: it is large */
  float samples[BLOCK * ENGINE_N_CHANNELS];

  random_seed = 1;
  ear = (EngineEar){ 0 };
  for (guint64 frame = 0; frame < (guint64) (seconds * ENGINE_SAMPLE_RATE_HZ); frame += BLOCK) {
    for (guint i = 0; i < BLOCK; i++)
      sound ((double) (frame + i) / ENGINE_SAMPLE_RATE_HZ, &samples[i * 2], &samples[i * 2 + 1]);
    engine_ear_listen (&ear, samples, BLOCK);
  }
  return ear.hearing;
}

static void
digital_zero (double time_s, float *left, float *right)
{
  both (0, left, right);
}

static void
soft_noise (double time_s, float *left, float *right)
{
  both (sqrt (3) * from_db (-80) * noise (), left, right);
}

static void
voice (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
}

static void
voice_then_zero (double time_s, float *left, float *right)
{
  both (time_s < 2 ? speak (time_s) : 0, left, right);
}

static void
test_silence (void)
{
  const EngineHearing noisy = hear (soft_noise, 10);
  const EngineHearing spoken = hear (voice, 9.9); /* within a sentence */

  g_assert_true (noisy.any);
  g_assert_cmpuint (noisy.quiet_ms, ==, 10000);
  g_assert_cmpfloat_with_epsilon (noisy.rms_db, -80, 0.2);
  g_assert_cmpuint (spoken.quiet_ms, <=, 1200);
}

static void
test_zero_is_not_noise (void)
{
  const EngineHearing zero = hear (digital_zero, 10);
  const EngineHearing stopped = hear (voice_then_zero, 5);

  g_assert_cmpuint (zero.zero_ms, ==, 10000);
  g_assert_cmpfloat (zero.rms_db, ==, -120);
  g_assert_false (zero.sounded);
  g_assert_cmpuint (hear (soft_noise, 10).zero_ms, ==, 0);
  g_assert_cmpuint (stopped.zero_ms, ==, 3000);
  g_assert_true (stopped.sounded);
  g_assert_cmpuint (stopped.quiet_ms, ==, 3000);
}

static void
left_only (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
  *right = 0;
}

static void
right_with_hiss_left (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
  *left = (float) (from_db (-85) * noise ());
}

static void
panned (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
  *right *= 0.1f;
}

static void
left_then_both (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
  if (time_s < 3)
    *right = 0;
}

static void
test_one_channel (void)
{
  EngineHearing hearing = hear (left_only, 12);

  g_assert_cmpint (hearing.missing, ==, ENGINE_CHANNEL_RIGHT);
  /* Pauses do not count, and do not begin it anew. */
  g_assert_cmpuint (hearing.missing_ms, >, 6000);
  g_assert_cmpuint (hearing.missing_ms, <, 12000);
  hearing = hear (right_with_hiss_left, 12);
  g_assert_cmpint (hearing.missing, ==, ENGINE_CHANNEL_LEFT);
  g_assert_cmpuint (hearing.missing_ms, >, 6000);
  g_assert_cmpint (hear (panned, 12).missing, ==, ENGINE_CHANNEL_NONE);
  g_assert_cmpint (hear (voice, 12).missing, ==, ENGINE_CHANNEL_NONE);
  g_assert_cmpint (hear (digital_zero, 12).missing, ==, ENGINE_CHANNEL_NONE);
  g_assert_cmpint (hear (left_then_both, 5).missing, ==, ENGINE_CHANNEL_NONE);
}

static void
overdriven (double time_s, float *left, float *right)
{
  both (CLAMP (12 * speak (time_s), -1, 1), left, right);
}

static void
loud (double time_s, float *left, float *right)
{
  both (0.998 * sin (2 * G_PI * 440 * time_s), left, right);
}

/* The peaks of a record that was made loud: a sample at full scale now and then. */
static void
full_scale_clicks (double time_s, float *left, float *right)
{
  both (fmod (time_s, 0.01) < 1.0 / ENGINE_SAMPLE_RATE_HZ ? 1 : 0.2 * noise (), left, right);
}

static void
test_clipping (void)
{
  g_assert_cmpuint (hear (overdriven, 3.8).clipped_ms, >, 300);
  g_assert_cmpuint (hear (loud, 4).clipped_ms, ==, 0);
  g_assert_cmpuint (hear (full_scale_clicks, 4).clipped_ms, ==, 0);
  g_assert_cmpuint (hear (voice, 4).clipped_ms, ==, 0);
}

/* Mains as they come in through a bad cable: a little off, with harmonics. */
static double
hum (double time_s, double hz)
{
  return sine (time_s, hz, -42) + sine (time_s, 2 * hz, -48) + sine (time_s, 3 * hz, -46);
}

static void
hum_50 (double time_s, float *left, float *right)
{
  both (hum (time_s, 49.9) + speak (time_s), left, right);
}

static void
hum_60 (double time_s, float *left, float *right)
{
  both (hum (time_s, 60.05) + speak (time_s), left, right);
}

static void
hum_on_one_side (double time_s, float *left, float *right)
{
  both (speak (time_s), left, right);
  *left += (float) hum (time_s, 50);
}

static void
faint_hum (double time_s, float *left, float *right)
{
  both (from_db (-25) * hum (time_s, 50) + speak (time_s), left, right);
}

static void
test_hum_under_a_voice (void)
{
  const EngineHearing hearing = hear (hum_50, 15);

  g_assert_cmpuint (hearing.hum_hz, ==, 50);
  g_assert_cmpfloat_with_epsilon (hearing.hum_db, -40, 3);
  g_assert_cmpuint (hear (hum_60, 15).hum_hz, ==, 60);
  g_assert_cmpuint (hear (hum_on_one_side, 15).hum_hz, ==, 50);
  /* Nobody would hear it. */
  g_assert_cmpuint (hear (faint_hum, 15).hum_hz, ==, 0);
  /* Nothing is said before there is something to say it from. */
  g_assert_cmpuint (hear (hum_50, 4.5).hum_hz, ==, 0);
}

/* A bass drum of 50 Hz twice a second, as the music before a talk has it. */
static void
bass_drum (double time_s, float *left, float *right)
{
  const double since = fmod (time_s, 0.5);

  both (sine (since, 50, -12) * exp (-12 * since) + from_db (-30) * noise () * exp (-40 * since) +
          sine (time_s, 440, -30),
        left, right);
}

/* A bass that plays the notes around 50 and 100 Hz, each as long as it lasts, under chords. */
static void
bass_line (double time_s, float *left, float *right)
{
  static const double notes_hz[] = { 49.0, 65.4, 50.0, 58.3, 98.0, 73.4 };
  const guint note = (guint) (time_s / 1.5) % G_N_ELEMENTS (notes_hz);
  const double since = fmod (time_s, 1.5);

  both (sine (since, notes_hz[note], -15) * exp (-since) + sine (time_s, 262, -22) +
          sine (time_s, 330, -22) + sine (time_s, 392, -22),
        left, right);
}

/* An organ holds its pedal, but there is more to hear. */
static void
organ (double time_s, float *left, float *right)
{
  both (sine (time_s, 50, -24) + sine (time_s, 262, -18) + sine (time_s, 330, -18) +
          sine (time_s, 392, -18) + sine (time_s, 523, -18),
        left, right);
}

/* Wind in a microphone, or traffic: deep noise. */
static void
rumble (double time_s, float *left, float *right)
{
  static double value;

  value = time_s > 0 ? value * 0.99 + 0.02 * noise () : 0;
  both (value, left, right);
}

static void
test_no_hum_in_music (void)
{
  static const struct {
    const char *name;
    Sound sound;
  } others[] = {
    { "voice", voice },          { "bass drum", bass_drum }, { "bass line", bass_line },
    { "organ", organ },          { "rumble", rumble },       { "soft noise", soft_noise },
    { "silence", digital_zero },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    /* At several times: a bar of music may end well. */
    for (guint seconds = 6; seconds <= 20; seconds += 7) {
      const EngineHearing hearing = hear (others[i].sound, seconds);

      if (hearing.hum_hz != 0)
        g_error ("%u Hz at %.1f dB in %s after %u s", hearing.hum_hz, hearing.hum_db,
                 others[i].name, seconds);
    }
  }
}

static void
test_forgets (void)
{
  EngineEar ear = { 0 };
  float samples[BLOCK * ENGINE_N_CHANNELS] = { 0 };

  for (guint i = 0; i < 30; i++)
    engine_ear_listen (&ear, samples, BLOCK);
  g_assert_true (ear.hearing.any);
  g_assert_cmpuint (ear.hearing.zero_ms, ==, 200);
  engine_ear_forget (&ear);
  g_assert_false (ear.hearing.any);
  g_assert_cmpuint (ear.hearing.zero_ms, ==, 0);
}

/* A broken decoder's NaN is neither heard nor kept. */
static void
test_survives_nan (void)
{
  EngineEar ear = { 0 };
  float samples[BLOCK * ENGINE_N_CHANNELS];

  for (guint i = 0; i < 20 + 20 * (ENGINE_EAR_N_WINDOWS + 1); i++) {
    for (guint v = 0; v < G_N_ELEMENTS (samples); v++)
      samples[v] = i < 20 ? NAN : (float) sine ((double) (i * BLOCK + v / 2) / 48000, 50, -20);
    engine_ear_listen (&ear, samples, BLOCK);
  }
  g_assert_cmpfloat_with_epsilon (ear.hearing.rms_db, -20, 0.1);
  g_assert_cmpuint (ear.hearing.hum_hz, ==, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/ear/counts-silence", test_silence);
  g_test_add_func ("/engine/ear/tells-digital-zero-from-noise", test_zero_is_not_noise);
  g_test_add_func ("/engine/ear/finds-the-missing-channel", test_one_channel);
  g_test_add_func ("/engine/ear/finds-flat-tops", test_clipping);
  g_test_add_func ("/engine/ear/hears-hum-under-a-voice", test_hum_under_a_voice);
  g_test_add_func ("/engine/ear/hears-no-hum-in-music", test_no_hum_in_music);
  g_test_add_func ("/engine/ear/forgets-what-is-gone", test_forgets);
  g_test_add_func ("/engine/ear/survives-what-is-no-number", test_survives_nan);

  return g_test_run ();
}
