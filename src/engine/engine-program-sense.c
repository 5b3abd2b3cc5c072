/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-program-private.h"
#include "engine-source-private.h"

/* What is known of a program from looking and listening, and what eases its work. */

/**
 * engine_program_get_hearing:
 * @self: a program
 * @hearing: (out): what was heard lately of what goes out
 */
void
engine_program_get_hearing (EngineProgram *self, EngineHearing *hearing)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_get_hearing (self->audio, NULL, hearing);
}

/**
 * engine_program_get_source_hearing:
 * @self: a program
 * @source: one of its sources
 * @hearing: (out): what was heard lately of the source, before fader and mute
 */
void
engine_program_get_source_hearing (EngineProgram *self, EngineSource *source,
                                   EngineHearing *hearing)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_audio_mixer_get_hearing (self->audio, _engine_source_get_slot (source), hearing);
}

/**
 * engine_program_get_source_lateness_ms:
 * @self: a program
 * @source: one of its sources
 *
 * Sound that is late makes the whole source wait; a picture does not. So where the picture comes
 * late, it is that much behind its sound.
 *
 * Returns: by how much the source's pictures are shown after their time, in milliseconds
 */
int
engine_program_get_source_lateness_ms (EngineProgram *self, EngineSource *source)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return engine_slot_get_lateness_ms (_engine_source_get_slot (source));
}

EngineSight
engine_program_get_sight (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), (EngineSight){ 0 });

  return engine_video_mixer_get_sight (self->video);
}

/**
 * engine_program_set_light_previews:
 * @self: a program
 * @light: whether the window makes do with far fewer small pictures
 */
void
engine_program_set_light_previews (EngineProgram *self, gboolean light)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_previewer_set_light (self->previewer, light);
}
