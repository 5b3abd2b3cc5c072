/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-cutter.h"
#include "engine-segmenter.h"

/* Makes segments of the fragmented MP4 that comes into an appsink, and brings them to the main thread. */

struct _EngineCutter {
  gatomicrefcount ref_count;
  EngineCutterFunc func;
  gpointer owner;             /* nullable once detached; main thread only */
  EngineSegmenter *segmenter; /* streaming thread only */
};

typedef struct {
  EngineCutter *cutter;
  GBytes *init; /* one of the two */
  GBytes *segment;
  gint64 duration_us;
} Piece;

static EngineCutter *
cutter_ref (EngineCutter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
cutter_unref (gpointer data)
{
  EngineCutter *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  engine_segmenter_free (self->segmenter);
  g_free (self);
}

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  cutter_unref (piece->cutter);
  g_clear_pointer (&piece->init, g_bytes_unref);
  g_clear_pointer (&piece->segment, g_bytes_unref);
  g_free (piece);
}

static gboolean
piece_cb (gpointer data)
{
  Piece *piece = data;
  g_autofree char *codecs = NULL;

  if (piece->cutter->owner == NULL)
    return G_SOURCE_REMOVE;
  if (piece->init != NULL)
    codecs = engine_segmenter_describe_codecs (piece->init);
  piece->cutter->func (piece->init, codecs, piece->segment, piece->duration_us,
                       piece->cutter->owner);
  return G_SOURCE_REMOVE;
}

static void
cut_cb (GBytes *init, GBytes *bytes, gint64 duration_us, gpointer user_data)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->cutter = cutter_ref (user_data);
  piece->init = init != NULL ? g_bytes_ref (init) : NULL;
  piece->segment = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  piece->duration_us = duration_us;
  g_idle_add_full (G_PRIORITY_DEFAULT, piece_cb, piece, piece_free);
}

static GstFlowReturn
muxed_cb (GstAppSink *sink, gpointer user_data)
{
  EngineCutter *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstMapInfo map;

  if (sample != NULL && gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ)) {
    engine_segmenter_push (self->segmenter, map.data, map.size);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  }
  return GST_FLOW_OK;
}

/**
 * engine_cutter_new:
 * @sink: an appsink that gets a fragmented MP4; not running
 * @func: (scope forever): called with each segment, on the main thread
 * @owner: for @func
 *
 * Returns: (transfer full): to be given back with engine_cutter_detach ()
 */
EngineCutter *
engine_cutter_new (GstElement *sink, EngineCutterFunc func, gpointer owner)
{
  GstAppSinkCallbacks callbacks = { .new_sample = muxed_cb };
  EngineCutter *self = g_new0 (EngineCutter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->func = func;
  self->owner = owner;
  self->segmenter = engine_segmenter_new (cut_cb, self);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, cutter_ref (self), cutter_unref);
  return self;
}

/**
 * engine_cutter_detach:
 * @self: (transfer full): a cutter
 *
 * Its owner is not called any more.
 */
void
engine_cutter_detach (EngineCutter *self)
{
  self->owner = NULL;
  cutter_unref (self);
}
