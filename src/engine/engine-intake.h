/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-capture.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_INTAKE (engine_intake_get_type ())
G_DECLARE_FINAL_TYPE (EngineIntake, engine_intake, ENGINE, INTAKE, GObject)

/* Main thread only. Signals: "changed" (): the first picture or sound came, or the pipeline failed, or
 * holds a film's first picture; "ended" (): what is not to be played again has been played. */
EngineIntake *engine_intake_new (const EngineSourceConfig *config, EnginePart part,
                                 EngineClock *clock, EngineSlot *slot, const EngineFormat *format);
void engine_intake_start (EngineIntake *self);
void engine_intake_stop (EngineIntake *self);
void engine_intake_restart (EngineIntake *self);
void engine_intake_release (EngineIntake *self);
gboolean engine_intake_is_ready (EngineIntake *self);
gint64 engine_intake_get_duration (EngineIntake *self);
void engine_intake_devices_changed (EngineIntake *self);
gboolean engine_intake_watch (EngineIntake *self);

gboolean engine_intake_is_wanted (EngineIntake *self);
gboolean engine_intake_has_begun (EngineIntake *self);
const GError *engine_intake_get_error (EngineIntake *self);
gboolean engine_intake_is_hopeless (const GError *error);
EngineBridge *engine_intake_get_bridge (EngineIntake *self);

G_END_DECLS
