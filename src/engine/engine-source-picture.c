/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-source-private.h"

/**
 * engine_source_set_picture_settings:
 * @self: a source
 * @settings: how its picture is treated from now on; what is out of range is taken to the nearest
 *   that is not. %ENGINE_PICTURE_SETTINGS_NEUTRAL shows it as it comes and costs nothing.
 *
 * The source goes on; its next picture is treated so.
 */
void
engine_source_set_picture_settings (EngineSource *self, const EnginePictureSettings *settings)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  engine_slot_set_picture_settings (_engine_source_get_slot (self), settings);
}

/**
 * engine_source_get_picture_settings:
 * @self: a source
 *
 * Returns: (transfer none): how its picture is treated; changes with the next set
 */
const EnginePictureSettings *
engine_source_get_picture_settings (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return engine_slot_get_picture_settings (_engine_source_get_slot (self));
}
