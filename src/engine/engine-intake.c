/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-address.h"
#include "engine-intake.h"

/* What is lost is tried again soon at first, then calmly, for ever. */
#define FIRST_RETRY_MS 500
#define LAST_RETRY_MS  3000

/* What is over sooner than this is shown as a still, or it would be opened again all the time. */
#define SHORTEST_LOOP_NS ((gint64) GST_SECOND)

/* Nothing for so long is a lost signal; for so long, and the pipeline is made anew. A connection
 * may take its time to come about. */
#define LOST_AFTER_NS    (2 * (gint64) GST_SECOND)
#define RESTART_AFTER_NS (6 * (gint64) GST_SECOND)
#define CONNECT_NS       (12 * (gint64) GST_SECOND)

/* What gives nothing for so long says so, while it goes on trying. */
#define SILENT_AFTER_NS (5 * (gint64) GST_SECOND / 2)

/**
 * EngineIntake:
 *
 * One pipeline of a source, kept alive: made anew whenever it fails, or goes silent.
 */
struct _EngineIntake {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EnginePart part;
  EngineClock *clock;
  EngineSlot *slot;
  EngineFormat format;
  EngineBridge *bridge;

  gboolean wanted;
  gboolean ended;           /* what is not to be played again has been played */
  gboolean listens;         /* it waits to be called */
  gboolean ready;           /* a film that is held: it can be released */
  EnginePipeline *pipeline; /* nullable: waiting for the next try */
  guint retry_id;
  guint n_failures; /* in a row */
  gint64 started_ns;
  GError *error;   /* nullable */
  char *device_id; /* nullable: it uses none */
};

G_DEFINE_FINAL_TYPE (EngineIntake, engine_intake, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void begin (EngineIntake *self);

static gint64
last_arrival (EngineIntake *self)
{
  return MAX (engine_bridge_get_picture_arrival (self->bridge),
              engine_bridge_get_sound_arrival (self->bridge));
}

static gboolean
retry_cb (gpointer data)
{
  EngineIntake *self = data;

  self->retry_id = 0;
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
let_go (EngineIntake *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->ready = FALSE;
  if (self->pipeline == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->pipeline);
}

static void
fail (EngineIntake *self, const GError *error)
{
  const guint delay_ms = MIN (FIRST_RETRY_MS << MIN (self->n_failures, 8), LAST_RETRY_MS);

  if (common_set_error (&self->error, error))
    g_debug ("%s: %s", self->config->id, error->message);
  let_go (self);
  self->n_failures++;
  self->retry_id = g_timeout_add (delay_ms, retry_cb, self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Where a source comes from, without what may be a password in it. */
static char *
describe_origin (const EngineSourceConfig *config)
{
  char *origin = config->uri != NULL ? engine_address_describe (config->uri) : NULL;

  if (origin == NULL)
    origin = g_strdup (config->file != NULL ? config->file : config->title);
  return origin;
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, gpointer user_data)
{
  EngineIntake *self = user_data;
  g_autofree char *origin = describe_origin (self->config);
  g_autofree char *message = engine_address_hide_secrets (self->config->uri, error->message);
  g_autoptr (GError) told = g_error_new (error->domain, error->code, "%s: %s", origin, message);

  fail (self, told);
}

static void
eos_cb (EnginePipeline *pipeline, gpointer user_data)
{
  EngineIntake *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!engine_timing_is_paced (engine_capture_get_timing (self->config))) {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "“%s” has stopped sending",
                         self->config->title);
    fail (self, error);
  } else if (self->config->loop && engine_intake_has_begun (self) &&
             engine_clock_get_now (self->clock) - self->started_ns > SHORTEST_LOOP_NS) {
    /* It could not be played in segments: begin anew, with a short gap. */
    let_go (self);
    begin (self);
  } else if (engine_intake_has_begun (self)) {
    engine_slot_set_still (self->slot, TRUE);
    self->ended = TRUE;
    g_signal_emit (self, signals[SIGNAL_ENDED], 0);
  } else {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                         "“%s” holds neither picture nor sound", self->config->title);
    fail (self, error);
  }
}

static void
segment_done_cb (EnginePipeline *pipeline, gpointer user_data)
{
  if (!gst_element_seek (engine_pipeline_get_bin (pipeline), 1.0, GST_FORMAT_TIME,
                         GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1))
    eos_cb (pipeline, user_data);
}

static void
ready_cb (EnginePipeline *pipeline, gpointer user_data)
{
  EngineIntake *self = user_data;

  self->ready = TRUE;
  g_clear_error (&self->error);
  self->n_failures = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
begin (EngineIntake *self)
{
  const gboolean hold = engine_capture_get_timing (self->config) == ENGINE_TIMING_HELD;
  g_autoptr (GError) error = NULL;

  engine_bridge_reset (self->bridge, engine_capture_get_timing (self->config),
                       engine_capture_get_delay_ms (self->config));
  self->started_ns = engine_clock_get_now (self->clock);
  g_clear_pointer (&self->device_id, g_free);
  self->pipeline = engine_capture_build (self->config, self->part, self->clock, self->bridge,
                                         &self->format, &self->device_id, &error);
  if (self->pipeline == NULL) {
    fail (self, error);
    return;
  }
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->pipeline, "eos", G_CALLBACK (eos_cb), self);
  g_signal_connect (self->pipeline, "segment-done", G_CALLBACK (segment_done_cb), self);
  g_signal_connect (self->pipeline, "ready", G_CALLBACK (ready_cb), self);
  if (hold) {
    engine_slot_set_still (self->slot, TRUE);
    engine_pipeline_hold (self->pipeline, self->config->loop);
  } else {
    engine_pipeline_start (self->pipeline, self->config->loop);
  }
}

static void
arrived_cb (EngineIntake *self)
{
  g_clear_error (&self->error);
  self->n_failures = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
engine_intake_dispose (GObject *object)
{
  EngineIntake *self = ENGINE_INTAKE (object);

  engine_intake_stop (self);
  g_clear_object (&self->bridge);
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_intake_parent_class)->dispose (object);
}

static void
engine_intake_finalize (GObject *object)
{
  g_clear_error (&ENGINE_INTAKE (object)->error);
  g_free (ENGINE_INTAKE (object)->device_id);
  G_OBJECT_CLASS (engine_intake_parent_class)->finalize (object);
}

static void
engine_intake_class_init (EngineIntakeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_intake_dispose;
  object_class->finalize = engine_intake_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ENGINE_TYPE_INTAKE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", ENGINE_TYPE_INTAKE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_intake_init (EngineIntake *self)
{
}

/**
 * engine_intake_new:
 * @config: the source; must outlive the intake
 * @part: the part of it that this is
 * @clock: the show's clock
 * @slot: where pictures and sound go
 * @format: what the program would like best
 *
 * Returns: (transfer full): an intake that is not started
 */
EngineIntake *
engine_intake_new (const EngineSourceConfig *config, EnginePart part, EngineClock *clock,
                   EngineSlot *slot, const EngineFormat *format)
{
  EngineIntake *self = g_object_new (ENGINE_TYPE_INTAKE, NULL);

  self->config = config;
  self->part = part;
  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  self->format = *format;
  self->bridge = engine_bridge_new (clock, slot);
  self->listens = config->uri != NULL && engine_address_is_listener (config->uri);
  g_signal_connect_object (self->bridge, "arrived", G_CALLBACK (arrived_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
engine_intake_start (EngineIntake *self)
{
  g_return_if_fail (ENGINE_IS_INTAKE (self));

  if (self->wanted)
    return;
  self->wanted = TRUE;
  self->ended = FALSE;
  self->n_failures = 0;
  begin (self);
}

void
engine_intake_stop (EngineIntake *self)
{
  g_return_if_fail (ENGINE_IS_INTAKE (self));

  self->wanted = FALSE;
  let_go (self);
  g_clear_error (&self->error);
}

/**
 * engine_intake_restart:
 * @self: an intake that is started
 *
 * Begins anew: a film is held at its beginning again.
 */
void
engine_intake_restart (EngineIntake *self)
{
  g_return_if_fail (ENGINE_IS_INTAKE (self));
  g_return_if_fail (self->wanted);

  self->ended = FALSE;
  let_go (self);
  begin (self);
}

/**
 * engine_intake_release:
 * @self: an intake that is ready
 *
 * Has a film that is held play.
 */
void
engine_intake_release (EngineIntake *self)
{
  g_return_if_fail (ENGINE_IS_INTAKE (self));
  g_return_if_fail (self->ready);

  self->ready = FALSE;
  self->started_ns = engine_clock_get_now (self->clock);
  engine_slot_set_still (self->slot, FALSE);
  engine_pipeline_release (self->pipeline);
}

/**
 * engine_intake_is_ready:
 * @self: an intake
 *
 * Returns: whether a film is held, and can be released
 */
gboolean
engine_intake_is_ready (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), FALSE);

  return self->ready;
}

/**
 * engine_intake_get_duration:
 * @self: an intake
 *
 * Returns: how long a film is, in nanoseconds; −1 if that is not known
 */
gint64
engine_intake_get_duration (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), -1);

  return self->pipeline != NULL ? engine_pipeline_get_duration (self->pipeline) : -1;
}

/**
 * engine_intake_devices_changed:
 * @self: an intake
 *
 * To be called when a device came or went. If it waits for its next try, that is now; if its own
 * device was unplugged it is lost at once: not every element says so.
 */
void
engine_intake_devices_changed (EngineIntake *self)
{
  g_return_if_fail (ENGINE_IS_INTAKE (self));

  if (self->retry_id != 0) {
    g_clear_handle_id (&self->retry_id, g_source_remove);
    begin (self);
  } else if (self->pipeline != NULL && self->device_id != NULL &&
             !engine_devices_has (engine_devices_get_default (),
                                  engine_capture_get_device_kind (self->part), self->device_id)) {
    g_autoptr (GError) error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” was unplugged", self->config->title);

    fail (self, error);
  }
}

/* A file is there or it is not, and who calls us may take all day. What else there is to say takes
 * longer to come about, or says it itself. */
static void
say_silent (EngineIntake *self)
{
  g_autoptr (GError) error = NULL;

  if (self->error != NULL)
    return;
  if (self->listens)
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED,
                         "nobody has called in yet to send “%s”", self->config->title);
  else if (engine_timing_is_paced (engine_capture_get_timing (self->config)))
    error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED,
                   "“%s” gives neither picture nor sound: it may be damaged", self->config->title);
  if (common_set_error (&self->error, error))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * engine_intake_watch:
 * @self: an intake
 *
 * To be called a few times a second: makes a pipeline anew that has gone silent without a word.
 *
 * Returns: whether something comes in now
 */
gboolean
engine_intake_watch (EngineIntake *self)
{
  const gint64 now_ns = engine_clock_get_now (self->clock);
  const gint64 arrival_ns = last_arrival (self);
  const gboolean begun = arrival_ns >= 0;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (ENGINE_IS_INTAKE (self), FALSE);

  if (self->ended || self->ready || (begun && now_ns - arrival_ns < LOST_AFTER_NS))
    return TRUE;
  if (self->pipeline == NULL)
    return FALSE;
  if (!begun && now_ns - self->started_ns > SILENT_AFTER_NS)
    say_silent (self);
  if ((begun || !self->listens) &&
      now_ns - MAX (self->started_ns, arrival_ns) > (begun ? RESTART_AFTER_NS : CONNECT_NS)) {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "nothing comes from “%s”",
                         self->config->title);
    fail (self, error);
  }
  return FALSE;
}

gboolean
engine_intake_is_wanted (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), FALSE);

  return self->wanted;
}

/**
 * engine_intake_has_begun:
 * @self: an intake
 *
 * Returns: whether anything came since this try was started
 */
gboolean
engine_intake_has_begun (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), FALSE);

  return last_arrival (self) >= 0;
}

/**
 * engine_intake_get_error:
 * @self: an intake
 *
 * Returns: (transfer none) (nullable): why the last try failed, until something comes in
 */
const GError *
engine_intake_get_error (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), NULL);

  return self->error;
}

/**
 * engine_intake_is_hopeless:
 * @error: why a try failed
 *
 * Returns: whether trying again will not help before somebody does something
 */
gboolean
engine_intake_is_hopeless (const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_CODEC) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
}

EngineBridge *
engine_intake_get_bridge (EngineIntake *self)
{
  g_return_val_if_fail (ENGINE_IS_INTAKE (self), NULL);

  return self->bridge;
}
