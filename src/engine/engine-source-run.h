/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"
#include "engine-source-private.h"

G_BEGIN_DECLS

/* For engine-source*.c only: engine-source.c has the properties, engine-source-run.c what makes them
 * change. */
struct _EngineSource {
  GObject parent_instance;

  char *description;
  EngineSourceState state;
  GError *error; /* nullable */
  gboolean has_picture;
  gboolean has_sound;
  gboolean on_air;
  gboolean next;
  gboolean frozen;
  gint64 left_ms;
  guint page;
  guint n_pages;

  EngineSourceConfig config; /* its strings are owned */
  EngineFormat format;
  EngineClock *clock;
  EngineSlot *slot;
  EngineSound *sound;
  EngineFeeder *feeder;
  guint watch_id;
  guint update_id;
  guint card_id;
  char *drawn;     /* nullable: what the card says that was drawn, to know it again */
  char *expecting; /* nullable: remote: what it is to say while nobody is there */
};

void _engine_source_make_feeder (EngineSource *self);
void _engine_source_drop_feeder (EngineSource *self);
void _engine_source_renew_card (EngineSource *self);
void _engine_source_set_boolean (EngineSource *self, gboolean *field, gboolean value,
                                 const char *property);

G_END_DECLS
