/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-devices.h"
#include "engine-intake.h"
#include "engine-live.h"

/**
 * EngineLive:
 *
 * Feeds what comes by itself: a camera and its microphone, an address, a drawing. There is one
 * intake for each thing that can fail by itself, and they are kept alive.
 */
struct _EngineLive {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineIntake *intakes[ENGINE_N_PARTS];
  gulong devices_changed_id;
  gboolean came;   /* something came in since the start */
  GError *stalled; /* nullable: nothing comes any more, and nothing says why */
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineLive, engine_live, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static void
devices_changed_cb (EngineDevices *devices, gpointer user_data)
{
  EngineLive *self = user_data;

  for (guint i = 0; i < ENGINE_N_PARTS; i++)
    engine_intake_devices_changed (self->intakes[i]);
}

static gboolean
wants_microphone (EngineLive *self)
{
  return self->config->kind == ENGINE_SOURCE_CAMERA && g_strcmp0 (self->config->sound, "none") != 0;
}

static void
live_start (EngineFeeder *feeder)
{
  EngineLive *self = ENGINE_LIVE (feeder);

  if (self->config->kind == ENGINE_SOURCE_CAMERA)
    self->devices_changed_id = g_signal_connect (engine_devices_get_default (), "changed",
                                                 G_CALLBACK (devices_changed_cb), self);
  self->came = FALSE;
  engine_intake_start (self->intakes[ENGINE_PART_MAIN]);
  if (wants_microphone (self))
    engine_intake_start (self->intakes[ENGINE_PART_SOUND]);
}

static void
live_stop (EngineFeeder *feeder)
{
  EngineLive *self = ENGINE_LIVE (feeder);

  if (self->devices_changed_id != 0)
    g_clear_signal_handler (&self->devices_changed_id, engine_devices_get_default ());
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    if (self->intakes[i] != NULL)
      engine_intake_stop (self->intakes[i]);
  }
  g_clear_error (&self->stalled);
}

/* Who said no to cameras may have thought better of it. */
static void
live_play (EngineFeeder *feeder)
{
  if (ENGINE_LIVE (feeder)->config->kind == ENGINE_SOURCE_CAMERA)
    engine_devices_ask_again (engine_devices_get_default ());
}

/* A camera or a network; a file may stand still as long as it likes. */
static gboolean
should_move (EngineLive *self)
{
  return self->config->kind == ENGINE_SOURCE_CAMERA ||
         engine_capture_get_timing (self->config) == ENGINE_TIMING_ANCHORED;
}

static void
report_state (EngineLive *self, EngineFeederReport *report)
{
  EngineIntake *main = self->intakes[ENGINE_PART_MAIN];
  EngineIntake *sound = self->intakes[ENGINE_PART_SOUND];
  const gboolean alive = engine_intake_watch (main);

  if (engine_intake_is_wanted (sound))
    engine_intake_watch (sound);
  report->error = engine_intake_get_error (main);
  if (alive) {
    self->came = TRUE;
    report->state = ENGINE_SOURCE_STATE_LIVE;
    report->error = engine_intake_get_error (sound);
  } else if (report->error != NULL) {
    report->state = engine_intake_is_hopeless (report->error) ? ENGINE_SOURCE_STATE_FAILED
                                                              : ENGINE_SOURCE_STATE_LOST;
  } else if (self->came) {
    if (self->stalled == NULL)
      self->stalled = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED,
                                   "nothing comes from “%s” any more", self->config->title);
    report->state = ENGINE_SOURCE_STATE_LOST;
    report->error = self->stalled;
  }
}

/* Of the errors the main part's counts first. */
static void
live_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineLive *self = ENGINE_LIVE (feeder);

  report_state (self, report);
  report->frozen =
    report->state == ENGINE_SOURCE_STATE_LIVE && should_move (self) &&
    engine_bridge_is_frozen (engine_intake_get_bridge (self->intakes[ENGINE_PART_MAIN]));
  report->has_sound = wants_microphone (self);
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    EngineBridge *bridge = engine_intake_get_bridge (self->intakes[i]);

    report->has_picture |= engine_bridge_get_picture_arrival (bridge) >= 0;
    report->has_sound |= engine_bridge_get_sound_arrival (bridge) >= 0;
  }
  report->description =
    engine_bridge_describe_picture (engine_intake_get_bridge (self->intakes[ENGINE_PART_MAIN]));
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = live_start;
  iface->stop = live_stop;
  iface->report = live_report;
  iface->play = live_play;
}

static void
engine_live_dispose (GObject *object)
{
  EngineLive *self = ENGINE_LIVE (object);

  live_stop (ENGINE_FEEDER (self));
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    if (self->intakes[i] != NULL)
      engine_bridge_set_peer (engine_intake_get_bridge (self->intakes[i]), NULL);
  }
  for (guint i = 0; i < ENGINE_N_PARTS; i++)
    g_clear_object (&self->intakes[i]);
  G_OBJECT_CLASS (engine_live_parent_class)->dispose (object);
}

static void
engine_live_class_init (EngineLiveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_live_dispose;
}

static void
engine_live_init (EngineLive *self)
{
}

/**
 * engine_live_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures and sound go
 * @format: what the program would like best
 *
 * Returns: (transfer full): a feeder that is not started
 */
EngineFeeder *
engine_live_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                 const EngineFormat *format)
{
  EngineLive *self = g_object_new (ENGINE_TYPE_LIVE, NULL);

  self->config = config;
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    self->intakes[i] = engine_intake_new (config, (EnginePart) i, clock, slot, format);
    g_signal_connect_object (self->intakes[i], "changed", G_CALLBACK (engine_feeder_changed), self,
                             G_CONNECT_SWAPPED);
  }
  if (config->kind == ENGINE_SOURCE_CAMERA) {
    EngineBridge *picture = engine_intake_get_bridge (self->intakes[ENGINE_PART_MAIN]);
    EngineBridge *sound = engine_intake_get_bridge (self->intakes[ENGINE_PART_SOUND]);

    engine_bridge_set_peer (picture, sound);
    engine_bridge_set_peer (sound, picture);
  }
  return ENGINE_FEEDER (self);
}
