/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-output-pipeline.h"

/* HLS players wait for three segments: two seconds each, as long as a GOP. Fragments are shorter,
 * so that the sound of a segment is never far behind its picture. */
#define FRAGMENT_MS 500u

/* RTMP cuts what it sends into chunks; the standard's 128 bytes cost a third more work. */
#define CHUNK_SIZE 4096u

/* What SRT may take to repair losses: four round trips of 50 ms. */
#define SRT_LATENCY_MS 200

static gboolean
request_and_link (GstElement *from, GstElement *muxer, const char *template, GError **error)
{
  if (gst_element_link_pads (from, "src", muxer, template))
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "%s has no place for %s",
               GST_OBJECT_NAME (muxer), GST_OBJECT_NAME (from));
  return FALSE;
}

/**
 * _engine_output_pipeline_mux:
 * @factory: `flvmux`, `mp4mux` or `mpegtsmux`
 * @writer: where picture and sound come from
 * @bin: where the muxer goes
 *
 * Returns: (transfer none) (nullable): the muxer, fed by @writer
 */
GstElement *
_engine_output_pipeline_mux (const char *factory, EngineWriter *writer, GstElement *bin,
                             GError **error)
{
  const gboolean ts = g_str_equal (factory, "mpegtsmux");
  const gboolean flv = g_str_equal (factory, "flvmux");
  GstElement *video = engine_writer_get_source (writer, ENGINE_MEDIA_VIDEO);
  GstElement *audio = engine_writer_get_source (writer, ENGINE_MEDIA_AUDIO);
  GstElement *muxer = engine_make (bin, factory, "muxer", error);

  if (muxer == NULL)
    return NULL;
  if (ts) {
    /* Transport streams carry start codes, and parameters with every keyframe. */
    GstElement *parser = engine_make (bin, "h264parse", NULL, error);

    if (parser == NULL)
      return NULL;
    g_object_set (parser, "config-interval", -1, NULL);
    if (!engine_link (video, parser, error))
      return NULL;
    video = parser;
    /* The encoder does not say that each buffer is one frame, and the muxer insists on it. */
    parser = engine_make (bin, "aacparse", NULL, error);
    if (parser == NULL || !engine_link (audio, parser, error))
      return NULL;
    audio = parser;
  }
  if (!request_and_link (video, muxer,
                         flv  ? "video"
                         : ts ? "sink_%d"
                              : "video_%u",
                         error) ||
      !request_and_link (audio, muxer,
                         flv  ? "audio"
                         : ts ? "sink_%d"
                              : "audio_%u",
                         error))
    return NULL;
  return muxer;
}

/* rtmp://host/application/stream: without the last part the element has nothing to ask for. */
static gboolean
names_stream (const char *location)
{
  g_autoptr (GUri) uri = g_uri_parse (location, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *application = uri != NULL ? g_uri_get_path (uri) : "";
  const char *stream = *application == '/' ? strchr (application + 1, '/') : NULL;

  return stream != NULL && stream[1] != '\0';
}

static GstElement *
build_rtmp (const char *url, const char *key, EngineWriter *writer, GstElement *bin, GError **error)
{
  GstElement *muxer = _engine_output_pipeline_mux ("flvmux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "rtmp2sink", "sink", error) : NULL;
  g_autofree char *location = NULL;

  if (sink == NULL)
    return NULL;
  location = key != NULL && *key != '\0'
               ? g_strdup_printf ("%s%s%s", url, g_str_has_suffix (url, "/") ? "" : "/", key)
               : g_strdup (url);
  if (!names_stream (location)) {
    g_set_error (
      error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
      "the address names no stream: it needs a stream key, or a name after the application");
    return NULL;
  }
  g_object_set (muxer, "streamable", TRUE, NULL);
  g_object_set (sink, "location", location, "sync", FALSE, "async", FALSE, "chunk-size", CHUNK_SIZE,
                "async-connect", TRUE, NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static GstElement *
build_srt (const char *url, const char *key, EngineWriter *writer, GstElement *bin, GError **error)
{
  GstElement *muxer = _engine_output_pipeline_mux ("mpegtsmux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "srtsink", "sink", error) : NULL;

  if (sink == NULL)
    return NULL;
  /* Seven packets of 188 bytes fill one SRT packet. */
  g_object_set (muxer, "alignment", 7, NULL);
  g_object_set (sink, "uri", url, "sync", FALSE, "async", FALSE, NULL);
  if (strstr (url, "latency=") == NULL)
    g_object_set (sink, "latency", SRT_LATENCY_MS, NULL);
  if (key != NULL && *key != '\0' && strstr (url, "streamid=") == NULL)
    g_object_set (sink, "streamid", key, NULL);
  /* We reconnect ourselves, and say so: the element would do it silently. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "auto-reconnect") != NULL)
    g_object_set (sink, "auto-reconnect", FALSE, NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

static GstElement *
build_live_page (EngineWriter *writer, GstElement *bin, GError **error)
{
  GstElement *muxer = _engine_output_pipeline_mux ("mp4mux", writer, bin, error);
  GstElement *sink = muxer ? engine_make (bin, "appsink", "sink", error) : NULL;

  if (sink == NULL)
    return NULL;
  g_object_set (muxer, "fragment-duration", FRAGMENT_MS, NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  return engine_link (muxer, sink, error) ? sink : NULL;
}

/**
 * _engine_output_pipeline_build:
 * @kind: what kind of destination
 * @url: its address, without the key
 * @key: (nullable): the stream key, which appears nowhere else
 * @writer: where picture and sound come from
 * @bin: the empty pipeline
 *
 * Returns: (transfer none) (nullable): the sink at its end
 */
GstElement *
_engine_output_pipeline_build (EngineOutputKind kind, const char *url, const char *key,
                               EngineWriter *writer, GstElement *bin, GError **error)
{
  switch (kind) {
  case ENGINE_OUTPUT_RTMP:
    return build_rtmp (url, key, writer, bin, error);
  case ENGINE_OUTPUT_SRT:
    return build_srt (url, key, writer, bin, error);
  case ENGINE_OUTPUT_LIVE_PAGE:
    return build_live_page (writer, bin, error);
  }
  g_return_val_if_reached (NULL);
}
