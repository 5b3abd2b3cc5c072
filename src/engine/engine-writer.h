/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-pipeline.h"

G_BEGIN_DECLS

/* A stretch of the show, in show time, that an output was too slow for. */
typedef struct {
  GstClockTime begin;
  GstClockTime end;
} EngineLeftOut;

#define ENGINE_TYPE_WRITER (engine_writer_get_type ())
G_DECLARE_FINAL_TYPE (EngineWriter, engine_writer, ENGINE, WRITER, GObject)

EngineWriter *engine_writer_new (EngineFeed *feed, GstElement *bin, guint max_queue_ms,
                                 GError **error);
GstElement *engine_writer_get_source (EngineWriter *self, EngineMedia media);
void engine_writer_start (EngineWriter *self);
void engine_writer_stop (EngineWriter *self);
void engine_writer_want_keyframe (EngineWriter *self);
void engine_writer_end_of_stream (EngineWriter *self);
guint64 engine_writer_get_n_missed (EngineWriter *self);
void engine_writer_fill_up (EngineWriter *self, guint bps);
double engine_writer_get_queue_ms (EngineWriter *self);
GstClockTime engine_writer_get_begin (EngineWriter *self);
gboolean engine_writer_take_left_out (EngineWriter *self, EngineLeftOut *left_out);
gboolean engine_writer_get_zero (EngineWriter *self, GstClockTime *time_ns);

G_END_DECLS
