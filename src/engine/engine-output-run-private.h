/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-gaps.h"
#include "engine-meter.h"
#include "engine-output-private.h"
#include "engine-transport.h"

G_BEGIN_DECLS

/* What an output is (engine-output.c) and how it runs (engine-output-run.c, -upload.c) share this. */
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
  guint64 bytes_unseen; /* of this one, before anybody was there */
  guint n_reconnects;
  guint n_failures;     /* in a row */
  guint n_closed_early; /* in a row: closed as soon as it was live */
  gboolean steady;      /* it was live for a while since it was started: the key is right */
  gboolean on_backup;
  gint64 began_us;
  gint64 tried_us;
  gint64 live_us; /* since when it is live */
  gint64 retry_at_us;
  guint retry_in_s;
  guint retry_id;
  guint watch_id;
  guint idle_s; /* how long nothing has moved */

  EngineGaps *gaps;
  double sent_bps;     /* what the sink took in the last second */
  gboolean looked;     /* the uplink was looked at since it is live */
  EngineUplink uplink; /* if looked at */
  guint64 n_missed;    /* pictures left out, at the last look */
  EngineUpload upload;
  GError *upload_error; /* nullable */
  guint fill_bps;

  EngineTransport *transport; /* nullable: what this try is made with */
  EnginePipeline *pipeline;   /* nullable */
  EngineWriter *writer;       /* nullable */
  EngineMeter *meter;         /* nullable */
};

/* The properties change here; engine-output.c tells. */
void _engine_output_set_state (EngineOutput *self, EngineOutputState state, const GError *error);
void _engine_output_set_retry_in (EngineOutput *self, guint seconds);
void _engine_output_set_bytes_sent (EngineOutput *self, guint64 n_bytes);
void _engine_output_set_on_backup (EngineOutput *self, gboolean on_backup);
void _engine_output_set_upload (EngineOutput *self, const EngineUpload *upload);
void _engine_output_notify_missed (EngineOutput *self);
void _engine_output_emit_missed (EngineOutput *self, const EngineGap *gap);
void _engine_output_emit_measured (EngineOutput *self);
void _engine_output_emit_init_segment (EngineOutput *self, GBytes *init, const char *codecs);
void _engine_output_emit_segment (EngineOutput *self, GBytes *segment, gint64 duration_us);

void _engine_output_look_at_upload (EngineOutput *self);
void _engine_output_cancel_upload (EngineOutput *self);
void _engine_output_end_upload (EngineOutput *self, const GError *error);

G_END_DECLS
