/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-output-run-private.h"

/**
 * EngineOutput:
 *
 * One place the program is published to. It has a pipeline of its own, and makes it anew whenever
 * the connection breaks; nothing else notices. Main thread only.
 */
G_DEFINE_FINAL_TYPE (EngineOutput, engine_output, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  PROP_BYTES_SENT,
  PROP_RETRY_IN_S,
  PROP_ON_BACKUP,
  PROP_MISSED_MS,
  PROP_UPLOAD,
  N_PROPS
};

enum {
  SIGNAL_INIT_SEGMENT,
  SIGNAL_SEGMENT,
  SIGNAL_MEASURED,
  SIGNAL_MISSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
_engine_output_set_state (EngineOutput *self, EngineOutputState state, const GError *error)
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

void
_engine_output_set_retry_in (EngineOutput *self, guint seconds)
{
  if (self->retry_in_s == seconds)
    return;
  self->retry_in_s = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RETRY_IN_S]);
}

void
_engine_output_set_bytes_sent (EngineOutput *self, guint64 n_bytes)
{
  if (self->bytes_sent == n_bytes)
    return;
  self->bytes_sent = n_bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_SENT]);
}

void
_engine_output_set_on_backup (EngineOutput *self, gboolean on_backup)
{
  if (self->on_backup == on_backup)
    return;
  self->on_backup = on_backup;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ON_BACKUP]);
}

void
_engine_output_set_upload (EngineOutput *self, const EngineUpload *upload)
{
  self->upload = *upload;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UPLOAD]);
}

void
_engine_output_notify_missed (EngineOutput *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MISSED_MS]);
}

void
_engine_output_emit_missed (EngineOutput *self, const EngineGap *gap)
{
  g_signal_emit (self, signals[SIGNAL_MISSED], 0, gap->begin_ns, gap->length_ms);
}

void
_engine_output_emit_measured (EngineOutput *self)
{
  g_signal_emit (self, signals[SIGNAL_MEASURED], 0);
}

void
_engine_output_emit_init_segment (EngineOutput *self, GBytes *init, const char *codecs)
{
  g_signal_emit (self, signals[SIGNAL_INIT_SEGMENT], 0, init, codecs);
}

void
_engine_output_emit_segment (EngineOutput *self, GBytes *segment, gint64 duration_us)
{
  g_signal_emit (self, signals[SIGNAL_SEGMENT], 0, segment, duration_us);
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
  case PROP_ON_BACKUP:
    g_value_set_boolean (value, self->on_backup);
    break;
  case PROP_MISSED_MS:
    g_value_set_int64 (value, engine_output_get_missed_ms (self));
    break;
  case PROP_UPLOAD:
    g_value_set_enum (value, self->upload.verdict);
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
  g_clear_error (&self->upload_error);
  engine_gaps_free (self->gaps);
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
  properties[PROP_ON_BACKUP] = g_param_spec_boolean ("on-backup", NULL, NULL, FALSE, ro);
  properties[PROP_MISSED_MS] = g_param_spec_int64 ("missed-ms", NULL, NULL, 0, G_MAXINT64, 0, ro);
  properties[PROP_UPLOAD] =
    g_param_spec_enum ("upload", NULL, NULL, ENGINE_TYPE_VERDICT, ENGINE_VERDICT_NONE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_INIT_SEGMENT] =
    g_signal_new ("init-segment", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_STRING);
  signals[SIGNAL_SEGMENT] = g_signal_new ("segment", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_INT64);
  signals[SIGNAL_MEASURED] = g_signal_new ("measured", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MISSED] = g_signal_new ("missed", ENGINE_TYPE_OUTPUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
}

static void
engine_output_init (EngineOutput *self)
{
  self->gaps = engine_gaps_new ();
  self->upload.rtt_ms = self->upload.lost_share = -1;
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

/**
 * engine_output_get_on_backup:
 * @self: an output
 *
 * Returns: whether it goes to the backup's address, or tries to
 */
gboolean
engine_output_get_on_backup (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), FALSE);

  return self->on_backup;
}

/**
 * engine_output_get_uplink:
 * @self: an output
 * @uplink: (out): how well it gets rid of what it is given, at most a second ago
 *
 * Returns: FALSE while it is not live
 */
gboolean
engine_output_get_uplink (EngineOutput *self, EngineUplink *uplink)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), FALSE);

  if (self->state != ENGINE_OUTPUT_STATE_LIVE || !self->looked)
    return FALSE;
  *uplink = self->uplink;
  return TRUE;
}

/**
 * engine_output_get_missed_ms:
 * @self: an output
 *
 * Returns: what it has missed since it was started, in milliseconds, with the gap that is going on.
 *   Being connected for the first time is none, if it takes no longer than usual
 */
gint64
engine_output_get_missed_ms (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), 0);

  return engine_gaps_get_total_ms (self->gaps, engine_clock_get_now (self->clock));
}

/**
 * engine_output_get_gaps:
 * @self: an output
 *
 * Returns: (transfer none) (element-type EngineGap): what it has missed since it was started: the
 *   gaps that are over, the latest 1000 of them, oldest first
 */
GArray *
engine_output_get_gaps (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return engine_gaps_get_list (self->gaps);
}

/**
 * engine_output_get_upload:
 * @self: an output
 *
 * Returns: (transfer none): its last private test, or the one going on; nothing is kept of a test
 *   that was ended by going live
 */
const EngineUpload *
engine_output_get_upload (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return &self->upload;
}

/**
 * engine_output_get_upload_error:
 * @self: an output
 *
 * Returns: (transfer none) (nullable): why the last private test could not be done
 */
const GError *
engine_output_get_upload_error (EngineOutput *self)
{
  g_return_val_if_fail (ENGINE_IS_OUTPUT (self), NULL);

  return self->upload_error;
}
