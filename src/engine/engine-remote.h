/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_REMOTE (engine_remote_get_type ())
G_DECLARE_FINAL_TYPE (EngineRemote, engine_remote, ENGINE, REMOTE, GObject)

/* See engine_source_open_remote (). */
EngineFeeder *engine_remote_new (const EngineSourceConfig *config, EngineClock *clock,
                                 EngineSlot *slot);
EngineBridge *engine_remote_open (EngineRemote *self, int delay_ms);
void engine_remote_close (EngineRemote *self, EngineBridge *bridge, const GError *why);

G_END_DECLS
