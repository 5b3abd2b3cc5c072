/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-film.h"
#include "engine-intake.h"

/* How often the time left is told. */
#define TELL_INTERVAL_MS 250

/* How long a film goes on after it left the air: it may still be seen in a fade. */
#define REWIND_AFTER_MS 1200

/**
 * EngineFilm:
 *
 * Feeds a film: it waits on its first picture, plays from its beginning each time it comes on air, and
 * stays on its last picture. Off air it goes back to its beginning. A pipeline plays once: the next
 * time there is a new one, and nothing is ever wound back.
 */
struct _EngineFilm {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineClock *clock;
  EngineIntake *intake;
  gboolean wants_play; /* it plays, or will as soon as it can */
  gboolean released;   /* it has begun to play, and perhaps ended */
  gboolean ended;
  gint64 released_ns;
  gint64 duration_ns; /* −1: not known */
  gint64 left_ms;     /* as it was told last */
  guint tell_id;
  guint rewind_id;
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineFilm, engine_film, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static gint64
get_left_ms (EngineFilm *self)
{
  gint64 played_ns = 0;

  if (self->duration_ns < 0)
    return -1;
  if (self->ended)
    return 0;
  if (self->released)
    played_ns = engine_clock_get_now (self->clock) - self->released_ns;
  if (self->config->loop && self->duration_ns > 0)
    played_ns %= self->duration_ns;
  return MAX (self->duration_ns - played_ns, 0) / (gint64) GST_MSECOND;
}

static void
tell (EngineFilm *self)
{
  self->left_ms = get_left_ms (self);
  engine_feeder_changed (ENGINE_FEEDER (self));
}

static gboolean
tell_cb (gpointer data)
{
  tell (data);
  return G_SOURCE_CONTINUE;
}

static void
release (EngineFilm *self)
{
  engine_intake_release (self->intake);
  self->released = TRUE;
  self->released_ns = engine_clock_get_now (self->clock);
  if (self->tell_id == 0)
    self->tell_id = g_timeout_add (TELL_INTERVAL_MS, tell_cb, self);
}

static void
hold (EngineFilm *self)
{
  g_clear_handle_id (&self->tell_id, g_source_remove);
  self->wants_play = FALSE;
  self->ended = FALSE;
  if (!self->released)
    return;
  self->released = FALSE;
  engine_intake_restart (self->intake);
}

static void
film_play (EngineFeeder *feeder)
{
  EngineFilm *self = ENGINE_FILM (feeder);

  g_clear_handle_id (&self->rewind_id, g_source_remove);
  hold (self);
  self->wants_play = TRUE;
  if (engine_intake_is_ready (self->intake))
    release (self);
  tell (self);
}

static void
film_halt (EngineFeeder *feeder)
{
  EngineFilm *self = ENGINE_FILM (feeder);

  g_clear_handle_id (&self->rewind_id, g_source_remove);
  hold (self);
  tell (self);
}

static gboolean
rewind_cb (gpointer data)
{
  EngineFilm *self = data;

  self->rewind_id = 0;
  film_halt (data);
  return G_SOURCE_REMOVE;
}

static void
film_set_on_air (EngineFeeder *feeder, gboolean on_air)
{
  EngineFilm *self = ENGINE_FILM (feeder);

  if (on_air)
    film_play (feeder);
  else if (self->wants_play && self->rewind_id == 0)
    self->rewind_id = g_timeout_add (REWIND_AFTER_MS, rewind_cb, self);
}

static void
intake_changed_cb (EngineIntake *intake, gpointer user_data)
{
  EngineFilm *self = user_data;

  if (engine_intake_is_ready (intake)) {
    self->duration_ns = engine_intake_get_duration (intake);
    /* Also after it failed while it played: it was made anew then. */
    if (self->wants_play)
      release (self);
    else
      self->released = FALSE;
  }
  tell (self);
}

static void
intake_ended_cb (EngineIntake *intake, gpointer user_data)
{
  EngineFilm *self = user_data;

  g_clear_handle_id (&self->tell_id, g_source_remove);
  self->ended = TRUE;
  tell (self);
  engine_feeder_ended (ENGINE_FEEDER (self));
}

static void
film_start (EngineFeeder *feeder)
{
  engine_intake_start (ENGINE_FILM (feeder)->intake);
}

static void
film_stop (EngineFeeder *feeder)
{
  EngineFilm *self = ENGINE_FILM (feeder);

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_handle_id (&self->rewind_id, g_source_remove);
  self->wants_play = self->released = self->ended = FALSE;
  self->duration_ns = self->left_ms = -1;
  if (self->intake != NULL)
    engine_intake_stop (self->intake);
}

static void
film_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineFilm *self = ENGINE_FILM (feeder);
  EngineBridge *bridge = engine_intake_get_bridge (self->intake);
  const gboolean alive = engine_intake_watch (self->intake);

  report->error = engine_intake_get_error (self->intake);
  if (alive)
    report->state = ENGINE_SOURCE_STATE_LIVE;
  else if (report->error != NULL)
    report->state = engine_intake_is_hopeless (report->error) ? ENGINE_SOURCE_STATE_FAILED
                                                              : ENGINE_SOURCE_STATE_LOST;
  report->left_ms = self->left_ms;
  report->has_picture = engine_bridge_get_picture_arrival (bridge) >= 0;
  report->has_sound = engine_bridge_get_sound_arrival (bridge) >= 0;
  report->description = engine_bridge_describe_picture (bridge);
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = film_start;
  iface->stop = film_stop;
  iface->report = film_report;
  iface->set_on_air = film_set_on_air;
  iface->play = film_play;
  iface->halt = film_halt;
}

static void
engine_film_dispose (GObject *object)
{
  EngineFilm *self = ENGINE_FILM (object);

  film_stop (ENGINE_FEEDER (self));
  g_clear_object (&self->intake);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_film_parent_class)->dispose (object);
}

static void
engine_film_class_init (EngineFilmClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_film_dispose;
}

static void
engine_film_init (EngineFilm *self)
{
  self->duration_ns = self->left_ms = -1;
}

/**
 * engine_film_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures and sound go
 * @format: what the program would like best
 *
 * Returns: (transfer full): a feeder that is not started
 */
EngineFeeder *
engine_film_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                 const EngineFormat *format)
{
  EngineFilm *self = g_object_new (ENGINE_TYPE_FILM, NULL);

  self->config = config;
  self->clock = g_object_ref (clock);
  self->intake = engine_intake_new (config, ENGINE_PART_MAIN, clock, slot, format);
  g_signal_connect_object (self->intake, "changed", G_CALLBACK (intake_changed_cb), self, 0);
  g_signal_connect_object (self->intake, "ended", G_CALLBACK (intake_ended_cb), self, 0);
  return ENGINE_FEEDER (self);
}
