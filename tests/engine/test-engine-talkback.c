/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-program.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"

#define RATE     ENGINE_SAMPLE_RATE_HZ
#define VOICE_HZ 700.0

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

/* A microphone that hums, as a sound server would offer it. */
#define TEST_TYPE_MICROPHONE (test_microphone_get_type ())
G_DECLARE_FINAL_TYPE (TestMicrophone, test_microphone, TEST, MICROPHONE, GstDevice)

struct _TestMicrophone {
  GstDevice parent_instance;
};

G_DEFINE_FINAL_TYPE (TestMicrophone, test_microphone, GST_TYPE_DEVICE)

static guint n_opened;

static GstElement *
create_element (GstDevice *device, const char *name)
{
  GstElement *element = gst_element_factory_make ("audiotestsrc", name);

  n_opened++;
  g_object_set (element, "is-live", TRUE, "freq", VOICE_HZ, "volume", 0.1, "samplesperbuffer", 480,
                NULL);
  return element;
}

static void
test_microphone_class_init (TestMicrophoneClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = create_element;
}

static void
test_microphone_init (TestMicrophone *self)
{
}

#define TEST_TYPE_PROVIDER (test_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestProvider, test_provider, TEST, PROVIDER, GstDeviceProvider)

struct _TestProvider {
  GstDeviceProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (TestProvider, test_provider, GST_TYPE_DEVICE_PROVIDER)

static GstDevice *
make_microphone (void)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("audio/x-raw");
  g_autoptr (GstStructure) properties =
    gst_structure_from_string ("props,node.name=desk,is-default=true", NULL);

  return g_object_new (TEST_TYPE_MICROPHONE, "device-class", "Audio/Source", "display-name", "Desk",
                       "caps", caps, "properties", properties, NULL);
}

static GList *
probe (GstDeviceProvider *provider)
{
  return g_list_append (NULL, g_object_ref_sink (make_microphone ()));
}

static gboolean
start_provider (GstDeviceProvider *provider)
{
  gst_device_provider_device_add (provider, make_microphone ());
  return TRUE;
}

static void
stop_provider (GstDeviceProvider *provider)
{
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  GstDeviceProviderClass *provider_class = GST_DEVICE_PROVIDER_CLASS (klass);

  provider_class->probe = probe;
  provider_class->start = start_provider;
  provider_class->stop = stop_provider;
  gst_device_provider_class_set_static_metadata (provider_class, "Test", "Source/Audio", "Hums",
                                                 "Régie");
}

static void
test_provider_init (TestProvider *self)
{
}

typedef struct {
  GMutex lock;
  GArray *samples; /* of float */
  guint wanted;
} Ear;

typedef struct {
  EngineProgram *program;
  EngineTalkback *talkback;
  EngineBus *buses[2];
  Ear ears[2];
  EngineTalkbackState state;
  guint n_notified;
} Fixture;

static void
hear_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Ear *ear = user_data;

  g_mutex_lock (&ear->lock);
  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++)
    g_array_append_val (ear->samples, samples[i * 2]);
  g_mutex_unlock (&ear->lock);
}

static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->program = engine_program_new (&format);
  self->talkback = engine_program_get_talkback (self->program);
  for (guint i = 0; i < G_N_ELEMENTS (self->buses); i++) {
    g_mutex_init (&self->ears[i].lock);
    self->ears[i].samples = g_array_new (FALSE, FALSE, sizeof (float));
    self->buses[i] = engine_program_add_bus (self->program, NULL);
    engine_bus_set_consumer (self->buses[i], hear_cb, &self->ears[i]);
  }
  n_opened = 0;
  g_signal_connect (self->talkback, "notify::state", G_CALLBACK (notify_cb), &self->n_notified);
  engine_program_start (self->program);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_program_stop (self->program);
  g_assert_cmpint (engine_talkback_get_state (self->talkback), ==, ENGINE_TALKBACK_STATE_OFF);
  for (guint i = 0; i < G_N_ELEMENTS (self->buses); i++) {
    engine_program_remove_bus (self->program, self->buses[i]);
    g_array_unref (self->ears[i].samples);
    g_mutex_clear (&self->ears[i].lock);
  }
  engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->program);
  for (guint i = 0; i < G_N_ELEMENTS (self->buses); i++)
    engine_testing_assert_finalizes (self->buses[i]);
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return engine_talkback_get_state (self->talkback) == self->state;
}

static void
wait_for_state (Fixture *self, EngineTalkbackState state)
{
  self->state = state;
  g_assert_true (engine_testing_wait (is_in_state, self, 10000));
}

static gboolean
has_enough (gpointer data)
{
  Ear *ear = data;

  g_mutex_lock (&ear->lock);
  const gboolean enough = ear->samples->len >= ear->wanted;
  g_mutex_unlock (&ear->lock);
  return enough;
}

/* The level of the voice in the next quarter of a second, after what is on its way. */
static double
hear (Fixture *self, guint nth)
{
  Ear *ear = &self->ears[nth];
  double level_db = 0;

  g_mutex_lock (&ear->lock);
  const guint first = ear->samples->len + RATE / 5;
  ear->wanted = first + RATE / 4;
  g_mutex_unlock (&ear->lock);
  g_assert_true (engine_testing_wait (has_enough, ear, 10000));
  g_mutex_lock (&ear->lock);
  level_db =
    engine_testing_tone_db (&g_array_index (ear->samples, float, first), RATE / 4, VOICE_HZ);
  g_mutex_unlock (&ear->lock);
  return level_db;
}

/* On a busy machine a microphone's delay has to grow first. */
static void
assert_hears (Fixture *self, guint nth)
{
  double level_db = hear (self, nth);

  for (guint i = 0; i < 20 && fabs (level_db + 20) > 0.5; i++)
    level_db = hear (self, nth);
  g_assert_cmpfloat_with_epsilon (level_db, -20, 0.5);
}

static void
test_talks (Fixture *self, gconstpointer data)
{
  double left_db = 0, right_db = 0;

  g_assert_cmpint (engine_talkback_get_state (self->talkback), ==, ENGINE_TALKBACK_STATE_OFF);
  engine_talkback_set_device (self->talkback, data);
  /* Nothing is opened before somebody is talked to. */
  wait_for_state (self, ENGINE_TALKBACK_STATE_READY);
  g_assert_cmpuint (n_opened, ==, 0);
  engine_talkback_set_buses (self->talkback, self->buses, 1);
  g_assert_true (engine_talkback_get_talking (self->talkback));
  wait_for_state (self, ENGINE_TALKBACK_STATE_LIVE);
  assert_hears (self, 0);
  g_assert_cmpfloat (hear (self, 1), <, -100);
  engine_program_get_levels (self->program, &left_db, &right_db);
  g_assert_cmpfloat (left_db, <, -100);

  engine_talkback_set_buses (self->talkback, self->buses + 1, 1);
  assert_hears (self, 1);
  g_assert_cmpfloat (hear (self, 0), <, -100);
  engine_talkback_set_buses (self->talkback, self->buses, 2);
  assert_hears (self, 0);
  assert_hears (self, 1);

  /* Released, the microphone stays open for a while, and nobody hears it. */
  engine_talkback_set_buses (self->talkback, NULL, 0);
  g_assert_false (engine_talkback_get_talking (self->talkback));
  g_assert_cmpfloat (hear (self, 0), <, -100);
  g_assert_cmpfloat (hear (self, 1), <, -100);
  g_assert_cmpint (engine_talkback_get_state (self->talkback), ==, ENGINE_TALKBACK_STATE_LIVE);
  engine_talkback_set_buses (self->talkback, self->buses, 1);
  assert_hears (self, 0);
  g_assert_cmpuint (n_opened, ==, 1);
}

/* A microphone that is not there: it says so, and all else goes on; another one is taken at once. */
static void
test_missing (Fixture *self, gconstpointer data)
{
  engine_talkback_set_device (self->talkback, "no-such-microphone");
  engine_talkback_set_buses (self->talkback, self->buses, 1);
  wait_for_state (self, ENGINE_TALKBACK_STATE_LOST);
  g_assert_error ((GError *) engine_talkback_get_error (self->talkback), ENGINE_ERROR,
                  ENGINE_ERROR_NOT_FOUND);
  engine_talkback_set_device (self->talkback, "desk");
  wait_for_state (self, ENGINE_TALKBACK_STATE_LIVE);
  g_assert_no_error (engine_talkback_get_error (self->talkback));
  assert_hears (self, 0);
  /* Switched off while it is pressed, nobody is talked to, and nothing is softer. */
  engine_talkback_set_device (self->talkback, NULL);
  g_assert_false (engine_talkback_get_talking (self->talkback));
  g_assert_cmpint (engine_talkback_get_state (self->talkback), ==, ENGINE_TALKBACK_STATE_OFF);
  g_assert_cmpfloat (hear (self, 0), <, -100);
  engine_talkback_set_buses (self->talkback, self->buses, 2);
  g_assert_false (engine_talkback_get_talking (self->talkback));
}

/* Pressed and released as fast as fingers can, and a bus that goes away meanwhile. */
static void
test_quick (Fixture *self, gconstpointer data)
{
  EngineBus *gone = engine_program_add_bus (self->program, NULL);
  EngineBus *buses[] = { gone, self->buses[0] };

  engine_talkback_set_device (self->talkback, "desk");
  for (guint i = 0; i < 40; i++) {
    engine_talkback_set_buses (self->talkback, buses, i % 3);
    engine_testing_run_for (i % 5);
  }
  engine_talkback_set_buses (self->talkback, buses, 2);
  engine_program_remove_bus (self->program, gone);
  wait_for_state (self, ENGINE_TALKBACK_STATE_LIVE);
  assert_hears (self, 0);
  engine_talkback_set_buses (self->talkback, NULL, 0);
  engine_testing_assert_finalizes (gone);
  g_assert_cmpuint (n_opened, ==, 1);
}

#define ADD(path, data, func) \
  g_test_add ("/engine/talkback/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  gst_device_provider_register (NULL, "testprovider", GST_RANK_PRIMARY + 100, TEST_TYPE_PROVIDER);
  ADD ("talks", "desk", test_talks);
  ADD ("talks-by-default", "default", test_talks);
  ADD ("missing", NULL, test_missing);
  ADD ("quick", NULL, test_quick);
  return g_test_run ();
}
