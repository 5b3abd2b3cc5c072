/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-reel.h"

/* What is kept for a disk that is gone, at the most: a minute, or as many bytes. */
#define MAX_NS    (60 * GST_SECOND)
#define MAX_BYTES (G_GUINT64_CONSTANT (96) * 1024 * 1024)

/* Two times that are this close are the same: they were rounded. */
#define SAME_NS GST_MSECOND

/* Sound comes out of its encoder sooner than the picture of the same time, and waits for it here, as
 * the muxer would do: but for no longer than this. */
#define SOUND_AHEAD_NS GST_SECOND

typedef struct {
  GstBuffer *buffer;
  GstCaps *caps;
} Piece;

typedef struct {
  EngineFeed *to;
  gboolean begins;  /* with the next keyframe */
  gboolean ends;    /* with the next keyframe, which it does not get */
  GstClockTime end; /* nothing from this time on; or none */
  gboolean changed; /* because the format is another one from then on */
  gint64 sound_ns;  /* it has got the sound up to this time */
} Follower;

/**
 * EngineReel:
 *
 * The last seconds of the encoded program, from a keyframe on: all that is not known to be on a disk
 * yet. So a recording whose disk fails goes on on another one with what the first has lost, and
 * without a gap; and one that only moves does so at a keyframe that is in one part or the other, never
 * in both and never in none.
 *
 * Main thread, but for the feed's callback.
 */
struct _EngineReel {
  GObject parent_instance;

  EngineFeed *feed;
  guint listener_id;

  GMutex lock;                    /* guards all below */
  GQueue *pieces[ENGINE_N_MEDIA]; /* of Piece */
  GPtrArray *followers;           /* of Follower */
  GstClockTime kept_from;         /* what is older is not needed any more */
  guint64 n_bytes;
};

G_DEFINE_FINAL_TYPE (EngineReel, engine_reel, G_TYPE_OBJECT)

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  gst_buffer_unref (piece->buffer);
  gst_caps_unref (piece->caps);
  g_free (piece);
}

static void
follower_free (gpointer data)
{
  Follower *follower = data;

  g_object_unref (follower->to);
  g_free (follower);
}

static GstClockTime
time_of (const GList *link)
{
  return link != NULL ? GST_BUFFER_PTS (((const Piece *) link->data)->buffer) : GST_CLOCK_TIME_NONE;
}

static gboolean
is_keyframe (const Piece *piece)
{
  return !GST_BUFFER_FLAG_IS_SET (piece->buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* The keyframe after @link; nullable. */
static GList *
next_keyframe (GList *link)
{
  for (link = link != NULL ? link->next : NULL; link != NULL; link = link->next) {
    if (is_keyframe (link->data))
      return link;
  }
  return NULL;
}

static void
drop_head (EngineReel *self, EngineMedia media)
{
  Piece *piece = g_queue_pop_head (self->pieces[media]);

  self->n_bytes -= gst_buffer_get_size (piece->buffer);
  piece_free (piece);
}

/* Drops whole groups of pictures, with their sound. Locked. */
static void
trim (EngineReel *self)
{
  GQueue *video = self->pieces[ENGINE_MEDIA_VIDEO];
  GQueue *audio = self->pieces[ENGINE_MEDIA_AUDIO];
  GList *next = NULL;

  while ((next = next_keyframe (video->head)) != NULL &&
         (time_of (next) <= self->kept_from ||
          time_of (video->tail) - time_of (video->head) > MAX_NS || self->n_bytes > MAX_BYTES)) {
    while (video->head != next)
      drop_head (self, ENGINE_MEDIA_VIDEO);
  }
  while (audio->head != NULL &&
         (video->head != NULL ? time_of (audio->head) + SAME_NS < time_of (video->head)
                              : time_of (audio->head) + SOUND_AHEAD_NS < time_of (audio->tail)))
    drop_head (self, ENGINE_MEDIA_AUDIO);
}

static void
pass (const Follower *follower, EngineMedia media, const Piece *piece)
{
  engine_feed_push (follower->to, media, piece->buffer, piece->caps);
}

/* All the sound up to @until_ns that it has not got yet. Locked. */
static void
pass_sound (EngineReel *self, Follower *follower, gint64 until_ns)
{
  GList *link = self->pieces[ENGINE_MEDIA_AUDIO]->tail;

  while (link != NULL && link->prev != NULL && (gint64) time_of (link->prev) > follower->sound_ns)
    link = link->prev;
  for (; link != NULL && (gint64) time_of (link) <= until_ns; link = link->next) {
    if ((gint64) time_of (link) <= follower->sound_ns)
      continue;
    pass (follower, ENGINE_MEDIA_AUDIO, link->data);
    follower->sound_ns = (gint64) time_of (link);
  }
}

/* No file has room for two formats, and a new encoder may have another one. */
static gboolean
is_change (const Piece *piece, const Piece *before)
{
  return is_keyframe (piece) && piece->caps != before->caps &&
         !gst_caps_is_equal (piece->caps, before->caps);
}

static void
end_with (Follower *follower, GstClockTime end, gboolean changed)
{
  follower->ends = FALSE;
  follower->changed = changed;
  follower->end = end;
}

/* All that is there from the keyframe @first on, in the order of time. Locked. */
static void
begin_with (EngineReel *self, Follower *follower, GList *first)
{
  follower->begins = FALSE;
  follower->sound_ns = (gint64) time_of (first) - (gint64) SAME_NS - 1;
  for (GList *link = first; link != NULL; link = link->next) {
    if (link != first && is_change (link->data, link->prev->data)) {
      pass_sound (self, follower, (gint64) time_of (link) - (gint64) SAME_NS - 1);
      end_with (follower, time_of (link), TRUE);
      return;
    }
    pass (follower, ENGINE_MEDIA_VIDEO, link->data);
    pass_sound (self, follower, (gint64) time_of (link));
  }
}

/* A picture, the last piece that came: at a keyframe some begin with it, some are over. Locked. */
static void
picture_came (EngineReel *self)
{
  GList *last = self->pieces[ENGINE_MEDIA_VIDEO]->tail;
  const gboolean changed = last->prev != NULL && is_change (last->data, last->prev->data);

  for (guint i = 0; i < self->followers->len; i++) {
    Follower *follower = self->followers->pdata[i];

    if (follower->ends && is_keyframe (last->data))
      end_with (follower, time_of (last), FALSE);
    else if (changed && !follower->begins && !GST_CLOCK_TIME_IS_VALID (follower->end))
      end_with (follower, time_of (last), TRUE);
    if (follower->begins && is_keyframe (last->data)) {
      begin_with (self, follower, last);
    } else if (!follower->begins && !GST_CLOCK_TIME_IS_VALID (follower->end)) {
      pass (follower, ENGINE_MEDIA_VIDEO, last->data);
      pass_sound (self, follower, (gint64) time_of (last));
    }
  }
}

/* Who is over still gets the sound of its last pictures, should it come late. Locked. */
static void
end_those_over (EngineReel *self)
{
  GList *last = self->pieces[ENGINE_MEDIA_AUDIO]->tail;

  for (guint i = self->followers->len; i-- > 0;) {
    Follower *follower = self->followers->pdata[i];

    if (!GST_CLOCK_TIME_IS_VALID (follower->end))
      continue;
    pass_sound (self, follower, (gint64) follower->end - (gint64) SAME_NS - 1);
    if (!follower->changed &&
        ((last != NULL && time_of (last) + SAME_NS >= follower->end) ||
         time_of (self->pieces[ENGINE_MEDIA_VIDEO]->tail) > follower->end + SOUND_AHEAD_NS))
      g_ptr_array_remove_index (self->followers, i);
  }
}

/* Sound waits for its picture, unless there is none. Locked. */
static void
sound_came (EngineReel *self)
{
  const gint64 sound_ns = (gint64) time_of (self->pieces[ENGINE_MEDIA_AUDIO]->tail);
  GList *picture = self->pieces[ENGINE_MEDIA_VIDEO]->tail;

  if (picture == NULL)
    return;
  for (guint i = 0; i < self->followers->len; i++) {
    Follower *follower = self->followers->pdata[i];
    const gint64 picture_ns = (gint64) time_of (picture);

    if (!follower->begins && !GST_CLOCK_TIME_IS_VALID (follower->end))
      pass_sound (self, follower,
                  sound_ns - picture_ns > (gint64) SOUND_AHEAD_NS ? sound_ns : picture_ns);
  }
}

/* Encoder's threads. */
static void
feed_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  EngineReel *self = user_data;
  Piece *piece = NULL;

  g_mutex_lock (&self->lock);
  if (media == ENGINE_MEDIA_AUDIO || self->pieces[media]->length > 0 ||
      !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT)) {
    piece = g_new0 (Piece, 1);
    piece->buffer = gst_buffer_ref (buffer);
    piece->caps = gst_caps_ref (caps);
    g_queue_push_tail (self->pieces[media], piece);
    self->n_bytes += gst_buffer_get_size (buffer);
    if (media == ENGINE_MEDIA_VIDEO)
      picture_came (self);
    else
      sound_came (self);
    end_those_over (self);
    trim (self);
  }
  g_mutex_unlock (&self->lock);
}

static void
forget (EngineReel *self)
{
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    g_queue_clear_full (self->pieces[i], piece_free);
  self->n_bytes = 0;
}

static void
engine_reel_dispose (GObject *object)
{
  EngineReel *self = ENGINE_REEL (object);

  engine_reel_stop (self);
  g_clear_object (&self->feed);
  G_OBJECT_CLASS (engine_reel_parent_class)->dispose (object);
}

static void
engine_reel_finalize (GObject *object)
{
  EngineReel *self = ENGINE_REEL (object);

  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    g_queue_free (self->pieces[i]);
  g_ptr_array_unref (self->followers);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_reel_parent_class)->finalize (object);
}

static void
engine_reel_class_init (EngineReelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_reel_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_reel_finalize;
}

static void
engine_reel_init (EngineReel *self)
{
  g_mutex_init (&self->lock);
  self->followers = g_ptr_array_new_with_free_func (follower_free);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    self->pieces[i] = g_queue_new ();
}

/**
 * engine_reel_new:
 * @feed: the encoded program
 *
 * Returns: (transfer full): a reel that keeps nothing yet
 */
EngineReel *
engine_reel_new (EngineFeed *feed)
{
  EngineReel *self = g_object_new (ENGINE_TYPE_REEL, NULL);

  self->feed = g_object_ref (feed);
  return self;
}

void
engine_reel_start (EngineReel *self)
{
  g_return_if_fail (ENGINE_IS_REEL (self));

  if (self->listener_id != 0)
    return;
  self->kept_from = 0;
  self->listener_id = engine_feed_add_listener (self->feed, feed_cb, self);
}

/**
 * engine_reel_stop:
 * @self: a reel
 *
 * Forgets everything, and everyone who follows.
 */
void
engine_reel_stop (EngineReel *self)
{
  g_return_if_fail (ENGINE_IS_REEL (self));

  if (self->listener_id != 0)
    engine_feed_remove_listener (self->feed, self->listener_id);
  self->listener_id = 0;
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->followers, 0);
  forget (self);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_reel_keep_from:
 * @self: a reel
 * @time_ns: a show time
 *
 * What was before it is not needed any more, but for what goes back to the keyframe before it. Without
 * this a minute is kept.
 */
void
engine_reel_keep_from (EngineReel *self, GstClockTime time_ns)
{
  g_return_if_fail (ENGINE_IS_REEL (self));

  g_mutex_lock (&self->lock);
  self->kept_from = MAX (self->kept_from, time_ns);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_reel_has_picture:
 * @self: a reel
 *
 * Returns: whether a picture has come since it was started
 */
gboolean
engine_reel_has_picture (EngineReel *self)
{
  g_return_val_if_fail (ENGINE_IS_REEL (self), FALSE);

  g_mutex_lock (&self->lock);
  const gboolean has = self->pieces[ENGINE_MEDIA_VIDEO]->length > 0;
  g_mutex_unlock (&self->lock);
  return has;
}

static Follower *
add_follower (EngineReel *self, EngineFeed *to)
{
  Follower *follower = g_new0 (Follower, 1);

  follower->to = g_object_ref (to);
  follower->end = GST_CLOCK_TIME_NONE;
  g_ptr_array_add (self->followers, follower);
  return follower;
}

/**
 * engine_reel_follow:
 * @self: a reel
 * @to: whose listeners get it
 * @from_ns: a show time: the keyframe before it comes first, or the oldest that is still there; with
 *   none at all, the next that comes
 *
 * Gives @to what is kept, at once, and then everything that comes.
 */
void
engine_reel_follow (EngineReel *self, EngineFeed *to, GstClockTime from_ns)
{
  Follower *follower = NULL;
  GList *first = NULL, *next = NULL;

  g_return_if_fail (ENGINE_IS_REEL (self));

  g_mutex_lock (&self->lock);
  follower = add_follower (self, to);
  first = self->pieces[ENGINE_MEDIA_VIDEO]->head;
  while ((next = next_keyframe (first)) != NULL && time_of (next) <= from_ns)
    first = next;
  if (first != NULL)
    begin_with (self, follower, first);
  else
    follower->begins = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_reel_hand_over:
 * @self: a reel
 * @from: who follows it
 * @to: who is to follow
 *
 * At the next keyframe @to takes over from @from: each picture and each packet of sound from now on is
 * given to exactly one of them.
 */
void
engine_reel_hand_over (EngineReel *self, EngineFeed *from, EngineFeed *to)
{
  g_return_if_fail (ENGINE_IS_REEL (self));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->followers->len; i++) {
    Follower *follower = self->followers->pdata[i];

    if (follower->to == from)
      follower->ends = TRUE;
  }
  add_follower (self, to)->begins = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_reel_follows:
 * @self: a reel
 * @to: who followed it
 *
 * Returns: whether it may still get something
 */
gboolean
engine_reel_follows (EngineReel *self, EngineFeed *to)
{
  gboolean follows = FALSE;

  g_return_val_if_fail (ENGINE_IS_REEL (self), FALSE);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->followers->len; i++)
    follows |= ((Follower *) self->followers->pdata[i])->to == to;
  g_mutex_unlock (&self->lock);
  return follows;
}

/**
 * engine_reel_get_change:
 * @self: a reel
 * @to: who follows it
 * @time_ns: (out): the show time of the first picture that it did not get
 *
 * Returns: whether the pictures' format has changed, and so it gets nothing more
 */
gboolean
engine_reel_get_change (EngineReel *self, EngineFeed *to, GstClockTime *time_ns)
{
  gboolean changed = FALSE;

  g_return_val_if_fail (ENGINE_IS_REEL (self), FALSE);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->followers->len; i++) {
    const Follower *follower = self->followers->pdata[i];

    if (follower->to != to || !follower->changed)
      continue;
    changed = TRUE;
    *time_ns = follower->end;
  }
  g_mutex_unlock (&self->lock);
  return changed;
}

/**
 * engine_reel_leave:
 * @self: a reel
 * @to: who followed it
 *
 * When this returns, @to gets nothing more.
 */
void
engine_reel_leave (EngineReel *self, EngineFeed *to)
{
  g_return_if_fail (ENGINE_IS_REEL (self));

  g_mutex_lock (&self->lock);
  for (guint i = self->followers->len; i-- > 0;) {
    if (((Follower *) self->followers->pdata[i])->to == to)
      g_ptr_array_remove_index (self->followers, i);
  }
  g_mutex_unlock (&self->lock);
}
