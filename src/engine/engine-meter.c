/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-meter.h"

struct _EngineMeter {
  gatomicrefcount ref_count;
  guint flowing_after;
  EngineMeterFunc flowing;
  gpointer owner; /* nullable once detached; main thread only */

  GMutex lock; /* guards all below */
  guint64 n_bytes;
  guint n_buffers;
};

static gboolean
flowing_cb (gpointer data)
{
  EngineMeter *self = data;

  if (self->owner != NULL)
    self->flowing (self->owner);
  return G_SOURCE_REMOVE;
}

/* Sinks put headers aside until they are connected: that they took one says nothing. */
static gboolean
is_header (GstPadProbeInfo *info)
{
  GstBuffer *buffer = (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) != 0
                        ? gst_pad_probe_info_get_buffer (info)
                        : NULL;

  return buffer != NULL && GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER);
}

/* Streaming thread. A buffer gets here when the sink has taken the one before. */
static GstPadProbeReturn
count_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineMeter *self = user_data;
  const gboolean list = (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0;
  const gsize size = list
                       ? gst_buffer_list_calculate_size (gst_pad_probe_info_get_buffer_list (info))
                       : gst_buffer_get_size (gst_pad_probe_info_get_buffer (info));

  g_mutex_lock (&self->lock);
  self->n_bytes += size;
  const gboolean flowing = !is_header (info) && ++self->n_buffers == self->flowing_after;
  g_mutex_unlock (&self->lock);
  if (flowing)
    g_idle_add_full (G_PRIORITY_DEFAULT, flowing_cb, engine_meter_ref (self),
                     (GDestroyNotify) engine_meter_unref);
  return GST_PAD_PROBE_OK;
}

/**
 * engine_meter_new:
 * @sink: an element at the end of a pipeline that is not running
 * @flowing_after: when so many buffers have come, the one before was taken
 * @flowing: (scope forever): called then, on the main thread
 * @owner: for @flowing
 *
 * Returns: (transfer full): a meter on the sink's pad
 */
EngineMeter *
engine_meter_new (GstElement *sink, guint flowing_after, EngineMeterFunc flowing, gpointer owner)
{
  EngineMeter *self = g_new0 (EngineMeter, 1);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->flowing_after = flowing_after;
  self->flowing = flowing;
  self->owner = owner;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, count_cb,
                     engine_meter_ref (self), (GDestroyNotify) engine_meter_unref);
  return self;
}

EngineMeter *
engine_meter_ref (EngineMeter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_meter_unref (EngineMeter *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count)) {
    g_mutex_clear (&self->lock);
    g_free (self);
  }
}

/**
 * engine_meter_get_owner:
 * @self: a meter
 *
 * Main thread only.
 *
 * Returns: (transfer none) (nullable): the owner, or `NULL` once detached
 */
gpointer
engine_meter_get_owner (EngineMeter *self)
{
  return self->owner;
}

/**
 * engine_meter_detach:
 * @self: a meter
 *
 * The owner is not called any more. Main thread only.
 */
void
engine_meter_detach (EngineMeter *self)
{
  self->owner = NULL;
}

/**
 * engine_meter_get_bytes:
 * @self: a meter
 *
 * Any thread.
 *
 * Returns: how many bytes came
 */
guint64
engine_meter_get_bytes (EngineMeter *self)
{
  g_mutex_lock (&self->lock);
  const guint64 n_bytes = self->n_bytes;
  g_mutex_unlock (&self->lock);
  return n_bytes;
}
