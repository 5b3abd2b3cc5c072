/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-board.h"
#include "engine-feeder.h"
#include "engine-film.h"
#include "engine-live.h"
#include "engine-remote.h"
#include "engine-screen.h"
#include "engine-slides.h"

/**
 * EngineFeeder:
 *
 * What is behind a source, one class for each way in which pictures and sound come about: it feeds
 * the source's slot, keeps itself alive, and reports. Main thread only.
 */
G_DEFINE_INTERFACE (EngineFeeder, engine_feeder, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
engine_feeder_default_init (EngineFeederInterface *iface)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ENGINE_TYPE_FEEDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", ENGINE_TYPE_FEEDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * engine_feeder_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures and sound go
 * @format: what the program would like best
 *
 * Returns: (transfer full): what feeds such a source, not started
 */
EngineFeeder *
engine_feeder_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                   const EngineFormat *format)
{
  switch (config->kind) {
  case ENGINE_SOURCE_CAMERA:
  case ENGINE_SOURCE_URI:
  case ENGINE_SOURCE_DRAWN:
    return engine_live_new (config, clock, slot, format);
  case ENGINE_SOURCE_STILL:
  case ENGINE_SOURCE_SLIDES:
    return engine_slides_new (config, clock, slot, format);
  case ENGINE_SOURCE_FILM:
    return engine_film_new (config, clock, slot, format);
  case ENGINE_SOURCE_CARD:
    return engine_board_new (config, clock, slot, format);
  case ENGINE_SOURCE_SCREEN:
    return engine_screen_new (config, clock, slot, format);
  case ENGINE_SOURCE_REMOTE:
    return engine_remote_new (config, clock, slot);
  }
  g_return_val_if_reached (NULL);
}

void
engine_feeder_start (EngineFeeder *self)
{
  ENGINE_FEEDER_GET_IFACE (self)->start (self);
}

void
engine_feeder_stop (EngineFeeder *self)
{
  ENGINE_FEEDER_GET_IFACE (self)->stop (self);
}

/**
 * engine_feeder_report:
 * @self: a feeder
 * @report: (out): what it says; its description is to be freed
 */
void
engine_feeder_report (EngineFeeder *self, EngineFeederReport *report)
{
  *report = (EngineFeederReport){ .state = ENGINE_SOURCE_STATE_STARTING, .left_ms = -1 };
  ENGINE_FEEDER_GET_IFACE (self)->report (self, report);
}

void
engine_feeder_set_on_air (EngineFeeder *self, gboolean on_air)
{
  EngineFeederInterface *iface = ENGINE_FEEDER_GET_IFACE (self);

  if (iface->set_on_air != NULL)
    iface->set_on_air (self, on_air);
}

void
engine_feeder_turn (EngineFeeder *self, int n_pages)
{
  EngineFeederInterface *iface = ENGINE_FEEDER_GET_IFACE (self);

  if (iface->turn != NULL)
    iface->turn (self, n_pages);
}

void
engine_feeder_play (EngineFeeder *self)
{
  EngineFeederInterface *iface = ENGINE_FEEDER_GET_IFACE (self);

  if (iface->play != NULL)
    iface->play (self);
}

void
engine_feeder_halt (EngineFeeder *self)
{
  EngineFeederInterface *iface = ENGINE_FEEDER_GET_IFACE (self);

  if (iface->halt != NULL)
    iface->halt (self);
}

/**
 * engine_feeder_changed:
 * @self: a feeder
 *
 * For its class: emits "changed".
 */
void
engine_feeder_changed (EngineFeeder *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * engine_feeder_ended:
 * @self: a feeder
 *
 * For its class: emits "ended".
 */
void
engine_feeder_ended (EngineFeeder *self)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}
