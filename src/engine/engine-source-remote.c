/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-remote.h"
#include "engine-source-run.h"

/* A source that is fed from outside. */

/**
 * engine_source_open_remote:
 * @self: a source of the kind %ENGINE_SOURCE_REMOTE
 * @delay_ms: from the stamp of what comes to the mix: what a network needs to bring it
 *
 * Begins to take pictures and sound from outside: sinks for them are made by
 * engine_bridge_make_picture_sink () and engine_bridge_make_sound_sink () in a pipeline with the
 * show's clock, and what is pushed into them bears the time of its capture by that clock. Whatever
 * comes, or does not, is no event for the program. What was open before is closed by this: a guest who
 * comes again takes their own place.
 *
 * The source is live while pictures or sound come. Without pictures for 1.5 seconds its card takes
 * their place while its sound goes on.
 *
 * Returns: (transfer full) (nullable): where to lead them; `NULL` for another kind of source, or
 *   one that was removed
 */
EngineBridge *
engine_source_open_remote (EngineSource *self, int delay_ms)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  if (self->feeder == NULL || !ENGINE_IS_REMOTE (self->feeder))
    return NULL;
  return engine_remote_open (ENGINE_REMOTE (self->feeder), delay_ms);
}

/**
 * engine_source_close_remote:
 * @self: a source
 * @bridge: what engine_source_open_remote () has returned; ignored if that is not what is open
 * @why: (nullable): why the source is lost; without a reason somebody has left on purpose: their
 *   card is seen at once, and the source is starting again, as before they came
 *
 * What is still pushed into the sinks comes to nothing.
 */
void
engine_source_close_remote (EngineSource *self, EngineBridge *bridge, const GError *why)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->feeder != NULL && ENGINE_IS_REMOTE (self->feeder))
    engine_remote_close (ENGINE_REMOTE (self->feeder), bridge, why);
}

/**
 * engine_source_set_expecting:
 * @self: a source of the kind %ENGINE_SOURCE_REMOTE
 * @sentence: (nullable): what its card says while nobody is there; `NULL` for its title
 */
void
engine_source_set_expecting (EngineSource *self, const char *sentence)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (g_strcmp0 (self->expecting, sentence) == 0)
    return;
  g_free (self->expecting);
  self->expecting = g_strdup (sentence);
  _engine_source_renew_card (self);
}
