/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-voice.h"

G_BEGIN_DECLS

#define ENGINE_VOICE_CYCLE_S       23 /* the speaker talks, then the guest, then again */
#define ENGINE_VOICE_MAX_SYLLABLES 128

/* How a syllable begins. */
typedef enum {
  ENGINE_VOICE_ONSET_GLIDE,
  ENGINE_VOICE_ONSET_PLOSIVE,
  ENGINE_VOICE_ONSET_FRICATIVE,
  ENGINE_VOICE_ONSET_NASAL,
} EngineVoiceOnset;

typedef struct {
  double start_s; /* since the cycle began */
  double length_s;
  double pitch; /* 1 is the voice's usual pitch; it moves towards the next syllable's */
  double loudness;
  guint vowel;
  EngineVoiceOnset onset;
} EngineVoiceSyllable;

/* What one of the two says in one cycle. */
typedef struct {
  EngineVoiceSyllable syllables[ENGINE_VOICE_MAX_SYLLABLES];
  guint n_syllables;
} EngineVoiceTurn;

void _engine_voice_write_turn (EngineVoiceTurn *turn, EngineDrawingKind kind, guint64 cycle);
const EngineVoiceSyllable *_engine_voice_find_syllable (const EngineVoiceTurn *turn, double time_s);
double _engine_voice_get_mouth (const EngineVoiceTurn *turn, double time_s);
gboolean _engine_voice_has_turn (EngineDrawingKind kind, double time_s);
guint _engine_voice_hash (guint seed);
double _engine_voice_random (guint *seed);

G_END_DECLS
