/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-pipeline.h"
#include "engine-recording.h"

G_BEGIN_DECLS

EngineRecording *_engine_recording_new (EngineClock *clock, EngineFeed *feed);
void _engine_recording_start (EngineRecording *self, const char *folder, const char *title);
void _engine_recording_stop (EngineRecording *self);

G_END_DECLS
