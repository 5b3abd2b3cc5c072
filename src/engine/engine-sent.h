/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-feed.h"
#include "engine-glimpse.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_SENT (engine_sent_get_type ())
G_DECLARE_FINAL_TYPE (EngineSent, engine_sent, ENGINE, SENT, GObject)

EngineSent *engine_sent_new (EngineClock *clock, EngineFeed *feed);
void engine_sent_hold (EngineSent *self);
void engine_sent_release (EngineSent *self);
EngineGlimpse *engine_sent_get_glimpse (EngineSent *self);

G_END_DECLS
