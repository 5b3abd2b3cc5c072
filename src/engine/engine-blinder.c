/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-blinder.h"
#include "engine-intake.h"
#include "engine-splice.h"

/* The frame that is due now may be on its way already: a change begins with the one after the next. */
#define SWITCH_FRAMES 2

/* Its own encoder takes what comes while it sets itself up: pictures that share their memory. */
#define MAX_FRAMES_BEFORE 60

/* An AAC packet, in samples: sound can change from one encoder to the other only between two. */
#define PACKET_FRAMES 1024

/* Music comes within this. */
#define MUSIC_RAMP_FRAMES (ENGINE_SAMPLE_RATE_HZ / 2)

/* The longest piece of sound that is made at a time. */
#define MAX_PIECE_FRAMES ENGINE_AUDIO_BLOCK_FRAMES

/**
 * EngineBlinder:
 *
 * What the audience gets while the show pauses: a card, and silence or music, encoded by an encoder
 * of its own, while the program goes on being encoded for the recording. The audience's feed goes
 * from one to the other at a keyframe, without a gap or a step back in its times.
 *
 * The second encoder runs during a pause only. Main thread, but for the push functions, which
 * belong to the mixers' threads, and the feeds' listeners.
 */
struct _EngineBlinder {
  GObject parent_instance;

  EngineClock *clock;
  EngineEncoder *program_encoder;
  EngineFeed *program;
  EngineFeed *own;
  EngineEncoder *encoder;
  EngineFormat format;
  guint listener_ids[ENGINE_N_SIDES];
  gboolean started; /* something is being encoded for the audience */
  gboolean running; /* the own encoder is */
  EngineSlot *music_slot;
  EngineIntake *music; /* nullable */
  EngineSourceConfig music_config;

  GMutex lock; /* guards all below; an order is kept: this one, then those of feeds and encoders */
  GstBuffer *card; /* nullable: no pause */
  EngineSplice splices[ENGINE_N_MEDIA];
  gint64 next_frame;    /* the number of the frame that the own encoder gets next; −1: none */
  gint64 next_sound;    /* the same in samples */
  gint64 own_sound_ns;  /* where that began */
  gint64 music_samples; /* since the pause began, for the gentle beginning */
  gboolean settle_queued;
  gboolean
    open; /* between start and stop: nothing else goes to the audience, whatever still comes */
  gboolean begins_paused; /* the own encoder begins when the program's does */
};

G_DEFINE_FINAL_TYPE (EngineBlinder, engine_blinder, G_TYPE_OBJECT)

static void
stop_music (EngineBlinder *self)
{
  if (self->music == NULL)
    return;
  engine_intake_stop (self->music);
  engine_slot_clear (self->music_slot);
}

static gint64
frame_time (EngineBlinder *self, gint64 n)
{
  return (gint64) gst_util_uint64_scale ((guint64) n, GST_SECOND, (guint64) self->format.rate_fps);
}

static gint64
to_samples (gint64 time_ns)
{
  return (gint64) gst_util_uint64_scale_round ((guint64) time_ns, ENGINE_SAMPLE_RATE_HZ,
                                               GST_SECOND);
}

static gint64
to_time (gint64 samples)
{
  return (gint64) gst_util_uint64_scale ((guint64) samples, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
}

/* Something changed: the own encoder may not be needed any more. Main thread. */
static gboolean
settle_cb (gpointer data)
{
  EngineBlinder *self = data;
  gboolean needed = FALSE;

  g_mutex_lock (&self->lock);
  self->settle_queued = FALSE;
  needed = self->card != NULL;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    needed =
      needed || self->splices[i].switch_ns >= 0 || self->splices[i].side == ENGINE_SIDE_BLIND;
  if (!needed)
    self->next_frame = self->next_sound = -1;
  g_mutex_unlock (&self->lock);

  if (needed || !self->running)
    return G_SOURCE_REMOVE;
  engine_encoder_stop (self->encoder);
  self->running = FALSE;
  stop_music (self);
  return G_SOURCE_REMOVE;
}

/* Any thread. */
static void
queue_settle (EngineBlinder *self)
{
  gboolean queued = FALSE;

  g_mutex_lock (&self->lock);
  queued = self->settle_queued;
  self->settle_queued = TRUE;
  g_mutex_unlock (&self->lock);
  if (!queued)
    g_idle_add_full (G_PRIORITY_DEFAULT, settle_cb, g_object_ref (self), g_object_unref);
}

/* Encoder's threads, of either side. */
static void
take_packet (EngineBlinder *self, EngineSide side, EngineMedia media, GstBuffer *buffer,
             GstCaps *caps)
{
  gboolean completed = FALSE;

  g_mutex_lock (&self->lock);
  if (self->open)
    completed = engine_splice_push (&self->splices[media], side, buffer, caps);
  g_mutex_unlock (&self->lock);
  if (completed)
    queue_settle (self);
}

static void
program_packet_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  take_packet (user_data, ENGINE_SIDE_PROGRAM, media, buffer, caps);
}

static void
own_packet_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  take_packet (user_data, ENGINE_SIDE_BLIND, media, buffer, caps);
}

/* The first time from @time_ns on at which the sound that goes out now is between two packets.
 * Locked. */
static gint64
find_sound_edge (EngineBlinder *self, gint64 time_ns)
{
  const EngineSplice *splice = &self->splices[ENGINE_MEDIA_AUDIO];
  gint64 end_ns = splice->end_ns[splice->side];
  gint64 edge = 0;

  /* Before the first packet: where that one will begin. */
  if (end_ns < 0)
    end_ns = splice->side == ENGINE_SIDE_PROGRAM ? engine_encoder_get_begin (self->program_encoder)
                                                 : self->own_sound_ns;

  if (end_ns < 0)
    return time_ns;
  edge = to_samples (end_ns);
  edge += (to_samples (time_ns) - edge + PACKET_FRAMES - 1) / PACKET_FRAMES * PACKET_FRAMES;
  /* Never before what went out already. */
  return to_time (MAX (edge, to_samples (end_ns)));
}

/* The own encoder gets its first picture and sound for exactly the time of the switch. Locked. */
static void
begin_own (EngineBlinder *self, gint64 time_ns, gint64 sound_ns)
{
  engine_encoder_begin_at (self->encoder, time_ns, MAX_FRAMES_BEFORE);
  self->next_frame =
    (gint64) gst_util_uint64_scale_round ((guint64) time_ns, (guint64) self->format.rate_fps,
                                          GST_SECOND);
  self->next_sound = to_samples (sound_ns);
  self->own_sound_ns = sound_ns;
  self->splices[ENGINE_MEDIA_AUDIO].end_ns[ENGINE_SIDE_BLIND] = -1;
  self->music_samples = 0;
}

static gboolean
start_own_encoder (EngineBlinder *self, GError **error)
{
  if (!self->running)
    engine_encoder_follow (self->encoder, self->program_encoder);
  if (!engine_encoder_start (self->encoder, error))
    return FALSE;
  self->running = TRUE;
  if (self->music != NULL)
    engine_intake_start (self->music);
  return TRUE;
}

/* Lets @splice go to the wanted side, or stay there. Returns whether it now is to change. Locked. */
static gboolean
direct (EngineSplice *splice, EngineSide wanted, gint64 time_ns)
{
  if (splice->side == wanted) {
    engine_splice_cancel (splice);
    return FALSE;
  }
  if (splice->switch_ns >= 0)
    return FALSE;
  engine_splice_switch (splice, time_ns);
  return TRUE;
}

/* To the side that is wanted; a change to the other that is on its way is called off. */
static void
begin_switch (EngineBlinder *self)
{
  const gint64 now_ns = engine_clock_get_now (self->clock);
  const gint64 frame = now_ns * self->format.rate_fps / (gint64) GST_SECOND + SWITCH_FRAMES;
  const gint64 time_ns = frame_time (self, frame);
  EngineSide wanted = ENGINE_SIDE_PROGRAM;
  gint64 sound_ns = 0;
  gboolean changes = FALSE;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  wanted = self->card != NULL ? ENGINE_SIDE_BLIND : ENGINE_SIDE_PROGRAM;
  sound_ns = find_sound_edge (self, time_ns);
  changes = direct (&self->splices[ENGINE_MEDIA_VIDEO], wanted, time_ns);
  changes = direct (&self->splices[ENGINE_MEDIA_AUDIO], wanted, sound_ns) || changes;
  g_mutex_unlock (&self->lock);

  if (!changes)
    return;
  if (wanted == ENGINE_SIDE_PROGRAM)
    engine_encoder_request_keyframe (self->program_encoder, time_ns);
  else if (self->running)
    engine_encoder_request_keyframe (self->encoder, time_ns);
  else if (start_own_encoder (self, &error)) {
    g_mutex_lock (&self->lock);
    begin_own (self, time_ns, sound_ns);
    g_mutex_unlock (&self->lock);
  } else {
    /* What the program's encoder does, this one can do; if not, nothing goes out, rather than what
     * is not for the audience. */
    g_warning ("the pause cannot be encoded: %s", error->message);
  }
}

static void
engine_blinder_dispose (GObject *object)
{
  EngineBlinder *self = ENGINE_BLINDER (object);

  engine_blinder_stop (self);
  g_clear_object (&self->music);
  if (self->program != NULL)
    engine_feed_remove_listener (self->program, self->listener_ids[ENGINE_SIDE_PROGRAM]);
  if (self->own != NULL)
    engine_feed_remove_listener (self->own, self->listener_ids[ENGINE_SIDE_BLIND]);
  g_clear_object (&self->encoder);
  g_clear_object (&self->own);
  g_clear_object (&self->program);
  g_clear_object (&self->program_encoder);
  g_clear_object (&self->music_slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_blinder_parent_class)->dispose (object);
}

static void
engine_blinder_finalize (GObject *object)
{
  EngineBlinder *self = ENGINE_BLINDER (object);

  engine_source_config_clear (&self->music_config);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    engine_splice_clear (&self->splices[i]);
  gst_clear_buffer (&self->card);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_blinder_parent_class)->finalize (object);
}

static void
engine_blinder_class_init (EngineBlinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_blinder_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_blinder_finalize;
}

static void
engine_blinder_init (EngineBlinder *self)
{
  g_mutex_init (&self->lock);
  self->next_frame = self->next_sound = self->own_sound_ns = -1;
}

/**
 * engine_blinder_new:
 * @clock: the show's clock
 * @program_encoder: encodes the program
 * @program: the feed it fills
 * @air: the audience's feed, which the blinder fills; must outlive it
 * @format: rates of the program
 * @info: the program's picture
 *
 * Returns: (transfer full): a blinder that hides nothing
 */
EngineBlinder *
engine_blinder_new (EngineClock *clock, EngineEncoder *program_encoder, EngineFeed *program,
                    EngineFeed *air, const EngineFormat *format, const GstVideoInfo *info)
{
  EngineBlinder *self = g_object_new (ENGINE_TYPE_BLINDER, NULL);

  self->clock = g_object_ref (clock);
  self->program_encoder = g_object_ref (program_encoder);
  self->program = g_object_ref (program);
  self->own = engine_feed_new ();
  self->encoder = engine_encoder_new (clock, self->own, format, info);
  self->format = *format;
  self->music_slot = engine_slot_new (format->rate_fps);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    engine_splice_init (&self->splices[i], (EngineMedia) i, air);
  self->listener_ids[ENGINE_SIDE_PROGRAM] =
    engine_feed_add_listener (program, program_packet_cb, self);
  self->listener_ids[ENGINE_SIDE_BLIND] = engine_feed_add_listener (self->own, own_packet_cb, self);
  return self;
}

/**
 * engine_blinder_set_music:
 * @self: a blinder
 * @uri: (nullable): an absolute address of what the audience hears during a pause, again and again;
 *   `NULL` for silence
 *
 * A pause that goes on changes its music at once.
 */
void
engine_blinder_set_music (EngineBlinder *self, const char *uri)
{
  g_return_if_fail (ENGINE_IS_BLINDER (self));

  if (g_strcmp0 (self->music_config.uri, uri) == 0)
    return;
  stop_music (self);
  g_clear_object (&self->music);
  engine_source_config_clear (&self->music_config);
  if (uri == NULL)
    return;
  self->music_config = (EngineSourceConfig){ .id = g_strdup ("pause-music"),
                                             .title = g_strdup ("pause-music"),
                                             .kind = ENGINE_SOURCE_URI,
                                             .uri = g_strdup (uri),
                                             .loop = TRUE,
                                             .delay_ms = -1 };
  self->music = engine_intake_new (&self->music_config, ENGINE_PART_MAIN, self->clock,
                                   self->music_slot, &self->format);
  if (self->running)
    engine_intake_start (self->music);
}

/**
 * engine_blinder_set_card:
 * @self: a blinder
 * @card: (nullable): what the audience sees, in the program's format, from the frame after the next
 *   on; `NULL` to show the program again
 */
void
engine_blinder_set_card (EngineBlinder *self, GstBuffer *card)
{
  g_return_if_fail (ENGINE_IS_BLINDER (self));

  g_mutex_lock (&self->lock);
  gst_buffer_replace (&self->card, card);
  g_mutex_unlock (&self->lock);
  if (!self->started)
    return;
  begin_switch (self);
  queue_settle (self);
}

/**
 * engine_blinder_start:
 * @self: a blinder
 * @error: return location
 *
 * To be called before the program's encoder is started. During a pause the audience gets nothing but
 * the card from its first picture on.
 *
 * Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: whether what the audience is to get can be encoded
 */
gboolean
engine_blinder_start (EngineBlinder *self, GError **error)
{
  gboolean blind = FALSE;

  g_return_val_if_fail (ENGINE_IS_BLINDER (self), FALSE);

  if (self->started)
    return TRUE;
  g_mutex_lock (&self->lock);
  blind = self->card != NULL;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    engine_splice_reset (&self->splices[i], blind ? ENGINE_SIDE_BLIND : ENGINE_SIDE_PROGRAM);
  self->begins_paused = blind;
  self->own_sound_ns = -1;
  self->open = TRUE;
  g_mutex_unlock (&self->lock);
  self->started = TRUE;
  if (!blind || start_own_encoder (self, error))
    return TRUE;
  engine_blinder_stop (self);
  return FALSE;
}

/**
 * engine_blinder_stop:
 * @self: a blinder
 *
 * The end of the live; a pause stays one. May run twice.
 */
void
engine_blinder_stop (EngineBlinder *self)
{
  g_return_if_fail (ENGINE_IS_BLINDER (self));

  self->started = self->running = FALSE;
  g_mutex_lock (&self->lock);
  self->next_frame = self->next_sound = -1;
  self->begins_paused = self->open = FALSE;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    engine_splice_reset (&self->splices[i], ENGINE_SIDE_PROGRAM);
  g_mutex_unlock (&self->lock);
  if (self->encoder != NULL)
    engine_encoder_stop (self->encoder);
  stop_music (self);
}

/**
 * engine_blinder_request_keyframe:
 * @self: a blinder
 * @time_ns: a show time to come
 *
 * Of what the audience gets now: the program, or the pause. Main thread.
 */
void
engine_blinder_request_keyframe (EngineBlinder *self, gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_BLINDER (self));

  engine_encoder_request_keyframe (self->program_encoder, time_ns);
  if (self->running)
    engine_encoder_request_keyframe (self->encoder, time_ns);
}

/**
 * engine_blinder_push_frame:
 * @self: a blinder
 * @frame: the frame that the mixer just made
 *
 * Gives the own encoder its pictures up to the same time. Video mixer's thread; never blocks.
 */
void
engine_blinder_push_frame (EngineBlinder *self, GstBuffer *frame)
{
  const gint64 pts_ns = (gint64) GST_BUFFER_PTS (frame);
  g_autoptr (GstBuffer) card = NULL;
  gint64 first = 0, n = 0;

  g_mutex_lock (&self->lock);
  if (self->begins_paused) {
    const gint64 begin_ns = engine_encoder_get_begin (self->program_encoder);

    self->begins_paused = begin_ns < 0;
    if (begin_ns >= 0)
      begin_own (self, begin_ns, begin_ns);
  }
  first = self->next_frame;
  if (first >= 0 && self->card != NULL)
    card = gst_buffer_ref (self->card);
  for (n = first; n >= 0 && frame_time (self, n) <= pts_ns; n++)
    ;
  self->next_frame = n;
  g_mutex_unlock (&self->lock);

  for (gint64 i = first; i >= 0 && i < n; i++) {
    /* On the way out the program is to be seen again; until it is, its own pictures do. */
    g_autoptr (GstBuffer) copy = gst_buffer_copy (card != NULL ? card : frame);

    GST_BUFFER_PTS (copy) = (GstClockTime) frame_time (self, i);
    GST_BUFFER_DURATION (copy) = GST_BUFFER_DURATION (frame);
    engine_encoder_push_frame (self->encoder, copy);
  }
}

/* Silence, or music with its gentle beginning. Audio mixer's thread. */
static void
fill_sound (EngineBlinder *self, float *samples, guint n_frames, gint64 position, gint64 heard)
{
  /* Silence where there is none. */
  if (!engine_slot_read_sound (self->music_slot, position, n_frames, samples))
    return;
  for (guint i = 0; i < n_frames && heard + i < MUSIC_RAMP_FRAMES; i++) {
    for (guint c = 0; c < ENGINE_N_CHANNELS; c++)
      samples[i * ENGINE_N_CHANNELS + c] *= (float) (heard + i) / MUSIC_RAMP_FRAMES;
  }
}

/**
 * engine_blinder_push_sound:
 * @self: a blinder
 * @n_frames: of the block that was just mixed
 * @time_ns: the show time of its first sample
 *
 * Gives the own encoder its sound up to the end of that block. Audio mixer's thread; never blocks.
 */
void
engine_blinder_push_sound (EngineBlinder *self, guint n_frames, gint64 time_ns)
{
  const gint64 end = to_samples (time_ns) + n_frames;
  gint64 at = 0, heard = 0;

  g_mutex_lock (&self->lock);
  at = self->next_sound;
  heard = self->music_samples;
  if (at >= 0 && at < end) {
    self->next_sound = end;
    self->music_samples += end - at;
  }
  g_mutex_unlock (&self->lock);

  while (at >= 0 && at < end) {
    float samples[MAX_PIECE_FRAMES * ENGINE_N_CHANNELS];
    const guint n = (guint) MIN (end - at, MAX_PIECE_FRAMES);

    fill_sound (self, samples, n, at, heard);
    engine_encoder_push_sound (self->encoder, samples, n, to_time (at));
    at += n;
    heard += n;
  }
}
