/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-source-private.h"
#include "engine-trials.h"

/**
 * EngineTrials:
 *
 * Sources that are being tried before they join the show: each can be seen in a preview and its level
 * is measured, but nobody hears it. Their sound is mixed apart, in a thread that runs only while there
 * is one.
 */
struct _EngineTrials {
  GObject parent_instance;

  EngineClock *clock;
  EngineVideoMixer *video;
  EngineFormat format;
  EngineAudioMixer *audio; /* nullable: nothing is tried */
  GPtrArray *sources;
  gint levels_pending; /* atomic: a look at the levels is on its way to the main thread */
};

G_DEFINE_FINAL_TYPE (EngineTrials, engine_trials, G_TYPE_OBJECT)

static gboolean
tell_levels_cb (gpointer data)
{
  EngineTrials *self = data;

  g_atomic_int_set (&self->levels_pending, FALSE);
  for (guint i = 0; i < self->sources->len; i++)
    _engine_source_tell_levels (self->sources->pdata[i]);
  return G_SOURCE_REMOVE;
}

/* Audio mixer's thread. */
static void
levels_cb (gpointer user_data)
{
  EngineTrials *self = user_data;

  if (g_atomic_int_compare_and_exchange (&self->levels_pending, FALSE, TRUE))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_levels_cb, g_object_ref (self), g_object_unref);
}

static void
end_audio (EngineTrials *self)
{
  if (self->audio == NULL)
    return;
  engine_audio_mixer_stop (self->audio);
  g_clear_object (&self->audio);
}

static void
engine_trials_dispose (GObject *object)
{
  EngineTrials *self = ENGINE_TRIALS (object);

  engine_trials_stop (self);
  g_clear_object (&self->video);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_trials_parent_class)->dispose (object);
}

static void
engine_trials_finalize (GObject *object)
{
  g_ptr_array_unref (ENGINE_TRIALS (object)->sources);
  G_OBJECT_CLASS (engine_trials_parent_class)->finalize (object);
}

static void
engine_trials_class_init (EngineTrialsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_trials_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_trials_finalize;
}

static void
engine_trials_init (EngineTrials *self)
{
  self->sources = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * engine_trials_new:
 * @clock: the show's clock
 * @video: the mixer that keeps the pictures moving on
 * @format: what the program would like best
 *
 * Returns: (transfer full): no trial yet
 */
EngineTrials *
engine_trials_new (EngineClock *clock, EngineVideoMixer *video, const EngineFormat *format)
{
  EngineTrials *self = g_object_new (ENGINE_TYPE_TRIALS, NULL);

  self->clock = g_object_ref (clock);
  self->video = g_object_ref (video);
  self->format = *format;
  return self;
}

/**
 * engine_trials_add:
 * @self: the trials
 * @config: what the source is
 *
 * Returns: (transfer none): the source, starting
 */
EngineSource *
engine_trials_add (EngineTrials *self, const EngineSourceConfig *config)
{
  EngineSource *source = NULL;

  g_return_val_if_fail (ENGINE_IS_TRIALS (self), NULL);

  if (self->audio == NULL) {
    self->audio = engine_audio_mixer_new (self->clock);
    engine_audio_mixer_set_consumer (self->audio, NULL, levels_cb, self);
    engine_audio_mixer_start (self->audio);
  }
  source = _engine_source_new (config, self->clock, &self->format, self->audio);
  g_ptr_array_add (self->sources, source);
  engine_video_mixer_add_slot (self->video, _engine_source_get_slot (source));
  _engine_source_start (source);
  return source;
}

/**
 * engine_trials_remove:
 * @self: the trials
 * @source: a source
 *
 * Returns: whether it was one of them; it is stopped then
 */
gboolean
engine_trials_remove (EngineTrials *self, EngineSource *source)
{
  g_return_val_if_fail (ENGINE_IS_TRIALS (self), FALSE);

  if (!g_ptr_array_find (self->sources, source, NULL))
    return FALSE;
  _engine_source_stop (source);
  engine_video_mixer_remove_slot (self->video, _engine_source_get_slot (source));
  engine_audio_mixer_remove_slot (self->audio, _engine_source_get_slot (source));
  g_ptr_array_remove (self->sources, source);
  if (self->sources->len == 0)
    end_audio (self);
  return TRUE;
}

/**
 * engine_trials_stop:
 * @self: the trials
 *
 * Ends all of them. May run twice.
 */
void
engine_trials_stop (EngineTrials *self)
{
  g_return_if_fail (ENGINE_IS_TRIALS (self));

  while (self->sources->len > 0)
    engine_trials_remove (self, self->sources->pdata[0]);
}
