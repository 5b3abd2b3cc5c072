/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-output-run-private.h"

/* After a break: again soon, then less often, but never more than ten seconds apart, for ever. */
static const guint retry_ms[] = { 500, 1000, 2000, 4000, 7000, 10000 };

/* Where a person has to do something first, nobody is helped by knocking more often. */
static const guint seldom_ms[] = { 1000, 10000 };

/* Further tries that a change of the network asks for come no sooner than this; a connection that is
 * being made is given a little longer. */
#define NETWORK_RETRY_US   G_USEC_PER_SEC
#define NETWORK_RESTART_US (3 * G_USEC_PER_SEC)

/* A connection on which nothing moves any more for so long is dead, whatever TCP says. */
#define STALLED_S 6

/* One that took this long to come about is given up and tried again. */
#define CONNECT_S 15

/* Picture that may wait for a slow uplink. */
#define MAX_QUEUE_MS 4000

/* More than this in the queue is no hiccup: less should be sent. */
#define CONGESTED_MS 700

/* The sink has taken this many buffers: it is connected, and the other side wants them. */
#define LIVE_AFTER_BUFFERS 4

/* What is live for so long was taken in earnest; what is closed within that time was not. */
#define STEADY_US (5 * G_USEC_PER_SEC)

/* So often closed at once, and it is the key and not chance. */
#define CLOSED_EARLY 2u

/* So often in vain, and the backup's address has its turn. */
#define BACKUP_AFTER 2u

/* Being connected for the first time takes this long, and is no gap. */
#define FIRST_US (5 * G_USEC_PER_SEC)

static void connect_output (EngineOutput *self);

/* The show time from which on nothing of this try has arrived. */
static gint64
arrived_until (EngineOutput *self)
{
  const gint64 now_ns = engine_clock_get_now (self->clock);
  const gint64 sign_us =
    self->transport != NULL ? engine_transport_get_last_sign (self->transport) : 0;
  const double queue_ms = self->writer != NULL ? engine_writer_get_queue_ms (self->writer) : 0;
  const gint64 silent_ns = sign_us != 0 ? (g_get_monotonic_time () - sign_us) * 1000 : 0;

  return now_ns - MAX (silent_ns, (gint64) (queue_ms * 1000000));
}

static void
close_gap (EngineOutput *self, gint64 end_ns)
{
  const EngineGap *gap = engine_gaps_close (self->gaps, end_ns, engine_clock_get_now (self->clock));

  if (gap != NULL)
    _engine_output_emit_missed (self, gap);
  _engine_output_notify_missed (self);
}

/* What nobody got was not sent. */
static void
leave_out_unseen (EngineOutput *self)
{
  if (self->meter != NULL)
    self->bytes_unseen =
      engine_meter_get_bytes (self->meter) - (self->bytes_sent - self->bytes_before);
}

static void
connected_cb (EngineTransport *transport, EngineOutput *self)
{
  const GstClockTime begin =
    self->writer != NULL ? engine_writer_get_begin (self->writer) : GST_CLOCK_TIME_NONE;
  const gint64 now_us = g_get_monotonic_time ();

  if (self->state != ENGINE_OUTPUT_STATE_CONNECTING)
    return;
  self->live_us = now_us;
  if (engine_transport_says_connected (transport))
    leave_out_unseen (self);
  if (self->n_reconnects == 0 && now_us - self->began_us < FIRST_US)
    engine_gaps_clear (self->gaps);
  else if (GST_CLOCK_TIME_IS_VALID (begin) && !engine_transport_says_connected (transport))
    close_gap (self, (gint64) begin);
  else
    close_gap (self, engine_clock_get_now (self->clock));
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_LIVE, NULL);
}

/* Nobody is there, and nobody is to blame. */
static void
lonely_cb (EngineTransport *transport, const GError *error, EngineOutput *self)
{
  if (self->state == ENGINE_OUTPUT_STATE_LIVE)
    engine_gaps_open (self->gaps, engine_clock_get_now (self->clock));
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_CONNECTING, error);
}

/* The sink has taken the first buffers. */
static void
flowing (gpointer owner)
{
  EngineOutput *self = owner;

  if (!engine_transport_says_connected (self->transport))
    connected_cb (self->transport, self);
}

/* Lets go of this try; the pipeline may write its end if @finish. */
static void
disconnect_output (EngineOutput *self, gboolean finish)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->state == ENGINE_OUTPUT_STATE_LIVE)
    engine_gaps_open (self->gaps, arrived_until (self));
  if (self->meter != NULL) {
    if (self->state == ENGINE_OUTPUT_STATE_LIVE)
      self->bytes_before += engine_meter_get_bytes (self->meter) - self->bytes_unseen;
    else
      self->bytes_before = MAX (self->bytes_before, self->bytes_sent);
    self->bytes_unseen = 0;
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
    if (self->transport != NULL)
      engine_transport_cut (self->transport);
  }
  if (self->transport != NULL) {
    g_signal_handlers_disconnect_by_data (self->transport, self);
    engine_transport_close (self->transport);
  }
  self->looked = FALSE;
  g_clear_object (&self->transport);
  g_clear_object (&self->writer);
  g_clear_object (&self->pipeline);
}

static void
retry (EngineOutput *self)
{
  self->n_reconnects++;
  connect_output (self);
}

static gboolean
retry_cb (gpointer data)
{
  EngineOutput *self = data;

  self->retry_id = 0;
  retry (self);
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

/* A server that took the stream for a while knows the key: what it says while it goes down or comes
 * back is no reason to give up. One that closes every time as soon as it has heard the key, is. */
static GError *
judge (EngineOutput *self, const GError *reason)
{
  GError *error = without_key (self, reason);
  const gboolean live = self->state == ENGINE_OUTPUT_STATE_LIVE;

  if (live && g_get_monotonic_time () - self->live_us >= STEADY_US)
    self->steady = TRUE;
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STREAM))
    self->n_closed_early = self->steady ? 0 : self->n_closed_early + 1;
  if (error->domain != ENGINE_ERROR)
    return error;
  if (self->steady &&
      (error->code == ENGINE_ERROR_REFUSED || error->code == ENGINE_ERROR_CLOSED_AT_ONCE)) {
    error->code = ENGINE_ERROR_STREAM;
  } else if (error->code == ENGINE_ERROR_STREAM && self->n_closed_early >= CLOSED_EARLY) {
    g_clear_error (&error);
    error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_CLOSED_AT_ONCE,
                   "“%s” takes the connection and closes it at once: the key is probably wrong",
                   self->config.title);
  }
  return error;
}

/* Whether only a person can help. */
static gboolean
is_hopeless (const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_REFUSED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_TAKEN) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT);
}

static gboolean
is_for_a_person (const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CLOSED_AT_ONCE) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_PASSPHRASE) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_EXPIRED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_HOST) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_UNKNOWN);
}

static void
fail (EngineOutput *self, const GError *reason)
{
  g_autoptr (GError) error = judge (self, reason);
  const guint own_delay_ms = is_for_a_person (error) && !self->steady
                               ? seldom_ms[MIN (self->n_failures, G_N_ELEMENTS (seldom_ms) - 1)]
                               : retry_ms[MIN (self->n_failures, G_N_ELEMENTS (retry_ms) - 1)];
  const guint asked_ms =
    self->transport != NULL ? engine_transport_get_retry_after (self->transport) : 0;
  const guint delay_ms = MAX (own_delay_ms, asked_ms);

  disconnect_output (self, FALSE);
  if (self->upload.verdict == ENGINE_VERDICT_RUNNING) {
    _engine_output_end_upload (self, error);
    return;
  }
  if (is_hopeless (error)) {
    /* Trying again would only annoy the server. */
    _engine_output_set_state (self, ENGINE_OUTPUT_STATE_REFUSED, error);
    return;
  }
  self->n_failures++;
  self->retry_at_us = g_get_monotonic_time () + delay_ms * 1000;
  self->retry_id = g_timeout_add (delay_ms, retry_cb, self);
  _engine_output_set_retry_in (self, (delay_ms + 999) / 1000);
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_WAITING, error);
}

static void
pipeline_failed_cb (EnginePipeline *pipeline, const GError *error, EngineOutput *self)
{
  g_autoptr (GError) explained =
    engine_transport_explain (self->transport, error, engine_pipeline_get_detail (pipeline));

  fail (self, explained);
}

static void
transport_failed_cb (EngineTransport *transport, const GError *error, EngineOutput *self)
{
  fail (self, error);
}

static void
init_segment_cb (EngineTransport *transport, GBytes *init, const char *codecs, EngineOutput *self)
{
  _engine_output_emit_init_segment (self, init, codecs);
}

static void
segment_cb (EngineTransport *transport, GBytes *segment, gint64 duration_us, EngineOutput *self)
{
  _engine_output_emit_segment (self, segment, duration_us);
}

/* The backup has every other turn once the first address failed twice; what was live failed
 * nowhere, so after that the first one comes first again. */
static gboolean
is_turn_of_backup (EngineOutput *self)
{
  return self->config.backup_url != NULL && self->n_failures >= BACKUP_AFTER &&
         (self->n_failures - BACKUP_AFTER) % 2 == 0;
}

/* Returns: (nullable): the element that shows what leaves */
static GstElement *
build (EngineOutput *self, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  EngineOutputConfig config = self->config;

  if (self->on_backup)
    config.url = config.backup_url;
  self->transport = engine_transport_new (&config, self->key, error);
  if (self->transport == NULL)
    return NULL;
  self->writer = engine_writer_new (self->feed, bin, MAX_QUEUE_MS, error);
  if (self->writer == NULL)
    return NULL;
  engine_writer_fill_up (self->writer, self->fill_bps);
  return engine_transport_build (self->transport, self->writer, bin, error);
}

static void
connect_output (EngineOutput *self)
{
  g_autoptr (GError) error = NULL;
  GstElement *sink = NULL;

  _engine_output_set_on_backup (self, is_turn_of_backup (self));
  self->pipeline = engine_pipeline_new (self->clock, self->config.id);
  sink = build (self, &error);
  if (sink == NULL) {
    fail (self, error);
    return;
  }
  self->meter = engine_meter_new (sink, LIVE_AFTER_BUFFERS, flowing, self);
  self->idle_s = 0;
  self->n_missed = 0;
  self->tried_us = g_get_monotonic_time ();
  if (ENGINE_TRANSPORT_GET_CLASS (self->transport)->linger_ms > 0)
    engine_pipeline_set_linger (self->pipeline,
                                ENGINE_TRANSPORT_GET_CLASS (self->transport)->linger_ms);
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (pipeline_failed_cb), self);
  g_signal_connect (self->transport, "failed", G_CALLBACK (transport_failed_cb), self);
  g_signal_connect (self->transport, "connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (self->transport, "lonely", G_CALLBACK (lonely_cb), self);
  g_signal_connect (self->transport, "init-segment", G_CALLBACK (init_segment_cb), self);
  g_signal_connect (self->transport, "segment", G_CALLBACK (segment_cb), self);
  _engine_output_set_retry_in (self, 0);
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_CONNECTING, self->error);
  engine_pipeline_start (self->pipeline, FALSE);
  engine_writer_start (self->writer);
  engine_transport_started (self->transport);
}

/* What the uplink was too slow for, and is over. */
static void
note_left_out (EngineOutput *self)
{
  EngineLeftOut left_out = { 0 };

  while (self->writer != NULL && engine_writer_take_left_out (self->writer, &left_out)) {
    engine_gaps_open (self->gaps, (gint64) left_out.begin);
    close_gap (self, (gint64) left_out.end);
  }
}

/* Returns: FALSE when that was the end of the try */
static gboolean
measure (EngineOutput *self)
{
  EngineUplink uplink = { .rtt_ms = -1, .sent_bps = 0, .lost_share = -1 };
  g_autoptr (EngineTransport) transport =
    self->transport != NULL ? g_object_ref (self->transport) : NULL;
  const guint64 n_missed = self->writer != NULL ? engine_writer_get_n_missed (self->writer) : 0;

  if (transport == NULL || self->state != ENGINE_OUTPUT_STATE_LIVE) {
    self->looked = FALSE;
    return TRUE;
  }
  uplink.queue_ms = engine_writer_get_queue_ms (self->writer);
  uplink.sent_bps = self->sent_bps;
  engine_transport_measure (transport, &uplink);
  /* It may just have found out that nobody reads any more. */
  if (self->transport != transport)
    return FALSE;
  uplink.congested =
    uplink.congested || uplink.queue_ms > CONGESTED_MS || n_missed > self->n_missed;
  self->n_missed = n_missed;
  self->uplink = uplink;
  self->looked = TRUE;
  return TRUE;
}

static void
check_stalled (EngineOutput *self, gboolean moved)
{
  g_autoptr (GError) error = NULL;

  if (self->meter == NULL)
    return;
  self->idle_s = moved ? 0 : self->idle_s + 1;
  if (self->idle_s < (self->state == ENGINE_OUTPUT_STATE_LIVE ? STALLED_S : CONNECT_S))
    return;
  if (self->state == ENGINE_OUTPUT_STATE_LIVE)
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” takes nothing any more",
                         self->config.title);
  else
    error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the server of “%s” does not answer",
                         self->config.title);
  fail (self, error);
}

static void
count_bytes (EngineOutput *self, guint64 n_bytes)
{
  self->sent_bps = (n_bytes - self->bytes_sent) * 8.0; /* once a second */
  _engine_output_set_bytes_sent (self, n_bytes);
}

static gboolean
watch_cb (gpointer data)
{
  EngineOutput *self = data;
  const gint64 now_us = g_get_monotonic_time ();
  const guint64 n_meter = self->meter != NULL ? engine_meter_get_bytes (self->meter) : 0;
  const gboolean moved = self->meter != NULL && self->bytes_before + n_meter != self->bytes_sent;

  if (self->state == ENGINE_OUTPUT_STATE_WAITING)
    _engine_output_set_retry_in (
      self, (guint) (MAX (0, self->retry_at_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
  if (self->state == ENGINE_OUTPUT_STATE_LIVE && now_us - self->live_us >= STEADY_US) {
    self->steady = TRUE;
    self->n_failures = self->n_closed_early = 0;
  }
  if (self->state == ENGINE_OUTPUT_STATE_CONNECTING && self->transport != NULL &&
      engine_transport_says_connected (self->transport))
    leave_out_unseen (self);
  else
    count_bytes (self, self->bytes_before + n_meter - self->bytes_unseen);
  note_left_out (self);
  if (measure (self))
    check_stalled (self, moved || self->bytes_unseen > 0);
  if (engine_gaps_is_open (self->gaps))
    _engine_output_notify_missed (self);
  _engine_output_look_at_upload (self);
  _engine_output_emit_measured (self);
  return G_SOURCE_CONTINUE;
}

/* Where the network has come back, nobody waits for his turn; and what was begun while it was away
 * waits for answers to questions that were never heard. Whether there is a way to the whole world
 * says nothing about a server in the same house, so any change will do. */
static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, EngineOutput *self)
{
  const gint64 tried_us = g_get_monotonic_time () - self->tried_us;
  const gboolean hangs = self->state == ENGINE_OUTPUT_STATE_CONNECTING && self->transport != NULL &&
                         !engine_transport_says_connected (self->transport);

  if ((self->state == ENGINE_OUTPUT_STATE_WAITING && tried_us >= NETWORK_RETRY_US) ||
      (hangs && tried_us >= NETWORK_RESTART_US))
    engine_output_retry_now (self);
}

/**
 * engine_output_retry_now:
 * @self: an output
 *
 * One that waits for its next try, or was refused, is tried at once.
 */
void
engine_output_retry_now (EngineOutput *self)
{
  g_return_if_fail (ENGINE_IS_OUTPUT (self));

  if (self->watch_id == 0 || self->state == ENGINE_OUTPUT_STATE_LIVE)
    return;
  disconnect_output (self, FALSE);
  retry (self);
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
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_REFUSED, error);
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
  self->n_failures = self->n_closed_early = 0;
  self->n_reconnects = 0;
  self->bytes_sent = self->bytes_before = self->bytes_unseen = 0;
  self->steady = FALSE;
  self->began_us = g_get_monotonic_time ();
  engine_gaps_clear (self->gaps);
  engine_gaps_open (self->gaps, engine_clock_get_now (self->clock));
  self->watch_id = g_timeout_add_seconds (1, watch_cb, self);
  g_signal_connect (g_network_monitor_get_default (), "network-changed",
                    G_CALLBACK (network_changed_cb), self);
  connect_output (self);
}

void
_engine_output_stop (EngineOutput *self)
{
  if (self->state == ENGINE_OUTPUT_STATE_OFF)
    return;

  if (self->watch_id != 0)
    g_signal_handlers_disconnect_by_data (g_network_monitor_get_default (), self);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  note_left_out (self);
  disconnect_output (self, self->state == ENGINE_OUTPUT_STATE_LIVE);
  if (self->state == ENGINE_OUTPUT_STATE_LIVE)
    /* The end is on its way, and missing nothing. */
    engine_gaps_close (self->gaps, 0, 0);
  else
    close_gap (self, engine_clock_get_now (self->clock));
  g_clear_pointer (&self->key, g_free);
  _engine_output_set_retry_in (self, 0);
  _engine_output_set_on_backup (self, FALSE);
  _engine_output_set_state (self, ENGINE_OUTPUT_STATE_OFF, NULL);
  _engine_output_cancel_upload (self);
}

/**
 * _engine_output_set_feed:
 * @self: an output
 * @feed: what it sends from now on
 *
 * What is connected already is connected anew: a stream cannot become another one on its way.
 */
void
_engine_output_set_feed (EngineOutput *self, EngineFeed *feed)
{
  if (!g_set_object (&self->feed, feed) || self->pipeline == NULL)
    return;
  disconnect_output (self, FALSE);
  self->n_reconnects++;
  connect_output (self);
}
