/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-recording-private.h"

#define TICK_MS 250

/**
 * EngineRecording:
 *
 * The recording of the program: fragmented MP4 files that can be read up to their last fragment
 * whatever happens. It depends on no destination. When its disk fails, is full, slow or gone it says so
 * and goes on in another folder, or in the same one as soon as it can, without a gap if that is within a
 * minute: see EngineReel. What belongs together is in its EngineRecordingLog.
 *
 * Main thread only; it never waits for a disk.
 */
G_DEFINE_FINAL_TYPE (EngineRecording, engine_recording, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_PATH,
  PROP_FOLDER,
  PROP_BYTES_WRITTEN,
  PROP_LEFT_S,
  PROP_LOG,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_active (EngineRecording *self)
{
  return self->tick_id != 0;
}

void
_engine_recording_set_state (EngineRecording *self, EngineRecordingState state, const GError *error)
{
  /* Who hears of the state finds the reason already there. */
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
_engine_recording_set_path (EngineRecording *self, const char *path)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (common_set_string (&self->path, path)) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDER]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_log (EngineRecording *self, EngineRecordingLog *log)
{
  if (g_set_object (&self->log, log))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOG]);
}

static EngineRecordingLog *
log_of (EngineTape *tape)
{
  return g_object_get_data (G_OBJECT (tape), "log");
}

/* Whether parts of @log are still being written. */
static gboolean
is_ending (EngineRecording *self, EngineRecordingLog *log)
{
  for (guint i = 0; i < self->ending->len; i++) {
    if (log_of (self->ending->pdata[i]) == log)
      return TRUE;
  }
  return is_active (self) && self->log == log;
}

static void
tape_ended_cb (EngineRecording *self, EngineTape *tape)
{
  g_autoptr (EngineRecordingLog) log = log_of (tape) ? g_object_ref (log_of (tape)) : NULL;
  EngineTapeLook look;

  engine_tape_look (tape, &look);
  if (log != NULL && look.file.empty)
    engine_recording_log_remove_part (log, engine_tape_get_path (tape));
  g_ptr_array_remove (self->ending, tape);
  if (log != NULL && !is_ending (self, log))
    g_signal_emit (self, signals[SIGNAL_WRITTEN], 0, log);
  if (self->state == ENGINE_RECORDING_STATE_STOPPING && self->ending->len == 0)
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_OFF, NULL);
}

/* Has @tape, which gets nothing more, write its end. */
void
_engine_recording_end_tape (EngineRecording *self, EngineTape *tape)
{
  EngineTapeLook look;

  g_ptr_array_add (self->ending, tape);
  if (self->log != NULL)
    g_object_set_data_full (G_OBJECT (tape), "log", g_object_ref (self->log), g_object_unref);
  g_signal_connect_object (tape, "ended", G_CALLBACK (tape_ended_cb), self, G_CONNECT_SWAPPED);
  engine_tape_finish (tape);
  engine_tape_look (tape, &look);
  self->bytes_before += look.n_bytes;
}

/* Says in the log where the file begins, as soon as that is known. */
void
_engine_recording_log_tape (EngineRecording *self)
{
  GstClockTime zero_ns = 0;
  gint64 wall_us = 0;

  if (self->logged || !engine_tape_get_zero (self->tape, &zero_ns))
    return;
  self->logged = TRUE;
  wall_us = g_get_real_time () - (engine_clock_get_now (self->clock) - (gint64) zero_ns) / 1000;
  if (self->log == NULL) {
    g_autoptr (EngineRecordingLog) log = engine_recording_log_new (self->title, wall_us);

    set_log (self, log);
    self->base_ns = (gint64) zero_ns;
  } else if (self->base_ns == G_MININT64) {
    /* It goes on after a crash: the time of the day says for how long nothing was recorded. */
    self->base_ns =
      (gint64) zero_ns - (wall_us - engine_recording_log_get_started_us (self->log)) * 1000;
  }
  engine_recording_log_add_part (self->log, engine_tape_get_path (self->tape),
                                 (gint64) zero_ns - self->base_ns, wall_us);
}

static gboolean
tick_cb (gpointer data)
{
  EngineRecording *self = data;
  const gint64 now_us = g_get_monotonic_time ();

  _engine_recording_watch_tape (self, now_us);
  _engine_recording_watch_opening (self, now_us);
  return G_SOURCE_CONTINUE;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  EngineRecordingLog *log = engine_recording_log_load (data, &error);

  if (log != NULL)
    g_task_return_pointer (task, log, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* `NAME.regie.json` beside the first part `NAME.mp4`. */
static void
go_on_with (EngineRecording *self, EngineRecordingLog *log)
{
  const char *path = engine_recording_log_get_path (log);
  const char *end = g_strrstr (path, ".regie.json");
  g_autofree char *stem = end != NULL ? g_strndup (path, (gsize) (end - path)) : g_strdup (path);

  g_free (self->name);
  self->name = g_path_get_basename (stem);
  self->n_parts = engine_recording_log_get_parts (log)->len;
  self->base_ns = G_MININT64;
  engine_recording_log_set_finished (log, FALSE);
  set_log (self, log);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EngineRecording *self = ENGINE_RECORDING (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineRecordingLog) log = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (log != NULL)
    go_on_with (self, log);
  else
    g_message ("the recording cannot be continued, and begins anew: %s", error->message);
  _engine_recording_look_for_folder (self, 0, NULL);
}

static void
set_config (EngineRecording *self, const EngineRecordingConfig *config)
{
  const char *folders[] = { config->folder, config->second_folder };

  self->n_folders = 0;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_clear_pointer (&self->folders[i], g_free);
    self->disks[i] = 0;
    if (folders[i] != NULL && (i == 0 || g_strcmp0 (folders[0], folders[i]) != 0))
      self->folders[self->n_folders++] = g_strdup (folders[i]);
  }
  common_set_string (&self->title, config->title);
  g_free (self->name);
  self->name = _engine_recording_make_name (config->title);
}

/**
 * _engine_recording_start:
 * @self: a recording that is off, or on its way there
 * @config: how to record
 * @expected_bps: how many bits a second will come, about
 */
void
_engine_recording_start (EngineRecording *self, const EngineRecordingConfig *config,
                         int expected_bps)
{
  if (is_active (self))
    return;

  set_config (self, config);
  set_log (self, NULL);
  /* Whoever waits for the new file hears of it even if it gets the old one's name, which was empty. */
  _engine_recording_set_path (self, NULL);
  self->bytes_written = self->bytes_before = 0;
  self->left_s = -1;
  self->n_parts = 0;
  self->trying = -1;
  self->retry_us = G_MAXINT64;
  self->kept_from = 0;
  self->bytes_per_s = expected_bps / 8.0;
  self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
  _engine_recording_set_state (self, ENGINE_RECORDING_STATE_RECORDING, NULL);
  engine_reel_start (self->reel);
  if (config->resume != NULL) {
    g_autoptr (GTask) task = NULL;

    self->cancellable = g_cancellable_new ();
    task = g_task_new (self, self->cancellable, loaded_cb, NULL);
    g_task_set_return_on_cancel (task, TRUE);
    g_task_set_task_data (task, g_strdup (config->resume), g_free);
    g_task_run_in_thread (task, load_thread);
  } else {
    _engine_recording_look_for_folder (self, 0, NULL);
  }
}

static void
stop_tapes (EngineRecording *self)
{
  if (self->leaving != NULL)
    _engine_recording_end_tape (self, g_steal_pointer (&self->leaving));
  if (self->tape != NULL) {
    _engine_recording_log_tape (self);
    _engine_recording_end_tape (self, g_steal_pointer (&self->tape));
  }
  for (guint i = 0; i < ENGINE_RECORDING_N_FOLDERS; i++) {
    if (self->opening[i] != NULL)
      engine_tape_abandon (self->opening[i]);
    g_clear_object (&self->opening[i]);
  }
}

/**
 * _engine_recording_stop:
 * @self: a recording
 *
 * Lets it write its end; see engine_pipeline_wait_for_stopped ().
 */
void
_engine_recording_stop (EngineRecording *self)
{
  g_autoptr (EngineRecordingLog) log = self->log != NULL ? g_object_ref (self->log) : NULL;

  if (!is_active (self))
    return;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_error (&self->cause);
  engine_reel_stop (self->reel);
  stop_tapes (self);
  if (self->bytes_written != self->bytes_before) {
    self->bytes_written = self->bytes_before;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_WRITTEN]);
  }
  if (self->ending->len > 0) {
    _engine_recording_set_state (self, ENGINE_RECORDING_STATE_STOPPING, NULL);
    return;
  }
  if (log != NULL)
    g_signal_emit (self, signals[SIGNAL_WRITTEN], 0, log);
  _engine_recording_set_state (self, ENGINE_RECORDING_STATE_OFF, NULL);
}

static void
engine_recording_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_PATH:
    g_value_set_string (value, self->path);
    break;
  case PROP_FOLDER:
    g_value_set_string (value, engine_recording_get_folder (self));
    break;
  case PROP_BYTES_WRITTEN:
    g_value_set_uint64 (value, self->bytes_written);
    break;
  case PROP_LEFT_S:
    g_value_set_int64 (value, self->left_s);
    break;
  case PROP_LOG:
    g_value_set_object (value, self->log);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_recording_dispose (GObject *object)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  _engine_recording_stop (self);
  g_ptr_array_set_size (self->ending, 0);
  g_clear_object (&self->log);
  g_clear_object (&self->reel);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_recording_parent_class)->dispose (object);
}

static void
engine_recording_finalize (GObject *object)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  for (guint i = 0; i < ENGINE_RECORDING_N_FOLDERS; i++)
    g_free (self->folders[i]);
  g_ptr_array_unref (self->ending);
  g_free (self->path);
  g_free (self->name);
  g_free (self->title);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_recording_parent_class)->finalize (object);
}

static void
engine_recording_class_init (EngineRecordingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_recording_get_property;
  object_class->dispose = engine_recording_dispose;
  object_class->finalize = engine_recording_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_RECORDING_STATE,
                                              ENGINE_RECORDING_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, ro);
  properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, ro);
  properties[PROP_BYTES_WRITTEN] =
    g_param_spec_uint64 ("bytes-written", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  properties[PROP_LEFT_S] = g_param_spec_int64 ("left-s", NULL, NULL, -1, G_MAXINT64, -1, ro);
  properties[PROP_LOG] = g_param_spec_object ("log", NULL, NULL, ENGINE_TYPE_RECORDING_LOG, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_WRITTEN] =
    g_signal_new ("written", ENGINE_TYPE_RECORDING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, ENGINE_TYPE_RECORDING_LOG);
}

static void
engine_recording_init (EngineRecording *self)
{
  self->ending = g_ptr_array_new_with_free_func (g_object_unref);
  self->left_s = -1;
  self->trying = -1;
  self->limit_bytes = G_MAXUINT64;
}

EngineRecording *
_engine_recording_new (EngineClock *clock, EngineFeed *feed)
{
  EngineRecording *self = g_object_new (ENGINE_TYPE_RECORDING, NULL);

  self->clock = g_object_ref (clock);
  self->reel = engine_reel_new (feed);
  return self;
}

void
_engine_recording_set_limit (EngineRecording *self, guint64 limit_bytes)
{
  self->limit_bytes = limit_bytes;
}

void
_engine_recording_set_least (EngineRecording *self, guint64 least_bytes)
{
  self->least_bytes = least_bytes;
}

void
_engine_recording_set_beside (EngineRecording *self, int bps)
{
  self->beside_bps = bps;
}

EngineRecordingState
engine_recording_get_state (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), ENGINE_RECORDING_STATE_OFF);

  return self->state;
}

const GError *
engine_recording_get_error (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->error;
}

const char *
engine_recording_get_path (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->path;
}

/**
 * engine_recording_get_folder:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): the folder of the file that is written, or was the last one
 */
const char *
engine_recording_get_folder (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->path != NULL ? self->folders[self->at] : NULL;
}

guint64
engine_recording_get_bytes_written (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), 0);

  return self->bytes_written;
}

/**
 * engine_recording_get_left_s:
 * @self: a recording
 *
 * Returns: for how many seconds there is room at the rate of now; −1 if that is not known
 */
gint64
engine_recording_get_left_s (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), -1);

  return is_active (self) ? self->left_s : -1;
}

/**
 * engine_recording_get_log:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable): what is known of this recording, or of the last one; `NULL`
 *   before something was recorded
 */
EngineRecordingLog *
engine_recording_get_log (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->log;
}

/**
 * engine_recording_get_parts:
 * @self: a recording
 *
 * Returns: (transfer none) (nullable) (element-type EngineRecordingPart): its files, in order
 */
GPtrArray *
engine_recording_get_parts (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->log != NULL ? engine_recording_log_get_parts (self->log) : NULL;
}

/**
 * engine_recording_get_position_ns:
 * @self: a recording
 *
 * Returns: where in the recording, whose first part begins at 0, what is mixed now will be; −1 when
 *   that is not known, or nothing is recorded
 */
gint64
engine_recording_get_position_ns (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), -1);

  return is_active (self) && self->log != NULL && self->base_ns != G_MININT64
           ? engine_clock_get_now (self->clock) - self->base_ns
           : -1;
}
