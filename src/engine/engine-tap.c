/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>
#include <string.h>

#include "engine-tap.h"

/* What has been decoded is not wanted where what it was decoded from comes as well. */
#define ENCODED_US  (5 * G_USEC_PER_SEC)

#define FRAME_BYTES (sizeof (float) * ENGINE_N_CHANNELS)

void
engine_tap_init (EngineTap *self)
{
  *self = (EngineTap){ 0 };
  engine_lock_init (&self->lock);
}

void
engine_tap_clear (EngineTap *self)
{
  gst_clear_buffer (&self->block);
  engine_lock_clear (&self->lock);
}

/**
 * engine_tap_set:
 * @self: a tap
 * @func: (nullable) (scope forever): who listens; not called any more once another one, or `NULL`, is
 *   set and this has returned
 * @user_data: for @func
 *
 * Any thread.
 */
void
engine_tap_set (EngineTap *self, EngineTapFunc func, gpointer user_data)
{
  engine_lock_take (&self->lock);
  self->func = func;
  self->user_data = user_data;
  memset (self->encoded_us, 0, sizeof self->encoded_us);
  engine_lock_give (&self->lock);
  g_atomic_int_set (&self->wanted, func != NULL);
}

gboolean
engine_tap_is_wanted (EngineTap *self)
{
  return g_atomic_int_get (&self->wanted) != 0;
}

void
engine_tap_push_encoded (EngineTap *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps,
                         gint64 time_ns)
{
  engine_lock_take (&self->lock);
  self->encoded_us[media] = g_get_monotonic_time ();
  if (self->func != NULL)
    self->func (media, buffer, caps, time_ns, self->user_data);
  engine_lock_give (&self->lock);
}

/* What came as it is, or has been decoded: then it is not passed on. */
void
engine_tap_push_raw (EngineTap *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps,
                     gint64 time_ns)
{
  engine_lock_take (&self->lock);
  if (self->func != NULL && g_get_monotonic_time () - self->encoded_us[media] > ENCODED_US)
    self->func (media, buffer, caps, time_ns, self->user_data);
  engine_lock_give (&self->lock);
}

static void
push_full_block (EngineTap *self)
{
  static GstCaps *caps = NULL;
  const gint64 time_ns = self->position * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ;
  g_autoptr (GstBuffer) block = g_steal_pointer (&self->block);

  if (g_once_init_enter (&caps))
    g_once_init_leave (&caps, gst_caps_from_string ("audio/x-raw,format=" GST_AUDIO_NE (
                                F32) ",rate=48000,channels=2,layout=interleaved"));
  GST_BUFFER_DURATION (block) = GST_SECOND / 10;
  engine_lock_take (&self->lock);
  if (self->func != NULL)
    self->func (ENGINE_MEDIA_AUDIO, block, caps, time_ns, self->user_data);
  engine_lock_give (&self->lock);
}

/**
 * engine_tap_push_block:
 * @self: a tap that is wanted
 * @samples: (nullable): @n_frames × 2 interleaved samples; `NULL` for silence
 * @n_frames: divides %ENGINE_TAP_FRAMES
 * @position: the first frame, counted from show time 0
 *
 * One thread only. Silence before the first sound is none of its business.
 */
void
engine_tap_push_block (EngineTap *self, const float *samples, guint n_frames, gint64 position)
{
  self->begun |= samples != NULL;
  if (!self->begun)
    return;
  if (self->block != NULL && position != self->position + self->n_frames)
    gst_clear_buffer (&self->block); /* the mixer has skipped some: a busy machine */
  if (self->block == NULL) {
    self->block = gst_buffer_new_allocate (NULL, ENGINE_TAP_FRAMES * FRAME_BYTES, NULL);
    self->position = position;
    self->n_frames = 0;
  }
  if (samples != NULL)
    gst_buffer_fill (self->block, self->n_frames * FRAME_BYTES, samples, n_frames * FRAME_BYTES);
  else
    gst_buffer_memset (self->block, self->n_frames * FRAME_BYTES, 0, n_frames * FRAME_BYTES);
  self->n_frames += n_frames;
  if (self->n_frames >= ENGINE_TAP_FRAMES)
    push_full_block (self);
}
