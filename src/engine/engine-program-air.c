/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-audience-private.h"
#include "engine-composer.h"
#include "engine-extras.h"
#include "engine-output-private.h"
#include "engine-program-private.h"
#include "engine-recording-private.h"

/* Where a program goes: its encoding, the destinations, the recording, and the pause that hides it
 * from all but the last. */

/**
 * engine_program_set_pause_music:
 * @self: a program
 * @uri: (nullable): an absolute address of what the audience hears during a pause, again and again;
 *   `NULL` for silence
 */
void
engine_program_set_pause_music (EngineProgram *self, const char *uri)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_program_set_music (self, uri);
}

/**
 * engine_program_pause:
 * @self: a program
 * @scene: a pause: its card is what the audience sees instead of the program
 *
 * From the frame after the next on every destination gets the card, and silence or music; the program
 * itself, and with it the recording, goes on as it is mixed. The program's preview shows the card.
 */
void
engine_program_pause (EngineProgram *self, EngineScene *scene)
{
  const GstVideoInfo *info = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (EnginePicture) picture = NULL;

  g_return_if_fail (ENGINE_IS_PROGRAM (self));
  g_return_if_fail (scene->layout == ENGINE_LAYOUT_PAUSE);

  info = engine_video_mixer_get_info (self->video);
  buffer = engine_composer_make_frame (scene, info);
  picture = engine_picture_new (buffer, info, 0);
  _engine_program_set_card (self, buffer);
  engine_previewer_set_pause (self->previewer, picture);
}

/**
 * engine_program_resume:
 * @self: a program
 *
 * Ends the pause: the audience gets the program again. Does nothing when there is none.
 */
void
engine_program_resume (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_program_set_card (self, NULL);
  engine_previewer_set_pause (self->previewer, NULL);
}

/**
 * engine_program_start_output:
 * @self: a program
 * @output: one of its outputs
 * @key: (nullable): the stream key; kept in memory only while it runs
 */
void
engine_program_start_output (EngineProgram *self, EngineOutput *output, const char *key)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_start (output, key);
}

/**
 * engine_program_refuse_output:
 * @self: a program
 * @output: one of its outputs, off
 * @error: why it cannot be started, such as a key that is not there
 */
void
engine_program_refuse_output (EngineProgram *self, EngineOutput *output, const GError *error)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_refuse (output, error);
}

void
engine_program_stop_output (EngineProgram *self, EngineOutput *output)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_stop (output);
}

/**
 * engine_program_test_output:
 * @self: a program that is being encoded
 * @output: one of its outputs, not live
 * @key: (nullable): its secret
 *
 * Sends to it for ten seconds, at the chosen bit rate, and says in the output's property "upload"
 * how that went.
 */
void
engine_program_test_output (EngineProgram *self, EngineOutput *output, const char *key)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_test_upload (output, key, engine_program_get_format (self));
}

/**
 * engine_program_refuse_test:
 * @self: a program
 * @output: one of its outputs, off
 * @error: why it cannot be tested, such as a key that is not there
 */
void
engine_program_refuse_test (EngineProgram *self, EngineOutput *output, const GError *error)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_refuse_upload (output, error);
}

/**
 * engine_program_start_recording:
 * @self: a program
 * @config: how to record it; its folder and all that have to do with disks are looked at in the
 *   background
 */
void
engine_program_start_recording (EngineProgram *self, const EngineRecordingConfig *config)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_recording_start (self->recording, config,
                           (self->recording_bps > 0 ? self->recording_bps
                                                    : self->format.video_bps) +
                             self->format.audio_bps);
  _engine_program_start_clean_recording (self, config);
  engine_extras_start (self->extras, config->sources, config->tracks);
}

void
engine_program_stop_recording (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_extras_stop (self->extras);
  _engine_program_stop_clean_recording (self);
  _engine_recording_stop (self->recording);
}

/**
 * engine_program_create_audience:
 * @self: a program
 * @id: of a destination
 * @uri: where its audience sees it
 *
 * Returns: (transfer full): one of them, who does not look yet
 */
EngineAudience *
engine_program_create_audience (EngineProgram *self, const char *id, const char *uri)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  if (self->sent == NULL)
    self->sent = engine_sent_new (self->clock, self->air);
  return _engine_audience_new (id, uri, self->clock, self->sent);
}

/**
 * engine_program_list_extras:
 * @self: a program
 * @func: (scope call): called for each file that is written beside the recording, or cannot be
 * @user_data: for @func
 */
void
engine_program_list_extras (EngineProgram *self, EngineExtraFunc func, gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_extras_list (self->extras, func, user_data);
}

/**
 * engine_program_wait_for_stopped:
 * @timeout_us: how long at the most, in microseconds
 *
 * For the end of the process: waits, while the main loop goes on, until recordings have been written
 * and connections closed.
 */
void
engine_program_wait_for_stopped (gint64 timeout_us)
{
  engine_pipeline_wait_for_stopped (timeout_us);
}
