/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-output-private.h"
#include "engine-program-private.h"
#include "engine-recording-private.h"
#include "engine-source-private.h"

#define PROGRAM_PREVIEW_FPS 25

G_DEFINE_FINAL_TYPE (EngineProgram, engine_program, G_TYPE_OBJECT)

enum {
  SIGNAL_LEVELS,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Video mixer's thread. */
static gboolean
frame_cb (GstBuffer *frame, gpointer user_data)
{
  EngineProgram *self = user_data;

  _engine_return_push_frame (self->guests_return, frame);
  return _engine_program_encode_frame (self, frame);
}

/* Audio mixer's thread. */
static void
sound_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  EngineProgram *self = user_data;

  _engine_program_encode_sound (self, samples, time_ns);
}

/* Audio mixer's thread. */
static void
listen_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  EngineProgram *self = user_data;

  engine_headphones_push (self->headphones, samples, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
}

static gboolean
tell_levels_cb (gpointer data)
{
  EngineProgram *self = data;

  g_atomic_int_set (&self->levels_pending, FALSE);
  for (guint i = 0; i < self->sources->len; i++)
    _engine_source_tell_levels (self->sources->pdata[i]);
  g_signal_emit (self, signals[SIGNAL_LEVELS], 0);
  return G_SOURCE_REMOVE;
}

/* Audio mixer's thread. */
static void
levels_cb (gpointer user_data)
{
  EngineProgram *self = user_data;

  if (g_atomic_int_compare_and_exchange (&self->levels_pending, FALSE, TRUE))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_levels_cb, g_object_ref (self), g_object_unref);
}

static void
engine_program_dispose (GObject *object)
{
  EngineProgram *self = ENGINE_PROGRAM (object);

  engine_program_stop (self);
  g_clear_object (&self->trials);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_object (&self->headphones);
  g_clear_object (&self->talkback);
  g_clear_object (&self->guests_return);
  g_clear_object (&self->extras);
  _engine_program_clear_clean (self);
  g_clear_object (&self->recording);
  g_clear_object (&self->previewer);
  g_clear_object (&self->sent);
  _engine_program_clear_encoding (self);
  g_clear_object (&self->audio);
  g_clear_object (&self->video);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_program_parent_class)->dispose (object);
}

static void
engine_program_class_init (EngineProgramClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_program_dispose;

  signals[SIGNAL_LEVELS] = g_signal_new ("levels", ENGINE_TYPE_PROGRAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_PROGRAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
engine_program_init (EngineProgram *self)
{
  self->sources = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * engine_program_new:
 * @format: what it looks and sounds like, for its whole life
 *
 * gst_init () must have been called.
 *
 * Returns: (transfer full): a program that is not running
 */
EngineProgram *
engine_program_new (const EngineFormat *format)
{
  EngineProgram *self = g_object_new (ENGINE_TYPE_PROGRAM, NULL);

  self->format = *format;
  self->clock = engine_clock_new ();
  self->video = engine_video_mixer_new (self->clock, format);
  self->audio = engine_audio_mixer_new (self->clock);
  self->trials = engine_trials_new (self->clock, self->video, format);
  _engine_program_prepare_encoding (self);
  self->previewer = engine_previewer_new (self->clock, self->video);
  self->recording = _engine_recording_new (self->clock, self->record_feed);
  _engine_program_prepare_clean (self);
  self->extras = engine_extras_new (self->clock, self->recording, self->sources);
  engine_video_mixer_set_consumer (self->video, frame_cb, self);
  self->headphones = engine_headphones_new (self->clock);
  self->guests_return = _engine_return_new (self->clock, engine_video_mixer_get_info (self->video));
  self->talkback = engine_talkback_new (self->clock, format);
  engine_audio_mixer_set_consumer (self->audio, sound_cb, levels_cb, self);
  engine_audio_mixer_set_listener (self->audio, listen_cb, self);
  return self;
}

void
engine_program_start (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  if (self->running)
    return;
  self->running = TRUE;
  _engine_return_set_running (self->guests_return, TRUE);
  engine_video_mixer_start (self->video);
  engine_audio_mixer_start (self->audio);
  for (guint i = 0; i < self->sources->len; i++)
    _engine_source_start (self->sources->pdata[i]);
  _engine_program_start_trials (self);
}

/**
 * engine_program_stop:
 * @self: a program
 *
 * Ends outputs and recording, then the rest. What must write its end does so in the background:
 * see engine_pipeline_wait_for_stopped (). May run twice.
 */
void
engine_program_stop (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  if (self->recording != NULL)
    engine_program_stop_recording (self);
  for (guint i = 0; self->outputs != NULL && i < self->outputs->len; i++)
    _engine_output_stop (self->outputs->pdata[i]);
  if (self->encoder != NULL)
    engine_program_stop_encoding (self);
  for (guint i = 0; self->sources != NULL && i < self->sources->len; i++)
    _engine_source_stop (self->sources->pdata[i]);
  if (self->trials != NULL)
    engine_trials_stop (self->trials);
  if (self->previewer != NULL)
    engine_previewer_stop (self->previewer);
  if (self->guests_return != NULL)
    _engine_return_set_running (self->guests_return, FALSE);
  if (self->video != NULL)
    engine_video_mixer_stop (self->video);
  if (self->audio != NULL)
    engine_audio_mixer_stop (self->audio);
  if (self->headphones != NULL)
    engine_headphones_stop (self->headphones);
  if (self->talkback != NULL)
    engine_talkback_stop (self->talkback);
  self->running = FALSE;
}

/**
 * engine_program_add_source:
 * @self: a program
 * @config: what the source is
 *
 * Returns: (transfer none): the source; it starts with the program, or at once if that runs
 */
EngineSource *
engine_program_add_source (EngineProgram *self, const EngineSourceConfig *config)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  EngineSource *source = _engine_source_new (config, self->clock, &self->format, self->audio);

  g_ptr_array_add (self->sources, source);
  engine_video_mixer_add_slot (self->video, _engine_source_get_slot (source));
  if (self->running)
    _engine_source_start (source);
  return source;
}

/**
 * engine_program_try_source:
 * @self: a program that runs
 * @config: what the source is
 *
 * A source that is not in the show: to see its picture in a preview and its level before it is used.
 * Nobody hears it. It ends with engine_program_remove_source ().
 *
 * Returns: (transfer none): the source, starting
 */
EngineSource *
engine_program_try_source (EngineProgram *self, const EngineSourceConfig *config)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return engine_trials_add (self->trials, config);
}

/**
 * engine_program_remove_source:
 * @self: a program
 * @source: one of its sources, or one that is being tried
 *
 * Takes it out for good, even on air: scenes that have it go on, with its card in its place. The
 * program holds no reference to it any more.
 */
void
engine_program_remove_source (EngineProgram *self, EngineSource *source)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  if (engine_trials_remove (self->trials, source))
    return;
  g_return_if_fail (g_ptr_array_find (self->sources, source, NULL));

  _engine_source_remove (source);
  engine_video_mixer_remove_slot (self->video, _engine_source_get_slot (source));
  g_ptr_array_remove (self->sources, source);
}

/**
 * engine_program_add_output:
 * @self: a program
 * @config: what it is
 *
 * Returns: (transfer none): the output, off
 */
EngineOutput *
engine_program_add_output (EngineProgram *self, const EngineOutputConfig *config)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  EngineOutput *output = _engine_output_new (config, self->clock, self->air);

  g_ptr_array_add (self->outputs, output);
  return output;
}

/**
 * engine_program_remove_output:
 * @self: a program
 * @output: one of its outputs
 *
 * Stops it for good.
 */
void
engine_program_remove_output (EngineProgram *self, EngineOutput *output)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_stop (output);
  g_ptr_array_remove (self->outputs, output);
}

/**
 * engine_program_get_headphones:
 * @self: a program
 *
 * Returns: (transfer none): what the operator hears, off until they have a device
 */
EngineHeadphones *
engine_program_get_headphones (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->headphones;
}

EngineRecording *
engine_program_get_recording (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->recording;
}

/**
 * engine_program_get_return:
 * @self: a program
 *
 * Returns: (transfer none): the picture that guests get back
 */
EngineReturn *
engine_program_get_return (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->guests_return;
}

/**
 * engine_program_take:
 * @self: a program
 * @scene: what goes on air
 * @transition: how it replaces what is on air
 * @transition_ms: how long that takes, 150 to 1000; nothing for a cut
 *
 * The next frame shows it, or how it begins to come. See engine_program_pause () for what the audience
 * is to see instead.
 */
void
engine_program_take (EngineProgram *self, EngineScene *scene, EngineTransition transition,
                     guint transition_ms)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_video_mixer_take (self->video, scene, transition, transition_ms);
  engine_audio_mixer_set_seen (self->audio, scene->slots, scene->n_slots, transition_ms);
}

static EngineOverlay *
make_overlay (const EngineArt *art)
{
  EngineOverlay *overlay = NULL;

  if (art == NULL)
    return NULL;
  overlay = engine_overlay_new (art->surface, art->place.x, art->place.y);
  overlay->motion = art->motion;
  return overlay;
}

/**
 * engine_program_set_graphic:
 * @self: a program
 * @graphic: which place
 * @art: (nullable): what comes there, or `NULL` to take away what is there
 */
void
engine_program_set_graphic (EngineProgram *self, EngineGraphic graphic, const EngineArt *art)
{
  g_autoptr (EngineOverlay) overlay = make_overlay (art);

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_video_mixer_set_graphic (self->video, graphic, overlay);
}

/**
 * engine_program_set_draft:
 * @self: a program
 * @graphic: which place
 * @art: (nullable): what the preview of the next shot shows there, or `NULL` for what is on air
 */
void
engine_program_set_draft (EngineProgram *self, EngineGraphic graphic, const EngineArt *art)
{
  g_autoptr (EngineOverlay) overlay = make_overlay (art);

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  engine_previewer_set_draft (self->previewer, graphic, overlay);
}

EngineVideoMixerStats
engine_program_get_stats (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), (EngineVideoMixerStats){ 0 });

  return engine_video_mixer_get_stats (self->video);
}

/**
 * engine_program_get_running_ms:
 * @self: a program
 *
 * Returns: the show time, in milliseconds
 */
guint64
engine_program_get_running_ms (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return (guint64) engine_clock_get_now (self->clock) / GST_MSECOND;
}

/**
 * engine_program_get_clock:
 * @self: a program
 *
 * Returns: (transfer none): the show's clock
 */
EngineClock *
engine_program_get_clock (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->clock;
}

const EngineFormat *
engine_program_get_format (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return &self->format;
}

/**
 * engine_program_create_preview:
 * @self: a program
 *
 * Returns: (transfer full): the program as a small picture, inactive
 */
EnginePreview *
engine_program_create_preview (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return _engine_preview_new_program (self->previewer, PROGRAM_PREVIEW_FPS);
}

/**
 * engine_program_create_scene_preview:
 * @self: a program
 * @scene: what is to be seen
 * @rate_fps: how many pictures a second at the most
 *
 * Returns: (transfer full): the scene as it would look on air, as a small picture, inactive
 */
EnginePreview *
engine_program_create_scene_preview (EngineProgram *self, EngineScene *scene, guint rate_fps)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return _engine_preview_new_scene (self->previewer, scene, rate_fps);
}

/**
 * engine_program_set_preview_scene:
 * @self: a program
 * @preview: a scene's preview
 * @scene: what it is to show now, as it would look on air: with the graphics that stay
 */
void
engine_program_set_preview_scene (EngineProgram *self, EnginePreview *preview, EngineScene *scene)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_preview_set_next (preview, scene);
}
