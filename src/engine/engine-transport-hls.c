/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>

#include "engine-cutter.h"
#include "engine-hls-publisher.h"
#include "engine-hls-ts.h"
#include "engine-segmenter.h"
#include "engine-transport.h"

/* A segment on its way and another one behind it are usual; more are not. */
#define CONGESTED_MS 5000.0

/* When the wall clock was set by this much, the dates of the segments follow. */
#define MAX_DRIFT_US G_TIME_SPAN_SECOND

/**
 * EngineTransportHls:
 *
 * Segments of two seconds and their playlists, in a folder or on a web host, from which any number of
 * players loads them. It is connected when players can begin.
 */
#define ENGINE_TYPE_TRANSPORT_HLS (engine_transport_hls_get_type ())
G_DECLARE_FINAL_TYPE (EngineTransportHls, engine_transport_hls, ENGINE, TRANSPORT_HLS,
                      EngineTransport)

struct _EngineTransportHls {
  EngineTransport parent_instance;

  EngineHlsPublisher *publisher; /* nullable */
  gboolean connected;
};

G_DEFINE_FINAL_TYPE (EngineTransportHls, engine_transport_hls, ENGINE_TYPE_TRANSPORT)

/* Makes segments of what the muxer gives, in the sink's thread. */
typedef struct {
  gatomicrefcount ref_count;
  EngineHlsPublisher *publisher;
  EngineSegmenter *fmp4; /* one of the two */
  EngineHlsTs *ts;
  GstAppSrc *video;
  gint64 position_us; /* of the segment being filled */
  gint64 zero_us;     /* the wall clock at time 0; 0 before it is known */
  EngineHlsFormat format;

  GMutex lock;    /* guards what follows */
  gint64 seen_us; /* the wall clock at time 0, by the newest pictures; G_MAXINT64: none came */
} Sink;

static void
sink_unref (gpointer data)
{
  Sink *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->fmp4, engine_segmenter_free);
  g_clear_pointer (&self->ts, engine_hls_ts_free);
  gst_object_unref (self->video);
  engine_hls_publisher_unref (self->publisher);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* A picture that was just encoded enters the pipeline: the one that waited least tells what time it
 * is. */
static GstPadProbeReturn
entered_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Sink *self = user_data;
  const GstClockTime pts = GST_BUFFER_PTS (gst_pad_probe_info_get_buffer (info));
  const gint64 zero_us = g_get_real_time () - (gint64) GST_TIME_AS_USECONDS (pts);

  g_mutex_lock (&self->lock);
  self->seen_us = MIN (self->seen_us, zero_us);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

/* The wall clock at the beginning of the segment that is complete. */
static gint64
find_date (Sink *self)
{
  gint64 seen_us = 0;

  g_mutex_lock (&self->lock);
  seen_us = self->seen_us;
  self->seen_us = G_MAXINT64;
  g_mutex_unlock (&self->lock);
  if (seen_us == G_MAXINT64)
    seen_us = self->zero_us != 0 ? self->zero_us : g_get_real_time () - self->position_us;
  if (ABS (seen_us - self->zero_us) > MAX_DRIFT_US)
    self->zero_us = seen_us;
  return self->zero_us + self->position_us;
}

/* What the encoder says of itself. */
static void
look_at_format (Sink *self)
{
  g_autoptr (GstCaps) caps = gst_app_src_get_caps (self->video);
  const GstStructure *structure = caps != NULL ? gst_caps_get_structure (caps, 0) : NULL;
  const GValue *value = NULL;
  GstMapInfo map;
  int rate_d = 1;

  if (structure == NULL)
    return;
  gst_structure_get_int (structure, "width", &self->format.width_px);
  gst_structure_get_int (structure, "height", &self->format.height_px);
  if (gst_structure_get_fraction (structure, "framerate", &self->format.rate_fps, &rate_d))
    self->format.rate_fps /= MAX (rate_d, 1);
  value = gst_structure_get_value (structure, "codec_data");
  if (value == NULL || !gst_buffer_map (gst_value_get_buffer (value), &map, GST_MAP_READ))
    return;
  if (map.size >= 4)
    g_snprintf (self->format.codecs, sizeof self->format.codecs, "avc1.%02x%02x%02x,mp4a.40.2",
                map.data[1], map.data[2], map.data[3]);
  gst_buffer_unmap (gst_value_get_buffer (value), &map);
}

static void
cut_cb (GBytes *init, GBytes *segment, gint64 duration_us, gpointer user_data)
{
  Sink *self = user_data;

  if (init != NULL) {
    engine_hls_publisher_push_init (self->publisher, init);
    return;
  }
  look_at_format (self);
  engine_hls_publisher_push (self->publisher, segment, duration_us, find_date (self),
                             &self->format);
  self->position_us += duration_us;
}

static GstFlowReturn
muxed_cb (GstAppSink *sink, gpointer user_data)
{
  Sink *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstMapInfo map;

  if (sample == NULL || !gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    return GST_FLOW_OK;
  if (self->ts != NULL)
    engine_hls_ts_push (self->ts, map.data, map.size);
  else
    engine_segmenter_push (self->fmp4, map.data, map.size);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  return GST_FLOW_OK;
}

static void
ended_cb (GstAppSink *sink, gpointer user_data)
{
  Sink *self = user_data;

  if (self->ts != NULL)
    engine_hls_ts_finish (self->ts, G_USEC_PER_SEC / MAX (self->format.rate_fps, 1));
  else
    engine_segmenter_finish (self->fmp4);
  engine_hls_publisher_end (self->publisher);
}

static void
attach (EngineTransportHls *self, GstElement *sink, EngineWriter *writer, gboolean ts)
{
  GstAppSinkCallbacks callbacks = { .new_sample = muxed_cb, .eos = ended_cb };
  GstElement *video = engine_writer_get_source (writer, ENGINE_MEDIA_VIDEO);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (video, "src");
  Sink *data = g_new0 (Sink, 1);

  g_atomic_ref_count_init (&data->ref_count);
  g_atomic_ref_count_inc (&data->ref_count);
  g_mutex_init (&data->lock);
  data->seen_us = G_MAXINT64;
  data->publisher = engine_hls_publisher_ref (self->publisher);
  data->video = gst_object_ref (GST_APP_SRC (video));
  if (ts)
    data->ts = engine_hls_ts_new (cut_cb, data);
  else
    data->fmp4 = engine_segmenter_new (cut_cb, data);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, data, sink_unref);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, entered_cb, data, sink_unref);
}

static void
published_cb (gint64 made_us, const GError *error, gpointer user_data)
{
  EngineTransportHls *self = user_data;

  if (error != NULL) {
    engine_transport_fail (ENGINE_TRANSPORT (self), error);
    return;
  }
  engine_transport_set_last_sign (ENGINE_TRANSPORT (self), made_us);
  if (!self->connected)
    engine_transport_connected (ENGINE_TRANSPORT (self));
  self->connected = TRUE;
}

static EngineHlsStore *
make_store (EngineTransport *transport, char **master, GError **error)
{
  const EngineOutputConfig *config = engine_transport_get_config (transport);
  g_autofree char *place = engine_hls_split_address (config->url, master);
  EngineHlsStore *store = NULL;

  if (g_path_is_absolute (place))
    return engine_hls_folder_new (place);
  store = engine_hls_web_new (place,
                              config->key_kind == ENGINE_KEY_PASSWORD ? ENGINE_HLS_WEB_PASSWORD
                                                                      : ENGINE_HLS_WEB_TOKEN,
                              engine_transport_get_key (transport));
  if (store == NULL)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "the address is neither a folder nor one of a web host");
  return store;
}

static GstElement *
engine_transport_hls_build (EngineTransport *transport, EngineWriter *writer, GstElement *bin,
                            GError **error)
{
  EngineTransportHls *self = ENGINE_TRANSPORT_HLS (transport);
  const gboolean ts = engine_transport_get_config (transport)->ts_segments;
  GstElement *muxer = engine_transport_mux (ts ? "mpegtsmux" : "mp4mux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "appsink", "sink", error) : NULL;
  g_autofree char *master = NULL;
  EngineHlsStore *store = sink ? make_store (transport, &master, error) : NULL;

  if (store == NULL)
    return NULL;
  if (!ts)
    g_object_set (muxer, "fragment-duration", ENGINE_CUTTER_FRAGMENT_MS, NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  self->publisher = engine_hls_publisher_new (store, master, ts, published_cb, self);
  attach (self, sink, writer, ts);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static void
engine_transport_hls_started (EngineTransport *transport)
{
  engine_hls_publisher_start (ENGINE_TRANSPORT_HLS (transport)->publisher);
}

static void
engine_transport_hls_close (EngineTransport *transport)
{
  EngineTransportHls *self = ENGINE_TRANSPORT_HLS (transport);

  if (self->publisher != NULL)
    engine_hls_publisher_close (self->publisher);
  g_clear_pointer (&self->publisher, engine_hls_publisher_unref);
}

static gboolean
engine_transport_hls_measure (EngineTransport *transport, EngineUplink *uplink)
{
  EngineTransportHls *self = ENGINE_TRANSPORT_HLS (transport);
  gboolean failing = FALSE;

  if (self->publisher == NULL)
    return FALSE;
  engine_hls_publisher_measure (self->publisher, &uplink->queue_ms, &uplink->sent_bps, &failing);
  /* A host that is not there is not helped by less. */
  uplink->congested = !failing && uplink->queue_ms > CONGESTED_MS;
  return TRUE;
}

static void
engine_transport_hls_class_init (EngineTransportHlsClass *klass)
{
  EngineTransportClass *transport_class = ENGINE_TRANSPORT_CLASS (klass);

  transport_class->build = engine_transport_hls_build;
  transport_class->started = engine_transport_hls_started;
  transport_class->close = engine_transport_hls_close;
  transport_class->measure = engine_transport_hls_measure;
  transport_class->says_connected = TRUE;
}

static void
engine_transport_hls_init (EngineTransportHls *self)
{
}
