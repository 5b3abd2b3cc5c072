/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-output-run-private.h"

/* How long it sends. */
#define TEST_S 10u

/* How long it may take to be connected. */
#define CONNECT_US (12 * G_USEC_PER_SEC)

/* What waits at the end although it was sent for ten seconds will wait for ever longer. */
#define TOO_SLOW_MS 1500
#define TIGHT_MS    400
#define TIGHT_LOST  0.02

/* A private test: the output is started as for the show, its pictures filled up to the chosen bit
 * rate, and stopped after ten seconds. */

static void
finish (EngineOutput *self, EngineUpload *upload)
{
  upload->left_s = 0;
  self->upload.verdict = upload->verdict;
  _engine_output_stop (self);
  _engine_output_set_upload (self, upload);
}

/**
 * _engine_output_end_upload:
 * @self: an output whose test has failed
 * @error: why
 */
void
_engine_output_end_upload (EngineOutput *self, const GError *error)
{
  EngineUpload upload = self->upload;

  common_set_error (&self->upload_error, error);
  if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STALLED))
    upload.verdict = ENGINE_VERDICT_TOO_SLOW;
  else if (g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND) ||
           g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NAME) ||
           g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STREAM))
    upload.verdict = ENGINE_VERDICT_UNREACHABLE;
  else
    upload.verdict = ENGINE_VERDICT_REFUSED;
  finish (self, &upload);
}

static EngineVerdict
judge (const EngineUpload *upload, gboolean left_out, double queue_ms)
{
  if (left_out || queue_ms > TOO_SLOW_MS)
    return ENGINE_VERDICT_TOO_SLOW;
  if (upload->max_queue_ms > TIGHT_MS || upload->lost_share > TIGHT_LOST)
    return ENGINE_VERDICT_TIGHT;
  return ENGINE_VERDICT_GOOD;
}

/**
 * _engine_output_look_at_upload:
 * @self: an output; once a second while it is started
 */
void
_engine_output_look_at_upload (EngineOutput *self)
{
  const gint64 now_us = g_get_monotonic_time ();
  EngineUpload upload = self->upload;
  double took_s = 0;

  if (upload.verdict != ENGINE_VERDICT_RUNNING)
    return;
  if (self->state != ENGINE_OUTPUT_STATE_LIVE) {
    if (now_us - self->began_us > CONNECT_US) {
      upload.verdict = ENGINE_VERDICT_UNREACHABLE;
      finish (self, &upload);
    }
    return;
  }
  took_s = (now_us - self->live_us) / (double) G_USEC_PER_SEC;
  if (self->looked) {
    upload.max_queue_ms = MAX (upload.max_queue_ms, self->uplink.queue_ms);
    upload.rtt_ms = self->uplink.rtt_ms;
    upload.lost_share = MAX (upload.lost_share, self->uplink.lost_share);
  }
  upload.sent_bps = took_s > 0 ? self->bytes_sent * 8 / took_s : 0;
  upload.left_s = took_s < TEST_S ? TEST_S - (guint) took_s : 0;
  if (upload.left_s > 0) {
    _engine_output_set_upload (self, &upload);
    return;
  }
  upload.verdict = judge (&upload, engine_writer_get_n_missed (self->writer) > 0,
                          engine_writer_get_queue_ms (self->writer));
  finish (self, &upload);
}

/**
 * _engine_output_test_upload:
 * @self: an output that is off
 * @key: (nullable): its stream key
 * @format: what the show sends
 *
 * Sends the program as the show will, at the chosen bit rate, for ten seconds, and says in the
 * property "upload" how that went.
 */
void
_engine_output_test_upload (EngineOutput *self, const char *key, const EngineFormat *format)
{
  const EngineUpload upload = { .verdict = ENGINE_VERDICT_RUNNING,
                                .wanted_bps = format->video_bps + format->audio_bps,
                                .rtt_ms = -1,
                                .lost_share = -1,
                                .left_s = TEST_S };

  /* One that was refused the last time has another chance. */
  _engine_output_stop (self);
  g_clear_error (&self->upload_error);
  self->fill_bps = (guint) (format->video_bps + format->audio_bps);
  _engine_output_set_upload (self, &upload);
  _engine_output_start (self, key);
}

/**
 * _engine_output_refuse_upload:
 * @self: an output that is off
 * @error: why it cannot be tested, such as a key that is not there
 */
void
_engine_output_refuse_upload (EngineOutput *self, const GError *error)
{
  const EngineUpload upload = { .verdict = ENGINE_VERDICT_REFUSED, .rtt_ms = -1, .lost_share = -1 };

  common_set_error (&self->upload_error, error);
  _engine_output_set_upload (self, &upload);
}

/**
 * _engine_output_cancel_upload:
 * @self: an output that is being stopped
 *
 * Ends a test that is going on, without a verdict.
 */
void
_engine_output_cancel_upload (EngineOutput *self)
{
  const EngineUpload none = { .verdict = ENGINE_VERDICT_NONE, .rtt_ms = -1, .lost_share = -1 };

  self->fill_bps = 0;
  if (self->upload.verdict == ENGINE_VERDICT_RUNNING)
    _engine_output_set_upload (self, &none);
}
