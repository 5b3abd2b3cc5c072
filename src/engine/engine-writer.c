/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-writer.h"

/* Sound comes out of its encoder sooner than the picture of the same time: until the first keyframe
 * it waits here, a second at the most. */
#define MAX_WAITING 50

/* And the first pictures wait for the first packet of sound, which sets time 0: for half a second, as
 * there may be none. */
#define MAX_PICTURES_WAITING 15

/* How long a packet of sound is, rounded up. */
#define PACKET_NS (25 * GST_MSECOND)

/* Two times that are this close are the same: they were rounded. */
#define SAME_NS GST_MSECOND

/**
 * EngineWriter:
 *
 * The way from the encoded feed into one output's pipeline. It begins with a keyframe at time 0;
 * what an output is too slow for is left out, up to the next keyframe, and counted. So an output
 * that hangs costs a bounded queue and nobody else anything.
 *
 * Main thread, but for the feed's callback.
 */
struct _EngineWriter {
  GObject parent_instance;

  EngineFeed *feed;
  guint listener_id;
  guint64 max_queue_ns;
  GstAppSrc *sources[ENGINE_N_MEDIA];

  GMutex lock;         /* guards all below */
  gboolean started;    /* the first keyframe has come */
  gboolean timed;      /* and what sets time 0 */
  GstClockTime begin;  /* the show time of the first keyframe */
  GstClockTime offset; /* the show time that is time 0 */
  GQueue waiting;      /* of GstBuffer: sound, until the first keyframe */
  GQueue pictures;     /* of GstBuffer: until time 0 is known */
  gboolean wants_keyframe;
  guint64 n_missed;       /* pictures left out */
  GstClockTime leave_out; /* show time from which on they are, or none */
  GArray *left_out;       /* of EngineLeftOut: over, and not taken yet */
  guint fill_bps;         /* 0: nothing is filled up */
  gint64 filled_bits;     /* what was sent beyond it, or is wanting */
  GstClockTime filled_to;
};

G_DEFINE_FINAL_TYPE (EngineWriter, engine_writer, G_TYPE_OBJECT)

#define ENGINE_WRITER_FILLER_NAL 12

static void
set_caps (GstAppSrc *source, GstCaps *caps)
{
  g_autoptr (GstCaps) current = gst_app_src_get_caps (source);

  if (current == NULL || !gst_caps_is_equal (current, caps))
    gst_app_src_set_caps (source, caps);
}

/* Whether a picture is to go out. Locked. */
static gboolean
admit_picture (EngineWriter *self, GstBuffer *buffer)
{
  const gboolean keyframe = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  const guint64 queued_ns = gst_app_src_get_current_level_time (self->sources[ENGINE_MEDIA_VIDEO]);

  if (queued_ns > self->max_queue_ns)
    self->wants_keyframe = TRUE;
  if (self->wants_keyframe && keyframe && queued_ns < self->max_queue_ns / 2)
    self->wants_keyframe = FALSE;
  if (self->wants_keyframe) {
    if (self->started)
      self->n_missed++;
    if (self->started && !GST_CLOCK_TIME_IS_VALID (self->leave_out))
      self->leave_out = GST_BUFFER_PTS (buffer);
    return FALSE;
  }
  if (GST_CLOCK_TIME_IS_VALID (self->leave_out)) {
    const EngineLeftOut left_out = { self->leave_out, GST_BUFFER_PTS (buffer) };

    g_array_append_val (self->left_out, left_out);
    self->leave_out = GST_CLOCK_TIME_NONE;
  }
  if (!self->started) {
    self->started = TRUE;
    self->begin = self->offset = GST_BUFFER_PTS (buffer);
  }
  return TRUE;
}

/* Brings a picture up to what a full one would have: decoders throw filler away, networks do not.
 * Locked. */
static void
fill_up (EngineWriter *self, GstBuffer *picture, GstClockTime pts)
{
  GstMemory *memory = NULL;
  GstMapInfo map;
  gsize size = 0;

  if (GST_CLOCK_TIME_IS_VALID (self->filled_to) && pts > self->filled_to)
    self->filled_bits -=
      (gint64) gst_util_uint64_scale (pts - self->filled_to, self->fill_bps, GST_SECOND);
  self->filled_to = pts;
  self->filled_bits += (gint64) gst_buffer_get_size (picture) * 8;
  if (self->filled_bits > -512)
    return;
  /* Four bytes of length, the kind, ones, and the bit that ends it. */
  size = (gsize) (-self->filled_bits / 8);
  memory = gst_allocator_alloc (NULL, size, NULL);
  gst_memory_map (memory, &map, GST_MAP_WRITE);
  memset (map.data, 0xff, size);
  GST_WRITE_UINT32_BE (map.data, size - 4);
  map.data[4] = ENGINE_WRITER_FILLER_NAL;
  map.data[size - 1] = 0x80;
  gst_memory_unmap (memory, &map);
  gst_buffer_append_memory (picture, memory);
  self->filled_bits += (gint64) size * 8;
}

/* Sends @buffer, whose format is @caps (nullable: as before). Locked. */
static void
send (EngineWriter *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps)
{
  GstBuffer *copy = gst_buffer_copy (buffer);
  const GstClockTime pts = GST_BUFFER_PTS (buffer);

  if (self->fill_bps > 0 && media == ENGINE_MEDIA_VIDEO)
    fill_up (self, copy, pts);
  else if (self->fill_bps > 0)
    self->filled_bits += (gint64) gst_buffer_get_size (copy) * 8;

  GST_BUFFER_PTS (copy) = pts > self->offset ? pts - self->offset : 0;
  GST_BUFFER_DTS (copy) = GST_BUFFER_PTS (copy);
  if (caps != NULL)
    set_caps (self->sources[media], caps);
  gst_app_src_push_buffer (self->sources[media], copy);
}

/* Some formats begin every track at 0, whatever its first time was. So time 0 is that of the first
 * packet of sound, and the first picture, less than a packet before it, is moved there. Locked. */
static void
set_zero (EngineWriter *self, GstClockTime time)
{
  GstBuffer *picture = NULL;

  self->timed = TRUE;
  self->offset = time;
  while ((picture = g_queue_pop_head (&self->pictures)) != NULL) {
    send (self, ENGINE_MEDIA_VIDEO, picture, NULL);
    gst_buffer_unref (picture);
  }
}

/* Locked. */
static void
send_picture (EngineWriter *self, GstBuffer *buffer, GstCaps *caps)
{
  if (self->timed) {
    send (self, ENGINE_MEDIA_VIDEO, buffer, caps);
    return;
  }
  set_caps (self->sources[ENGINE_MEDIA_VIDEO], caps);
  g_queue_push_tail (&self->pictures, gst_buffer_ref (buffer));
  if (g_queue_get_length (&self->pictures) >= MAX_PICTURES_WAITING)
    set_zero (self, self->begin);
}

/* Locked. */
static void
send_sound (EngineWriter *self, GstBuffer *buffer, GstCaps *caps)
{
  const GstClockTime pts = GST_BUFFER_PTS (buffer);

  if (pts + SAME_NS < self->begin)
    return;
  if (!self->timed)
    set_zero (self, pts < self->begin + PACKET_NS ? pts : self->begin);
  if (gst_app_src_get_current_level_time (self->sources[ENGINE_MEDIA_AUDIO]) <= self->max_queue_ns)
    send (self, ENGINE_MEDIA_AUDIO, buffer, caps);
}

static void
keep_waiting (EngineWriter *self, GstBuffer *buffer)
{
  if (g_queue_get_length (&self->waiting) >= MAX_WAITING)
    gst_buffer_unref (g_queue_pop_head (&self->waiting));
  g_queue_push_tail (&self->waiting, gst_buffer_ref (buffer));
}

/* Encoder's threads. */
static void
feed_cb (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gpointer user_data)
{
  EngineWriter *self = user_data;

  g_mutex_lock (&self->lock);
  if (media == ENGINE_MEDIA_AUDIO) {
    set_caps (self->sources[media], caps);
    if (self->started)
      send_sound (self, buffer, NULL);
    else
      keep_waiting (self, buffer);
  } else {
    const gboolean first = !self->started;

    if (admit_picture (self, buffer)) {
      GstBuffer *sound = NULL;

      send_picture (self, buffer, caps);
      while (first && (sound = g_queue_pop_head (&self->waiting)) != NULL) {
        send_sound (self, sound, NULL);
        gst_buffer_unref (sound);
      }
    }
  }
  g_mutex_unlock (&self->lock);
}

static void
engine_writer_dispose (GObject *object)
{
  EngineWriter *self = ENGINE_WRITER (object);

  engine_writer_stop (self);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    gst_clear_object (&self->sources[i]);
  g_clear_object (&self->feed);
  G_OBJECT_CLASS (engine_writer_parent_class)->dispose (object);
}

static void
engine_writer_finalize (GObject *object)
{
  g_queue_clear_full (&ENGINE_WRITER (object)->waiting, (GDestroyNotify) gst_buffer_unref);
  g_queue_clear_full (&ENGINE_WRITER (object)->pictures, (GDestroyNotify) gst_buffer_unref);
  g_array_unref (ENGINE_WRITER (object)->left_out);
  g_mutex_clear (&ENGINE_WRITER (object)->lock);
  G_OBJECT_CLASS (engine_writer_parent_class)->finalize (object);
}

static void
engine_writer_class_init (EngineWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_writer_dispose;
  object_class->finalize = engine_writer_finalize;
}

static void
engine_writer_init (EngineWriter *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
  g_queue_init (&self->pictures);
  self->left_out = g_array_new (FALSE, FALSE, sizeof (EngineLeftOut));
  self->leave_out = self->begin = self->filled_to = GST_CLOCK_TIME_NONE;
  self->wants_keyframe = TRUE;
}

/**
 * engine_writer_new:
 * @feed: the encoded program
 * @bin: the output's pipeline, not running; gets two sources to be linked on
 * @max_queue_ms: what may wait in it, in milliseconds of picture
 *
 * Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: (transfer full) (nullable): the writer, not started
 */
EngineWriter *
engine_writer_new (EngineFeed *feed, GstElement *bin, guint max_queue_ms, GError **error)
{
  g_autoptr (EngineWriter) self = g_object_new (ENGINE_TYPE_WRITER, NULL);

  self->feed = g_object_ref (feed);
  self->max_queue_ns = max_queue_ms * GST_MSECOND;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    GstElement *source =
      engine_make (bin, "appsrc", i == ENGINE_MEDIA_VIDEO ? "video" : "audio", error);

    if (source == NULL)
      return NULL;
    /* Not live: the muxer waits for both and puts them in order, without a clock. */
    g_object_set (source, "format", GST_FORMAT_TIME, "max-bytes", G_GUINT64_CONSTANT (0), NULL);
    self->sources[i] = gst_object_ref (GST_APP_SRC (source));
  }
  return g_steal_pointer (&self);
}

/**
 * engine_writer_get_source:
 * @self: a writer
 * @media: picture or sound
 *
 * Returns: (transfer none): the element that the muxer is to be linked to
 */
GstElement *
engine_writer_get_source (EngineWriter *self, EngineMedia media)
{
  g_return_val_if_fail (ENGINE_IS_WRITER (self), NULL);

  return GST_ELEMENT (self->sources[media]);
}

void
engine_writer_start (EngineWriter *self)
{
  g_return_if_fail (ENGINE_IS_WRITER (self));

  if (self->listener_id == 0)
    self->listener_id = engine_feed_add_listener (self->feed, feed_cb, self);
}

void
engine_writer_stop (EngineWriter *self)
{
  g_return_if_fail (ENGINE_IS_WRITER (self));

  if (self->listener_id != 0)
    engine_feed_remove_listener (self->feed, self->listener_id);
  self->listener_id = 0;
}

/**
 * engine_writer_want_keyframe:
 * @self: a writer
 *
 * Asks who encodes for one.
 */
void
engine_writer_want_keyframe (EngineWriter *self)
{
  g_return_if_fail (ENGINE_IS_WRITER (self));

  engine_feed_want_keyframe (self->feed);
}

/**
 * engine_writer_end_of_stream:
 * @self: a writer
 *
 * Stops, and lets the pipeline write its end. See [method@Engine.Pipeline.finish].
 */
void
engine_writer_end_of_stream (EngineWriter *self)
{
  g_return_if_fail (ENGINE_IS_WRITER (self));

  engine_writer_stop (self);
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    gst_app_src_end_of_stream (self->sources[i]);
}

/**
 * engine_writer_get_n_missed:
 * @self: a writer
 *
 * Any thread.
 *
 * Returns: how many pictures the output was too slow for
 */
guint64
engine_writer_get_n_missed (EngineWriter *self)
{
  g_return_val_if_fail (ENGINE_IS_WRITER (self), 0);

  g_mutex_lock (&self->lock);
  const guint64 n_missed = self->n_missed;
  g_mutex_unlock (&self->lock);
  return n_missed;
}

/**
 * engine_writer_fill_up:
 * @self: a writer that is not started
 * @bps: what picture and sound together are filled up to; 0: they stay as they are
 *
 * Has it send as much as the show will at its busiest, whatever the pictures need: for a test of
 * the way.
 */
void
engine_writer_fill_up (EngineWriter *self, guint bps)
{
  g_return_if_fail (ENGINE_IS_WRITER (self));

  self->fill_bps = bps;
}

/**
 * engine_writer_get_queue_ms:
 * @self: a writer
 *
 * Any thread.
 *
 * Returns: what waits in it, in milliseconds of picture
 */
double
engine_writer_get_queue_ms (EngineWriter *self)
{
  g_return_val_if_fail (ENGINE_IS_WRITER (self), 0);

  return gst_app_src_get_current_level_time (self->sources[ENGINE_MEDIA_VIDEO]) /
         (double) GST_MSECOND;
}

/**
 * engine_writer_get_begin:
 * @self: a writer
 *
 * Any thread.
 *
 * Returns: the show time of the first picture; %GST_CLOCK_TIME_NONE while there is none
 */
GstClockTime
engine_writer_get_begin (EngineWriter *self)
{
  g_return_val_if_fail (ENGINE_IS_WRITER (self), GST_CLOCK_TIME_NONE);

  g_mutex_lock (&self->lock);
  const GstClockTime begin = self->begin;
  g_mutex_unlock (&self->lock);
  return begin;
}

/**
 * engine_writer_take_left_out:
 * @self: a writer
 * @left_out: (out): a stretch of the show that was left out and is over
 *
 * Any thread.
 *
 * Returns: whether there was one that was not taken yet
 */
gboolean
engine_writer_take_left_out (EngineWriter *self, EngineLeftOut *left_out)
{
  gboolean taken = FALSE;

  g_return_val_if_fail (ENGINE_IS_WRITER (self), FALSE);

  g_mutex_lock (&self->lock);
  if (self->left_out->len > 0) {
    *left_out = g_array_index (self->left_out, EngineLeftOut, 0);
    g_array_remove_index (self->left_out, 0);
    taken = TRUE;
  }
  g_mutex_unlock (&self->lock);
  return taken;
}

/**
 * engine_writer_get_zero:
 * @self: a writer
 * @time_ns: (out): the show time that is time 0 of what it writes
 *
 * Any thread.
 *
 * Returns: whether that is known: it is with the first sound after the first keyframe
 */
gboolean
engine_writer_get_zero (EngineWriter *self, GstClockTime *time_ns)
{
  g_return_val_if_fail (ENGINE_IS_WRITER (self), FALSE);

  g_mutex_lock (&self->lock);
  const gboolean timed = self->timed;
  *time_ns = self->offset;
  g_mutex_unlock (&self->lock);
  return timed;
}
