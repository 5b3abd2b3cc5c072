/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-output-private.h"
#include "engine-program-private.h"

/* How a program is encoded: once for all; perhaps once more for destinations that can take only less;
 * perhaps once more for the recording. */

/* What begins has more urgent things to do than to find out how fast this machine is. */
#define TRIAL_DELAY_MS 2000

/* The recording gets what goes out, unless it has an encode of its own. Encoder's threads. */
static void
record_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  EngineProgram *self = user_data;

  if (!g_atomic_int_get (&self->records_own))
    engine_feed_push (self->record_feed, media, buffer, caps);
}

/* An encode broke; what is known of its element holds for the others. */
static void
failed_cb (EngineEncoder *encoder, const GError *error, const char *factory, EngineProgram *self)
{
  g_message ("the encoder %s failed and is replaced: %s", factory, error->message);
  engine_chooser_refuse (self->chooser, factory, error->message);
  g_signal_emit_by_name (self, "failed", error);
}

/* Any thread. */
EngineRendition *
_engine_program_ref_rendition (EngineProgram *self, EngineRenditionKind kind)
{
  EngineRendition *rendition = NULL;

  g_mutex_lock (&self->rendition_lock);
  if (self->renditions[kind] != NULL)
    rendition = g_object_ref (self->renditions[kind]);
  g_mutex_unlock (&self->rendition_lock);
  return rendition;
}

static void
keyframe_wanted_cb (EngineFeed *feed, EngineProgram *self)
{
  g_autoptr (EngineRendition) second =
    feed == self->second_air ? _engine_program_ref_rendition (self, ENGINE_RENDITION_SECOND) : NULL;
  EngineBlinder *blinder = second != NULL ? engine_rendition_get_blinder (second) : self->blinder;

  if (blinder != NULL)
    engine_blinder_request_keyframe (blinder, engine_clock_get_now (self->clock));
}

/**
 * _engine_program_prepare_encoding:
 * @self: a program that has its mixers, and nothing of what follows them
 */
void
_engine_program_prepare_encoding (EngineProgram *self)
{
  const GstVideoInfo *info = engine_video_mixer_get_info (self->video);

  g_mutex_init (&self->rendition_lock);
  self->chooser = engine_chooser_new (&self->format);
  self->video_bps = self->format.video_bps;
  self->audio_bps = self->format.audio_bps;
  self->feed = engine_feed_new ();
  self->air = engine_feed_new ();
  self->second_air = engine_feed_new ();
  self->record_feed = engine_feed_new ();
  self->encoder = engine_encoder_new (self->clock, self->feed, &self->format, info);
  self->blinder =
    engine_blinder_new (self->clock, self->encoder, self->feed, self->air, &self->format, info);
  self->record_id = engine_feed_add_listener (self->feed, record_cb, self);
  g_signal_connect_object (self->encoder, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (self->air, "keyframe-wanted", G_CALLBACK (keyframe_wanted_cb), self, 0);
  g_signal_connect_object (self->second_air, "keyframe-wanted", G_CALLBACK (keyframe_wanted_cb),
                           self, 0);
}

/**
 * _engine_program_clear_encoding:
 * @self: a program whose mixers have stopped
 *
 * May run twice.
 */
void
_engine_program_clear_encoding (EngineProgram *self)
{
  if (self->chooser == NULL)
    return;
  engine_chooser_stop (self->chooser);
  engine_feed_remove_listener (self->feed, self->record_id);
  for (guint i = 0; i < ENGINE_N_RENDITIONS; i++)
    g_clear_object (&self->renditions[i]);
  gst_clear_buffer (&self->card);
  g_clear_pointer (&self->music, g_free);
  g_clear_object (&self->blinder);
  g_clear_object (&self->encoder);
  g_clear_object (&self->record_feed);
  g_clear_object (&self->second_air);
  g_clear_object (&self->air);
  g_clear_object (&self->feed);
  g_clear_object (&self->chooser);
  g_mutex_clear (&self->rendition_lock);
}

static void
set_rendition (EngineProgram *self, EngineRenditionKind kind, EngineRendition *rendition)
{
  g_autoptr (EngineRendition) before = NULL;

  g_mutex_lock (&self->rendition_lock);
  before = self->renditions[kind];
  self->renditions[kind] = rendition != NULL ? g_object_ref (rendition) : NULL;
  g_mutex_unlock (&self->rendition_lock);
  if (before != NULL)
    engine_rendition_stop (before);
}

/**
 * _engine_program_encode_frame:
 * @self: a program
 * @frame: the frame that was mixed just now
 *
 * Video mixer's thread.
 *
 * Returns: whether every encoder of what it is took it
 */
gboolean
_engine_program_encode_frame (EngineProgram *self, GstBuffer *frame)
{
  gboolean taken = TRUE;

  engine_blinder_push_frame (self->blinder, frame);
  taken = engine_encoder_push_frame (self->encoder, frame);
  for (guint i = 0; i < ENGINE_RENDITION_CLEAN; i++) {
    g_autoptr (EngineRendition) rendition =
      _engine_program_ref_rendition (self, (EngineRenditionKind) i);

    if (rendition != NULL)
      taken = engine_rendition_push_frame (rendition, frame) && taken;
  }
  return taken;
}

/**
 * _engine_program_encode_sound:
 * @self: a program
 * @samples: the block that was mixed just now
 * @time_ns: the show time of its first sample
 *
 * Audio mixer's thread.
 */
void
_engine_program_encode_sound (EngineProgram *self, const float *samples, gint64 time_ns)
{
  engine_blinder_push_sound (self->blinder, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
  engine_encoder_push_sound (self->encoder, samples, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
  for (guint i = 0; i < ENGINE_N_RENDITIONS; i++) {
    g_autoptr (EngineRendition) rendition =
      _engine_program_ref_rendition (self, (EngineRenditionKind) i);

    if (rendition != NULL)
      engine_rendition_push_sound (rendition, samples, ENGINE_AUDIO_BLOCK_FRAMES, time_ns);
  }
}

/* Finds out how to encode best, if that is not known from another time. */
void
_engine_program_start_trials (EngineProgram *self)
{
  engine_chooser_start (self->chooser, TRIAL_DELAY_MS);
}

/**
 * _engine_program_set_card:
 * @self: a program
 * @card: (nullable): what every audience is to see instead of the program
 */
void
_engine_program_set_card (EngineProgram *self, GstBuffer *card)
{
  g_autoptr (EngineRendition) second =
    _engine_program_ref_rendition (self, ENGINE_RENDITION_SECOND);

  gst_buffer_replace (&self->card, card);
  engine_blinder_set_card (self->blinder, card);
  if (second != NULL)
    engine_blinder_set_card (engine_rendition_get_blinder (second), card);
}

/**
 * _engine_program_set_music:
 * @self: a program
 * @uri: (nullable): what every audience is to hear meanwhile
 */
void
_engine_program_set_music (EngineProgram *self, const char *uri)
{
  g_autoptr (EngineRendition) second =
    _engine_program_ref_rendition (self, ENGINE_RENDITION_SECOND);

  common_set_string (&self->music, uri);
  engine_blinder_set_music (self->blinder, uri);
  if (second != NULL)
    engine_blinder_set_music (engine_rendition_get_blinder (second), uri);
}

static void
choose (EngineProgram *self, EngineEncoder *encoder, gboolean gently)
{
  EngineChoice choice = { 0 };
  const EngineChoice *running = engine_encoder_get_choice (self->encoder);

  /* What has been found to do, or not to do, while on air holds for what starts later. */
  if (encoder != self->encoder && engine_encoder_get_running (self->encoder) && running != NULL)
    choice = *running;
  else if (!engine_chooser_get_choice (self->chooser, &choice))
    return;
  choice.gently = gently;
  engine_encoder_set_choice (encoder, &choice);
}

/* What breaks there says nothing of the encode that matters. */
static void
clean_failed_cb (EngineEncoder *encoder, const GError *error, const char *factory,
                 EngineProgram *self)
{
  g_message ("the program without graphics: the encoder %s failed and is replaced: %s", factory,
             error->message);
}

/**
 * _engine_program_start_rendition:
 * @self: a program that is being encoded
 * @kind: which encode beside the shared one
 * @format: what it is
 * @out: where it goes
 *
 * Fails with an `ENGINE_ERROR`.
 *
 * Returns: whether it is being encoded
 */
gboolean
_engine_program_start_rendition (EngineProgram *self, EngineRenditionKind kind,
                                 const EngineFormat *format, EngineFeed *out, GError **error)
{
  const gboolean for_audience = kind == ENGINE_RENDITION_SECOND;
  g_autoptr (EngineRendition) rendition =
    engine_rendition_new (self->clock, format, engine_video_mixer_get_info (self->video), out,
                          for_audience);

  choose (self, engine_rendition_get_encoder (rendition), kind == ENGINE_RENDITION_CLEAN);
  if (for_audience) {
    engine_blinder_set_music (engine_rendition_get_blinder (rendition), self->music);
    engine_blinder_set_card (engine_rendition_get_blinder (rendition), self->card);
  }
  if (!engine_rendition_start (rendition, error))
    return FALSE;
  g_signal_connect_object (
    engine_rendition_get_encoder (rendition), "failed",
    G_CALLBACK (kind == ENGINE_RENDITION_CLEAN ? clean_failed_cb : failed_cb), self, 0);
  set_rendition (self, kind, rendition);
  return TRUE;
}

static EngineFormat
get_recording_format (EngineProgram *self)
{
  EngineFormat format = self->format;

  format.video_bps = self->recording_bps;
  return format;
}

/* None is needed for the show to go on: if one cannot be had, what goes out does for it as well. */
static void
start_renditions (EngineProgram *self)
{
  const EngineFormat recording = get_recording_format (self);
  g_autoptr (GError) error = NULL;

  if (self->recording_bps > 0 && self->renditions[ENGINE_RENDITION_RECORDING] == NULL) {
    const gboolean started =
      _engine_program_start_rendition (self, ENGINE_RENDITION_RECORDING, &recording,
                                       self->record_feed, &error);

    g_atomic_int_set (&self->records_own, started);
    if (!started)
      g_warning ("the recording has no encode of its own: %s", error->message);
    g_clear_error (&error);
  }
  if (self->has_second && self->renditions[ENGINE_RENDITION_SECOND] == NULL &&
      !_engine_program_start_rendition (self, ENGINE_RENDITION_SECOND, &self->second_format,
                                        self->second_air, &error))
    g_warning ("there is no second encode: %s", error->message);
}

/**
 * engine_program_start_encoding:
 * @self: a program
 *
 * Fails with %ENGINE_ERROR_MISSING_CODEC when no encoder is installed.
 *
 * Returns: whether the program is being encoded
 */
gboolean
engine_program_start_encoding (EngineProgram *self, GError **error)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), FALSE);

  if (engine_encoder_get_running (self->encoder))
    return TRUE;
  choose (self, self->encoder, FALSE);
  engine_encoder_set_rates (self->encoder, self->video_bps, self->audio_bps);
  if (!engine_blinder_start (self->blinder, error))
    return FALSE;
  if (!engine_encoder_start (self->encoder, error)) {
    engine_blinder_stop (self->blinder);
    return FALSE;
  }
  start_renditions (self);
  _engine_program_start_clean (self);
  return TRUE;
}

void
engine_program_stop_encoding (EngineProgram *self)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_program_stop_clean (self);
  for (guint i = 0; i < ENGINE_N_RENDITIONS; i++)
    set_rendition (self, (EngineRenditionKind) i, NULL);
  g_atomic_int_set (&self->records_own, FALSE);
  engine_encoder_stop (self->encoder);
  engine_blinder_stop (self->blinder);
}

/**
 * engine_program_set_rates:
 * @self: a program
 * @video_bps: of the shared encode's picture, from now on
 * @audio_bps: of every encode's sound, from the next start of the encoding on
 */
void
engine_program_set_rates (EngineProgram *self, int video_bps, int audio_bps)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->audio_bps = self->second_format.audio_bps = audio_bps;
  engine_program_set_video_bps (self, video_bps);
}

/**
 * engine_program_set_video_bps:
 * @self: a program
 * @video_bps: of the shared encode's picture, from now on, whether it runs or not
 */
void
engine_program_set_video_bps (EngineProgram *self, int video_bps)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->video_bps = video_bps;
  engine_encoder_set_rates (self->encoder, video_bps, self->audio_bps);
}

int
engine_program_get_video_bps (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return self->video_bps;
}

/**
 * engine_program_set_recording_bps:
 * @self: a program
 * @video_bps: of an encode that is the recording's own; 0: it gets what goes out
 *
 * From the next start of the encoding on: a recording does not change while it goes on.
 */
void
engine_program_set_recording_bps (EngineProgram *self, int video_bps)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->recording_bps = video_bps;
}

/**
 * engine_program_get_recording_bps:
 * @self: a program
 *
 * Returns: what the recording's own encode has; 0 while it gets what goes out
 */
int
engine_program_get_recording_bps (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return g_atomic_int_get (&self->records_own) ? self->recording_bps : 0;
}

/**
 * engine_program_set_second:
 * @self: a program
 * @format: (nullable): what destinations get that can take only less: no larger a picture than the
 *   program's; `NULL`: there is no second encode
 *
 * At once if the program is being encoded.
 */
void
engine_program_set_second (EngineProgram *self, const EngineFormat *format)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->has_second = format != NULL;
  if (format == NULL)
    set_rendition (self, ENGINE_RENDITION_SECOND, NULL);
  else if (self->renditions[ENGINE_RENDITION_SECOND] == NULL)
    self->second_format = *format;
  if (format != NULL && engine_encoder_get_running (self->encoder))
    start_renditions (self);
}

/**
 * engine_program_set_second_bps:
 * @self: a program
 * @video_bps: of the second encode's picture, from now on
 */
void
engine_program_set_second_bps (EngineProgram *self, int video_bps)
{
  g_autoptr (EngineRendition) second = NULL;

  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->second_format.video_bps = video_bps;
  second = _engine_program_ref_rendition (self, ENGINE_RENDITION_SECOND);
  if (second != NULL)
    engine_encoder_set_rates (engine_rendition_get_encoder (second), video_bps,
                              self->second_format.audio_bps);
}

/**
 * engine_program_get_second_bps:
 * @self: a program
 *
 * Returns: what the second encode's picture has; 0: there is none
 */
int
engine_program_get_second_bps (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return self->has_second ? self->second_format.video_bps : 0;
}

/**
 * engine_program_set_output_second:
 * @self: a program
 * @output: one of its outputs
 * @second: whether it gets the second encode
 *
 * An output that is live is connected anew for it.
 */
void
engine_program_set_output_second (EngineProgram *self, EngineOutput *output, gboolean second)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  _engine_output_set_feed (output, second ? self->second_air : self->air);
}

/**
 * engine_program_lower_preset:
 * @self: a program that is being encoded
 *
 * Encodes faster and not as well, from the next keyframe on, in every encode.
 *
 * Returns: whether there was a faster way
 */
gboolean
engine_program_lower_preset (EngineProgram *self)
{
  EngineChoice choice = { 0 };

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), FALSE);

  if (!engine_encoder_get_running (self->encoder))
    return FALSE;
  choice = *engine_encoder_get_choice (self->encoder);
  if (engine_choice_get_preset (&choice) == NULL || choice.preset == 0)
    return FALSE;
  choice.preset--;
  engine_encoder_set_choice (self->encoder, &choice);
  for (guint i = 0; i < ENGINE_N_RENDITIONS; i++) {
    g_autoptr (EngineRendition) rendition =
      _engine_program_ref_rendition (self, (EngineRenditionKind) i);

    choice.gently = i == ENGINE_RENDITION_CLEAN;
    if (rendition != NULL)
      engine_encoder_set_choice (engine_rendition_get_encoder (rendition), &choice);
  }
  return TRUE;
}

/**
 * engine_program_get_encoder_name:
 * @self: a program
 *
 * Returns: (nullable): the picture encoder in use, or to be used, such as `x264enc`
 */
const char *
engine_program_get_encoder_name (EngineProgram *self)
{
  EngineChoice choice = { 0 };

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  if (engine_encoder_get_running (self->encoder))
    choice = *engine_encoder_get_choice (self->encoder);
  else if (!engine_chooser_get_choice (self->chooser, &choice))
    return NULL;
  return engine_codecs_get (choice.codec)->factory;
}

/**
 * engine_program_get_encoder_preset:
 * @self: a program
 *
 * Returns: (nullable): the speed at which it encodes, as the encoder calls it; `NULL` for one that has
 *   none
 */
const char *
engine_program_get_encoder_preset (EngineProgram *self)
{
  EngineChoice choice = { 0 };

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  if (engine_encoder_get_running (self->encoder))
    choice = *engine_encoder_get_choice (self->encoder);
  else if (!engine_chooser_get_choice (self->chooser, &choice))
    return NULL;
  return engine_choice_get_preset (&choice);
}

/**
 * engine_program_get_encoder_refusals:
 * @self: a program
 *
 * Returns: (transfer full) (element-type EngineRefusal): encoders that would have been better, and why
 *   they are not in use
 */
GPtrArray *
engine_program_get_encoder_refusals (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return engine_chooser_get_refusals (self->chooser, engine_program_get_encoder_name (self));
}

/**
 * engine_program_get_encode_cost:
 * @self: a program
 *
 * Returns: how many processor cores one encode of it keeps busy, measured or estimated
 */
double
engine_program_get_encode_cost (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return engine_chooser_get_cost (self->chooser);
}
