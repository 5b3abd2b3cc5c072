/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-source-private.h"

/* The sound of a source: what others ask it is its EngineSound to answer. */

double
engine_source_get_volume_db (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), 0);

  return engine_sound_get_volume_db (_engine_source_get_sound (self));
}

/**
 * engine_source_set_volume_db:
 * @self: a source
 * @volume_db: −60 (silence) to 12
 */
void
engine_source_set_volume_db (EngineSource *self, double volume_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  engine_sound_set_volume_db (_engine_source_get_sound (self), volume_db);
}

gboolean
engine_source_get_muted (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return engine_sound_get_muted (_engine_source_get_sound (self));
}

void
engine_source_set_muted (EngineSource *self, gboolean muted)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  engine_sound_set_muted (_engine_source_get_sound (self), muted);
}

gboolean
engine_source_get_solo (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return engine_sound_get_solo (_engine_source_get_sound (self));
}

/**
 * engine_source_set_solo:
 * @self: a source
 * @solo: whether the headphones are to have it, and no other but those, as it is before its fader
 *   and its mute button; the program does not change
 */
void
engine_source_set_solo (EngineSource *self, gboolean solo)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  engine_sound_set_solo (_engine_source_get_sound (self), solo);
}

const EngineSoundSettings *
engine_source_get_sound_settings (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return engine_sound_get_settings (_engine_source_get_sound (self));
}

/**
 * engine_source_set_sound_settings:
 * @self: a source
 * @settings: what is done to its sound before the fader, and when it is heard; what is out of its
 *   range is brought into it
 *
 * Takes effect at once, without a click. A delay below 0 makes the picture wait instead.
 */
void
engine_source_set_sound_settings (EngineSource *self, const EngineSoundSettings *settings)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));
  g_return_if_fail (settings != NULL);

  engine_sound_set_settings (_engine_source_get_sound (self), settings);
}

static void
get_pair (const double pair[ENGINE_N_CHANNELS], double *left_db, double *right_db)
{
  *left_db = pair[0];
  *right_db = pair[1];
}

/**
 * engine_source_get_levels:
 * @self: a source
 * @peak_left_db: (out): the highest sample of the last 50 ms, after fader and mute, in dBFS; −120
 *   for silence
 * @peak_right_db: (out): the same for the right channel
 */
void
engine_source_get_levels (EngineSource *self, double *peak_left_db, double *peak_right_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  get_pair (engine_sound_get_levels (_engine_source_get_sound (self))->peak_db, peak_left_db,
            peak_right_db);
}

/**
 * engine_source_get_held_peak:
 * @self: a source
 * @left_db: (out): the highest level of the last one and a half seconds, then falling, in dBFS; −120
 *   for silence
 * @right_db: (out): the same for the right channel
 */
void
engine_source_get_held_peak (EngineSource *self, double *left_db, double *right_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  get_pair (engine_sound_get_levels (_engine_source_get_sound (self))->held_db, left_db, right_db);
}

/**
 * engine_source_get_input_levels:
 * @self: a source
 * @left_db: (out): the highest sample of the last 50 ms as it came, before fader and mute and all
 *   else, in dBFS; −120 for silence
 * @right_db: (out): the same for the right channel
 */
void
engine_source_get_input_levels (EngineSource *self, double *left_db, double *right_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  get_pair (engine_sound_get_levels (_engine_source_get_sound (self))->input_db, left_db, right_db);
}

/**
 * engine_source_get_clipped:
 * @self: a source
 *
 * Returns: whether it came in at full scale, or its fader drove it above, since
 *   engine_source_clear_clipped ()
 */
gboolean
engine_source_get_clipped (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return engine_sound_get_levels (_engine_source_get_sound (self))->clipped;
}

void
engine_source_clear_clipped (EngineSource *self)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  engine_sound_clear_clipped (_engine_source_get_sound (self));
}
