/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-hls-store.h"

G_BEGIN_DECLS

/**
 * EngineHlsPublisher:
 *
 * Brings segments to where players load them, one after the other, in a thread of its own: what it
 * waits for holds up nobody. Reference counted.
 */
typedef struct _EngineHlsPublisher EngineHlsPublisher;

/* Main thread: players can load another segment, which was complete at @made_us, monotonic time; or,
 * for the last time, @error is why it goes no further. */
typedef void (*EngineHlsPublishedFunc) (gint64 made_us, const GError *error, gpointer user_data);

/* What a multivariant playlist tells of a stream. */
typedef struct {
  int width_px;
  int height_px;
  int rate_fps;
  char codecs[64];
} EngineHlsFormat;

EngineHlsPublisher *engine_hls_publisher_new (EngineHlsStore *store, const char *master,
                                              gboolean ts, EngineHlsPublishedFunc func,
                                              gpointer user_data);
EngineHlsPublisher *engine_hls_publisher_ref (EngineHlsPublisher *self);
void engine_hls_publisher_unref (EngineHlsPublisher *self);
void engine_hls_publisher_start (EngineHlsPublisher *self);
void engine_hls_publisher_push_init (EngineHlsPublisher *self, GBytes *init);
void engine_hls_publisher_push (EngineHlsPublisher *self, GBytes *segment, gint64 duration_us,
                                gint64 date_us, const EngineHlsFormat *format);
void engine_hls_publisher_end (EngineHlsPublisher *self);
void engine_hls_publisher_close (EngineHlsPublisher *self);
void engine_hls_publisher_measure (EngineHlsPublisher *self, double *queue_ms, double *sent_bps,
                                   gboolean *failing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineHlsPublisher, engine_hls_publisher_unref)

G_END_DECLS
