/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-picture.h"

EnginePicture *
engine_picture_new (GstBuffer *buffer, const GstVideoInfo *info, gint64 time_ns)
{
  const EngineRect whole = { 0, 0, GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info) };

  return engine_picture_new_part (buffer, info, whole, time_ns);
}

/**
 * engine_picture_new_part:
 * @buffer: raw video
 * @info: how to read it
 * @part: what of it is seen, in its own pixels, inside it
 * @time_ns: the show time at which it is to be seen
 *
 * Returns: (transfer full): the picture
 */
EnginePicture *
engine_picture_new_part (GstBuffer *buffer, const GstVideoInfo *info, EngineRect part,
                         gint64 time_ns)
{
  EnginePicture *self = g_new0 (EnginePicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->buffer = gst_buffer_ref (buffer);
  self->info = *info;
  self->part = part;
  self->time_ns = time_ns;
  return self;
}

EnginePicture *
engine_picture_ref (EnginePicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_picture_unref (EnginePicture *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count)) {
    gst_buffer_unref (self->buffer);
    g_free (self);
  }
}

/**
 * engine_picture_get_display_size:
 * @self: a picture
 *
 * Returns: the size of what is seen of it, with square pixels
 */
EngineSize
engine_picture_get_display_size (const EnginePicture *self)
{
  const int par_n = MAX (1, GST_VIDEO_INFO_PAR_N (&self->info));
  const int par_d = MAX (1, GST_VIDEO_INFO_PAR_D (&self->info));
  const guint64 width_px = gst_util_uint64_scale_int ((guint64) self->part.width, par_n, par_d);

  return (EngineSize){ (int) CLAMP (width_px, 1, G_MAXINT / 2), self->part.height };
}

gboolean
engine_picture_is_whole (const EnginePicture *self)
{
  return self->part.width == GST_VIDEO_INFO_WIDTH (&self->info) &&
         self->part.height == GST_VIDEO_INFO_HEIGHT (&self->info);
}

/**
 * engine_picture_make_pool:
 * @info: a raw format
 *
 * Returns: (transfer full): where buffers for such pictures come from, and go back to
 */
GstBufferPool *
engine_picture_make_pool (const GstVideoInfo *info)
{
  GstBufferPool *pool = gst_video_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);
  g_autoptr (GstCaps) caps = gst_video_info_to_caps (info);

  gst_buffer_pool_config_set_params (config, caps, (guint) info->size, 0, 0);
  gst_buffer_pool_set_config (pool, config);
  gst_buffer_pool_set_active (pool, TRUE);
  return pool;
}

/**
 * engine_picture_describe:
 * @info: a format, perhaps of no picture yet
 *
 * Returns: (transfer full): such as `1280×720 30 fps`; empty for no picture
 */
char *
engine_picture_describe (const GstVideoInfo *info)
{
  if (GST_VIDEO_INFO_WIDTH (info) == 0)
    return g_strdup ("");
  if (GST_VIDEO_INFO_FPS_N (info) == 0)
    return g_strdup_printf ("%d×%d", GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info));
  return g_strdup_printf ("%d×%d %d fps", GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info),
                          (GST_VIDEO_INFO_FPS_N (info) + GST_VIDEO_INFO_FPS_D (info) / 2) /
                            GST_VIDEO_INFO_FPS_D (info));
}
