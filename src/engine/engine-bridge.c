/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-bridge.h"
#include "engine-stillness.h"

/* What comes this close to its time, or after it, so many times in a row, needs more delay. */
#define TIGHT_NS     (5 * (gint64) GST_MSECOND)
#define MAX_TIGHT    10
#define EXTRA_NS     (30 * (gint64) GST_MSECOND)
#define MAX_EXTRA_NS (2 * (gint64) GST_SECOND)

/* A stranger's line gets worse and better: what has come so much too early for so long needs less. */
#define EASE_NS (10 * (gint64) GST_SECOND)

/* A picture that is later than this is shown out of its turn. */
#define LATE_NS (100 * (gint64) GST_MSECOND)

/* Somebody else's clock that is so far off has jumped: begin anew from now. */
#define JUMP_NS ((gint64) GST_SECOND)

/* A stranger's picture that is larger is left out: a single one might fill the memory. */
#define MAX_STRANGE_PIXELS (4096 * 2304)

/* The formats that the mix reads without another conversion in between. */
#define PICTURE_CAPS \
  "video/x-raw,format=(string){I420,NV12,YV12,NV21,YUY2,UYVY,Y42B,Y444,BGRx,BGRA,RGBx,RGB,BGR}"

#define SOUND_CAPS \
  "audio/x-raw,format=" GST_AUDIO_NE (F32) ",rate=48000,channels=2,layout=interleaved"

/**
 * EngineBridge:
 *
 * The way from a source's pipelines into its slot: gives each picture and each piece of sound the
 * show time at which it is due. That is the time of its capture on the show's clock and a fixed
 * delay, the same for picture and sound, so that lips and sound stay together. When what comes is
 * too late again and again, the delay grows, for both.
 *
 * Made and reset on the main thread; fed by streaming threads.
 */
struct _EngineBridge {
  GObject parent_instance;

  EngineClock *clock;
  EngineSlot *slot;

  GMutex lock;        /* guards all below */
  EngineBridge *peer; /* nullable, borrowed: the same source's other half */
  EngineTiming timing;
  gboolean strange; /* what comes is made by nobody we know */
  gboolean closed;  /* nothing passes any more */
  gint64 delay_ns;
  gint64 offset_ns; /* added to the stamped time */
  gint64 align_ns;  /* added as well: brings pictures onto the program's */
  gboolean aligned;
  guint64 picture_base_ns; /* of the newest segment: a film that begins again has a new one */
  guint64 sound_base_ns;
  gboolean moved; /* sound is to follow at once to where it belongs now */
  gboolean anchored;
  guint n_tight;
  gint64 slack_ns;           /* how early the latest has come at least, */
  gint64 slack_since_ns;     /* since then */
  GstVideoInfo picture_info; /* of the newest picture */
  EngineStillness stillness;
  gint64 picture_arrival_ns; /* show time, −1 before the first since the reset */
  gint64 sound_arrival_ns;
};

G_DEFINE_FINAL_TYPE (EngineBridge, engine_bridge, G_TYPE_OBJECT)

static guint arrived_signal;

static void
engine_bridge_finalize (GObject *object)
{
  EngineBridge *self = ENGINE_BRIDGE (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->slot);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_bridge_parent_class)->finalize (object);
}

static void
engine_bridge_class_init (EngineBridgeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_bridge_finalize;

  arrived_signal = g_signal_new ("arrived", ENGINE_TYPE_BRIDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
engine_bridge_init (EngineBridge *self)
{
  g_mutex_init (&self->lock);
  gst_video_info_init (&self->picture_info);
  self->picture_arrival_ns = -1;
  self->sound_arrival_ns = -1;
}

EngineBridge *
engine_bridge_new (EngineClock *clock, EngineSlot *slot)
{
  EngineBridge *self = g_object_new (ENGINE_TYPE_BRIDGE, NULL);

  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  return self;
}

/**
 * engine_bridge_set_peer:
 * @self: a bridge
 * @peer: (nullable): the other half of the same source, to be taken back before it goes away: when
 *   one of the two needs more delay, both get it
 */
void
engine_bridge_set_peer (EngineBridge *self, EngineBridge *peer)
{
  g_return_if_fail (ENGINE_IS_BRIDGE (self));

  g_mutex_lock (&self->lock);
  self->peer = peer;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_bridge_reset:
 * @self: a bridge
 * @timing: whose clock stamps what comes
 * @delay_ms: from capture to the mix
 *
 * Begins anew, for pipelines that are about to start.
 */
void
engine_bridge_reset (EngineBridge *self, EngineTiming timing, int delay_ms)
{
  g_return_if_fail (ENGINE_IS_BRIDGE (self));

  g_mutex_lock (&self->lock);
  self->timing = timing;
  self->delay_ns = delay_ms * (gint64) GST_MSECOND;
  self->offset_ns = 0;
  self->align_ns = 0;
  self->aligned = FALSE;
  self->picture_base_ns = self->sound_base_ns = 0;
  self->moved = FALSE;
  self->anchored = FALSE;
  self->n_tight = 0;
  self->stillness = (EngineStillness){ 0 };
  self->picture_arrival_ns = -1;
  self->sound_arrival_ns = -1;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_bridge_distrust:
 * @self: a bridge that nothing has passed yet
 *
 * What will come is made by a stranger: pictures that are too large are left out, and times that are
 * far ahead are not believed. Its sinks may be put into a pipeline that plays already.
 */
void
engine_bridge_distrust (EngineBridge *self)
{
  g_return_if_fail (ENGINE_IS_BRIDGE (self));

  g_mutex_lock (&self->lock);
  self->strange = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_bridge_close:
 * @self: a bridge
 *
 * What is still pushed into its sinks is dropped from now on. Any thread.
 */
void
engine_bridge_close (EngineBridge *self)
{
  g_return_if_fail (ENGINE_IS_BRIDGE (self));

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_mutex_unlock (&self->lock);
}

/* Whether a picture, or a piece of sound with @info `NULL`, may pass. */
static gboolean
lets_pass (EngineBridge *self, const GstVideoInfo *info)
{
  g_mutex_lock (&self->lock);
  const gboolean passes =
    !self->closed &&
    (!self->strange || info == NULL ||
     (gint64) GST_VIDEO_INFO_WIDTH (info) * GST_VIDEO_INFO_HEIGHT (info) <= MAX_STRANGE_PIXELS);
  g_mutex_unlock (&self->lock);
  return passes;
}

/**
 * engine_bridge_get_tap:
 * @self: a bridge
 *
 * Returns: (transfer none): who wants to have what comes through it, or before it is decoded. Any thread.
 */
EngineTap *
engine_bridge_get_tap (EngineBridge *self)
{
  return engine_slot_get_tap (self->slot, ENGINE_TAP_SOURCE);
}

/**
 * engine_bridge_get_time:
 * @self: a bridge
 * @stamped_ns: a stamp, as a time of the show's clock
 *
 * Returns: the show time at which what has this stamp is due, or −1 while that is not known. Any thread.
 */
gint64
engine_bridge_get_time (EngineBridge *self, gint64 stamped_ns)
{
  g_mutex_lock (&self->lock);
  const gboolean known = self->timing != ENGINE_TIMING_ANCHORED || self->anchored;
  const gint64 time_ns = stamped_ns + self->offset_ns + self->delay_ns + self->align_ns -
                         (gint64) engine_clock_get_base_time (self->clock);
  g_mutex_unlock (&self->lock);
  return known ? time_ns : -1;
}

/* Picture and sound of one pipeline are moved together, by less than a frame, so that its pictures
 * are due exactly when the program's are: the nearest would be half a frame away from its sound. A
 * camera's microphone has a bridge of its own. Locked. */
static void
align (EngineBridge *self, gint64 due_ns, guint64 base_ns)
{
  const gint64 frame_ns = engine_slot_get_frame_ns (self->slot);

  if ((self->aligned && base_ns <= self->picture_base_ns) || self->timing == ENGINE_TIMING_CLOCKED)
    return;
  self->picture_base_ns = base_ns;
  self->align_ns = due_ns >= 0 ? frame_ns - due_ns % frame_ns : 0;
  self->aligned = TRUE;
  self->moved = TRUE;
}

/* What is due when has changed. Locked. */
static void
move (EngineBridge *self, gint64 offset_ns)
{
  self->offset_ns = offset_ns;
  self->aligned = FALSE;
  self->moved = TRUE;
}

/* The extra delay is taken back when it is not needed any more. Locked. */
static void
ease (EngineBridge *self, gint64 ahead_ns, gint64 now_ns)
{
  self->slack_ns = MIN (self->slack_ns, ahead_ns);
  if (now_ns - self->slack_since_ns < EASE_NS && self->offset_ns > 0)
    return;
  if (self->slack_ns > 2 * EXTRA_NS && self->offset_ns > 0)
    move (self, MAX (0, self->offset_ns - (self->slack_ns - EXTRA_NS)));
  self->slack_ns = G_MAXINT64;
  self->slack_since_ns = now_ns;
}

/* Locked. */
static void
adjust (EngineBridge *self, gint64 stamped_ns, gint64 now_ns, gboolean is_picture)
{
  const gint64 ahead_ns = stamped_ns + self->offset_ns + self->delay_ns - now_ns;

  if (self->timing == ENGINE_TIMING_ANCHORED &&
      (!self->anchored || ahead_ns < -JUMP_NS || ahead_ns > self->delay_ns + JUMP_NS)) {
    move (self, now_ns - stamped_ns);
    self->anchored = TRUE;
    self->n_tight = 0;
    return;
  }
  /* Where there is sound, it decides: a picture may be late on a busy machine, and is shown late. */
  if (is_picture && self->sound_arrival_ns >= 0)
    return;
  if (self->strange)
    ease (self, ahead_ns, now_ns);
  self->n_tight = ahead_ns < TIGHT_NS ? self->n_tight + 1 : 0;
  if (self->n_tight < MAX_TIGHT)
    return;
  self->n_tight = 0;
  /* A camera's extra delay has an end: beyond it the picture is late, but not the whole show. */
  if (self->timing != ENGINE_TIMING_CLOCKED || self->offset_ns - ahead_ns < MAX_EXTRA_NS)
    move (self, self->offset_ns + EXTRA_NS - ahead_ns);
}

/* A camera that needs more delay takes its microphone with it, and the other way round. */
static void
keep_up_with (EngineBridge *self, gint64 offset_ns)
{
  g_mutex_lock (&self->lock);
  self->offset_ns = MAX (self->offset_ns, offset_ns);
  g_mutex_unlock (&self->lock);
}

/* The show time at which a sample is due. */
static gint64
due_time (EngineBridge *self, GstAppSink *sink, GstSample *sample, gboolean is_picture)
{
  const GstSegment *segment = gst_sample_get_segment (sample);
  const GstClockTime pts = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  const gint64 now_ns = engine_clock_get_now (self->clock);
  guint64 running_ns = 0;
  gint64 stamped_ns = now_ns;
  gint64 due_ns = 0, offset_ns = 0;
  g_autoptr (EngineBridge) peer = NULL;

  if (GST_CLOCK_TIME_IS_VALID (pts) && segment->format == GST_FORMAT_TIME &&
      gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, pts, &running_ns) > 0) {
    const gint64 base_ns = (gint64) gst_element_get_base_time (GST_ELEMENT (sink));

    stamped_ns = (gint64) running_ns + base_ns - (gint64) engine_clock_get_base_time (self->clock);
  }
  g_mutex_lock (&self->lock);
  if (self->strange && stamped_ns > now_ns + JUMP_NS)
    stamped_ns = now_ns;
  adjust (self, stamped_ns, now_ns, is_picture);
  due_ns = stamped_ns + self->offset_ns + self->delay_ns;
  if (is_picture) {
    align (self, due_ns, segment->base);
  } else if (segment->base > self->sound_base_ns) {
    /* Decoders may lose the first samples: what follows goes where it belongs all the same. */
    self->sound_base_ns = segment->base;
    self->moved = TRUE;
  }
  due_ns += self->align_ns;
  if (is_picture)
    engine_slot_note_lateness (self->slot, now_ns - due_ns);
  /* One that comes too late is seen at once, rather than taken for an old one. */
  if (is_picture && due_ns < now_ns - LATE_NS)
    due_ns = now_ns;
  /* Under the same lock as the time that it goes with. */
  if (!is_picture && self->moved) {
    self->moved = FALSE;
    engine_slot_move_sound (self->slot);
  }
  offset_ns = self->timing == ENGINE_TIMING_CLOCKED ? self->offset_ns : 0;
  peer = self->peer != NULL && offset_ns > 0 ? g_object_ref (self->peer) : NULL;
  g_mutex_unlock (&self->lock);
  if (peer != NULL)
    keep_up_with (peer, offset_ns);
  return due_ns;
}

static gboolean
arrived_cb (gpointer data)
{
  g_signal_emit (data, arrived_signal, 0);
  return G_SOURCE_REMOVE;
}

/* Locked. */
static void
note_arrival (EngineBridge *self, gint64 *arrival_ns)
{
  if (*arrival_ns < 0)
    g_idle_add_full (G_PRIORITY_DEFAULT, arrived_cb, g_object_ref (self), g_object_unref);
  *arrival_ns = engine_clock_get_now (self->clock);
}

static GstFlowReturn
picture_cb (GstAppSink *sink, gpointer user_data)
{
  EngineBridge *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstVideoInfo info;

  if (sample == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !lets_pass (self, &info))
    return GST_FLOW_OK;

  GstBuffer *buffer = gst_sample_get_buffer (sample);
  const guint64 fingerprint = engine_stillness_take (&info, buffer);
  g_mutex_lock (&self->lock);
  self->picture_info = info;
  note_arrival (self, &self->picture_arrival_ns);
  engine_stillness_note (&self->stillness, fingerprint, self->picture_arrival_ns);
  g_mutex_unlock (&self->lock);
  const gint64 time_ns = due_time (self, sink, sample, TRUE);
  EngineTap *tap = engine_bridge_get_tap (self);
  if (engine_tap_is_wanted (tap))
    engine_tap_push_raw (tap, ENGINE_MEDIA_VIDEO, buffer, gst_sample_get_caps (sample), time_ns);
  engine_slot_push_picture (self->slot, buffer, &info, time_ns);
  return GST_FLOW_OK;
}

/* The first picture of what does not play yet. */
static GstFlowReturn
held_cb (GstAppSink *sink, gpointer user_data)
{
  EngineBridge *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_preroll (sink);
  GstVideoInfo info;

  if (sample == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    return GST_FLOW_OK;

  g_mutex_lock (&self->lock);
  self->picture_info = info;
  note_arrival (self, &self->picture_arrival_ns);
  g_mutex_unlock (&self->lock);
  engine_slot_push_picture (self->slot, gst_sample_get_buffer (sample), &info,
                            engine_clock_get_now (self->clock));
  return GST_FLOW_OK;
}

static GstFlowReturn
sound_cb (GstAppSink *sink, gpointer user_data)
{
  EngineBridge *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstMapInfo map;

  if (sample == NULL || !lets_pass (self, NULL))
    return GST_FLOW_OK;

  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gint64 time_ns = due_time (self, sink, sample, FALSE);
  EngineTap *tap = engine_bridge_get_tap (self);
  if (engine_tap_is_wanted (tap))
    engine_tap_push_raw (tap, ENGINE_MEDIA_AUDIO, buffer, gst_sample_get_caps (sample), time_ns);
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;

  g_mutex_lock (&self->lock);
  note_arrival (self, &self->sound_arrival_ns);
  g_mutex_unlock (&self->lock);

  const float *samples = (const float *) map.data;
  gsize n_left = map.size / (sizeof (float) * ENGINE_N_CHANNELS);
  while (n_left > 0) {
    const guint n = (guint) MIN (n_left, ENGINE_SAMPLE_RATE_HZ);

    engine_slot_push_sound (self->slot, samples, n, time_ns);
    samples += (gsize) n * ENGINE_N_CHANNELS;
    time_ns += (gint64) n * (gint64) GST_SECOND / ENGINE_SAMPLE_RATE_HZ;
    n_left -= n;
  }
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

/* Streaming thread. Without this answer decoders copy every picture to take its padding away; the
 * mix reads pictures with any padding. */
static GstPadProbeReturn
allocation_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstQuery *query = gst_pad_probe_info_get_query (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  if (!gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL))
    gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return GST_PAD_PROBE_HANDLED;
}

static GstElement *
make_sink (EngineBridge *self, GstElement *bin, const char *caps_text,
           GstFlowReturn (*new_sample) (GstAppSink *, gpointer), GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  GstAppSinkCallbacks callbacks = { .new_sample = new_sample };
  GstElement *sink = engine_make (bin, "appsink", NULL, error);

  if (sink == NULL)
    return NULL;
  if (self->timing == ENGINE_TIMING_HELD && new_sample == picture_cb)
    callbacks.new_preroll = held_cb;
  /* A file must be held back by the clock; the others come when they come. */
  g_object_set (sink, "caps", caps, "sync", engine_timing_is_paced (self->timing), "max-buffers", 4,
                "qos", FALSE, "max-lateness", G_GINT64_CONSTANT (-1), "enable-last-sample", FALSE,
                NULL);
  g_mutex_lock (&self->lock);
  if (self->strange)
    g_object_set (sink, "async", FALSE, NULL);
  g_mutex_unlock (&self->lock);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, g_object_ref (self), g_object_unref);
  return sink;
}

/**
 * engine_bridge_make_picture_sink:
 * @self: a bridge that was reset
 * @bin: where the sink is put, running or not
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): what a raw video stream is to be linked to
 */
GstElement *
engine_bridge_make_picture_sink (EngineBridge *self, GstElement *bin, GError **error)
{
  GstElement *sink = make_sink (self, bin, PICTURE_CAPS, picture_cb, error);
  g_autoptr (GstPad) pad = sink != NULL ? gst_element_get_static_pad (sink, "sink") : NULL;

  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, allocation_cb, NULL, NULL);
  return sink;
}

/**
 * engine_bridge_make_sound_sink:
 * @self: a bridge that was reset
 * @bin: where the sink is put, running or not
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): what a stream of 48 kHz stereo float is to be linked to; it passes
 *   the slot's cleaner
 */
GstElement *
engine_bridge_make_sound_sink (EngineBridge *self, GstElement *bin, GError **error)
{
  GstElement *sink = make_sink (self, bin, SOUND_CAPS, sound_cb, error);

  return sink != NULL ? engine_cleaner_make (engine_slot_get_cleaner (self->slot), bin, sink, error)
                      : NULL;
}

/**
 * engine_bridge_get_picture_arrival:
 * @self: a bridge
 *
 * Any thread.
 *
 * Returns: the show time at which the newest picture came in, in nanoseconds; −1 before the first
 */
gint64
engine_bridge_get_picture_arrival (EngineBridge *self)
{
  g_return_val_if_fail (ENGINE_IS_BRIDGE (self), -1);

  g_mutex_lock (&self->lock);
  const gint64 arrival_ns = self->picture_arrival_ns;
  g_mutex_unlock (&self->lock);
  return arrival_ns;
}

gint64
engine_bridge_get_sound_arrival (EngineBridge *self)
{
  g_return_val_if_fail (ENGINE_IS_BRIDGE (self), -1);

  g_mutex_lock (&self->lock);
  const gint64 arrival_ns = self->sound_arrival_ns;
  g_mutex_unlock (&self->lock);
  return arrival_ns;
}

/**
 * engine_bridge_is_frozen:
 * @self: a bridge
 *
 * Returns: whether the same picture comes again and again, from what used to move
 */
gboolean
engine_bridge_is_frozen (EngineBridge *self)
{
  gboolean frozen = FALSE;

  g_return_val_if_fail (ENGINE_IS_BRIDGE (self), FALSE);

  g_mutex_lock (&self->lock);
  frozen = engine_stillness_is_frozen (&self->stillness, engine_clock_get_now (self->clock));
  g_mutex_unlock (&self->lock);
  return frozen;
}

/**
 * engine_bridge_describe_picture:
 * @self: a bridge
 *
 * Returns: (transfer full): what comes in, such as `1280×720 30 fps`; empty before the first
 *   picture
 */
char *
engine_bridge_describe_picture (EngineBridge *self)
{
  g_return_val_if_fail (ENGINE_IS_BRIDGE (self), NULL);

  g_mutex_lock (&self->lock);
  const GstVideoInfo info = self->picture_info;
  g_mutex_unlock (&self->lock);

  return engine_picture_describe (&info);
}
