/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-pixels.h"
#include "engine-treatment.h"

/* How far the strongest temperature or tint takes a white: a tenth of the way to pure colour. */
#define STRONGEST 0.1

/* Colour differences are reckoned in so many parts of a step. */
#define PARTS 65536

struct _EngineTreatment {
  gatomicrefcount ref_count;
  EnginePictureSettings settings;
  gboolean colours; /* whether they are touched at all */

  GMutex lock; /* guards all below: pictures of one source come one after the other */
  GstVideoInfo in;
  GstVideoConverter *converter; /* nullable: what comes is I420 already */
  GstVideoInfo planar;          /* what comes, as I420 */
  GstBufferPool *planar_pool;   /* nullable, like the converter */
  GstVideoInfo out;
  GstBufferPool *out_pool; /* nullable: nothing has come yet */
  guint8 luma[256];
  gint32 chroma[256];
  guint8 plain_chroma[256]; /* the same, where luma does not matter */
  gint32 u_per_luma;        /* for four pixels of luma together */
  gint32 v_per_luma;
  int black;
  guint8 least;
  guint8 most;
};

/**
 * engine_treatment_new:
 * @settings: clean settings
 *
 * Returns: (transfer full): the treatment
 */
EngineTreatment *
engine_treatment_new (const EnginePictureSettings *settings)
{
  EngineTreatment *self = g_new0 (EngineTreatment, 1);
  const EnginePictureSettings *s = settings;

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->settings = *settings;
  self->colours = s->brightness != 0 || s->contrast != 1 || s->saturation != 1 ||
                  s->temperature != 0 || s->tint != 0;
  return self;
}

EngineTreatment *
engine_treatment_ref (EngineTreatment *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
clear_format (EngineTreatment *self)
{
  g_clear_pointer (&self->converter, gst_video_converter_free);
  gst_clear_object (&self->planar_pool);
  gst_clear_object (&self->out_pool);
}

void
engine_treatment_unref (EngineTreatment *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  clear_format (self);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const EnginePictureSettings *
engine_treatment_get_settings (const EngineTreatment *self)
{
  return &self->settings;
}

/* Brightness and contrast are of the light, so contrast counts for colour as well; temperature and
 * tint move a white, and black not at all. */
static void
set_up_colours (EngineTreatment *self)
{
  const EnginePictureSettings *s = &self->settings;
  const gboolean full = self->planar.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const int black = full ? 0 : 16, white = full ? 255 : 235;
  const double chroma_range = full ? 255 : 224;
  const double per_luma = STRONGEST * chroma_range / (white - black) * PARTS / 4;

  for (int i = 0; i < 256; i++) {
    const double light = (i - black) / (double) (white - black);
    const double treated = (light - 0.5) * s->contrast + 0.5 + s->brightness / 2;

    self->luma[i] = (guint8) lrint (CLAMP (black + treated * (white - black), black, white));
    self->chroma[i] = (gint32) lrint ((128 + (i - 128) * s->contrast * s->saturation) * PARTS);
    self->plain_chroma[i] =
      (guint8) CLAMP ((self->chroma[i] + PARTS / 2) / PARTS, full ? 0 : 16, full ? 255 : 240);
  }
  self->u_per_luma = (gint32) lrint ((s->tint - s->temperature) * per_luma);
  self->v_per_luma = (gint32) lrint ((s->tint + s->temperature) * per_luma);
  self->black = black;
  self->least = full ? 0 : 16;
  self->most = full ? 255 : 240;
}

static void
copy_traits (GstVideoInfo *to, const GstVideoInfo *from)
{
  to->par_n = from->par_n;
  to->par_d = from->par_d;
  to->fps_n = from->fps_n;
  to->fps_d = from->fps_d;
}

static void
set_up_converter (EngineTreatment *self)
{
  GstVideoInfo in = self->in;

  gst_video_colorimetry_from_string (&self->planar.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  self->planar.chroma_site = GST_VIDEO_CHROMA_SITE_MPEG2;
  self->planar_pool = engine_picture_make_pool (&self->planar);
  in.chroma_site = self->planar.chroma_site;
  in.interlace_mode = self->planar.interlace_mode;
  self->converter =
    gst_video_converter_new (&in, &self->planar,
                             gst_structure_new ("converter", GST_VIDEO_CONVERTER_OPT_THREADS,
                                                G_TYPE_UINT, 1, NULL));
}

static void
set_up (EngineTreatment *self, const GstVideoInfo *info)
{
  const int width = GST_VIDEO_INFO_WIDTH (info), height = GST_VIDEO_INFO_HEIGHT (info);
  const gboolean lies = self->settings.rotate_deg == 90 || self->settings.rotate_deg == 270;

  if (self->out_pool != NULL && gst_video_info_is_equal (&self->in, info))
    return;
  clear_format (self);
  self->in = *info;
  gst_video_info_set_format (&self->planar, GST_VIDEO_FORMAT_I420, (guint) width, (guint) height);
  copy_traits (&self->planar, info);
  if (GST_VIDEO_INFO_FORMAT (info) != GST_VIDEO_FORMAT_I420) {
    set_up_converter (self);
  } else {
    self->planar.colorimetry = info->colorimetry;
    self->planar.chroma_site = info->chroma_site;
  }
  gst_video_info_set_format (&self->out, GST_VIDEO_FORMAT_I420, (guint) (lies ? height : width),
                             (guint) (lies ? width : height));
  copy_traits (&self->out, &self->planar);
  self->out.colorimetry = self->planar.colorimetry;
  self->out.chroma_site = self->planar.chroma_site;
  if (lies) {
    self->out.par_n = self->planar.par_d;
    self->out.par_d = self->planar.par_n;
  }
  self->out_pool = engine_picture_make_pool (&self->out);
  set_up_colours (self);
}

/* Where in a plane the first sample of the turned one is, and how far the next to the right and the
 * next below are from it. */
static void
turn_plane (const EngineTreatment *self, const GstVideoFrame *from, GstVideoFrame *to, guint plane)
{
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE (from, plane);
  const int right = GST_VIDEO_FRAME_COMP_WIDTH (from, plane) - 1;
  const int bottom = GST_VIDEO_FRAME_COMP_HEIGHT (from, plane) - 1;
  const int width = GST_VIDEO_FRAME_COMP_WIDTH (to, plane);
  const guint8 *first = GST_VIDEO_FRAME_PLANE_DATA (from, plane);
  int step_x = 1, step_y = stride;

  if (self->settings.rotate_deg == 90) {
    first += (gsize) bottom * stride;
    step_x = -stride;
    step_y = 1;
  } else if (self->settings.rotate_deg == 180) {
    first += (gsize) bottom * stride + right;
    step_x = -1;
    step_y = -stride;
  } else if (self->settings.rotate_deg == 270) {
    first += right;
    step_x = stride;
    step_y = -1;
  }
  if (self->settings.mirror) {
    first += (gssize) (width - 1) * step_x;
    step_x = -step_x;
  }
  engine_pixels_turn (GST_VIDEO_FRAME_PLANE_DATA (to, plane),
                      GST_VIDEO_FRAME_PLANE_STRIDE (to, plane), first, step_x, step_y, width,
                      GST_VIDEO_FRAME_COMP_HEIGHT (to, plane));
}

/* @from and @to may be the same. */
static void
map_plane (const GstVideoFrame *from, GstVideoFrame *to, guint plane, const guint8 *values)
{
  const int width = GST_VIDEO_FRAME_COMP_WIDTH (to, plane);

  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (to, plane); y++)
    engine_pixels_map ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (to, plane) +
                         (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (to, plane),
                       (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (from, plane) +
                         (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (from, plane),
                       (guint) width, values);
}

/* The luma of @to is there already. */
static void
tint_plane (const EngineTreatment *self, const GstVideoFrame *from, GstVideoFrame *to, guint plane)
{
  const int width = GST_VIDEO_FRAME_WIDTH (to), height = GST_VIDEO_FRAME_HEIGHT (to);
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE (to, 0);
  const guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (to, 0);
  const EnginePixelsTint tint = {
    .chroma = self->chroma,
    .per_luma = plane == 1 ? self->u_per_luma : self->v_per_luma,
    .black = self->black,
    .least = self->least,
    .most = self->most,
  };

  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (to, plane); y++) {
    const guint8 *upper = luma + (gsize) (2 * y) * stride;

    engine_pixels_tint ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (to, plane) +
                          (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (to, plane),
                        (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (from, plane) +
                          (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (from, plane),
                        upper, 2 * y + 1 < height ? upper + stride : upper, width, &tint);
  }
}

static void
colour (const EngineTreatment *self, const GstVideoFrame *from, GstVideoFrame *to)
{
  const gboolean light = self->settings.brightness != 0 || self->settings.contrast != 1;

  if (light)
    map_plane (from, to, 0, self->luma);
  else if (from != to)
    gst_video_frame_copy_plane (to, from, 0);
  for (guint plane = 1; plane < 3; plane++) {
    if ((plane == 1 ? self->u_per_luma : self->v_per_luma) != 0)
      tint_plane (self, from, to, plane);
    else
      map_plane (from, to, plane, self->plain_chroma);
  }
}

static void
treat (const EngineTreatment *self, const GstVideoFrame *from, GstVideoFrame *to)
{
  const gboolean turned = self->settings.rotate_deg != 0 || self->settings.mirror;

  for (guint plane = 0; turned && plane < 3; plane++)
    turn_plane (self, from, to, plane);
  if (self->colours)
    colour (self, turned ? to : from, to);
}

static GstBuffer *
acquire (GstBufferPool *pool)
{
  GstBuffer *buffer = NULL;

  return gst_buffer_pool_acquire_buffer (pool, &buffer, NULL) == GST_FLOW_OK ? buffer : NULL;
}

/* What came, as I420. */
static GstBuffer *
make_planar (EngineTreatment *self, GstBuffer *buffer)
{
  g_autoptr (GstBuffer) planar = NULL;
  GstVideoFrame from, to;

  if (GST_VIDEO_INFO_FORMAT (&self->in) == GST_VIDEO_FORMAT_I420)
    return gst_buffer_ref (buffer);
  planar = self->converter != NULL ? acquire (self->planar_pool) : NULL;
  if (planar == NULL || !gst_video_frame_map (&from, &self->in, buffer, GST_MAP_READ))
    return NULL;
  if (!gst_video_frame_map (&to, &self->planar, planar, GST_MAP_WRITE)) {
    gst_video_frame_unmap (&from);
    return NULL;
  }
  gst_video_converter_frame (self->converter, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  return g_steal_pointer (&planar);
}

/* Locked. */
static GstBuffer *
make_treated (EngineTreatment *self, GstBuffer *buffer, const GstVideoInfo *info)
{
  g_autoptr (GstBuffer) planar = NULL;
  g_autoptr (GstBuffer) treated = NULL;
  GstVideoFrame from, to;

  set_up (self, info);
  planar = make_planar (self, buffer);
  treated = planar != NULL ? acquire (self->out_pool) : NULL;
  if (treated == NULL || !gst_video_frame_map (&from, &self->planar, planar, GST_MAP_READ))
    return NULL;
  if (!gst_video_frame_map (&to, &self->out, treated, GST_MAP_READWRITE)) {
    gst_video_frame_unmap (&from);
    return NULL;
  }
  treat (self, &from, &to);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  return g_steal_pointer (&treated);
}

/**
 * engine_treatment_apply:
 * @self: a treatment
 * @buffer: raw video
 * @info: how to read it
 * @time_ns: the show time at which it is to be seen, before the delay of the settings
 *
 * Pixels are only touched where the settings ask for it; cropping and zooming do not. A picture that
 * cannot be treated is shown as it came.
 *
 * Returns: (transfer full): the picture
 */
EnginePicture *
engine_treatment_apply (EngineTreatment *self, GstBuffer *buffer, const GstVideoInfo *info,
                        gint64 time_ns)
{
  g_autoptr (GstBuffer) treated = NULL;
  GstVideoInfo shown = *info;
  EngineRect part = { 0 };

  if (engine_picture_settings_touch_pixels (&self->settings)) {
    g_mutex_lock (&self->lock);
    treated = make_treated (self, buffer, info);
    if (treated != NULL)
      shown = self->out;
    g_mutex_unlock (&self->lock);
  }
  part = engine_picture_settings_get_part (
    &self->settings, (EngineSize){ GST_VIDEO_INFO_WIDTH (&shown), GST_VIDEO_INFO_HEIGHT (&shown) });
  return engine_picture_new_part (treated != NULL ? treated : buffer, &shown, part,
                                  time_ns + self->settings.delay_ms * (gint64) GST_MSECOND);
}
