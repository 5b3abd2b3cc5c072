/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-voice-private.h"

#include <math.h>

/* After so many cycles (half an hour) they say the same again. */
#define N_CYCLES        80

#define SPEAKER_START_S 0.4
#define SPEAKER_END_S   14.4
#define GUEST_START_S   15.0
#define GUEST_END_S     22.4

guint
_engine_voice_hash (guint seed)
{
  seed = (seed ^ 61) ^ (seed >> 16);
  seed *= 9;
  seed ^= seed >> 4;
  seed *= 0x27d4eb2d;
  return seed ^ (seed >> 15);
}

/* From 0 to 1, the same for the same seed. */
double
_engine_voice_random (guint *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) / 16777216.0;
}

static double
get_start (EngineDrawingKind kind)
{
  return kind == ENGINE_DRAWING_GUEST ? GUEST_START_S : SPEAKER_START_S;
}

static double
get_end (EngineDrawingKind kind)
{
  return kind == ENGINE_DRAWING_GUEST ? GUEST_END_S : SPEAKER_END_S;
}

/* Whether it is this one's turn to talk, pauses for breath included. */
gboolean
_engine_voice_has_turn (EngineDrawingKind kind, double time_s)
{
  const double phase = fmod (time_s, ENGINE_VOICE_CYCLE_S);

  return kind != ENGINE_DRAWING_SLIDES && phase >= get_start (kind) && phase < get_end (kind);
}

static EngineVoiceOnset
draw_onset (guint *seed)
{
  const double r = _engine_voice_random (seed);

  if (r < 0.34)
    return ENGINE_VOICE_ONSET_PLOSIVE;
  if (r < 0.56)
    return ENGINE_VOICE_ONSET_FRICATIVE;
  if (r < 0.76)
    return ENGINE_VOICE_ONSET_NASAL;
  return ENGINE_VOICE_ONSET_GLIDE;
}

/* One breath: the pitch falls from word to word, stresses stand out, the end is drawn out; now and
 * then it is a question. Returns when it ends. */
static double
write_phrase (EngineVoiceTurn *turn, double time_s, guint n_syllables, guint *seed)
{
  const double pace = 0.165 + 0.04 * _engine_voice_random (seed);
  const double top = 1.12 + 0.12 * _engine_voice_random (seed);
  const gboolean question = _engine_voice_random (seed) < 0.16;
  guint until_stress = 1;

  for (guint i = 0; i < n_syllables && turn->n_syllables < ENGINE_VOICE_MAX_SYLLABLES; i++) {
    EngineVoiceSyllable *syllable = &turn->syllables[turn->n_syllables++];
    const gboolean last = i + 1 == n_syllables, stressed = until_stress == 0 || last;
    const double way = (double) i / n_syllables;

    syllable->start_s = time_s;
    syllable->length_s = pace * (0.8 + 0.45 * _engine_voice_random (seed)) *
                         (stressed ? 1.22 : 1.0) * (last ? 1.45 : 1.0);
    syllable->pitch = top - 0.32 * way + (stressed && !last ? 0.13 : 0.0) +
                      0.06 * (_engine_voice_random (seed) - 0.5) + (last && question ? 0.42 : 0.0);
    syllable->loudness = (stressed ? 1.0 : 0.74) * (1.0 - 0.28 * way);
    syllable->vowel = (guint) (_engine_voice_random (seed) * 9);
    syllable->onset = draw_onset (seed);
    until_stress = stressed ? 1 + (guint) (_engine_voice_random (seed) * 3) : until_stress - 1;
    time_s += syllable->length_s;
  }

  return time_s;
}

/**
 * _engine_voice_write_turn:
 * @turn: (out): what is said
 * @kind: who speaks
 * @cycle: the time, in units of `ENGINE_VOICE_CYCLE_S`
 *
 * Makes up what somebody says in a cycle: always the same. The voice sounds it and the drawing
 * moves the lips to it. Any thread.
 */
void
_engine_voice_write_turn (EngineVoiceTurn *turn, EngineDrawingKind kind, guint64 cycle)
{
  guint seed = _engine_voice_hash ((guint) (cycle % N_CYCLES) * 4 + (guint) kind + 1);
  double time_s = get_start (kind);

  turn->n_syllables = 0;
  if (kind == ENGINE_DRAWING_SLIDES)
    return;

  while (TRUE) {
    const guint n_syllables = 6 + (guint) (_engine_voice_random (&seed) * 10);

    if (time_s + n_syllables * 0.24 > get_end (kind))
      break;
    time_s = write_phrase (turn, time_s, n_syllables, &seed);
    time_s += 0.22 + 0.5 * _engine_voice_random (&seed);
  }
}

const EngineVoiceSyllable *
_engine_voice_find_syllable (const EngineVoiceTurn *turn, double time_s)
{
  for (guint i = 0; i < turn->n_syllables; i++) {
    const EngineVoiceSyllable *syllable = &turn->syllables[i];

    if (time_s >= syllable->start_s && time_s < syllable->start_s + syllable->length_s)
      return syllable;
  }
  return NULL;
}

/**
 * _engine_voice_get_mouth:
 * @turn: what is said in this cycle
 * @time_s: seconds since the cycle began
 *
 * Any thread.
 *
 * Returns: how far the mouth is open, from 0 to 1
 */
double
_engine_voice_get_mouth (const EngineVoiceTurn *turn, double time_s)
{
  /* In the order of the voice's vowels: a ɛ e i y o u ã ə. */
  static const double openness[] = { 1.0, 0.75, 0.55, 0.35, 0.3, 0.6, 0.35, 0.9, 0.5 };
  const EngineVoiceSyllable *syllable = _engine_voice_find_syllable (turn, time_s);
  double way = 0;

  if (syllable == NULL)
    return 0;

  way = (time_s - syllable->start_s) / syllable->length_s;
  return openness[syllable->vowel % G_N_ELEMENTS (openness)] * (0.55 + 0.45 * syllable->loudness) *
         pow (sin (G_PI * way), 0.7);
}
