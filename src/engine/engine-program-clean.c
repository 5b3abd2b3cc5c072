/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-program-private.h"
#include "engine-recording-private.h"

/* The program without its graphics, as a recording of its own. It has an encode of its own, which runs
 * only when others leave it time; what that is too slow for is left out, and nobody else notices. */

/* Frames that may wait for its encoder: it begins with the main recording's, which may be ready before
 * it. Of 1080p they are 75 MB. */
#define MAX_FRAMES 24

/* A disk that gets full is the main recording's. */
#define LEAST_BYTES (G_GUINT64_CONSTANT (500) * 1000000)

/* So that what follows a long title in the file's name is not cut off. */
#define MAX_TITLE_BYTES 140

/* Video mixer's thread. */
static EngineRendition *
ref_leader (EngineProgram *self)
{
  return g_atomic_int_get (&self->records_own)
           ? _engine_program_ref_rendition (self, ENGINE_RENDITION_RECORDING)
           : NULL;
}

/* Both recordings begin with the same frame. Returns whether that has come. Video mixer's thread. */
static gboolean
begin (EngineProgram *self, EngineEncoder *encoder)
{
  g_autoptr (EngineRendition) leader = ref_leader (self);
  const gint64 begin_ns = engine_encoder_get_begin (
    leader != NULL ? engine_rendition_get_encoder (leader) : self->encoder);

  if (engine_encoder_get_begin (encoder) >= 0)
    return TRUE;
  if (begin_ns < 0)
    return FALSE;
  engine_encoder_begin_at (encoder, begin_ns, MAX_FRAMES);
  return TRUE;
}

/* Video mixer's thread. */
static void
frame_cb (GstBuffer *frame, gpointer user_data)
{
  EngineProgram *self = user_data;
  g_autoptr (EngineRendition) clean = _engine_program_ref_rendition (self, ENGINE_RENDITION_CLEAN);

  if (clean != NULL && begin (self, engine_rendition_get_encoder (clean)) &&
      !engine_rendition_push_frame (clean, frame))
    g_atomic_int_inc (&self->n_clean_dropped);
}

/* It takes room beside the main recording only while it is written. */
static void
state_cb (EngineProgram *self)
{
  const EngineRecordingState state = engine_recording_get_state (self->clean_recording);
  const gboolean writes =
    state == ENGINE_RECORDING_STATE_RECORDING || state == ENGINE_RECORDING_STATE_DEGRADED;

  _engine_recording_set_beside (self->recording,
                                writes ? self->clean_bps + self->format.audio_bps : 0);
}

void
_engine_program_prepare_clean (EngineProgram *self)
{
  self->clean_feed = engine_feed_new ();
  self->clean_recording = _engine_recording_new (self->clock, self->clean_feed);
  _engine_recording_set_least (self->clean_recording, LEAST_BYTES);
  g_signal_connect_object (self->clean_recording, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
}

/* May run twice. */
void
_engine_program_clear_clean (EngineProgram *self)
{
  g_clear_object (&self->clean_recording);
  g_clear_object (&self->clean_feed);
}

/**
 * _engine_program_start_clean:
 * @self: a program whose other encodes were started just now
 *
 * If it is wanted. The show goes on without it.
 */
void
_engine_program_start_clean (EngineProgram *self)
{
  EngineFormat format = self->format;
  g_autoptr (GError) error = NULL;

  if (self->clean_bps == 0 || self->renditions[ENGINE_RENDITION_CLEAN] != NULL)
    return;
  format.video_bps = self->clean_bps;
  g_atomic_int_set (&self->n_clean_dropped, 0);
  if (_engine_program_start_rendition (self, ENGINE_RENDITION_CLEAN, &format, self->clean_feed,
                                       &error))
    engine_video_mixer_set_clean_consumer (self->video, frame_cb, self);
  else
    g_warning ("the program without graphics is not recorded: %s", error->message);
}

void
_engine_program_stop_clean (EngineProgram *self)
{
  engine_video_mixer_set_clean_consumer (self->video, NULL, NULL);
}

static char *
make_title (const char *title)
{
  g_autofree char *start = g_strdup (title);

  while (strlen (start) > MAX_TITLE_BYTES)
    *g_utf8_find_prev_char (start, start + strlen (start)) = '\0';
  return g_strconcat (start, " – without graphics", NULL);
}

/**
 * _engine_program_start_clean_recording:
 * @self: a program
 * @config: how the main recording is made
 */
void
_engine_program_start_clean_recording (EngineProgram *self, const EngineRecordingConfig *config)
{
  const int bps = engine_program_get_clean_bps (self) + self->format.audio_bps;
  g_autofree char *title = NULL;
  EngineRecordingConfig clean = { 0 };

  if (engine_program_get_clean_bps (self) == 0)
    return;
  title = make_title (config->title);
  clean.folder = config->folder;
  clean.second_folder = config->second_folder;
  clean.title = title;
  _engine_recording_start (self->clean_recording, &clean, bps);
  _engine_recording_set_beside (self->clean_recording, self->recording_bps > 0
                                                         ? self->recording_bps
                                                         : self->format.video_bps);
}

void
_engine_program_stop_clean_recording (EngineProgram *self)
{
  _engine_recording_stop (self->clean_recording);
}

/**
 * engine_program_set_clean_bps:
 * @self: a program
 * @video_bps: of the recording without graphics; 0: there is none
 *
 * From the next start of the encoding on.
 */
void
engine_program_set_clean_bps (EngineProgram *self, int video_bps)
{
  g_return_if_fail (ENGINE_IS_PROGRAM (self));

  self->clean_bps = video_bps;
}

/**
 * engine_program_get_clean_bps:
 * @self: a program
 *
 * Returns: what the picture without graphics has that is encoded now; 0: there is none
 */
int
engine_program_get_clean_bps (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return self->renditions[ENGINE_RENDITION_CLEAN] != NULL ? self->clean_bps : 0;
}

/**
 * engine_program_get_clean_recording:
 * @self: a program
 *
 * Returns: (transfer none): the recording of the program without graphics; off unless there is one
 */
EngineRecording *
engine_program_get_clean_recording (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);

  return self->clean_recording;
}

/**
 * engine_program_get_clean_dropped:
 * @self: a program
 *
 * Returns: how many frames of it were left out since it was started, because the machine was too slow
 */
guint
engine_program_get_clean_dropped (EngineProgram *self)
{
  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), 0);

  return (guint) g_atomic_int_get (&self->n_clean_dropped);
}
