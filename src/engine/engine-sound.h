/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-capture.h"

G_BEGIN_DECLS

#define ENGINE_MIN_VOLUME_DB (-60.0)
#define ENGINE_MAX_VOLUME_DB 12.0

#define ENGINE_TYPE_SOUND    (engine_sound_get_type ())
G_DECLARE_FINAL_TYPE (EngineSound, engine_sound, ENGINE, SOUND, GObject)

/* Properties, all on the main thread, with the names they have in EngineSource: "volume-db",
 * "muted", "solo", writable; "clipped", "sound-settings". */
EngineSound *engine_sound_new (EngineAudioMixer *mixer, EngineSlot *slot,
                               const EngineSourceConfig *config);
double engine_sound_get_volume_db (EngineSound *self);
void engine_sound_set_volume_db (EngineSound *self, double volume_db);
gboolean engine_sound_get_muted (EngineSound *self);
void engine_sound_set_muted (EngineSound *self, gboolean muted);
gboolean engine_sound_get_solo (EngineSound *self);
void engine_sound_set_solo (EngineSound *self, gboolean solo);
const EngineSoundSettings *engine_sound_get_settings (EngineSound *self);
void engine_sound_set_settings (EngineSound *self, const EngineSoundSettings *settings);
const EngineLevels *engine_sound_get_levels (EngineSound *self);
gboolean engine_sound_update_levels (EngineSound *self);
void engine_sound_clear_clipped (EngineSound *self);
void engine_sound_leave (EngineSound *self);

G_END_DECLS
