/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-cleaner.h"

#include <gst/app/app.h>
#include <math.h>
#include <string.h>

#define RATE    48000
#define SECONDS 6
#define PIECE   480

#define CAPS    "audio/x-raw,format=F32LE,rate=48000,channels=2,layout=interleaved"

/* A pipeline with a cleaner in it: what goes in, and what came out at which time. */
typedef struct {
  EngineCleaner *cleaner;
  GstElement *pipeline;
  GstElement *source;
  GstElement *sink;
  float *in;  /* mono */
  float *out; /* at the running time that it bears */
} Fixture;

/* Syllables of a voice on the hiss of a bad microphone: 200 ms each half second. */
static void
make_voice (float *samples)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < RATE * SECONDS; i++) {
    const guint at = i % (RATE / 2);
    const double t = (double) i / RATE;
    const double hz = 150 * (1 + 0.1 * sin (2 * G_PI * 3 * t));
    double voice = 0;

    for (guint k = 1; k < 12 && at < 9600; k++)
      voice +=
        0.2 * sin (2 * G_PI * hz * k * t) / k * MIN (1, MIN (at / 100.0, (9600 - at) / 2000.0));
    samples[i] = (float) (voice + g_rand_double_range (rand, -0.004, 0.004));
  }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);
  g_autoptr (GError) error = NULL;
  GstElement *entry = NULL;

  self->cleaner = engine_cleaner_new ();
  self->in = g_new0 (float, RATE *SECONDS);
  self->out = g_new0 (float, RATE *SECONDS);
  make_voice (self->in);
  self->pipeline = gst_pipeline_new (NULL);
  self->source = gst_element_factory_make ("appsrc", NULL);
  self->sink = gst_element_factory_make ("appsink", NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), self->source, self->sink, NULL);
  g_object_set (self->source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  g_object_set (self->sink, "caps", caps, "sync", FALSE, NULL);
  engine_cleaner_set (self->cleaner, GPOINTER_TO_INT (data), FALSE);
  entry = engine_cleaner_make (self->cleaner, self->pipeline, self->sink, &error);
  g_assert_no_error (error);
  g_assert_true (gst_element_link (self->source, entry));
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_assert_finalize_object (self->cleaner);
  g_free (self->in);
  g_free (self->out);
}

static void
push (Fixture *self, guint first)
{
  float *stereo = g_new (float, PIECE * 2);
  GstBuffer *buffer = gst_buffer_new_wrapped (stereo, PIECE * 2 * sizeof (float));

  for (guint i = 0; i < PIECE; i++)
    stereo[i * 2] = stereo[i * 2 + 1] = self->in[first + i];
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_int (first, GST_SECOND, RATE);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (PIECE, GST_SECOND, RATE);
  g_assert_cmpint (gst_app_src_push_buffer (GST_APP_SRC (self->source), buffer), ==, GST_FLOW_OK);
}

static void
take_in (Fixture *self, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  guint64 running_ns = 0;
  const int sign =
    gst_segment_to_running_time_full (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                      GST_BUFFER_PTS (buffer), &running_ns);
  const gint64 first = sign * (gint64) gst_util_uint64_scale_round (running_ns, RATE, GST_SECOND);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (guint i = 0; i < map.size / sizeof (float) / 2; i++) {
    if (first + i >= 0 && first + i < RATE * SECONDS)
      self->out[first + i] = ((const float *) map.data)[i * 2];
  }
  gst_buffer_unmap (buffer, &map);
}

/* Pushes so much and waits until it has come out, but for what a cleaner keeps. */
static void
flow (Fixture *self, guint first, guint end)
{
  for (guint at = first; at < end; at += PIECE) {
    g_autoptr (GstSample) sample = NULL;

    push (self, at);
    sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (self->sink),
                                    at < first + 4 * PIECE ? GST_SECOND / 5 : GST_SECOND * 5);
    if (sample != NULL)
      take_in (self, sample);
  }
}

static double
power_db (const float *samples, guint first, guint n)
{
  double sum = 1e-15;

  for (guint i = first; i < first + n; i++)
    sum += (double) samples[i] * samples[i];
  return 10 * log10 (sum / n);
}

/* By how many frames what came out is later than what went in, around @first. */
static int
find_shift (Fixture *self, guint first)
{
  double best = 0;
  int shift = 0;

  for (int d = -960; d <= 960; d++) {
    double sum = 0;

    for (guint i = first; i < first + 9000; i += 3)
      sum += (double) self->in[i] * self->out[(int) i + d];
    if (sum > best) {
      best = sum;
      shift = d;
    }
  }
  return shift;
}

static gboolean
is_missing (void)
{
  if (engine_cleaner_is_available ())
    return FALSE;
  g_test_skip ("webrtcdsp is not installed");
  return TRUE;
}

static void
test_off (Fixture *self, gconstpointer data)
{
  flow (self, 0, RATE);
  g_assert_cmpmem (self->out, RATE * sizeof (float), self->in, RATE * sizeof (float));
}

/* The hiss between the syllables goes, the syllables stay, and stay where they are. */
static void
test_noise (Fixture *self, gconstpointer data)
{
  const guint pause = 5 * RATE + 14400, syllable = 5 * RATE;

  if (is_missing ())
    return;
  flow (self, 0, RATE * SECONDS);
  g_test_message ("pause %.1f to %.1f dB, voice %.1f to %.1f dB, shift %d frames",
                  power_db (self->in, pause, 7200), power_db (self->out, pause, 7200),
                  power_db (self->in, syllable, 9600), power_db (self->out, syllable, 9600),
                  find_shift (self, syllable));
  g_assert_cmpfloat (power_db (self->out, pause, 7200), <, power_db (self->in, pause, 7200) - 6);
  g_assert_cmpfloat_with_epsilon (power_db (self->out, syllable, 9600),
                                  power_db (self->in, syllable, 9600), 2);
  g_assert_cmpint (ABS (find_shift (self, syllable)), <, 96);
}

/* Put in while sound flows, and taken out again: it never stops, and is as it was afterwards. */
static void
test_live (Fixture *self, gconstpointer data)
{
  if (is_missing ())
    return;
  flow (self, 0, RATE);
  engine_cleaner_set (self->cleaner, TRUE, TRUE);
  flow (self, RATE, 4 * RATE);
  g_assert_cmpfloat (power_db (self->out, 3 * RATE + 14400, 7200), <,
                     power_db (self->in, 3 * RATE + 14400, 7200) - 3);
  engine_cleaner_set (self->cleaner, FALSE, FALSE);
  flow (self, 4 * RATE, 6 * RATE);
  g_assert_cmpmem (self->out + 5 * RATE, RATE / 2 * sizeof (float), self->in + 5 * RATE,
                   RATE / 2 * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add ("/engine/cleaner/off-is-as-it-came", Fixture, GINT_TO_POINTER (FALSE), set_up,
              test_off, tear_down);
  g_test_add ("/engine/cleaner/noise-goes-voice-stays-in-time", Fixture, GINT_TO_POINTER (TRUE),
              set_up, test_noise, tear_down);
  g_test_add ("/engine/cleaner/comes-and-goes-while-sound-flows", Fixture, GINT_TO_POINTER (FALSE),
              set_up, test_live, tear_down);
  return g_test_run ();
}
