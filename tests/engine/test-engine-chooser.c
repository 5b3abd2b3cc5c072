/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-chooser.h"
#include "engine-testing-encoders.h"
#include "engine-testing.h"
#include "engine-trial.h"

/* This very program is what tries the encoders: see main (). */

static const EngineFormat format = { 320, 180, 30, 1000000, 64000 };

static gboolean
is_over (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
tried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Tries @factory; returns why it is refused, or NULL. */
static char *
try_encoder (const char *factory, double *cost_cores)
{
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;
  EngineChoice choice = { 0 };
  gboolean passed = FALSE;

  for (choice.codec = 0; !g_str_equal (engine_codecs_get (choice.codec)->factory, factory);)
    choice.codec++;
  engine_trial_try_async (&choice, &format, NULL, tried_cb, &result);
  g_assert_true (engine_testing_wait (is_over, &result, 5000));
  passed = engine_trial_try_finish (result, cost_cores, &error);
  g_object_unref (result);
  g_assert_true (passed == (error == NULL));
  return passed ? NULL : g_strdup (error->message);
}

static void
assert_refused (const char *factory, const char *word)
{
  double cost_cores = 0;
  g_autofree char *reason = try_encoder (factory, &cost_cores);

  g_test_message ("%s: %s", factory, reason != NULL ? reason : "passed");
  g_assert_nonnull (reason);
  g_assert_nonnull (strstr (reason, word));
}

/* Whatever a driver does, this process knows within two seconds, and lives. */
static void
test_trials (void)
{
  double cost_cores = 0;

  assert_refused ("vah264enc", "crashes");
  assert_refused ("vah264lpenc", "hangs");
  assert_refused ("vaapih264enc", "no keyframe");
  assert_refused ("nvautogpuh264enc", "takes");
  assert_refused ("nvh264enc", "kbit/s");
  assert_refused ("qsvh264enc", "not what it was given");
  g_assert_null (try_encoder ("v4l2h264enc", &cost_cores));
  g_assert_null (try_encoder ("x264enc", &cost_cores));
  g_assert_cmpfloat (cost_cores, >, 0);
  g_assert_cmpfloat (cost_cores, <, 1);
}

static void
chosen_cb (EngineChooser *chooser, gpointer user_data)
{
  *(gpointer *) user_data = chooser;
}

static const char *
get_choice (EngineChooser *chooser)
{
  EngineChoice choice = { 0 };

  g_assert_true (engine_chooser_get_choice (chooser, &choice));
  return engine_codecs_get (choice.codec)->factory;
}

static void
assert_listed (EngineChooser *chooser, const char *factory, const char *word)
{
  g_autoptr (GPtrArray) refusals = engine_chooser_get_refusals (chooser, get_choice (chooser));

  for (guint i = 0; i < refusals->len; i++) {
    const EngineRefusal *refusal = refusals->pdata[i];

    if (g_str_equal (refusal->factory, factory)) {
      g_assert_nonnull (strstr (refusal->reason, word));
      return;
    }
  }
  g_assert_not_reached ();
}

static char *
read_memory (void)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "regie", "encoder.ini", NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static gboolean
is_remembered (gpointer data)
{
  g_autofree char *text = read_memory ();

  return text != NULL && strstr (text, data) != NULL;
}

/* The first that does what it must is taken, the others have their reasons; the next time all that is
 * known at once; and what breaks when it is needed is not taken again. */
static void
test_choice (void)
{
  EngineChooser *chooser = engine_chooser_new (&format);
  gpointer chosen = NULL;

  g_signal_connect (chooser, "chosen", G_CALLBACK (chosen_cb), &chosen);
  g_assert_cmpstr (get_choice (chooser), ==, "x264enc");
  engine_chooser_start (chooser, 0);
  g_assert_true (engine_testing_wait (is_over, &chosen, 20000));
  g_assert_cmpstr (get_choice (chooser), ==, "v4l2h264enc");
  assert_listed (chooser, "vah264enc", "crashes");
  assert_listed (chooser, "vah264lpenc", "hangs");
  g_assert_true (engine_testing_wait (is_remembered, (gpointer) "encoder=v4l2h264enc", 5000));
  engine_testing_assert_finalizes (chooser);

  chooser = engine_chooser_new (&format);
  g_assert_cmpstr (get_choice (chooser), ==, "v4l2h264enc");
  assert_listed (chooser, "vah264enc", "crashes");
  engine_chooser_refuse (chooser, "v4l2h264enc", "the chip has gone away");
  g_assert_cmpstr (get_choice (chooser), ==, "x264enc");
  assert_listed (chooser, "v4l2h264enc", "gone away");
  g_assert_true (engine_testing_wait (is_remembered, (gpointer) "gone away", 5000));

  /* What is left is software, and how fast it is. */
  chosen = NULL;
  g_signal_connect (chooser, "chosen", G_CALLBACK (chosen_cb), &chosen);
  engine_chooser_start (chooser, 0);
  g_assert_true (engine_testing_wait (is_over, &chosen, 20000));
  g_assert_true (engine_testing_wait (is_remembered, (gpointer) "encoder=x264enc", 5000));
  g_assert_cmpstr (get_choice (chooser), ==, "x264enc");
  /* So small a picture leaves time for the best there is. */
  g_assert_true (engine_testing_wait (is_remembered, (gpointer) "preset=faster", 5000));
  g_assert_cmpfloat (engine_chooser_get_cost (chooser), >, 0);
  engine_testing_assert_finalizes (chooser);
}

/* Another size has not been tried; a file that makes no sense is no harm. */
static void
test_memory (void)
{
  const EngineFormat larger = { 640, 360, 30, 1000000, 64000 };
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "regie", "encoder.ini", NULL);
  EngineChooser *chooser = engine_chooser_new (&larger);
  EngineChoice choice = { 0 };
  const double estimate = engine_chooser_get_cost (chooser);

  g_assert_true (engine_chooser_get_choice (chooser, &choice));
  g_assert_cmpstr (engine_choice_get_preset (&choice), ==, "superfast");
  g_assert_cmpfloat_with_epsilon (estimate, 0.4 / 9, 0.001);
  engine_testing_assert_finalizes (chooser);

  g_assert_true (
    g_file_set_contents (path, "[machine\nid=\xff\n[[320x180@30]\nencoder=rm", -1, NULL));
  chooser = engine_chooser_new (&format);
  g_assert_cmpstr (get_choice (chooser), ==, "x264enc");
  engine_testing_assert_finalizes (chooser);
}

int
main (int argc, char **argv)
{
  char *folder = NULL;
  int result = 0;

  gst_init (NULL, NULL);
  engine_testing_register_encoders (NULL);
  if (engine_trial_is_asked (argc, argv))
    return engine_trial_run (argc, argv);
  folder = engine_testing_make_folder ();
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/chooser/finds-every-fault", test_trials);
  g_test_add_func ("/engine/chooser/takes-the-best-that-works", test_choice);
  g_test_add_func ("/engine/chooser/does-not-trust-its-memory", test_memory);
  result = g_test_run ();
  engine_testing_remove_folder (folder);
  return result;
}
