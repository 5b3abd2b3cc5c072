/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-capture.h"
#include "engine-source.h"
#include "engine-video-mixer.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_TRIALS (engine_trials_get_type ())
G_DECLARE_FINAL_TYPE (EngineTrials, engine_trials, ENGINE, TRIALS, GObject)

/* Main thread only. */
EngineTrials *engine_trials_new (EngineClock *clock, EngineVideoMixer *video,
                                 const EngineFormat *format);
EngineSource *engine_trials_add (EngineTrials *self, const EngineSourceConfig *config);
gboolean engine_trials_remove (EngineTrials *self, EngineSource *source);
void engine_trials_stop (EngineTrials *self);

G_END_DECLS
