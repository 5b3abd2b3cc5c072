/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_REEL (engine_reel_get_type ())
G_DECLARE_FINAL_TYPE (EngineReel, engine_reel, ENGINE, REEL, GObject)

EngineReel *engine_reel_new (EngineFeed *feed);
void engine_reel_start (EngineReel *self);
void engine_reel_stop (EngineReel *self);
void engine_reel_keep_from (EngineReel *self, GstClockTime time_ns);
gboolean engine_reel_has_picture (EngineReel *self);

void engine_reel_follow (EngineReel *self, EngineFeed *to, GstClockTime from_ns);
void engine_reel_hand_over (EngineReel *self, EngineFeed *from, EngineFeed *to);
gboolean engine_reel_follows (EngineReel *self, EngineFeed *to);
gboolean engine_reel_get_change (EngineReel *self, EngineFeed *to, GstClockTime *time_ns);
void engine_reel_leave (EngineReel *self, EngineFeed *to);

G_END_DECLS
