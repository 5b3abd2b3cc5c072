/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-meter.h"
#include "engine-output-private.h"
#include "engine-transport.h"

/* After a break: again soon, then less often, but never more than ten seconds apart, for ever. */
static const guint retry_ms[] = { 500, 1000, 2000, 4000, 7000, 10000 };

/* A connection on which nothing moves any more for so long is dead, whatever TCP says. */
#define STALLED_S 6

/* One that took this long to come about is given up and tried again. */
#define CONNECT_S 15

/* Picture that may wait for a slow uplink. */
#define MAX_QUEUE_MS 4000

/* The sink has taken this many buffers: it is connected, and the other side wants them. */
#define LIVE_AFTER_BUFFERS 4

/**
 * EngineOutput:
 *
 * One place the program is published to. It has a pipeline of its own, and makes it anew whenever
 * the connection breaks; nothing else notices. Main thread only.
 */
struct _EngineOutput {
  GObject parent_instance;

  EngineOutputConfig config; /* its texts are owned */
  char *key;                 /* nullable; a secret: kept in memory only while it is started */
  EngineClock *clock;
  EngineFeed *feed;

  EngineOutputState state;
  GError *error;        /* nullable */
  guint64 bytes_sent;   /* of all tries */
  guint64 bytes_before; /* of the earlier ones */
  guint n_reconnects;
  guint n_failures; /* in a row */
  gint64 retry_at_us;
  guint retry_in_s;
  guint retry_id;
  guint watch_id;
  guint idle_s; /* how long nothing has moved */

  EngineTransport *transport; /* nullable: what this try is made with */
  EnginePipeline *pipeline;   /* nullable */
  EngineWriter *writer;       /* nullable */
  EngineMeter *meter;         /* nullable */
};

G_DEFINE_FINAL_TYPE (EngineOutput, engine_output, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  PROP_BYTES_SENT,
  PROP_RETRY_IN_S,
  N_PROPS
};

enum {
  SIGNAL_INIT_SEGMENT,
  SIGNAL_SEGMENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void connect_output (EngineOutput *self);

static void
set_state (EngineOutput *self, EngineOutputState state, const GError *error)
{
  /* Who hears of the state finds the reason already there. */
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_retry_in (EngineOutput *self, guint seconds)
{
  if (self->retry_in_s == seconds)
    return;
  self->retry_in_s = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RETRY_IN_S]);
}

static void
connected_cb (EngineTransport *transport, EngineOutput *self)
{
  if (self->state != ENGINE_OUTPUT_STATE_CONNECTING)
    return;
  self->n_failures = 0;
  set_state (self, ENGINE_OUTPUT_STATE_LIVE, NULL);
}

/* The sink has taken the first buffers. */
static void
flowing (gpointer owner)
{
  EngineOutput *self = owner;

  if (!ENGINE_TRANSPORT_GET_CLASS (self->transport)->says_connected)
    connected_cb (self->transport, self);
}

static void
init_segment_cb (EngineTransport *transport, GBytes *init, const char *codecs, EngineOutput *self)
{
  g_signal_emit (self, signals[SIGNAL_INIT_SEGMENT], 0, init, codecs);
}

static void
segment_cb (EngineTransport *transport, GBytes *segment, gint64 duration_us, EngineOutput *self)
{
  g_signal_emit (self, signals[SIGNAL_SEGMENT], 0, segment, duration_us);
}

/* Lets go of this try; the pipeline may write its end if @finish. */
static void
disconnect_output (EngineOutput *self, gboolean finish)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->meter != NULL) {
    self->bytes_before += engine_meter_get_bytes (self->meter);
    engine_meter_detach (self->meter);
    g_clear_pointer (&self->meter, engine_meter_unref);
  }
  if (self->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
  if (finish && self->writer != NULL && self->pipeline != NULL) {
    engine_writer_end_of_stream (self->writer);
    engine_pipeline_finish (self->pipeline);
  } else {
    if (self->writer != NULL)
      engine_writer_stop (self->writer);
    if (self->pipeline != NULL)
      engine_pipeline_stop (self->pipeline);
  }
  if (self->transport != NULL) {
    g_signal_handlers_disconnect_by_data (self->transport, self);
    engine_transport_close (self->transport);
  }
  g_clear_object (&self->transport);
  g_clear_object (&self->writer);
  g_clear_object (&self->pipeline);
}

static gboolean
retry_cb (gpointer data)
{
  EngineOutput *self = data;

  self->retry_id = 0;
  self->n_reconnects++;
  connect_output (self);
  return G_SOURCE_REMOVE;
}

/* What a server or an element says may repeat the address with its key. */
static GError *
without_key (EngineOutput *self, const GError *error)
{
  GError *clean = g_error_copy (error);

  if (self->key != NULL && *self->key != '\0' && strstr (clean->message, self->key) != NULL) {
    g_auto (GStrv) parts = g_strsplit (clean->message, self->key, -1);

    g_free (clean->message);
    clean->message = g_strjoinv ("•••", parts);
  }
  return clean;
}

static void
fail (EngineOutput *self, const GError *reason)
{
  g_autoptr (GError) error = without_key (self, reason);
  const guint delay_ms = retry_ms[MIN (self->n_failures, G_N_ELEMENTS (retry_ms) - 1)];

  disconnect_output (self, FALSE);
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_REFUSED) ||
      g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED) ||
      g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT)) {
    /* Trying again would only annoy the server. */
    set_state (self, ENGINE_OUTPUT_STATE_REFUSED, error);
    return;
  }
  self->n_failures++;
  self->retry_at_us = g_get_monotonic_time () + delay_ms * 1000;
  self->retry_id = g_timeout_add (delay_ms, retry_cb, self);
  set_retry_in (self, (delay_ms + 999) / 1000);
  set_state (self, ENGINE_OUTPUT_STATE_WAITING, error);
}

static void
failed_cb (gpointer pipeline_or_transport, const GError *error, EngineOutput *self)
{
  fail (self, error);
}

/* Returns: (nullable): the element that shows what leaves */
static GstElement *
build (EngineOutput *self, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);

  self->transport = engine_transport_new (&self->config, self->key, error);
  if (self->transport == NULL)
    return NULL;
  self->writer = engine_writer_new (self->feed, bin, MAX_QUEUE_MS, error);
  return self->writer != NULL ? engine_transport_build (self->transport, self->writer, bin, error)
                              : NULL;
}

static void
connect_output (EngineOutput *self)
{
  g_autoptr (GError) error = NULL;
  GstElement *sink = NULL;

  self->pipeline = engine_pipeline_new (self->clock, self->config.id);
  sink = build (self, &error);
  if (sink == NULL) {
    fail (self, error);
    return;
  }
  self->meter = engine_meter_new (sink, LIVE_AFTER_BUFFERS, flowing, self);
  self->idle_s = 0;
  if (ENGINE_TRANSPORT_GET_CLASS (self->transport)->linger_ms > 0)
    engine_pipeline_set_linger (self->pipeline,
                                ENGINE_TRANSPORT_GET_CLASS (self->transport)->linger_ms);
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->transport, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->transport, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (self->transport, "init-segment", G_CALLBACK (init_segment_cb), self);
  g_signal_connect (self->transport, "segment", G_CALLBACK (segment_cb), self);
  set_retry_in (self, 0);
  set_state (self, ENGINE_OUTPUT_STATE_CONNECTING, self->error);
  engine_pipeline_start (self->pipeline, FALSE);
  engine_writer_start (self->writer);
  engine_transport_started (self->transport);
}

static gboolean
watch_cb (gpointer data)
{
  EngineOutput *self = data;
  guint64 n_bytes = self->bytes_before;

  if (self->state == ENGINE_OUTPUT_STATE_WAITING) {
    const gint64 left_us = self->retry_at_us - g_get_monotonic_time ();

    set_retry_in (self, (guint) MAX (0, (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
  }
  if (self->meter != NULL)
    n_bytes += engine_meter_get_bytes (self->meter);
  if (self->bytes_sent != n_bytes) {
    self->bytes_sent = n_bytes;
    self->idle_s = 0;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_SENT]);
  } else if (self->meter != NULL &&
             ++self->idle_s >= (self->state == ENGINE_OUTPUT_STATE_LIVE ? STALLED_S : CONNECT_S)) {
    g_autoptr (GError) error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED,
                                            "“%s” takes nothing any more", self->config.title);

    fail (self, error);
  }
  return G_SOURCE_CONTINUE;
}

/**
 * _engine_output_refuse:
 * @self: an output that is off
 * @error: why it cannot be started
 *
 * Says what is wrong until it is stopped.
 */
void
_engine_output_refuse (EngineOutput *self, const GError *error)
{
  set_state (self, ENGINE_OUTPUT_STATE_REFUSED, error);
}

/**
 * _engine_output_start:
 * @self: an output
 * @key: (nullable): its stream key
 *
 * From now on it is connected, or being connected.
 */
void
_engine_output_start (EngineOutput *self, const char *key)
{
  if (self->state != ENGINE_OUTPUT_STATE_OFF)
    return;

  common_set_string (&self->key, key);
  self->n_failures = 0;
  self->n_reconnects = 0;
  self->bytes_sent = self->bytes_before = 0;
  self->watch_id = g_timeout_add_seconds (1, watch_cb, self);
  connect_output (self);
}

void
_engine_output_stop (EngineOutput *self)
{
  if (self->state == ENGINE_OUTPUT_STATE_OFF)
    return;

  g_clear_handle_id (&self->watch_id, g_source_remove);
  disconnect_output (self, self->state == ENGINE_OUTPUT_STATE_LIVE);
  g_clear_pointer (&self->key, g_free);
  set_retry_in (self, 0);
  set_state (self, ENGINE_OUTPUT_STATE_OFF, NULL);
}

static void
engine_output_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineOutput *self = ENGINE_OUTPUT (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->config.id);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->config.title);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_BYTES_SENT:
    g_value_set_uint64 (value, self->bytes_sent);
    break;
  case PROP_RETRY_IN_S:
    g_value_set_uint (value, self->retry_in_s);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_output_dispose (GObject *object)
{
  EngineOutput *self = ENGINE_OUTPUT (object);

  _engine_output_stop (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_output_parent_class)->dispose (object);
}

static void
engine_output_finalize (GObject *object)
{
  EngineOutput *self = ENGINE_OUTPUT (object);

  g_free ((char *) self->config.id);
  g_free ((char *) self->config.title);
  g_free ((char *) self->config.url);
  g_free ((char *) self->config.backup_url);
  g_free (self->key);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_output_parent_class)->finalize (object);
}

static void
engine_output_class_init (EngineOutputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_output_get_property;
  object_class->dispose = engine_output_dispose;
  object_class->finalize = engine_output_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_OUTPUT_STATE, ENGINE_OUTPUT_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_BYTES_SENT] =
    g_param_spec_uint64 ("bytes-sent", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  properties[PROP_RETRY_IN_S] = g_param_spec_uint ("retry-in-s", NULL, NULL, 0, G_MAXUINT, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_INIT_SEGMENT] =
    g_signal_new ("init-segment", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_STRING);
  signals[SIGNAL_SEGMENT] = g_signal_new ("segment", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_INT64);
}

static void
engine_output_init (EngineOutput *self)
{
}

/**
 * _engine_output_new:
 * @config: what it is; copied
 * @clock: the show's clock
 * @feed: the encoded program
 *
 * Returns: (transfer full): an output that is off
 */
EngineOutput *
_engine_output_new (const EngineOutputConfig *config, EngineClock *clock, EngineFeed *feed)
{
  EngineOutput *self = g_object_new (ENGINE_TYPE_OUTPUT, NULL);

  self->config = *config;
  self->config.id = g_strdup (config->id);
  self->config.title = g_strdup (config->title);
  self->config.url = g_strdup (config->url);
  self->config.backup_url = g_strdup (config->backup_url);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  return self;
}

/**
 * engine_output_is_configured_as:
 * @self: an output
 * @config: what an output is
 *
 * Returns: whether this is the very same
 */
gboolean
engine_output_is_configured_as (EngineOutput *self, const EngineOutputConfig *config)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), FALSE);

  return g_str_equal (self->config.id, config->id) &&
         g_str_equal (self->config.title, config->title) && self->config.kind == config->kind &&
         g_strcmp0 (self->config.url, config->url) == 0 &&
         g_strcmp0 (self->config.backup_url, config->backup_url) == 0 &&
         self->config.key_kind == config->key_kind &&
         self->config.ts_segments == config->ts_segments &&
         self->config.latency_ms == config->latency_ms;
}

const char *
engine_output_get_id (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return self->config.id;
}

EngineOutputKind
engine_output_get_kind (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), ENGINE_OUTPUT_RTMP);

  return self->config.kind;
}

const char *
engine_output_get_title (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return self->config.title;
}

EngineOutputState
engine_output_get_state (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), ENGINE_OUTPUT_STATE_OFF);

  return self->state;
}

/**
 * engine_output_get_error:
 * @self: an output
 *
 * Returns: (transfer none) (nullable): why it waits, is refused, or had to be connected again and
 *   is not yet
 */
const GError *
engine_output_get_error (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return self->error;
}

guint64
engine_output_get_bytes_sent (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), 0);

  return self->bytes_sent;
}

/**
 * engine_output_get_n_reconnects:
 * @self: an output
 *
 * Returns: how often it was tried again
 */
guint
engine_output_get_n_reconnects (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), 0);

  return self->n_reconnects;
}

guint
engine_output_get_retry_in_s (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), 0);

  return self->retry_in_s;
}
