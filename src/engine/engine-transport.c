/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-transport.h"

/**
 * EngineTransport:
 *
 * One try of one output to send: one connection, with what it needs in the output's pipeline. When
 * it breaks it says so once and is thrown away; the output makes another. Main thread only.
 */
typedef struct {
  EngineOutputConfig config; /* its texts are owned */
  char *key;                 /* nullable; a secret */
  gboolean closed;
  gboolean says_connected; /* of this very one, whatever its class says */
  gint64 last_sign_us;     /* monotonic time; 0: not known */
  guint retry_after_ms;
} EngineTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (EngineTransport, engine_transport, G_TYPE_OBJECT)

enum {
  SIGNAL_FAILED,
  SIGNAL_CONNECTED,
  SIGNAL_LONELY,
  SIGNAL_INIT_SEGMENT,
  SIGNAL_SEGMENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static EngineTransportPrivate *
get_private (EngineTransport *self)
{
  return engine_transport_get_instance_private (self);
}

static void
engine_transport_dispose (GObject *object)
{
  engine_transport_close (ENGINE_TRANSPORT (object));
  G_OBJECT_CLASS (engine_transport_parent_class)->dispose (object);
}

static void
engine_transport_finalize (GObject *object)
{
  EngineTransportPrivate *private = get_private (ENGINE_TRANSPORT (object));

  g_free ((char *) private->config.id);
  g_free ((char *) private->config.title);
  g_free ((char *) private->config.url);
  g_free ((char *) private->config.backup_url);
  g_free (private->key);
  G_OBJECT_CLASS (engine_transport_parent_class)->finalize (object);
}

static void
engine_transport_class_init (EngineTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_transport_dispose;
  object_class->finalize = engine_transport_finalize;

  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", ENGINE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LONELY] = g_signal_new ("lonely", ENGINE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_INIT_SEGMENT] =
    g_signal_new ("init-segment", ENGINE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_STRING);
  signals[SIGNAL_SEGMENT] =
    g_signal_new ("segment", ENGINE_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_INT64);
}

static void
engine_transport_init (EngineTransport *self)
{
}

static GType
get_type_of (EngineOutputKind kind)
{
  switch (kind) {
  case ENGINE_OUTPUT_RTMP:
    return engine_transport_rtmp_get_type ();
  case ENGINE_OUTPUT_SRT:
    return engine_transport_srt_get_type ();
  case ENGINE_OUTPUT_LIVE_PAGE:
    return engine_transport_page_get_type ();
  case ENGINE_OUTPUT_HLS:
    return engine_transport_hls_get_type ();
  case ENGINE_OUTPUT_WHIP:
    return engine_transport_whip_get_type ();
  }
  return G_TYPE_INVALID;
}

/**
 * engine_transport_new:
 * @config: what the output is
 * @key: (nullable): its secret
 *
 * Fails with %ENGINE_ERROR_UNSUPPORTED.
 *
 * Returns: (transfer full) (nullable): a connection that is not made yet
 */
EngineTransport *
engine_transport_new (const EngineOutputConfig *config, const char *key, GError **error)
{
  const GType type = get_type_of (config->kind);
  EngineTransport *self = NULL;
  EngineTransportPrivate *private = NULL;

  if (type == G_TYPE_INVALID) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "destinations of this kind are not supported");
    return NULL;
  }
  self = g_object_new (type, NULL);
  private = get_private (self);
  private->config = *config;
  private->config.id = g_strdup (config->id);
  private->config.title = g_strdup (config->title);
  private->config.url = g_strdup (config->url);
  private->config.backup_url = g_strdup (config->backup_url);
  private->key = g_strdup (key);
  return self;
}

GstElement *
engine_transport_build (EngineTransport *self, EngineWriter *writer, GstElement *bin,
                        GError **error)
{
  return ENGINE_TRANSPORT_GET_CLASS (self)->build (self, writer, bin, error);
}

void
engine_transport_started (EngineTransport *self)
{
  if (ENGINE_TRANSPORT_GET_CLASS (self)->started != NULL)
    ENGINE_TRANSPORT_GET_CLASS (self)->started (self);
}

void
engine_transport_close (EngineTransport *self)
{
  EngineTransportPrivate *private = get_private (self);

  if (private->closed)
    return;
  private->closed = TRUE;
  if (ENGINE_TRANSPORT_GET_CLASS (self)->close != NULL)
    ENGINE_TRANSPORT_GET_CLASS (self)->close (self);
}

/**
 * engine_transport_cut:
 * @self: a connection
 *
 * Ends it without waiting for what is on its way; engine_transport_close () comes after it.
 */
void
engine_transport_cut (EngineTransport *self)
{
  if (ENGINE_TRANSPORT_GET_CLASS (self)->cut != NULL)
    ENGINE_TRANSPORT_GET_CLASS (self)->cut (self);
}

/**
 * engine_transport_measure:
 * @self: a connection
 * @uplink: (inout): gets what it knows
 *
 * Returns: whether it knows anything
 */
gboolean
engine_transport_measure (EngineTransport *self, EngineUplink *uplink)
{
  return ENGINE_TRANSPORT_GET_CLASS (self)->measure != NULL &&
         ENGINE_TRANSPORT_GET_CLASS (self)->measure (self, uplink);
}

const EngineOutputConfig *
engine_transport_get_config (EngineTransport *self)
{
  return &get_private (self)->config;
}

/**
 * engine_transport_get_key:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): the secret; never to be logged
 */
const char *
engine_transport_get_key (EngineTransport *self)
{
  return get_private (self)->key;
}

/**
 * engine_transport_fail:
 * @self: a connection
 * @error: why it is over
 *
 * Tells the output, unless it has let go already.
 */
void
engine_transport_fail (EngineTransport *self, const GError *error)
{
  if (!get_private (self)->closed)
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

void
engine_transport_connected (EngineTransport *self)
{
  if (!get_private (self)->closed)
    g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

/**
 * engine_transport_lonely:
 * @self: a connection that goes on
 * @error: what it waits for
 *
 * Tells the output that nobody is there.
 */
void
engine_transport_lonely (EngineTransport *self, const GError *error)
{
  if (!get_private (self)->closed)
    g_signal_emit (self, signals[SIGNAL_LONELY], 0, error);
}

/**
 * engine_transport_explain:
 * @self: a connection whose pipeline has failed
 * @error: what the pipeline said
 * @detail: (nullable): what its element added; never to be logged
 *
 * Returns: (transfer full): what it means
 */
GError *
engine_transport_explain (EngineTransport *self, const GError *error, const char *detail)
{
  if (ENGINE_TRANSPORT_GET_CLASS (self)->explain == NULL)
    return g_error_copy (error);
  return ENGINE_TRANSPORT_GET_CLASS (self)->explain (self, error, detail);
}

gboolean
engine_transport_says_connected (EngineTransport *self)
{
  return get_private (self)->says_connected || ENGINE_TRANSPORT_GET_CLASS (self)->says_connected;
}

void
engine_transport_set_says_connected (EngineTransport *self, gboolean says_connected)
{
  get_private (self)->says_connected = says_connected;
}

/**
 * engine_transport_get_last_sign:
 * @self: a connection
 *
 * Returns: when the other side last took something, in monotonic microseconds; 0 if that is not
 *   known
 */
gint64
engine_transport_get_last_sign (EngineTransport *self)
{
  return get_private (self)->last_sign_us;
}

void
engine_transport_set_last_sign (EngineTransport *self, gint64 monotonic_us)
{
  get_private (self)->last_sign_us = monotonic_us;
}

/**
 * engine_transport_get_retry_after:
 * @self: a connection that has failed
 *
 * Returns: how long the other side wants to be left alone, in milliseconds
 */
guint
engine_transport_get_retry_after (EngineTransport *self)
{
  return get_private (self)->retry_after_ms;
}

void
engine_transport_set_retry_after (EngineTransport *self, guint ms)
{
  get_private (self)->retry_after_ms = ms;
}

static gboolean
request_and_link (GstElement *from, GstElement *muxer, const char *template, GError **error)
{
  if (gst_element_link_pads (from, "src", muxer, template))
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "%s has no place for %s",
               GST_OBJECT_NAME (muxer), GST_OBJECT_NAME (from));
  return FALSE;
}

/* Transport streams carry start codes, and parameters with every keyframe. The encoder of the sound
 * does not say that each buffer is one frame, and the muxer insists on it. */
static GstElement *
parse_for_ts (GstElement *from, const char *factory, GstElement *bin, GError **error)
{
  GstElement *parser = engine_make (bin, factory, NULL, error);

  if (parser == NULL)
    return NULL;
  if (g_str_equal (factory, "h264parse"))
    g_object_set (parser, "config-interval", -1, NULL);
  return engine_link (from, parser, error) ? parser : NULL;
}

/**
 * engine_transport_mux:
 * @factory: `flvmux`, `mp4mux` or `mpegtsmux`
 * @writer: where picture and sound come from
 * @bin: where the muxer goes
 *
 * Returns: (transfer none) (nullable): the muxer, fed by @writer
 */
GstElement *
engine_transport_mux (const char *factory, EngineWriter *writer, GstElement *bin, GError **error)
{
  const gboolean ts = g_str_equal (factory, "mpegtsmux");
  const gboolean flv = g_str_equal (factory, "flvmux");
  GstElement *video = engine_writer_get_source (writer, ENGINE_MEDIA_VIDEO);
  GstElement *audio = engine_writer_get_source (writer, ENGINE_MEDIA_AUDIO);
  GstElement *muxer = engine_make (bin, factory, "muxer", error);
  const char *const video_pad = flv ? "video" : ts ? "sink_%d" : "video_%u";
  const char *const audio_pad = flv ? "audio" : ts ? "sink_%d" : "audio_%u";

  if (muxer == NULL)
    return NULL;
  if (ts) {
    video = parse_for_ts (video, "h264parse", bin, error);
    audio = video != NULL ? parse_for_ts (audio, "aacparse", bin, error) : NULL;
    if (audio == NULL)
      return NULL;
  }
  if (!request_and_link (video, muxer, video_pad, error) ||
      !request_and_link (audio, muxer, audio_pad, error))
    return NULL;
  return muxer;
}
