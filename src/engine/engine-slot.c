/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "engine-ring.h"
#include "engine-slot.h"
#include "engine-treatment.h"

/* A picture older than this is not shown any more: the card is. Half a second of trouble is a
 * hiccup, two seconds are a lost signal. */
#define PICTURE_LIFETIME_NS (2 * GST_SECOND)

/* What may wait for its time: the longest delay of a source (5 s) at 30 pictures a second would be
 * half a gigabyte, so a long delay costs some of its pictures, never more memory. */
#define MAX_PICTURES 64
#define MIN_PICTURES 8
#define MAX_BYTES    ((gsize) 400 << 20)

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

  EngineRing *ring;       /* of sound; has a lock of its own: sound never waits for pictures */
  EngineCleaner *cleaner; /* of what is on its way here */
  EngineTap taps[ENGINE_N_TAPS];

  GMutex lock; /* guards all below */

  gint64 frame_ns;
  GQueue pictures; /* of EnginePicture, due later */
  EnginePicture *current;
  EnginePicture *card; /* shown when nothing came for too long; nullable */
  guint64 n_ordered;   /* cards */
  guint64 n_delivered; /* the newest of them that is there */
  gboolean expired;    /* the current picture is not to be seen any more */
  gboolean still;
  double late_ns;             /* smoothed: how far behind their time pictures came in */
  EnginePicture *raw;         /* the newest one, as it came; nullable */
  gint64 sound_lead_ns;       /* how much later pictures are shown than their sound is heard */
  EngineTreatment *treatment; /* replaced by the main thread only */
  guint64 n_changes;          /* of raw and treatment */
  gboolean treating;          /* another thread is treating a still anew */
  gint64 seen_ns;             /* the time of the program's newest frame */
};

G_DEFINE_FINAL_TYPE (EngineSlot, engine_slot, G_TYPE_OBJECT)

static void
engine_slot_finalize (GObject *object)
{
  EngineSlot *self = ENGINE_SLOT (object);

  g_queue_clear_full (&self->pictures, (GDestroyNotify) engine_picture_unref);
  g_clear_pointer (&self->current, engine_picture_unref);
  g_clear_pointer (&self->card, engine_picture_unref);
  engine_ring_free (self->ring);
  g_object_unref (self->cleaner);
  for (guint i = 0; i < ENGINE_N_TAPS; i++)
    engine_tap_clear (&self->taps[i]);
  g_clear_pointer (&self->raw, engine_picture_unref);
  engine_treatment_unref (self->treatment);
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
  self->cleaner = engine_cleaner_new ();
  for (guint i = 0; i < ENGINE_N_TAPS; i++)
    engine_tap_init (&self->taps[i]);
  self->treatment = engine_treatment_new (&ENGINE_PICTURE_SETTINGS_NEUTRAL);
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

/* Puts a picture into the queue; takes it. Those that were to be seen after it are of an earlier
 * time: a delay has become shorter. Locked. */
static void
enqueue (EngineSlot *self, EnginePicture *picture)
{
  const gsize most = MAX_BYTES / MAX (1, gst_buffer_get_size (picture->buffer));
  EnginePicture *tail = NULL;

  while ((tail = g_queue_peek_tail (&self->pictures)) != NULL && tail->time_ns > picture->time_ns)
    engine_picture_unref (g_queue_pop_tail (&self->pictures));
  if (g_queue_get_length (&self->pictures) >= CLAMP (most, MIN_PICTURES, MAX_PICTURES))
    thin_out (self);
  g_queue_push_tail (&self->pictures, picture);
}

/* Settings may have changed again, or another picture have come, while one was treated. */
static void
treat_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  EngineSlot *self = source_object;
  guint64 n_done = 0;

  g_mutex_lock (&self->lock);
  while (self->raw != NULL && self->n_changes != n_done) {
    g_autoptr (EnginePicture) raw = engine_picture_ref (self->raw);
    g_autoptr (EngineTreatment) treatment = engine_treatment_ref (self->treatment);
    EnginePicture *picture = NULL;

    n_done = self->n_changes;
    g_mutex_unlock (&self->lock);
    picture = engine_treatment_apply (treatment, raw->buffer, &raw->info, raw->time_ns);
    g_mutex_lock (&self->lock);
    if (self->raw == raw)
      enqueue (self, picture);
    else
      engine_picture_unref (picture);
  }
  self->treating = FALSE;
  g_mutex_unlock (&self->lock);
  g_task_return_boolean (task, TRUE);
}

/* In another thread, since the main one does not wait. Locked. */
static void
treat_anew (EngineSlot *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->treating)
    return;
  self->treating = TRUE;
  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, treat_anew);
  g_task_run_in_thread (task, treat_thread);
}

/**
 * engine_slot_push_picture:
 * @self: a slot
 * @buffer: raw video
 * @info: how to read it
 * @time_ns: the show time at which it is to be seen, before the delay of the picture settings
 */
void
engine_slot_push_picture (EngineSlot *self, GstBuffer *buffer, const GstVideoInfo *info,
                          gint64 time_ns)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_autoptr (EngineTreatment) treatment = NULL;
  EnginePicture *picture = NULL;

  g_mutex_lock (&self->lock);
  treatment = engine_treatment_ref (self->treatment);
  time_ns += self->sound_lead_ns;
  g_mutex_unlock (&self->lock);
  picture = engine_treatment_apply (treatment, buffer, info, time_ns);
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->raw, engine_picture_unref);
  self->raw = engine_picture_new (buffer, info, time_ns);
  self->n_changes++;
  enqueue (self, picture);
  if (self->still && treatment != self->treatment)
    treat_anew (self);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_set_picture_settings:
 * @self: a slot
 * @settings: how pictures are treated from now on; see engine_picture_settings_clean ()
 *
 * Main thread only.
 */
void
engine_slot_set_picture_settings (EngineSlot *self, const EnginePictureSettings *settings)
{
  const EnginePictureSettings cleaned = engine_picture_settings_clean (settings);

  g_return_if_fail (ENGINE_IS_SLOT (self));

  if (engine_picture_settings_equal (engine_treatment_get_settings (self->treatment), &cleaned))
    return;
  g_mutex_lock (&self->lock);
  engine_treatment_unref (self->treatment);
  self->treatment = engine_treatment_new (&cleaned);
  self->n_changes++;
  /* No other picture comes that would show the change. */
  if (self->still && self->raw != NULL)
    treat_anew (self);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_get_picture_settings:
 * @self: a slot
 *
 * Main thread only.
 *
 * Returns: (transfer none): how pictures are treated
 */
const EnginePictureSettings *
engine_slot_get_picture_settings (EngineSlot *self)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), NULL);

  return engine_treatment_get_settings (self->treatment);
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

/**
 * engine_slot_set_sound_lead:
 * @self: a slot
 * @lead_ms: how much earlier its sound is wanted, 0 or more; it cannot be had before it comes, so
 *   pictures wait instead
 */
void
engine_slot_set_sound_lead (EngineSlot *self, int lead_ms)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  self->sound_lead_ns = MAX (0, lead_ms) * (gint64) GST_MSECOND;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_get_cleaner:
 * @self: a slot
 *
 * Returns: (transfer none): what cleans the voice before it gets here
 */
EngineCleaner *
engine_slot_get_cleaner (EngineSlot *self)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), NULL);

  return self->cleaner;
}

/**
 * engine_slot_get_tap:
 * @self: a slot
 * @kind: which one
 *
 * Any thread.
 *
 * Returns: (transfer none): where one can listen to what comes here
 */
EngineTap *
engine_slot_get_tap (EngineSlot *self, EngineTapKind kind)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), NULL);

  return &self->taps[kind];
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
 * engine_slot_order_card:
 * @self: a slot
 *
 * Cards are drawn in several threads: one that was ordered earlier never takes the place of a later
 * one.
 *
 * Returns: the number of the order, for engine_slot_deliver_card ()
 */
guint64
engine_slot_order_card (EngineSlot *self)
{
  g_return_val_if_fail (ENGINE_IS_SLOT (self), 0);

  g_mutex_lock (&self->lock);
  const guint64 order = ++self->n_ordered;
  g_mutex_unlock (&self->lock);
  return order;
}

/**
 * engine_slot_deliver_card:
 * @self: a slot
 * @order: the number of the order
 * @card: what to show while nothing comes in
 */
void
engine_slot_deliver_card (EngineSlot *self, guint64 order, EnginePicture *card)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  if (order > self->n_delivered) {
    self->n_delivered = order;
    g_clear_pointer (&self->card, engine_picture_unref);
    self->card = engine_picture_ref (card);
  }
  g_mutex_unlock (&self->lock);
}

/**
 * engine_slot_expire_picture:
 * @self: a slot
 *
 * What is seen now is of the past: the card is to be seen, as soon as there is one, until the next
 * picture is due. Sound goes on.
 */
void
engine_slot_expire_picture (EngineSlot *self)
{
  g_return_if_fail (ENGINE_IS_SLOT (self));

  g_mutex_lock (&self->lock);
  self->expired = TRUE;
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
  g_clear_pointer (&self->raw, engine_picture_unref);
  self->late_ns = 0;
  g_mutex_unlock (&self->lock);
  engine_ring_clear (self->ring);
}

static void
advance (EngineSlot *self)
{
  g_clear_pointer (&self->current, engine_picture_unref);
  self->current = g_queue_pop_head (&self->pictures);
  self->expired = FALSE;
}

static gboolean
next_is_due (EngineSlot *self, guint nth, gint64 time_ns)
{
  const EnginePicture *picture = g_queue_peek_nth (&self->pictures, nth);

  return picture != NULL && picture->time_ns <= time_ns;
}

/* Whether the current picture is young enough. Locked. */
static gboolean
is_fresh (EngineSlot *self, gint64 time_ns)
{
  return !self->expired &&
         (self->still || time_ns - self->current->time_ns <= (gint64) PICTURE_LIFETIME_NS);
}

/* The current picture, or the card when that is too old. Locked. */
static EnginePicture *
choose (EngineSlot *self, gint64 time_ns)
{
  EnginePicture *picture = self->current;

  if (picture != NULL && self->card != NULL && !is_fresh (self, time_ns))
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
  self->seen_ns = time_ns;
  g_mutex_unlock (&self->lock);
  return picture;
}

/**
 * engine_slot_is_present:
 * @self: a slot
 *
 * As of the program's newest frame.
 *
 * Returns: whether it has a picture of its own, and not one from before its source was lost
 */
gboolean
engine_slot_is_present (EngineSlot *self)
{
  gboolean present = FALSE;

  g_return_val_if_fail (ENGINE_IS_SLOT (self), FALSE);

  g_mutex_lock (&self->lock);
  present = self->current != NULL && is_fresh (self, self->seen_ns);
  g_mutex_unlock (&self->lock);
  return present;
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
