/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-trial-run.h"
#include "engine-trial.h"

/* One that has not come back by then hangs. */
#define TIMEOUT_MS 2000

static gboolean possible;

/**
 * engine_trial_is_asked:
 * @argc: of main ()
 * @argv: of main ()
 *
 * Returns: whether this process was started to try an encoder
 */
gboolean
engine_trial_is_asked (int argc, char **argv)
{
  possible = TRUE;
  return argc > 1 && g_str_equal (argv[1], ENGINE_TRIAL_OPTION);
}

/**
 * engine_trial_is_possible:
 *
 * Returns: whether this program can be started again to try an encoder
 */
gboolean
engine_trial_is_possible (void)
{
  return possible;
}

typedef struct {
  EngineChoice choice;
  int rate_fps;
  guint timeout_id;
  gboolean timed_out;
  double cost_cores;
  GSubprocess *process;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  g_clear_handle_id (&trial->timeout_id, g_source_remove);
  g_clear_object (&trial->process);
  g_free (trial);
}

static gboolean
timeout_cb (gpointer data)
{
  Trial *trial = data;

  trial->timeout_id = 0;
  trial->timed_out = TRUE;
  g_subprocess_force_exit (trial->process);
  return G_SOURCE_REMOVE;
}

/* What the other process had to say: its cost, or a reason. */
static gboolean
read_answer (Trial *trial, const char *answer, GError **error)
{
  const char *factory = engine_codecs_get (trial->choice.codec)->factory;

  if (trial->timed_out)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” hangs", factory);
  else if (g_subprocess_get_if_signaled (trial->process))
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” crashes", factory);
  else if (answer != NULL && g_str_has_prefix (answer, ENGINE_TRIAL_PASSED)) {
    trial->cost_cores = g_ascii_strtod (answer + strlen (ENGINE_TRIAL_PASSED), NULL);
    return TRUE;
  } else if (answer != NULL && g_str_has_prefix (answer, ENGINE_TRIAL_FAILED)) {
    g_autofree char *reason = g_strchomp (g_strdup (answer + strlen (ENGINE_TRIAL_FAILED)));

    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "%s", reason);
  } else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” could not be tried", factory);
  return FALSE;
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Trial *trial = g_task_get_task_data (task);
  g_autofree char *answer = NULL;
  GError *error = NULL;

  g_clear_handle_id (&trial->timeout_id, g_source_remove);
  if (!g_subprocess_communicate_utf8_finish (trial->process, result, &answer, NULL, &error)) {
    g_subprocess_force_exit (trial->process);
    g_task_return_error (task, error);
  } else if (read_answer (trial, answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * engine_trial_try_async:
 * @choice: what is to be tried
 * @format: what it is to do
 * @cancellable: (nullable): cancels it
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Takes two seconds at the most.
 */
void
engine_trial_try_async (const EngineChoice *choice, const EngineFormat *format,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *arguments =
    g_strdup_printf ("regie %s %u %u %d %d %d %d", ENGINE_TRIAL_OPTION, choice->codec,
                     choice->preset, format->width_px, format->height_px, format->rate_fps,
                     format->video_bps);
  g_auto (GStrv) argv = g_strsplit (arguments, " ", -1);
  Trial *trial = g_new0 (Trial, 1);
  GError *error = NULL;

  trial->choice = *choice;
  trial->rate_fps = format->rate_fps;
  g_task_set_source_tag (task, engine_trial_try_async);
  g_task_set_task_data (task, trial, trial_free);

  g_free (argv[0]);
  argv[0] = g_file_read_link ("/proc/self/exe", NULL);
  trial->process =
    argv[0] == NULL
      ? NULL
      : g_subprocess_newv ((const char *const *) argv,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                           &error);
  if (trial->process == NULL) {
    if (error == NULL)
      error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "this program cannot be found");
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }
  trial->timeout_id = g_timeout_add (TIMEOUT_MS, timeout_cb, trial);
  g_subprocess_communicate_utf8_async (trial->process, NULL, cancellable, ended_cb, task);
}

/**
 * engine_trial_try_finish:
 * @result: what the callback got
 * @cost_cores: (out): how many processor cores it keeps busy
 *
 * Fails with %ENGINE_ERROR_UNSUPPORTED, whose message says what is wrong with that encoder, with
 * %ENGINE_ERROR_STALLED when it hangs, or when it could not be tried.
 *
 * Returns: whether it does what it must
 */
gboolean
engine_trial_try_finish (GAsyncResult *result, double *cost_cores, GError **error)
{
  Trial *trial = g_task_get_task_data (G_TASK (result));

  *cost_cores = trial->cost_cores;
  return g_task_propagate_boolean (G_TASK (result), error);
}
