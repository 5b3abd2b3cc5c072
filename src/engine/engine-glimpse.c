/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#include "engine-glimpse.h"
#include "engine-pipeline.h"

#define PICTURE_CAPS "video/x-raw,format=BGRA,width=320,height=180,pixel-aspect-ratio=1/1"
#define SOUND_CAPS   "audio/x-raw,format=F32LE,layout=interleaved"

/* A stream of nothing but keyframes is not decoded more often than this. */
#define MIN_DISTANCE_MS 200

/* A picture of 8K, and a little more. */
#define MAX_PIXELS (8192 * 4400)

/* When sound comes this much earlier or later than before, its way has become another one. */
#define JUMP_MS 500

struct _EngineGlimpse {
  gatomicrefcount ref_count;
  gboolean paced;
  EngineGlimpseFunc func;
  gpointer owner; /* nullable once detached; main thread only */

  GMutex lock; /* guards all below */
  EngineEcho echo;
  EngineGlimpseNews news;
  gboolean has_picture; /* there is a place for pictures already, or for sound */
  gboolean has_sound;
  gint64 decoded_ms; /* when a keyframe was last given to the decoder */
  double anchor_ms;  /* monotonic time of running time 0, by the sound */
  gboolean anchored;
  EngineFrame *pending; /* nullable */
};

/**
 * engine_glimpse_new:
 * @paced: whether it is to be played in its own time, as players do, and not just as it comes
 * @func: (nullable) (scope forever): called on the main thread when there is a picture
 * @owner: for @func
 *
 * Returns: (transfer full): a glimpse of nothing yet
 */
EngineGlimpse *
engine_glimpse_new (gboolean paced, EngineGlimpseFunc func, gpointer owner)
{
  EngineGlimpse *self = g_new0 (EngineGlimpse, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  engine_echo_init (&self->echo);
  self->paced = paced;
  self->func = func;
  self->owner = owner;
  self->news = (EngineGlimpseNews){ -1, -1 };
  return self;
}

EngineGlimpse *
engine_glimpse_ref (EngineGlimpse *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_glimpse_unref (EngineGlimpse *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->pending, engine_frame_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  engine_glimpse_unref (data);
}

/**
 * engine_glimpse_detach:
 * @self: a glimpse
 *
 * Its owner is not called any more. Main thread.
 */
void
engine_glimpse_detach (EngineGlimpse *self)
{
  self->owner = NULL;
}

static gboolean
frame_cb (gpointer data)
{
  EngineGlimpse *self = data;

  if (self->owner != NULL && self->func != NULL)
    self->func (self->owner);
  return G_SOURCE_REMOVE;
}

/* The mean brightness of each field. */
static void
measure_fields (const GstVideoFrame *frame, guint8 *fields)
{
  enum {
    WIDTH = ENGINE_GLIMPSE_WIDTH_PX / ENGINE_ECHO_COLUMNS,
    HEIGHT = ENGINE_GLIMPSE_HEIGHT_PX / ENGINE_ECHO_ROWS
  };
  guint sums[ENGINE_ECHO_N_FIELDS] = { 0 };

  for (guint y = 0; y < ENGINE_GLIMPSE_HEIGHT_PX; y++) {
    const guint8 *line = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0) +
                         (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) * y;
    guint *row = sums + y / HEIGHT * ENGINE_ECHO_COLUMNS;

    for (guint x = 0; x < ENGINE_GLIMPSE_WIDTH_PX; x++)
      row[x / WIDTH] += (guint) line[4 * x] + 2u * line[4 * x + 1] + line[4 * x + 2];
  }
  for (guint i = 0; i < ENGINE_ECHO_N_FIELDS; i++)
    fields[i] = (guint8) (sums[i] / (4 * WIDTH * HEIGHT));
}

/* Running time in milliseconds; FALSE if it has none. */
static gboolean
get_running_ms (GstSample *sample, double *running_ms)
{
  const GstClockTime pts = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  const GstSegment *segment = gst_sample_get_segment (sample);
  const guint64 running = GST_CLOCK_TIME_IS_VALID (pts)
                            ? gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts)
                            : GST_CLOCK_TIME_NONE;

  *running_ms = (double) running / GST_MSECOND;
  return GST_CLOCK_TIME_IS_VALID (running);
}

static void
note_picture (EngineGlimpse *self, GstSample *sample, const GstVideoFrame *frame)
{
  const gint64 now_ms = g_get_monotonic_time () / 1000;
  guint8 fields[ENGINE_ECHO_N_FIELDS];
  double running_ms = 0;
  gint64 time_ms = now_ms;
  const gsize stride = (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  GBytes *pixels =
    g_bytes_new (GST_VIDEO_FRAME_PLANE_DATA (frame, 0), stride * ENGINE_GLIMPSE_HEIGHT_PX);

  measure_fields (frame, fields);
  g_mutex_lock (&self->lock);
  /* A decoder may give a picture only when it has seen the next: the sound of its time tells when it
   * is seen. */
  if (self->anchored && get_running_ms (sample, &running_ms))
    time_ms = MIN (now_ms, (gint64) (running_ms + self->anchor_ms));
  engine_echo_note_picture (&self->echo, time_ms, fields);
  self->news.picture_ms = now_ms;
  const gboolean told = self->pending != NULL;
  g_clear_pointer (&self->pending, engine_frame_unref);
  self->pending =
    engine_frame_new (pixels, ENGINE_GLIMPSE_WIDTH_PX, ENGINE_GLIMPSE_HEIGHT_PX, (int) stride);
  g_mutex_unlock (&self->lock);
  if (!told && self->func != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, frame_cb, engine_glimpse_ref (self),
                     (GDestroyNotify) engine_glimpse_unref);
}

static GstFlowReturn
picture_cb (GstAppSink *sink, gpointer user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstVideoInfo info;
  GstVideoFrame frame;

  if (sample == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return GST_FLOW_OK;
  if (GST_VIDEO_FRAME_WIDTH (&frame) == ENGINE_GLIMPSE_WIDTH_PX &&
      GST_VIDEO_FRAME_HEIGHT (&frame) == ENGINE_GLIMPSE_HEIGHT_PX)
    note_picture (user_data, sample, &frame);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

/* Locked. */
static void
anchor (EngineGlimpse *self, GstSample *sample, gint64 now_ms)
{
  double running_ms = 0, difference_ms = 0;

  if (!get_running_ms (sample, &running_ms))
    return;
  difference_ms = (double) now_ms - running_ms - self->anchor_ms;
  if (!self->anchored || difference_ms > JUMP_MS || difference_ms < -JUMP_MS)
    self->anchor_ms += difference_ms;
  else
    self->anchor_ms += difference_ms / 16;
  self->anchored = TRUE;
}

static GstFlowReturn
sound_cb (GstAppSink *sink, gpointer user_data)
{
  EngineGlimpse *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  const gint64 now_ms = g_get_monotonic_time () / 1000;
  double power = 0;
  guint n_samples = 0;
  GstMapInfo map;

  if (sample == NULL || !gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    return GST_FLOW_OK;
  n_samples = (guint) (map.size / sizeof (float));
  for (guint i = 0; i < n_samples; i++) {
    const float value = ((const float *) (const void *) map.data)[i];

    power += (double) value * value;
  }
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  g_mutex_lock (&self->lock);
  engine_echo_note_sound (&self->echo, now_ms, power < 1e9 ? power : 0, n_samples);
  anchor (self, sample, now_ms);
  self->news.sound_ms = now_ms;
  g_mutex_unlock (&self->lock);
  return GST_FLOW_OK;
}

/* Streaming thread. Pictures that are made from others are not decoded at all. */
static GstPadProbeReturn
drop_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineGlimpse *self = user_data;
  const gint64 now_ms = g_get_monotonic_time () / 1000;
  gboolean wanted =
    !GST_BUFFER_FLAG_IS_SET (gst_pad_probe_info_get_buffer (info), GST_BUFFER_FLAG_DELTA_UNIT);

  g_mutex_lock (&self->lock);
  wanted = wanted && now_ms - self->decoded_ms >= MIN_DISTANCE_MS;
  if (wanted)
    self->decoded_ms = now_ms;
  g_mutex_unlock (&self->lock);
  return wanted ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/* Any thread. */
static void
element_added_cb (GstBin *bin, GstBin *child_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) pad = NULL;

  if (factory == NULL ||
      !gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_DECODER |
                                                    GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO) ||
      GST_IS_BIN (element))
    return;
  /* Several threads would keep as many pictures back. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "max-threads") != NULL)
    g_object_set (element, "max-threads", 1, NULL);
  pad = gst_element_get_static_pad (element, "sink");
  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, drop_cb, engine_glimpse_ref (user_data),
                       (GDestroyNotify) engine_glimpse_unref);
}

static GstElement *
make_sink (EngineGlimpse *self, GstElement *bin, gboolean picture, GError **error)
{
  GstElement *sink = engine_make (bin, "appsink", NULL, error);
  GstAppSinkCallbacks callbacks = { .new_sample = picture ? picture_cb : sound_cb };

  if (sink == NULL)
    return NULL;
  g_object_set (sink, "sync", self->paced, "async", self->paced, "enable-last-sample", FALSE,
                "max-buffers", 4u, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, engine_glimpse_ref (self),
                              (GDestroyNotify) engine_glimpse_unref);
  return sink;
}

static gboolean
link_chain (EngineGlimpse *self, GstElement *bin, GstPad *pad, gboolean picture, GError **error)
{
  const char *const pictures[] = { "videoscale", "videoconvert", "capsfilter" };
  const char *const sounds[] = { "audioconvert", "capsfilter" };
  const char *const *factories = picture ? pictures : sounds;
  const guint n = picture ? G_N_ELEMENTS (pictures) : G_N_ELEMENTS (sounds);
  g_autoptr (GstCaps) caps = gst_caps_from_string (picture ? PICTURE_CAPS : SOUND_CAPS);
  g_autoptr (GstPad) first_pad = NULL;
  GstElement *chain[G_N_ELEMENTS (pictures) + 1] = { NULL };

  for (guint i = 0; i < n; i++) {
    if ((chain[i] = engine_make (bin, factories[i], NULL, error)) == NULL)
      return FALSE;
  }
  g_object_set (chain[n - 1], "caps", caps, NULL);
  if ((chain[n] = make_sink (self, bin, picture, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!engine_link (chain[i], chain[i + 1], error))
      return FALSE;
  }
  first_pad = gst_element_get_static_pad (chain[0], "sink");
  if (gst_pad_link (pad, first_pad) != GST_PAD_LINK_OK) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "the stream cannot be looked at");
    return FALSE;
  }
  for (guint i = n + 1; i > 0; i--)
    gst_element_sync_state_with_parent (chain[i - 1]);
  return TRUE;
}

/* Whether this pad is the first of its kind. */
static gboolean
claim (EngineGlimpse *self, gboolean picture)
{
  gboolean *has = picture ? &self->has_picture : &self->has_sound;

  g_mutex_lock (&self->lock);
  const gboolean first = !*has;
  *has = TRUE;
  g_mutex_unlock (&self->lock);
  return first;
}

static void
pad_added_cb (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  EngineGlimpse *self = user_data;
  g_autoptr (GstElement) bin = GST_ELEMENT (gst_element_get_parent (decoder));
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *structure = caps != NULL ? gst_caps_get_structure (caps, 0) : NULL;
  g_autoptr (GError) error = NULL;
  int width = 0, height = 0;
  gboolean picture = FALSE;

  if (bin == NULL || structure == NULL)
    return;
  picture = gst_structure_has_name (structure, "video/x-raw");
  if ((!picture && !gst_structure_has_name (structure, "audio/x-raw")) || !claim (self, picture))
    return;
  if (gst_structure_get_int (structure, "width", &width) &&
      gst_structure_get_int (structure, "height", &height) &&
      (gint64) width * height > MAX_PIXELS) {
    GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE, ("the picture is too large"), (NULL));
    return;
  }
  if (!link_chain (self, bin, pad, picture, &error))
    GST_ELEMENT_ERROR (decoder, STREAM, FAILED, ("%s", error->message), (NULL));
}

/**
 * engine_glimpse_watch:
 * @self: a glimpse
 * @decoder: a `decodebin` or `uridecodebin` in a pipeline that is not running
 *
 * Looks at what comes out there. Of several streams of a kind the first is looked at.
 */
void
engine_glimpse_watch (EngineGlimpse *self, GstElement *decoder)
{
  g_signal_connect_data (decoder, "pad-added", G_CALLBACK (pad_added_cb), engine_glimpse_ref (self),
                         unref_closure, 0);
  g_signal_connect_data (decoder, "deep-element-added", G_CALLBACK (element_added_cb),
                         engine_glimpse_ref (self), unref_closure, 0);
}

void
engine_glimpse_get_news (EngineGlimpse *self, EngineGlimpseNews *news)
{
  g_mutex_lock (&self->lock);
  *news = self->news;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_glimpse_take_frame:
 * @self: a glimpse
 *
 * Returns: (transfer full) (nullable): the newest picture, once
 */
EngineFrame *
engine_glimpse_take_frame (EngineGlimpse *self)
{
  g_mutex_lock (&self->lock);
  EngineFrame *frame = g_steal_pointer (&self->pending);
  g_mutex_unlock (&self->lock);
  return frame;
}

/**
 * engine_glimpse_lock:
 * @self: a glimpse
 *
 * Returns: what was seen and heard, until engine_glimpse_unlock ()
 */
const EngineEcho *
engine_glimpse_lock (EngineGlimpse *self)
{
  g_mutex_lock (&self->lock);
  return &self->echo;
}

void
engine_glimpse_unlock (EngineGlimpse *self)
{
  g_mutex_unlock (&self->lock);
}
