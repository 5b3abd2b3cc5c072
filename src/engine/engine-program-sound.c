/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-program-private.h"
#include "engine-source-private.h"

/* The sound of the program. */

/**
 * engine_program_get_levels:
 * @self: a program
 * @peak_left_db: (out): the highest sample of the last 50 ms, in dBFS; −120 for silence
 * @peak_right_db: (out): the same for the right channel
 */
void
engine_program_get_levels (EngineProgram *self, double *peak_left_db, double *peak_right_db)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_get_levels (self->audio, NULL, &levels);
  *peak_left_db = levels.peak_db[0];
  *peak_right_db = levels.peak_db[1];
}

/**
 * engine_program_get_held_peak:
 * @self: a program
 * @left_db: (out): the highest level of the last one and a half seconds, then falling, in dBFS; −120
 *   for silence
 * @right_db: (out): the same for the right channel
 */
void
engine_program_get_held_peak (EngineProgram *self, double *left_db, double *right_db)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_get_levels (self->audio, NULL, &levels);
  *left_db = levels.held_db[0];
  *right_db = levels.held_db[1];
}

/**
 * engine_program_get_clipped:
 * @self: a program
 *
 * Returns: whether the sum of the sources was above full scale, so that the limiter had to hold it
 *   back, since engine_program_clear_clipped (); look at it with the signal "levels"
 */
gboolean
engine_program_get_clipped (EngineProgram *self)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), FALSE);

  engine_audio_mixer_get_levels (self->audio, NULL, &levels);
  return levels.clipped;
}

void
engine_program_clear_clipped (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_clear_clipped (self->audio, NULL);
}

/**
 * engine_program_get_loudness:
 * @self: a program
 * @loudness: (out): how loud it is; new ten times a second
 */
void
engine_program_get_loudness (EngineProgram *self, EngineLoudness *loudness)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_get_loudness (self->audio, loudness);
}

/**
 * engine_program_restart_loudness:
 * @self: a program
 *
 * Goes on air: integrated loudness and true peak begin anew.
 */
void
engine_program_restart_loudness (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_go_on_air (self->audio);
}

/**
 * engine_program_set_match_loudness:
 * @self: a program
 * @match: whether the program is brought to −16 LUFS, slowly, by 12 dB at the most
 */
void
engine_program_set_match_loudness (EngineProgram *self, gboolean match)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_set_match (self->audio, match);
}

/**
 * engine_program_add_bus:
 * @self: a program
 * @excluded: (nullable): a source that is left out: the guest who listens; `NULL` for everything
 *
 * The sum of all sources but one, after their faders, for a guest's return: 48 kHz stereo float in
 * blocks of 10 ms, at the same show time as the program's own sound. Connect to it with
 * engine_bus_set_consumer (). There may be any number.
 *
 * Returns: (transfer full): the bus; it goes on until engine_program_remove_bus ()
 */
EngineBus *
engine_program_add_bus (EngineProgram *self, EngineSource *excluded)
{
  EngineBus *bus = NULL;

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  bus = engine_bus_new (excluded != NULL ? _engine_source_get_slot (excluded) : NULL);
  engine_audio_mixer_add_bus (self->audio, bus);
  return bus;
}

/**
 * engine_program_remove_bus:
 * @self: a program
 * @bus: one of its buses
 *
 * Its consumer is not called any more once this has returned.
 */
void
engine_program_remove_bus (EngineProgram *self, EngineBus *bus)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_remove_bus (self->audio, bus);
}

/**
 * engine_program_set_bus_extras:
 * @self: a program
 * @bus: one of its buses
 * @sources: (array length=n_sources): what is also heard on it while it is not in the program, such as
 *   the others in the green room: before its fader; what the bus leaves out is left out all the same
 * @n_sources: how many; 0 for none
 *
 * The others are not any more.
 */
void
engine_program_set_bus_extras (EngineProgram *self, EngineBus *bus, EngineSource *const *sources,
                               guint n_sources)
{
  g_autofree EngineSlot **slots = g_new (EngineSlot *, MAX (n_sources, 1));

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  for (guint i = 0; i < n_sources; i++)
    slots[i] = _engine_source_get_slot (sources[i]);
  engine_bus_set_extras (bus, slots, n_sources);
}

/**
 * engine_program_get_talkback:
 * @self: a program
 *
 * Returns: (transfer none): the operator's way to the ears of guests, off until it has a device
 */
EngineTalkback *
engine_program_get_talkback (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->talkback;
}

/**
 * engine_program_set_headphones:
 * @self: a program
 * @device_id: (nullable): where the program, or the sources on solo, are to be heard: a stable id or
 *   `default`; `NULL` for nowhere
 */
void
engine_program_set_headphones (EngineProgram *self, const char *device_id)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_headphones_set_device (engine_program_get_headphones (self), device_id);
}

void
engine_program_set_headphones_volume_db (EngineProgram *self, double volume_db)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_headphones_set_volume_db (engine_program_get_headphones (self), volume_db);
}
