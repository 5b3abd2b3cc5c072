/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-gauge.h"
#include "engine-limiter.h"
#include "engine-loudness.h"
#include "engine-match.h"
#include "engine-testing.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define RATE  ENGINE_SAMPLE_RATE_HZ
#define BLOCK 480u

/* A sine of 1 kHz for so long: the test signals of EBU Tech 3341 are made of these. */
typedef struct {
  double level_db;
  double seconds;
} Piece;

typedef struct {
  EngineLoudnessMeter meter;
  gint64 n_frames; /* so far */
  float block[BLOCK * 2];
  guint n_block;
  EngineLoudness lowest; /* since watching began */
  EngineLoudness highest;
  double watch_from_s;
} Listener;

static void
listener_init (Listener *self, double watch_from_s)
{
  *self = (Listener){ .watch_from_s = watch_from_s };
  engine_loudness_meter_init (&self->meter);
  self->lowest = (EngineLoudness){ 100, 100, 100, 100, ENGINE_LOUDNESS_SILENT };
  self->highest = (EngineLoudness){ -200, -200, -200, -200, ENGINE_LOUDNESS_SILENT };
}

static void
listener_add (Listener *self, float left, float right)
{
  const EngineLoudness *now = &self->meter.loudness;

  self->block[self->n_block * 2] = left;
  self->block[self->n_block * 2 + 1] = right;
  self->n_frames++;
  if (++self->n_block < BLOCK)
    return;
  self->n_block = 0;
  engine_loudness_meter_add (&self->meter, self->block, BLOCK, 0);
  if ((double) self->n_frames / RATE < self->watch_from_s)
    return;
  self->lowest.momentary_lufs = MIN (self->lowest.momentary_lufs, now->momentary_lufs);
  self->highest.momentary_lufs = MAX (self->highest.momentary_lufs, now->momentary_lufs);
  self->lowest.short_lufs = MIN (self->lowest.short_lufs, now->short_lufs);
  self->highest.short_lufs = MAX (self->highest.short_lufs, now->short_lufs);
}

static void
listener_add_pieces (Listener *self, const Piece *pieces, guint n_pieces)
{
  for (guint p = 0; p < n_pieces; p++) {
    const double level = pow (10, pieces[p].level_db / 20);

    for (gint64 i = 0; i < (gint64) (pieces[p].seconds * RATE); i++) {
      const float sample =
        (float) (level * sin (2 * G_PI * 1000 * (double) (self->n_frames % RATE) / RATE));

      listener_add (self, sample, sample);
    }
  }
}

static double
integrate (const Piece *pieces, guint n_pieces)
{
  Listener listener;

  listener_init (&listener, 0);
  listener_add_pieces (&listener, pieces, n_pieces);
  engine_loudness_meter_clear (&listener.meter);
  return listener.meter.loudness.integrated_lufs;
}

static void
test_steady (void)
{
  static const double levels_db[] = { -23, -33 };

  for (guint i = 0; i < G_N_ELEMENTS (levels_db); i++) {
    const Piece piece = { levels_db[i], 20 };
    Listener listener;

    listener_init (&listener, 3.2);
    listener_add_pieces (&listener, &piece, 1);
    g_assert_cmpfloat_with_epsilon (listener.lowest.momentary_lufs, levels_db[i], 0.1);
    g_assert_cmpfloat_with_epsilon (listener.highest.momentary_lufs, levels_db[i], 0.1);
    g_assert_cmpfloat_with_epsilon (listener.lowest.short_lufs, levels_db[i], 0.1);
    g_assert_cmpfloat_with_epsilon (listener.highest.short_lufs, levels_db[i], 0.1);
    g_assert_cmpfloat_with_epsilon (listener.meter.loudness.integrated_lufs, levels_db[i], 0.1);
    engine_loudness_meter_clear (&listener.meter);
  }
}

static void
test_integrated (void)
{
  static const Piece third[] = { { -36, 10 }, { -23, 60 }, { -36, 10 } };
  static const Piece fourth[] = { { -72, 10 }, { -36, 10 }, { -23, 60 }, { -36, 10 }, { -72, 10 } };
  static const Piece fifth[] = { { -26, 20 }, { -20, 20.1 }, { -26, 20 } };

  g_assert_cmpfloat_with_epsilon (integrate (third, 3), -23, 0.1);
  g_assert_cmpfloat_with_epsilon (integrate (fourth, 5), -23, 0.1);
  g_assert_cmpfloat_with_epsilon (integrate (fifth, 3), -23, 0.1);
}

static void
test_windows (void)
{
  static const Piece ninth[] = { { -20, 1.34 }, { -30, 1.66 } };
  static const Piece twelfth[] = { { -20, 0.18 }, { -30, 0.22 } };
  Listener listener;

  listener_init (&listener, 3.2);
  for (guint i = 0; i < 5; i++)
    listener_add_pieces (&listener, ninth, 2);
  g_assert_cmpfloat_with_epsilon (listener.lowest.short_lufs, -23, 0.1);
  g_assert_cmpfloat_with_epsilon (listener.highest.short_lufs, -23, 0.1);
  engine_loudness_meter_clear (&listener.meter);

  listener_init (&listener, 1);
  for (guint i = 0; i < 25; i++)
    listener_add_pieces (&listener, twelfth, 2);
  g_assert_cmpfloat_with_epsilon (listener.lowest.momentary_lufs, -23, 0.1);
  g_assert_cmpfloat_with_epsilon (listener.highest.momentary_lufs, -23, 0.1);
  engine_loudness_meter_clear (&listener.meter);
}

/* Cases 15 to 19. */
static void
test_true_peak (void)
{
  static const struct {
    double divisor, degrees, amplitude, wanted_db;
  } cases[] = { { 4, 0, 0.5, -6 },
                { 4, 45, 0.5, -6 },
                { 6, 60, 0.5, -6 },
                { 8, 67.5, 0.5, -6 },
                { 4, 45, 1.41, 3 } };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    Listener listener;

    listener_init (&listener, 0);
    for (guint i = 0; i < RATE; i++) {
      const double angle = 2 * G_PI * (i / cases[c].divisor + cases[c].degrees / 360);
      /* Not from one sample to the next. */
      const double fade = MIN (1, MIN (i, RATE - i) / 4800.0);
      const float sample = (float) (cases[c].amplitude * fade * sin (angle));

      listener_add (&listener, sample, sample);
    }
    g_test_message ("case %u: %.2f dBTP", 15 + c, listener.meter.loudness.true_peak_db);
    g_assert_cmpfloat (listener.meter.loudness.true_peak_db, <=, cases[c].wanted_db + 0.2);
    g_assert_cmpfloat (listener.meter.loudness.true_peak_db, >=, cases[c].wanted_db - 0.4);
    engine_loudness_meter_clear (&listener.meter);
  }
}

static void
test_words (void)
{
  static const struct {
    double level_db;
    EngineLoudnessWord word;
  } cases[] = { { -16, ENGINE_LOUDNESS_GOOD },    { -21.2, ENGINE_LOUDNESS_QUIET },
                { -20.7, ENGINE_LOUDNESS_QUIET }, { -20.3, ENGINE_LOUDNESS_GOOD },
                { -12.8, ENGINE_LOUDNESS_LOUD },  { -13.3, ENGINE_LOUDNESS_LOUD },
                { -13.7, ENGINE_LOUDNESS_GOOD },  { -55, ENGINE_LOUDNESS_SILENT } };
  Listener listener;

  listener_init (&listener, 0);
  g_assert_cmpint (listener.meter.loudness.word, ==, ENGINE_LOUDNESS_SILENT);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Piece piece = { cases[i].level_db, 5 };

    listener_add_pieces (&listener, &piece, 1);
    g_assert_cmpint (listener.meter.loudness.word, ==, cases[i].word);
  }
  engine_loudness_meter_clear (&listener.meter);
}

/* Silence and nonsense are numbers, and going on air begins anew. */
static void
test_on_air (void)
{
  const Piece loud = { -6, 3 }, soft = { -30, 3 };
  float block[BLOCK * 2] = { 0 };
  Listener listener;

  listener_init (&listener, 0);
  for (guint i = 0; i < 100; i++)
    engine_loudness_meter_add (&listener.meter, block, BLOCK, 0);
  g_assert_cmpfloat (listener.meter.loudness.momentary_lufs, ==, ENGINE_SILENCE_DB);
  g_assert_cmpfloat (listener.meter.loudness.integrated_lufs, ==, ENGINE_SILENCE_DB);
  g_assert_cmpfloat (listener.meter.loudness.true_peak_db, ==, ENGINE_SILENCE_DB);
  listener_add_pieces (&listener, &loud, 1);
  g_assert_cmpfloat (listener.meter.loudness.integrated_lufs, >, -7);
  engine_loudness_meter_add (&listener.meter, block, BLOCK, 1);
  listener.meter.n_air = 0;
  listener_add_pieces (&listener, &soft, 1);
  g_assert_cmpfloat_with_epsilon (listener.meter.loudness.integrated_lufs, -30, 0.5);
  g_assert_cmpfloat_with_epsilon (listener.meter.loudness.true_peak_db, -30, 0.5);
  engine_loudness_meter_clear (&listener.meter);
}

/* Speech, as far as a meter knows: noise in syllables and sentences. */
static float
speak (GRand *rand, gint64 frame, double amplitude)
{
  const double syllable = 0.55 + 0.45 * sin (2 * G_PI * 4 * (double) frame / RATE);
  const gboolean pause = frame % (6 * RATE) > 5 * RATE;

  return pause ? 0 : (float) (amplitude * syllable * g_rand_double_range (rand, -1, 1));
}

static double
match (EngineMatch *self, GRand *rand, gboolean on, double amplitude, guint seconds,
       double *fastest_db)
{
  Listener listener;
  double last_db = self->gain_db;

  listener_init (&listener, 0);
  for (guint block = 0; block < seconds * 100; block++) {
    float samples[BLOCK * 2];

    for (guint i = 0; i < BLOCK; i++)
      samples[i * 2] = samples[i * 2 + 1] = speak (rand, (gint64) block * BLOCK + i, amplitude);
    engine_match_process (self, on, samples, BLOCK);
    if (block % 100 == 99) {
      *fastest_db = MAX (*fastest_db, fabs (self->gain_db - last_db));
      last_db = self->gain_db;
    }
    for (guint i = 0; i < BLOCK && block + 3000 >= seconds * 100; i++)
      listener_add (&listener, samples[i * 2], samples[i * 2 + 1]);
  }
  engine_loudness_meter_clear (&listener.meter);
  return listener.meter.loudness.integrated_lufs;
}

static void
test_match (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  EngineMatch self;
  double fastest_db = 0, before_db = 0;

  engine_match_init (&self);
  /* Too soft by some decibels, and far too soft. */
  g_assert_cmpfloat_with_epsilon (match (&self, rand, TRUE, 0.12, 90, &fastest_db), -16, 1);
  before_db = self.gain_db;
  g_assert_cmpfloat (before_db, >, 2);
  /* A pause of a minute, with the noise of a room, does not move it. */
  match (&self, rand, TRUE, 0.002, 60, &fastest_db);
  g_assert_cmpfloat (self.gain_db, ==, before_db);
  match (&self, rand, TRUE, 0.015, 120, &fastest_db);
  g_assert_cmpfloat (self.gain_db, <=, ENGINE_MATCH_MAX_DB);
  g_assert_cmpfloat (self.gain_db, >, 11.5);
  /* Too loud. */
  g_assert_cmpfloat_with_epsilon (match (&self, rand, TRUE, 0.9, 90, &fastest_db), -16, 1);
  /* Never faster than a calm hand. */
  g_assert_cmpfloat (fastest_db, <, 1.1);
  match (&self, rand, FALSE, 0.1, 10, &fastest_db);
  g_assert_cmpfloat (self.gain_db, ==, 0);
  engine_match_clear (&self);
}

/* The number after @name in what ffmpeg says at its end. */
static double
find_number (const char *text, const char *name)
{
  const char *summary = g_strrstr (text, "Summary:");
  const char *at = summary != NULL ? strstr (summary, name) : NULL;

  g_assert_nonnull (at);
  return g_ascii_strtod (at + strlen (name), NULL);
}

/* Writes a file of raw floats and has ffmpeg measure it. */
static void
ask_ffmpeg (GArray *samples, double *lufs, double *true_peak_db)
{
  char *folder = engine_testing_make_folder ();
  g_autofree char *path = g_build_filename (folder, "sound.f32", NULL);
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) ffmpeg = NULL;

  g_assert_true (
    g_file_set_contents (path, samples->data, (gssize) (samples->len * sizeof (float)), &error));
  g_assert_no_error (error);
  ffmpeg =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                      "ffmpeg", "-hide_banner", "-nostats", "-f",
                      G_BYTE_ORDER == G_LITTLE_ENDIAN ? "f32le" : "f32be", "-ar", "48000", "-ac",
                      "2", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (ffmpeg, NULL, NULL, NULL, &said, &error));
  g_assert_no_error (error);
  *lufs = find_number (said, "I:");
  *true_peak_db = find_number (said, "Peak:");
  engine_testing_remove_folder (folder);
}

/* What goes out of the limiter, measured by ffmpeg and by ourselves. */
static void
test_as_ffmpeg (void)
{
  static const double amplitudes[] = { 0.1, 0.8, 5 };
  g_autofree char *program = g_find_program_in_path ("ffmpeg");

  if (program == NULL) {
    g_test_skip ("ffmpeg is not installed");
    return;
  }
  for (guint a = 0; a < G_N_ELEMENTS (amplitudes); a++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (7 + a);
    g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (float));
    EngineLimiter limiter;
    Listener listener;
    double lufs = 0, true_peak_db = 0;

    engine_limiter_init (&limiter);
    listener_init (&listener, 0);
    for (guint block = 0; block < 1000; block++) {
      float out[BLOCK * 2];

      for (guint i = 0; i < BLOCK; i++) {
        const gint64 frame = (gint64) block * BLOCK + i;
        const double between = sin (2 * G_PI * ((double) frame / 4 + 0.125));

        out[i * 2] = speak (rand, frame, amplitudes[a]);
        out[i * 2 + 1] = (float) (amplitudes[a] * between) * (block / 50 % 2);
      }
      engine_limiter_process (&limiter, out, BLOCK);
      for (guint i = 0; i < BLOCK; i++)
        listener_add (&listener, out[i * 2], out[i * 2 + 1]);
      g_array_append_vals (samples, out, G_N_ELEMENTS (out));
    }
    ask_ffmpeg (samples, &lufs, &true_peak_db);
    g_test_message ("%g: %.2f LUFS and %.2f dBTP, ffmpeg %.1f and %.1f", amplitudes[a],
                    listener.meter.loudness.integrated_lufs, listener.meter.loudness.true_peak_db,
                    lufs, true_peak_db);
    g_assert_cmpfloat_with_epsilon (listener.meter.loudness.integrated_lufs, lufs, 0.1);
    g_assert_cmpfloat (true_peak_db, <=, -0.9);
    engine_loudness_meter_clear (&listener.meter);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/loudness/steady-tones", test_steady);
  g_test_add_func ("/engine/loudness/integrated-has-its-gates", test_integrated);
  g_test_add_func ("/engine/loudness/windows", test_windows);
  g_test_add_func ("/engine/loudness/true-peak", test_true_peak);
  g_test_add_func ("/engine/loudness/words", test_words);
  g_test_add_func ("/engine/loudness/going-on-air-begins-anew", test_on_air);
  g_test_add_func ("/engine/loudness/match-is-calm", test_match);
  g_test_add_func ("/engine/loudness/as-ffmpeg-measures-it", test_as_ffmpeg);
  return g_test_run ();
}
