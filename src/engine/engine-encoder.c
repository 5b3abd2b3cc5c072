/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-coder.h"
#include "engine-encoder.h"
#include "engine-relay.h"

/* Frames that may wait for the encoder: what it takes to set itself up, a third of a second on a slow
 * machine. More would only add delay, and the mixer counts what it could not get rid of. */
#define MAX_FRAMES 12

/* How far ahead of what is mixed now the beginning is put: the sound of the first picture must not
 * have gone by already when a busy machine mixes that picture late. */
#define BEGIN_FRAMES 6

/* The same for one that takes over from another: the frame after the next. */
#define TAKE_OVER_FRAMES 2

#define RESTART_MS       200

/**
 * EngineEncoder:
 *
 * Encodes the program once: H.264 and AAC, each by a coder of its own, so that one can break
 * and be replaced while the other goes on.
 *
 * A coder of pictures that is to be another one is followed by it at a keyframe, without a gap: both
 * run until the old one has given its last picture.
 *
 * Main thread, but for the two push functions, which belong to any one thread each.
 */
struct _EngineEncoder {
  GObject parent_instance;

  EngineClock *clock;
  EngineFeed *feed;
  EngineFormat format;
  GstVideoInfo info;
  gboolean running;
  gboolean chosen;
  EngineChoice choice;
  guint restart_id;

  GMutex lock;                         /* guards what follows; nothing else is locked under it */
  EngineCoder *coders[ENGINE_N_MEDIA]; /* nullable */
  EngineCoder *next;                   /* nullable: takes over the picture */
  gint64 next_ns;                      /* from when on; −1: it is not ready yet */
  /* Picture and sound begin at the very same time: packets of sound are then aligned to the first
   * keyframe, which formats that begin each track at 0 depend on. −1 before. */
  gint64 begin_ns;
  guint max_frames; /* that may wait */

  EngineRelay relay; /* never used while the lock is held */
};

G_DEFINE_FINAL_TYPE (EngineEncoder, engine_encoder, G_TYPE_OBJECT)

enum {
  SIGNAL_FAILED,
  SIGNAL_CHOICE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void coder_failed_cb (EngineCoder *coder, const GError *error, EngineEncoder *self);

static EngineCoder *
ref_coder (EngineEncoder *self, EngineMedia media)
{
  EngineCoder *coder = NULL;

  g_mutex_lock (&self->lock);
  if (self->coders[media] != NULL)
    coder = g_object_ref (self->coders[media]);
  g_mutex_unlock (&self->lock);
  return coder;
}

static void
stop_coder (EngineEncoder *self, EngineCoder **place)
{
  g_autoptr (EngineCoder) coder = NULL;

  g_mutex_lock (&self->lock);
  coder = g_steal_pointer (place);
  g_mutex_unlock (&self->lock);
  if (coder == NULL)
    return;
  engine_relay_forget (&self->relay, coder);
  g_signal_handlers_disconnect_by_data (coder, self);
  engine_coder_stop (coder);
}

/* The old coder has given its last picture. */
static gboolean
taken_over_cb (gpointer data)
{
  EngineEncoder *self = data;

  if (self->next == NULL || !engine_relay_is_current (&self->relay, self->next))
    return G_SOURCE_REMOVE;
  stop_coder (self, &self->coders[ENGINE_MEDIA_VIDEO]);
  g_mutex_lock (&self->lock);
  self->coders[ENGINE_MEDIA_VIDEO] = g_steal_pointer (&self->next);
  self->next_ns = -1;
  g_mutex_unlock (&self->lock);
  g_signal_emit (self, signals[SIGNAL_CHOICE_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Coder's thread. */
static void
packet_cb (gpointer owner, EngineCoder *coder, GstBuffer *buffer, GstCaps *caps)
{
  EngineEncoder *self = owner;

  if (engine_coder_get_media (coder) == ENGINE_MEDIA_AUDIO)
    engine_feed_push (self->feed, ENGINE_MEDIA_AUDIO, buffer, caps);
  else if (engine_relay_push (&self->relay, coder, buffer, caps))
    g_idle_add_full (G_PRIORITY_DEFAULT, taken_over_cb, g_object_ref (self), g_object_unref);
}

static EngineCoder *
make_coder (EngineEncoder *self, EngineMedia media, GError **error)
{
  EngineCoder *coder = NULL;

  if (media == ENGINE_MEDIA_VIDEO)
    coder = engine_coder_new_video (self->clock, &self->info, &self->format, &self->choice,
                                    packet_cb, G_OBJECT (self), error);
  else
    coder = engine_coder_new_audio (self->clock, &self->format, packet_cb, G_OBJECT (self), error);
  if (coder != NULL)
    g_signal_connect (coder, "failed", G_CALLBACK (coder_failed_cb), self);
  return coder;
}

static gboolean
start_coder (EngineEncoder *self, EngineMedia media, GError **error)
{
  EngineCoder *coder = make_coder (self, media, error);

  if (coder == NULL)
    return FALSE;
  if (media == ENGINE_MEDIA_VIDEO)
    engine_relay_set_current (&self->relay, coder);
  g_mutex_lock (&self->lock);
  self->coders[media] = coder;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
restart (EngineEncoder *self, EngineMedia media)
{
  g_autoptr (GError) error = NULL;

  if (!start_coder (self, media, &error))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error,
                   engine_codecs_get (self->choice.codec)->factory);
}

static gboolean
restart_cb (gpointer data)
{
  EngineEncoder *self = data;

  self->restart_id = 0;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    if (self->coders[i] == NULL)
      restart (self, (EngineMedia) i);
  }
  return G_SOURCE_REMOVE;
}

static void
restart_soon (EngineEncoder *self)
{
  if (self->restart_id == 0)
    self->restart_id = g_timeout_add (RESTART_MS, restart_cb, self);
}

/* Nothing takes over any more. */
static void
forget_next (EngineEncoder *self)
{
  engine_relay_cancel (&self->relay);
  stop_coder (self, &self->next);
  g_mutex_lock (&self->lock);
  self->next_ns = -1;
  g_mutex_unlock (&self->lock);
}

/* The picture goes on in another way if there is one, at once; what cannot be helped is tried again. */
static void
replace_video (EngineEncoder *self)
{
  EngineChoice choice = self->choice;

  if (engine_choice_find_usual (self->choice.codec + 1, &choice)) {
    self->choice = choice;
    restart (self, ENGINE_MEDIA_VIDEO);
    g_signal_emit (self, signals[SIGNAL_CHOICE_CHANGED], 0);
    return;
  }
  restart_soon (self);
}

static void
coder_failed_cb (EngineCoder *coder, const GError *error, EngineEncoder *self)
{
  const EngineMedia media = engine_coder_get_media (coder);
  const char *factory = media == ENGINE_MEDIA_AUDIO
                          ? "avenc_aac"
                          : engine_codecs_get (engine_coder_get_choice (coder)->codec)->factory;

  if (media == ENGINE_MEDIA_AUDIO) {
    stop_coder (self, &self->coders[media]);
    restart_soon (self);
  } else if (coder == self->next) {
    /* What goes out now does well enough. */
    forget_next (self);
    self->choice = *engine_coder_get_choice (self->coders[ENGINE_MEDIA_VIDEO]);
  } else {
    forget_next (self);
    stop_coder (self, &self->coders[media]);
    replace_video (self);
  }
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error, factory);
}

static void
engine_encoder_dispose (GObject *object)
{
  EngineEncoder *self = ENGINE_ENCODER (object);

  engine_encoder_stop (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_encoder_parent_class)->dispose (object);
}

static void
engine_encoder_finalize (GObject *object)
{
  EngineEncoder *self = ENGINE_ENCODER (object);

  engine_relay_clear (&self->relay);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_encoder_parent_class)->finalize (object);
}

static void
engine_encoder_class_init (EngineEncoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_encoder_dispose;
  object_class->finalize = engine_encoder_finalize;
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_ENCODER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ERROR, G_TYPE_STRING);
  signals[SIGNAL_CHOICE_CHANGED] =
    g_signal_new ("choice-changed", ENGINE_TYPE_ENCODER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
engine_encoder_init (EngineEncoder *self)
{
  g_mutex_init (&self->lock);
  self->begin_ns = self->next_ns = -1;
}

/**
 * engine_encoder_new:
 * @clock: the show's clock
 * @feed: where what is encoded goes
 * @format: what is to come out; its picture may be smaller than @info's
 * @info: the program's picture
 *
 * Returns: (transfer full): an encoder that is not running
 */
EngineEncoder *
engine_encoder_new (EngineClock *clock, EngineFeed *feed, const EngineFormat *format,
                    const GstVideoInfo *info)
{
  EngineEncoder *self = g_object_new (ENGINE_TYPE_ENCODER, NULL);

  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->format = *format;
  self->info = *info;
  engine_relay_init (&self->relay, feed);
  return self;
}

/**
 * engine_encoder_set_choice:
 * @self: an encoder
 * @choice: how the picture is to be encoded
 *
 * While it runs, the new way takes over as soon as it is ready, at a keyframe and without a gap. A
 * change that is on its way already is not disturbed: this one is then forgotten.
 */
void
engine_encoder_set_choice (EngineEncoder *self, const EngineChoice *choice)
{
  g_autoptr (GError) error = NULL;
  EngineCoder *next = NULL;
  const EngineChoice before = self->choice;

  g_return_if_fail (ENGINE_IS_ENCODER (self));

  if (self->chosen && choice->codec == before.codec && choice->preset == before.preset)
    return;
  if (self->running && (self->next != NULL || self->coders[ENGINE_MEDIA_VIDEO] == NULL))
    return;
  self->chosen = TRUE;
  self->choice = *choice;
  if (!self->running)
    return;
  next = make_coder (self, ENGINE_MEDIA_VIDEO, &error);
  if (next == NULL) {
    g_warning ("the picture goes on being encoded as it was: %s", error->message);
    self->choice = before;
    return;
  }
  engine_relay_set_next (&self->relay, next);
  g_mutex_lock (&self->lock);
  self->next = next;
  self->next_ns = -1;
  g_mutex_unlock (&self->lock);
}

/* (nullable): `NULL` before it is known. */
const EngineChoice *
engine_encoder_get_choice (EngineEncoder *self)
{
  g_return_val_if_fail (ENGINE_IS_ENCODER (self), NULL);

  return self->chosen ? &self->choice : NULL;
}

/**
 * engine_encoder_set_rates:
 * @self: an encoder
 * @video_bps: of the picture, from now on
 * @audio_bps: of the sound, from the next start on
 */
void
engine_encoder_set_rates (EngineEncoder *self, int video_bps, int audio_bps)
{
  g_return_if_fail (ENGINE_IS_ENCODER (self));

  self->format.audio_bps = audio_bps;
  if (self->format.video_bps == video_bps)
    return;
  self->format.video_bps = video_bps;
  if (self->coders[ENGINE_MEDIA_VIDEO] != NULL)
    engine_coder_set_bps (self->coders[ENGINE_MEDIA_VIDEO], &self->format);
  if (self->next != NULL)
    engine_coder_set_bps (self->next, &self->format);
}

/**
 * engine_encoder_follow:
 * @self: an encoder that is not running
 * @other: another one of the same picture
 *
 * Will encode as the other does, so that one can follow the other in a stream.
 */
void
engine_encoder_follow (EngineEncoder *self, EngineEncoder *other)
{
  g_return_if_fail (!self->running);

  self->format = other->format;
  self->choice = other->choice;
  self->chosen = other->chosen;
}

/**
 * engine_encoder_start:
 * @self: an encoder
 *
 * In the way that was chosen, or the first that is installed and needs no trial. Fails with
 * %ENGINE_ERROR_MISSING_CODEC when there is none, or %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: whether it runs
 */
gboolean
engine_encoder_start (EngineEncoder *self, GError **error)
{
  g_return_val_if_fail (ENGINE_IS_ENCODER (self), FALSE);

  if (self->running)
    return TRUE;
  if (!self->chosen && !engine_choice_find_usual (0, &self->choice)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_CODEC,
                 "no H.264 encoder is installed: a Flatpak has it from "
                 "org.freedesktop.Platform.codecs-extra, Debian from gstreamer1.0-plugins-ugly");
    return FALSE;
  }
  self->chosen = TRUE;
  g_mutex_lock (&self->lock);
  self->begin_ns = -1;
  self->max_frames = MAX_FRAMES;
  g_mutex_unlock (&self->lock);
  engine_relay_reset (&self->relay);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    if (!start_coder (self, (EngineMedia) i, error)) {
      engine_encoder_stop (self);
      return FALSE;
    }
  }
  self->running = TRUE;
  return TRUE;
}

gboolean
engine_encoder_get_running (EngineEncoder *self)
{
  g_return_val_if_fail (ENGINE_IS_ENCODER (self), FALSE);

  return self->running;
}

void
engine_encoder_stop (EngineEncoder *self)
{
  stop_coder (self, &self->next);
  g_clear_handle_id (&self->restart_id, g_source_remove);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    stop_coder (self, &self->coders[i]);
  g_mutex_lock (&self->lock);
  self->begin_ns = self->next_ns = -1;
  g_mutex_unlock (&self->lock);
  self->running = FALSE;
}

/**
 * engine_encoder_begin_at:
 * @self: an encoder that was started just now, before anything is pushed
 * @time_ns: the show time of the first picture, and the earliest of the first sound
 * @max_frames: so many may wait, which it takes to set itself up; more than a few only of pictures that
 *   share their memory
 *
 * What is pushed meanwhile is not forgotten. Any thread.
 */
void
engine_encoder_begin_at (EngineEncoder *self, gint64 time_ns, guint max_frames)
{
  g_return_if_fail (ENGINE_IS_ENCODER (self));

  g_mutex_lock (&self->lock);
  self->begin_ns = time_ns;
  self->max_frames = max_frames;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_encoder_get_begin:
 * @self: an encoder
 *
 * Any thread.
 *
 * Returns: the show time of its first picture and sample, in nanoseconds; −1 before it is known
 */
gint64
engine_encoder_get_begin (EngineEncoder *self)
{
  gint64 begin_ns = 0;

  g_return_val_if_fail (ENGINE_IS_ENCODER (self), -1);

  g_mutex_lock (&self->lock);
  begin_ns = self->begin_ns;
  g_mutex_unlock (&self->lock);
  return begin_ns;
}

/* The first picture from @time_ns on can be understood without those before it. */
void
engine_encoder_request_keyframe (EngineEncoder *self, gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_ENCODER (self));

  if (self->coders[ENGINE_MEDIA_VIDEO] != NULL)
    engine_coder_request_keyframe (self->coders[ENGINE_MEDIA_VIDEO], time_ns);
  if (self->next != NULL)
    engine_coder_request_keyframe (self->next, time_ns);
}

static gboolean
is_full (EngineEncoder *self, EngineCoder *coder)
{
  return engine_coder_get_n_waiting (coder) >= self->max_frames;
}

/* Whether @frame is after the beginning. Locked. */
static gboolean
has_begun (EngineEncoder *self, GstBuffer *frame)
{
  EngineCoder *audio = self->coders[ENGINE_MEDIA_AUDIO];

  /* Setting up takes its time; what is mixed meanwhile is before the beginning. */
  if (self->begin_ns < 0 && engine_coder_get_ready (self->coders[ENGINE_MEDIA_VIDEO]) &&
      audio != NULL && engine_coder_get_ready (audio))
    self->begin_ns = (gint64) (GST_BUFFER_PTS (frame) + BEGIN_FRAMES * GST_BUFFER_DURATION (frame));
  return self->begin_ns >= 0 && (gint64) GST_BUFFER_PTS (frame) >= self->begin_ns;
}

/* Who is to take over says when as soon as he is ready. */
static EngineCoder *
ref_next (EngineEncoder *self, GstBuffer *frame)
{
  const gint64 pts_ns = (gint64) GST_BUFFER_PTS (frame);
  EngineCoder *next = NULL;
  gint64 begins_ns = -1;

  g_mutex_lock (&self->lock);
  if (self->next != NULL && self->next_ns < 0 && engine_coder_get_ready (self->next) &&
      self->begin_ns >= 0)
    self->next_ns = begins_ns = pts_ns + TAKE_OVER_FRAMES * (gint64) GST_BUFFER_DURATION (frame);
  if (self->next != NULL && self->next_ns >= 0 && pts_ns >= self->next_ns - GST_MSECOND)
    next = g_object_ref (self->next);
  g_mutex_unlock (&self->lock);
  if (begins_ns >= 0)
    engine_relay_switch (&self->relay, begins_ns);
  return next;
}

/**
 * engine_encoder_push_frame:
 * @self: an encoder
 * @frame: a frame of the program, its PTS in show time
 *
 * Never blocks.
 *
 * Returns: whether the frame was taken; not while the encoder is too slow. One that is not running
 *   takes everything, and forgets it
 */
gboolean
engine_encoder_push_frame (EngineEncoder *self, GstBuffer *frame)
{
  g_autoptr (EngineCoder) coder = ref_coder (self, ENGINE_MEDIA_VIDEO);
  g_autoptr (EngineCoder) next = ref_next (self, frame);
  gboolean begun = FALSE, full = FALSE;

  if (next != NULL && !is_full (self, next))
    engine_coder_push (next, gst_buffer_ref (frame));
  if (coder == NULL)
    return TRUE;
  g_mutex_lock (&self->lock);
  full = is_full (self, coder);
  begun = !full && self->coders[ENGINE_MEDIA_VIDEO] == coder && has_begun (self, frame);
  g_mutex_unlock (&self->lock);
  if (begun)
    engine_coder_push (coder, gst_buffer_ref (frame));
  return !full;
}

/**
 * engine_encoder_push_sound:
 * @self: an encoder
 * @samples: @n_frames × 2 interleaved samples
 * @n_frames: how many
 * @time_ns: the show time of the first
 *
 * Never blocks.
 */
void
engine_encoder_push_sound (EngineEncoder *self, const float *samples, guint n_frames,
                           gint64 time_ns)
{
  g_autoptr (EngineCoder) coder = ref_coder (self, ENGINE_MEDIA_AUDIO);
  GstBuffer *buffer = NULL;
  gint64 begin_ns = 0, skip = 0;

  if (coder == NULL || engine_coder_get_waiting_ns (coder) > ENGINE_CODER_MAX_SOUND_NS)
    return;
  g_mutex_lock (&self->lock);
  begin_ns = self->begin_ns;
  g_mutex_unlock (&self->lock);
  skip = (begin_ns - time_ns) * ENGINE_SAMPLE_RATE_HZ / (gint64) GST_SECOND;
  if (begin_ns < 0 || skip >= (gint64) n_frames)
    return;
  if (skip > 0) {
    samples += skip * ENGINE_N_CHANNELS;
    n_frames -= (guint) skip;
    time_ns = begin_ns;
  }
  buffer = gst_buffer_new_memdup (samples, n_frames * ENGINE_N_CHANNELS * sizeof (float));
  GST_BUFFER_PTS (buffer) = (GstClockTime) time_ns;
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (n_frames, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  engine_coder_push (coder, buffer);
}
