/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ring.h"
#include "engine-slot.h"

/* A picture older than this is not shown any more: the card is. Half a second of trouble is a
 * hiccup, two seconds are a lost signal. */
#define PICTURE_LIFETIME_NS (2 * GST_SECOND)

/* What may wait for its time: the longest delay of a source (5 s) at 30 pictures a second would be
 * half a gigabyte, so a long delay costs some of its pictures, never more memory. */
#define MAX_PICTURES 64

/**
 * EngineSlot:
 *
 * The permanent bridge from one source to the mix: pictures and sound go in with the show time at
 * which they are due, from any thread, whenever they come; the mixers take out what is due, and
 * never wait. A source that dies, stalls or changes its format is no event for the mix.
 *
 * All functions: any thread.
 */
struct _EngineSlot {
  GObject parent_instance;

  EngineRing *ring; /* of sound; has a lock of its own: sound never waits for pictures */

  GMutex lock; /* guards all below */

  gint64 frame_ns;
  GQueue pictures; /* of EnginePicture, due later */
  EnginePicture *current;
  EnginePicture *card; /* shown when nothing came for too long; nullable */
  gboolean still;
  double late_ns; /* smoothed: how far behind their time pictures came in */
};

G_DEFINE_FINAL_TYPE (EngineSlot, engine_slot, G_TYPE_OBJECT)

EnginePicture *
engine_picture_new (GstBuffer *buffer, const GstVideoInfo *info, gint64 time_ns)
{
  EnginePicture *self = g_new0 (EnginePicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->buffer = gst_buffer_ref (buffer);
  self->info = *info;
  self->time_ns = time_ns;
  return self;
}

EnginePicture *
engine_picture_ref (EnginePicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_picture_unref (EnginePicture *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count)) {
    gst_buffer_unref (self->buffer);
    g_free (self);
  }
}

/**
 * engine_picture_get_display_size:
 * @self: a picture
 *
 * Returns: its size with square pixels
 */
EngineSize
engine_picture_get_display_size (const EnginePicture *self)
{
  const int par_n = MAX (1, GST_VIDEO_INFO_PAR_N (&self->info));
  const int par_d = MAX (1, GST_VIDEO_INFO_PAR_D (&self->info));

  return (EngineSize){
    (int) gst_util_uint64_scale_int ((guint64) GST_VIDEO_INFO_WIDTH (&self->info), par_n, par_d),
    GST_VIDEO_INFO_HEIGHT (&self->info)
  };
}

static void
engine_slot_finalize (GObject *object)
{
  EngineSlot *self = ENGINE_SLOT (object);

  g_queue_clear_full (&self->pictures, (GDestroyNotify) engine_picture_unref);
  g_clear_pointer (&self->current, engine_picture_unref);
  g_clear_pointer (&self->card, engine_picture_unref);
  engine_ring_free (self->ring);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_slot_parent_class)->finalize (object);
}

static void
engine_slot_class_init (EngineSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_slot_finalize;
}

static void
engine_slot_init (EngineSlot *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->pictures);
  self->ring = engine_ring_new ();
}

/**
 * engine_slot_new:
 * @rate_fps: the program's pictures a second
 *
 * Returns: (transfer full): an empty slot
 */
EngineSlot *
engine_slot_new (int rate_fps)
{
  g_return_val_if_fail (rate_fps > 0, NULL);

  EngineSlot *self = g_object_new (ENGINE_TYPE_SLOT, NULL);

  self->frame_ns = (gint64) GST_SECOND / rate_fps;
  return self;
}

/**
 * engine_slot_get_frame_ns:
 * @self: a slot
 *
 * Any thread.
 *
 * Returns: how long one picture of the program is, in nanoseconds
 */
gint64
engine_slot_get_frame_ns (EngineSlot *self)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), (gint64) GST_SECOND);

  return self->frame_ns;
}

/* Leaves every second picture of those that wait. Locked. */
static void
thin_out (EngineSlot *self)
{
  GList *next = NULL;

  for (GList *l = self->pictures.head; l != NULL && l->next != NULL; l = next) {
    next = l->next->next;
    engine_picture_unref (l->next->data);
    g_queue_delete_link (&self->pictures, l->next);
  }
}

/**
 * engine_slot_push_picture:
 * @self: a slot
 * @buffer: raw video
 * @info: how to read it
 * @time_ns: the show time at which it is to be seen
 */
void
engine_slot_push_picture (EngineSlot *self, GstBuffer *buffer, const GstVideoInfo *info,
                          gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  if (g_queue_get_length (&self->pictures) >= MAX_PICTURES)
    thin_out (self);
  g_queue_push_tail (&self->pictures, engine_picture_new (buffer, info, time_ns));
  g_mutex_unlock (&self->lock);
}

/* Sound: see engine_ring_push (), engine_ring_move (), engine_ring_read (). */

void
engine_slot_push_sound (EngineSlot *self, const float *samples, guint n_frames, gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  engine_ring_push (self->ring, samples, n_frames, time_ns);
}

void
engine_slot_move_sound (EngineSlot *self)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  engine_ring_move (self->ring);
}

gboolean
engine_slot_read_sound (EngineSlot *self, gint64 position, guint n_frames, float *samples)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), FALSE);

  return engine_ring_read (self->ring, position, n_frames, samples);
}

/**
 * engine_slot_note_lateness:
 * @self: a slot
 * @late_ns: how long after its time a picture came; less than 0 if it was early
 */
void
engine_slot_note_lateness (EngineSlot *self, gint64 late_ns)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  self->late_ns += ((double) MAX (late_ns, 0) - self->late_ns) / 16;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_get_lateness_ms:
 * @self: a slot
 *
 * Returns: how long after their time pictures come in, smoothed over half a second; 0 if they come in
 *   time
 */
int
engine_slot_get_lateness_ms (EngineSlot *self)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), 0);

  g_mutex_lock (&self->lock);
  const double late_ns = self->late_ns;
  g_mutex_unlock (&self->lock);
  return (int) (late_ns / GST_MSECOND);
}

/**
 * engine_slot_set_still:
 * @self: a slot
 * @still: whether the newest picture stays, however old it gets
 */
void
engine_slot_set_still (EngineSlot *self, gboolean still)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  self->still = still;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_set_card:
 * @self: a slot
 * @card: (nullable): what to show while nothing comes in
 */
void
engine_slot_set_card (EngineSlot *self, EnginePicture *card)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->card, engine_picture_unref);
  self->card = card != NULL ? engine_picture_ref (card) : NULL;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_clear:
 * @self: a slot
 *
 * Forgets pictures and sound, but not the card.
 */
void
engine_slot_clear (EngineSlot *self)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->pictures, (GDestroyNotify) engine_picture_unref);
  g_clear_pointer (&self->current, engine_picture_unref);
  self->late_ns = 0;
  g_mutex_unlock (&self->lock);
  engine_ring_clear (self->ring);
}

static void
advance (EngineSlot *self)
{
  g_clear_pointer (&self->current, engine_picture_unref);
  self->current = g_queue_pop_head (&self->pictures);
}

static gboolean
next_is_due (EngineSlot *self, guint nth, gint64 time_ns)
{
  const EnginePicture *picture = g_queue_peek_nth (&self->pictures, nth);

  return picture != NULL && picture->time_ns <= time_ns;
}

/* The current picture, or the card when that is too old. Locked. */
static EnginePicture *
choose (EngineSlot *self, gint64 time_ns)
{
  EnginePicture *picture = self->current;

  if (picture != NULL && !self->still && self->card != NULL &&
      time_ns - picture->time_ns > (gint64) PICTURE_LIFETIME_NS)
    picture = NULL;
  if (picture == NULL)
    picture = self->card;
  return picture != NULL ? engine_picture_ref (picture) : NULL;
}

/**
 * engine_slot_pull_picture:
 * @self: a slot
 * @time_ns: the show time of the program's frame; call with rising times
 *
 * Goes on to the picture nearest to @time_ns. Cameras are never exactly on time: with a plain
 * comparison, a picture due just about when the frame is made would now be shown twice, now be
 * skipped. So one picture a frame is taken as long as the two stay within two thirds of a frame.
 *
 * Returns: (transfer full) (nullable): the picture, the card, or `NULL` when there is neither
 */
EnginePicture *
engine_slot_pull_picture (EngineSlot *self, gint64 time_ns)
{
  EnginePicture *picture = NULL;

  g_return_val_if_fail (ENGINE_IS_SLOT (self), NULL);

  g_mutex_lock (&self->lock);
  while (next_is_due (self, 1, time_ns + self->frame_ns / 3))
    advance (self);
  if (next_is_due (self, 0, time_ns + self->frame_ns * 2 / 3))
    advance (self);
  picture = choose (self, time_ns);
  g_mutex_unlock (&self->lock);
  return picture;
}

/**
 * engine_slot_peek_picture:
 * @self: a slot
 * @now_ns: the show time
 *
 * For previews: what the mix last took, without going on.
 *
 * Returns: (transfer full) (nullable): the picture, the card, or `NULL` when there is neither
 */
EnginePicture *
engine_slot_peek_picture (EngineSlot *self, gint64 now_ns)
{
  EnginePicture *picture = NULL;

  g_return_val_if_fail (ENGINE_IS_SLOT (self), NULL);

  g_mutex_lock (&self->lock);
  picture = choose (self, now_ns);
  g_mutex_unlock (&self->lock);
  return picture;
}
