/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>
#include <math.h>

#include "common-util.h"
#include "engine-devices.h"
#include "engine-headphones.h"
#include "engine-pipeline.h"

/* A device that does not work is tried again soon at first, then calmly, for ever. */
#define FIRST_RETRY_MS 500
#define LAST_RETRY_MS  4000

/* From the mix to the device's buffer: a block, the limiter, and what a busy machine needs. */
#define AHEAD_NS (30 * (gint64) GST_MSECOND)

/* What waits longer than this for a device that stands still is not played any more. */
#define MAX_WAITING_NS (100 * (gint64) GST_MSECOND)

#define MIN_VOLUME_DB  (-60.0)
#define MAX_VOLUME_DB  12.0

/**
 * EngineHeadphones:
 *
 * What the operator hears: a pipeline of its own to one device, fed by the mixer, which never waits
 * for it. When the device goes away it is lost and silent, and nothing is played anywhere else; when
 * it comes back it plays again by itself.
 *
 * Main thread, but for engine_headphones_push ().
 */
struct _EngineHeadphones {
  GObject parent_instance;

  EngineClock *clock;
  char *device; /* nullable: off */
  EngineHeadphonesState state;
  GError *error; /* nullable */
  double volume_db;
  EnginePipeline *pipeline; /* nullable: waiting for the next try */
  char *device_id;          /* nullable: of the device in use */
  guint retry_id;
  guint n_failures; /* in a row */
  gulong devices_changed_id;

  GMutex lock;       /* guards the next two; the mixer's thread only tries it */
  GstElement *entry; /* nullable */
  float wanted_gain;

  float gain; /* only the mixer's thread: where the ramp is */
};

G_DEFINE_ENUM_TYPE (EngineHeadphonesState, engine_headphones_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_HEADPHONES_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_HEADPHONES_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (ENGINE_HEADPHONES_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (ENGINE_HEADPHONES_STATE_LOST, "lost"))

G_DEFINE_FINAL_TYPE (EngineHeadphones, engine_headphones, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_DEVICE,
  PROP_STATE,
  PROP_ERROR,
  PROP_VOLUME_DB,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void begin (EngineHeadphones *self);

static void
set_state (EngineHeadphones *self, EngineHeadphonesState state, const GError *error)
{
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_entry (EngineHeadphones *self, GstElement *entry)
{
  GstElement *before = NULL;

  g_mutex_lock (&self->lock);
  before = self->entry;
  self->entry = entry != NULL ? gst_object_ref (entry) : NULL;
  g_mutex_unlock (&self->lock);
  gst_clear_object (&before);
}

static void
let_go (EngineHeadphones *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_pointer (&self->device_id, g_free);
  set_entry (self, NULL);
  if (self->pipeline == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->pipeline);
}

static gboolean
retry_cb (gpointer data)
{
  EngineHeadphones *self = data;

  self->retry_id = 0;
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
fail (EngineHeadphones *self, const GError *error)
{
  const guint delay_ms = MIN (FIRST_RETRY_MS << MIN (self->n_failures, 8), LAST_RETRY_MS);

  let_go (self);
  self->n_failures++;
  self->retry_id = g_timeout_add (delay_ms, retry_cb, self);
  set_state (self, ENGINE_HEADPHONES_STATE_LOST, error);
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, gpointer user_data)
{
  fail (user_data, error);
}

static void
playing_cb (EnginePipeline *pipeline, gboolean live, gpointer user_data)
{
  EngineHeadphones *self = user_data;

  self->n_failures = 0;
  set_state (self, ENGINE_HEADPHONES_STATE_LIVE, NULL);
}

static GstElement *
make_entry (GstElement *bin, GError **error)
{
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "rate",
                         G_TYPE_INT, ENGINE_SAMPLE_RATE_HZ, "channels", G_TYPE_INT,
                         ENGINE_N_CHANNELS, "layout", G_TYPE_STRING, "interleaved", NULL);
  GstElement *entry = engine_make (bin, "appsrc", NULL, error);

  if (entry == NULL)
    return NULL;
  g_object_set (entry, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "min-latency",
                AHEAD_NS, "max-bytes", G_GUINT64_CONSTANT (0), "max-time", (guint64) MAX_WAITING_NS,
                "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  return entry;
}

static GstElement *
make_sink (GstElement *bin, EngineDevice *device, GError **error)
{
  GstElement *sink = gst_device_create_element (engine_device_get_gst_device (device), NULL);

  if (sink == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                 "the GStreamer element for these headphones is not installed");
    return NULL;
  }
  gst_bin_add (GST_BIN (bin), sink);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "stream-properties") != NULL) {
    /* Headphones that are unplugged must not become the loudspeakers in the hall. */
    g_autoptr (GstStructure) stream =
      gst_structure_new ("props", "node.dont-reconnect", G_TYPE_STRING, "true", NULL);

    g_object_set (sink, "stream-properties", stream, NULL);
  }
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "buffer-time") != NULL)
    g_object_set (sink, "buffer-time", G_GINT64_CONSTANT (40000), "latency-time",
                  G_GINT64_CONSTANT (10000), NULL);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "provide-clock") != NULL)
    g_object_set (sink, "provide-clock", FALSE, NULL);
  return sink;
}

static EngineDevice *
find_device (EngineHeadphones *self, GError **error)
{
  EngineDevice *device =
    engine_devices_find (engine_devices_get_default (), ENGINE_DEVICE_SPEAKER, self->device);

  if (device != NULL)
    return device;
  if (g_str_equal (self->device, "default"))
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "no headphones are plugged in");
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND,
                 "the headphones “%s” are not plugged in", self->device);
  return NULL;
}

static gboolean
build (EngineHeadphones *self, GError **error)
{
  g_autoptr (EngineDevice) device = find_device (self, error);
  GstElement *bin = NULL;
  GstElement *chain[4] = { NULL };

  if (device == NULL)
    return FALSE;
  self->device_id = g_strdup (engine_device_get_id (device));
  self->pipeline = engine_pipeline_new (self->clock, "headphones");
  bin = engine_pipeline_get_bin (self->pipeline);
  /* What is pushed bears show times. */
  gst_element_set_start_time (bin, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (bin, engine_clock_get_base_time (self->clock));
  if ((chain[0] = make_entry (bin, error)) == NULL ||
      (chain[1] = engine_make (bin, "audioconvert", NULL, error)) == NULL ||
      (chain[2] = engine_make (bin, "audioresample", NULL, error)) == NULL ||
      (chain[3] = make_sink (bin, device, error)) == NULL)
    return FALSE;
  for (guint i = 0; i + 1 < G_N_ELEMENTS (chain); i++) {
    if (!engine_link (chain[i], chain[i + 1], error))
      return FALSE;
  }
  set_entry (self, chain[0]);
  return TRUE;
}

static void
begin (EngineHeadphones *self)
{
  g_autoptr (GError) error = NULL;

  if (!build (self, &error)) {
    fail (self, error);
    return;
  }
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->pipeline, "playing", G_CALLBACK (playing_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
}

/* Not every element says that its device was unplugged. */
static void
devices_changed_cb (EngineDevices *devices, gpointer user_data)
{
  EngineHeadphones *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->retry_id != 0) {
    g_clear_handle_id (&self->retry_id, g_source_remove);
    begin (self);
  } else if (self->device_id != NULL &&
             !engine_devices_has (devices, ENGINE_DEVICE_SPEAKER, self->device_id)) {
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the headphones were unplugged");
    fail (self, error);
  }
}

static void
engine_headphones_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineHeadphones *self = ENGINE_HEADPHONES (object);

  switch (id) {
  case PROP_DEVICE:
    g_value_set_string (value, self->device);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int) self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_VOLUME_DB:
    g_value_set_double (value, self->volume_db);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_headphones_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EngineHeadphones *self = ENGINE_HEADPHONES (object);

  switch (id) {
  case PROP_DEVICE:
    engine_headphones_set_device (self, g_value_get_string (value));
    break;
  case PROP_VOLUME_DB:
    engine_headphones_set_volume_db (self, g_value_get_double (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_headphones_dispose (GObject *object)
{
  EngineHeadphones *self = ENGINE_HEADPHONES (object);

  engine_headphones_stop (self);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_headphones_parent_class)->dispose (object);
}

static void
engine_headphones_finalize (GObject *object)
{
  EngineHeadphones *self = ENGINE_HEADPHONES (object);

  g_free (self->device);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_headphones_parent_class)->finalize (object);
}

static void
engine_headphones_class_init (EngineHeadphonesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_headphones_get_property;
  object_class->set_property = engine_headphones_set_property;
  object_class->dispose = engine_headphones_dispose;
  object_class->finalize = engine_headphones_finalize;

  properties[PROP_DEVICE] = g_param_spec_string ("device", NULL, NULL, NULL, rw);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_HEADPHONES_STATE,
                                              ENGINE_HEADPHONES_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_VOLUME_DB] =
    g_param_spec_double ("volume-db", NULL, NULL, MIN_VOLUME_DB, MAX_VOLUME_DB, 0, rw);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
engine_headphones_init (EngineHeadphones *self)
{
  g_mutex_init (&self->lock);
  self->wanted_gain = 1;
}

EngineHeadphones *
engine_headphones_new (EngineClock *clock)
{
  EngineHeadphones *self = g_object_new (ENGINE_TYPE_HEADPHONES, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

/**
 * engine_headphones_stop:
 * @self: headphones
 *
 * Switches them off. May run twice.
 */
void
engine_headphones_stop (EngineHeadphones *self)
{
  g_return_if_fail (ENGINE_IS_HEADPHONES (self));

  engine_headphones_set_device (self, NULL);
}

/**
 * engine_headphones_set_device:
 * @self: headphones
 * @device: (nullable): the stable id of a device that plays, or `default`; `NULL` for off
 */
void
engine_headphones_set_device (EngineHeadphones *self, const char *device)
{
  g_return_if_fail (ENGINE_IS_HEADPHONES (self));

  if (!common_set_string (&self->device, device))
    return;
  let_go (self);
  self->n_failures = 0;
  if (self->device == NULL) {
    if (self->devices_changed_id != 0)
      g_clear_signal_handler (&self->devices_changed_id, engine_devices_get_default ());
    set_state (self, ENGINE_HEADPHONES_STATE_OFF, NULL);
  } else {
    if (self->devices_changed_id == 0)
      self->devices_changed_id = g_signal_connect (engine_devices_get_default (), "changed",
                                                   G_CALLBACK (devices_changed_cb), self);
    set_state (self, ENGINE_HEADPHONES_STATE_STARTING, NULL);
    begin (self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

const char *
engine_headphones_get_device (EngineHeadphones *self)
{
  g_return_val_if_fail (ENGINE_IS_HEADPHONES (self), NULL);

  return self->device;
}

EngineHeadphonesState
engine_headphones_get_state (EngineHeadphones *self)
{
  g_return_val_if_fail (ENGINE_IS_HEADPHONES (self), ENGINE_HEADPHONES_STATE_OFF);

  return self->state;
}

const GError *
engine_headphones_get_error (EngineHeadphones *self)
{
  g_return_val_if_fail (ENGINE_IS_HEADPHONES (self), NULL);

  return self->error;
}

void
engine_headphones_set_volume_db (EngineHeadphones *self, double volume_db)
{
  g_return_if_fail (ENGINE_IS_HEADPHONES (self));

  volume_db = isnan (volume_db) ? 0 : CLAMP (volume_db, MIN_VOLUME_DB, MAX_VOLUME_DB);
  if (self->volume_db == volume_db)
    return;
  self->volume_db = volume_db;
  g_mutex_lock (&self->lock);
  self->wanted_gain = volume_db <= MIN_VOLUME_DB ? 0 : (float) pow (10, volume_db / 20);
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME_DB]);
}

double
engine_headphones_get_volume_db (EngineHeadphones *self)
{
  g_return_val_if_fail (ENGINE_IS_HEADPHONES (self), 0);

  return self->volume_db;
}

/* From the volume it had to the volume that is wanted. Above full scale there is nothing. */
static GstBuffer *
make_buffer (EngineHeadphones *self, const float *samples, guint n_frames, float wanted_gain)
{
  const gsize size = (gsize) n_frames * ENGINE_N_CHANNELS * sizeof (float);
  const float step = (wanted_gain - self->gain) / (float) n_frames;
  float *copy = g_malloc (size);

  for (guint i = 0; i < n_frames; i++) {
    self->gain += step;
    for (guint c = 0; c < ENGINE_N_CHANNELS; c++) {
      const guint at = i * ENGINE_N_CHANNELS + c;

      copy[at] = CLAMP (samples[at] * self->gain, -1, 1);
    }
  }
  self->gain = wanted_gain;
  return gst_buffer_new_wrapped (copy, size);
}

/**
 * engine_headphones_push:
 * @self: headphones
 * @samples: @n_frames × 2 interleaved samples
 * @n_frames: how many
 * @time_ns: the show time of the first
 *
 * The mixer's thread only. Never waits: what the device does not take is dropped.
 */
void
engine_headphones_push (EngineHeadphones *self, const float *samples, guint n_frames,
                        gint64 time_ns)
{
  GstElement *entry = NULL;
  GstBuffer *buffer = NULL;
  float wanted_gain = 0;

  if (!g_mutex_trylock (&self->lock))
    return;
  entry = self->entry != NULL ? gst_object_ref (self->entry) : NULL;
  wanted_gain = self->wanted_gain;
  g_mutex_unlock (&self->lock);
  if (entry == NULL)
    return;

  buffer = make_buffer (self, samples, n_frames, wanted_gain);
  GST_BUFFER_PTS (buffer) = (GstClockTime) time_ns;
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale_int (n_frames, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  gst_app_src_push_buffer (GST_APP_SRC (entry), buffer);
  gst_object_unref (entry);
}
