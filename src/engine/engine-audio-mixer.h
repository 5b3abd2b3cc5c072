/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-mix.h"

G_BEGIN_DECLS

/**
 * EngineAudioMixerLevelsFunc:
 *
 * Called in the mixer's thread about 20 times a second: new levels can be read.
 */
typedef void (*EngineAudioMixerLevelsFunc) (gpointer user_data);

#define ENGINE_TYPE_AUDIO_MIXER (engine_audio_mixer_get_type ())
G_DECLARE_FINAL_TYPE (EngineAudioMixer, engine_audio_mixer, ENGINE, AUDIO_MIXER, GObject)

EngineAudioMixer *engine_audio_mixer_new (EngineClock *clock);
void engine_audio_mixer_start (EngineAudioMixer *self);
void engine_audio_mixer_stop (EngineAudioMixer *self);
void engine_audio_mixer_add_slot (EngineAudioMixer *self, EngineSlot *slot);
void engine_audio_mixer_remove_slot (EngineAudioMixer *self, EngineSlot *slot);
void engine_audio_mixer_set_gain (EngineAudioMixer *self, EngineSlot *slot, double gain);
void engine_audio_mixer_set_settings (EngineAudioMixer *self, EngineSlot *slot,
                                      const EngineSoundSettings *settings);
void engine_audio_mixer_set_solo (EngineAudioMixer *self, EngineSlot *slot, gboolean solo);
void engine_audio_mixer_set_seen (EngineAudioMixer *self, EngineSlot *const *slots, guint n_slots,
                                  guint ramp_ms);
void engine_audio_mixer_add_bus (EngineAudioMixer *self, EngineBus *bus);
void engine_audio_mixer_remove_bus (EngineAudioMixer *self, EngineBus *bus);
void engine_audio_mixer_set_listener (EngineAudioMixer *self, EngineMixFunc func,
                                      gpointer user_data);
void engine_audio_mixer_set_match (EngineAudioMixer *self, gboolean match);
void engine_audio_mixer_go_on_air (EngineAudioMixer *self);
void engine_audio_mixer_set_consumer (EngineAudioMixer *self, EngineMixFunc func,
                                      EngineAudioMixerLevelsFunc levels_func, gpointer user_data);
void engine_audio_mixer_get_levels (EngineAudioMixer *self, EngineSlot *slot, EngineLevels *levels);
void engine_audio_mixer_get_hearing (EngineAudioMixer *self, EngineSlot *slot,
                                     EngineHearing *hearing);
void engine_audio_mixer_get_loudness (EngineAudioMixer *self, EngineLoudness *loudness);
void engine_audio_mixer_clear_clipped (EngineAudioMixer *self, EngineSlot *slot);
guint64 engine_audio_mixer_get_n_blocks (EngineAudioMixer *self);

G_END_DECLS
