/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-capture.h"

G_BEGIN_DECLS

/**
 * EngineFeederReport:
 * @state: starting, live, lost or failed
 * @error: (nullable): why it is not live, or what is wrong with it although it is; borrowed
 * @description: (nullable): what comes in; owned by who asked
 * @has_picture: pictures came; of a remote source: they come
 * @has_sound: sound came
 * @frozen: the same picture comes again and again from what should move
 * @left_ms: how long a film still lasts; −1: no film, or not known
 * @page: of slides, from 1; 0: none
 * @n_pages: of slides
 * @gone: it is starting again: who fed it has gone, and is not missed
 *
 * What a feeder has to say about itself.
 */
typedef struct {
  EngineSourceState state;
  const GError *error;
  char *description;
  gboolean has_picture;
  gboolean has_sound;
  gboolean frozen;
  gint64 left_ms;
  guint page;
  guint n_pages;
  gboolean gone;
} EngineFeederReport;

#define ENGINE_TYPE_FEEDER (engine_feeder_get_type ())
G_DECLARE_INTERFACE (EngineFeeder, engine_feeder, ENGINE, FEEDER, GObject)

/**
 * EngineFeederInterface:
 * @start: begins to feed the slot
 * @stop: ends that; may run twice
 * @report: says how it is; called now and then, and after each "changed"
 * @set_on_air: (nullable): the source came on air, or left it
 * @turn: (nullable): see [func@Engine.Source.turn]
 * @play: (nullable): from the beginning
 * @halt: (nullable): back to the beginning
 */
struct _EngineFeederInterface {
  GTypeInterface parent_iface;

  void (*start) (EngineFeeder *self);
  void (*stop) (EngineFeeder *self);
  void (*report) (EngineFeeder *self, EngineFeederReport *report);
  void (*set_on_air) (EngineFeeder *self, gboolean on_air);
  void (*turn) (EngineFeeder *self, int n_pages);
  void (*play) (EngineFeeder *self);
  void (*halt) (EngineFeeder *self);
};

/* Main thread only. Signals: "changed" (): there is something new to report; "ended" (): a film has
 * come to its end. */
EngineFeeder *engine_feeder_new (const EngineSourceConfig *config, EngineClock *clock,
                                 EngineSlot *slot, const EngineFormat *format);
void engine_feeder_start (EngineFeeder *self);
void engine_feeder_stop (EngineFeeder *self);
void engine_feeder_report (EngineFeeder *self, EngineFeederReport *report);
void engine_feeder_set_on_air (EngineFeeder *self, gboolean on_air);
void engine_feeder_turn (EngineFeeder *self, int n_pages);
void engine_feeder_play (EngineFeeder *self);
void engine_feeder_halt (EngineFeeder *self);
void engine_feeder_changed (EngineFeeder *self);
void engine_feeder_ended (EngineFeeder *self);

G_END_DECLS
