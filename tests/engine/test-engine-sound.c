/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"

#include <math.h>

#define RATE ENGINE_SAMPLE_RATE_HZ

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

/* A source of a file with a tone of 1 kHz, and what the mixer makes of it. */
typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
  char *folder;

  GMutex lock; /* guards the next two */
  GArray *left;
  GArray *right;
} Fixture;

static void
hear_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Fixture *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++) {
    g_array_append_val (self->left, samples[i * 2]);
    g_array_append_val (self->right, samples[i * 2 + 1]);
  }
  g_mutex_unlock (&self->lock);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_mutex_init (&self->lock);
  self->left = g_array_new (FALSE, FALSE, sizeof (float));
  self->right = g_array_new (FALSE, FALSE, sizeof (float));
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
  engine_audio_mixer_set_consumer (self->mixer, hear_cb, NULL, self);
  engine_audio_mixer_start (self->mixer);
  self->folder = engine_testing_make_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_audio_mixer_stop (self->mixer);
  _engine_source_stop (self->source);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
  engine_testing_remove_folder (self->folder);
  g_array_unref (self->left);
  g_array_unref (self->right);
  g_mutex_clear (&self->lock);
}

/* Writes three seconds of a tone at −12 dB; @shape comes between the tone and the file. */
static char *
write_tone (Fixture *self, const char *shape)
{
  char *path = g_build_filename (self->folder, "tone.wav", NULL);
  g_autofree char *line = g_strdup_printf (
    "audiotestsrc freq=1000 volume=0.251189 samplesperbuffer=480 num-buffers=300 ! "
    "audio/x-raw,format=F32LE,rate=48000,channels=1 ! audioconvert ! audioresample ! %s ! "
    "wavenc ! filesink location=%s",
    shape, path);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return path;
}

static gboolean
has_heard (gpointer data)
{
  Fixture *self = data;
  gboolean enough = FALSE;

  g_mutex_lock (&self->lock);
  enough = self->left->len > RATE &&
           engine_testing_tone_db ((const float *) self->left->data + self->left->len - RATE / 2,
                                   RATE / 4, 1000) > -40;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* Plays a file as a source; levels are of half a second in the midst of it. */
static void
play (Fixture *self, const char *shape, const EngineSoundSettings *settings, double *left_db,
      double *right_db)
{
  g_autofree char *path = write_tone (self, shape);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const EngineSourceConfig config = { .id = "tone",
                                      .title = "Tone",
                                      .kind = ENGINE_SOURCE_URI,
                                      .uri = uri,
                                      .loop = TRUE,
                                      .delay_ms = -1,
                                      .sound_settings = *settings,
                                      .lost_sentence = "Signal lost" };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (engine_testing_wait (has_heard, self, 20000));
  engine_testing_run_for (600);
  g_mutex_lock (&self->lock);
  const guint from = self->left->len - RATE / 2;
  *left_db = engine_testing_tone_db ((const float *) self->left->data + from, RATE / 2, 1000);
  *right_db = engine_testing_tone_db ((const float *) self->right->data + from, RATE / 2, 1000);
  g_mutex_unlock (&self->lock);
}

/* What is the same on both sides comes out as loud as it went in. */
static void
check_as_it_came (Fixture *self, const char *shape)
{
  const EngineSoundSettings plain = { 0 };
  double left_db = 0, right_db = 0;

  play (self, shape, &plain, &left_db, &right_db);
  g_test_message ("%.2f and %.2f dB", left_db, right_db);
  g_assert_cmpfloat_with_epsilon (left_db, -12, 0.1);
  g_assert_cmpfloat_with_epsilon (right_db, -12, 0.1);
}

static void
test_cd (Fixture *self, gconstpointer data)
{
  check_as_it_came (self, "audio/x-raw,rate=44100,channels=2,format=S16LE");
}

static void
test_mono (Fixture *self, gconstpointer data)
{
  check_as_it_came (self, "audio/x-raw,rate=48000,channels=1,format=S16LE");
}

static void
test_telephone (Fixture *self, gconstpointer data)
{
  check_as_it_came (self, "audio/x-raw,rate=8000,channels=1,format=S16LE");
}

/* A speaker is in the middle of 5.1: both sides have them, as ITU-R BS.775 has it 3 dB softer. */
static void
test_surround (Fixture *self, gconstpointer data)
{
  const EngineSoundSettings plain = { 0 };
  double left_db = 0, right_db = 0;

  play (self,
        "audioconvert mix-matrix=\"<<(float)0>,<(float)0>,<(float)1>,<(float)0>,<(float)0>,"
        "<(float)0>>\" ! audio/x-raw,rate=48000,channels=6,channel-mask=(bitmask)0x3f,format=S16LE",
        &plain, &left_db, &right_db);
  g_test_message ("%.2f and %.2f dB", left_db, right_db);
  g_assert_cmpfloat_with_epsilon (left_db, -15.01, 0.1);
  g_assert_cmpfloat_with_epsilon (right_db, -15.01, 0.1);
}

/* What an event file says counts from the beginning, and is told. */
static void
test_settings (Fixture *self, gconstpointer data)
{
  const EngineSoundSettings settings = { .pan = -1, .delay_ms = -5000, .compressor = 7 };
  double left_db = 0, right_db = 0;
  const EngineSoundSettings *now = NULL;

  play (self, "audio/x-raw,rate=48000,channels=2,format=S16LE", &settings, &left_db, &right_db);
  g_assert_cmpfloat (right_db, <, -100);
  g_assert_cmpfloat (left_db, >, -14);
  now = engine_source_get_sound_settings (self->source);
  g_assert_cmpfloat (now->pan, ==, -1);
  g_assert_cmpint (now->delay_ms, ==, -1000);
  g_assert_cmpint (now->compressor, ==, TRUE);
  engine_source_set_sound_settings (self->source, &(EngineSoundSettings){ .pan = NAN });
  g_assert_cmpfloat (engine_source_get_sound_settings (self->source)->pan, ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/sound/44100-hz", test_cd);
  ADD ("/engine/sound/mono-is-in-the-middle", test_mono);
  ADD ("/engine/sound/8000-hz", test_telephone);
  ADD ("/engine/sound/surround-is-mixed-down", test_surround);
  ADD ("/engine/sound/settings-count-from-the-beginning", test_settings);
  return g_test_run ();
}
